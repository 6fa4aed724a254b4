//! The vault in a bucket: the same promises as in a folder, asked of an S3 server with credentials.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

#[path = "support/store.rs"]
mod store;
mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use gongshu_vault::{
    Bucket, BucketError, CheckDepth, Cipher, FileKeyService, Health, IngestError, SourceSpec, Vault, VaultError,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use store::{PLACE, SECRET_KEY, Server, Store};
use support::{at, integer, text};
use tempfile::TempDir;

struct World {
    server: Server,
    keys: TempDir,
    vault: Vault,
    rng: StdRng,
}

impl World {
    fn new() -> Self {
        let (server, keys) = (Server::start(Store::Good), TempDir::new().unwrap());
        let mut rng = StdRng::seed_from_u64(7);
        let vault = open(&server, keys.path(), &mut rng);
        Self {
            server,
            keys,
            vault,
            rng,
        }
    }

    fn ingest(&mut self, version: &str, bytes: &[u8]) -> Result<u64, IngestError> {
        let spec = SourceSpec::csv(vec![text("name"), integer("number")]).quarantining();
        let ingested = self
            .vault
            .ingest(version, &spec, bytes, at(1), &mut self.rng, &mut |_| {})?;
        Ok(ingested.rows)
    }

    fn names(&self, version: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.server.root().join(version)) else {
            return Vec::new();
        };
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn health(&self) -> Vec<String> {
        let check = self.vault.self_check(CheckDepth::Full).unwrap();
        let code = |health: &Health| match health {
            Health::Damaged { code, .. } => code.clone(),
            Health::Sound => "sound".to_owned(),
            Health::Destroyed => "destroyed".to_owned(),
            Health::DestructionUnfinished => "unfinished".to_owned(),
        };
        check.versions.iter().map(|version| code(&version.health)).collect()
    }
}

fn bucket(server: &Server) -> Result<Bucket, BucketError> {
    Bucket::connect(PLACE, server.settings())
}

fn open(server: &Server, keys: &Path, rng: &mut StdRng) -> Vault {
    let keys = FileKeyService::open_or_create(&keys.join("master.json"), Cipher::Aes256Gcm, rng).unwrap();
    Vault::open(bucket(server).unwrap(), Arc::new(keys)).unwrap()
}

fn rows(vault: &Vault, version: &str, columns: Option<&[&str]>) -> Result<(usize, usize), VaultError> {
    let batches = vault.read_batches(version, columns)?;
    Ok((
        batches.iter().map(RecordBatch::num_rows).sum(),
        batches[0].num_columns(),
    ))
}

#[test]
fn a_version_lives_and_ends_in_a_bucket() {
    let mut world = World::new();
    assert_eq!(world.ingest("v1", b"name,number\na,1\nb,x\n").unwrap(), 1);
    assert_eq!(
        world.names("v1"),
        [
            "data.parquet",
            "key.json",
            "profile.sealed",
            "quarantine.sealed",
            "version.json"
        ]
    );
    let secret = world.vault.record_secret(&mut world.rng).unwrap();

    let again = open(&world.server, world.keys.path(), &mut world.rng);
    assert_eq!(rows(&again, "v1", None).unwrap(), (1, 2));
    assert_eq!(rows(&again, "v1", Some(&["number"])).unwrap(), (1, 1));
    assert_eq!(again.quarantine("v1").unwrap().len(), 1);
    assert_eq!(again.profile("v1").unwrap()[0].name, "name");
    assert_eq!(again.record_secret(&mut world.rng).unwrap().expose(), secret.expose());
    assert_eq!(world.health(), ["sound"]);

    let certificate = world.vault.destroy("v1", at(10)).unwrap();
    assert_eq!(world.names("v1"), ["version.json"]);
    assert_eq!(rows(&again, "v1", None).unwrap_err().code(), "vault.version-destroyed");
    assert_eq!(world.vault.destroy("v1", at(99)).unwrap(), certificate);
    assert_eq!(world.health(), ["destroyed"]);
    assert_eq!(
        world.ingest("v1", b"name,number\n").unwrap_err().code(),
        "vault.version-exists"
    );
}

#[test]
fn a_version_of_several_parts_is_whole() {
    let mut world = World::new();
    // Values that do not compress, for more than one part of an upload.
    let mut source = String::from("name,number\n");
    let mut digits = StdRng::seed_from_u64(3);
    for row in 0..200_000 {
        let value: [u64; 12] = std::array::from_fn(|_| digits.next_u64());
        let value: String = value.iter().map(|word| format!("{word:016x}")).collect();
        source.push_str(&format!("{value},{row}\n"));
    }
    assert_eq!(world.ingest("v1", source.as_bytes()).unwrap(), 200_000);
    let stored = world.vault.version("v1").unwrap();
    assert!(stored.stored_bytes() > 16 << 20, "{}", stored.stored_bytes());
    assert_eq!(rows(&world.vault, "v1", None).unwrap(), (200_000, 2));
    assert_eq!(world.health(), ["sound"]);
}

#[test]
fn damage_in_the_bucket_is_found() {
    let mut world = World::new();
    for version in ["v1", "v2", "v3"] {
        world.ingest(version, b"name,number\na,1\n").unwrap();
    }
    let file = |version: &str, name: &str| world.server.root().join(version).join(name);
    let mut bytes = fs::read(file("v1", "data.parquet")).unwrap();
    bytes[50] ^= 1;
    fs::write(file("v1", "data.parquet"), bytes).unwrap();
    fs::remove_file(file("v2", "key.json")).unwrap();
    fs::remove_file(file("v3", "version.json")).unwrap();
    assert_eq!(world.health(), ["vault.file-altered"; 3]);
    assert_eq!(rows(&world.vault, "v1", None).unwrap_err().code(), "vault.file-altered");
    world.vault.destroy("v2", at(1)).unwrap();
    assert_eq!(world.names("v2"), ["version.json"]);
    assert_eq!(world.vault.version("none").unwrap_err().code(), "vault.version-unknown");
}

#[test]
fn refused_and_interrupted_ingestions_leave_nothing() {
    let mut world = World::new();
    let spec = SourceSpec::csv(vec![text("name"), integer("number")]);
    let refused = world.vault.ingest(
        "v1",
        &spec,
        &b"name,number\na,x\n"[..],
        at(1),
        &mut world.rng,
        &mut |_| {},
    );
    assert_eq!(refused.unwrap_err().code(), "ingest.rows-refused");
    assert!(world.names("v1").is_empty());

    // As a crash leaves it: claimed, some files, no record.
    let root = world.server.root();
    fs::create_dir_all(root.join("v2")).unwrap();
    fs::write(root.join("v2/.claim"), b"0").unwrap();
    fs::write(root.join("v2/data.parquet"), b"half").unwrap();
    assert_eq!(
        world.ingest("v2", b"name,number\na,1\n").unwrap_err().code(),
        "vault.version-exists"
    );
    let check = world.vault.self_check(CheckDepth::Quick).unwrap();
    assert_eq!((check.versions.len(), check.leftovers.len()), (0, 1));
    assert!(
        check.leftovers[0]
            .to_string_lossy()
            .ends_with("longhua/district/vault/v2")
    );
    assert_eq!(world.vault.sweep().unwrap(), 1);
    assert_eq!(world.ingest("v2", b"name,number\na,1\n").unwrap(), 1);
}

#[test]
fn what_waits_to_leave_is_kept_and_discarded() {
    let mut world = World::new();
    assert!(world.vault.kept_names().unwrap().is_empty());
    world.vault.keep("out_1", b"report", &mut world.rng).unwrap();
    assert_eq!(world.vault.kept("out_1").unwrap(), b"report");
    let again = world.vault.keep("out_1", b"other", &mut world.rng);
    assert_eq!(again.unwrap_err().code(), "vault.version-exists");
    assert_eq!(world.vault.kept_names().unwrap(), ["out_1"]);
    assert!(world.vault.self_check(CheckDepth::Full).unwrap().is_sound());
    world.vault.discard("out_1").unwrap();
    world.vault.discard("out_1").unwrap();
    assert_eq!(world.vault.kept("out_1").unwrap_err().code(), "vault.version-unknown");
    assert!(world.vault.kept_names().unwrap().is_empty());
}

#[test]
fn files_of_parties_are_there_and_go() {
    let mut world = World::new();
    let content = vec![7; (17 << 20) + 5];
    let length = world
        .vault
        .put_file("fil_1", &mut content.as_slice(), &mut world.rng)
        .unwrap();
    assert_eq!(length, content.len() as u64);
    world.vault.put_file("fil_2", &mut &b"x"[..], &mut world.rng).unwrap();
    let read = |name| {
        let pieces: Result<Vec<_>, _> = world.vault.file(name).unwrap().collect();
        pieces.map(|pieces| pieces.concat())
    };
    assert!(read("fil_1").unwrap() == content && read("fil_2").unwrap() == b"x");
    assert!(world.vault.self_check(CheckDepth::Full).unwrap().is_sound());
    assert_eq!(world.vault.sweep().unwrap(), 0);
    assert_eq!(world.vault.sweep_files(&|name| name == "fil_2").unwrap(), 1);
    assert_eq!(world.vault.file("fil_1").unwrap_err().code(), "vault.version-unknown");
    world.vault.remove_file("fil_2").unwrap();
    assert_eq!(world.vault.file("fil_2").unwrap_err().code(), "vault.version-unknown");
}

#[test]
fn interrupted_destruction_is_finished() {
    let mut world = World::new();
    world.ingest("v1", b"name,number\na,1\n").unwrap();
    let key = world.server.root().join("v1/key.json");
    let kept = fs::read(&key).unwrap();
    world.vault.destroy("v1", at(1)).unwrap();
    fs::write(&key, kept).unwrap();
    assert_eq!(world.health(), ["unfinished"]);
    assert_eq!(world.vault.sweep().unwrap(), 1);
    assert_eq!(world.names("v1"), ["version.json"]);
}

#[test]
fn one_of_two_writers_gets_the_version() {
    let world = World::new();
    let spec = SourceSpec::csv(vec![text("name"), integer("number")]);
    let write = |seed: u64| {
        let mut rng = StdRng::seed_from_u64(seed);
        let source = format!("name,number\n{seed},{seed}\n");
        let done = world
            .vault
            .ingest("v1", &spec, source.as_bytes(), at(1), &mut rng, &mut |_| {});
        done.map(|_| ()).map_err(|error| error.code())
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..6).map(|seed| scope.spawn(move || write(seed))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert!(
        results
            .iter()
            .all(|result| matches!(result, Ok(()) | Err("vault.version-exists")))
    );
    assert_eq!(world.health(), ["sound"]);
    assert_eq!(rows(&world.vault, "v1", None).unwrap(), (1, 2));
}

#[test]
fn a_version_may_not_be_larger_than_the_limit() {
    let world = World::new();
    let vault = open(&world.server, world.keys.path(), &mut StdRng::seed_from_u64(1)).with_version_bytes_max(1_000);
    let spec = SourceSpec::csv(vec![text("name"), integer("number")]);
    let source: String = (0..5_000).map(|row| format!("{row},{row}\n")).collect();
    let source = format!("name,number\n{source}");
    let refused = vault.ingest(
        "v1",
        &spec,
        source.as_bytes(),
        at(1),
        &mut StdRng::seed_from_u64(2),
        &mut |_| {},
    );
    assert_eq!(refused.unwrap_err().code(), "vault.version-too-large");
    assert!(world.names("v1").is_empty());
}

#[test]
fn stores_that_cannot_keep_the_promises_are_refused() {
    let refusal = |store| bucket(&Server::start(store)).unwrap_err();
    assert!(matches!(refusal(Store::KeepsVersions), BucketError::KeepsVersions(_)));
    assert!(matches!(refusal(Store::Unconditional), BucketError::Unconditional(_)));
}

#[test]
fn bad_addresses_settings_and_credentials_are_told_without_secrets() {
    let server = Server::start(Store::Good);
    let told = |address: &str, change: &dyn Fn(&str, String) -> (String, String)| {
        let settings = server.settings().into_iter().map(|(name, value)| change(&name, value));
        let error = Bucket::connect(address, settings).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET_KEY), "{shown}");
        error.to_string()
    };
    let as_is = |name: &str, value: String| (name.to_owned(), value);
    assert!(told("/folder", &as_is).contains("write s3://bucket"));
    assert!(told("s3://", &as_is).contains("write s3://bucket"));
    let unknown = told("s3://longhua", &|name, value| match name {
        "AWS_SECRET_ACCESS_KEY" => ("AWS_SECRET_KEY_OF_OLD".to_owned(), value),
        _ => (name.to_owned(), value),
    });
    assert_eq!(
        unknown,
        "the setting `AWS_SECRET_KEY_OF_OLD` of the object store cannot be used"
    );
    let wrong = told("s3://longhua", &|name, value| match name {
        "AWS_SECRET_ACCESS_KEY" => (name.to_owned(), format!("{value}-wrong")),
        _ => (name.to_owned(), value),
    });
    assert!(wrong.contains("refuses these credentials"), "{wrong}");
    let debug = format!("{:?}", bucket(&server).unwrap());
    assert_eq!(debug, "Bucket(Bucket(\"s3://longhua/district/vault\"))");
}
