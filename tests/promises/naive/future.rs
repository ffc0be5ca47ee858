//! What is to come: a list without order, searched from end to end.

use super::Naive;
use surgecast::ids::{ClassId, PoolId, TeamId};
use surgecast::outcome::observer::Observer;
use surgecast::rng::Key;
use surgecast::time::{SimDuration, SimTime};

/// Something that will happen.
pub struct Due {
    pub at: SimTime,
    pub what: What,
    /// Chair of the ticket, number of the agent or class.
    id: u32,
    /// How many things had been written before.
    written: u64,
}

/// What will happen, in the order of one instant: changes of plan, completions, agents, customers
/// and other timers, arrivals, the census.
pub enum What {
    Off(PoolId),
    DayEnds(PoolId),
    On(PoolId, i64),
    Begin,
    Turn(PoolId, u64, SimDuration),
    Lesson(PoolId, usize),
    FenceEnds,
    Bulk(u16),
    Audit(TeamId),
    Review(u16),
    Intervenes(usize),
    Done(usize),
    BreakOver(usize),
    CalledAway(usize),
    Back(usize),
    Recruited(usize),
    Trained(usize),
    LetGo(usize),
    HandedOver(usize),
    BotReturn(usize),
    Reaches(usize),
    Answers(usize),
    AutoClose(usize),
    Reopens(usize),
    GivesUp(usize),
    TriesAgain(usize),
    Chases(usize),
    WaitedTooLong(usize),
    BackToPool(usize),
    Forgotten(usize),
    Arrival(ClassId, Key, bool),
    Census(usize),
}

impl What {
    fn rank(&self) -> u8 {
        match self {
            // The plan comes in the order in which it was written.
            What::Off(_)
            | What::DayEnds(_)
            | What::On(..)
            | What::Begin
            | What::Turn(..)
            | What::Lesson(..)
            | What::FenceEnds
            | What::Bulk(_)
            | What::Audit(_)
            | What::Review(_) => 0,
            What::Intervenes(_) => 1,
            What::Done(_) => 2,
            What::BreakOver(_) => 3,
            What::CalledAway(_) => 4,
            What::Back(_) => 5,
            What::Recruited(_) => 6,
            What::Trained(_) => 7,
            What::LetGo(_) => 8,
            What::HandedOver(_) => 9,
            What::BotReturn(_) => 10,
            What::Reaches(_) => 11,
            What::Answers(_) => 12,
            What::AutoClose(_) => 13,
            What::Reopens(_) => 14,
            What::GivesUp(_) => 15,
            What::TriesAgain(_) => 16,
            What::Chases(_) => 17,
            What::WaitedTooLong(_) => 18,
            What::BackToPool(_) => 19,
            What::Forgotten(_) => 20,
            What::Arrival(..) => 21,
            What::Census(_) => 22,
        }
    }

    /// Whether it says who is at work.
    pub fn is_roster(&self) -> bool {
        matches!(
            self,
            What::Off(_)
                | What::DayEnds(_)
                | What::On(..)
                | What::Begin
                | What::Turn(..)
                | What::Lesson(..)
                | What::FenceEnds
        )
    }
}

impl<O: Observer> Naive<'_, O> {
    /// Writes something into the future.
    pub fn will(&mut self, at: SimTime, what: What) {
        let id = match what {
            What::Off(_)
            | What::DayEnds(_)
            | What::On(..)
            | What::Begin
            | What::Turn(..)
            | What::Lesson(..)
            | What::FenceEnds
            | What::Bulk(_)
            | What::Audit(_)
            | What::Review(_) => 0,
            What::Intervenes(rule) => rule as u32,
            What::Done(agent)
            | What::BreakOver(agent)
            | What::CalledAway(agent)
            | What::Back(agent)
            | What::Recruited(agent)
            | What::Trained(agent)
            | What::LetGo(agent) => agent as u32,
            What::HandedOver(id)
            | What::BotReturn(id)
            | What::Reaches(id)
            | What::Answers(id)
            | What::AutoClose(id)
            | What::Reopens(id)
            | What::GivesUp(id)
            | What::TriesAgain(id)
            | What::Chases(id)
            | What::WaitedTooLong(id)
            | What::BackToPool(id)
            | What::Forgotten(id) => self.tickets[id].chair,
            What::Arrival(class, ..) => u32::from(class.0),
            What::Census(_) => 0,
        };
        self.written += 1;
        self.future.push(Due { at, what, id, written: self.written });
    }

    fn first(&self) -> Option<usize> {
        let order = |due: &Due| (due.at, due.what.rank(), due.id, due.written);
        (0..self.future.len()).min_by_key(|place| order(&self.future[*place]))
    }

    /// Takes what comes next.
    pub fn next_due(&mut self) -> Option<Due> {
        self.first().map(|place| self.future.swap_remove(place))
    }

    /// Whether the very next thing, at this same instant, says who is at work too.
    pub fn roster_still_changes(&self) -> bool {
        let next = self.first().map(|place| &self.future[place]);
        next.is_some_and(|next| next.at == self.now && next.what.is_roster())
    }

    /// Strikes out what a waiting ticket's customer, or its team, would have done.
    pub fn strike_waiting(&mut self, ticket: usize) {
        self.future.retain(|due| {
            !matches!(due.what, What::GivesUp(id) | What::Chases(id) | What::WaitedTooLong(id)
                | What::BackToPool(id) | What::Forgotten(id) if id == ticket)
        });
    }

    pub fn strike_forgetting(&mut self, ticket: usize) {
        self.future.retain(|due| !matches!(due.what, What::Forgotten(id) if id == ticket));
    }

    /// Strikes out the whole plan: another one will be written.
    pub fn strike_plan(&mut self) {
        self.future.retain(|due| due.what.rank() != 0);
    }

    /// Strikes out when an intervention was to begin or end.
    pub fn strike_intervention(&mut self, rule: usize) {
        self.future.retain(|due| !matches!(due.what, What::Intervenes(of) if of == rule));
    }

    pub fn strike_done(&mut self, agent: usize) {
        self.future.retain(|due| !matches!(due.what, What::Done(of) if of == agent));
    }

    /// Nobody comes to a seat, and nobody goes, who was about to.
    pub fn strike_seat(&mut self, agent: usize) {
        self.future.retain(|due| {
            !matches!(due.what, What::Recruited(of) | What::Trained(of) | What::LetGo(of) if of == agent)
        });
    }

    pub fn strike_break(&mut self, agent: usize) {
        self.future.retain(|due| !matches!(due.what, What::BreakOver(of) if of == agent));
    }
}
