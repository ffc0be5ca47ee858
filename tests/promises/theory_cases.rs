//! The cases that come with the program, made from the closed forms of `surgecast::theory`.
//!
//! The files in `tests/data/theory/` are what this module makes; `SURGECAST_WRITE_CASES=1 cargo
//! test` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use surgecast::experiment::validate::case::{
    Arrivals, Backlog, Branch, Case, CaseFile, Class, Desk, Dist, Metric, Order, Quantity, Routing,
    RunKind, Staff, Start, Station,
};
use surgecast::theory::birth_death::{SteadyState, erlang_a, mmck};
use surgecast::theory::drain::{mean_fall, mm1_mean_until_idle, mm1_variance_until_idle};
use surgecast::theory::erlang::{MMc, erlang_b};
use surgecast::theory::fluid::{Content, FluidDesk};
use surgecast::theory::jackson::{Network, Node, NodeState};
use surgecast::theory::mg1::{self, Moments};
use surgecast::theory::priority;
use surgecast::theory::snowball::Snowball;
use surgecast::theory::steps::Steps;

#[test]
fn the_shipped_cases_are_what_theory_gives() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/theory");
    for (name, title, cases) in files() {
        let file = CaseFile { title, format: 1, time_unit: "hour".to_string(), cases };
        let text = serde_json::to_string_pretty(&file).unwrap() + "\n";
        let path = folder.join(name);
        if std::env::var_os("SURGECAST_WRITE_CASES").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let shipped = fs::read_to_string(&path).unwrap();
        assert_eq!(shipped.replace("\r\n", "\n"), text, "{name} is not what theory gives");
    }
}

#[test]
fn every_shipped_file_is_among_the_cases() {
    let made: usize = files().iter().map(|(_, _, cases)| cases.len()).sum();
    assert_eq!(surgecast::experiment::validate::shipped::cases().len(), made);
}

fn files() -> Vec<(&'static str, String, Vec<Case>)> {
    let file = |name, title: &str, cases| (name, title.to_string(), cases);
    vec![
        file("lines.json", "Erlang's lines: B, C and A, and limited room", lines()),
        file("one-agent.json", "One agent with handle times of any law", one_agent()),
        file("priorities.json", "Priorities, finishing and interrupting", priorities()),
        file("tiers.json", "Tiers with escalation and customers' replies", tiers()),
        file("backlog.json", "Draining a backlog", backlog()),
        file("snowball.json", "Chasers that slow the clearance down", snowball()),
    ]
}

// ---- the cases ----

