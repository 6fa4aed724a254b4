//! What an attacker with the disk can see or change.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use gongshu_vault::{
    Cipher, ColumnProfile, DataKey, FileKeyService, KeyError, KeyService, SourceSpec, Vault, VaultError, WrappedKey,
};
use rand::{SeedableRng, rngs::StdRng};
use support::{Domain, integer, text};

const SECRET: &str = "龙华区机密企业";
const SECRET_NUMBER: i64 = 7_316_428_505;

fn spec() -> SourceSpec {
    SourceSpec::csv(vec![text("name"), integer("income").nullable()]).quarantining()
}

fn source() -> String {
    let mut source = String::from("name,income\n");
    for row in 0..20_000 {
        source.push_str(&format!("{SECRET}{row},{SECRET_NUMBER}\n"));
    }
    source + &format!("{SECRET},bad\n")
}

fn stored() -> Domain {
    stored_under(Cipher::Aes256Gcm)
}

fn stored_under(cipher: Cipher) -> Domain {
    let mut domain = Domain::under(cipher, 7);
    domain.ingest("v1", &spec(), source().as_bytes()).unwrap();
    domain
}

/// Whether some file under the folder has the needle.
fn on_disk(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return on_disk(&path, needle);
        }
        fs::read(&path)
            .unwrap()
            .windows(needle.len())
            .any(|window| window == needle)
    })
}

fn no_secret_on_disk(folder: &Path) {
    let digits = SECRET_NUMBER.to_string();
    let needles = [
        SECRET.as_bytes(),
        digits.as_bytes(),
        &SECRET_NUMBER.to_le_bytes(),
        b"income\x15",
        b"PAR1",
        b"ARROW:schema",
    ];
    for needle in needles {
        assert!(!on_disk(folder, needle), "{needle:?}");
    }
}

/// A source that looks at the disk each time it is asked for bytes.
struct Watching<'a> {
    bytes: &'a [u8],
    folder: &'a Path,
    looks: usize,
}

impl Read for Watching<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.looks += 1;
        no_secret_on_disk(self.folder);
        self.bytes.read(buffer)
    }
}

#[test]
fn no_value_is_ever_on_disk() {
    Cipher::ALL.into_iter().for_each(keeps_values_off_the_disk);
}

fn keeps_values_off_the_disk(cipher: Cipher) {
    let mut domain = Domain::under(cipher, 7);
    let source = source();
    let mut watching = Watching {
        bytes: source.as_bytes(),
        folder: &domain.folder.path().join("domain"),
        looks: 0,
    };
    domain
        .vault
        .ingest(
            "v1",
            &spec(),
            &mut watching,
            support::at(0),
            &mut domain.rng,
            &mut |_| {},
        )
        .unwrap();
    assert!(watching.looks > 3);
    no_secret_on_disk(&domain.root());
    // The same bytes are there once they are decrypted, so the search would have found them.
    let held = domain.vault.quarantine("v1").unwrap();
    assert!(held[0].raw.starts_with(SECRET.as_bytes()));
    let income: &ColumnProfile = &domain.vault.profile("v1").unwrap()[1];
    assert_eq!(income.max.as_deref(), Some("7316428505"));
}

#[test]
fn flipped_byte_is_found_on_read() {
    let domain = stored();
    let path = domain.file("v1", "data.parquet");
    let good = fs::read(&path).unwrap();
    for place in [0, 4, 100, good.len() / 2, good.len() - 20, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&path, bad).unwrap();
        let error = domain.vault.read_batches("v1", None).unwrap_err();
        assert_eq!(error.code(), "vault.file-altered", "byte {place}: {error}");
    }
    fs::write(&path, &good).unwrap();
    domain.vault.read_batches("v1", None).unwrap();
}

#[test]
fn altered_small_files_are_found() {
    Cipher::ALL.into_iter().for_each(finds_altered_small_files);
}

fn finds_altered_small_files(cipher: Cipher) {
    let domain = stored_under(cipher);
    let altered = |name: &str, from: &str, to: &str| {
        let path = domain.file("v1", name);
        let good = fs::read_to_string(&path).unwrap();
        assert!(good.contains(from));
        fs::write(&path, good.replacen(from, to, 1)).unwrap();
        let error = domain.vault.version("v1").unwrap_err();
        fs::write(&path, good).unwrap();
        error.code()
    };
    assert_eq!(
        altered("version.json", "\"rows\": 20000", "\"rows\": 20001"),
        "vault.file-altered"
    );
    assert_eq!(
        altered("version.json", "\"nullable\": true", "\"nullable\": false"),
        "vault.file-altered"
    );
    assert_eq!(altered("version.json", "{", "["), "vault.file-altered");
    assert_eq!(
        altered("version.json", "\"format\": 2", "\"format\": 9"),
        "vault.format-unknown"
    );
    assert_eq!(
        altered("key.json", "\"ciphertext\": \"", "\"ciphertext\": \"AAAA"),
        "vault.file-altered"
    );

    let sealed = domain.file("v1", "quarantine.sealed");
    let mut bytes = fs::read(&sealed).unwrap();
    bytes[30] ^= 1;
    fs::write(&sealed, bytes).unwrap();
    assert_eq!(domain.vault.quarantine("v1").unwrap_err().code(), "vault.file-altered");
}

