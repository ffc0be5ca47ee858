//! `report.html`: the whole answer on one page that needs nothing beside it, for whoever did not run it.
//!
//! It is made from `Results` alone, and says in this order what a reader asks: what happens, what to be
//! careful about, the pictures, every figure with its interval, what was assumed, and where it comes from.

use super::charts::Chart;
use super::results::{DefaultResult, MeasureResult, Results, Scope, WeekResult};
use super::text::{self, count, date, several, value};
use crate::outcome::measure::{MEASURES, Measure, Unit};
use crate::stats::Estimate;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// What it looks like, on a screen and on paper.
const STYLE: &str = include_str!("page.css");

/// The page, with the charts that were drawn of the same results.
pub fn page(results: &Results, charts: &[Chart]) -> String {
    let about = &results.scenario;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (about.name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.small { "surgecast" }
                    h1 { (about.name) }
                    p.small {
                        (date(&about.start, "")) " to " (date(&about.end, "")) ", " (about.time_zone) ", "
                        (several(results.runs.done, "simulated season"))
                        @if !about.changes.is_empty() { ", with " (text::listed(&about.changes)) }
                    }
                }
                @for note in &results.notes { p.note { "Note: " (note) "." } }
                p.lead { (text::sentence(results)) }
                @for remark in text::remarks(results) { p { (remark) } }
                (table(&text::key_figures(results)))
                @for chart in charts { figure { (PreEscaped(&chart.svg)) } }
                (figures(results))
                (by_scope(results, "By ticket class", &about.tickets, |scope| match scope {
                    Scope::Tickets(name) => Some(name),
                    Scope::Desk | Scope::Team(_) => None,
                }))
                (by_scope(results, "By team", &about.teams, |scope| match scope {
                    Scope::Team(name) => Some(name),
                    Scope::Desk | Scope::Tickets(_) => None,
                }))
                (weeks(results))
                (events(results))
                (assumptions(results))
                (definitions(results))
                (provenance(results))
            }
        }
    }
    .into_string()
}

/// A figure with its interval below it.
fn estimate(estimate: &Estimate, unit: Unit) -> Markup {
    html! {
        (value(estimate.value, unit))
        @if let Some(within) = estimate.interval {
            br;
            span.small { (value(within.low, unit)) " to " (value(within.high, unit)) }
        }
    }
}

