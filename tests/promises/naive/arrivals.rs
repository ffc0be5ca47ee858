//! Customers write: all arrivals of a run are known beforehand, whatever the desk does.

use super::future::What;
use super::lives::more_urgent;
use super::{Life, Naive, Place};
use surgecast::ids::{ClassId, TeamId, TicketId};
use surgecast::model::arrivals::ArrivalStream;
use surgecast::model::automation::{Meeting, Taste};
use surgecast::model::busyness::fill_scores;
use surgecast::model::root_causes::stems_from;
use surgecast::outcome::observer::Observer;
use surgecast::rng::Key;
use surgecast::ticket::{Cause, Priority, State, Task, Ticket};
use surgecast::time::{SimDuration, SimTime};

impl<O: Observer> Naive<'_, O> {
    pub fn write_arrivals(&mut self) {
        let model = self.model;
        let mut scores = vec![0.0; model.days.len()];
        let today = model.days.day_of(SimTime::ZERO);
        fill_scores(self.key.named("busyness"), model.busyness_memory, today, &mut scores);
        let zero = SimTime::ZERO.max(model.start);
        for (index, class) in model.classes.iter().enumerate() {
            let factors: Vec<f64> = match &class.arrivals.busyness {
                Some(busyness) => scores.iter().map(|score| busyness.factor(*score)).collect(),
                None => Vec::new(),
            };
            // The warm-up has customers of its own, so that its length changes no later one.
            let key = self.key.named(&class.name);
            // Should more customers come than there were, they write from a third stream.
            let streams = [
                (key.named("warm-up"), model.start, zero, false),
                (key, zero, SimTime::NEVER, false),
                (key.named("word of mouth"), zero, SimTime::NEVER, true),
            ];
            let nobody_recommends = model.customers.as_ref().is_none_or(|c| c.p_recommend == 0.0);
            for (key, from, until, won) in streams {
                if won && nobody_recommends {
                    continue;
                }
                let mut stream = ArrivalStream::new(&class.arrivals, key, from, until, &factors);
                for ordinal in 0.. {
                    let at = stream.next(&class.arrivals, &factors);
                    if at > model.end {
                        break;
                    }
                    assert!(at >= from && at < until, "an arrival at {at:?} outside its stream");
                    self.will(at, What::Arrival(ClassId::new(index), key.nth(ordinal), won));
                }
            }
        }
    }

    /// A customer writes, and may meet a bot.
    pub fn on_arrival(&mut self, class: ClassId, key: Key, won: bool) {
        if self.nobody_writes(class, key, won) {
            return;
        }
        for notice in &self.model.classes[class.index()].notices {
            if notice.keeps_away(key, self.now) {
                self.observer.stays_away(self.now, class);
                self.sees("kept away by a notice");
                return;
            }
        }
        if self.is_mended(class, key) {
            self.observer.stays_away(self.now, class);
            self.sees("kept away by a mended problem");
            return;
        }
        let Some(bot) = self.model.automation.iter().find(|bot| bot.classes.contains(&class))
        else {
            self.create(class, key, Cause::New, 1.0);
            return;
        };
        let plan = &self.model.classes[class.index()];
        let law = plan.handle_at(plan.entry);
        // Held against the share of shorter ones each time, not against a longest one.
        let taste = Taste { share: bot.picks_easy(law), up_to: None };
        let meeting = bot.meet(key, self.now, law, taste);
        if meeting != Meeting::Skipped {
            self.observer.bot_tries(self.now, class);
        }
        match meeting {
            Meeting::Skipped => {
                self.create(class, key, Cause::New, 1.0);
            }
            Meeting::HandedOver(after) => self.with_bot(class, key, after, false),
            Meeting::Contained => self.observer.contact(self.now, class, Cause::New, true),
            Meeting::Returns(after) => {
                self.observer.contact(self.now, class, Cause::New, true);
                self.with_bot(class, key, after, true);
            }
        }
    }

    /// Whether the problem that a contact stems from has been mended. The contacts of the warm-up
    /// are nobody's evidence.
    fn is_mended(&mut self, class: ClassId, key: Key) -> bool {
        let model = self.model;
        let mut shares = Vec::new();
        let mut sum = 0.0;
        for (number, cause) in model.root_causes.iter().enumerate() {
            if cause.p_share > 0.0 && cause.classes.contains(&class) {
                sum += cause.p_share;
                shares.push((sum, number as u16));
            }
        }
        if self.now < SimTime::ZERO.max(model.start) || shares.is_empty() {
            return false;
        }
        let Some(number) = stems_from(&shares, key) else { return false };
        let cause = usize::from(number);
        if self.mended_at[cause] <= self.now {
            return true;
        }
        self.seen_of[cause].push(key);
        let seen = self.seen_of[cause].len() as u32;
        let at = model.root_causes[cause].mended_at(seen, self.now);
        if let Some(at) = at.filter(|at| *at < self.mended_at[cause]) {
            self.mended_at[cause] = at;
            self.observer.will_be_mended(self.now, number, at);
        }
        false
    }

    /// A contact that is no ticket yet.
    fn with_bot(&mut self, class: ClassId, key: Key, after: SimDuration, returns: bool) {
        let at = self.now.saturating_add(after);
        if at > self.model.end {
            return;
        }
        let mut facts = self.describe(class, key, Cause::New);
        facts.state = State::Closed;
        let id = self.sit_down_ticket(facts);
        self.will(at, if returns { What::BotReturn(id) } else { What::HandedOver(id) });
    }

    pub fn on_bot_is_through(&mut self, id: usize, returns: bool) {
        let (class, key) = (self.tickets[id].facts.class, self.tickets[id].facts.key);
        self.stand_up_ticket(id);
        let bot = self.model.automation.iter().find(|bot| bot.classes.contains(&class));
        let (cause, factor) = match (bot, returns) {
            (Some(bot), true) => (Cause::BotReturn, bot.harder),
            (Some(_), false) => (Cause::New, 1.0),
            (None, _) => unreachable!("a contact that no bot has met"),
        };
        self.create(class, key, cause, factor);
    }

    pub fn describe(&self, class: ClassId, key: Key, cause: Cause) -> Ticket {
        let plan = &self.model.classes[class.index()];
        let (promise, priority) = (&plan.promise, self.priority_of(class, key, cause));
        Ticket {
            key,
            created_at: self.now,
            since: self.now,
            reply_due: self.due(self.now, promise.first_reply[priority.index()], promise),
            solution_due: self.due(self.now, promise.resolution[priority.index()], promise),
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

    fn priority_of(&self, class: ClassId, key: Key, cause: Cause) -> Priority {
        let usual = self.model.classes[class.index()].priority.of(key);
        let mut bots = self.model.automation.iter();
        let bot = bots.find(|bot| bot.classes.contains(&class));
        let raised = cause == Cause::BotReturn && bot.is_some_and(|bot| bot.raises_priority);
        if raised { more_urgent(usual) } else { usual }
    }

    /// A contact becomes a ticket.
    pub fn create(&mut self, class: ClassId, key: Key, cause: Cause, factor: f64) -> usize {
        let facts = self.describe(class, key, cause);
        if facts.priority != self.model.classes[class.index()].priority.of(key) {
            self.sees("came back from a bot more urgent");
        }
        let id = self.sit_down_ticket(facts);
        self.tickets[id].factor = factor;
        self.acknowledge(id);
        self.observer.contact(self.now, class, cause, false);
        let life = &self.tickets[id];
        self.observer.created(self.now, TicketId(life.chair), &life.facts);
        self.send_in(id);
        id
    }

    pub fn open_with_backlog(&mut self) {
        let mut ordinals = vec![0; self.model.classes.len()];
        for opening in &self.model.opening {
            let plan = &self.model.classes[opening.class.index()];
            let ordinal = &mut ordinals[opening.class.index()];
            let key = self.key.named(&plan.name).named("opening").nth(*ordinal);
            *ordinal += 1;
            let mut facts = self.describe(opening.class, key, Cause::New);
            (facts.created_at, facts.since) = (opening.created_at, opening.created_at);
            facts.priority = opening.priority.unwrap_or(facts.priority);
            let (promise, place) = (&plan.promise, facts.priority.index());
            facts.reply_due = self.due(opening.created_at, promise.first_reply[place], promise);
            facts.solution_due = self.due(opening.created_at, promise.resolution[place], promise);
            facts.state = opening.state;
            facts.opening = true;
            if opening.state != State::New {
                facts.replied_at = opening.created_at;
            }
            let id = self.sit_down_ticket(facts);
            let life = &self.tickets[id];
            self.observer.opens_with(TicketId(life.chair), &life.facts, false);
            if opening.state == State::Pending {
                self.wait_for_customer(id, opening.asked_at.unwrap_or(self.now));
            } else {
                self.arriving.push(id);
            }
        }
    }

    /// A ticket, contact or chaser takes a chair.
    pub fn sit_down_ticket(&mut self, facts: Ticket) -> usize {
        let id = self.tickets.len();
        let chair = self.free_chairs.pop().unwrap_or_else(|| {
            self.chairs.push(None);
            self.chairs.len() as u32 - 1
        });
        self.chairs[chair as usize] = Some(id);
        self.tickets.push(Life {
            facts,
            place: Place::Away,
            is_chaser: false,
            chair,
            order: 0,
            key: 0,
            left: None,
            interruptions: 0,
            unread: SimDuration::ZERO,
            factor: 1.0,
            promise_left: None,
            last_wait: SimDuration::ZERO,
            told: SimTime::NEVER,
            merge: None,
            decisions: 0,
            bounces: 0,
            astray_since: SimTime::ZERO,
            first_place: None,
            owner: None,
            last_owner: None,
            hidden_since: None,
            chances_to_forget: 0,
            approvals: Vec::new(),
            home: TeamId(0),
            held_since: SimTime::ZERO,
            due_before: None,
            escalations: 0,
            way: (TeamId(0), TeamId(0)),
            backs: 0,
        });
        id
    }

    /// It leaves for good.
    pub fn stand_up_ticket(&mut self, id: usize) {
        let life = &mut self.tickets[id];
        life.place = Place::Gone;
        self.chairs[life.chair as usize] = None;
        self.free_chairs.push(life.chair);
    }

    pub fn by_chair(&self) -> Vec<usize> {
        self.chairs.iter().copied().flatten().collect()
    }
}
