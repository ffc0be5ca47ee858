//! A validation as text: every quantity beside its exact value, and the verdict.

use crate::experiment::validate::judge::{Finding, SIGNIFICANCE};
use crate::experiment::validate::{Outcome, Tried, Validation};
use std::fmt::Write;

/// All cases with their quantities, then the verdict.
pub fn text(validation: &Validation) -> String {
    let mut out = String::new();
    for case in &validation.cases {
        tell(&mut out, case);
    }
    out.push_str(&verdict(validation));
    out
}

fn tell(out: &mut String, case: &Tried) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}  {} ({})", case.id, case.title, case.family);
    match &case.outcome {
        Outcome::Unexpressed(why) => {
            let _ = writeln!(out, "  not expressed: {why}");
        }
        Outcome::Simulated { findings, rejected, .. } => {
            let _ = writeln!(
                out,
                "  {:<34} {:>13} {:>13} {:>27} {:>6}",
                "", "exact", "simulated", "95 % interval", "z"
            );
            findings.iter().for_each(|finding| row(out, finding));
            if *rejected {
                out.push_str("  DISAGREES with theory\n");
            }
        }
    }
    out.push('\n');
}

fn row(out: &mut String, finding: &Finding) {
    let label = match finding.of.as_str() {
        "" => finding.name.clone(),
        of => format!("{} [{of}]", finding.name),
    };
    let interval = finding.interval.map_or("no chance".to_string(), |interval| {
        format!("{} to {}", digits(interval.low), digits(interval.high))
    });
    let note = if finding.precise { "" } else { "  less precise than asked for" };
    let _ = writeln!(
        out,
        "  {label:<34} {:>13} {:>13} {interval:>27} {:>6.2}{note}",
        digits(finding.exact),
        digits(finding.simulated),
        finding.z
    );
}

/// A number with six significant digits.
fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let before = value.abs().log10().floor() as i32 + 1;
    if before < -3 {
        return format!("{value:.5e}");
    }
    format!("{value:.*}", (6 - before).max(0) as usize)
}

/// The verdict in a few lines.
pub fn verdict(validation: &Validation) -> String {
    let mut out = String::new();
    let all = validation.cases.len();
    let _ = writeln!(
        out,
        "{} of {all} cases expressed: {} quantities, {} of them as precise as asked for \
         (standard error at most 1 %, of a probability 0.001); {:.1} million visits",
        validation.expressed,
        validation.quantities,
        validation.precise,
        validation.visits as f64 / 1e6
    );
    let _ = writeln!(out, "largest |z|: {:.2}", validation.worst_z);
    if let Some(spread) = validation.spread {
        let _ = writeln!(
            out,
            "mean square z of first quantities: {:.2} over {} cases (usual: {:.2} to {:.2})",
            spread.mean_square, spread.n, spread.usual.low, spread.usual.high
        );
    }
    let reasons: Vec<String> =
        validation.unexpressed().map(|(case, why)| format!("  {}: {why}\n", case.id)).collect();
    if !reasons.is_empty() {
        let _ = write!(out, "not expressed:\n{}", reasons.concat());
    }
    let against: Vec<&str> = validation
        .cases
        .iter()
        .filter(|case| matches!(case.outcome, Outcome::Simulated { rejected: true, .. }))
        .map(|case| case.id.as_str())
        .collect();
    let level = SIGNIFICANCE * 100.0;
    let _ = match (validation.complete, validation.holds) {
        (false, _) => writeln!(out, "interrupted: no verdict"),
        (true, true) => writeln!(
            out,
            "verdict: the engine agrees with theory (Holm over cases, {level:.0} % overall)"
        ),
        (true, false) if against.is_empty() => {
            writeln!(out, "verdict: the z values spread too much or too little")
        }
        (true, false) => writeln!(out, "verdict: disagrees with theory on {}", against.join(", ")),
    };
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_six_digits() {
        assert_eq!(digits(0.148_148_148_1), "0.148148");
        assert_eq!(digits(64.666_934_67), "64.6669");
        assert_eq!(digits(14874.5727), "14874.6");
        assert_eq!(digits(0.000_012_345_67), "1.23457e-5");
    }
}
