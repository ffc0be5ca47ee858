//! Which lines a team has, who may turn up in them, and who takes from them.

use super::{BuildError, ModelBuilder};
use crate::ids::{ClassId, LineId, PoolId, TeamId};
use crate::model::Model;
use crate::model::chasers::Reading;
use crate::model::class::Class;
use crate::model::discipline::{Discipline, Group, LineKind};
use crate::model::pool::{Pool, PoolPlan};
use crate::model::team::{Line, Team};
use crate::ticket::Priority;
use std::collections::BTreeMap;

impl ModelBuilder {
    /// Classes that can come to a team: those that enter there, and those that move there.
    fn classes_at(&self, team: TeamId) -> Vec<ClassId> {
        let classes = (0..self.model.classes.len()).map(ClassId::new);
        classes.filter(|class| self.reaches(*class, team)).collect()
    }

    fn reaches(&self, class: ClassId, goal: TeamId) -> bool {
        let mut seen = vec![self.model.classes[class.index()].entry];
        let mut next = 0;
        while next < seen.len() {
            let team = seen[next];
            next += 1;
            let stage = &self.model.stages[class.index() * self.team_plans.len() + team.index()];
            let routes = stage.escalations.after_touch.iter().map(|(_, route)| route.to);
            let waiting = stage.escalations.waiting.iter().map(|waiting| waiting.route.to);
            let away = self.model.classes[class.index()].turned_away.iter();
            for to in routes.chain(waiting).chain(away.filter_map(|away| away.overflow)) {
                if !seen.contains(&to) {
                    seen.push(to);
                }
            }
        }
        seen.contains(&goal)
    }

