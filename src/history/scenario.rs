//! A scenario from facts: every figure with what it rests on, and a word on all that an export does not
//! hold.

use super::arrivals::{Window, weekday_of};
use super::asked::{By, Fitting};
use super::facts::{Facts, Part};
use super::figures::{Figures, figures, open_hours, resampled, weeks_of};
use super::opening::{OPENING, open_tickets};
use super::records::{History, Kind, Record};
use super::shape::Questions;
use super::spans::Spans;
use super::staff::Staff;
use crate::problem::grouped;
use crate::stats::quantile::Ordered;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use std::fmt::Write;

/// A class needs this share of the contacts to be one of its own.
const LEAST_SHARE: f64 = 0.02;

/// Most classes.
const MOST_CLASSES: usize = 12;

/// A scenario and the list of open tickets beside it.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// The scenario, in TOML.
    pub scenario: String,
    /// Tickets that are open when it begins; nothing where that is not known.
    pub opening: Option<String>,
    /// The weeks that say how many come now, and how they fare.
    pub weeks: Vec<Window>,
    /// The ticket classes, with their shares of the contacts.
    pub classes: Vec<(String, f64)>,
}

/// Writes the scenario of the weeks after an export.
pub fn draft(facts: &Facts, history: &History, asked: &Fitting) -> Draft {
    let window = facts.arrivals.window;
    let weeks = asked.recent.unwrap_or(facts.recent_weeks);
    let first = window.until.saturating_sub((7 * i64::from(weeks) - 1).days());
    let recent = Window { from: first.max(window.from), until: window.until };
    let classes = classes(facts, asked.by);
    let name_of = |record: &Record| class_of(record, &classes, asked.by);
    let knows_backlog = facts.kind == Kind::Tickets && !facts.days.is_empty() && is_live(facts);
    let as_of = facts.as_of.date();
    let start = if knows_backlog {
        let next = facts.as_of.time() > Time::midnight();
        as_of.saturating_add(i64::from(next).days()).max(window.until.saturating_add(1.day()))
    } else {
        let ahead = 7 - weekday_of(window.until) as i64;
        window.until.saturating_add(ahead.days())
    };
    let weeks = weeks_of(recent);
    let Figures { level, questions } = figures(facts, history, &weeks);
    let opening = knows_backlog.then(|| {
        let shifts = open_hours(facts, history, recent);
        open_tickets(history, &name_of, questions, &shifts)
    });
    let mut text = heading(facts, asked, recent, start);
    if opening.is_some() {
        let _ = write!(
            text,
            "[opening]\nfile = \"{OPENING}\"                      # what was open on {}\n\n",
            facts.as_of.date()
        );
    }
    let staff = Staff::of(facts, history, asked, recent, questions);
    for (name, shifts) in &staff.calendars {
        let _ = writeln!(text, "{}{}", staff.about_hours, shifts.toml(name));
    }
    text.push_str(&profile(facts));
    for class in &classes {
        text.push_str(&tickets(facts, class, level, asked, &staff, questions));
    }
    text.push_str(&staff.team);
    let draft = Draft {
        scenario: text,
        opening,
        weeks,
        classes: classes.into_iter().map(|c| (c.name, c.share)).collect(),
    };
    let others = resampled(facts, history, &draft.weeks, RESAMPLED);
    Draft {
        scenario: format!(
            "{}{}{}",
            draft.scenario,
            draft.uncertain(&others),
            unknown(facts, asked)
        ),
        ..draft
    }
}

/// Whether what was open when the new tickets end is known: not where the file goes on for long.
fn is_live(facts: &Facts) -> bool {
    facts.as_of.date() <= facts.arrivals.window.until.saturating_add(7.days())
}

