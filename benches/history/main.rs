//! Holds what `fit` measures in real exports against figures that somebody else has computed from them.
//!
//! `cargo bench --bench history -- FOLDER`, where FOLDER has the four exports that docs/fitting.md names
//! and `facts.json` beside them. The data are not ours to give away, so nothing happens without the
//! folder. Counts must agree exactly, means and percentiles to the digits given; any difference fails.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use surgecast::history::spans::Spans;
use surgecast::history::{Asked, Facts, measure, read};
use surgecast::sheet::{Sheet, decode};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("name the folder with the exports and facts.json");
        return ExitCode::SUCCESS;
    };
    let folder = Path::new(&folder);
    let known = std::fs::read_to_string(folder.join("facts.json")).expect("facts.json is there");
    let known: Value = serde_json::from_str(&known).expect("facts.json is JSON");
    let mut held = Held { compared: 0, differ: 0 };
    incidents(folder, &known["servicenow_incidents"], &mut held);
    feedback(folder, &known["vancouver311_feedback_2023"], &mut held);
    daily(folder, &known["vancouver311_contact_centre_daily"], &mut held);
    calls(folder, &known["anonbank_1999_01_02"], &mut held);
    println!("{} figures compared, {} differ", held.compared, held.differ);
    if held.differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How many figures agreed.
struct Held {
    compared: usize,
    differ: usize,
}

impl Held {
    /// A figure beside the known one: as close as its last digit says.
    fn is(&mut self, what: &str, ours: f64, known: &Value) {
        let text = known.to_string();
        let wanted: f64 = text.parse().unwrap_or(f64::NAN);
        let digits = text.split_once('.').map_or(0, |(_, behind)| behind.len() as i32);
        let near = if digits == 0 { 1e-9 } else { 0.500_001 * 10.0_f64.powi(-digits) };
        self.compared += 1;
        // What is no number on either side does not agree.
        if !(ours - wanted).abs().le(&near) {
            self.differ += 1;
            println!("  {what}: {ours}, known {text}");
        }
    }

    fn are<'a>(
        &mut self,
        what: &str,
        ours: impl Iterator<Item = f64>,
        known: impl Iterator<Item = &'a Value>,
    ) {
        let (ours, known): (Vec<f64>, Vec<&Value>) = (ours.collect(), known.collect());
        self.is(&format!("{what}, how many"), ours.len() as f64, &Value::from(known.len()));
        for (place, (ours, known)) in ours.into_iter().zip(known).enumerate() {
            self.is(&format!("{what} {place}"), ours, known);
        }
    }

    fn spans(&mut self, what: &str, ours: Option<&Spans>, known: &Value) {
        let Some(ours) = ours else { return self.is(what, f64::NAN, known) };
        for (name, value) in [
            ("n", ours.n as f64),
            ("mean", ours.mean),
            ("p50", ours.median),
            ("p75", ours.p75),
            ("p90", ours.p90),
            ("p95", ours.p95),
        ] {
            self.is(&format!("{what} {name}"), value, &known[name]);
        }
    }

    /// When contacts come: by weekday, hour and day.
    fn arrivals(&mut self, facts: &Facts, known: &Value) {
        let ours = &facts.arrivals;
        self.is("contacts", ours.contacts as f64, &known["n"]);
        let weekdays =
            |of: fn(&surgecast::history::arrivals::DayOfWeek) -> f64| ours.weekdays.iter().map(of);
        self.are(
            "of weekday",
            weekdays(|day| day.contacts as f64),
            values(&known["count_by_weekday"]),
        );
        self.are("mean of weekday", weekdays(|day| day.mean), values(&known["mean_per_weekday"]));
        self.are(
            "median of weekday",
            weekdays(|day| day.median),
            values(&known["median_per_weekday"]),
        );
        let spread = weekdays(|day| day.var_to_mean.unwrap_or(f64::NAN));
        self.are("variance to mean", spread, values(&known["var_to_mean_within_weekday"]));
        self.are(
            "of hour",
            ours.by_hour.iter().map(|n| *n as f64),
            values(&known["count_by_hour"]),
        );
        let week = ours.by_week_hour.iter().flatten().map(|n| *n as f64);
        self.are("of hour of week", week, values(&known["count_by_weekday_hour"]).flat_map(values));
        self.are("of day", ours.daily.iter().map(|n| *n as f64), values(&known["daily"]["counts"]));
    }
}

/// The values of a list, or of a table in the order of Monday to Sunday and else as written.
fn values(of: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    const WEEK: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    match of {
        Value::Array(list) => Box::new(list.iter()),
        Value::Object(table) if table.contains_key("Mon") => {
            Box::new(WEEK.iter().map(|day| &table[*day]))
        }
        Value::Object(table) => Box::new(table.values()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Box::new(std::iter::empty())
        }
    }
}

/// What is measured in a file, and how long that takes.
fn facts(folder: &Path, name: &str, zone: &str, days: Option<(Date, Date)>) -> Facts {
    let begun = Instant::now();
    let path = folder.join(name);
    let mut bytes = Vec::new();
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let is_packed = name.ends_with(".gz");
    let mut reader: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    reader.read_to_end(&mut bytes).expect("the file can be read");
    let sheet = Sheet::parse(&decode(&bytes)).expect("the file is CSV");
    let zone = TimeZone::get(zone).expect("the zone exists");
    let history = read(&sheet, &zone, &Asked::default()).expect("the columns are known");
    let (from, until) = days.unzip();
    let facts = measure(&history, from, until).expect("there are contacts");
    println!("{name}: {} rows, {:.2} s", facts.rows, begun.elapsed().as_secs_f64());
    facts
}