    /// Gives every team the fewest lines its order of work and its pools' skills can do with.
    pub(super) fn draw_lines(&mut self) -> Result<(), BuildError> {
        let classes = self.model.classes.len();
        let cells = self.team_plans.len() * classes * Priority::COUNT * 3;
        self.model.line_of = vec![LineId(u32::MAX); cells];
        for (team_index, plan) in self.team_plans.iter().enumerate() {
            let team = TeamId::new(team_index);
            let first_line = self.model.lines.len();
            let pools: Vec<PoolId> = (0..self.pool_plans.len())
                .filter(|pool| self.pool_plans[*pool].team == team)
                .map(PoolId::new)
                .collect();
            let mut known: BTreeMap<LineKey, LineId> = BTreeMap::new();
            let mut reached = false;
            let at_home = self.classes_at(team);
            let strays = self.strays_at(team);
            for class in (0..classes).map(ClassId::new) {
                let (belongs, strays) = (at_home.contains(&class), strays.contains(&class));
                let mut skill = self.skill(&pools, class, PoolPlan::is_ever_there);
                reached |= belongs || strays;
                // An intervention may bring it here.
                let perhaps = self.anywhere && !skill.is_empty();
                if !belongs && !strays && !perhaps {
                    continue;
                }
                if skill.is_empty() && !belongs {
                    skill = self.anybody(&pools);
                }
                if skill.is_empty() && self.anywhere {
                    // Nobody is there for as long as an intervention lasts.
                    skill = self.skill(&pools, class, |_| true);
                }
                if skill.is_empty() {
                    return Err(BuildError::NobodyServes {
                        class: self.model.classes[class.index()].name.clone(),
                        team: plan.name.clone(),
                    });
                }
                let shared = plan.concurrency.as_ref().is_some_and(|c| c.shares(class));
                let mut immediate = false;
                if let Some(blending) = &plan.blending {
                    immediate = blending.is_immediate(class);
                    let preferred = |p: &mut (_, u8)| p.1 = blending.preference(class, p.1);
                    skill.iter_mut().for_each(preferred);
                }
                for priority in (0..Priority::COUNT as u8).map(Priority) {
                    for group in [Group::NeedsInformation, Group::AwaitsAction, Group::Rest] {
                        let key = LineKey {
                            immediate,
                            shared,
                            ..line_key(&plan.discipline, class, priority, group, &skill)
                        };
                        let split = key.priority;
                        let line = *known.entry(key).or_insert_with(|| {
                            let id = LineId::new(self.model.lines.len());
                            let kind: LineKind = plan.discipline.line_kind();
                            let tried = |pool: PoolId| {
                                // Whoever may do nothing else is asked first.
                                let plan = &self.pool_plans[pool.index()];
                                let free = !immediate && plan.fence.is_empty();
                                (plan.tried * 2 + u8::from(free), pool)
                            };
                            let mut tried: Vec<(u8, PoolId)> =
                                skill.iter().map(|(pool, _)| tried(*pool)).collect();
                            tried.sort_unstable();
                            for (pool, preference) in &skill {
                                self.model.pools[pool.index()].lines.push((*preference, id));
                            }
                            self.model.lines.push(Line {
                                team,
                                kind,
                                priority: split,
                                immediate,
                                shared,
                                pools: tried,
                                by_age: None,
                                by_age_of: None,
                            });
                            id
                        });
                        let index = self.model.line_index(team, class, priority, group);
                        self.model.line_of[index] = line;
                    }
                }
            }
            if self.model.triage.as_ref().is_some_and(|triage| triage.keeps_age) {
                self.model.draw_lines_by_age(first_line);
            }
            let shared = first_line..self.model.lines.len();
            if plan.assignment.is_some() {
                self.model.draw_own_lines(&pools, shared.clone());
            }
            let hidden = plan.forgetting.as_ref().map(|_| {
                self.model.lines.push(Line {
                    team,
                    kind: LineKind::Fifo,
                    priority: None,
                    immediate: false,
                    shared: false,
                    pools: Vec::new(),
                    by_age: None,
                    by_age_of: None,
                });
                LineId::new(self.model.lines.len() - 1)
            });
            self.model.teams.push(Team {
                name: plan.name.clone(),
                discipline: plan.discipline.clone(),
                shift_end: plan.shift_end,
                reread: plan.reread,
                interrupts: plan.interrupts,
                blending: plan.blending.clone(),
                concurrency: plan.concurrency.clone(),
                swarming: plan.swarming.clone(),
                questions: plan.questions,
                room: plan.room,
                crowding: plan.crowding.clone(),
                habits: plan.habits,
                assignment: plan.assignment.clone(),
                forgetting: plan.forgetting.clone(),
                hidden,
                reached,
                lines: shared,
                all_lines: first_line..self.model.lines.len(),
                pools,
            });
        }
        let crowded = (0..self.team_plans.len()).filter(|t| self.team_plans[*t].crowding.is_some());
        self.model.side_by_side = self.team_plans.iter().any(|team| team.concurrency.is_some());
        for (team_index, plan) in self.team_plans.iter().enumerate() {
            if plan.discipline.splits_groups() {
                continue;
            }
            let team = TeamId::new(team_index);
            for class in (0..classes).map(ClassId::new) {
                let line = |priority| {
                    self.model.line(team, class, Priority(priority), Group::NeedsInformation)
                };
                let lines = [0, 1, 2, 3].map(line);
                let stage = class.index() * self.team_plans.len() + team_index;
                self.model.stages[stage].lines = Some(lines);
            }
        }
        for pool in 0..self.model.pools.len() {
            self.model.pools[pool].lines.sort_unstable();
            self.model.pools[pool].in_turn = self.model.in_turn(&self.model.pools[pool]);
        }
        self.model.crowded = crowded.map(TeamId::new).collect();
        self.refuse_circles()
    }

    /// Classes of tickets that may turn up at a team because they are sorted or approved there, or
    /// by mistake.
    fn strays_at(&self, team: TeamId) -> Vec<ClassId> {
        let approved = self.model.approvals.iter().filter(|approval| approval.by == team);
        let mut classes: Vec<ClassId> = approved.flat_map(|a| a.classes.clone()).collect();
        let Some(triage) = &self.model.triage else { return classes };
        let turns_up = |class: &&ClassId| {
            let right = self.model.classes[class.index()].entry;
            triage.strays(right).any(|at| at == team)
        };
        classes.extend(triage.classes.iter().filter(turns_up));
        classes
    }

    /// All pools of a team, for tickets of which nobody there knows anything: their own come first
    /// to those who keep an order.
    fn anybody(&self, pools: &[PoolId]) -> Vec<(PoolId, u8)> {
        let plans = pools.iter().map(|pool| (*pool, &self.pool_plans[pool.index()]));
        plans
            .filter(|(_, plan)| plan.is_ever_there())
            .map(|(id, plan)| (id, if plan.ordered { plan.serves.len() as u8 } else { 0 }))
            .collect()
    }

