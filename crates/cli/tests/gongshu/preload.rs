//! Libraries in C that are preloaded into a server and play a part of the machine that fails.

use std::fs::{File, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::served::Served;

/// How often a fault is looked for, and the pause between: two minutes.
const LOOKS_MAX: usize = 24_000;
const PAUSE: Duration = Duration::from_millis(5);

/// A compiled library.
pub(crate) struct Preload {
    folder: TempDir,
    library: PathBuf,
}

impl Preload {
    /// Compiles the source of this name beside the tests.
    pub(crate) fn compile(source: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("library.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gongshu").join(source);
        let options = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"];
        let mut compiler = Command::new("cc");
        let compiled = compiler.args(options).arg(&library).arg(source).status().unwrap();
        assert!(compiled.success());
        Self { folder, library }
    }

    /// The variable that preloads it.
    pub(crate) fn variable(&self) -> (&'static str, String) {
        ("LD_PRELOAD", self.library.display().to_string())
    }
}

/// A fault that is set while the server runs.
pub(crate) struct Fault {
    preload: Preload,
    control: File,
}

impl Fault {
    pub(crate) fn new(source: &str) -> Self {
        let preload = Preload::compile(source);
        let mut options = File::options();
        let control = options.read(true).write(true).create_new(true);
        let control = control.open(preload.folder.path().join("control")).unwrap();
        control.set_len(24).unwrap();
        // A database server runs as another user.
        let open = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        open(preload.folder.path(), 0o755);
        open(&preload.folder.path().join("control"), 0o666);
        Self { preload, control }
    }

    /// The environment of a server that it can strike.
    pub(crate) fn environment(&self, served: &Served) -> Vec<(&'static str, String)> {
        self.environment_of(&served.data())
    }

    /// The environment of a process whose files in this folder it strikes.
    pub(crate) fn environment_of(&self, folder: &Path) -> Vec<(&'static str, String)> {
        vec![
            self.preload.variable(),
            ("FAULT_FOLDER", folder.display().to_string()),
            (
                "FAULT_CONTROL",
                self.preload.folder.path().join("control").display().to_string(),
            ),
        ]
    }

    /// Sets it; 0 ends it.
    pub(crate) fn set(&self, value: i64) {
        self.control.write_all_at(&value.to_ne_bytes(), 0).unwrap();
    }

    /// How often it struck.
    pub(crate) fn struck(&self) -> i64 {
        self.number(8)
    }

    /// Waits until it has struck so often.
    pub(crate) async fn strikes(&self, times: i64) {
        for _ in 0..LOOKS_MAX {
            if self.struck() >= times {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("the fault did not strike: {} of {times} times", self.struck());
    }

    /// A number of the fault's own.
    pub(crate) fn own(&self) -> i64 {
        self.number(16)
    }

    fn number(&self, at: u64) -> i64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, at).unwrap();
        i64::from_ne_bytes(bytes)
    }
}