impl Draft {
    /// The overrides that set the scenario to other figures.
    pub fn overrides(&self, figures: &Figures) -> Vec<String> {
        let mut all = Vec::new();
        for (class, share) in &self.classes {
            all.push(format!("tickets.{class}.arrivals.per_day={:.3}", figures.level * share));
            if let Some(questions) = figures.questions {
                let pending = format!("tickets.{class}.pending");
                all.push(format!("{pending}.asks={:.5}", questions.asks));
                all.push(format!("{pending}.reply_after.mean={:.3} h", questions.mean));
                all.push(format!("{pending}.reply_after.cv={:.3}", questions.cv));
            }
        }
        all
    }

    /// What the figures may be: as the recent weeks would have it if others of them had come, nine times in
    /// ten.
    fn uncertain(&self, others: &[Figures]) -> String {
        if others.is_empty() {
            return String::new();
        }
        let range = |of: &dyn Fn(&Figures) -> Option<f64>| {
            let values = Ordered::new(others.iter().filter_map(of).collect());
            Some((values.between(0.05)?, values.between(0.95)?))
        };
        let heading = String::from(
            "\n# What the recent weeks leave open, nine times in ten (weeks drawn anew): surgecast sensitivity varies it.\n[uncertain]\n",
        );
        let mut text = String::new();
        for (class, share) in &self.classes {
            // A range without width is none.
            let differ = |low: f64, high: f64, digits: usize| {
                format!("{low:.digits$}") != format!("{high:.digits$}")
            };
            let level = range(&|figures| Some(figures.level * share));
            if let Some((low, high)) = level.filter(|(low, high)| differ(*low, *high, 2)) {
                let _ =
                    writeln!(text, "tickets.{class}.arrivals.per_day = \"{low:.2}..{high:.2}\"");
            }
            let answers = range(&|figures| Some(figures.questions?.mean));
            if let Some((low, high)) = answers.filter(|(low, high)| differ(*low, *high, 1)) {
                let _ = writeln!(
                    text,
                    "tickets.{class}.pending.reply_after.mean = \"{low:.1} h..{high:.1} h\""
                );
            }
        }
        if text.is_empty() { text } else { heading + &text }
    }
}

/// How often weeks are drawn anew.
const RESAMPLED: usize = 100;

/// A class of the scenario.
struct Class {
    /// Its name in the scenario.
    name: String,
    /// What stands in the export; nothing for all others.
    written: Option<String>,
    share: f64,
    handle: Option<Spans>,
}

fn classes(facts: &Facts, by: By) -> Vec<Class> {
    let parts: &[Part] = match by {
        By::Nothing => &[],
        By::Class => &facts.classes,
        By::Channel => &facts.channels,
    };
    let all = if facts.kind == Kind::Tickets { "tickets" } else { "calls" };
    let large = parts.iter().filter(|part| part.share >= LEAST_SHARE).take(MOST_CLASSES);
    let mut classes: Vec<Class> = large
        .map(|part| Class {
            name: plain(&part.name),
            written: Some(part.name.clone()),
            share: part.share,
            handle: part.handle.clone(),
        })
        .collect();
    let rest = 1.0 - classes.iter().map(|class| class.share).sum::<f64>();
    if rest > 1e-9 {
        let name = if classes.is_empty() { all } else { "other" }.to_string();
        classes.push(Class { name, written: None, share: rest, handle: facts.handle.clone() });
    }
    // Two that are alike in plain letters get numbers.
    for place in 1..classes.len() {
        let taken = |name: &str| classes[..place].iter().any(|class| class.name == name);
        if taken(&classes[place].name) {
            let numbered = (2..).map(|n| format!("{}-{n}", classes[place].name));
            if let Some(name) = { numbered }.find(|name| !taken(name)) {
                classes[place].name = name;
            }
        }
    }
    classes
}

/// The class of a record, by its name in the scenario.
fn class_of<'a>(record: &Record, classes: &'a [Class], by: By) -> &'a str {
    let written = match by {
        By::Nothing => "",
        By::Class => &record.class,
        By::Channel => &record.channel,
    };
    let named = classes.iter().find(|class| class.written.as_deref() == Some(written));
    named.or(classes.last()).map_or("", |class| &class.name)
}

