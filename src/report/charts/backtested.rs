//! A forecast that is past: what was predicted, and what came.

use super::canvas::{Pen, Rect};
use super::crowd::{self, Crowd};
use super::fan::{Fan, Look};
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::theme::{Align, BLUE, GREY, INK, LABEL, REMARK};
use super::{Chart, ChartError, dates, text, words};
use crate::experiment::backtest::Backtest;
use crate::history::backlog::Day;

/// So many days of what was known are drawn before the forecast.
const BEFORE: usize = 42;

/// Draws the days before, the fan of the forecast, and what came.
///
/// *Errors*: the font or the drawing library.
pub fn backtested(found: &Backtest, known: &[Day], file: &str) -> Result<Chart, ChartError> {
    let known = &known[known.len().saturating_sub(BEFORE)..];
    let end_of =
        |date: jiff::civil::Date| dates::day_number(&date.to_string()).map(|day| day + 1.0);
    let before: Vec<(f64, f64)> = known
        .iter()
        .map(|day| Ok((end_of(day.date)?, day.open as f64)))
        .collect::<Result<_, ChartError>>()?;
    let came: Vec<(f64, f64)> = found
        .days
        .iter()
        .map(|day| Ok((end_of(day.date)?, day.actual)))
        .collect::<Result<_, ChartError>>()?;
    let predicted: Vec<(f64, [f64; 5])> = found
        .days
        .iter()
        .map(|day| Ok((end_of(day.date)?, day.quantiles)))
        .collect::<Result<_, ChartError>>()?;
    let fan = Fan { points: predicted };
    let (title, subtitle) = (title(found), subtitle(found));
    let mut frame = Frame::with_footer(&title, &subtitle, &[file.to_string()]);
    let body = frame.body;
    let all = before.iter().chain(&came).map(|(_, open)| *open);
    let scale = Scale::holding(all.fold(fan.highest(), f64::max), 4);
    let rect = Rect::new(
        body.left + panel::margin_for(scale),
        body.top + 18.0,
        body.right - text::width("predicted", LABEL) - 14.0,
        body.bottom - panel::TIME_AXIS + 14.0,
    );
    let from = before.first().or(came.first()).map_or(0.0, |(day, _)| day - 1.0);
    let to = came.last().map_or(from + 1.0, |(day, _)| *day);
    let panel = Panel { rect, from, to, scale };
    let canvas = &mut frame.canvas;
    panel.draw_numbers(canvas, "Open at the end of the day");
    if let Some((split, _)) = came.first() {
        let x = panel.x(split - 1.0);
        canvas.upright(x, rect.top, rect.bottom, Pen::new(GREY, 1.2).dashed(5.0, 5.0));
        canvas.text((x - 8.0, rect.top + 14.0), "what was known", REMARK.align(Align::Right));
        canvas.text((x + 8.0, rect.top + 14.0), "what was not", REMARK);
    }
    let look = Look { colour: BLUE, outer: 0.2, inner: Some(0.3), dash: None };
    fan.draw(canvas, &mut Crowd::new(), panel, look);
    let line = before.iter().chain(&came).map(|(day, open)| panel.at(*day, *open));
    canvas.line(line.collect(), Pen::new(INK, 2.2));
    if let (Some((_, quantiles)), Some((_, open))) = (fan.points.last(), came.last()) {
        let wanted = [panel.level(quantiles[2]), panel.level(*open)];
        let heights = crowd::spread(&wanted, 20.0, rect.top, rect.bottom);
        for (height, (name, colour)) in
            heights.iter().zip([("predicted", BLUE.towards(INK, 0.25)), ("came", INK)])
        {
            let lettering = LABEL.colour(colour);
            canvas.text(
                (rect.right + 10.0, height + lettering.cap_height() / 2.0),
                name,
                lettering,
            );
        }
    }
    panel.draw_dates(canvas);
    Ok(Chart { name: "backtest", svg: frame.svg()? })
}

fn title(found: &Backtest) -> String {
    let errors = &found.errors;
    let own = errors.first().map_or(0.0, |errors| errors.relative);
    let others = errors.iter().skip(1);
    let others = others.map(|other| format!("{} by {}", other.of, words::share(other.relative)));
    format!(
        "The forecast was off by {} on average, {}",
        words::share(own),
        words::listed(&others.collect::<Vec<_>>())
    )
}

fn subtitle(found: &Backtest) -> String {
    format!(
        "Open tickets as they were, and as forecast from what was known: the middle of {} simulated seasons, and how \
         far half and nine tenths of them spread. On {} of days what came lies within.",
        words::count(found.seasons as f64),
        words::share(found.within)
    )
}
