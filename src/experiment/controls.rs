//! How busy the days of each simulated season happened to be, which explains part of its figures.

use crate::model::Model;
use crate::model::busyness::fill_scores_of;
use crate::rng::Key;
use crate::stats::control::Controls;
use crate::time::SimTime;

/// Stretches of a season, at most: what a busy day does depends on when it comes.
const STRETCHES: usize = 8;

/// The busyness of stretches of the season in these replications, each a mean of the normal scores of its
/// days by the work they would bring. Scores have expectation zero.
pub fn busyness_controls(model: &Model, seed: u64, replications: &[u64]) -> Controls {
    let weights = day_weights(model);
    if weights.iter().all(|weight| *weight == 0.0) {
        return Controls::none();
    }
    let first = model.days.day_of(SimTime::ZERO);
    let days = model.days.len() - first;
    let weeks = days.div_ceil(7);
    let stretches = STRETCHES.min(weeks).min(Controls::at_most(replications.len()));
    let stretch_of = |day: usize| (day - first) * stretches / days;
    let mut columns = vec![vec![0.0; replications.len()]; stretches];
    let mut scores = Vec::new();
    for (place, index) in replications.iter().enumerate() {
        if stretches == 0 {
            break;
        }
        fill_scores_of(model, Key::replication(seed, *index), &mut scores);
        for day in first..model.days.len() {
            columns[stretch_of(day)][place] += weights[day] * scores[day];
        }
    }
    // A stretch in which nobody writes says nothing.
    columns.retain(|column| column.iter().any(|x| *x != 0.0));
    Controls::new(columns)
}

/// Hours of work that a day brings more when its score is one higher, by day.
fn day_weights(model: &Model) -> Vec<f64> {
    let mut weights = vec![0.0; model.days.len()];
    for class in &model.classes {
        let Some(busyness) = &class.arrivals.busyness else { continue };
        let rise = busyness.factor(1.0) - busyness.factor(0.0);
        let hours = class.mean_handle_at(class.entry).hours();
        for (day, weight) in weights.iter_mut().enumerate() {
            let from = model.days.midnight(day);
            let expected = class.arrivals.expected(from, model.days.midnight(day + 1));
            *weight += rise * hours * expected;
        }
    }
    weights
}
