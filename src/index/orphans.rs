//! Files of segments that no commit names: what a killed writer left.
//!
//! tantivy removes such files itself, by a list that every process keeps for itself and writes whole: of two processes that
//! take turns, one forgets what the other made. What is forgotten stays for good, and worse, a later commit may want to
//! make a file of the same name (`<segment>.<opstamp>.del`; opstamps begin again at the last commit) and fail, each time.

use std::path::{Path, PathBuf};

use tantivy::Index;
use tantivy::directory::{Directory, META_LOCK};

use super::IndexError;

/// Removes what no commit names. Whoever calls holds the right to write, so nobody is making such a file; the lock keeps
/// out readers that are about to open files of a commit before.
pub(super) fn sweep(index: &Index, directory: &Path) -> Result<(), IndexError> {
    let _lock = index.directory().acquire_lock(&META_LOCK).map_err(tantivy::TantivyError::from)?;
    let living = index.load_metas()?.list_segment_files();
    let unreadable = |source| IndexError::Directory { path: directory.to_owned(), source };
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let name = PathBuf::from(entry.map_err(unreadable)?.file_name());
        if is_of_a_segment(&name) && !living.contains(&name) {
            tracing::info!(file = %name.display(), "removing what a killed writer left");
            std::fs::remove_file(directory.join(&name)).map_err(unreadable)?;
        }
    }
    Ok(())
}

/// `<32 hexadecimal digits>.<kind>`: tantivy's other files are named otherwise.
fn is_of_a_segment(name: &Path) -> bool {
    let stem = name.to_str().and_then(|name| name.split_once('.')).map(|(stem, _)| stem);
    stem.is_some_and(|stem| stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
