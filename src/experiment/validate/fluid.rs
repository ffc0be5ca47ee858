//! Cases of the fluid model, answered by the library's own fluid.

use super::case::{Arrivals, Case, Dist, Quantity, RunKind, Staff};
use super::demand::mean;
use super::judge::{Finding, find_exact};
use super::unexpressed::Unexpressed;
use crate::theory::fluid::{Content, FluidDesk, FollowUps};
use crate::theory::steps::Steps;

/// Points at which the course of a fluid is read.
const POINTS: u32 = 48_000;

/// The integration errs by less than this share.
const TOLERANCE: f64 = 1e-7;

/// Holds every quantity of a fluid case against the library's fluid.
pub(super) fn findings(case: &Case) -> Result<Vec<Finding>, Unexpressed> {
    let RunKind::DeterministicFluid { horizon_h } = case.run else {
        return Err(Unexpressed::new("a fluid needs a horizon"));
    };
    let (desk, start) = desk(case)?;
    let grid: Vec<f64> =
        (0..=POINTS).map(|n| horizon_h * f64::from(n) / f64::from(POINTS)).collect();
    let course = desk.trajectory(start, &grid);
    let peak = course.iter().fold((0.0, f64::NEG_INFINITY), |best, point| {
        if point.at_desk > best.1 { (point.at, point.at_desk) } else { best }
    });
    let at = |hour: f64| {
        let nearest = (hour / horizon_h * f64::from(POINTS)).round() as usize;
        course[nearest.min(POINTS as usize)].at_desk
    };
    let value = |quantity: &Quantity| match quantity.name.as_str() {
        "content_end" => Ok(at(horizon_h)),
        "content_mid" => Ok(at(horizon_h / 2.0)),
        "peak_content" => Ok(peak.1),
        "peak_time" => Ok(peak.0),
        other => Err(Unexpressed::new(&format!("a fluid's `{other}`"))),
    };
    case.quantities.iter().map(|q| Ok(find_exact(q, value(q)?, TOLERANCE))).collect()
}

fn desk(case: &Case) -> Result<(FluidDesk, Content), Unexpressed> {
    let wrong = |what: &str| Unexpressed::new(&format!("a fluid has one {what}"));
    let ([class], [station]) = (&case.model.classes[..], &case.model.stations[..]) else {
        return Err(wrong("class and one station"));
    };
    let steps = |pieces: Vec<(f64, f64)>, period: Option<f64>, what: &str| {
        Steps::new(pieces, period).ok_or_else(|| wrong(what))
    };
    let arrivals = if let Arrivals::PoissonPiecewise { pieces, period } = &class.arrivals {
        steps(pieces.clone(), *period, "rate at a time")?
    } else if let Arrivals::Poisson { rate } = &class.arrivals {
        Steps::constant(*rate)
    } else {
        return Err(wrong("rate at a time"));
    };
    let agents = if let Staff::Schedule { pieces, period, .. } = &station.staff {
        let pieces = pieces.iter().map(|(at, n)| (*at, f64::from(*n))).collect();
        steps(pieces, *period, "roster")?
    } else if let Staff::Constant { agents } = &station.staff {
        Steps::constant(f64::from(*agents))
    } else {
        return Err(wrong("roster"));
    };
    let rate = |dist: &Dist| 1.0 / mean(dist);
    let service = station.service.values().next().ok_or_else(|| wrong("handle time"))?;
    let back = case.model.routing.iter().flat_map(|routing| &routing.branches);
    let follow_ups = back
        .filter_map(|branch| {
            let mean_delay = mean(branch.delay.as_ref()?);
            Some(FollowUps { p: branch.p, mean_delay })
        })
        .next();
    let backlog = case.model.start.iter().flat_map(|start| &start.backlog);
    let start = Content { at_desk: backlog.map(|b| f64::from(b.count)).sum(), away: 0.0 };
    let desk = FluidDesk {
        arrivals,
        agents,
        service_rate: rate(service),
        chaser_rate: class.chaser_rate.unwrap_or_default(),
        abandonment_rate: class.patience.as_ref().map_or(0.0, rate),
        follow_ups,
    };
    Ok((desk, start))
}
