//! Files of parties: encrypted piece by piece, whole or not there, gone for certain once removed.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::io::{self, Read};

use gongshu_vault::{CheckDepth, Cipher, Health, VaultError};
use support::Domain;

const PIECE: usize = 1 << 20;

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from(place % 251).unwrap()).collect()
}

fn put(domain: &mut Domain, name: &str, content: &[u8]) {
    let length = domain.vault.put_file(name, &mut &*content, &mut domain.rng).unwrap();
    assert_eq!(length, content.len() as u64);
}

fn read(domain: &Domain, name: &str) -> Result<Vec<u8>, VaultError> {
    let pieces: Result<Vec<_>, _> = domain.vault.file(name)?.collect();
    Ok(pieces?.concat())
}

#[test]
fn a_file_of_any_length_is_read_as_it_was_put_under_either_cipher() {
    for cipher in Cipher::ALL {
        let mut domain = Domain::under(cipher, 3);
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17] {
            let (name, content) = (format!("fil_{length}"), content(length));
            put(&mut domain, &name, &content);
            assert_eq!(read(&domain, &name).unwrap(), content, "{length}");
            let stored = fs::read(domain.file(".files", &format!("{name}.sealed"))).unwrap();
            let tell = content.get(..64);
            assert!(tell.is_none_or(|tell| !stored.windows(64).any(|window| window == tell)));
        }
    }
}

#[test]
fn pieces_cannot_be_changed_exchanged_left_out_or_cut_off() {
    let mut domain = Domain::new();
    put(&mut domain, "fil_1", &content(3 * PIECE));
    let path = domain.file(".files", "fil_1.sealed");
    let whole = fs::read(&path).unwrap();
    let sealed = whole.len() / 3;
    let (first, rest) = whole.split_at(sealed);
    let (second, third) = rest.split_at(sealed);
    let mut flipped = whole.clone();
    flipped[sealed + 5] ^= 1;
    for altered in [
        flipped,
        [second, first, third].concat(),
        [first, third].concat(),
        [first, second].concat(),
        [first, second, third, third].concat(),
        first.to_vec(),
        Vec::new(),
        whole[..whole.len() - 1].to_vec(),
    ] {
        fs::write(&path, altered).unwrap();
        assert!(matches!(read(&domain, "fil_1"), Err(VaultError::Altered { .. })));
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(read(&domain, "fil_1").unwrap(), content(3 * PIECE));
    // Nor does it open under another name.
    for ending in ["key", "sealed"] {
        let from = domain.file(".files", &format!("fil_1.{ending}"));
        fs::copy(from, domain.file(".files", &format!("fil_2.{ending}"))).unwrap();
    }
    assert!(matches!(read(&domain, "fil_2"), Err(VaultError::Altered { .. })));
}

/// Gives some bytes, then fails, as a connection that is lost.
struct Lost(usize);

impl Read for Lost {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let given = self.0.min(buffer.len());
        self.0 -= given;
        Ok(given)
    }
}

#[test]
fn a_file_that_is_cut_off_is_not_there_and_leaves_nothing() {
    let mut domain = Domain::new();
    let outcome = domain.vault.put_file("fil_1", &mut Lost(2 * PIECE), &mut domain.rng);
    assert!(outcome.is_err());
    assert!(matches!(read(&domain, "fil_1"), Err(VaultError::UnknownVersion(_))));
    assert_eq!(fs::read_dir(domain.root().join(".files")).unwrap().count(), 0);
}

#[test]
fn the_sweep_leaves_what_is_to_be_kept() {
    let mut domain = Domain::new();
    assert_eq!(domain.vault.sweep_files(&|_| true).unwrap(), 0);
    for name in ["fil_kept", "fil_orphan"] {
        put(&mut domain, name, b"x");
    }
    let folder = domain.root().join(".files");
    fs::write(folder.join(".fil_crash.sealed.new"), b"half").unwrap();
    fs::write(folder.join("fil_keyless.sealed"), b"whole").unwrap();
    assert_eq!(domain.vault.sweep_files(&|name| name == "fil_kept").unwrap(), 3);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    assert_eq!(read(&domain, "fil_kept").unwrap(), b"x");
    assert!(domain.vault.versions().unwrap().is_empty() && domain.vault.kept_names().unwrap().is_empty());
    domain.vault.remove_file("fil_kept").unwrap();
    domain.vault.remove_file("fil_kept").unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    for name in ["../fil", "", ".hidden"] {
        let refused = domain.vault.put_file(name, &mut io::empty(), &mut domain.rng);
        assert!(matches!(refused, Err(VaultError::InvalidVersion(_))));
    }
}

#[test]
fn a_check_of_the_vault_looks_at_files_too() {
    let mut domain = Domain::new();
    for name in ["fil_1", "fil_2", "fil_3", "fil_4"] {
        put(&mut domain, name, &content(PIECE + 7));
    }
    let health = |domain: &Domain, depth| {
        let check = domain.vault.self_check(depth).unwrap();
        let damaged = check.files.iter().filter(|file| file.health != Health::Sound);
        let damaged: Vec<String> = damaged.map(|file| file.file.clone()).collect();
        assert_eq!(check.is_sound(), damaged.is_empty() && check.leftovers.is_empty());
        (check.files.len(), damaged, check.leftovers.len())
    };
    assert_eq!(health(&domain, CheckDepth::Full), (4, vec![], 0));

    let pieces = domain.file(".files", "fil_1.sealed");
    let mut altered = fs::read(&pieces).unwrap();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    fs::write(&pieces, altered).unwrap();
    fs::remove_file(domain.file(".files", "fil_2.sealed")).unwrap();
    fs::write(domain.file(".files", "fil_3.key"), "no key").unwrap();
    fs::remove_file(domain.file(".files", "fil_4.key")).unwrap();
    fs::write(domain.file(".files", "fil_5.tmp"), "half").unwrap();
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    // The pieces of `fil_4` are left without a key, and `fil_5` is none.
    assert_eq!(health(&domain, CheckDepth::Quick), (3, named(&["fil_2", "fil_3"]), 2));
    assert_eq!(
        health(&domain, CheckDepth::Full),
        (3, named(&["fil_1", "fil_2", "fil_3"]), 2)
    );
}