#[test]
fn one_version_cannot_stand_in_for_another() {
    let mut domain = stored();
    domain.ingest("v2", &spec(), b"name,income\nother,1\n").unwrap();
    for name in ["version.json", "key.json", "data.parquet"] {
        fs::copy(domain.file("v2", name), domain.file("v1", name)).unwrap();
    }
    assert_eq!(domain.vault.version("v1").unwrap_err().code(), "vault.file-altered");
}

#[test]
fn wrong_master_key_is_told_as_such() {
    let domain = stored();
    let mut rng = StdRng::seed_from_u64(8);
    let other =
        FileKeyService::open_or_create(&domain.folder.path().join("other.json"), Cipher::Aes256Gcm, &mut rng).unwrap();
    let vault = Vault::open(&domain.root(), Arc::new(other)).unwrap();
    let error = vault.version("v1").unwrap_err();
    assert!(
        matches!(&error, VaultError::Key(KeyError::WrongMasterKey { .. })),
        "{error}"
    );
    assert_eq!(error.code(), "vault.wrong-master-key");
}

#[test]
fn vault_is_read_after_a_restart() {
    Cipher::ALL.into_iter().for_each(is_read_after_a_restart);
}

fn is_read_after_a_restart(cipher: Cipher) {
    let mut domain = stored_under(cipher);
    let again = support::open(domain.folder.path(), &mut domain.rng);
    assert_eq!(
        again
            .read_batches("v1", None)
            .unwrap()
            .iter()
            .map(datafusion::arrow::array::RecordBatch::num_rows)
            .sum::<usize>(),
        20_000
    );
}

#[test]
fn master_key_file_is_private_and_checked() {
    let domain = Domain::new();
    let path = domain.folder.path().join("keys/master.json");
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let mut rng = StdRng::seed_from_u64(9);
    let mut open = || {
        FileKeyService::open_or_create(&path, Cipher::Aes256Gcm, &mut rng)
            .map(|_| ())
            .unwrap_err()
            .code()
    };
    mode(0o640);
    assert_eq!(open(), "vault.master-key-exposed");
    mode(0o600);
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replace("mk-", "mk-0")).unwrap();
    assert_eq!(open(), "vault.master-key-unusable");
    fs::write(&path, &good[..good.len() / 2]).unwrap();
    assert_eq!(open(), "vault.master-key-unusable");
}

#[test]
fn wrapping_is_undone_only_by_the_same_service() {
    undoes_its_own_wrapping(Cipher::Aes256Gcm, "SM4-GCM");
    undoes_its_own_wrapping(Cipher::Sm4Gcm, "AES-256-GCM");
}

fn undoes_its_own_wrapping(cipher: Cipher, other: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut rng = StdRng::seed_from_u64(10);
    let path = folder.path().join("a.json");
    FileKeyService::open_or_create(&path, cipher, &mut rng).unwrap();
    let service = FileKeyService::open(&path).unwrap();
    let key = DataKey::generate(cipher, &mut rng);
    let wrapped = service.wrap(&key, &mut rng).unwrap();
    let unwrapped = service.unwrap(&wrapped).unwrap();
    assert_eq!((unwrapped.expose(), unwrapped.cipher()), (key.expose(), cipher));
    assert_ne!(service.wrap(&key, &mut rng).unwrap().ciphertext, wrapped.ciphertext);

    let mechanism = WrappedKey {
        mechanism: other.into(),
        ..wrapped.clone()
    };
    assert_eq!(
        service.unwrap(&mechanism).unwrap_err().code(),
        "vault.key-mechanism-unknown"
    );
    let first = if wrapped.ciphertext.starts_with('A') { "B" } else { "A" };
    let altered = WrappedKey {
        ciphertext: format!("{first}{}", &wrapped.ciphertext[1..]),
        ..wrapped
    };
    assert_eq!(
        service.unwrap(&altered).unwrap_err().code(),
        "vault.wrapped-key-altered"
    );
}

#[test]
fn secrets_are_not_shown() {
    let domain = stored();
    let shown = format!("{:?}", domain.vault.version("v1").unwrap());
    assert!(!shown.contains("footer_key") && !shown.contains("DataKey"), "{shown}");
    assert_eq!(
        format!("{:?}", DataKey::from_bytes(Cipher::Aes256Gcm, &[1; 32]).unwrap()),
        "DataKey(secret)"
    );
}