/// A name that needs no quotes in TOML.
fn plain(name: &str) -> String {
    let letters =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let joined: String = letters.collect();
    let parts: Vec<&str> = joined.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "class".to_string() } else { parts.join("-") }
}

fn heading(facts: &Facts, asked: &Fitting, recent: Window, start: Date) -> String {
    let arrivals = &facts.arrivals;
    let what = match facts.kind {
        Kind::Tickets => "tickets",
        Kind::Calls => "calls that wanted an agent",
        Kind::Counts => "contacts",
    };
    let length = asked.days.map_or("weeks = 12".to_string(), |days| format!("days = {days}"));
    format!(
        "# {}: fitted from {}, {} {what} from {} to {}.\n# How many come, and how they fare, is as from {} on; \
         the shape of the week is that of all these days.\n# What a figure rests on stands beside it; what the \
         file does not hold is said at the end.\n\nname = {}\nstart = {start}\n{length}\ntime_zone = {}\n\n",
        asked.name,
        asked.file,
        grouped(arrivals.contacts),
        arrivals.window.from,
        arrivals.window.until,
        recent.from,
        quoted(&asked.name),
        quoted(&asked.zone),
    )
}

/// A text in the quotes of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

/// The shape of the week.
fn profile(facts: &Facts) -> String {
    let week = facts.arrivals.week();
    let usual = week.iter().sum::<f64>() / 168.0;
    let mut text = String::from(
        "# Contacts in each hour of the week, Monday's first; the average hour has 1.\n[profiles.measured]\nweek = [\n",
    );
    for day in week.chunks(24) {
        let weights: Vec<String> = day
            .iter()
            .map(|weight| format!("{:.3}", (weight / usual.max(1e-9)).max(0.0)))
            .collect();
        let _ = writeln!(text, "  {},", weights.join(", "));
    }
    text.push_str("]\n\n");
    text
}

fn tickets(
    facts: &Facts,
    class: &Class,
    level: f64,
    asked: &Fitting,
    staff: &Staff,
    questions: Option<Questions>,
) -> String {
    let mut text = format!("[tickets.{}]\n", class.name);
    if let Some(written) = class.written.as_ref().filter(|written| **written != class.name) {
        let _ = writeln!(text, "# {} in the file", quoted(written));
    }
    let _ = writeln!(
        text,
        "arrivals = {{ per_day = {:.2}, profile = \"measured\", busyness_cv = {:.3} }}",
        level * class.share,
        facts.arrivals.busyness_cv
    );
    let channel = if facts.kind == Kind::Tickets { "email" } else { "phone" };
    let _ = writeln!(text, "channel = \"{channel}\"");
    if let Some(shares) = urgency(facts).filter(|_| asked.by == By::Nothing) {
        let _ = writeln!(text, "urgency = {shares}");
    }
    let measured = class.handle.as_ref().filter(|_| asked.handle.is_none());
    let _ = match measured {
        // Of a ticket the whole is known, not each touch.
        Some(handle) if facts.kind == Kind::Tickets => writeln!(
            text,
            "handle = {{ mean = \"{:.1} s\", cv = {:.2} }}   # of {} in the file, over the touches of a ticket",
            handle.mean / staff.touches,
            handle.cv.clamp(0.05, 15.0),
            handle.n
        ),
        Some(handle) if facts.kind == Kind::Counts => {
            writeln!(text, "handle = \"{:.1} s\"   # the mean in the file", handle.mean)
        }
        Some(handle) => writeln!(
            text,
            "handle = {{ mean = \"{:.1} s\", cv = {:.2} }}   # of {} in the file",
            handle.mean,
            handle.cv.clamp(0.05, 15.0),
            handle.n
        ),
        None => writeln!(text, "handle = \"{:.2} min\"   # {}", staff.handle, staff.about_handle),
    };
    if let Some(patience) = facts.calls.as_ref().and_then(|calls| calls.patience) {
        let _ = writeln!(
            text,
            "patience = {{ mean = \"{patience:.0} s\" }}   # all waiting over those who gave up"
        );
    }
    if let Some(reopened) = facts.reopened.filter(|share| *share > 0.0) {
        let _ = writeln!(text, "reopen = \"{:.2}%\"   # came back at least once", 100.0 * reopened);
    }
    if let Some(questions) = questions {
        let _ = write!(
            text,
            "# {:.0} % are not done within four open hours, for whatever reason; the times are such that they are open\n\
             # as long as they were, in mean and spread, with the nights that answers wait for somebody to read them.\n\
             pending = {{ asks = \"{:.2}%\", at_most = 1, no_reply = 0, close_after = \"3650 d\", reply_after = {{ mean = \"{:.2} h\", cv = {:.2} }} }}\n",
            100.0 * questions.asks,
            100.0 * questions.asks,
            questions.mean,
            questions.cv
        );
    }
    text.push('\n');
    text
}