fn lines() -> Vec<Case> {
    let mut cases = Vec::new();
    for (id, λ, μ, c, t) in [("line-c-3", 6.0, 3.0, 3, 0.25), ("line-c-12", 30.0, 3.0, 12, 0.1)] {
        let line = MMc::new(λ, μ, c).unwrap();
        let desk = one_line(λ, exponential(1.0 / μ), constant(c));
        let case = steady(id, "line", "Erlang C: an unlimited line", desk, λ);
        cases.push(case.source("Erlang 1917; theory::erlang::MMc").with(vec![
            quantity(Metric::ProbDelayed, line.p_wait()),
            quantity(Metric::MeanWait, line.mean_wait()),
            quantity(Metric::MeanSquaredWait, line.mean_squared_wait()),
            Quantity { threshold_h: Some(t), ..quantity(Metric::ProbWaitGt, line.p_wait_over(t)) },
            quantity(Metric::MeanQueue, line.mean_queue()),
            quantity(Metric::MeanInSystem, line.mean_in_system()),
            quantity(Metric::MeanStationSojourn, line.mean_sojourn()),
            quantity(Metric::MeanBusy, line.mean_busy()),
        ]));
    }
    let (λ, mean, c) = (40.0, 0.2, 10);
    let blocked = erlang_b(c, λ * mean);
    let law = Dist::Lognormal { mean, scv: 2.0 };
    let mut desk = one_line(λ, law, constant(c));
    desk.stations[0].capacity = Some(c);
    let case = steady("line-b-10", "line", "Erlang B: no line at all, any handle time", desk, λ);
    cases.push(case.source("Erlang 1917; theory::erlang::erlang_b").with(vec![
        quantity(Metric::ProbBlocked, blocked),
        quantity(Metric::MeanBusy, λ * mean * (1.0 - blocked)),
    ]));
    let (λ, μ, θ, c) = (14.0, 2.0, 0.8, 6);
    let line = erlang_a(λ, μ, θ, c).unwrap();
    let mut desk = one_line(λ, exponential(1.0 / μ), constant(c));
    desk.classes[0].patience = Some(exponential(1.0 / θ));
    let case = steady("line-a-6", "line", "Erlang A: customers give up", desk, λ);
    let mut known = of_chain(&line);
    known.push(quantity(Metric::ProbAbandon, line.p_abandon()));
    cases.push(case.source("Palm 1957; theory::birth_death::erlang_a").with(known));
    let (λ, μ, c, room) = (5.0, 2.0, 2, 6);
    let line = mmck(λ, μ, c, room).unwrap();
    let mut desk = one_line(λ, exponential(1.0 / μ), constant(c));
    desk.stations[0].capacity = Some(room);
    let case = steady("line-room-6", "line", "A line with room for four", desk, λ);
    let mut known = of_chain(&line);
    known.push(quantity(Metric::ProbBlocked, line.p_blocked()));
    known.push(Quantity { level: Some(0), ..quantity(Metric::ProbN, line.p_level(0)) });
    cases.push(case.source("Gross and Harris 1998; theory::birth_death::mmck").with(known));
    // Three chats at full speed, and slower the more there are: whoever waits in a line of three agents
    // is in hand here, and their number is the same.
    let (λ, μ, c) = (7.5, 3.0, 3);
    let line = MMc::new(λ, μ, c).unwrap();
    let mut desk = one_line(λ, exponential(1.0 / μ), Staff::Infinite);
    desk.stations[0].discipline = Some(Order::ProcessorSharing);
    desk.stations[0].sharing_capacity = Some(f64::from(c));
    let case = steady("chats-3", "line", "One agent with all chats in hand", desk, λ);
    cases.push(case.source("Kleinrock 1976; theory::erlang::MMc").with(vec![
        quantity(Metric::MeanInSystem, line.mean_in_system()),
        quantity(Metric::MeanStationSojourn, line.mean_sojourn()),
    ]));
    cases
}

fn of_chain(line: &SteadyState) -> Vec<Quantity> {
    vec![
        quantity(Metric::ProbDelayed, line.p_wait()),
        quantity(Metric::MeanWait, line.mean_wait()),
        quantity(Metric::MeanQueue, line.mean_queue()),
        quantity(Metric::MeanInSystem, line.mean_in_system()),
        quantity(Metric::MeanBusy, line.mean_busy()),
    ]
}

fn one_agent() -> Vec<Case> {
    let λ = 1.4;
    let laws = [
        ("agent-constant", Dist::Deterministic { value: 0.5 }, Moments::constant(0.5)),
        ("agent-erlang", Dist::Erlang { k: 3, mean: 0.5 }, Moments::gamma(0.5, 3.0)),
        ("agent-lognormal", Dist::Lognormal { mean: 0.5, scv: 1.0 }, Moments::log_normal(0.5, 1.0)),
    ];
    let case = |(id, law, moments): (&str, Dist, Moments)| {
        let case = steady(
            id,
            "one-agent",
            "One agent, handle times of any law",
            one_line(λ, law, constant(1)),
            λ,
        );
        let wait = mg1::mean_wait(λ, moments).unwrap();
        case.source("Pollaczek 1930, Khinchine 1932; theory::mg1").with(vec![
            quantity(Metric::MeanWait, wait),
            quantity(Metric::MeanSquaredWait, mg1::mean_squared_wait(λ, moments).unwrap()),
            quantity(Metric::MeanQueue, λ * wait),
            quantity(Metric::MeanBusy, λ * moments.mean),
        ])
    };
    laws.into_iter().map(case).collect()
}

