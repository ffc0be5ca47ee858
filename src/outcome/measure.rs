//! The registry of measures: every figure surgecast reports, with its unit, its population, and
//! what is done with tickets that are still open at the end.

use super::row::{Row, Waits};
use super::tally::{ClassTally, TeamTally};
use crate::stats::Estimate;
use crate::ticket::Cause;
use serde::{Deserialize, Serialize};

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Tickets, touches, contacts: things.
    Count,
    /// Hours.
    Hours,
    /// A share, printed in percent.
    Share,
    /// One thing per another.
    Ratio,
    /// Days.
    Days,
    /// Money, in the scenario's currency.
    Money,
    /// Points of a scale.
    Points,
}

impl Unit {
    /// Its name, as in files.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Hours => "hours",
            Unit::Share => "share",
            Unit::Ratio => "ratio",
            Unit::Days => "days",
            Unit::Money => "money",
            Unit::Points => "points",
        }
    }
}

/// Which way is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// Less.
    Lower,
    /// More.
    Higher,
    /// Neither by itself.
    Neither,
}

/// How a measure comes from the counts of a run: a numerator and a denominator. The estimate is
/// the ratio of their sums over replications; a denominator of 1 makes it the mean per replication.
#[derive(Clone, Copy)]
pub enum Formula {
    /// From the counts of a class, or of all together.
    Tickets(fn(&ClassTally) -> (f64, f64)),
    /// From the counts of a team, or of all together.
    Teams(fn(&TeamTally) -> (f64, f64)),
    /// From a whole run.
    Run(fn(&Row) -> (f64, f64)),
    /// From the percentiles of a class's waits, or of all; `Percentile` picks one.
    Waits(fn(&Waits) -> Option<u64>),
}

/// A figure that is reported.
pub struct Measure {
    /// Stable key, as in files.
    pub key: &'static str,
    /// What reports call it.
    pub title: &'static str,
    /// Unit.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// Definition in words: formula, population, and what happens to tickets open at the end.
    pub definition: &'static str,
    /// How it is computed.
    pub formula: Formula,
}

impl PartialEq for Measure {
    /// Every measure has a key of its own.
    fn eq(&self, other: &Measure) -> bool {
        self.key == other.key
    }
}

/// Measures that are balances, which fall below zero.
const BALANCES: [&str; 4] = ["customers_by_word", "contacts_by_loyalty", "nps_proxy", "shrinkage"];

const HOUR: f64 = 3.6e9;

/// Finds a measure by its key.
pub fn find(key: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.key == key)
}

macro_rules! measures {
    ($($key:literal, $title:literal, $unit:ident, $better:ident, $definition:literal, $formula:expr;)*) => {
        /// All measures, in the order of reports.
        pub static MEASURES: &[Measure] = &[$(Measure {
            key: $key,
            title: $title,
            unit: Unit::$unit,
            better: Better::$better,
            definition: $definition,
            formula: $formula,
        }),*];
    };
}

use Formula::{Run, Teams, Tickets, Waits as Percentile};

fn of(part: u64, whole: u64) -> (f64, f64) {
    (part as f64, whole as f64)
}

fn hours(micros: u64, count: u64) -> (f64, f64) {
    (micros as f64 / HOUR, count as f64)
}

/// Cents as an amount per run; nothing where nothing has a price.
fn money(cents: u64, priced: bool) -> (f64, f64) {
    if priced { (cents as f64 / 100.0, 1.0) } else { (0.0, 0.0) }
}

/// What it costs to run the desk, in cents.
fn running(row: &Row) -> u64 {
    let teams = row.teams.iter().map(|t| t.wage_cents + t.overtime_cents + t.hiring_cents);
    let bots = row.classes.iter().map(|class| class.automation_cents);
    let once = row.run.fixed_cents + row.run.intervention_cents + row.run.outlay_cents;
    teams.chain(bots).sum::<u64>() + once
}

/// What the backlog costs on top, in cents.
fn damage(row: &Row) -> u64 {
    row.classes
        .iter()
        .map(|class| {
            class.penalty_cents + class.lost_cents + class.churned_cents + class.outside_cents
        })
        .sum()
}

