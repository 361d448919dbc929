//! One writer at a time: an advisory lock on a file of the data directory, and on the server's database if there is one.
//!
//! System and server drop the locks when their holder dies, however it dies, so that no stale lock is ever left to clean
//! up.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::error::{StoreError, file_error};
use super::server_lock::ServerLock;

/// The lock's file; it holds the process id of its last holder.
const FILE_NAME: &str = "write.lock";

/// Proof that this process alone changes the files of one data directory; released on drop.
#[derive(Debug)]
pub struct DirectoryLock {
    directory: PathBuf,
    /// Holds the lock while it is open.
    file: File,
}

/// Proof that this process alone writes to one record, and changes the files of its data directory; released on drop.
#[derive(Debug)]
pub struct WriteLock {
    directory: DirectoryLock,
    /// Where the record is a server's: other machines may want to write it, too.
    pub(super) server: Option<ServerLock>,
}

impl DirectoryLock {
    /// Takes the lock without waiting.
    pub(super) fn take(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(FILE_NAME);
        let failed = |source| file_error(directory, &path, source);
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { directory: directory.to_owned(), holder: read_holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).map_err(failed)?;
        Ok(Self { directory: directory.to_owned(), file })
    }
}

impl Drop for DirectoryLock {
    /// Closing the file alone would not do: a program just being started holds a copy of it, and with it the lock, for a
    /// moment. One that cannot be released here is released with the last copy.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl WriteLock {
    pub(super) fn new(directory: DirectoryLock, server: Option<ServerLock>) -> Self {
        Self { directory, server }
    }

    /// The data directory this lock is for.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory.directory
    }

    /// The part of it that is for the directory's files.
    #[must_use]
    pub fn files(&self) -> &DirectoryLock {
        &self.directory
    }
}

/// The id in the lock file; `None` when it cannot be read (some systems forbid it while the lock is held).
fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_given_back_is_free_although_a_program_being_started_holds_a_copy_of_its_file() {
        let directory = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::take(directory.path()).unwrap();
        let _copy = lock.file.try_clone().unwrap();
        assert!(DirectoryLock::take(directory.path()).is_err());
        drop(lock);
        assert!(DirectoryLock::take(directory.path()).is_ok());
    }
}
