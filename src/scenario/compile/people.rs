//! Who works: teams, their groups and shifts, hires and rushes, and who of them is paid.

use super::{Compiler, Happening, Parts};
use crate::ids::{ClassId, TeamId};
use crate::model::assignment;
use crate::model::attrition::{self, Attrition, Leaving, Succession};
use crate::model::blending;
use crate::model::build::ModelBuilder;
use crate::model::calendar::Calendar;
use crate::model::class::TicketSpec;
use crate::model::concurrency;
use crate::model::context::{Context, wall};
use crate::model::crowding;
use crate::model::customers::Customers;
use crate::model::discipline::DisciplineSpec;
use crate::model::fatigue;
use crate::model::hires::Hire;
use crate::model::learning::Ramp;
use crate::model::money::Paid;
use crate::model::overtime::{Overtime, OvertimeSpec};
use crate::model::overwork;
use crate::model::pace::Pace;
use crate::model::people;
use crate::model::pool::PoolPlan;
use crate::model::pressure;
use crate::model::questions;
use crate::model::reviews::Review;
use crate::model::rush::Rush;
use crate::model::shrinkage::{self, Shrinkage};
use crate::model::swarming;
use crate::model::team::{self, Habits, ShiftEnd, TeamPlan, TeamSpec};
use crate::model::tools::Rollout;
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Length, TimeUnit, Written};

