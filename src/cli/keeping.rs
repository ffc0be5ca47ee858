//! What an interrupted command leaves for `--resume`: a file with a line that says what was asked,
//! then a line for each part that is finished.

use super::failure::Failure;
use super::{Done, show};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use surgecast::report::write::write_whole;
use surgecast::scenario::source::read_text;

/// Largest such file that is read.
const MOST_BYTES: u64 = 8 << 30;

/// Keeps finished parts, so that nothing done is done again.
pub(super) struct Keeper {
    path: PathBuf,
    file: File,
}

impl Keeper {
    /// Begins the file anew, with the parts that are there already.
    pub(super) fn begin(
        path: &Path,
        heading: &impl Serialize,
        done: &[impl Serialize],
    ) -> Result<Keeper, Failure> {
        // What is there already stays until all of it has been written anew.
        let mut lines = as_json(heading)?;
        for part in done {
            lines += &as_json(part)?;
        }
        write_whole(path, lines.as_bytes())?;
        let file = File::options().append(true).open(path);
        let file = file.map_err(|error| Keeper::failed(path, &error))?;
        Ok(Keeper { path: path.to_path_buf(), file })
    }

    /// Keeps one more part.
    pub(super) fn add(&mut self, part: &impl Serialize) -> Done {
        let written = self.file.write_all(as_json(part)?.as_bytes());
        written.and_then(|()| self.file.flush()).map_err(|e| Keeper::failed(&self.path, &e))
    }

    /// Takes the file away: the whole is there, and parts on their own are of no more use.
    pub(super) fn done(self) {
        let _ = std::fs::remove_file(&self.path);
    }

    fn failed(path: &Path, error: &std::io::Error) -> Failure {
        Failure::Files(format!("cannot write {}: {error}", path.display()))
    }
}

fn as_json(what: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(what);
    text.map(|text| text + "\n").map_err(|error| Failure::Files(error.to_string()))
}

/// The heading and the parts that an interrupted command left, nothing where it left nothing; they
/// must be of the same command. A last line that was cut off counts as not finished.
pub(super) fn left<H: DeserializeOwned, P: DeserializeOwned>(
    path: &Path,
    command: &str,
    is_same: impl Fn(&H) -> bool,
) -> Result<Option<(H, Vec<P>)>, Failure> {
    if !path.exists() {
        nothing_left(path.parent().unwrap_or(path));
        return Ok(None);
    }
    let text = read_text(path, MOST_BYTES)?;
    let mut lines = text.lines();
    let heading = lines.next().and_then(|line| serde_json::from_str::<H>(line).ok());
    let Some(heading) = heading.filter(is_same) else {
        return Err(Failure::Command(format!(
            "{} was left by another {command}, scenario, seed or version; run without --resume to \
             begin anew",
            path.display()
        )));
    };
    Ok(Some((heading, lines.map_while(|line| serde_json::from_str(line).ok()).collect())))
}

/// Says that there is nothing to go on with.
pub(super) fn nothing_left(folder: &Path) {
    show::say(&format!("nothing interrupted is in {}: beginning anew\n", folder.display()));
}