/// The peak backlog in days of work of the desk as it was on average.
fn days_of_work(row: &Row) -> (f64, f64) {
    let all = row.all_teams();
    if all.touches == 0 || all.staffed_micros == 0 {
        return (0.0, 0.0);
    }
    let by_touch = all.busy_micros as f64 / all.touches as f64;
    let by_day = all.staffed_micros as f64 / (row.run.micros as f64 / (24.0 * HOUR));
    (row.run.peak as f64 * by_touch / by_day, 1.0)
}

/// Promoters less detractors in points; those who gave up count as detractors.
fn net_promoters(t: &ClassTally) -> (f64, f64) {
    let asked = t.opinions + t.lost;
    (100.0 * (t.promoters as f64 - (t.detractors + t.lost) as f64), asked as f64)
}

fn sum(counts: &[u64]) -> u64 {
    counts.iter().sum()
}

measures! {
    "peak_backlog", "peak backlog", Count, Lower,
    "Most unsolved tickets (new, open, pending, on hold) at any instant; mean over runs.",
    Run(|row| (row.run.peak as f64, 1.0));
    "mean_backlog", "mean backlog", Count, Lower,
    "Unsolved tickets averaged over the whole run; mean over runs.",
    Run(|row| (row.run.backlog_micros as f64, row.run.micros as f64));
    "final_backlog", "backlog at the last close", Count, Lower,
    "Unsolved tickets at the close of the last open day; mean over runs.",
    Run(|row| (f64::from(row.last_close), 1.0));
    "days_above", "days above target", Days, Lower,
    "Closes of open days with more unsolved tickets than the target; mean over runs.",
    Run(|row| (f64::from(row.judgement.closes_above), 1.0));
    "peak_days_of_work", "peak backlog in days of work", Days, Lower,
    "Peak backlog times the run's time in touches per touch, over its hours at the queue per calendar day: how many usual days one touch for each of them would take; mean over runs.",
    Run(days_of_work);
    "peak_overdue", "peak of the overdue backlog", Count, Lower,
    "Most unsolved tickets past their promised solution whenever the desk is counted; mean over runs.",
    Run(|row| (row.run.peak_overdue as f64, 1.0));
    "lateness", "lateness of overdue tickets", Days, Lower,
    "How long unsolved tickets past their promised solution had been so at closes, on average, by quarters of an hour begun; divided by what was promised it is what COPC calls ageing.",
    Run(|row| (row.run.late_quarters as f64 / 96.0, row.run.overdue_at_closes as f64));
    "peak_unanswered", "peak of those unanswered in time", Count, Lower,
    "Most tickets without a first reply past the promised one whenever the desk is counted; mean over runs.",
    Run(|row| (row.run.peak_unanswered as f64, 1.0));
    "peak_stale", "peak older than a business day", Count, Lower,
    "Most unsolved tickets at the close of an open day that had been created before the open day before it closed, to the hour; mean over runs.",
    Run(|row| (row.run.peak_stale as f64, 1.0));
    "longest_growth", "longest growth", Days, Lower,
    "Most closes in a row each of which left more unsolved tickets than the one before: an early warning; mean over runs.",
    Run(|row| (row.run.longest_growth as f64, 1.0));
    "inflow_ratio", "tickets in per ticket out", Ratio, Lower,
    "Tickets created and reopened per ticket that was solved, closed, given up or merged: above 1 the backlog grows.",
    Tickets(|t| {
        let out = t.solved + t.solved_in_bulk + t.auto_closed + t.withdrawn + t.merged;
        of(sum(&t.created) + t.reopened, out)
    });
    "oldest_age", "age of the oldest ticket", Days, Lower,
    "Largest age of an unsolved ticket at any close, to the hour; mean over runs.",
    Run(|row| (row.run.oldest_hours as f64 / 24.0, 1.0));
    "contacts", "contacts", Count, Neither,
    "Everything customers wrote that became a ticket or was contained by automation; mean over runs.",
    Tickets(|t| (sum(&t.contacts) as f64, 1.0));
    "averted", "contacts averted", Count, Higher,
    "Customers who would have written and did not, because a notice told them what they wanted to know or the problem was mended; mean over runs. They are no contacts.",
    Tickets(|t| (t.averted as f64, 1.0));
    "mended", "recurring problems mended", Count, Higher,
    "Recurring problems that were found and mended before the end; mean over runs.",
    Run(|row| (row.run.mended as f64, 1.0));
    "new_tickets", "genuine new tickets", Count, Neither,
    "Tickets created because a customer needed something, duplicates and bot returns not counted; mean over runs.",
    Tickets(|t| (t.genuine() as f64, 1.0));
    "created", "tickets created", Count, Lower,
    "All tickets created, duplicates and bot returns included; mean over runs.",
    Tickets(|t| (sum(&t.created) as f64, 1.0));
    "solved", "solutions", Count, Higher,
    "Solutions by agents and in bulk; a reopened ticket is solved again; mean over runs.",
    Tickets(|t| ((t.solved + t.solved_in_bulk) as f64, 1.0));
    "first_reply_hours", "mean first reply time", Hours, Lower,
    "Creation to first public reply by an agent, over tickets that got one in the run; tickets still without a reply are left out, so read it beside the promises missed.",
    Tickets(|t| hours(t.reply_micros, t.replies));
    "first_reply_p50", "first reply time, median", Hours, Lower,
    "Half of a run's first replies came sooner; mean over runs of each run's percentile.",
    Percentile(|w| w.reply[0]);
    "first_reply_p75", "first reply time, 75 %", Hours, Lower,
    "Three quarters of a run's first replies came sooner; mean over runs of each run's percentile.",
    Percentile(|w| w.reply[1]);
    "first_reply_p90", "first reply time, 90 %", Hours, Lower,
    "Nine in ten of a run's first replies came sooner; mean over runs of each run's percentile.",
    Percentile(|w| w.reply[2]);
    "first_reply_p95", "first reply time, 95 %", Hours, Lower,
    "Nineteen in twenty of a run's first replies came sooner; mean over runs of each run's percentile.",
    Percentile(|w| w.reply[3]);
    "next_reply_hours", "next reply time", Hours, Lower,
    "From the first word of a customer who had had a reply (an answer, a chaser, a reopened ticket) to the next reply; who still waits for it at the end is left out.",
    Tickets(|t| hours(t.next_reply_micros, t.next_replies));
    "first_resolution_hours", "first resolution time", Hours, Lower,
    "Creation to first solution, over tickets solved in the run.",
    Tickets(|t| hours(t.first_resolution_micros, sum(&t.touches_to_solve)));
    "full_resolution_hours", "mean full resolution time", Hours, Lower,
    "Creation to the solution after which the ticket did not come back within the run; unsolved tickets are left out.",
    Tickets(|t| hours(t.full_resolution_micros, t.full_resolutions));
    "full_resolution_p50", "full resolution time, median", Hours, Lower,
    "Half of a run's solved tickets took less; mean over runs of each run's percentile.",
    Percentile(|w| w.resolution[0]);
    "full_resolution_p75", "full resolution time, 75 %", Hours, Lower,
    "Three quarters of a run's solved tickets took less; mean over runs of each run's percentile.",
    Percentile(|w| w.resolution[1]);
    "full_resolution_p90", "full resolution time, 90 %", Hours, Lower,
    "Nine in ten of a run's solved tickets took less; mean over runs of each run's percentile.",
    Percentile(|w| w.resolution[2]);
    "full_resolution_p95", "full resolution time, 95 %", Hours, Lower,
    "Nineteen in twenty of a run's solved tickets took less; mean over runs of each run's percentile.",
    Percentile(|w| w.resolution[3]);
    "requester_wait_hours", "requester wait time", Hours, Lower,
    "Full resolution time without the time the ticket waited for its customer.",
    Tickets(|t| hours(t.requester_wait_micros, t.full_resolutions));
    "agent_wait_hours", "agent wait time", Hours, Neither,
    "Time for which agents waited for the customer (pending), per ticket that was solved and did not come back within the run.",
    Tickets(|t| hours(t.full_resolution_micros - t.requester_wait_micros, t.full_resolutions));
    "agent_work_hours", "agent work time", Hours, Lower,
    "Full resolution time without the time the ticket waited for its customer (pending) or for an approval (on hold): its time as new and open.",
    Tickets(|t| hours(t.requester_wait_micros - t.on_hold_micros, t.full_resolutions));
    "wait_hours", "wait for an agent", Hours, Lower,
    "From joining a line to being taken, over waits that ended with an agent.",
    Tickets(|t| hours(t.wait_micros, t.waits));
    "reply_attainment", "first replies within the promise", Share, Higher,
    "Of promised first replies decided in the run (replied in time, or past due), those in time; a ticket that is past due without a reply counts as missed, one not yet due does not count.",
    Tickets(|t| of(t.reply_kept, t.reply_kept + t.reply_missed));
    "service_level", "service level", Share, Higher,
    "Calls and chats that an agent took within the promised time to answer, of all that were taken or given up; who found the desk full is not among them (see turned away). A customer who comes again counts again.",
    Tickets(|t| of(t.answered[0], sum(&t.answered) + sum(&t.unanswered)));
    "service_level_of_answered", "service level of those answered", Share, Higher,
    "The same of those taken only: who gave up does not count, which flatters a desk that many leave.",
    Tickets(|t| of(t.answered[0], sum(&t.answered)));
    "service_level_of_patient", "service level of the patient", Share, Higher,
    "The same of those taken and those who gave up after the promised time: who gave up sooner does not count.",
    Tickets(|t| of(t.answered[0], sum(&t.answered) + t.unanswered[1]));
    "turned_away_share", "turned away", Share, Lower,
    "Times a ticket found its team full, per ticket created.",
    Tickets(|t| of(t.turned_away, sum(&t.created)));
    "next_reply_attainment", "next replies within the promise", Share, Higher,
    "Of promised replies to customers who had had one and wrote again, those in time; counted for each wait from its first word; who is past due without one at the end, or gave up past due, counts as missed, one not yet due does not count.",
    Tickets(|t| of(t.next_reply_kept, t.next_reply_kept + t.next_reply_missed));
    "solution_attainment", "solutions within the promise", Share, Higher,
    "Of promised solutions decided in the run, those in time; a ticket that is past due and unsolved counts as missed, one not yet due does not count.",
    Tickets(|t| of(t.solution_kept, t.solution_kept + t.solution_missed));
    "one_touch_share", "one-touch share", Share, Higher,
    "First solutions after a single touch by an agent, of all first solutions.",
    Tickets(|t| of(t.touches_to_solve[0], sum(&t.touches_to_solve)));
    "two_touch_share", "two-touch share", Share, Neither,
    "First solutions after two touches, of all first solutions.",
    Tickets(|t| of(t.touches_to_solve[1], sum(&t.touches_to_solve)));
    "multi_touch_share", "multi-touch share", Share, Lower,
    "First solutions after three touches and more, of all first solutions.",
    Tickets(|t| of(t.touches_to_solve[2], sum(&t.touches_to_solve)));
    "first_contact_share", "first contact resolution", Share, Higher,
    "First solutions after one touch at most, whose customers had not asked again and did not come back within the run, of all first solutions. It is about quality, first level resolution about cost.",
    Tickets(|t| of(t.first_contact, sum(&t.touches_to_solve)));
    "first_level_share", "first level resolution", Share, Higher,
    "First solutions by the team that gets the class first, of all first solutions.",
    Tickets(|t| of(t.first_level, sum(&t.touches_to_solve)));
    "touches_per_ticket", "touches per ticket", Ratio, Lower,
    "Touches by agents, reading chasers apart included, per ticket created.",
    Tickets(|t| of(t.all_touches(), sum(&t.created)));
    "amplification", "amplification", Ratio, Lower,
    "Touches by agents per genuine new ticket: what every need costs once its echoes are counted. The opening backlog's touches count, its tickets do not.",
    Tickets(|t| of(t.all_touches(), t.genuine()));
    "snowball_share", "snowball share of work", Share, Lower,
    "Work on chasers, duplicates, reopened and bounced tickets and bot returns, of all work.",
    Tickets(|t| of(t.all_work_micros() - t.work_micros[Cause::New as usize], t.all_work_micros()));
    "chasers_per_ticket", "chasers per ticket", Ratio, Lower,
    "Messages of customers asking again while they wait, per genuine new ticket.",
    Tickets(|t| of(t.chasers, t.genuine()));
    "duplicate_share", "duplicate share", Share, Lower,
    "Tickets that are second tickets for the same need, of all tickets created.",
    Tickets(|t| of(t.created[Cause::Duplicate as usize], sum(&t.created)));
    "reopen_rate", "reopen rate", Share, Lower,
    "Solved tickets that came back, of all solutions.",
    Tickets(|t| of(t.reopened - t.tried_again, t.solved + t.solved_in_bulk));
    "escalation_rate", "escalation rate", Ratio, Neither,
    "Moves to another team per ticket created.",
    Tickets(|t| of(t.moves, sum(&t.created)));
    "transfer_rate", "transfers per ticket", Ratio, Lower,
    "Moves to another team, escalations and tickets passed on from a wrong line together, per ticket created.",
    Tickets(|t| of(t.moves + t.bounces, sum(&t.created)));
    "misrouted_share", "misrouted share", Share, Lower,
    "Tickets that triage sent to a wrong team, of all tickets created; one whose customer tries again is sorted again.",
    Tickets(|t| of(t.misrouted, sum(&t.created)));
    "bounces_per_ticket", "bounces per ticket", Ratio, Lower,
    "Times an agent found that a ticket belongs to another team and passed it on, per ticket created.",
    Tickets(|t| of(t.bounces, sum(&t.created)));
    "transfer_delay_hours", "delay of misrouted tickets", Hours, Lower,
    "From being sent to a wrong team to being passed on to the right one, over misrouted tickets that found it in the run.",
    Tickets(|t| hours(t.astray_micros, t.found));
    "sorting_hours", "hours of sorting by hand", Hours, Lower,
    "Time agents spent seeing where new tickets belong; it counts as work on those tickets, not as touches; mean over runs.",
    Tickets(|t| hours(t.sorting_micros, 1_u64));
    "approvals_per_ticket", "approvals per ticket", Ratio, Lower,
    "Times a ticket was put on hold for another team to approve, per ticket created.",
    Tickets(|t| of(t.approvals, sum(&t.created)));
    "on_hold_hours", "time on hold", Hours, Lower,
    "From being put on hold to being approved, or given up by the customer meanwhile, over the times on hold that ended in the run.",
    Tickets(|t| hours(t.held_micros, t.resumed));
    "assignee_stations", "assignments per ticket", Ratio, Neither,
    "Times a ticket was given to an agent of a team with inboxes, per ticket created; tickets that agents pull are not counted.",
    Tickets(|t| of(t.assigned, sum(&t.created)));
    "forgotten", "forgotten tickets", Count, Lower,
    "Times a ticket in an inbox or on hold was lost from sight; mean over runs.",
    Tickets(|t| (t.forgotten as f64, 1.0));
    "longest_forgotten", "longest time forgotten", Days, Lower,
    "The longest that a ticket was out of sight before it was seen again or left; those still out of sight at the end are left out; mean over runs.",
    Run(|row| (row.run.longest_forgotten_micros as f64 / (24.0 * HOUR), 1.0));
    "containment", "containment", Share, Higher,
    "Contacts that automation called resolved, of all contacts by genuine needs; those that come back are not taken off.",
    Tickets(|t| of(t.contained, t.contacts[Cause::New as usize]));
    "net_deflection", "net deflection", Share, Higher,
    "Contacts contained that did not come back within the run, of all contacts by genuine needs.",
    Tickets(|t| of(t.contained.saturating_sub(t.created[Cause::BotReturn as usize]), t.contacts[Cause::New as usize]));
    "bot_resolution", "resolved by automation", Share, Higher,
    "Contacts contained that did not come back within the run, of all contacts that automation tried: what it really resolves, beside containment (what it says it resolves) and net deflection (what never reaches an agent).",
    Tickets(|t| of(t.contained.saturating_sub(t.created[Cause::BotReturn as usize]), t.tried));
    "withdrawn_share", "abandonment", Share, Lower,
    "How often customers gave up waiting, of all times they came: with a ticket, one that was there at the start included, or to try again after giving up.",
    Tickets(|t| of(t.withdrawn, t.opening + sum(&t.created) + t.tried_again));
    "outside_complaints", "complaints taken outside", Count, Lower,
    "Customers who gave up waiting and took it outside (a charge-back, a regulator, social media), second tickets for the same need not counted; mean over runs.",
    Tickets(|t| (t.outside as f64, 1.0));
    "auto_closed_share", "auto-closed share", Share, Neither,
    "Tickets closed because their customer never answered, of all tickets created.",
    Tickets(|t| of(t.auto_closed, sum(&t.created)));
    "work_hours", "hours of work", Hours, Neither,
    "Time agents spent in touches; mean over runs.",
    Teams(|t| hours(t.busy_micros, 1_u64));
    "staffed_hours", "agent hours at the queue", Hours, Neither,
    "Time agents were at the queue, in touches or idle; shrinkage is taken off; mean over runs.",
    Teams(|t| hours(t.staffed_micros, 1_u64));
    "occupancy", "occupancy", Share, Neither,
    "Time in touches, of time at the queue. An empty queue is not free: low occupancy is paid idleness, above 85 % there is no slack.",
    Teams(|t| of(t.busy_micros, t.staffed_micros));
    "idle_hours", "idle agent hours", Hours, Lower,
    "Time at the queue without a touch; mean over runs.",
    Teams(|t| hours(t.staffed_micros.saturating_sub(t.busy_micros), 1_u64));
    "handle_hours", "handle time", Hours, Lower,
    "Time a ticket is in an agent's hands, per touch; of tickets held side by side each counts all of it. Touches broken off add their time to the one that ends them.",
    Teams(|t| hours(t.hand_micros, t.touches));
    "tickets_at_once", "tickets in hand at once", Ratio, Neither,
    "Time that tickets were in hand, per hour of agents in touches: 1 where agents hold one ticket at a time.",
    Teams(|t| of(t.hand_micros, t.busy_micros));
    "swarm_hours", "hours of help", Hours, Neither,
    "Time agents spent helping with hard tickets in a colleague's hands and answering colleagues' questions while they had nothing in hand, which is part of the hours of work; mean over runs.",
    Teams(|t| hours(t.help_micros, 1_u64));
    "broken_off", "touches broken off", Ratio, Lower,
    "Touches laid aside to be continued later, for something more urgent or at the end of a shift, per touch done.",
    Teams(|t| of(t.broken_off, t.touches));
    "touches_per_hour", "touches per agent hour", Ratio, Higher,
    "Touches per hour at the queue.",
    Teams(|t| (t.touches as f64, t.staffed_micros as f64 / HOUR));
    "work_gini", "unevenness of work (Gini)", Ratio, Lower,
    "Gini coefficient of touches done by the agents of a team who did any: 0 where all did as many, near 1 where one did nearly all. It weighs quick against slow, long against short shifts, old hands against newcomers. For the desk, the teams' pairs of agents together.",
    Teams(|t| of(t.uneven, t.uneven_at_most));
    "leavers", "people who left", Count, Lower,
    "People who left a team, those not counted who were let go or whose contract ended; mean over runs.",
    Teams(|t| ((t.left + t.burnt_out) as f64, 1.0));
    "burnt_out", "people who left for the load", Count, Lower,
    "Of those, people who would still be there had no day been busier than the limit and no hour overtime; mean over runs.",
    Teams(|t| (t.burnt_out as f64, 1.0));
    "empty_seats", "empty seats", Count, Lower,
    "Seats without anybody who does tickets since the last one left: not replaced, or the successor still in training; averaged over the run.",
    Run(|row| {
        let empty = row.teams.iter().map(|team| team.empty_micros).sum::<u64>();
        (empty as f64, row.run.micros as f64)
    });
    "total_cost", "total cost", Money, Lower,
    "Running cost, penalties, margin lost with refunds, and complaints taken outside, of all teams and classes; mean over runs. Shown where the scenario has a [money] table, in its currency, like every cost.",
    Run(|row| money(running(row) + damage(row), row.run.priced));
    "running_cost", "running cost", Money, Lower,
    "Wages, overtime, hiring, tools, automation, interventions and one-off cost: what the desk costs whatever its backlog does; mean over runs.",
    Run(|row| money(running(row), row.run.priced));
    "wages", "wages", Money, Neither,
    "Scheduled hours times the wage, absences, breaks and training included, overtime not; touches finished after a shift are not paid extra; mean over runs.",
    Teams(|t| money(t.wage_cents, t.priced > 0));
    "overtime_cost", "overtime", Money, Neither,
    "Hours of rushes outside the roster times the wage and the overtime factor; mean over runs.",
    Teams(|t| money(t.overtime_cents, t.priced > 0));
    "hiring_cost", "hiring", Money, Neither,
    "Once for each person who joins during the run, by what one who stays and one who leaves again costs; mean over runs.",
    Teams(|t| money(t.hiring_cents, t.priced > 0));
    "tools_cost", "tools and fixed cost", Money, Neither,
    "Fixed cost per week times the weeks run, and tools by every month begun; mean over runs.",
    Run(|row| money(row.run.fixed_cents, row.run.priced));
    "interventions", "interventions begun", Count, Neither,
    "Interventions of the manager that began, at a date or on a condition; mean over runs. Shown where the scenario has any.",
    Run(|row| if row.run.may_intervene { (row.run.interventions as f64, 1.0) } else { (0.0, 0.0) });
    "intervention_days", "days of interventions", Days, Neither,
    "Time for which interventions were in force, each counted; mean over runs.",
    Run(|row| {
        let days = row.run.intervention_micros as f64 / (24.0 * HOUR);
        if row.run.may_intervene { (days, 1.0) } else { (0.0, 0.0) }
    });
    "intervention_cost", "cost of interventions", Money, Neither,
    "What interventions cost each time they begin and for each week in force, wages left out; mean over runs.",
    Run(|row| money(row.run.intervention_cents, row.run.priced && row.run.may_intervene));
    "one_off_cost", "one-off cost", Money, Neither,
    "What is paid for once, such as sending a notice or mending a recurring problem; mean over runs.",
    Run(|row| money(row.run.outlay_cents, row.run.priced));
    "automation_cost", "automation", Money, Neither,
    "Fees for contacts that a bot tries and for those it calls resolved; mean over runs.",
    Tickets(|t| money(t.automation_cents, t.priced > 0));
    "penalties", "penalties", Money, Lower,
    "For promised first replies and solutions that were missed, those of tickets still open and past due at the end included; mean over runs.",
    Tickets(|t| money(t.penalty_cents, t.priced > 0));
    "lost_margin", "lost margin and refunds", Money, Lower,
    "Margin and refund for each customer who gave up waiting and did not come back within the run, second tickets for the same need not counted, and the margin of each who left for good; mean over runs.",
    Tickets(|t| money(t.lost_cents + t.churned_cents, t.priced > 0));
    "outside_cost", "cost of complaints taken outside", Money, Lower,
    "What complaints taken outside cost by themselves, lost margin and refunds left out; mean over runs.",
    Tickets(|t| money(t.outside_cents, t.priced > 0));
    "cost_per_solved", "running cost per solution", Money, Lower,
    "Running cost, penalties, lost margin and complaints left out, per solution by agents and in bulk.",
    Run(|row| {
        let solved = row.classes.iter().map(|class| class.solved + class.solved_in_bulk).sum::<u64>();
        if row.run.priced { (running(row) as f64 / 100.0, solved as f64) } else { (0.0, 0.0) }
    });
    "paid_hours", "paid agent hours", Hours, Neither,
    "Scheduled hours with absences, breaks, training and overtime; mean over runs.",
    Teams(|t| if t.priced > 0 { hours(t.paid_micros, 1_u64) } else { (0.0, 0.0) });
    "utilisation", "utilisation", Share, Neither,
    "Agent time in touches, of paid agent time. Shown where the scenario has prices, as shrinkage is.",
    Teams(|t| if t.priced > 0 { of(t.busy_micros, t.paid_micros) } else { (0.0, 0.0) });
    "shrinkage", "shrinkage", Share, Neither,
    "Paid agent time away from the queue (absences, breaks, training), of paid agent time; touches finished after a shift count as time at the queue.",
    Teams(|t| {
        let away = t.paid_micros as f64 - t.staffed_micros as f64;
        if t.priced > 0 { (away, t.paid_micros as f64) } else { (0.0, 0.0) }
    });
    "churned_customers", "customers who left", Count, Lower,
    "Customers who left for good after a ticket that was solved late, came back, or was given up; mean over runs. Shown where the scenario has a [customers] table.",
    Tickets(|t| (t.churned as f64, t.loyal as f64 / t.loyal.max(1) as f64));
    "customers_by_word", "customers won by word of mouth", Count, Higher,
    "Customers won by recommendations less those kept away by warnings, those not yet felt included; mean over runs.",
    Tickets(|t| (t.recommended as f64 - t.warned as f64, t.loyal as f64 / t.loyal.max(1) as f64));
    "contacts_by_loyalty", "contacts by customers won or lost", Count, Neither,
    "Contacts of customers won beyond those planned, less planned ones that did not come because their customers had left or been kept away; mean over runs.",
    Tickets(|t| (t.won as f64 - t.unwritten as f64, t.loyal as f64 / t.loyal.max(1) as f64));
    "csat", "CSAT proxy (1 to 5)", Points, Higher,
    "Mean score of tickets solved and not back within the run: the lower of what the times to first reply and to solution earn, less reopens and further touches. The usual curves are vendor figures and judgement (grade C and J): read differences, not levels. Tickets still open are not asked.",
    Tickets(|t| (t.score_millionths as f64 / 1e6, t.opinions as f64));
    "nps_proxy", "NPS proxy (-100 to 100)", Points, Higher,
    "Share of promoters (CSAT proxy of 4.5 and more) less share of detractors (below 3.5), in points, over tickets solved and not back within the run and customers who gave up, who count as detractors. As good as the CSAT proxy, no better.",
    Tickets(net_promoters);
}