impl Compiler<'_> {
    pub(super) fn team(
        &self,
        name: &Written<String>,
        spec: &TeamSpec,
        builder: &mut ModelBuilder,
        context: &Context<'_>,
        problems: &mut Problems,
    ) {
        let channel =
            |spec: &TicketSpec| spec.channel.as_ref().map_or("", |c| &c.value).to_string();
        let channels: Vec<String> = self.spec.tickets.iter().map(|(_, t)| channel(t)).collect();
        let channels: Vec<&str> = channels.iter().map(String::as_str).collect();
        let reread =
            wall(&spec.reread, Length::new(team::REREAD.value, TimeUnit::Minute), problems);
        builder.team(TeamPlan {
            name: name.value.clone(),
            discipline: DisciplineSpec::compile(spec.order.as_ref(), problems),
            shift_end: spec.shift_end.as_ref().map_or(ShiftEnd::default(), |end| end.value),
            reread,
            interrupts: spec.interrupts.as_ref().is_some_and(|yes| yes.value),
            blending: blending::compile(spec.blending.as_ref(), &channels, context, problems),
            concurrency: concurrency::compile(
                spec.concurrency.as_ref(),
                &channels,
                context,
                problems,
            ),
            swarming: swarming::compile(spec.swarm.as_ref(), context, problems),
            questions: questions::compile(spec.questions.as_ref(), problems),
            room: spec.room.as_ref().map(|room| room.value),
            crowding: crowding::compile(&spec.speeds, problems),
            assignment: assignment::compile(
                spec.assignment.as_ref(),
                spec.inbox.as_ref(),
                spec.returns_to_owner.as_ref().is_some_and(|yes| yes.value),
                problems,
            ),
            forgetting: spec.forgotten.as_ref().and_then(|f| f.compile(problems)),
            habits: Habits {
                pressure: pressure::compile(spec.pressure.as_ref(), problems),
                overwork: overwork::compile(spec.overwork.as_ref()),
                fatigue: fatigue::compile(spec.fatigue.as_ref(), problems),
                switch: wall(&spec.switch, Length::new(0.0, TimeUnit::Minute), problems),
            },
        });
    }

    /// The calendar of a shift: the one named, the only one there is, or office hours.
    pub(super) fn shift<'c>(
        &self,
        name: Option<&Written<String>>,
        context: &'c Context<'_>,
        problems: &mut Problems,
    ) -> &'c Calendar {
        let id = match name {
            Some(name) => context.calendar(name, problems).map(crate::ids::CalendarId::index),
            None if self.spec.calendars.0.len() == 1 => Some(0),
            None => context.calendars.iter().position(|known| known == "office-hours"),
        };
        &context.open[id.unwrap_or(0)]
    }

    /// All pools with their rosters, and the hours whose closes judge the backlog.
    pub(super) fn pools(
        &self,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) -> (Vec<PoolPlan>, Vec<Paid>, Calendar) {
        let mut pools = Vec::new();
        let mut open = Vec::new();
        for (index, (name, spec)) in self.spec.teams.iter().enumerate() {
            let team = TeamId::new(index);
            let shrinkage = shrinkage::compile(spec.shrinkage.as_ref(), problems);
            let spread = people::compile(spec.people.as_ref());
            let leaving = attrition::compile(spec.attrition.as_ref(), problems);
            let serves: Vec<ClassId> =
                spec.handles.iter().filter_map(|n| find(context, n)).collect();
            if let Some(agents) = &spec.agents {
                let shift = self.shift(spec.hours.as_ref(), context, problems);
                open.extend(shift.spans());
                let plan = PoolPlan::new(team, &name.value, agents.value, shift.spans().collect());
                pools.push(PoolPlan { serves: serves.clone(), shrinkage, spread, leaving, ..plan });
            }
            for (place, group) in spec.groups.iter().enumerate() {
                let mut earlier = spec.groups[..place].iter();
                if let Some(twin) = earlier.find(|other| other.name.value == group.name.value) {
                    problems.push(same_name(&twin.name, &group.name));
                    continue;
                }
                let shift =
                    self.shift(group.hours.as_ref().or(spec.hours.as_ref()), context, problems);
                open.extend(shift.spans());
                let own: Vec<ClassId> =
                    group.handles.iter().filter_map(|n| context.ticket(n, problems)).collect();
                let cohort = format!("{}/{}", name.value, group.name.value);
                let plan =
                    PoolPlan::new(team, &cohort, group.agents.value, shift.spans().collect());
                pools.push(PoolPlan {
                    tried: u8::from(own.is_empty()),
                    serves: if own.is_empty() { serves.clone() } else { own },
                    ordered: group.in_order.as_ref().is_some_and(|yes| yes.value),
                    shrinkage: match &group.shrinkage {
                        Some(written) => shrinkage::compile(Some(written), problems),
                        None => shrinkage,
                    },
                    pace: Pace {
                        factor: group.handle.as_ref().map_or(1.0, |f| f.value.0),
                        ..Pace::default()
                    },
                    spread,
                    leaving,
                    ..plan
                });
            }
        }
        let mut paid: Vec<Paid> = pools.iter().map(Paid::regular).collect();
        for (index, (_, spec)) in self.spec.teams.iter().enumerate() {
            blending::fence(
                spec.blending.as_ref(),
                TeamId::new(index),
                &mut pools,
                context,
                problems,
            );
        }
        self.hires(&mut pools, &mut paid, context, happenings, problems);
        for spec in self.extras(&self.spec.overtime) {
            if let Some(overtime) = spec.compile(context, problems) {
                note_overtime(&overtime, happenings);
                let before = overtime_of(&pools);
                overtime.call(&mut pools);
                let idle = overtime_of(&pools) == before && !overtime.days.is_empty();
                if idle && self.parts == Parts::All {
                    problems.push(nobody_stays(spec));
                }
            }
        }
        let tires = |team: TeamId| {
            let fatigue = self.spec.teams.0.get(team.index()).map(|(_, spec)| &spec.fatigue);
            fatigue.is_some_and(|spec| {
                fatigue::compile(spec.as_ref(), &mut Problems::default()).is_some()
            })
        };
        for spec in self.extras(&self.spec.rushes) {
            if let Some(rush) = spec.compile(tires, context, problems) {
                note_rush(&rush, happenings);
                rush.call(&mut pools);
            }
        }
        for rollout in self.tools(context, problems) {
            happenings.push(Happening {
                at: rollout.tool.from,
                until: None,
                label: rollout.name.clone(),
                kind: "tool",
            });
            rollout.reach(&mut pools);
        }
        for spec in self.extras(&self.spec.new_products) {
            let product = spec.compile(context, problems);
            happenings.push(Happening {
                at: product.from,
                until: None,
                label: product.name.clone(),
                kind: "new-product",
            });
            product.teach(&mut pools);
        }
        (pools, paid, Calendar::new(open, SimDuration::from_days(1)))
    }

    /// Tools that teams get.
    pub(super) fn tools(&self, context: &Context<'_>, problems: &mut Problems) -> Vec<Rollout> {
        let written = self.extras(&self.spec.tools).iter();
        written.map(|spec| spec.compile(context, problems)).collect()
    }

    /// Reviews of staff, each with those it may ask for, who are paid once they come.
    pub(super) fn reviews(
        &self,
        closes: &[SimTime],
        paid: &mut Vec<Paid>,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Vec<(Review, PoolPlan)> {
        let mut reviews = Vec::new();
        for (index, spec) in self.extras(&self.spec.staffing_reviews).iter().enumerate() {
            let Some(review) = spec.compile(closes, context, problems) else { continue };
            let Some((_, team)) = self.spec.teams.iter().nth(review.team.index()) else { continue };
            let group = team.groups.first().and_then(|group| group.hours.as_ref());
            let shift = self.shift(team.hours.as_ref().or(group), context, problems);
            let cohort = format!("review/{}/{index}", spec.team.value);
            let roster = shift.spans().collect();
            let plan = PoolPlan::new(review.team, &cohort, review.at_most, roster);
            paid.push(Paid { temp: true, ..Paid::regular(&plan) });
            let succession = Succession {
                recruiting: review.recruiting,
                training: review.training,
                ramp: review.ramp,
            };
            let never = SimTime::from_micros(i64::MIN);
            let plan = PoolPlan {
                serves: team.handles.iter().filter_map(|n| find(context, n)).collect(),
                tried: 1,
                shrinkage: shrinkage::compile(team.shrinkage.as_ref(), &mut Problems::default()),
                spread: people::compile(team.people.as_ref()),
                leaving: Some(Leaving {
                    attrition: Attrition::default(),
                    early: 0.0,
                    joined: None,
                    succession: Some(succession),
                }),
                callable: (never, never),
                ..plan
            };
            reviews.push((review, plan));
        }
        reviews
    }

    pub(super) fn hires(
        &self,
        pools: &mut Vec<PoolPlan>,
        paid: &mut Vec<Paid>,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) {
        for spec in &self.spec.hires {
            let Some(hire) = spec.compile(context, problems) else { continue };
            let Some((_, team)) = self.spec.teams.iter().nth(hire.team.index()) else { continue };
            // In calm weeks there is no extra staff, unless a team has no other.
            if self.parts == Parts::Calm && has_agents(team) {
                continue;
            }
            let group = team.groups.first().and_then(|group| group.hours.as_ref());
            let hours = spec.hours.as_ref().or(team.hours.as_ref()).or(group);
            let roster: Vec<_> = self.shift(hours, context, problems).spans().collect();
            let own: Vec<ClassId> =
                spec.handles.iter().filter_map(|n| context.ticket(n, problems)).collect();
            let serves = if own.is_empty() {
                team.handles.iter().filter_map(|n| find(context, n)).collect()
            } else {
                own
            };
            note_hire(&hire, happenings);
            let mut cohort = format!("hire/{}/{}", hire.name, hire.from.micros());
            while paid.iter().any(|other| other.team == hire.team && other.cohort == cohort) {
                cohort.push_str(" too");
            }
            let ramp: Ramp = hire.ramp;
            paid.push(Paid {
                team: hire.team,
                cohort: cohort.clone(),
                agents: hire.agents,
                spans: hire.paid(&roster, context.days),
                joins: Some(hire.from),
                temp: hire.until != SimTime::NEVER,
            });
            let plan =
                PoolPlan::new(hire.team, &cohort, hire.agents, hire.spans(&roster, context.days));
            let shrinkage: Shrinkage =
                shrinkage::compile(team.shrinkage.as_ref(), &mut Problems::default());
            let mut pace = Pace { ramp: Some((hire.works_from, ramp)), ..Pace::default() };
            if let Some(nesting) = &hire.nesting {
                pace.windows.push(nesting.own());
                let old = |pool: &&mut PoolPlan| pool.team == hire.team && pool.pace.ramp.is_none();
                let mentors = pools.iter_mut().filter(|pool| old(pool)).map(|p| p.seats).sum();
                for pool in pools.iter_mut().filter(old) {
                    pool.pace.windows.push(nesting.mentors(hire.agents, mentors));
                }
            }
            let spread = people::compile(team.people.as_ref());
            let callable = (hire.works_from, hire.until);
            let of_team = attrition::compile(team.attrition.as_ref(), &mut Problems::default());
            let leaving = hire.leaving(of_team);
            let plan = PoolPlan { serves, tried: 1, shrinkage, pace, spread, ..plan };
            pools.push(PoolPlan { callable, leaving, ..plan });
        }
    }

    /// Who writes, where it matters how they fare.
    pub(super) fn customers(&self, problems: &mut Problems) -> Option<Customers> {
        let customers = self.spec.customers.as_ref()?;
        let satisfaction = self.spec.money.as_ref().map(|money| money.satisfaction.clone());
        let opinion = satisfaction.unwrap_or_default().compile(&mut Problems::default());
        customers.value.compile(opinion, customers.span.clone(), problems)
    }
}