fn priorities() -> Vec<Case> {
    let rates = [2.0, 3.0, 2.5];
    let (μ, c) = (1.5, 6);
    let total: f64 = rates.iter().sum();
    let names = ["urgent", "high", "normal"];
    let desk = |order: Order, laws: &dyn Fn(usize) -> Dist, rates: &[f64], c: u32| {
        let class = |(index, λ): (usize, &f64)| Class {
            priority: Some(index as u8 + 1),
            ..class(names[index], *λ, "desk")
        };
        let mut desk = one_line(1.0, laws(0), constant(c));
        desk.classes = rates.iter().enumerate().map(class).collect();
        desk.stations[0].service =
            (0..rates.len()).map(|index| (names[index].to_string(), laws(index))).collect();
        desk.stations[0].discipline = Some(order);
        desk
    };
    let of = |metric, values: Vec<f64>| -> Vec<Quantity> {
        let one = |(value, name): (f64, &&str)| Quantity {
            class: Some(name.to_string()),
            ..quantity(metric, value)
        };
        values.into_iter().zip(&names).map(one).collect()
    };
    let same = |_: usize| exponential(1.0 / μ);
    let finish = desk(Order::PriorityNonpreemptive, &same, &rates, c);
    let interrupt = desk(Order::PriorityPreemptiveResume, &same, &rates, c);
    let sojourns = priority::interrupt_and_resume_mmc(&rates, μ, c);
    let laws = [
        (Dist::Erlang { k: 2, mean: 0.3 }, Moments::gamma(0.3, 2.0)),
        (Dist::Lognormal { mean: 0.6, scv: 1.5 }, Moments::log_normal(0.6, 1.5_f64.sqrt())),
    ];
    let single = [0.8, 0.7];
    let classes: Vec<priority::Class> = single
        .iter()
        .zip(&laws)
        .map(|(λ, (_, service))| priority::Class { arrival_rate: *λ, service: *service })
        .collect();
    let law = |index: usize| laws[index].0.clone();
    let one_finishes = desk(Order::PriorityNonpreemptive, &law, &single, 1);
    let one_interrupts = desk(Order::PriorityPreemptiveResume, &law, &single, 1);
    vec![
        steady("priority-finish-6", "priority", "Urgent first, six agents", finish, total)
            .source("Cobham 1954; theory::priority::finish_first_mmc")
            .with(of(Metric::MeanWait, priority::finish_first_mmc(&rates, μ, c).unwrap())),
        steady(
            "priority-interrupt-6",
            "priority",
            "Urgent interrupts, six agents",
            interrupt,
            total,
        )
        .source("Buzen and Bondi 1983; theory::priority::interrupt_and_resume_mmc")
        .with(of(Metric::MeanStationSojourn, sojourns.into_iter().flatten().collect())),
        steady("priority-finish-1", "priority", "Urgent first, one agent", one_finishes, 1.5)
            .source("Cobham 1954; theory::priority::finish_first")
            .with(of(Metric::MeanWait, priority::finish_first(&classes).unwrap())),
        steady(
            "priority-interrupt-1",
            "priority",
            "Urgent interrupts, one agent",
            one_interrupts,
            1.5,
        )
        .source("White and Christie 1958; theory::priority::interrupt_and_resume")
        .with(of(
            Metric::MeanStationSojourn,
            priority::interrupt_and_resume(&classes).into_iter().flatten().collect(),
        )),
    ]
}

/// A front line that escalates and asks customers, and specialists who hand some back. Customers'
/// replies are a node without a limit.
fn tiers() -> Vec<Case> {
    let (λ, front, back) = (8.0, (5, 0.3), (4, 0.9));
    let (escalates, asks, hands_back, reply) = (0.3, 0.2, 0.1, 5.0);
    let node = |external_rate, (agents, mean): (u32, f64)| Node {
        external_rate,
        service_rate: 1.0 / mean,
        agents: Some(agents),
    };
    let customers = Node { external_rate: 0.0, service_rate: 1.0 / reply, agents: None };
    let network = Network::new(
        &[node(λ, front), node(0.0, back), customers],
        &[vec![0.0, escalates, asks], vec![hands_back, 0.0, 0.0], vec![1.0, 0.0, 0.0]],
    )
    .unwrap();
    let (NodeState::Line(first), NodeState::Line(second)) = (network.nodes[0], network.nodes[1])
    else {
        panic!("an overloaded tier")
    };
    let branch = |p, to: &str| Branch { p, to: to.to_string(), delay: None };
    let desk = Desk {
        classes: vec![class("ticket", λ, "front")],
        stations: vec![
            station("front", exponential(front.1), constant(front.0)),
            station("back", exponential(back.1), constant(back.0)),
        ],
        routing: vec![
            Routing {
                station: "front".to_string(),
                branches: vec![
                    branch(escalates, "back"),
                    Branch { delay: Some(exponential(reply)), ..branch(asks, "front") },
                    branch(1.0 - escalates - asks, "exit"),
                ],
                branches_if_delayed: Vec::new(),
            },
            Routing {
                station: "back".to_string(),
                branches: vec![branch(hands_back, "front"), branch(1.0 - hands_back, "exit")],
                branches_if_delayed: Vec::new(),
            },
        ],
        start: None,
    };
    let at =
        |name: &str, quantity: Quantity| Quantity { station: Some(name.to_string()), ..quantity };
    let visits = network.mean_visits(0).unwrap() + network.mean_visits(1).unwrap();
    vec![
        steady("tiers", "tiers", "Two tiers and customers who are asked", desk, λ * visits)
            .source("Jackson 1957; theory::jackson::Network")
            .with(vec![
                at("front", quantity(Metric::MeanWait, first.mean_wait())),
                at("back", quantity(Metric::MeanWait, second.mean_wait())),
                at("front", quantity(Metric::ProbDelayed, first.p_wait())),
                at("back", quantity(Metric::MeanQueue, second.mean_queue())),
                quantity(Metric::MeanTicketSojourn, network.mean_sojourn().unwrap()),
                quantity(Metric::MeanVisitsPerTicket, visits),
            ]),
    ]
}

