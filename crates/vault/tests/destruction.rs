//! Destruction, and what a start-up finds.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;

use gongshu_vault::{CheckDepth, DestructionCertificate, Health, SourceSpec, VaultError, VersionState};
use support::{Domain, at, integer, text};

fn stored(versions: &[&str]) -> Domain {
    let mut domain = Domain::new();
    let spec = SourceSpec::csv(vec![text("name"), integer("number")]).quarantining();
    for version in versions {
        domain.ingest(version, &spec, b"name,number\na,1\nb,x\n").unwrap();
    }
    domain
}

fn names(domain: &Domain, version: &str) -> Vec<String> {
    let entries = fs::read_dir(domain.root().join(version)).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn destroyed_version_is_unreadable_and_certified() {
    let mut domain = stored(&["v1", "v2"]);
    let before = domain.vault.version("v1").unwrap();
    let certificate = domain.vault.destroy("v1", at(10)).unwrap();
    assert_eq!((certificate.version.as_str(), certificate.at), ("v1", at(10)));
    assert_eq!(
        (certificate.key_id.as_str(), certificate.stored_sha256.as_str()),
        (before.key_id(), before.stored_sha256())
    );
    assert_eq!(names(&domain, "v1"), ["version.json"]);

    for error in [
        domain.vault.version("v1").map(|_| ()),
        domain.vault.read_batches("v1", None).map(|_| ()),
    ] {
        let error = error.unwrap_err();
        assert!(
            matches!(&error, VaultError::Destroyed { at: when, .. } if *when == at(10)),
            "{error}"
        );
        assert_eq!(error.code(), "vault.version-destroyed");
    }
    assert_eq!(
        domain.vault.destroy("v1", at(99)).unwrap(),
        certificate,
        "a second call changes nothing"
    );
    let json = serde_json::to_string(&certificate).unwrap();
    assert_eq!(
        serde_json::from_str::<DestructionCertificate>(&json).unwrap(),
        certificate
    );

    domain.vault.read_batches("v2", None).unwrap();
    let again = domain
        .ingest("v1", &SourceSpec::csv(vec![text("a")]), b"a\nb\n")
        .unwrap_err();
    assert_eq!(again.code(), "vault.version-exists");
}

#[test]
fn interrupted_destruction_is_finished() {
    let domain = stored(&["v1", "v2"]);
    let keep = |name| (domain.file("v1", name), fs::read(domain.file("v1", name)).unwrap());
    let kept = [keep("key.json"), keep("data.parquet")];
    let certificate = domain.vault.destroy("v1", at(10)).unwrap();
    let restore = || kept.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());

    restore();
    assert_eq!(
        domain.vault.version("v1").unwrap_err().code(),
        "vault.version-destroyed"
    );
    assert_eq!(
        domain.vault.self_check(CheckDepth::Quick).unwrap().versions[0].health,
        Health::DestructionUnfinished
    );
    assert_eq!(domain.vault.sweep().unwrap(), 1);
    assert_eq!(names(&domain, "v1"), ["version.json"]);

    restore();
    assert_eq!(domain.vault.destroy("v1", at(20)).unwrap(), certificate);
    assert_eq!(names(&domain, "v1"), ["version.json"]);
    assert!(domain.vault.self_check(CheckDepth::Full).unwrap().is_sound());
}

#[test]
fn damaged_version_can_be_destroyed() {
    let domain = stored(&["v1"]);
    let key_id = domain.vault.version("v1").unwrap().key_id().to_owned();
    fs::write(domain.file("v1", "version.json"), b"garbage").unwrap();
    assert_eq!(domain.vault.destroy("v1", at(1)).unwrap().key_id, key_id);
    assert_eq!(names(&domain, "v1"), ["version.json"]);
}

#[test]
fn unknown_and_impossible_names_are_told_apart() {
    let mut domain = stored(&[]);
    assert_eq!(
        domain.vault.version("none").unwrap_err().code(),
        "vault.version-unknown"
    );
    assert_eq!(
        domain.vault.destroy("none", at(1)).unwrap_err().code(),
        "vault.version-unknown"
    );
    let spec = SourceSpec::csv(vec![text("a")]);
    for name in ["", "..", "../x", "a/b", ".hidden", "a b", "版本"] {
        assert_eq!(
            domain.vault.version(name).unwrap_err().code(),
            "vault.version-name-invalid",
            "{name}"
        );
        assert_eq!(
            domain.ingest(name, &spec, b"a\n1\n").unwrap_err().code(),
            "vault.version-name-invalid"
        );
    }
}

#[test]
fn versions_are_written_once() {
    let mut domain = stored(&["v1"]);
    let sha256 = domain.vault.version("v1").unwrap().stored_sha256().to_owned();
    let again = domain
        .ingest("v1", &SourceSpec::csv(vec![text("a")]), b"a\n1\n")
        .unwrap_err();
    assert_eq!(again.code(), "vault.version-exists");
    assert_eq!(domain.vault.version("v1").unwrap().stored_sha256(), sha256);
    assert_eq!(domain.entries(), 1);
}

#[test]
fn start_up_finds_damage_and_leftovers() {
    let domain = stored(&["v1", "v2", "v3", "v4"]);
    assert!(domain.vault.self_check(CheckDepth::Full).unwrap().is_sound());
    domain.vault.destroy("v2", at(5)).unwrap();
    let data = domain.file("v3", "data.parquet");
    let mut bytes = fs::read(&data).unwrap();
    bytes[50] ^= 1;
    fs::write(&data, bytes).unwrap();
    fs::remove_file(domain.file("v4", "data.parquet")).unwrap();
    fs::create_dir(domain.root().join(".staging-0123")).unwrap();

    let check = domain.vault.self_check(CheckDepth::Full).unwrap();
    let codes: Vec<_> = check
        .versions
        .iter()
        .map(|version| match &version.health {
            Health::Damaged { code, .. } => code.as_str(),
            Health::Sound => "sound",
            Health::Destroyed => "destroyed",
            Health::DestructionUnfinished => "unfinished",
        })
        .collect();
    assert_eq!(
        codes,
        ["sound", "destroyed", "vault.file-altered", "vault.file-altered"]
    );
    assert_eq!(check.leftovers.len(), 1);
    assert_eq!(domain.vault.sweep().unwrap(), 1);
    assert_eq!(domain.entries(), 4);
    let states: Vec<_> = domain
        .vault
        .versions()
        .unwrap()
        .into_iter()
        .map(|version| version.state)
        .collect();
    assert!(matches!(states[0], VersionState::Active { rows: 1, .. }));
    assert_eq!(states[1], VersionState::Destroyed { at: at(5) });
}