fn date(text: &Value) -> Date {
    text.as_str().and_then(|text| text.get(..10)?.parse().ok()).expect("a date")
}

fn incidents(folder: &Path, known: &Value, held: &mut Held) {
    let name = "servicenow_incident_event_log.csv.gz";
    // Which days the export covers is found, not said.
    let ours = facts(folder, name, "UTC", None);
    held.is("rows", ours.rows as f64, &known["rows"]);
    held.is("tickets", ours.contacts as f64, &known["tickets"]);
    held.arrivals(&ours, &known["arrivals_main_window"]);
    let open = ours.days.iter().map(|day| day.open as f64);
    let known_open = &known["backlog_main_window_by_resolved"]["open_end_of_day"];
    held.are("open", open, values(known_open).take(ours.days.len()));
    let all =
        facts(folder, name, "UTC", Some((date(&known["opened_min"]), date(&known["opened_max"]))));
    held.spans("resolution", all.solved.as_ref(), &known["resolution_hours_opened_to_resolved"]);
    for (what, ours) in [
        ("made_sla_share", all.kept),
        ("reassigned_share", all.moved),
        ("reassignments_mean", all.moves),
        ("reopened_share_by_reopen_count", all.reopened),
    ] {
        held.is(what, ours.unwrap_or(f64::NAN), &known[what]);
    }
    for (parts, known) in
        [(&all.priorities, &known["priority_mix"]), (&all.channels, &known["channel_mix"])]
    {
        for part in parts.iter() {
            held.is(&part.name, part.tickets as f64, &known[&part.name]);
        }
    }
    for (state, hours) in &all.states {
        let known = &known["hours_in_state_total"][state];
        if !known.is_null() {
            held.is(state, *hours, known);
        }
    }
}

fn feedback(folder: &Path, known: &Value, held: &mut Held) {
    let days = (date(&known["arrivals"]["window_start"]), date(&known["arrivals"]["window_end"]));
    let name = "vancouver311_feedback_2023.csv";
    let ours = facts(folder, name, "America/Vancouver", Some(days));
    held.is("rows", ours.rows as f64, &known["rows"]);
    held.arrivals(&ours, &known["arrivals"]);
    let open = ours.days.iter().map(|day| day.open as f64);
    held.are("open", open, values(&known["backlog"]["open_end_of_day"]).take(ours.days.len()));
    let all = (date(&known["opened_min_local"]), date(&known["opened_max_local"]));
    let all = facts(folder, name, "America/Vancouver", Some(all));
    let in_days = |hours: Option<f64>| hours.map_or(f64::NAN, |hours| hours / 24.0);
    let open_for = all.open_for.as_ref().expect("tickets end in this file");
    for (what, ours) in [("p50", open_for.median), ("p90", open_for.p90), ("p95", open_for.p95)] {
        held.is(what, in_days(ours), &known["resolution_days_km_quantiles"][what]);
    }
    for part in &all.channels {
        held.is(&part.name, part.tickets as f64, &known["channel_mix"][&part.name]);
    }
}

fn daily(folder: &Path, known: &Value, held: &mut Held) {
    let ours = facts(folder, "vancouver311_contact_centre_daily_2009-2021.csv", "UTC", None);
    held.is("offered", ours.contacts as f64, &known["offered_total"]);
    let weekdays = ours.arrivals.weekdays.iter().map(|day| day.mean);
    held.are("mean of weekday", weekdays, values(&known["offered_mean_by_weekday"]));
    let missing: Vec<Value> =
        ours.arrivals.missing.iter().map(|day| day.to_string().into()).collect();
    held.is(
        "missing days are the same",
        f64::from(u8::from(Value::Array(missing) == known["missing_dates"])),
        &1.into(),
    );
}

fn calls(folder: &Path, known: &Value, held: &mut Held) {
    let ours = facts(folder, "anonbank_calls_1999-01_02.csv.gz", "Asia/Jerusalem", None);
    held.is("calls", ours.rows as f64, &known["calls"]);
    let log = ours.calls.as_ref().expect("these are calls");
    held.is("queued", log.queued, &known["queued_share_of_calls_wanting_service"]);
    held.is("abandoned", log.abandoned, &known["abandoned_share_of_calls_wanting_service"]);
    held.spans(
        "wait of the answered",
        log.wait_answered.as_ref(),
        &known["wait_seconds_queued_served"],
    );
    held.spans("wait of the others", log.wait_abandoned.as_ref(), &known["wait_seconds_abandoned"]);
    held.spans("handle time", ours.handle.as_ref(), &known["handle_seconds"]);
    for part in &ours.classes {
        let known = &known["handle_seconds_by_type"][&part.name];
        if !known.is_null() {
            held.spans(&part.name, part.handle.as_ref(), known);
        }
    }
    // Sundays to Thursdays.
    let arrivals = &ours.arrivals;
    let days = [0, 1, 2, 3, 6];
    let count: usize = days.iter().map(|day| arrivals.weekdays[*day].days).sum();
    let of_hour =
        |hour: usize| days.iter().map(|day| arrivals.by_week_hour[*day][hour]).sum::<u64>() as f64;
    let by_hour = (0..24).map(|hour| of_hour(hour) / count as f64);
    held.are(
        "wanting in hour",
        by_hour,
        values(&known["arrivals_wanting_service_mean_by_hour_sun_thu"]),
    );
}