/// Measures with their intervals.
fn table(known: &[(&Measure, Estimate)]) -> Markup {
    html! {
        table {
            thead { tr { th { "measure" } th.number { "mean, or share" } th.number { "95 % interval" } } }
            tbody {
                @for (measure, estimate) in known {
                    tr {
                        td title=(measure.definition) { (measure.title) }
                        td.number { (value(estimate.value, measure.unit)) }
                        td.number.small {
                            @if let Some(within) = estimate.interval {
                                (value(within.low, measure.unit)) " to "
                                (value(within.high, measure.unit))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// All measures of the desk, in the order of the registry.
fn figures(results: &Results) -> Markup {
    let of_desk = |measure: &Measure| {
        let is = |m: &&MeasureResult| m.key == measure.key && m.scope == Scope::Desk;
        results.measures.iter().find(is)?.estimate
    };
    let known = MEASURES.iter().filter_map(|measure| Some((measure, of_desk(measure)?)));
    let nothing = |estimate: &Estimate| estimate.value == 0.0;
    // What this desk does not have would bury what it has.
    let known: Vec<_> = known.filter(|(_, estimate)| !nothing(estimate)).collect();
    html! {
        details {
            summary { "The desk in " (known.len()) " figures" }
            (table(&known))
        }
    }
}

/// A table with a column for each class or team, and a row for each measure that any of them has.
fn by_scope(
    results: &Results,
    title: &str,
    names: &[String],
    name_of: impl Fn(&Scope) -> Option<&String>,
) -> Markup {
    let of = |measure: &Measure, name: &String| {
        let mut same = results.measures.iter().filter(|m| m.key == measure.key);
        same.find(|m| name_of(&m.scope) == Some(name)).and_then(|m| m.estimate)
    };
    let rows: Vec<(&Measure, Vec<Option<Estimate>>)> = MEASURES
        .iter()
        .map(|measure| (measure, names.iter().map(|name| of(measure, name)).collect()))
        .filter(|(_, row): &(_, Vec<Option<Estimate>>)| {
            row.iter().flatten().any(|estimate| estimate.value != 0.0)
        })
        .collect();
    html! {
        @if names.len() > 1 && !rows.is_empty() {
            details {
                summary { (title) }
                div.wide {
                    table {
                        thead { tr { th { "measure" } @for name in names { th.number { (name) } } } }
                        tbody {
                            @for (measure, row) in rows {
                                tr {
                                    td title=(measure.definition) { (measure.title) }
                                    @for cell in row {
                                        td.number {
                                            @if let Some(cell) = cell { (estimate(&cell, measure.unit)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn weeks(results: &Results) -> Markup {
    let share =
        |kept: &Option<Estimate>| kept.map_or(String::new(), |e| value(e.value, Unit::Share));
    let work = |week: &WeekResult| week.work_hours.iter().sum::<f64>();
    html! {
        details {
            summary { "Week by week" }
            table {
                thead {
                    tr {
                        th { "week of" }
                        th.number { "new tickets" } th.number { "solved" }
                        th.number { "first replies within the promise" }
                        th.number { "solutions within the promise" }
                        th.number { "hours of work" } th.number { "agent hours at the queue" }
                    }
                }
                tbody {
                    @for week in &results.weeks {
                        tr {
                            td { (date(&week.from, &results.scenario.start)) }
                            td.number { (count(week.created)) } td.number { (count(week.solved)) }
                            td.number { (share(&week.reply_attainment)) }
                            td.number { (share(&week.solution_attainment)) }
                            td.number { (count(work(week))) } td.number { (count(week.staffed_hours)) }
                        }
                    }
                }
            }
        }
    }
}

fn events(results: &Results) -> Markup {
    let on = |at: &str| date(at, &results.scenario.start);
    html! {
        @if !results.events.is_empty() {
            details {
                summary { "What is planned and expected" }
                ul {
                    @for event in &results.events {
                        li {
                            (text::capital(&event.label)) ": " (on(&event.at))
                            @if let Some(until) = &event.until { " to " (on(until)) }
                        }
                    }
                }
            }
        }
    }
}

fn assumptions(results: &Results) -> Markup {
    let assumed = results.defaults.iter().filter(|default| default.is_assumed()).count();
    let range = |default: &DefaultResult| {
        format!("{} to {} {}", default.low, default.high, default.unit).trim().to_string()
    };
    html! {
        @if !results.defaults.is_empty() {
            details {
                summary {
                    (results.defaults.len()) " numbers are defaults, " (assumed)
                    " of them judged, recalled or from vendors"
                }
                table {
                    thead {
                        tr { th { "what" } th { "value" } th { "range" } th { "grade" } th { "source" } }
                    }
                    tbody {
                        @for default in &results.defaults {
                            tr.assumed[default.is_assumed()] {
                                td { code { (default.key) } } td { (default.value) }
                                td { (range(default)) } td { (default.grade) } td { (default.source) }
                            }
                        }
                    }
                }
                p.small { "A and B are published; C is from vendors, R recalled, J judged." }
            }
        }
    }
}

fn definitions(results: &Results) -> Markup {
    html! {
        details {
            summary { "What the measures mean" }
            dl {
                @for definition in &results.definitions {
                    dt { (definition.title) }
                    dd { (definition.definition) }
                }
            }
        }
    }
}

fn provenance(results: &Results) -> Markup {
    let (runs, from) = (&results.runs, &results.provenance);
    html! {
        footer.small {
            p {
                "The same again: "
                code {
                    "surgecast run " (from.file) " --seed " (runs.seed) " --replications " (runs.done)
                    @for change in &results.scenario.changes { " --set " (change) }
                }
            }
            p {
                "surgecast " (from.version) ", " (from.finished) ", " (from.machine) ". Scenario "
                code { (results.scenario.digest) }
                ". Intervals are 95 % confidence"
                @if runs.adjusted { "; means are adjusted for how busy the simulated days happened to be" }
                "."
            }
        }
    }
}
