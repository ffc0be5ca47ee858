//! `sensitivity`: how far each uncertain value moves the answer, one at a time or, to screen many,
//! by elementary effects.

use super::compare::measure;
use super::failure::Failure;
use super::progress::Bar;
use super::run::compile;
use super::running::Running;
use super::{Done, Format, ScenarioArgs, judging, output, show};
use clap::Args;
use rayon::ThreadPool;
use surgecast::experiment::screening::{effects, walks};
use surgecast::experiment::sweep::Judge;
use surgecast::outcome::measure::Measure;
use surgecast::outcome::row::Row;
use surgecast::problem::Problems;
use surgecast::report::charts;
use surgecast::report::sensitive::{self, EffectResult, FORMAT, SensitivityResults, Swing, Varied};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::scenario::uncertain::{Uncertain, uncertain};
use surgecast::scenario::vary::Factor;
use surgecast::stats::ratio;
use surgecast::time::{SimDuration, SimTime};

/// Seasons of each setting, where nobody says: of each end, and of each point of a walk.
const REPLICATIONS: (u64, u64) = (60, 20);

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// What `sensitivity` is asked.
#[derive(Args)]
pub(super) struct SensitivityArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Vary this key between these ends, as in --vary teams.front-line.shrinkage=25%..35%, and only
    /// the keys so named (may be repeated). By default all that is uncertain: defaults over their
    /// published range, estimates a fifth down and up, and what [uncertain] in the scenario says.
    #[arg(long, value_name = "KEY=LOW..HIGH")]
    vary: Vec<String>,
    /// Only values whose key holds this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Screen instead: vary everything at once along random walks, and say what matters at all.
    #[arg(long)]
    screen: bool,
    /// Walks of a screening.
    #[arg(long, value_name = "N", default_value_t = 10, requires = "screen",
        value_parser = clap::value_parser!(u16).range(2..=1000))]
    walks: u16,
    /// How many seasons to simulate of each setting; 60 by default, 20 where it is screened.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    replications: Option<u64>,
    /// The measure that is looked at.
    #[arg(long, value_name = "MEASURE", default_value = "days_above")]
    by: String,
    #[command(flatten)]
    running: Running,
}

/// Values that can be varied, and those that cannot with the reason.
type Sorted = (Vec<Uncertain>, Vec<(String, String)>);

pub(super) fn sensitivity(args: &SensitivityArgs, format: Format, quiet: bool) -> Done {
    let by = measure(&args.by)?;
    let scenario = args.scenario.read()?;
    let compiled = compile(&scenario, Parts::All)?;
    let (values, left_out) = values(args, &scenario)?;
    let seed = args.running.seed(&scenario.spec);
    let usual = if args.screen { REPLICATIONS.1 } else { REPLICATIONS.0 };
    let replications = args.replications.unwrap_or(usual);
    let pool = args.running.threads()?;
    let n = values.len() as u64;
    let settings = if args.screen { u64::from(args.walks) * (n + 1) } else { 2 * n };
    let bar = Bar::new(settings * replications, quiet || format == Format::Json);
    let at_most = judging::at_most(&scenario, seed, &pool, &bar)?;
    let closes = judging::closes(&scenario);
    let judge = Judge { at_most, closes, watch_from: scenario.watch_from(&compiled), seed };
    let work = Work { scenario: &scenario, judge, by, replications, pool: &pool, bar: &bar };
    let base = work.rows(&compiled)?;
    let (swings, effects) = match args.screen {
        false => (work.swings(&values, &base)?, Vec::new()),
        true => (Vec::new(), work.effects(&values, usize::from(args.walks))?),
    };
    bar.finish();
    let last = compiled.model.end - SimDuration::from_micros(1);
    let date = |at| compiled.model.days.civil(at).date().to_string();
    let Some(base) = ratio::estimate(&work.pairs(&base), LEVEL) else {
        return Err(Failure::Command(format!("this scenario has no {}", by.title)));
    };
    let results = SensitivityResults {
        format: FORMAT,
        title: compiled.model.name.clone(),
        span: (date(SimTime::ZERO), date(last)),
        by: by.key.to_string(),
        base,
        swings,
        effects,
        left_out,
        replications,
        walks: if args.screen { u64::from(args.walks) } else { 0 },
        seed,
        level: LEVEL,
        target: at_most,
        version: env!("CARGO_PKG_VERSION").to_string(),
    };
    let what = if args.screen { "screening" } else { "sensitivity" };
    let folder = args.running.folder(&format!("{what}-{}", args.scenario.stem()));
    let chart = charts::tornado(&results).map_err(|error| Failure::Files(error.to_string()))?;
    let charts: Vec<_> = chart.into_iter().collect();
    let json = output::to_json(&results)?;
    output::write_all(
        &folder,
        vec![("sensitivity.csv", sensitive::csv(&results))],
        &charts,
        &json,
    )?;
    match format {
        Format::Json => output::print(&json),
        Format::Text => {
            output::print(&sensitive::text(&results))?;
            if quiet { Ok(()) } else { output::print(&format!("\nFiles: {}\n", folder.display())) }
        }
    }
}

