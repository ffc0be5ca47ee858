//! The hours of a week: work that comes in, less agents at the queue.

use super::canvas::{Canvas, Rect};
use super::frame::Frame;
use super::text;
use super::theme::{Align, BLUE, CAPTION, Colour, GREY, GRID, INK, TICK, VERMILION, WHITE};
use super::words;
use crate::report::results::{Hours, Results};

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Room for the names of days.
const NAMES: f64 = 96.0;
/// Room for the sums of days.
const SUMS: f64 = 176.0;

/// Draws the chart.
pub(super) fn draw(results: &Results) -> Frame {
    let map = Map::new(&results.hours);
    let subtitle = "Work that comes in per hour (in agents it would keep busy), less agents at the \
                    queue; mean of all weeks. Orange: more comes in than is staffed, and waits. \
                    Blue: agents have time for the backlog.";
    let mut frame = Frame::new(results, &map.title(), subtitle);
    if results.hours.load.is_empty() && results.hours.staff.is_empty() {
        return frame.nothing("No hour of the week was recorded.");
    }
    let body = frame.body;
    let cells = Rect::new(body.left + NAMES, body.top + 26.0, body.right - SUMS, body.bottom - 6.0);
    map.draw(&mut frame.canvas, cells);
    frame
}

/// Load and staff of 168 hours.
#[derive(Clone, PartialEq, Debug)]
struct Map {
    load: Vec<f64>,
    staff: Vec<f64>,
    rostered: Vec<f64>,
}

impl Map {
    fn new(hours: &Hours) -> Map {
        let whole_week = |values: &[f64]| -> Vec<f64> {
            let at = |hour| values.get(hour).copied().filter(|v: &f64| v.is_finite());
            (0..168).map(|hour| at(hour).unwrap_or(0.0)).collect()
        };
        let [load, staff, rostered] =
            [&hours.load, &hours.staff, &hours.rostered].map(|values| whole_week(values));
        Map { load, staff, rostered }
    }

    fn short(&self, hour: usize) -> f64 {
        self.load[hour] - self.staff[hour]
    }

    fn draw(&self, canvas: &mut Canvas, cells: Rect) {
        let (wide, high) = (cells.width() / 24.0, cells.height() / 7.0);
        let most = (0..168).map(|hour| self.short(hour).abs()).fold(0.0, f64::max);
        for hour in (0..24).step_by(2) {
            let x = cells.left + wide * f64::from(hour);
            canvas.text((x, cells.top - 9.0), &format!("{hour:02}:00"), TICK);
        }
        let figures = TICK.size(15.0).align(Align::Middle);
        let signed = |hour: usize| signed(self.short(hour), most);
        let widest = (0..168).map(|hour| text::width(&signed(hour), figures));
        let scale = ((wide - 4.0) / widest.fold(1.0, f64::max)).min(1.0);
        // Figures that would have to be tiny are left out; the colours remain.
        let figures = (scale > 0.65).then(|| figures.size(15.0 * scale));
        for (day, name) in DAYS.into_iter().enumerate() {
            let top = cells.top + high * day as f64;
            let foot = top + high / 2.0 + TICK.cap_height() / 2.0;
            canvas.text((super::theme::MARGIN, foot), name, TICK.colour(INK));
            for hour in 0..24 {
                let short = self.short(day * 24 + hour);
                let left = cells.left + wide * hour as f64;
                let cell =
                    Rect::new(left + 0.75, top + 0.75, left + wide - 0.75, top + high - 0.75);
                let colour = shade(short, most);
                canvas.rect(cell, colour, 1.0);
                if let Some(figures) = figures {
                    let at = (left + wide / 2.0, top + high / 2.0 + figures.cap_height() / 2.0);
                    canvas.text(at, &signed(day * 24 + hour), figures.colour(colour.ink_on()));
                }
            }
            self.draw_sums(canvas, day, cells.right, foot);
        }
        let right = cells.right;
        let caption = CAPTION.align(Align::Right).size(14.0);
        canvas.text((right + 84.0, cells.top - 9.0), "work in", caption);
        canvas.text((right + SUMS, cells.top - 9.0), "staffed", caption);
    }

    fn draw_sums(&self, canvas: &mut Canvas, day: usize, right: f64, foot: f64) {
        let hours = day * 24..day * 24 + 24;
        let (load, staff): (f64, f64) =
            (self.load[hours.clone()].iter().sum(), self.staff[hours].iter().sum());
        let figures = TICK.align(Align::Right);
        let colour = if load > staff { VERMILION } else { INK };
        let sum = |hours: f64| format!("{}\u{a0}h", words::about(hours));
        canvas.text((right + 84.0, foot), &sum(load), figures.colour(colour));
        canvas.text((right + SUMS, foot), &sum(staff), figures.colour(GREY));
    }

    fn title(&self) -> String {
        let all: f64 = self.load.iter().sum();
        if all <= 0.0 {
            return "When work comes in, and when agents are there".to_owned();
        }
        let staffed: f64 = self.staff.iter().sum();
        if all > staffed {
            return format!(
                "More work comes in than agents are there for: {} hours a week for {} at the queue",
                words::about(all),
                words::about(staffed)
            );
        }
        // Outside the roster people finish what they have in hand, and are there for that only.
        let manned = |hour: &usize| self.rostered[*hour] >= 0.5;
        let away: f64 = (0..168).filter(|hour| !manned(hour)).map(|hour| self.load[hour]).sum();
        let away = match away / all {
            share if share < 0.005 => String::new(),
            share => {
                format!("; {} of the work comes in while nobody is there", words::share(share))
            }
        };
        let tightest =
            (0..168).filter(manned).max_by(|a, b| self.short(*a).total_cmp(&self.short(*b)));
        match tightest {
            Some(hour) if self.short(hour) > 0.05 => {
                let (day, from) = (DAYS[hour / 24], hour % 24);
                let work = words::count(self.load[hour]);
                let staff = words::count(self.staff[hour]);
                format!(
                    "{day} from {from} to {} is tightest: work for {work} comes in, {staff} are \
                     at the queue{away}",
                    from + 1
                )
            }
            Some(_) => format!("While the desk is open, agents keep up with what comes in{away}"),
            None => "Work comes in, and nobody is at the queue".to_owned(),
        }
    }
}

fn shade(short: f64, most: f64) -> Colour {
    if most <= 0.0 {
        return GRID;
    }
    // The square root keeps small differences visible beside a large one.
    let share = (short.abs() / most).sqrt() * 0.9;
    WHITE.towards(if short > 0.0 { VERMILION } else { BLUE }, share)
}

/// A difference with its sign: "+6", "−3", "0"; with a decimal only where all are small.
fn signed(value: f64, most: f64) -> String {
    let size = value.abs();
    let number = match most {
        most if most < 9.95 => format!("{size:.1}"),
        most if most >= 9999.5 => format!("{:.0}k", size / 1000.0),
        _ => format!("{size:.0}"),
    };
    match value {
        _ if number.chars().all(|digit| matches!(digit, '0' | '.' | 'k')) => "0".to_owned(),
        v if v > 0.0 => format!("+{number}"),
        _ => format!("−{number}"),
    }
}
