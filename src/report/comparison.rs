//! The results of a comparison: what every plan comes to, how the plans differ on the same
//! customers, which is best and how sure that is. Text, tables and the chart are made from this
//! alone.

use super::text::STOPPED;
use crate::experiment::compare::Comparison;
use crate::outcome::measure::{MEASURES, Measure, find};
use crate::stats::Estimate;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Version of the layout of a comparison's `results.json`.
pub const FORMAT: u32 = 1;

/// Most plans of which every pair is spelled out; of more, each against the first.
const ALL_PAIRS_UP_TO: usize = 3;

/// A comparison.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ComparisonResults {
    /// Version of this layout.
    pub format: u32,
    /// The plans, in the order given.
    pub plans: Vec<PlanResult>,
    /// Pairs of plans and how they differ.
    pub pairs: Vec<PairResult>,
    /// Which plan is best.
    pub best: BestResult,
    /// Most unsolved tickets that count as cleared, in all plans.
    pub target: f64,
    /// The first day of all plans.
    pub start: String,
    /// The last day.
    pub end: String,
    /// The date by which clearance is compared; nothing where the horizon is too short to judge.
    pub by_date: Option<String>,
    /// The seed.
    pub seed: u64,
    /// Confidence of the intervals.
    pub level: f64,
    /// What the reader should know before anything else.
    pub notes: Vec<String>,
    /// Version of surgecast.
    pub version: String,
}

/// A plan.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlanResult {
    /// What it is called in tables: its file or variant.
    pub name: String,
    /// What the scenario calls itself.
    pub title: String,
    /// Hash of its text.
    pub digest: String,
    /// Seasons simulated.
    pub replications: u64,
    /// Seasons stopped because their backlog passed the cap.
    pub truncated: u64,
    /// The probability that it is the best, by a bootstrap over seasons.
    pub p_best: f64,
    /// The probability of being cleared by the date of the comparison.
    pub cleared: Option<Estimate>,
    /// Its measures.
    pub measures: Vec<Figure>,
}

/// How two plans differ, the first less the second, on the seasons both have.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PairResult {
    /// Place of the first plan in the list.
    pub plan: usize,
    /// Place of the plan it is compared with.
    pub base: usize,
    /// Seasons both have.
    pub replications: u64,
    /// The difference of the probabilities of being cleared by the date.
    pub cleared: Option<Estimate>,
    /// The differences of all measures.
    pub measures: Vec<Figure>,
    /// How many times as many independent seasons would be needed to know the difference in what
    /// the best is judged by as well.
    pub gain: Option<f64>,
}

/// A figure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// Key of the measure.
    pub key: String,
    /// The estimate.
    pub estimate: Estimate,
}

/// Which plan is best.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BestResult {
    /// Key of the measure that decides.
    pub by: String,
    /// Place of the best plan in the list.
    pub plan: usize,
    /// How it was selected; nothing where a number of seasons was asked for.
    pub selection: Option<SelectionResult>,
}

/// How the best plan was selected: Kim and Nelson's procedure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SelectionResult {
    /// The procedure.
    pub procedure: String,
    /// Probability of selecting the best where it is ahead by the zone.
    pub confidence: f64,
    /// Smallest difference that matters.
    pub zone: f64,
    /// Whether it came to an end.
    pub decided: bool,
    /// Places of plans that are worse beyond doubt.
    pub worse: Vec<usize>,
    /// Places of plans that differ from the best by less than the zone, as far as is known.
    pub level: Vec<usize>,
    /// Places of plans that may still be the best.
    pub open: Vec<usize>,
}

/// What a comparison does not know itself.
pub struct About {
    /// Titles of the plans.
    pub titles: Vec<String>,
    /// Digests of their texts.
    pub digests: Vec<String>,
    /// First and last day.
    pub span: (Date, Date),
    /// The seed.
    pub seed: u64,
    /// Confidence of the intervals.
    pub level: f64,
    /// Version of surgecast.
    pub version: String,
}