/// Who is paid, and the pools with their rushes.
pub(super) struct Roster {
    pub(super) paid: Vec<Paid>,
    pub(super) pools: Vec<PoolPlan>,
}

/// All overtime of all agents.
fn overtime_of(pools: &[PoolPlan]) -> SimDuration {
    let spans = pools.iter().flat_map(|pool| {
        pool.overtime.iter().map(|(from, to)| (*to - *from).scale(f64::from(pool.seats)))
    });
    spans.fold(SimDuration::ZERO, |all, one| all + one)
}

fn nobody_stays(spec: &OvertimeSpec) -> Problem {
    Problem::warning("overtime-of-nobody", "nobody works longer for this overtime")
        .at(spec.hours.span.clone(), "hours of their shift, or of days on which they do not work")
        .help("it lengthens days on which they work; for other days write [[rushes]] with on = a date")
}

fn same_name(first: &Written<String>, second: &Written<String>) -> Problem {
    Problem::error("same-name", format!("two groups are called `{}`", second.value))
        .at(second.span.clone(), "this one")
        .at(first.span.clone(), "and this one")
        .help(
            "a list in a variant, or in a scenario that extends another, is added to the one there; \
             write groups.0.agents = 10 to change the first",
        )
}

/// Whether a team has agents from the start.
fn has_agents(team: &TeamSpec) -> bool {
    let own = team.agents.iter().chain(team.groups.iter().map(|group| &group.agents));
    own.into_iter().any(|agents| agents.value > 0)
}

fn note_hire(hire: &Hire, happenings: &mut Vec<Happening>) {
    happenings.push(Happening {
        at: hire.works_from,
        until: hire.until.exists(),
        label: hire.name.clone(),
        kind: "hires",
    });
}

fn note_overtime(overtime: &Overtime, happenings: &mut Vec<Happening>) {
    if let Some((first, last)) = overtime.days.first().zip(overtime.days.last()) {
        happenings.push(Happening {
            at: first.hours.0,
            until: Some(last.hours.1),
            label: overtime.name.clone(),
            kind: "overtime",
        });
    }
}

fn note_rush(rush: &Rush, happenings: &mut Vec<Happening>) {
    happenings.push(Happening {
        at: rush.from,
        until: Some(rush.until),
        label: rush.name.clone(),
        kind: "rush",
    });
}

/// The class of a name that has been checked before.
fn find(context: &Context<'_>, name: &Written<String>) -> Option<ClassId> {
    context.tickets.iter().position(|known| *known == name.value).map(ClassId::new)
}