/// Shares of urgencies, where the priorities of the export can be read as such.
fn urgency(facts: &Facts) -> Option<String> {
    if facts.priorities.is_empty() {
        return None;
    }
    let mut shares = [0; 4];
    for part in &facts.priorities {
        let word = part.name.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| word.contains(w));
        let place = match () {
            () if has(&["urgent", "critical", "highest", "p1"]) => 0,
            () if has(&["high", "p2"]) => 1,
            () if has(&["normal", "moderate", "medium", "p3"]) => 2,
            () if has(&["low", "planning", "p4", "p5"]) => 3,
            () => return None,
        };
        shares[place] += (part.share * 1e4).round() as i64;
    }
    // What rounding has left over goes to the most frequent, so that they sum to 100 %.
    let left = 10_000 - shares.iter().sum::<i64>();
    *shares.iter_mut().max()? += left;
    let names = ["urgent", "high", "normal", "low"];
    let parts: Vec<String> = names
        .iter()
        .zip(shares)
        .filter(|(_, share)| *share > 0)
        .map(|(name, share)| format!("{name} = \"{:.2}%\"", share as f64 / 100.0))
        .collect();
    (!parts.is_empty()).then(|| format!("{{ {} }}", parts.join(", ")))
}

/// What to look at before the scenario is believed.
fn unknown(facts: &Facts, asked: &Fitting) -> String {
    let mut text =
        String::from("\n# Not in the file, and so as our defaults have it or left out:\n");
    let mut missing =
        vec!["what is promised, and customers who ask again while they wait (the snowball)"];
    let said = asked.agents.is_some() || asked.handle.is_some();
    if facts.handle.is_none() && !said {
        missing.push("how long an agent works on a ticket");
    }
    if facts.staffing.is_empty() {
        missing.push(if said {
            "when people are there"
        } else {
            "how many people are there, and when"
        });
    }
    if facts.reopened.is_none() {
        missing.push("tickets that come back");
    }
    if facts.moved.is_some_and(|share| share > 0.05) {
        missing.push("the teams behind this one: tickets are passed on, here they stay");
    }
    if facts.kind == Kind::Tickets && !facts.days.is_empty() && !is_live(facts) {
        missing.push("what is open at the start: the file goes on after the last day of new tickets (--until DAY takes it as it was then)");
    }
    for what in missing {
        let _ = writeln!(text, "# - {what}");
    }
    // On a Sunday with few contacts chance makes a quiet day; a holiday is one on a day that is busy.
    let busy = (0..7).map(|weekday| facts.arrivals.usual(weekday)).fold(0.0, f64::max);
    let holidays =
        facts.arrivals.unusual.iter().filter(|day| day.is_quiet() && 2.0 * day.usual > busy);
    let quiet: Vec<String> = holidays.map(|day| day.date.to_string()).collect();
    if !quiet.is_empty() {
        let _ = writeln!(
            text,
            "# These days were quiet, as holidays are; write those to come as `closed` in the calendar:\n# {}",
            quiet.join(", ")
        );
    }
    text
}
