//! What waits to leave the domain: encrypted, bound to its name, gone for certain once discarded.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;

use gongshu_vault::VaultError;
use support::Domain;

const CONTENT: &[u8] = b"street,firms\nMinzhi,12\n";

fn keep(domain: &mut Domain, name: &str) {
    domain.vault.keep(name, CONTENT, &mut domain.rng).unwrap();
}

fn bytes_on_disk(domain: &Domain) -> Vec<u8> {
    let files = fs::read_dir(domain.root().join(".kept")).unwrap();
    files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn what_is_kept_is_read_again_and_is_not_on_disk_in_the_clear() {
    let mut domain = Domain::new();
    assert!(domain.vault.kept_names().unwrap().is_empty());
    keep(&mut domain, "out_1");
    assert_eq!(domain.vault.kept("out_1").unwrap(), CONTENT);
    assert_eq!(domain.vault.kept_names().unwrap(), ["out_1"]);
    let stored = bytes_on_disk(&domain);
    assert!(!stored.windows(6).any(|window| window == b"Minzhi"));
    // It is no version, and the start-up leaves it alone.
    assert!(domain.vault.versions().unwrap().is_empty());
    assert_eq!(domain.vault.sweep().unwrap(), 0);
    assert_eq!(domain.vault.kept("out_1").unwrap(), CONTENT);
    let again = domain.vault.keep("out_1", b"other", &mut domain.rng);
    assert!(matches!(again, Err(VaultError::VersionExists(_))));
}

#[test]
fn discarded_content_is_gone_and_twice_is_no_error() {
    let mut domain = Domain::new();
    domain.vault.discard("out_1").unwrap();
    keep(&mut domain, "out_1");
    domain.vault.discard("out_1").unwrap();
    domain.vault.discard("out_1").unwrap();
    assert!(matches!(domain.vault.kept("out_1"), Err(VaultError::UnknownVersion(_))));
    assert_eq!(fs::read_dir(domain.root().join(".kept")).unwrap().count(), 0);
}

#[test]
fn content_under_another_name_or_altered_does_not_open() {
    let mut domain = Domain::new();
    keep(&mut domain, "out_1");
    let folder = domain.root().join(".kept");
    for ending in ["key", "sealed"] {
        fs::copy(
            folder.join(format!("out_1.{ending}")),
            folder.join(format!("out_2.{ending}")),
        )
        .unwrap();
    }
    assert!(matches!(domain.vault.kept("out_2"), Err(VaultError::Altered { .. })));
    let sealed = folder.join("out_1.sealed");
    let mut bytes = fs::read(&sealed).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&sealed, bytes).unwrap();
    assert!(matches!(domain.vault.kept("out_1"), Err(VaultError::Altered { .. })));
    for name in ["../out_1", "", ".hidden"] {
        assert!(matches!(domain.vault.kept(name), Err(VaultError::InvalidVersion(_))));
    }
}
