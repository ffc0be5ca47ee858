//! `sensitivity`: how far each uncertain value moves the answer, one at a time or, to screen many,
//! by elementary effects.
//!
//! Both simulate a list of settings, of which the first is the scenario as it is.

use super::compare::measure;
use super::failure::Failure;
use super::judging::compile;
use super::keeping::{self, Keeper};
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, ScenarioArgs, judging, output, show};
use clap::Args;
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};
use std::path::Path;
use surgecast::experiment::screening::{Walk, effects, walks};
use surgecast::experiment::sweep::Judge;
use surgecast::experiment::swings::{open, stages};
use surgecast::outcome::measure::Measure;
use surgecast::problem::Problems;
use surgecast::report::charts;
use surgecast::report::sensitive::{self, EffectResult, FORMAT, SensitivityResults, Swing, Varied};
use surgecast::report::write::make_folder;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::scenario::uncertain::{Uncertain, uncertain};
use surgecast::scenario::vary::Factor;
use surgecast::stats::{Estimate, ratio};
use surgecast::time::{SimDuration, SimTime};

/// Seasons of each setting, where nobody says: of each end, and of each point of a walk.
const REPLICATIONS: (u64, u64) = (60, 20);

/// Seasons that are finished, a line for some of each setting.
const PARTIAL: &str = "seasons.partial";

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
    /// How many seasons to simulate of each setting at most; 60 by default. An end of a bar gets 10, 20,
    /// 40 and so on, until its interval reaches no further than a tenth of the longest bar either way.
    /// A screening simulates so many of each point, 20 by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    replications: Option<u64>,
    /// The measure that is looked at.
    #[arg(long, value_name = "MEASURE", default_value = "days_above")]
    by: String,
    #[command(flatten)]
    running: Running,
    /// Go on where an interrupted analysis stopped.
    #[arg(long)]
    resume: bool,
}

/// What the file of finished seasons begins with.
#[derive(Serialize, Deserialize)]
struct Heading {
    version: String,
    digest: String,
    seed: u64,
    by: String,
    /// What is set, by setting.
    settings: Vec<Vec<String>>,
    target: Option<f64>,
}

/// Seasons of a setting, those that come next: numerator and denominator of the measure.
#[derive(Serialize, Deserialize)]
struct Batch {
    setting: usize,
    pairs: Vec<(f64, f64)>,
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
    let what = if args.screen { "screening" } else { "sensitivity" };
    let folder = args.running.folder(&format!("{what}-{}", args.scenario.stem()));
    make_folder(&folder)?;
    let file = folder.join(PARTIAL);
    let walks =
        if args.screen { walks(values.len(), usize::from(args.walks), seed) } else { Vec::new() };
    let mut heading = Heading {
        version: env!("CARGO_PKG_VERSION").to_string(),
        digest: scenario.sources.digest(),
        seed,
        by: by.key.to_string(),
        settings: settings(&values, &walks),
        target: None,
    };
    let (done, target) = if args.resume { resume(&file, &heading)? } else { (Vec::new(), None) };
    let quiet_bar = quiet || format == Format::Json;
    let bar = match args.screen {
        true => Bar::new(heading.settings.len() as u64 * replications, quiet_bar),
        false => Bar::open("seasons", quiet_bar),
    };
    let at_most = match target {
        Some(target) => target,
        None => judging::at_most(&scenario, seed, &pool, &bar)?,
    };
    heading.target = Some(at_most);
    let closes = judging::closes(&scenario);
    let judge = Judge { at_most, closes, watch_from: scenario.watch_from(&compiled), seed };
    let mut pairs = vec![Vec::new(); heading.settings.len()];
    for batch in &done {
        pairs[batch.setting].extend_from_slice(&batch.pairs);
    }
    let keeper = Keeper::begin(&file, &heading, &done)?;
    let settings = &heading.settings;
    let mut work =
        Work { scenario: &scenario, judge, by, pool: &pool, bar: &bar, settings, pairs, keeper };
    work.simulate(0, replications)?;
    let Some(base) = ratio::estimate(&work.pairs[0], LEVEL) else {
        return Err(Failure::Command(format!("this scenario has no {}", by.title)));
    };
    let (swings, effects) = match args.screen {
        false => (work.swings(&values, replications)?, Vec::new()),
        true => (Vec::new(), work.effects(&values, &walks, replications)?),
    };
    bar.finish();
    let keeper = work.keeper;
    let last = compiled.model.end - SimDuration::from_micros(1);
    let date = |at| compiled.model.days.civil(at).date().to_string();
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
    let chart = charts::tornado(&results).map_err(|error| Failure::Files(error.to_string()))?;
    let charts: Vec<_> = chart.into_iter().collect();
    let json = output::to_json(&results)?;
    output::write_all(
        &folder,
        vec![("sensitivity.csv", sensitive::csv(&results))],
        &charts,
        &json,
    )?;
    keeper.done();
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
                let found = found.sorted();
                let told = found.first().map_or("", |problem| problem.message.as_str());
                let is_list = !is_asked && found.first().is_some_and(|p| p.code == "wrong-type");
                why = Some(if is_list {
                    "it is a whole table, which has no lowest or highest".to_string()
                } else {
                    format!("{}: {told}", one.value_at(share))
                });
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

/// What is set by setting: nothing, then each value at its low and its high end, or the points of walks.
fn settings(values: &[Uncertain], walks: &[Walk]) -> Vec<Vec<String>> {
    let ends = values.iter().flat_map(|one| [one.at(0.0), one.at(1.0)]);
    let points = walks.iter().flat_map(|walk| &walk.points).map(|point| {
        values.iter().zip(point).flat_map(|(one, share)| one.at(*share)).collect::<Vec<_>>()
    });
    let nothing = std::iter::once(Vec::new());
    if walks.is_empty() { nothing.chain(ends).collect() } else { nothing.chain(points).collect() }
}

/// Seasons that an interrupted analysis finished, and its target.
fn resume(path: &Path, heading: &Heading) -> Result<(Vec<Batch>, Option<f64>), Failure> {
    let is_same = |found: &Heading| {
        let Heading { version, digest, seed, by, settings, target: _ } = found;
        (version, digest, by, settings)
            == (&heading.version, &heading.digest, &heading.by, &heading.settings)
            && *seed == heading.seed
    };
    let left: Option<(Heading, Vec<Batch>)> = keeping::left(path, "analysis", is_same)?;
    Ok(left.map_or((Vec::new(), None), |(found, batches)| (batches, found.target)))
}

/// What is simulated, and what has been.
struct Work<'a> {
    scenario: &'a Scenario,
    judge: Judge,
    by: &'static Measure,
    pool: &'a ThreadPool,
    bar: &'a Bar,
    settings: &'a [Vec<String>],
    /// Numerator and denominator of the measure, by setting and season.
    pairs: Vec<Vec<(f64, f64)>>,
    keeper: Keeper,
}

