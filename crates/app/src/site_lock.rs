//! A lock on the vault, which several servers may share.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::AppError;

/// Held as long as a server works with the vault.
pub(crate) struct SiteLock {
    file: File,
    alone: bool,
}

impl SiteLock {
    /// Waits while another server tidies up; then tells whether this one is alone, and may tidy up itself.
    pub(crate) fn take(path: &Path) -> Result<Self, AppError> {
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(path);
        let file = file.map_err(AppError::internal)?;
        let alone = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                file.lock_shared().map_err(AppError::internal)?;
                false
            }
            Err(TryLockError::Error(error)) => return Err(AppError::internal(error)),
        };
        Ok(Self { file, alone })
    }

    /// Whether no other server works with the vault: what lies half done there was interrupted.
    pub(crate) const fn alone(&self) -> bool {
        self.alone
    }

    /// Lets other servers in.
    pub(crate) fn share(&mut self) -> Result<(), AppError> {
        if self.alone {
            self.file.unlock().map_err(AppError::internal)?;
            self.file.lock_shared().map_err(AppError::internal)?;
            self.alone = false;
        }
        Ok(())
    }
}
