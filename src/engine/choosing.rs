//! Which waiting ticket an agent takes: the order of work of the team, among the lines that are open
//! to that agent now.

use super::Run;
use super::agent::{AgentState, Work};
use super::desk::Desk;
use crate::ids::{AgentId, LineId, PoolId, TeamId, TicketId};
use crate::model::Model;
use crate::model::discipline::{Discipline, Group, Head, LineKind};
use crate::model::picking::Picking;
use crate::model::team::Line;
use crate::outcome::observer::Observer;
use crate::time::SimDuration;
use rand::RngExt;

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// The waiting ticket that an agent takes next, from the pool's lines or from the own inbox.
    #[inline(always)]
    pub(super) fn choose(&mut self, agent: AgentId, pool: PoolId) -> Option<TicketId> {
        let plan = &self.model.pools[pool.index()];
        let Some(in_turn) = &plan.in_turn else { return self.choose_among_lines(agent, pool) };
        // Here, where most tickets are taken, there is nothing to choose.
        let Desk { lines, slots, .. } = &mut self.desk;
        in_turn.iter().find_map(|line| lines.head(slots, *line)).map(|(id, _)| id)
    }

    fn choose_among_lines(&mut self, agent: AgentId, pool: PoolId) -> Option<TicketId> {
        let plan = &self.model.pools[pool.index()];
        let team = plan.team;
        let assignment =
            if PLAIN { None } else { self.model.teams[team.index()].assignment.as_ref() };
        let inbox = assignment.map(|_| agent);
        let discipline = &self.model.teams[team.index()].discipline;
        let limits = self.limits(agent, pool);
        if *discipline == Discipline::Random {
            return self.choose_any(inbox, pool, team, limits);
        }
        let mut best = None;
        for (preference, line) in &plan.lines {
            self.better_of(&mut best, (discipline, limits), *preference, *line);
            if inbox.is_some() {
                let own = self.model.own_line(agent, *line);
                self.better_of(&mut best, (discipline, limits), *preference, own);
            }
        }
        let ((preference, _, order), id) = best?;
        // Whatever was put first is taken first; nothing of the kind waits behind what was not.
        if let Discipline::CherryPicking(picking) = discipline
            && order > 0
        {
            return Some(self.pick_easy(picking, inbox, pool, (preference, limits)).unwrap_or(id));
        }
        Some(id)
    }

    /// Holds the first ticket of a line against the best so far: by preference, score and order.
    #[inline]
    fn better_of(
        &mut self,
        best: &mut Option<((u8, i64, i64), TicketId)>,
        (discipline, limits): (&Discipline, Limits),
        preference: u8,
        line: LineId,
    ) {
        if !PLAIN && !limits.allow(&self.model.lines[line.index()]) {
            return;
        }
        let Some((id, key)) = self.desk.lines.head(&self.desk.slots, line) else { return };
        let slot = &self.desk.slots[id];
        let score = if !PLAIN && slot.is_chaser {
            // Read at once means before everything.
            i64::MIN
        } else if *discipline == Discipline::Priority {
            i64::from(slot.facts.priority.0)
        } else if matches!(
            discipline,
            Discipline::Oldest | Discipline::Newest | Discipline::CherryPicking(_)
        ) {
            0
        } else {
            discipline.score(self.now, &self.head_facts(id, key))
        };
        let place = (preference, score, slot.order);
        if best.is_none_or(|(smallest, _)| place < smallest) {
            *best = Some((place, id));
        }
    }

    /// An easier ticket of the pool's lines of a preference, where the agent looks for one.
    fn pick_easy(
        &mut self,
        picking: &Picking,
        inbox: Option<AgentId>,
        pool: PoolId,
        (preference, limits): (u8, Limits),
    ) -> Option<TicketId> {
        let team = self.model.pools[pool.index()].team;
        let mut chance = self.desk.pick(team.index(), self.key);
        let (desk, model) = (&self.desk, self.model);
        let all = model.teams[team.index()].all_lines.clone();
        let waiting = all.map(|line| desk.lines.len(LineId::new(line))).sum();
        let lines = lines_of(model, inbox, pool).filter(|(p, line)| {
            let line = &model.lines[line.index()];
            *p == preference && line.kind == LineKind::Browsed && limits.allow(line)
        });
        let among = lines.clone().map(|(_, line)| desk.lines.len(line)).sum();
        let staffed = desk.teams[team.index()].staffed;
        let looks = picking.looks_at(waiting, staffed, among, &mut chance)?;
        let seen = looks.into_iter().filter_map(|mut place| {
            lines.clone().find_map(|(_, line)| {
                let len = desk.lines.len(line);
                if place < len {
                    return Some(desk.lines.nth(line, place));
                }
                place -= len;
                None
            })
        });
        seen.min_by_key(|id| (self.handle_of(*id), desk.slots[*id].order))
    }

    /// Handle time of the next touch of a ticket, before the agent's pace.
    pub(super) fn handle_of(&self, id: TicketId) -> SimDuration {
        let facts = &self.desk.slots[id].facts;
        let law = &self.model.stage(facts.class, facts.team).handle;
        crate::model::handle::draw(law, facts.key, facts.touches)
    }

    /// Any waiting ticket within the pool's most preferred lines, all with equal chances.
    fn choose_any(
        &mut self,
        inbox: Option<AgentId>,
        pool: PoolId,
        team: TeamId,
        limits: Limits,
    ) -> Option<TicketId> {
        let may = |(_, line): &(u8, LineId)| limits.allow(&self.model.lines[line.index()]);
        let mut lines = lines_of(self.model, inbox, pool).filter(may);
        let waits = |line: LineId| self.desk.lines.len(line) > 0;
        let first = lines.clone().find(|(_, line)| waits(*line));
        let preference = first.map(|(preference, _)| preference)?;
        let among = lines.clone().filter(|(p, _)| *p == preference).map(|(_, line)| line);
        let total: u32 = among.map(|line| self.desk.lines.len(line)).sum();
        let mut place = self.desk.pick(team.index(), self.key).random_range(0..total);
        lines.find_map(|(p, line)| {
            if p != preference {
                return None;
            }
            let len = self.desk.lines.len(line);
            if place < len {
                return Some(self.desk.lines.nth(line, place));
            }
            place -= len;
            None
        })
    }

    fn head_facts(&self, id: TicketId, key: i64) -> Head {
        // Whoever keeps its age has waited since it first stood in a line.
        let first = self.desk.slots.extra(id).and_then(|extra| extra.first_place);
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        Head {
            since: first.map_or(facts.since, |(_, since)| since),
            priority: facts.priority,
            group: if slot.is_chaser { Group::NeedsInformation } else { self.group(id) },
            mean_handle: self.model.stage(facts.class, facts.team).mean_handle,
            key,
        }
    }

    /// What an agent may take now.
    fn limits(&self, agent: AgentId, pool: PoolId) -> Limits {
        if PLAIN {
            return Limits { fenced: false, beside: false };
        }
        let state = &self.desk.agents[agent.index()];
        let beside = state.state == AgentState::Busy && state.work == Work::Several;
        Limits { fenced: self.is_fenced(pool), beside }
    }
}

/// What keeps an agent from some lines.
#[derive(Clone, Copy)]
struct Limits {
    /// Nothing immediate.
    fenced: bool,
    /// Only what can be held beside other tickets.
    beside: bool,
}

impl Limits {
    fn allow(self, line: &Line) -> bool {
        !(self.fenced && line.immediate) && (!self.beside || line.shared)
    }
}

/// The lines of a pool, and beside each the agent's own where there are inboxes.
fn lines_of(
    model: &Model,
    inbox: Option<AgentId>,
    pool: PoolId,
) -> impl Iterator<Item = (u8, LineId)> + Clone {
    model.pools[pool.index()].lines.iter().flat_map(move |(preference, line)| {
        let own = inbox.map(|agent| (*preference, model.own_line(agent, *line)));
        std::iter::once((*preference, *line)).chain(own)
    })
}
