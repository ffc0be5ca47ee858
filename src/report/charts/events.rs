//! What is planned or expected when: a lane of names above a panel, with marks into it.

use super::canvas::{Canvas, Pen, Rect};
use super::dates;
use super::panel::Panel;
use super::text;
use super::theme::{
    Align, BLUE, Colour, GREEN, GREY, Lettering, ORANGE, PURPLE, REMARK, RULE, WHITE, WIDTH,
};
use super::words;
use crate::report::results::{Event, Results};

/// Height of a row of names.
const ROW: f64 = 22.0;
/// Rows there may be.
const MOST_ROWS: usize = 4;
/// Height of a bar.
const BAR: f64 = 18.0;
/// From the left edge of a bar to its name.
const INDENT: f64 = 6.0;
/// How names are set.
const NAME: Lettering = REMARK.size(14.0);
/// Longest name that is not shortened.
const LONGEST: f64 = 230.0;

/// An event with its place in the lane.
#[derive(Clone, PartialEq, Debug)]
struct Entry {
    from: f64,
    to: f64,
    label: String,
    kind: Kind,
    row: Option<usize>,
    label_left: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Surge,
    Hires,
    Rush,
    Message,
    Closed,
    Other,
}

impl Kind {
    fn named(kind: &str) -> Kind {
        match kind {
            "surge" => Kind::Surge,
            "hires" => Kind::Hires,
            "rush" | "overtime" => Kind::Rush,
            "bot" | "bulk-reply" | "macro" | "notice" => Kind::Message,
            "closed" => Kind::Closed,
            _ => Kind::Other,
        }
    }

    fn colour(self) -> Colour {
        match self {
            Kind::Surge => ORANGE,
            Kind::Hires => GREEN,
            Kind::Rush => PURPLE,
            Kind::Message => BLUE,
            Kind::Closed | Kind::Other => RULE,
        }
    }

    /// Who gets room first.
    fn rank(self) -> u8 {
        match self {
            Kind::Surge => 0,
            Kind::Hires => 1,
            Kind::Rush => 2,
            Kind::Message => 3,
            Kind::Other => 4,
            Kind::Closed => 5,
        }
    }
}

/// The lane of a chart.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Lane {
    entries: Vec<Entry>,
    rows: usize,
}

impl Lane {
    /// Gives each event of the results a row where there is room. `panel` is used for its time
    /// axis only.
    pub(super) fn new(results: &Results, panel: Panel) -> Lane {
        let mut entries: Vec<Entry> =
            results.events.iter().filter_map(|event| entry(event, panel)).collect();
        entries.sort_by(|a, b| a.kind.rank().cmp(&b.kind.rank()).then(a.from.total_cmp(&b.from)));
        let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); MOST_ROWS];
        for entry in &mut entries {
            let width = text::width(&entry.label, NAME) + INDENT;
            // A name that does not fit to the right of its beginning ends at the edge.
            let rightmost = WIDTH - super::theme::MARGIN - width;
            entry.label_left = entry.from.min(rightmost).max(panel.rect.left);
            let (left, right) =
                (entry.label_left.min(entry.from), entry.to.max(entry.label_left + width));
            let free = |row: &Vec<(f64, f64)>| {
                row.iter().all(|(from, to)| right + 14.0 <= *from || to + 14.0 <= left)
            };
            entry.row = taken.iter().position(free);
            if let Some(row) = entry.row {
                taken[row].push((left, right));
            }
        }
        let rows = entries.iter().filter_map(|entry| entry.row).max().map_or(0, |row| row + 1);
        Lane { entries, rows }
    }

    /// Height of the lane.
    pub(super) fn height(&self) -> f64 {
        self.rows as f64 * ROW + if self.rows > 0 { 8.0 } else { 0.0 }
    }

    /// How many events there was no room to name. Closed days are shaded and need no name.
    fn unnamed(&self) -> usize {
        let nameless = |entry: &&Entry| entry.row.is_none() && entry.kind != Kind::Closed;
        self.entries.iter().filter(nameless).count()
    }

    /// Draws the lane from `top`, and shades or marks the panels below it.
    pub(super) fn draw(&self, canvas: &mut Canvas, top: f64, panels: &[Rect]) {
        for entry in &self.entries {
            for panel in panels {
                shade(canvas, entry, *panel);
            }
        }
        if let (Some(first), more @ 1..) = (panels.first(), self.unnamed()) {
            let more = words::several(&more.to_string(), "more event", "more events");
            let at = (first.right, first.top - 13.0);
            canvas.text(at, &format!("and {more}"), NAME.align(Align::Right).colour(GREY));
        }
        for entry in &self.entries {
            let Some(row) = entry.row else { continue };
            let head = top + row as f64 * ROW;
            let middle = head + BAR / 2.0;
            let bar = Rect::new(entry.from, head, entry.to.max(entry.from + 4.0), head + BAR);
            canvas.rect(bar, entry.kind.colour().towards(WHITE, 0.6), 1.0);
            canvas.rect(Rect { right: bar.left + 3.0, ..bar }, entry.kind.colour(), 1.0);
            let foot = middle + NAME.cap_height() / 2.0;
            canvas.text((entry.label_left + INDENT, foot), &entry.label, NAME);
            if let Some(first) = panels.first()
                && entry.to - entry.from < 4.0
            {
                let pen = Pen::new(entry.kind.colour(), 1.2).dashed(2.0, 3.0);
                canvas.upright(entry.from + 1.0, head + BAR, first.bottom, pen);
            }
        }
    }
}

fn shade(canvas: &mut Canvas, entry: &Entry, panel: Rect) {
    let opacity = match entry.kind {
        Kind::Surge => 0.13,
        Kind::Closed => 0.16,
        Kind::Hires | Kind::Rush | Kind::Message | Kind::Other => return,
    };
    // Where it lasts for most of the time shown, its bar says so better than a coloured sheet.
    let most = 0.6 * (panel.right - panel.left);
    if (1.0..most).contains(&(entry.to - entry.from)) {
        let area = Rect::new(entry.from, panel.top, entry.to, panel.bottom);
        canvas.rect(area, entry.kind.colour(), opacity);
    }
}

/// The event with its place on the time axis; nothing where it lies outside or has no date.
fn entry(event: &Event, panel: Panel) -> Option<Entry> {
    let from = dates::day_number(&event.at).ok()?;
    let kind = Kind::named(&event.kind);
    let until = event.until.as_ref().and_then(|until| dates::day_number(until).ok());
    // A closed day lasts until midnight even where nobody says so.
    let to = until.unwrap_or(if kind == Kind::Closed { from.floor() + 1.0 } else { from });
    if to < panel.from || from > panel.to {
        return None;
    }
    let label = text::shorten(&words::capital(event.label.trim()), NAME, LONGEST);
    let (from, to) = (panel.x(from), panel.x(to.max(from)));
    Some(Entry { from, to, label, kind, row: None, label_left: from })
}
