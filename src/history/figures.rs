//! How many come now and how they fare, from the recent weeks, and how well these weeks say so.

use super::arrivals::{Window, days_from, weekday_of};
use super::facts::Facts;
use super::records::History;
use super::shape::{Questions, questions};
use super::shifts::Shifts;
use crate::rng::Generator;
use jiff::ToSpan;
use rand::RngExt;

/// Drawn weeks are the same whenever they are drawn.
const SEED: u64 = 0x5eed;

/// A day is open where it has this share of what is done on the busiest.
const OPEN_DAY: f64 = 0.2;

/// What a scenario takes from the recent weeks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Figures {
    /// Contacts a day.
    pub level: f64,
    /// Questions that explain how long tickets are open; nothing where that is not known.
    pub questions: Option<Questions>,
}

/// The weeks of a window, the last first; what is left at its beginning is a shorter one.
pub fn weeks_of(window: Window) -> Vec<Window> {
    let mut weeks = Vec::new();
    let mut until = window.until;
    while until >= window.from {
        let from = until.saturating_sub(6.days()).max(window.from);
        weeks.push(Window { from, until });
        until = from.saturating_sub(1.day());
    }
    weeks
}

/// What those weeks say.
pub fn figures(facts: &Facts, history: &History, weeks: &[Window]) -> Figures {
    let explained = (!facts.days.is_empty()).then(|| {
        let whole = Window {
            from: weeks.iter().map(|week| week.from).min().unwrap_or(facts.arrivals.window.from),
            until: facts.arrivals.window.until,
        };
        questions(history, weeks, &open_hours(facts, history, whole))
    });
    Figures { level: level(facts, weeks), questions: explained.flatten() }
}

/// What so many other samples of the same weeks would have said, each drawn with replacement. Nothing where
/// there are fewer than three weeks to draw from.
pub fn resampled(
    facts: &Facts,
    history: &History,
    weeks: &[Window],
    samples: usize,
) -> Vec<Figures> {
    let samples = if weeks.len() < 3 { 0 } else { samples };
    let mut chance = Generator::seeded(SEED);
    let mut draw = || weeks[chance.random_range(0..weeks.len())];
    let drawn: Vec<Vec<Window>> =
        (0..samples).map(|_| (0..weeks.len()).map(|_| draw()).collect()).collect();
    drawn.iter().map(|weeks| figures(facts, history, weeks)).collect()
}

/// Contacts a day in the recent weeks.
fn level(facts: &Facts, weeks: &[Window]) -> f64 {
    let arrivals = &facts.arrivals;
    // Each weekday counts as often as in whole weeks, whichever days the recent ones begin and end with.
    let (mut came, mut usual) = (0.0, 0.0);
    let usual_of: [f64; 7] = std::array::from_fn(|weekday| arrivals.usual(weekday));
    for date in weeks.iter().flat_map(Window::iter) {
        let place = usize::try_from(days_from(arrivals.window.from, date)).ok();
        let contacts = place.and_then(|place| arrivals.daily.get(place));
        if let Some(contacts) = contacts.filter(|_| !arrivals.missing.contains(&date)) {
            came += *contacts as f64;
            usual += usual_of[weekday_of(date)];
        }
    }
    let week: f64 = usual_of.iter().sum();
    if usual > 0.0 { week / 7.0 * came / usual } else { arrivals.per_day }
}

/// The hours in which tickets are solved; nine to five where only the day is known.
pub fn open_hours(facts: &Facts, history: &History, recent: Window) -> Shifts {
    let mut hours = vec![0.0; 168];
    let ends = history.records.iter().filter_map(|record| record.ended);
    for ended in ends.filter(|ended| recent.has(ended.local.date())) {
        let hour = ended.local.hour().unsigned_abs() as usize;
        hours[weekday_of(ended.local.date()) * 24 + hour] += 1.0;
    }
    let most = hours.iter().copied().fold(0.0, f64::max);
    let mut days = [0.0; 7];
    for (place, value) in hours.iter().enumerate() {
        days[place / 24] += value;
    }
    if most == 0.0 {
        days = std::array::from_fn(|weekday| facts.arrivals.usual(weekday));
    }
    let busiest = days.iter().copied().fold(0.0, f64::max);
    if facts.by_day || most == 0.0 {
        return Shifts::office(&days, OPEN_DAY * busiest.max(1e-9));
    }
    // A batch that is closed in one hour of a Saturday opens no desk.
    for (place, value) in hours.iter_mut().enumerate() {
        if days[place / 24] < OPEN_DAY * busiest {
            *value = 0.0;
        }
    }
    Shifts::spanning(&hours, 0.1 * most)
}
