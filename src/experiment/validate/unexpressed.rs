//! What the engine cannot express is told by name, with the reason.

/// Why the engine cannot express a case.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unexpressed(String);

impl Unexpressed {
    pub(super) fn new(why: &str) -> Unexpressed {
        Unexpressed(why.to_string())
    }
}
