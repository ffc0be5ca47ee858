//! The cases that come with the program.

use super::case::Case;

/// All of them.
pub fn cases() -> Vec<Case> {
    Vec::new()
}
