//! Where an executor keeps intermediate results: in memory. Ballista writes the results of a stage as files for the next
//! one to fetch; they are decrypted, and nothing decrypted touches a disk.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::ClusterError;

const MOUNTS: &str = "/proc/self/mountinfo";
/// File systems without a disk below them.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// A folder in memory that one executor works in. What an earlier one left is gone.
#[derive(Debug)]
pub(super) struct WorkFolder {
    path: PathBuf,
    /// Held while the executor lives.
    _lock: File,
}

impl WorkFolder {
    pub(super) fn take(folder: &Path) -> Result<Self, ClusterError> {
        let failed = |source| ClusterError::Io {
            path: folder.display().to_string(),
            source,
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
        let folder = folder.canonicalize().map_err(failed)?;
        let mounts = fs::read_to_string(MOUNTS).map_err(failed)?;
        if !file_system(&mounts, &folder).is_some_and(|name| IN_MEMORY.contains(&name)) {
            return Err(ClusterError::WorkFolder(folder.display().to_string()));
        }
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        lock.try_lock()
            .map_err(|_| ClusterError::WorkFolderTaken(folder.display().to_string()))?;
        let path = folder.join("stages");
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&path).map_err(failed)?;
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // What stays is removed by the next executor, and is in memory alone.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The type of the file system that a path is on, as `proc_pid_mountinfo(5)` tells it: of the mount points above it, the
/// longest and latest.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let (mount, source) = line.split_once(" - ")?;
        let point = mount.split(' ').nth(4)?.replace("\\040", " ");
        let depth = Path::new(&point).components().count();
        if path.starts_with(&point) && found.is_none_or(|(deepest, _)| depth >= deepest) {
            found = Some((depth, source.split(' ').next()?));
        }
    }
    found.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
        30 22 0:25 / /dev/shm rw,nosuid - tmpfs tmpfs rw\n\
        31 30 254:1 / /dev/shm/disk rw - ext4 /dev/vdb rw\n\
        32 22 0:26 / /mnt/with\\040space rw - tmpfs tmpfs rw\n";

    #[test]
    fn the_nearest_mount_tells_the_file_system() {
        let on = |path: &str| file_system(SAMPLE, Path::new(path));
        assert_eq!(on("/tmp/work"), Some("ext4"));
        assert_eq!(on("/dev/shm/work"), Some("tmpfs"));
        assert_eq!(on("/dev/shm/disk/work"), Some("ext4"));
        assert_eq!(on("/dev/shmoo"), Some("ext4"));
        assert_eq!(on("/mnt/with space/work"), Some("tmpfs"));
    }

    #[test]
    fn a_folder_on_a_disk_is_refused_and_one_in_memory_has_one_executor() {
        let disk = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(matches!(WorkFolder::take(&disk), Err(ClusterError::WorkFolder(_))));
        let memory = tempfile::tempdir_in("/dev/shm").unwrap();
        let first = WorkFolder::take(memory.path()).unwrap();
        fs::write(first.path().join("left"), "rows").unwrap();
        assert!(matches!(
            WorkFolder::take(memory.path()),
            Err(ClusterError::WorkFolderTaken(_))
        ));
        drop(first);
        assert!(!memory.path().join("stages").exists());
    }
}