/// What is varied. A value that makes the scenario wrong at an end is left out and said to be.
fn values(args: &SensitivityArgs, scenario: &Scenario) -> Result<Sorted, Failure> {
    let mut problems = Problems::default();
    let all = uncertain(&scenario.sources, &mut problems);
    if problems.has_errors() {
        return Err(Failure::scenario(&scenario.sources, &problems.sorted()));
    }
    let asked: Result<Vec<Factor>, String> =
        args.vary.iter().map(|text| Factor::parse(text)).collect();
    let mut wanted: Vec<Uncertain> = Vec::new();
    for Factor { key, values } in asked.map_err(Failure::Command)? {
        let known = all.iter().find(|one| one.keys.contains(&key));
        wanted.push(Uncertain {
            name: key.clone(),
            keys: vec![key],
            now: known.map_or("–".to_string(), |known| known.now.clone()),
            values,
            why: "as asked".to_string(),
            grade: None,
        });
    }
    let is_asked = !wanted.is_empty();
    if !is_asked {
        wanted = all;
    }
    if let Some(text) = &args.only {
        let holds = |one: &Uncertain| {
            one.name.contains(text.as_str())
                || one.keys.iter().any(|key| key.contains(text.as_str()))
        };
        wanted.retain(holds);
    }
    let (mut good, mut left_out) = (Vec::new(), Vec::new());
    for one in wanted {
        let mut why = None;
        for share in [0.0, 1.0] {
            let (compiled, found) = scenario.with(&one.at(share)).compile(Parts::All);
            if compiled.is_none() {
                let told = found.sorted().first().map(|problem| problem.message.clone());
                why = Some(format!("{}: {}", one.value_at(share), told.unwrap_or_default()));
            }
        }
        match why {
            None => good.push(one),
            // What was asked for in so many words must be right.
            Some(why) if is_asked => {
                return Err(Failure::Command(format!("{} cannot be {why}", one.name)));
            }
            Some(why) => left_out.push((one.name, why)),
        }
    }
    if args.screen {
        // All values move at once: a part of a value cannot move beside the whole of it.
        let wholes: Vec<String> =
            good.iter().flat_map(|one: &Uncertain| one.keys.clone()).collect();
        let is_part = |one: &Uncertain| {
            let inside = |key: &String, whole: &String| key.starts_with(&format!("{whole}."));
            one.keys.iter().any(|key| wholes.iter().any(|whole| inside(key, whole)))
        };
        let (parts, rest): (Vec<Uncertain>, Vec<Uncertain>) = good.into_iter().partition(is_part);
        let why = "it is part of another value that varies".to_string();
        left_out.extend(parts.into_iter().map(|one| (one.name, why.clone())));
        good = rest;
    }
    if good.is_empty() {
        return Err(Failure::Command("nothing uncertain is left to vary".to_string()));
    }
    Ok((good, left_out))
}

/// What is simulated, and how.
struct Work<'a> {
    scenario: &'a Scenario,
    judge: Judge,
    by: &'static Measure,
    replications: u64,
    pool: &'a ThreadPool,
    bar: &'a Bar,
}

impl Work<'_> {
    fn rows(&self, desk: &Compiled) -> Result<Vec<Row>, Failure> {
        let rows = self.judge.seasons(&desk.model, 0..self.replications, self.pool, self.bar);
        rows.ok_or_else(|| {
            self.bar.finish();
            show::say("interrupted; nothing was written\n");
            Failure::Interrupted
        })
    }

    fn at(&self, sets: &[String]) -> Result<Vec<Row>, Failure> {
        self.rows(&compile(&self.scenario.with(sets), Parts::All)?)
    }

    fn pairs(&self, rows: &[Row]) -> Vec<(f64, f64)> {
        rows.iter().map(|row| self.by.of_desk(row)).collect()
    }

    /// Each value at its ends, the others as they are.
    fn swings(&self, values: &[Uncertain], base: &[Row]) -> Result<Vec<Swing>, Failure> {
        let base = self.pairs(base);
        let mut swings = Vec::new();
        for one in values {
            let end = |share: f64| {
                let rows = self.at(&one.at(share))?;
                Ok::<_, Failure>(ratio::difference(&self.pairs(&rows), &base, LEVEL))
            };
            if let (Some(at_low), Some(at_high)) = (end(0.0)?, end(1.0)?) {
                swings.push(Swing { varied: varied(one), at_low, at_high });
            }
        }
        swings.sort_by(|a, b| b.reach().total_cmp(&a.reach()));
        Ok(swings)
    }

    /// All values along random walks.
    fn effects(&self, values: &[Uncertain], number: usize) -> Result<Vec<EffectResult>, Failure> {
        let walks = walks(values.len(), number, self.judge.seed);
        let mut answers = Vec::new();
        for walk in &walks {
            let mut of_walk = Vec::new();
            for point in &walk.points {
                let sets: Vec<String> =
                    values.iter().zip(point).flat_map(|(one, share)| one.at(*share)).collect();
                let rows = self.at(&sets)?;
                let estimate = ratio::estimate(&self.pairs(&rows), LEVEL);
                of_walk.push(estimate.map_or(0.0, |estimate| estimate.value));
            }
            answers.push(of_walk);
        }
        let found = effects(&walks, &answers, LEVEL, self.judge.seed).unwrap_or_default();
        let mut effects: Vec<EffectResult> = values
            .iter()
            .zip(found)
            .map(|(one, effect)| EffectResult {
                varied: varied(one),
                mu_star: effect.mu_star,
                mu: effect.mu,
                sigma: effect.sigma,
            })
            .collect();
        effects.sort_by(|a, b| b.mu_star.value.total_cmp(&a.mu_star.value));
        Ok(effects)
    }
}

fn varied(one: &Uncertain) -> Varied {
    Varied {
        name: one.name.clone(),
        keys: one.keys.clone(),
        now: one.now.clone(),
        low: one.value_at(0.0),
        high: one.value_at(1.0),
        why: one.why.clone(),
        grade: one.grade.map(|grade| grade.to_string()),
    }
}
