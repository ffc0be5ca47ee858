//! What surrounds every chart: the finding as its title, what is shown, and where it is from.

use super::ChartError;
use super::canvas::{Canvas, Rect};
use super::text;
use super::theme::{Align, FOOTER, HEIGHT, MARGIN, REMARK, SUBTITLE, TITLE, VERMILION, WIDTH};
use super::{dates, words};
use crate::report::results::Results;

/// A chart under work.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Frame {
    /// The sheet.
    pub(super) canvas: Canvas,
    /// The room between subtitle and footer.
    pub(super) body: Rect,
    title: String,
}

impl Frame {
    /// A sheet with title, subtitle and the footer of a run.
    pub(super) fn new(results: &Results, title: &str, subtitle: &str) -> Frame {
        let mut frame = Frame::blank(title, subtitle);
        footer(&mut frame.canvas, results);
        frame
    }

    /// A sheet whose footer says what those parts say: what was simulated, when, how often.
    pub(super) fn with_footer(title: &str, subtitle: &str, parts: &[String]) -> Frame {
        let mut frame = Frame::blank(title, subtitle);
        let line = HEIGHT - 24.0;
        let canvas = &mut frame.canvas;
        let brand = canvas.text((WIDTH - MARGIN, line), "surgecast", FOOTER.align(Align::Right));
        let room = brand.left - MARGIN - 40.0;
        canvas.text((MARGIN, line), &text::shorten(&parts.join("  ·  "), FOOTER, room), FOOTER);
        frame
    }

    fn blank(title: &str, subtitle: &str) -> Frame {
        let mut canvas = Canvas::default();
        let room = WIDTH - 2.0 * MARGIN;
        // A sentence that needs three lines is set smaller rather than cut.
        let lettering = [TITLE, TITLE.size(23.0), TITLE.size(20.0)]
            .into_iter()
            .find(|lettering| text::wrap(title, *lettering, room, 9).len() <= 2)
            .unwrap_or(TITLE.size(20.0));
        let mut foot = 36.0;
        for line in text::wrap(title, lettering, room, 2) {
            foot += lettering.size * 1.26;
            canvas.text((MARGIN, foot), &line, lettering);
        }
        foot += 6.0;
        for line in text::wrap(subtitle, SUBTITLE, room, 2) {
            foot += SUBTITLE.size * 1.4;
            canvas.text((MARGIN, foot), &line, SUBTITLE);
        }
        let body = Rect::new(MARGIN, foot + 24.0, WIDTH - MARGIN, HEIGHT - 58.0);
        Frame { canvas, body, title: title.to_owned() }
    }

    /// Says in the middle why there is nothing to see.
    pub(super) fn nothing(mut self, why: &str) -> Frame {
        let middle = ((self.body.left + self.body.right) / 2.0, HEIGHT / 2.0);
        self.canvas.text(middle, why, REMARK.align(Align::Middle).size(18.0));
        self
    }

    /// The finished chart.
    pub(super) fn svg(&self) -> Result<String, ChartError> {
        self.canvas.svg(&self.title)
    }
}

fn footer(canvas: &mut Canvas, results: &Results) {
    let runs = &results.runs;
    let line = HEIGHT - 24.0;
    let name = text::shorten(results.scenario.name.trim(), FOOTER, 430.0);
    let done = words::several(&words::count(runs.done as f64), "replication", "replications");
    let changes = words::listed(&results.scenario.changes);
    let with = if changes.is_empty() { changes } else { format!("with {changes}") };
    let mut parts = vec![name, text::shorten(&with, FOOTER, 330.0), period(results), done];
    parts.retain(|part| !part.is_empty());
    let from = canvas.text((MARGIN, line), &parts.join("  ·  "), FOOTER);
    let mut marks = Vec::new();
    if runs.partial {
        marks.push(format!("partial: {} asked for", words::count(runs.asked as f64)));
    }
    if runs.truncated > 0 {
        let cap = words::count(runs.cap as f64);
        let how_many = words::count(runs.truncated as f64);
        marks.push(format!("truncated: {how_many} stopped at {cap} unsolved tickets"));
    }
    let loud = FOOTER.bold(true).colour(VERMILION);
    let brand = canvas.text((WIDTH - MARGIN, line), "surgecast", FOOTER.align(Align::Right));
    let room = brand.left - from.right - 40.0;
    canvas.text((from.right + 16.0, line), &text::shorten(&marks.join(";  "), loud, room), loud);
}

/// "16 Nov 2026 to 7 Feb 2027", or nothing where the dates cannot be read.
fn period(results: &Results) -> String {
    let about = &results.scenario;
    match (dates::day_number(&about.start), dates::day_number(&about.end)) {
        (Ok(start), Ok(end)) if dates::date(start) == dates::date(end) => dates::short(start, true),
        (Ok(start), Ok(end)) => {
            format!("{} to {}", dates::short(start, true), dates::short(end, true))
        }
        _ => String::new(),
    }
}
