//! Desks with every common mechanism on, of any size, written as scenarios.

use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};

/// What a desk is made of.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Tickets that wait at the start.
    backlog: u64,
    classes: u64,
    /// Teams of the first tier; a second tier stands behind them.
    teams: u64,
    agents: u64,
    days: u64,
}

/// Something that grows.
pub(crate) struct Axis {
    pub(crate) name: &'static str,
    /// What it counts, in words.
    pub(crate) title: &'static str,
    pub(crate) sizes: &'static [u64],
    /// The desk of a size.
    pub(crate) desk: fn(u64) -> Size,
}

/// A desk of middle size; each axis changes one number of it, and the days where that keeps the
/// number of touches in reason.
const USUAL: Size = Size { backlog: 0, classes: 4, teams: 1, agents: 100, days: 28 };

pub(crate) const AXES: [Axis; 5] = [
    Axis {
        name: "backlog",
        title: "tickets waiting at the start",
        sizes: &[100, 1_000, 10_000, 100_000, 1_000_000],
        // So large that a week's work makes no hole in a million.
        desk: |size| Size { backlog: size, agents: 1000, days: 14, ..USUAL },
    },
    Axis {
        name: "classes",
        title: "ticket classes",
        sizes: &[1, 2, 5, 10, 20, 50, 100, 200],
        desk: |size| Size { classes: size, ..USUAL },
    },
    Axis {
        name: "teams",
        title: "teams",
        sizes: &[1, 2, 5, 10, 20, 50],
        desk: |size| Size { teams: size, classes: 50, ..USUAL },
    },
    Axis {
        name: "agents",
        title: "agents",
        sizes: &[10, 100, 1_000, 10_000, 100_000],
        desk: |size| Size {
            agents: size,
            days: if size > 10_000 { 3 } else { USUAL.days },
            ..USUAL
        },
    },
    Axis {
        name: "weeks",
        title: "weeks simulated",
        sizes: &[1, 4, 13, 26, 52, 104, 260],
        desk: |size| Size { days: 7 * size, ..USUAL },
    },
];

/// New tickets a day for each agent: more than they can do in the surge, less than they can before.
const TICKETS_A_DAY: f64 = 17.0;

impl Size {
    /// The scenario, compiled.
    ///
    /// *Panics* where it is wrong.
    pub(crate) fn compiled(&self) -> Compiled {
        let scenario = Scenario::from_text("grown.toml", &self.text(), &[]);
        let (compiled, problems) = scenario.compile(Parts::All);
        let told: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        compiled.unwrap_or_else(|| panic!("{told:?}\n{}", self.text()))
    }

    fn text(&self) -> String {
        let Size { backlog, classes, teams, agents, days } = *self;
        let mut text = format!(
            "start = 2026-11-16\ndays = {days}\nbacklog_cap = 20000000\n\
             [calendars.desk]\nmon-fri = \"09:00-18:00\"\nsat = \"10:00-16:00\"\n\
             [[surges]]\nfrom = 2026-11-18\nlasts = \"5 d\"\nlift = \"60%\"\n"
        );
        let counts: Vec<String> =
            (0..classes).map(|n| format!("class-{n} = {}", backlog / classes)).collect();
        if backlog == 0 {
            text = format!("opening = \"empty\"\n{text}");
        } else {
            let counts = counts.join(", ");
            text += &format!("[opening]\ntickets = {{ {counts} }}\npending = \"5%\"\n");
        }
        let second = (agents * 4 / 10).max(1);
        for class in 0..classes {
            let per_day = agents as f64 * TICKETS_A_DAY / classes as f64;
            text += &format!(
                "[tickets.class-{class}]\n\
                 arrivals = {{ per_day = {per_day}, profile = \"retail-week\" }}\n\
                 urgency = {{ high = \"15%\", normal = \"85%\" }}\n\
                 handle = {{ mean = \"7 min\", cv = 1.0 }}\n\
                 promise = {{ first_reply = \"9 h\", resolution = \"3 business days\", hours = \"desk\" }}\n\
                 chasers = {{ after = \"24 h\", per_day = 0.15, at_most = 3 }}\n\
                 duplicates = {{ share = \"20%\" }}\n\
                 reopen = \"5%\"\n\
                 patience = {{ mean = \"20 d\" }}\n\
                 pending = {{ asks = \"20%\", reply_after = \"10 h\" }}\n"
            );
        }
        for team in 0..teams {
            let handled: Vec<String> = (team..classes)
                .step_by(teams as usize)
                .map(|class| format!("\"class-{class}\""))
                .collect();
            let here = (agents - second).div_ceil(teams).max(1);
            text += &format!(
                "[teams.front-{team}]\nagents = {here}\nhours = \"desk\"\nshrinkage = \"30%\"\n\
                 fatigue = {{}}\nhandles = [{}]\n\
                 [[escalations]]\nfrom = \"front-{team}\"\nto = \"second\"\nafter_touch = \"18%\"\n",
                handled.join(", ")
            );
        }
        let hired = (agents / 10).max(1);
        text += &format!(
            "[teams.second]\nagents = {second}\nhours = \"desk\"\nshrinkage = \"30%\"\n\
             handle = {{ mean = \"15 min\", cv = 1.0 }}\n\
             [automation.assistant]\nattempt = \"40%\"\nresolves = \"30%\"\n\
             returns = {{ share = \"15%\", after = \"6 h\", handle = \"+20%\" }}\n\
             [[hires]]\nteam = \"front-0\"\nagents = {hired}\nfrom = 2026-11-18\ntraining = \"1 d\"\n\
             [[interventions]]\nwhen = {{ backlog_above = {} }}\nlag = \"1 d\"\n\
             change.teams.second.agents = {}\n",
            agents * 20,
            second + hired,
        );
        text
    }
}