fn backlog() -> Vec<Case> {
    let (λ, μ, pile) = (3.0, 5.0, 20);
    let alone = one_line(λ, exponential(1.0 / μ), constant(1));
    let level = |level, quantity: Quantity| Quantity { level: Some(level), ..quantity };
    let idle = mm1_mean_until_idle(λ, μ, pile).unwrap();
    let one =
        transient("drain-1", "backlog", "One agent until idle", piled(alone, pile), 2.0 * idle)
            .source("Kleinrock 1975, section 5.8; theory::drain")
            .with(vec![
                level(0, quantity(Metric::FirstPassageMean, idle)),
                level(
                    0,
                    quantity(Metric::FirstPassageVar, mm1_variance_until_idle(λ, μ, pile).unwrap()),
                ),
            ]);
    let (λ, μ, θ, c, pile) = (9.0, 2.0, 0.3, 5, 40);
    let mut desk = one_line(λ, exponential(1.0 / μ), constant(c));
    desk.classes[0].patience = Some(exponential(1.0 / θ));
    let empty = mean_fall(λ, μ, θ, c, pile, c).unwrap();
    let many = transient(
        "drain-5",
        "backlog",
        "Five agents, customers who give up, until nobody waits",
        piled(desk, pile),
        2.0 * empty,
    )
    .source("Karlin and Taylor 1975, ch. 4; theory::drain::mean_fall")
    .with(vec![level(0, quantity(Metric::FirstPassageMeanQueue, empty))]);
    vec![one, many]
}

/// While all agents are busy the mean line follows the fluid exactly; with a pile this large they
/// always are.
fn snowball() -> Vec<Case> {
    let (λ, μ, c, γ, pile, at) = (18.0, 2.0, 10, 0.02, 210, 6.0);
    let snowball = Snowball {
        arrival_rate: λ,
        capacity_hours: f64::from(c),
        handle_hours: 1.0 / μ,
        p_reopen: 0.0,
        chaser_rate: γ,
        chaser_hours: 1.0 / μ,
    };
    let waiting = f64::from(pile - c);
    let critical = snowball.critical_backlog().unwrap();
    let later = critical + (waiting - critical) * (snowball.chaser_drag() * at).exp();
    let mut desk = one_line(λ, exponential(1.0 / μ), constant(c));
    desk.classes[0].chaser_rate = Some(γ);
    let engine = transient(
        "snowball-10",
        "snowball",
        "A pile beyond the critical backlog grows by itself",
        piled(desk.clone(), pile),
        at,
    )
    .source("derived; theory::snowball::Snowball")
    .with(vec![Quantity { at_h: Some(at), ..quantity(Metric::QueueAt, later) }]);
    // A smaller pile, as a fluid, at half and at all of its time to clear.
    let small = 90;
    let clears = snowball.clearance_time(f64::from(small - c)).unwrap();
    let fluid = FluidDesk {
        arrivals: Steps::constant(λ),
        agents: Steps::constant(f64::from(c)),
        service_rate: μ,
        chaser_rate: γ,
        abandonment_rate: 0.0,
        follow_ups: None,
    };
    let start = Content { at_desk: f64::from(small), away: 0.0 };
    let ends = fluid.trajectory(start, &[clears])[0].at_desk;
    assert!((ends - f64::from(c)).abs() < 1e-6, "the two theories agree: {ends}");
    let middle = critical
        + (f64::from(small - c) - critical) * (snowball.chaser_drag() * clears / 2.0).exp();
    let named =
        |name: &str, value| Quantity { name: name.to_string(), ..quantity(Metric::Fluid, value) };
    let mut course = transient(
        "snowball-fluid",
        "snowball",
        "A pile below the critical backlog clears when it should",
        piled(desk, small),
        clears,
    )
    .source("derived; theory::snowball::Snowball")
    .with(vec![
        named("content_mid", f64::from(c) + middle),
        named("content_end", f64::from(c)),
        named("peak_content", f64::from(small)),
    ]);
    course.run = RunKind::DeterministicFluid { horizon_h: clears };
    vec![engine, course]
}

