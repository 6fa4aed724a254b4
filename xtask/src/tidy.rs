//! Tidiness: file length, border arrows, a README in each crate.

use std::fs;
use std::path::{Path, PathBuf};

/// Most lines of a source file.
const LINES_MAX: usize = 500;

/// Which crates of ours a crate may use.
const ARROWS: [(&str, &[&str]); 13] = [
    ("governance", &[]),
    ("ledger", &[]),
    ("certificate", &[]),
    ("document", &[]),
    ("privacy", &[]),
    ("sample", &[]),
    ("vault", &[]),
    ("engine", &["vault", "privacy", "governance"]),
    ("store", &["governance", "ledger"]),
    (
        "app",
        &[
            "store",
            "engine",
            "governance",
            "ledger",
            "certificate",
            "document",
            "privacy",
            "vault",
        ],
    ),
    ("api", &["governance"]),
    ("server", &["app", "api"]),
    ("cli", &["server", "app", "api", "ledger", "sample"]),
];

/// Large dependencies and the crates that fence them.
const FENCES: [(&str, &[&str]); 5] = [
    ("datafusion", &["engine", "vault"]),
    ("sqlx", &["store"]),
    ("axum", &["server"]),
    ("typst", &["document"]),
    ("typst-pdf", &["document"]),
];

/// Every finding, as `path: what — what to do`.
pub(crate) fn check() -> Vec<String> {
    let mut findings = Vec::new();
    for (name, allowed) in ARROWS {
        let folder = Path::new("crates").join(name);
        arrows(name, &folder, allowed, &mut findings);
        if !folder.join("README.md").exists() {
            findings.push(format!(
                "{}: no README.md — say in ten lines what the crate is for",
                folder.display()
            ));
        }
        for file in sources(&folder.join("src")) {
            let lines = fs::read_to_string(&file).map_or(0, |text| text.lines().count());
            if lines > LINES_MAX {
                findings.push(format!(
                    "{}: {lines} lines — look for the seam and split it",
                    file.display()
                ));
            }
        }
    }
    findings
}

fn arrows(name: &str, folder: &Path, allowed: &[&str], findings: &mut Vec<String>) {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let after = manifest.split("\n[dependencies]").nth(1).unwrap_or_default();
    let dependencies = after.split("\n[").next().unwrap_or_default();
    for line in dependencies.lines() {
        let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if let Some(ours) = dependency.strip_prefix("gongshu-")
            && !allowed.contains(&ours)
        {
            findings.push(format!(
                "crates/{name}/Cargo.toml: uses {ours} — the borders do not allow this arrow"
            ));
        }
        let fence = FENCES.iter().find(|(large, _)| *large == dependency);
        if fence.is_some_and(|(_, fenced)| !fenced.contains(&name)) {
            findings.push(format!(
                "crates/{name}/Cargo.toml: uses {dependency} — it lives behind another crate"
            ));
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let below = paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    below
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
