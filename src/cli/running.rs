//! What every command that simulates is asked: from which number chance is drawn, by how many
//! threads, and where results go.

use super::failure::Failure;
use super::output;
use clap::Args;
use rayon::ThreadPool;
use std::path::PathBuf;
use surgecast::scenario::spec::ScenarioSpec;

/// How to simulate, and where results go.
#[derive(Args)]
pub(super) struct Running {
    /// Number from which all chance is drawn; the scenario's, or 1, by default.
    #[arg(long)]
    seed: Option<u64>,
    /// Threads; all processors by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Folder for the results; one in outputs/, named after the scenario, by default.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

impl Running {
    /// The seed: as asked, or as the scenario has it.
    pub(super) fn seed(&self, spec: &ScenarioSpec) -> u64 {
        self.seed.or(spec.seed.as_ref().map(|seed| seed.value)).unwrap_or(1)
    }

    /// The threads.
    pub(super) fn threads(&self) -> Result<ThreadPool, Failure> {
        threads(self.threads)
    }

    /// The folder: as asked, or one of that name.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        output::folder(self.out.as_ref(), name)
    }
}

/// So many threads; as many as there are processors where nobody says.
pub(super) fn threads(asked: Option<u16>) -> Result<ThreadPool, Failure> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(asked.map_or(0, usize::from));
    builder.build().map_err(|error| Failure::Files(format!("cannot start threads: {error}")))
}