impl Work<'_> {
    /// Sees to it that a setting has so many seasons.
    fn simulate(&mut self, setting: usize, seasons: u64) -> Done {
        let done = self.pairs[setting].len() as u64;
        if done >= seasons {
            return Ok(());
        }
        let desk = compile(&self.scenario.with(&self.settings[setting]), Parts::All)?;
        let rows = self.judge.seasons(&desk.model, done..seasons, self.pool, self.bar);
        let Some(rows) = rows else {
            self.bar.finish();
            show::say("interrupted; go on with --resume\n");
            return Err(Failure::Interrupted);
        };
        let pairs: Vec<(f64, f64)> = rows.iter().map(|row| self.by.of_desk(row)).collect();
        self.keeper.add(&Batch { setting, pairs: pairs.clone() })?;
        self.pairs[setting].extend(pairs);
        Ok(())
    }

    /// What a setting changes, on the seasons there are of it.
    fn change(&self, setting: usize) -> Option<Estimate> {
        let pairs = &self.pairs[setting];
        let n = pairs.len().min(self.pairs[0].len());
        ratio::difference(&pairs[..n], &self.pairs[0][..n], LEVEL)
    }

    /// Each value at its ends, the others as they are.
    fn swings(&mut self, values: &[Uncertain], most: u64) -> Result<Vec<Swing>, Failure> {
        let mut places: Vec<usize> = (1..self.settings.len()).collect();
        for seasons in stages(most) {
            for place in places {
                self.simulate(place, seasons)?;
            }
            let ends: Vec<_> = (1..self.settings.len()).map(|place| self.change(place)).collect();
            places = open(&ends).into_iter().map(|end| end + 1).collect();
        }
        let ends =
            |number: usize| Some((self.change(2 * number + 1)?, self.change(2 * number + 2)?));
        let swing = |(number, one): (usize, &Uncertain)| {
            let (at_low, at_high) = ends(number)?;
            Some(Swing { varied: varied(one), at_low, at_high })
        };
        let mut swings: Vec<Swing> = values.iter().enumerate().filter_map(swing).collect();
        swings.sort_by(|a, b| b.reach().total_cmp(&a.reach()));
        Ok(swings)
    }

    /// All values along random walks.
    fn effects(
        &mut self,
        values: &[Uncertain],
        walks: &[Walk],
        seasons: u64,
    ) -> Result<Vec<EffectResult>, Failure> {
        for place in 1..self.settings.len() {
            self.simulate(place, seasons)?;
        }
        let answer = |pairs: &Vec<(f64, f64)>| {
            ratio::estimate(pairs, LEVEL).map_or(0.0, |estimate| estimate.value)
        };
        let points: Vec<f64> = self.pairs[1..].iter().map(answer).collect();
        let answers: Vec<Vec<f64>> = points.chunks(values.len() + 1).map(<[f64]>::to_vec).collect();
        let found = effects(walks, &answers, LEVEL, self.judge.seed).unwrap_or_default();
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
