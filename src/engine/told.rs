//! What customers were told, and how long the desk expects them to wait.

use super::Run;
use crate::ids::TicketId;
use crate::model::acknowledgement::{Says, expected_after};
use crate::model::mood::Mood;
use crate::outcome::observer::Observer;
use crate::time::{SimDuration, SimTime};

/// What a desk tells its customers. Empty where nobody is told what the desk expects.
#[derive(Clone, Debug, Default)]
pub(super) struct Telling {
    /// How long the ticket of a class that was taken last had to wait, by class.
    expected: Vec<Option<SimDuration>>,
    /// When the customer of a ticket expects to hear, by slot.
    told: Vec<SimTime>,
}

impl Telling {
    /// Forgets everything, for a run of that many classes.
    pub(super) fn reset(&mut self, classes: usize) {
        self.expected.clear();
        self.expected.resize(classes, None);
        self.told.clear();
    }
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// A ticket is acknowledged: now, or nobody knows when.
    pub(super) fn acknowledge(&mut self, id: TicketId, now: bool) {
        let class = self.desk.slots[id].facts.class;
        let plan = &self.model.classes[class.index()];
        let says = plan.acknowledgement.as_ref().is_some_and(|a| a.says == Says::Expected);
        let expected = self.desk.telling.expected[class.index()].filter(|_| now && says);
        let promise = &plan.promise;
        let due = promise.due(self.now, expected, &self.model.calendars);
        let told = &mut self.desk.telling.told;
        if told.len() <= id.index() {
            told.resize(id.index() + 1, SimTime::NEVER);
        }
        told[id.index()] = due;
    }

    /// An agent takes a ticket nobody has touched: what comes next may have to wait as long.
    pub(super) fn note_wait(&mut self, id: TicketId) {
        let slot = &self.desk.slots[id];
        if slot.is_chaser || slot.facts.touches > 0 {
            return;
        }
        let facts = &slot.facts;
        let promise = &self.model.classes[facts.class.index()].promise;
        let waited = promise.left(facts.since, self.now, &self.model.calendars);
        self.desk.telling.expected[facts.class.index()] = Some(expected_after(waited));
    }

    /// The mood of a ticket's customer.
    #[inline]
    pub(super) fn mood(&self, id: TicketId) -> Mood<'_> {
        let facts = &self.desk.slots[id].facts;
        let class = &self.model.classes[facts.class.index()];
        let promised = class.acknowledgement.as_ref().map_or(SimTime::NEVER, |a| {
            let expects = a.says == Says::Expected;
            let expected =
                if expects { self.desk.telling.told[id.index()] } else { SimTime::NEVER };
            a.promised(facts, expected)
        });
        Mood::of((class.acknowledgement.as_ref(), &class.notices), facts, promised)
    }
}
