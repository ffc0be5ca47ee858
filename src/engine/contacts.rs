//! How tickets come: customers write, bots try, solved tickets come back, and there is a backlog
//! to begin with.

use super::Run;
use super::desk::Source;
use super::event::Kind;
use super::slots::Place;
use crate::ids::{ClassId, TicketId};
use crate::model::automation::Meeting;
use crate::model::pending::Answer;
use crate::model::root_causes::stems_from;
use crate::outcome::observer::Observer;
use crate::rng::Key;
use crate::ticket::{Cause, Priority, State, Task, Ticket};
use crate::time::{SimDuration, SimTime};

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    pub(super) fn first_arrival(&mut self, index: usize) {
        let class = &self.model.classes[index];
        let at = self.desk.demand[index].first(&class.arrivals);
        self.desk.agenda.will_arrive(at, ClassId::new(index));
    }

    /// The arrivals that count begin; those of the warm-up have ended.
    pub(super) fn begin_arrivals(&mut self) {
        for (index, class) in self.model.classes.iter().enumerate() {
            let demand = &mut self.desk.demand[index];
            let key = self.key.named(&class.name);
            let span = (self.now, SimTime::NEVER);
            demand.planned = Source::new(&class.arrivals, key, span, &demand.factors);
            if self.model.customers.as_ref().is_some_and(|customers| customers.p_recommend > 0.0) {
                let key = key.named("word of mouth");
                demand.won = Some(Source::new(&class.arrivals, key, span, &demand.factors));
            }
            self.first_arrival(index);
        }
    }

    #[inline(always)]
    pub(super) fn on_arrival(&mut self, class: ClassId) {
        let arrivals = &self.model.classes[class.index()].arrivals;
        let (key, won, next) = self.desk.demand[class.index()].take(arrivals);
        self.desk.agenda.will_arrive(next, class);
        if !PLAIN && self.nobody_writes(class, key, won) {
            return;
        }
        let plan = &self.model.classes[class.index()];
        if !PLAIN && (plan.keeps_away(key, self.now) || self.is_mended(class, key)) {
            self.observer.stays_away(self.now, class);
            return;
        }
        self.contact(class, key);
    }

    /// Whether what the contact would be about has been mended. If not, it brings the day nearer.
    #[inline]
    fn is_mended(&mut self, class: ClassId, key: Key) -> bool {
        let shares = &self.model.classes[class.index()].problems;
        if shares.is_empty() || !self.counting {
            return false;
        }
        let Some(number) = stems_from(shares, key) else { return false };
        let case = &mut self.desk.cases[usize::from(number)];
        if case.mended_at <= self.now {
            return true;
        }
        case.seen = case.seen.saturating_add(1);
        let cause = &self.model.root_causes[usize::from(number)];
        if let Some(at) = cause.mended_at(case.seen, self.now)
            && at < case.mended_at
        {
            case.mended_at = at;
            self.observer.will_be_mended(self.now, number, at);
        }
        false
    }

    /// A customer writes: a bot may stand in front of the desk.
    #[inline(always)]
    fn contact(&mut self, class: ClassId, key: Key) {
        let bot = if PLAIN { None } else { self.model.bot_of[class.index()] };
        let Some(bot) = bot else {
            self.create(class, key, Cause::New, 1.0);
            return;
        };
        let bot = &self.model.automation[bot];
        let law = &self.model.stage(class, self.model.classes[class.index()].entry).handle;
        let meeting = bot.meet(key, self.now, law, self.model.tastes[class.index()]);
        if meeting != Meeting::Skipped {
            self.observer.bot_tries(self.now, class);
        }
        match meeting {
            Meeting::Skipped => {
                self.create(class, key, Cause::New, 1.0);
            }
            Meeting::HandedOver(after) => self.later(class, key, after, Kind::HandedOver),
            Meeting::Contained => self.observer.contact(self.now, class, Cause::New, true),
            Meeting::Returns(after) => {
                self.observer.contact(self.now, class, Cause::New, true);
                self.later(class, key, after, Kind::BotReturn);
            }
        }
    }

    /// Keeps a contact that is no ticket yet.
    fn later(&mut self, class: ClassId, key: Key, after: SimDuration, kind: Kind) {
        let at = self.now.saturating_add(after);
        if at > self.model.end {
            // It would only take up room. A contact still with a bot at the end is neither
            // contained nor a ticket, and is not counted.
            return;
        }
        let mut ticket = self.describe(class, key, Cause::New);
        ticket.state = State::Closed;
        let id = self.desk.slots.take(ticket);
        let stamp = self.desk.slots[id].stamp;
        self.desk.agenda.will_happen(at, kind, id.0, stamp);
    }

    pub(super) fn on_handed_over(&mut self, id: TicketId) {
        let facts = &self.desk.slots[id].facts;
        let (class, key) = (facts.class, facts.key);
        self.desk.slots.release(id);
        self.create(class, key, Cause::New, 1.0);
    }

    pub(super) fn on_bot_return(&mut self, id: TicketId) {
        let facts = &self.desk.slots[id].facts;
        let (class, key) = (facts.class, facts.key);
        self.desk.slots.release(id);
        let harder =
            self.model.bot_of[class.index()].map_or(1.0, |bot| self.model.automation[bot].harder);
        self.create(class, key, Cause::BotReturn, harder);
    }

    /// What is known of a ticket created now.
    #[inline(always)]
    fn describe(&self, class: ClassId, key: Key, cause: Cause) -> Ticket {
        let plan = &self.model.classes[class.index()];
        let promise = &plan.promise;
        let open = &self.model.calendars;
        let mut priority = plan.priority.of(key);
        if !PLAIN && cause == Cause::BotReturn {
            let bot = self.model.bot_of[class.index()].map(|bot| &self.model.automation[bot]);
            if bot.is_some_and(|bot| bot.raises_priority) {
                priority = Self::raise(priority);
            }
        }
        let (reply_due, solution_due) = promise.dues(self.now, priority, open);
        Ticket {
            key,
            created_at: self.now,
            since: self.now,
            reply_due,
            solution_due,
            replied_at: SimTime::NEVER,
            with_customer: SimDuration::ZERO,
            class,
            team: plan.entry,
            priority,
            state: State::New,
            cause,
            task: Task::Answer,
            touches: 0,
            visits: 0,
            chasers: 0,
            reopens: 0,
            opening: false,
        }
    }

    /// A contact becomes a ticket and joins the line of the class's first team.
    #[inline(always)]
    pub(super) fn create(
        &mut self,
        class: ClassId,
        key: Key,
        cause: Cause,
        factor: f64,
    ) -> TicketId {
        let ticket = self.describe(class, key, cause);
        let id = self.desk.slots.take(ticket);
        if !PLAIN {
            if factor != 1.0 {
                self.desk.slots.set_special(id, factor, None);
            }
            if self.model.tells_expected_wait {
                self.acknowledge(id, true);
            }
        }
        self.unsolved += 1;
        self.observer.contact(self.now, class, cause, false);
        self.observer.created(self.now, id, &self.desk.slots[id].facts);
        self.send_in(id);
        id
    }

    /// Tickets that waited before the run began, the oldest first.
    pub(super) fn open_with_backlog(&mut self) {
        let mut ordinals = vec![0_u64; self.model.classes.len()];
        for opening in &self.model.opening {
            let class = opening.class;
            let plan = &self.model.classes[class.index()];
            let key = self.key.named(&plan.name).named("opening").nth(ordinals[class.index()]);
            ordinals[class.index()] += 1;
            let mut ticket = self.describe(class, key, Cause::New);
            let open = &self.model.calendars;
            ticket.created_at = opening.created_at;
            ticket.since = opening.created_at;
            ticket.priority = opening.priority.unwrap_or(ticket.priority);
            (ticket.reply_due, ticket.solution_due) =
                plan.promise.dues(opening.created_at, ticket.priority, open);
            ticket.state = opening.state;
            ticket.opening = true;
            if opening.state != State::New {
                // Somebody has looked at it, and replied at a time nobody recorded.
                ticket.replied_at = opening.created_at;
            }
            let id = self.desk.slots.take(ticket);
            if self.model.tells_expected_wait {
                self.acknowledge(id, false);
            }
            self.unsolved += 1;
            self.observer.opens_with(id, &self.desk.slots[id].facts, false);
            if opening.state == State::Pending {
                self.wait_for_customer(id, opening.asked_at.unwrap_or(self.now));
            } else {
                self.desk.arriving.push(id);
            }
        }
    }

    /// A ticket waits for its customer's answer, who was asked then.
    pub(super) fn wait_for_customer(&mut self, id: TicketId, asked: SimTime) {
        let slot = &mut self.desk.slots[id];
        slot.place = Place::Away;
        slot.stamp = slot.stamp.wrapping_add(1);
        let facts = &mut slot.facts;
        let class = &self.model.classes[facts.class.index()];
        let left = class.promise.left(self.now, facts.solution_due, &self.model.calendars);
        facts.state = State::Pending;
        facts.since = self.now;
        let answer = class.pending.as_ref().map(|pending| {
            let later = |from: SimTime, span| match pending.hours {
                Some(hours) => self.model.calendars[hours.index()].after(from, span),
                None => from.saturating_add(span),
            };
            pending.answer(facts.key, facts.touches, (asked, self.now), later)
        });
        let (kind, at) = match answer {
            Some(Answer::At(at)) => (Kind::Answers, at),
            Some(Answer::Never(at)) => (Kind::AutoClose, at),
            // An opening ticket of a class that is never asked anything: its answer is there.
            None => (Kind::Answers, self.now),
        };
        self.desk.agenda.will_happen(at, kind, id.0, slot.stamp);
        self.desk.slots.rest_mut(id).promise_left = left;
    }

    pub(super) fn on_answers(&mut self, id: TicketId) {
        self.resume_promise(id);
        let slot = &mut self.desk.slots[id];
        slot.facts.with_customer += self.now - slot.facts.since;
        slot.facts.state = State::Open;
        slot.facts.since = self.now;
        self.observer.answered(self.now, id, &self.desk.slots[id].facts);
        self.awaits_reply(id);
        self.desk.arriving.push(id);
    }

    /// A customer has written again, and may have been promised a reply.
    pub(super) fn awaits_reply(&mut self, id: TicketId) {
        let facts = &self.desk.slots[id].facts;
        let promise = &self.model.classes[facts.class.index()].promise;
        if let Some(due) = promise.next_due(self.now, facts, &self.model.calendars) {
            self.observer.awaits_reply(self.now, id, facts, due);
        }
    }

    /// The clock of a promise goes on, unless it had run out before it stopped.
    pub(super) fn resume_promise(&mut self, id: TicketId) {
        let left = self.desk.slots.rest(id).promise_left;
        let slot = &mut self.desk.slots[id];
        let promise = &self.model.classes[slot.facts.class.index()].promise;
        if left > SimDuration::ZERO && slot.facts.solution_due != SimTime::NEVER {
            slot.facts.solution_due = promise.due(self.now, Some(left), &self.model.calendars);
        }
    }

    pub(super) fn on_reopens(&mut self, id: TicketId) {
        self.resume_promise(id);
        let slot = &mut self.desk.slots[id];
        slot.facts.state = State::Open;
        slot.facts.cause = Cause::Reopen;
        slot.facts.reopens = slot.facts.reopens.saturating_add(1);
        self.unsolved += 1;
        self.observer.reopened(self.now, id, &slot.facts, false);
        slot.facts.since = self.now;
        self.awaits_reply(id);
        self.desk.arriving.push(id);
    }

    /// A customer who gave up tries again with the same need.
    pub(super) fn on_tries_again(&mut self, id: TicketId) {
        let entry = self.model.classes[self.desk.slots[id].facts.class.index()].entry;
        let slot = &mut self.desk.slots[id];
        slot.facts.state = if slot.facts.touches == 0 { State::New } else { State::Open };
        slot.facts.team = entry;
        slot.facts.task = Task::Answer;
        self.unsolved += 1;
        self.observer.reopened(self.now, id, &slot.facts, true);
        slot.facts.since = self.now;
        self.awaits_reply(id);
        self.send_in(id);
    }

    pub(super) fn on_reaches(&mut self, id: TicketId) {
        self.desk.arriving.push(id);
    }

    /// Makes a ticket one step more urgent.
    pub(super) fn raise(priority: Priority) -> Priority {
        Priority(priority.0.saturating_sub(1))
    }
}