impl Measure {
    /// An estimate from these figures of runs, without what it cannot be: only balances are negative, and
    /// a share is no more than the whole where it never was.
    pub fn possible(&self, estimate: Estimate, runs: &[(f64, f64)]) -> Estimate {
        let is_part = self.unit == Unit::Share && runs.iter().all(|(part, whole)| part <= whole);
        estimate.within(self.least(), if is_part { 1.0 } else { f64::INFINITY })
    }

    /// The least that it can be.
    pub fn least(&self) -> f64 {
        if BALANCES.contains(&self.key) { f64::NEG_INFINITY } else { 0.0 }
    }

    /// Numerator and denominator in one run, for the desk.
    pub fn of_desk(&self, row: &Row) -> (f64, f64) {
        match self.formula {
            Tickets(formula) => formula(&row.all_classes()),
            Teams(formula) => formula(&row.all_teams()),
            Run(formula) => formula(row),
            Percentile(formula) => percentile(formula, &row.waits),
        }
    }

    /// Numerator and denominator in one run, for a class; nothing where it has no such figure.
    pub fn of_class(&self, row: &Row, class: usize) -> Option<(f64, f64)> {
        match self.formula {
            Tickets(formula) => Some(formula(&row.classes[class])),
            Percentile(formula) => Some(percentile(formula, &row.waits_by_class[class])),
            Teams(_) | Run(_) => None,
        }
    }

