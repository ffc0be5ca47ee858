//! The scenario language as a whole: every table a scenario may hold.

use crate::evidence::{Evidence, Grade};
use crate::model::approval::ApprovalSpec;
use crate::model::automation::AutomationSpec;
use crate::model::bulk::BulkReplySpec;
use crate::model::calendar::CalendarSpec;
use crate::model::class::TicketSpec;
use crate::model::customers::CustomersSpec;
use crate::model::escalation::EscalationSpec;
use crate::model::hires::HireSpec;
use crate::model::intervention::{InterventionSpec, Overlay};
use crate::model::macros::MacroSpec;
use crate::model::money::MoneySpec;
use crate::model::notices::NoticeSpec;
use crate::model::opening::OpeningSpec;
use crate::model::overtime::OvertimeSpec;
use crate::model::products::ProductSpec;
use crate::model::profile::ProfileSpec;
use crate::model::reviews::ReviewSpec;
use crate::model::root_causes::ProblemSpec;
use crate::model::rush::RushSpec;
use crate::model::surge::SurgeSpec;
use crate::model::team::TeamSpec;
use crate::model::tools::ToolSpec;
use crate::model::triage::TriageSpec;
use crate::written::{Amount, Length, Moment, Named, Share, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// A surgecast scenario: a desk, its customers, and what is coming.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "surgecast scenario")]
pub struct ScenarioSpec {
    /// What the scenario is called in reports.
    pub name: Option<Written<String>>,
    /// The first day.
    pub start: Option<Written<Moment>>,
    /// How many weeks are simulated.
    pub weeks: Option<Written<Amount>>,
    /// How many days are simulated, instead of weeks.
    pub days: Option<Written<u32>>,
    /// Time zone of all dates and hours, such as "Europe/Sofia".
    pub time_zone: Option<Written<String>>,
    /// Calm time before the start that is simulated and not counted.
    pub warm_up: Option<Written<Length>>,
    /// How many seasons are simulated.
    pub replications: Option<Written<u64>>,
    /// Number from which all chance is drawn.
    pub seed: Option<Written<u64>>,
    /// Most unsolved tickets; a run that passes it is stopped and said to be truncated.
    pub backlog_cap: Option<Written<u32>>,
    /// Share of a day's busyness that carries over to the next.
    pub busyness_memory: Option<Written<Share>>,
    /// When the backlog counts as cleared.
    pub cleared: Option<ClearedSpec>,
    /// Priority of each urgency (row) and impact (column), from 1, the most urgent, to 4.
    pub priority_matrix: Option<Written<Vec<Vec<u8>>>>,
    /// Opening hours by name.
    pub calendars: Named<CalendarSpec>,
    /// Shapes of the week by name.
    pub profiles: Named<ProfileSpec>,
    /// Ticket classes by name.
    pub tickets: Named<TicketSpec>,
    /// Teams by name.
    pub teams: Named<TeamSpec>,
    /// Surges.
    pub surges: Vec<SurgeSpec>,
    /// Who decides where new tickets go; they go to their first team where nothing is said.
    pub triage: Option<TriageSpec>,
    /// Bots, portals and help pages by name.
    pub automation: Named<AutomationSpec>,
    /// Escalation rules.
    pub escalations: Vec<EscalationSpec>,
    /// Steps that need somebody else's yes.
    pub approvals: Vec<ApprovalSpec>,
    /// People who join a team.
    pub hires: Vec<HireSpec>,
    /// Tools that teams get.
    pub tools: Vec<ToolSpec>,
    /// Products that everybody must learn.
    pub new_products: Vec<ProductSpec>,
    /// Reviews of a team's staff.
    pub staffing_reviews: Vec<ReviewSpec>,
    /// Times in which a team works longer.
    pub overtime: Vec<OvertimeSpec>,
    /// Evenings on which a team stays late.
    pub rushes: Vec<RushSpec>,
    /// Answers sent to many tickets at once.
    pub bulk_replies: Vec<Written<BulkReplySpec>>,
    /// What the manager changes during the run, at a date or on a condition.
    pub interventions: Vec<Written<InterventionSpec>>,
    /// Ready answers.
    pub macros: Vec<MacroSpec>,
    /// Recurring problems that contacts stem from until they are found and mended.
    pub problems: Vec<ProblemSpec>,
    /// How many customers there are, who leaves, and what they tell others; demand does not depend on
    /// it where nothing is said.
    pub customers: Option<Written<CustomersSpec>>,
    /// What customers are told before they ask.
    pub notices: Vec<NoticeSpec>,
    /// What things cost and how customers judge; without it no figure is about money.
    pub money: Option<MoneySpec>,
    /// What `plan` may change, and what it must reach.
    pub plan: Option<PlanSpec>,
    /// Tickets that wait when the run begins; without them the desk is warmed up.
    pub opening: Option<Written<OpeningSpec>>,
    /// Other plans for this desk by name, each with the keys that differ; `compare` sets them side
    /// by side.
    pub variants: Named<Overlay>,
    /// What `sweep` varies, where the command line does not say.
    pub sweep: Option<SweepSpec>,
    /// Keys that nobody knows for sure, with the range of what they may be, for `sensitivity`.
    pub uncertain: Option<Overlay>,
}

/// What `sweep` varies.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SweepSpec {
    /// Keys of the scenario with their values: a list, or a range such as "20..30:2".
    pub vary: Option<Written<Overlay>>,
    /// Which combinations are simulated.
    pub design: Option<DesignWord>,
    /// How many, where they are not a grid.
    pub points: Option<Written<u32>>,
    /// How many seasons are simulated of each.
    pub replications: Option<Written<u32>>,
}

/// Which combinations of values a sweep simulates.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DesignWord {
    /// Every one of them.
    #[default]
    Grid,
    /// A Latin hypercube: every key evenly, in as many points as wanted.
    LatinHypercube,
    /// A Sobol sequence: the whole room evenly, in as many points as wanted.
    Sobol,
}

/// Calm weeks before the start, where nothing waits that has been written.
pub const WARM_UP: Evidence = Evidence {
    key: "warm_up",
    value: 4.0,
    unit: "weeks",
    range: (0.0, 12.0),
    grade: Grade::J,
    source: "our judgement: a desk with room forgets how it began within days, one at its limit takes weeks",
};

/// Closes in a row at which the backlog must be small for it to be cleared.
pub const CLOSES: Evidence = Evidence {
    key: "cleared.closes",
    value: 3.0,
    unit: "closes",
    range: (1.0, 10.0),
    grade: Grade::J,
    source: "our judgement: a single good evening is luck",
};

/// When the backlog counts as cleared.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClearedSpec {
    /// At or below this many unsolved tickets; the usual backlog of a calm desk where no number is
    /// written.
    pub at_most: Option<Written<u32>>,
    /// At the close of this many open days in a row.
    pub closes: Option<Written<u32>>,
}

/// A plan as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanSpec {
    /// What it must reach, such as "cleared by 2027-01-31 >= 90%" or "occupancy <= 85%".
    pub targets: Vec<Written<String>>,
    /// What it may change, such as "teams.front-line.agents = 20..40".
    pub change: Vec<Written<String>>,
}
