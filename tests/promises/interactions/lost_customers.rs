//! Customers who leave meet the snowball: fewer write, so the backlog of a long shortage is smaller
//! than it would be were they patient for ever, and what is cheap in tickets is dear in customers.
//!
//! *Stated beforehand*: with loyalty, fewer contacts come and the backlog at the end is smaller,
//! because who waited a week and left does not write again; more people lose fewer customers.

use super::{all, assert_less};

const SHORT: &str = "start = 2026-11-16\nweeks = 6\nopening = \"empty\"\n\n[tickets.mail]\n\
    arrivals = { per_day = 120 }\nhandle = { mean = \"20 min\" }\nchasers = {}\n\n[teams.desk]\n\
    agents = 8\nhandles = [\"mail\"]\n";

fn loyal(agents: u32) -> String {
    format!("{}\n[customers]\nnumber = 3000\n", SHORT.replace("= 8", &format!("= {agents}")))
}

#[test]
fn a_desk_that_loses_customers_has_a_smaller_backlog() {
    assert_less(&loyal(8), SHORT, 6, |recorder, _| all(recorder).remaining as f64);
}

#[test]
fn more_people_lose_fewer_customers() {
    assert_less(&loyal(10), &loyal(8), 6, |recorder, _| all(recorder).churned as f64);
}