/// The figures of a comparison; nothing where no season was done.
pub fn results(comparison: &Comparison, about: &About) -> Option<ComparisonResults> {
    let (plans, level) = (comparison.names.len(), about.level);
    if comparison.ensembles.iter().any(crate::experiment::ensemble::Ensemble::is_empty) {
        return None;
    }
    let by_date = date_to_compare(comparison, level);
    let p_best = comparison.p_best(about.seed);
    let figures = |estimate: &dyn Fn(&Measure) -> Option<Estimate>| -> Vec<Figure> {
        let figure = |measure: &Measure| {
            Some(Figure { key: measure.key.to_string(), estimate: estimate(measure)? })
        };
        MEASURES.iter().filter_map(figure).collect()
    };
    let plan = |place: usize| PlanResult {
        name: comparison.names[place].clone(),
        title: about.titles[place].clone(),
        digest: about.digests[place].clone(),
        replications: comparison.ensembles[place].len() as u64,
        truncated: comparison.ensembles[place].rows.iter().filter(|r| r.run.truncated).count()
            as u64,
        p_best: p_best[place],
        cleared: by_date.and_then(|date| comparison.p_cleared(place, date, level)),
        measures: figures(&|measure| comparison.value(place, measure, level)),
    };
    let pair = |(plan, base): (usize, usize)| PairResult {
        plan,
        base,
        replications: comparison.shared(plan, base) as u64,
        cleared: by_date.and_then(|date| comparison.cleared_difference(plan, base, date, level)),
        measures: figures(&|measure| comparison.difference(plan, base, measure, level)),
        gain: comparison.gain(plan, base, comparison.by),
    };
    let best = best(comparison, &p_best);
    let mut notes = Vec::new();
    let plans: Vec<PlanResult> = (0..plans).map(plan).collect();
    for plan in plans.iter().filter(|plan| plan.truncated > 0) {
        notes.push(format!(
            "{} of {} seasons of {} were stopped at the backlog cap: {STOPPED}",
            plan.truncated, plan.replications, plan.title
        ));
    }
    if !comparison.complete {
        notes.push("interrupted: the figures are of the seasons done so far".to_string());
    }
    Some(ComparisonResults {
        format: FORMAT,
        pairs: pairs(plans.len(), best.plan).into_iter().map(pair).collect(),
        plans,
        best,
        target: comparison.target.at_most,
        start: about.span.0.to_string(),
        end: about.span.1.to_string(),
        by_date: by_date.map(|date| date.to_string()),
        seed: about.seed,
        level,
        notes,
        version: about.version.clone(),
    })
}

/// Pairs that are spelled out: each plan against every one before it where they are few, else each
/// against the first, and the best against its runner-up by place.
fn pairs(plans: usize, best: usize) -> Vec<(usize, usize)> {
    if plans <= ALL_PAIRS_UP_TO {
        return (1..plans).flat_map(|plan| (0..plan).map(move |base| (plan, base))).collect();
    }
    let against_first = (1..plans).map(|plan| (plan, 0));
    let against_best = (1..plans).filter(|plan| *plan != best).map(|plan| (plan, best));
    if best == 0 { against_first.collect() } else { against_first.chain(against_best).collect() }
}

/// The date by which clearance is compared: when the better plan is nearly sure to be cleared, or
/// the last date that all plans can judge. A plan that mostly never piles up has no such date.
fn date_to_compare(comparison: &Comparison, level: f64) -> Option<Date> {
    let last = comparison.last_judged()?;
    let plans = 0..comparison.names.len();
    let nearly_sure = |plan: usize| {
        let dates = comparison.dates[plan].iter().filter(|date| **date <= last);
        let sure = |date: &&Date| {
            comparison.p_cleared(plan, **date, level).is_some_and(|p| p.value >= 0.9)
        };
        // The probability only rises, so the first date can be found by halving.
        let dates: Vec<Date> = dates.copied().collect();
        let first = dates.partition_point(|date| !sure(&date));
        dates.get(first).copied()
    };
    let piles_up = |plan: &usize| {
        let rows = &comparison.ensembles[*plan].rows;
        2 * rows.iter().filter(|row| row.judgement.piled_up.is_some()).count() > rows.len()
    };
    Some(plans.filter(piles_up).filter_map(nearly_sure).min().unwrap_or(last))
}

fn best(comparison: &Comparison, p_best: &[f64]) -> BestResult {
    let likeliest = (0..p_best.len())
        .fold(0, |best, plan| if p_best[plan] > p_best[best] { plan } else { best });
    let by = comparison.by.key.to_string();
    let Some(ranking) = &comparison.ranking else {
        return BestResult { by, plan: likeliest, selection: None };
    };
    let selection = &ranking.selection;
    let others = || (0..p_best.len()).filter(|plan| *plan != selection.best);
    let is_open = |plan: &usize| selection.out[*plan].is_none();
    let result = SelectionResult {
        procedure: "procedure KN of Kim and Nelson 2001".to_string(),
        confidence: ranking.rules.confidence,
        zone: ranking.rules.zone,
        decided: selection.decided,
        worse: others().filter(|plan| selection.is_settled(*plan)).collect(),
        level: others().filter(|plan| !is_open(plan) && !selection.is_settled(*plan)).collect(),
        open: others().filter(is_open).collect(),
    };
    BestResult { by, plan: selection.best, selection: Some(result) }
}

impl ComparisonResults {
    /// How one plan differs from another, if that pair is spelled out.
    pub fn pair(&self, plan: usize, base: usize) -> Option<&PairResult> {
        self.pairs.iter().find(|pair| (pair.plan, pair.base) == (plan, base))
    }

    /// The measure that decides which is best.
    pub fn by(&self) -> Option<&'static Measure> {
        find(&self.best.by)
    }
}

/// The figure of a measure.
pub fn figure<'a>(figures: &'a [Figure], key: &str) -> Option<&'a Estimate> {
    figures.iter().find(|figure| figure.key == key).map(|figure| &figure.estimate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_plans_are_compared_with_each_other_many_with_the_first_and_the_best() {
        assert_eq!(pairs(2, 1), [(1, 0)]);
        assert_eq!(pairs(3, 1), [(1, 0), (2, 0), (2, 1)]);
        assert_eq!(pairs(4, 0), [(1, 0), (2, 0), (3, 0)]);
        assert_eq!(pairs(4, 2), [(1, 0), (2, 0), (3, 0), (1, 2), (3, 2)]);
    }
}
