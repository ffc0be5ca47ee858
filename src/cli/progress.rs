//! Progress on a terminal, and Ctrl-C: finish what is in flight, then write it.

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use surgecast::experiment::ensemble::Progress;

/// How often Ctrl-C has been pressed.
static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);
static HANDLER: OnceLock<()> = OnceLock::new();

/// A bar with rate and time left; indicatif draws nothing where standard error is no terminal.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar over that many seasons.
    pub(super) fn new(steps: u64, quiet: bool) -> Bar {
        Bar::of(steps, "seasons", quiet)
    }

    /// A bar over that many steps of that kind.
    pub(super) fn of(steps: u64, kind: &str, quiet: bool) -> Bar {
        HANDLER.get_or_init(|| {
            // Without a handler Ctrl-C simply ends the program, which loses nothing but the run.
            let _ = ctrlc::set_handler(|| {
                if INTERRUPTS.fetch_add(1, Ordering::Relaxed) > 0 {
                    std::process::exit(130);
                }
            });
        });
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(steps) };
        let style = ProgressStyle::with_template(&format!(
            "{{bar:30}} {{pos}} of {{len}} {kind}, {{rate}} a second, {{eta}} left",
        ));
        if let Ok(style) = style {
            bar.set_style(style.with_key(
                "rate",
                |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                    let _ =
                        write!(out, "{:.*}", usize::from(state.per_sec() < 10.0), state.per_sec());
                },
            ));
        }
        Bar(bar)
    }

    /// A count of steps of that kind, of which nobody knows how many there will be.
    pub(super) fn open(kind: &str, quiet: bool) -> Bar {
        let bar = Bar::of(0, kind, quiet);
        bar.0.unset_length();
        let style =
            ProgressStyle::with_template(&format!("{{spinner}} {{pos}} {kind}, {{elapsed}}"));
        style.into_iter().for_each(|style| bar.0.set_style(style));
        bar
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&self) {
        self.0.inc(1);
    }

    fn stopped(&self) -> bool {
        INTERRUPTS.load(Ordering::Relaxed) > 0
    }
}
