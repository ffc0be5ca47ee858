//! Files that appear whole or not at all: written under another name, then renamed.

use crate::scenario::source::in_words;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {}", in_words(reason))]
pub struct WriteError {
    /// Which one.
    pub path: PathBuf,
    /// Why not.
    pub reason: io::Error,
}

/// Makes a folder and those above it.
///
/// *Errors*: it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(path).map_err(|reason| WriteError { path: path.to_path_buf(), reason })
}

/// Writes a whole file, or leaves what was there.
///
/// *Errors*: it cannot be written; nothing half-written stays behind.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let failed = |reason| WriteError { path: path.to_path_buf(), reason };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // The number of the process keeps two runs into one folder apart.
    let temporary = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = (|| {
        let mut file = fs::File::create(&temporary)?;
        io::Write::write_all(&mut file, content)?;
        // A full disk may only be noticed here.
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    written.map_err(|reason| {
        // What could not be written may not be removable either; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
        failed(reason)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("results.json");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // A folder stands where the file should go.
        let blocked = folder.path().join("blocked");
        fs::create_dir_all(blocked.join("inside")).unwrap();
        assert!(write_whole(&blocked, b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
