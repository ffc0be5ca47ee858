//! Desks that have nothing beyond what nearly every desk has, for which the engine asks no further.

use super::Model;
use super::chasers::Reading;
use super::class::Class;
use super::pool::Pool;
use super::team::{ShiftEnd, Team};

impl Model {
    /// Whether nothing is at work here but arrivals, promises, lines, shifts and breaks, escalation,
    /// patience, chasers read with their ticket, reopened tickets, questions and answers in bulk.
    pub fn is_plain(&self) -> bool {
        let Model { automation, approvals, procedures, root_causes, crowded, .. } = self;
        let none_of_the_desk = self.interventions.is_none()
            && self.customers.is_none()
            && self.triage.is_none()
            && automation.is_empty()
            && approvals.is_empty()
            && procedures.is_empty()
            && root_causes.is_empty()
            && crowded.is_empty()
            && self.reviews.is_empty();
        let none_in_between = !self.personal
            && !self.side_by_side
            && !self.has_extras
            && !self.has_inboxes()
            && !self.tells_expected_wait;
        none_of_the_desk
            && none_in_between
            && self.classes.iter().all(is_plain_class)
            && self.teams.iter().all(is_plain_team)
            && self.pools.iter().all(is_plain_pool)
    }
}

fn is_plain_class(class: &Class) -> bool {
    let reads_at_once = class.chasers.as_ref().is_some_and(|c| c.reading == Reading::AtOnce);
    class.late.is_none()
        && class.acknowledgement.is_none()
        && class.notices.is_empty()
        && class.problems.is_empty()
        && class.macros.is_empty()
        && class.duplicates.is_none()
        && !reads_at_once
}

fn is_plain_team(team: &Team) -> bool {
    !team.interrupts
        && team.blending.is_none()
        && team.concurrency.is_none()
        && team.swarming.is_none()
        && team.questions.is_none()
        && team.room.is_none()
        && team.crowding.is_none()
        && team.assignment.is_none()
        && team.forgetting.is_none()
        && team.shift_end != ShiftEnd::FinishPooled
}

fn is_plain_pool(pool: &Pool) -> bool {
    pool.fence.is_empty() && pool.interruptions.is_none() && pool.side_work.is_none()
}