    /// Those pools of a team that can work on a class, each with its preference for it.
    fn skill(
        &self,
        pools: &[PoolId],
        class: ClassId,
        counts: impl Fn(&PoolPlan) -> bool,
    ) -> Vec<(PoolId, u8)> {
        let preference = |pool: &PoolId| {
            let plan = &self.pool_plans[pool.index()];
            if !counts(plan) {
                return None;
            }
            if plan.serves.is_empty() {
                return Some((*pool, 0));
            }
            let place = plan.serves.iter().position(|served| *served == class)?;
            Some((*pool, if plan.ordered { place as u8 } else { 0 }))
        };
        pools.iter().filter_map(preference).collect()
    }

    /// Refuses moves for waiting too long that come back without a touch.
    fn refuse_circles(&self) -> Result<(), BuildError> {
        for (class_index, class) in self.model.classes.iter().enumerate() {
            for start in 0..self.model.teams.len() {
                let mut team = TeamId::new(start);
                for _ in 0..=self.model.teams.len() {
                    let stage = self.model.stage(ClassId::new(class_index), team);
                    let Some(waiting) = &stage.escalations.waiting else { break };
                    team = waiting.route.to;
                    if team.index() == start {
                        let (class, team) =
                            (class.name.clone(), self.model.teams[start].name.clone());
                        return Err(BuildError::MovesInCircle { class, team });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Model {
    /// Draws for each agent of a team's pools lines like those of the team, one after the other.
    fn draw_own_lines(&mut self, pools: &[PoolId], shared: std::ops::Range<usize>) {
        self.own_lines.resize(self.agents(), 0);
        for pool in pools {
            for agent in self.pools[pool.index()].agents.clone() {
                let behind = self.lines.len() - shared.start;
                self.own_lines[agent as usize] = behind as u32;
                for index in shared.clone() {
                    let own = |line: LineId| LineId(line.0 + behind as u32);
                    let line = &self.lines[index];
                    let line = Line {
                        pools: Vec::new(),
                        by_age: line.by_age.map(own),
                        by_age_of: line.by_age_of.map(own),
                        ..line.clone()
                    };
                    self.lines.push(line);
                }
            }
        }
    }

    /// The lines of a pool in the order in which it empties them, where there is one whatever waits.
    fn in_turn(&self, pool: &Pool) -> Option<Vec<LineId>> {
        let team = &self.teams[pool.team.index()];
        let by_priority = team.discipline == Discipline::Priority;
        let mut turns: Vec<(u8, Option<Priority>, LineId)> = Vec::new();
        for (preference, id) in &pool.lines {
            let line = &self.lines[id.index()];
            if matches!(line.kind, LineKind::Indexed | LineKind::Browsed) {
                return None; // by chance, or by what else is there
            }
            turns.push((*preference, line.priority.filter(|_| by_priority), *id));
        }
        turns.sort_unstable();
        let tie = turns.windows(2).any(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1));
        let at_once = |class: &Class| {
            class.chasers.as_ref().is_some_and(|chasers| chasers.reading == Reading::AtOnce)
        };
        let jumped = turns.len() > 1 && self.classes.iter().any(at_once);
        let limited = !pool.fence.is_empty() || self.side_by_side || team.assignment.is_some();
        (!tie && !jumped && !limited).then(|| turns.into_iter().map(|(.., id)| id).collect())
    }

    /// Draws a line beside every line by order of arrival from there on, for tickets that keep the
    /// place they had in another one.
    fn draw_lines_by_age(&mut self, first: usize) {
        for index in first..self.lines.len() {
            let line = &self.lines[index];
            if !line.kind.is_list() {
                continue;
            }
            let (of, id) = (LineId::new(index), LineId::new(self.lines.len()));
            let beside = Line { kind: LineKind::Keyed, by_age_of: Some(of), ..line.clone() };
            self.lines[index].by_age = Some(id);
            self.lines.push(beside);
            for pool in &mut self.pools {
                let preference = pool.lines.iter().find(|(_, line)| *line == of).map(|(p, _)| *p);
                pool.lines.extend(preference.map(|preference| (preference, id)));
            }
        }
    }
}

/// What tells two lines of a team apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct LineKey {
    skill: Vec<(PoolId, u8)>,
    immediate: bool,
    shared: bool,
    class: Option<ClassId>,
    priority: Option<Priority>,
    group: Option<u8>,
}

fn line_key(
    discipline: &Discipline,
    class: ClassId,
    priority: Priority,
    group: Group,
    skill: &[(PoolId, u8)],
) -> LineKey {
    LineKey {
        skill: skill.to_vec(),
        immediate: false,
        shared: false,
        class: discipline.splits_classes().then_some(class),
        priority: discipline.splits_priorities().then_some(priority),
        group: discipline.splits_groups().then_some(group as u8),
    }
}
