//! A PostgreSQL of a test's own, since it comes to harm.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Its server runs until it is dropped.
pub(crate) struct Postgres {
    folder: TempDir,
    pub(crate) url: String,
}

impl Postgres {
    /// Starts one, where PostgreSQL is tested at all; in the environment that is made for its folder of data.
    pub(crate) fn start(environment: impl FnOnce(&Path) -> Vec<(&'static str, String)>) -> Option<Self> {
        if std::env::var_os("GONGSHU_TEST_POSTGRES_URL").is_none() {
            println!("GONGSHU_TEST_POSTGRES_URL is not set: PostgreSQL was NOT tested");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // Its server runs as another user.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let environment = environment(&folder.path().join("data"));
        let started = script("start", &folder, environment);
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        let url = String::from_utf8(started.stdout).unwrap().trim().to_owned();
        Some(Self { folder, url })
    }

    /// Ends it without a shutdown, as a crash would, and starts it again.
    pub(crate) fn crash(&self) {
        let crashed = script("crash", &self.folder, Vec::new());
        assert!(crashed.status.success(), "{}", String::from_utf8_lossy(&crashed.stderr));
    }

    /// Starts it again where it has ended, in this environment; says whether it runs.
    pub(crate) fn revived(&self, environment: Vec<(&'static str, String)>) -> bool {
        script("revive", &self.folder, environment).status.success()
    }

    /// Ends what is left of it after its machine has lost power.
    pub(crate) fn halt(&self) {
        script("halt", &self.folder, Vec::new());
    }

    /// Its folder of data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// How often it has recovered from what was no shutdown.
    pub(crate) fn recoveries(&self) -> usize {
        self.notes()
            .matches("database system was not properly shut down")
            .count()
    }

    /// What its server has noted.
    pub(crate) fn notes(&self) -> String {
        let log: PathBuf = self.folder.path().join("log");
        String::from_utf8_lossy(&std::fs::read(log).unwrap()).into_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        script("stop", &self.folder, Vec::new());
    }
}

fn script(what: &str, folder: &TempDir, environment: Vec<(&'static str, String)>) -> Output {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres.sh");
    let mut command = Command::new("bash");
    command.args([file, what]).arg(folder.path()).envs(environment);
    command.output().unwrap()
}
