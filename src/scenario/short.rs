//! Short forms: what a mechanism says that is written as one value.

/// The key that a single value stands for: `handle = "6 min"` is its mean. Nothing where a mechanism has no
/// such form, or is only switched on by it (`fatigue = true`).
pub fn stands_for(mechanism: &str) -> Option<&'static str> {
    match mechanism {
        "attrition" => Some("per_year"),
        "concurrency" => Some("at_once"),
        "handle" => Some("mean"),
        "late" => Some("per_day"),
        "reopen" => Some("share"),
        "shrinkage" => Some("total"),
        _ => None,
    }
}
