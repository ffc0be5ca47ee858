//! Hours of work by cause, week by week.

use super::ChartError;
use super::canvas::{Pen, Rect};
use super::dates;
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::stack::{self, Layer};
use super::theme::{Colour, GREEN, INK, ORANGE, PURPLE, SKY, SLATE, VERMILION};
use super::weeks::Weeks;
use super::words;
use crate::report::results::Results;

/// Colours of the causes, in the order of the results: genuine new work first, and quiet.
const COLOURS: [Colour; 6] = [SLATE, VERMILION, ORANGE, PURPLE, SKY, GREEN];
/// What the line of agents' hours is called.
const STAFFED: &str = "staffed hours";

/// Draws the chart.
///
/// *Errors*: a date that cannot be read.
pub(super) fn draw(results: &Results) -> Result<Frame, ChartError> {
    let weeks = Weeks::new(&results.weeks)?;
    let causes = seen_causes(results);
    let subtitle = "Hours of work by cause and week, mean over replications, with the hours that \
                    agents are at the queue.";
    let mut frame = Frame::new(results, &title(results, &weeks), subtitle);
    if results.weeks.is_empty() {
        return Ok(frame.nothing("No week was recorded."));
    }
    let totals = results.weeks.iter().map(|week| {
        let sum: f64 = causes.iter().map(|cause| hours(&week.work_hours, *cause)).sum();
        sum.max(week.staffed_hours)
    });
    let scale = Scale::holding(totals.filter(|t| t.is_finite()).fold(0.0, f64::max), 3);
    let mut names: Vec<String> =
        causes.iter().map(|cause| results.hours.causes[*cause].clone()).collect();
    names.push(STAFFED.to_owned());
    let body = frame.body;
    let rect = Rect::new(
        body.left + panel::margin_for(scale).max(64.0),
        body.top + 22.0,
        body.right - stack::room(&names),
        body.bottom - panel::TIME_AXIS + 10.0,
    );
    // Weeks have places of their own; of the panel only heights are used.
    let panel = Panel { rect, from: 0.0, to: 1.0, scale };
    let canvas = &mut frame.canvas;
    panel.draw_numbers(canvas, "Hours a week");
    let room = weeks.room(rect);
    let gap = (room * 0.14).clamp(0.4, 12.0);
    let mut middles = vec![None; causes.len()];
    for (index, week) in results.weeks.iter().enumerate() {
        let left = weeks.left(rect, index);
        let mut sum = 0.0;
        for (layer, cause) in causes.iter().enumerate() {
            let foot = panel.level(sum);
            sum += hours(&week.work_hours, *cause);
            let top = panel.level(sum);
            // A hair of paper between causes, where there is ink enough to spare it.
            let hair = if foot - top > 3.0 { 0.7 } else { 0.0 };
            let bar = Rect::new(left + gap / 2.0, top + hair, left + room - gap / 2.0, foot);
            canvas.rect(bar, COLOURS[cause % COLOURS.len()], 1.0);
            middles[layer] = (foot - top > 2.0).then_some((top + foot) / 2.0);
        }
    }
    let mut staffed = Vec::with_capacity(results.weeks.len() * 2);
    for (index, week) in results.weeks.iter().enumerate() {
        let height = panel.level(week.staffed_hours);
        staffed.push((weeks.left(rect, index), height));
        staffed.push((weeks.left(rect, index) + room, height));
    }
    let end = staffed.last().map(|at| at.1);
    canvas.line(staffed, Pen::new(INK, 2.6));
    weeks.draw(canvas, rect);
    let mut layers: Vec<Layer> = names
        .into_iter()
        .zip(causes.iter().zip(middles))
        .map(|(name, (cause, meets))| Layer {
            name,
            colour: COLOURS[cause % COLOURS.len()],
            is_line: false,
            meets,
        })
        .collect();
    layers.push(Layer { name: STAFFED.to_owned(), colour: INK, is_line: true, meets: end });
    let column = Rect::new(rect.right, rect.top, body.right, rect.bottom);
    stack::draw(canvas, &layers, rect.right + 2.0, column);
    Ok(frame)
}

fn hours(by_cause: &[f64], cause: usize) -> f64 {
    by_cause.get(cause).copied().filter(|hours| hours.is_finite()).unwrap_or(0.0).max(0.0)
}

/// Causes that occur at all.
fn seen_causes(results: &Results) -> Vec<usize> {
    let occurs = |cause: &usize| results.weeks.iter().any(|w| hours(&w.work_hours, *cause) > 0.0);
    (0..results.hours.causes.len()).filter(occurs).collect()
}

/// Says how much of the work is follow-up work in the week that has most of it.
fn title(results: &Results, weeks: &Weeks) -> String {
    let causes = &results.hours.causes;
    let follow_up = |week: usize| -> f64 {
        (1..causes.len()).map(|cause| hours(&results.weeks[week].work_hours, cause)).sum()
    };
    let worst = (0..results.weeks.len()).max_by(|a, b| follow_up(*a).total_cmp(&follow_up(*b)));
    let Some(week) = worst else {
        return "What the agents work on".to_owned();
    };
    let by_cause = &results.weeks[week].work_hours;
    let follow_ups = follow_up(week);
    let share = follow_ups / (follow_ups + hours(by_cause, 0));
    if follow_ups <= 0.0 || share < 0.005 {
        return "All work is new work: nobody asks again".to_owned();
    }
    let mut order: Vec<usize> = (1..causes.len()).collect();
    order.sort_by(|a, b| hours(by_cause, *b).total_cmp(&hours(by_cause, *a)));
    let (mut sum, mut most) = (0.0, Vec::new());
    for cause in order {
        if sum > 0.6 * follow_ups {
            break;
        }
        sum += hours(by_cause, cause);
        most.push(causes[cause].clone());
    }
    let long = results.scenario.weeks > 48.0;
    format!(
        "In the week of {}, {} of all work is follow-up work, most of it {}",
        dates::spelled(weeks.from[week], long),
        words::share(share),
        words::listed(&most)
    )
}