// ---- the parts of a case ----

fn exponential(mean: f64) -> Dist {
    Dist::Exponential { mean }
}

fn constant(agents: u32) -> Staff {
    Staff::Constant { agents }
}

fn class(name: &str, rate: f64, entry: &str) -> Class {
    Class {
        name: name.to_string(),
        arrivals: Arrivals::Poisson { rate },
        entry: entry.to_string(),
        priority: None,
        due_after: None,
        urgency_rate: None,
        patience: None,
        on_abandon: Vec::new(),
        on_blocked: None,
        chaser_rate: None,
    }
}

fn station(name: &str, service: Dist, staff: Staff) -> Station {
    Station {
        name: name.to_string(),
        staff,
        service: BTreeMap::from([("*".to_string(), service)]),
        discipline: None,
        capacity: None,
        speed_by_number_in_system: None,
        sharing_capacity: None,
    }
}

fn one_line(λ: f64, service: Dist, staff: Staff) -> Desk {
    Desk {
        classes: vec![class("ticket", λ, "desk")],
        stations: vec![station("desk", service, staff)],
        routing: Vec::new(),
        start: None,
    }
}

fn piled(desk: Desk, count: u32) -> Desk {
    let backlog = Backlog { class: "ticket".to_string(), station: "desk".to_string(), count };
    Desk { start: Some(Start { backlog: vec![backlog] }), ..desk }
}

fn case(id: &str, family: &str, title: &str, model: Desk, run: RunKind) -> Case {
    Case {
        id: id.to_string(),
        family: family.to_string(),
        title: title.to_string(),
        description: title.to_string(),
        model,
        run,
        quantities: Vec::new(),
        source: String::new(),
        method: "closed form".to_string(),
        tickets: Vec::new(),
    }
}

/// A case in the long run: forty thousand visits a replication.
fn steady(id: &str, family: &str, title: &str, model: Desk, visits_per_hour: f64) -> Case {
    let run_h = (40_000.0 / visits_per_hour).round();
    let warmup_h = (run_h / 20.0).round();
    case(id, family, title, model, RunKind::SteadyState { warmup_h, run_h })
}

fn transient(id: &str, family: &str, title: &str, model: Desk, horizon_h: f64) -> Case {
    case(id, family, title, model, RunKind::Transient { horizon_h })
}

fn quantity(metric: Metric, value: f64) -> Quantity {
    let name = serde_json::to_string(&metric).unwrap().trim_matches('"').to_string();
    let unit = if name.starts_with("prob") {
        "probability"
    } else if name.contains("squared") || name.ends_with("var") {
        "h^2"
    } else if name.contains("wait") || name.contains("sojourn") || name.contains("passage") {
        "h"
    } else if name.contains("visits") {
        "visits"
    } else {
        "tickets"
    };
    // Ten digits, as the figures of a publication: every platform writes the same.
    let value = format!("{value:.9e}").parse().unwrap();
    Quantity { name, metric, value, unit: unit.to_string(), ..Quantity::default() }
}

trait Fill {
    fn source(self, source: &str) -> Case;
    fn with(self, quantities: Vec<Quantity>) -> Case;
}

impl Fill for Case {
    fn source(mut self, source: &str) -> Case {
        self.source = source.to_string();
        self
    }

    fn with(mut self, quantities: Vec<Quantity>) -> Case {
        self.quantities = quantities;
        self
    }
}
