//! Bills and judgements: what counts become once things have a price and customers an opinion.

use super::tally::{ClassTally, TeamTally};
use crate::opinion::{detracts, promotes};
use crate::price::{ClassPrices, TeamBill};

/// Whether a judgement is counted, or was counted too soon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// A ticket has been solved.
    Counted,
    /// It has come back.
    TakenBack,
}

impl ClassTally {
    /// Counts what a customer thinks of a solved ticket, or takes it back.
    pub(super) fn judge(&mut self, score: u64, verdict: Verdict) {
        let counts = [
            (&mut self.opinions, 1),
            (&mut self.score_millionths, score),
            (&mut self.promoters, u64::from(promotes(score))),
            (&mut self.detractors, u64::from(detracts(score))),
        ];
        for (count, by) in counts {
            match verdict {
                Verdict::Counted => *count += by,
                Verdict::TakenBack => *count -= by,
            }
        }
    }

    /// Puts prices on what was counted.
    pub(super) fn bill(&mut self, price: &ClassPrices) {
        self.priced = 1;
        self.lost_cents = price.lost.of(self.lost);
        self.outside_cents = price.outside.of(self.outside);
        self.churned_cents = price.churned.of(self.churned);
        self.penalty_cents =
            price.late_reply.of(self.reply_missed) + price.late_resolution.of(self.solution_missed);
        self.automation_cents = price.tried.of(self.tried) + price.contained.of(self.contained);
    }
}

impl TeamTally {
    /// Enters what the team cost for a time.
    pub(super) fn bill(&mut self, bill: &TeamBill) {
        self.priced = 1;
        self.paid_micros += bill.paid_micros;
        self.wage_cents += bill.wages;
        self.overtime_cents += bill.overtime;
        self.hiring_cents += bill.hiring;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::Price;

    #[test]
    fn a_class_s_bill_worked_by_hand() {
        let mut tally = ClassTally {
            tried: 60,
            contained: 20,
            lost: 3,
            outside: 2,
            churned: 2,
            reply_missed: 7,
            solution_missed: 2,
            ..ClassTally::default()
        };
        tally.bill(&ClassPrices {
            late_reply: Price::new(1.0),
            late_resolution: Price::new(4.5),
            lost: Price::new(50.0),
            outside: Price::new(80.5),
            churned: Price::new(300.0),
            tried: Price::new(0.04),
            contained: Price::new(0.5),
        });
        assert_eq!((tally.penalty_cents, tally.lost_cents), (1600, 15_000));
        assert_eq!((tally.outside_cents, tally.churned_cents), (16_100, 60_000));
        assert_eq!(tally.automation_cents, 240 + 1000);
    }

    #[test]
    fn a_judgement_taken_back_leaves_nothing() {
        let mut tally = ClassTally::default();
        tally.judge(4_700_000, Verdict::Counted);
        tally.judge(2_000_000, Verdict::Counted);
        assert_eq!((tally.opinions, tally.promoters, tally.detractors), (2, 1, 1));
        tally.judge(4_700_000, Verdict::TakenBack);
        tally.judge(2_000_000, Verdict::TakenBack);
        assert_eq!(tally, ClassTally::default());
    }
}