    /// Numerator and denominator in one run, for a team; nothing where it has no such figure.
    pub fn of_team(&self, row: &Row, team: usize) -> Option<(f64, f64)> {
        match self.formula {
            Teams(formula) => Some(formula(&row.teams[team])),
            Tickets(_) | Percentile(_) | Run(_) => None,
        }
    }
}

/// A percentile in hours as a ratio; a run without one does not count.
fn percentile(formula: fn(&Waits) -> Option<u64>, waits: &Waits) -> (f64, f64) {
    formula(waits).map_or((0.0, 0.0), |seconds| (seconds as f64 / 3600.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_are_unique_and_definitions_are_sentences() {
        let keys: HashSet<&str> = MEASURES.iter().map(|measure| measure.key).collect();
        assert_eq!(keys.len(), MEASURES.len());
        for measure in MEASURES {
            assert!(measure.definition.ends_with('.'), "{}", measure.key);
            assert!(find(measure.key).is_some());
        }
        assert!(BALANCES.iter().all(|key| keys.contains(key)));
    }

    #[test]
    fn a_snowball_worked_by_hand() {
        let mut tally = ClassTally { created: [10, 0, 2, 0, 0, 0], ..ClassTally::default() };
        tally.touches = [12, 3, 2, 1, 0, 0];
        tally.work_micros = [60, 10, 20, 10, 0, 0];
        let value = |key: &str| {
            let Tickets(formula) = find(key).unwrap().formula else { panic!("{key}") };
            let (numerator, denominator) = formula(&tally);
            numerator / denominator
        };
        assert_eq!(value("amplification"), 1.8);
        assert_eq!(value("snowball_share"), 0.4);
        assert!((value("duplicate_share") - 2.0 / 12.0).abs() < 1e-12);
    }
}
