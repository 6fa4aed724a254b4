//! Keys of columns: a query unwraps those of the columns that its checked plan reads, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use gongshu_engine::{Access, Config, Consenting, Engine, FieldType, Param, SubjectGate};
use gongshu_governance::resource::{AggregateFunction, Field, ReleaseRule};
use gongshu_vault::{
    Cipher, ColumnSpec, ColumnType, DataKey, FileKeyService, KeyError, KeyScope, KeyService, SourceSpec, Vault,
    WrappedKey,
};
use jiff::{Timestamp, civil::date};
use rand::{CryptoRng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use tempfile::TempDir;

use crate::world::aggregate;

/// More than a row group, so that readers share the version.
const ROWS: u32 = 135_000;

/// A key service that notes what it unwraps.
struct Noting {
    keys: FileKeyService,
    unwrapped: Mutex<Vec<String>>,
}

impl KeyService for Noting {
    fn key_id(&self) -> &str {
        self.keys.key_id()
    }

    fn cipher(&self) -> Cipher {
        self.keys.cipher()
    }

    fn wrap(&self, key: &DataKey, rng: &mut dyn CryptoRng) -> Result<WrappedKey, KeyError> {
        self.keys.wrap(key, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        self.unwrapped.lock().unwrap().push(wrapped.ciphertext.clone());
        self.keys.unwrap(wrapped)
    }
}

struct World {
    folder: TempDir,
    keys: Arc<Noting>,
    vault: Vault,
}

impl World {
    fn new(scope: KeyScope) -> Self {
        let folder = TempDir::new().unwrap();
        let mut rng = StdRng::seed_from_u64(5);
        let keys =
            FileKeyService::open_or_create(&folder.path().join("master.json"), Cipher::Aes256Gcm, &mut rng).unwrap();
        let keys = Arc::new(Noting {
            keys,
            unwrapped: Mutex::default(),
        });
        let vault = Vault::open(&folder.path().join("vault"), keys.clone()).unwrap();
        let vault = vault.with_key_scope(scope);
        let text = |name| ColumnSpec::new(name, ColumnType::Text);
        let income = ColumnSpec::new("income", ColumnType::Integer);
        let spec = SourceSpec::csv(vec![text("person").unique(), text("area"), income, text("note")]);
        let row = |row: u32| format!("p{row},a{},{},n{row}\n", row % 7, row % 1_000);
        let source = format!("person,area,income,note\n{}", (0..ROWS).map(row).collect::<String>());
        let at = Timestamp::from_second(1_760_000_000).unwrap();
        vault
            .ingest("v1", &spec, source.as_bytes(), at, &mut rng, &mut |_| {})
            .unwrap();
        Self { folder, keys, vault }
    }

    /// The answer of a query; tables of at most so many bytes are kept in memory.
    async fn answer(&self, sql: &str, access: &Access, held_bytes_max: u64) -> Value {
        let config = Config {
            held_version_bytes_max: held_bytes_max,
            threads: 2,
            ..Config::default()
        };
        let engine = Engine::new(config).unwrap();
        let subject = Some("person".to_owned());
        let table = engine.table("census", "v1", fields(), subject, &self.vault).unwrap();
        let types = [FieldType::Text];
        let types = &types[..usize::from(access.subject.is_some())];
        let checked = engine.check(sql, access, vec![table], types).await;
        let checked = checked.unwrap_or_else(|refusal| panic!("{sql}: {refusal}"));
        let prepared = engine.prepare(checked).await.unwrap();
        let consenting = BTreeSet::from(["p3".to_owned(), "p134000".to_owned(), "absent".to_owned()]);
        let consenting = Consenting::from([("census".to_owned(), consenting)]);
        let params: Vec<_> = types.iter().map(|_| Param::Text("p134001".to_owned())).collect();
        let answer = prepared.execute_for(&params, date(2026, 1, 1), consenting).await;
        answer.unwrap().to_json()
    }

    /// The names of the keys that were unwrapped since the last time.
    fn unwrapped(&self) -> BTreeSet<String> {
        let names = names(&self.folder.path().join("vault/v1/key.json"));
        let unwrapped = std::mem::take(&mut *self.keys.unwrapped.lock().unwrap());
        unwrapped.iter().map(|wrapped| names[wrapped].clone()).collect()
    }
}

/// What each wrapped key opens.
fn names(path: &Path) -> BTreeMap<String, String> {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let text = |wrapped: &Value| wrapped["ciphertext"].as_str().unwrap_or_default().to_owned();
    let columns = file["columns"].as_object().into_iter().flatten();
    let columns = columns.map(|(column, wrapped)| (text(wrapped), column.clone()));
    let others = [("wrapped", "version"), ("aside", "aside")];
    let others = others.map(|(member, name)| (text(&file[member]), name.to_owned()));
    columns.chain(others).collect()
}

fn fields() -> Vec<Field> {
    let field = |name: &str, field_type, release| Field {
        name: name.to_owned(),
        field_type,
        meaning: name.to_owned(),
        level: 3,
        release,
        nullable: true,
    };
    vec![
        field("person", FieldType::Text, ReleaseRule::Closed),
        field("area", FieldType::Text, ReleaseRule::Group),
        field("income", FieldType::Integer, aggregate(&[AggregateFunction::Sum])),
        field("note", FieldType::Text, ReleaseRule::Consented),
    ]
}

fn access() -> Access {
    let columns = ["person", "area", "income", "note"].map(str::to_owned);
    Access {
        resources: BTreeMap::from([("census".to_owned(), columns.into())]),
        threshold: 5,
        ..Access::default()
    }
}

fn named() -> Access {
    Access {
        subject: Some(SubjectGate {
            resource: "census".to_owned(),
            column: "person".to_owned(),
            parameter: 0,
        }),
        ..access()
    }
}

/// Queries, and the columns that their plans read.
fn queries() -> [(&'static str, Access, &'static [&'static str]); 5] {
    [
        (
            "SELECT area, count(*) AS persons FROM census GROUP BY area",
            access(),
            &["area"],
        ),
        (
            "SELECT sum(income) AS total FROM census WHERE area = 'a3'",
            access(),
            &["area", "income"],
        ),
        ("SELECT count(*) AS persons FROM census", access(), &[]),
        ("SELECT note FROM census ORDER BY note", access(), &["note", "person"]),
        ("SELECT note FROM census", named(), &["note", "person"]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_unwraps_the_keys_of_the_columns_it_reads_and_no_other() {
    let world = World::new(KeyScope::Column);
    for held_bytes_max in [u64::MAX, 0] {
        for (sql, access, columns) in queries() {
            world.unwrapped();
            world.answer(sql, &access, held_bytes_max).await;
            let expected = ["version"].iter().chain(columns).map(|name| (*name).to_owned());
            assert_eq!(world.unwrapped(), expected.collect(), "{sql}");
        }
    }
    world.vault.profile("v1").unwrap();
    assert_eq!(world.unwrapped(), ["version", "aside"].map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_the_same_kept_or_streamed_under_one_key_or_many() {
    let worlds = [World::new(KeyScope::Column), World::new(KeyScope::Version)];
    for (sql, access, _) in queries() {
        let mut answers = BTreeSet::new();
        for world in &worlds {
            for held_bytes_max in [u64::MAX, 0] {
                let mut answer = world.answer(sql, &access, held_bytes_max).await;
                let rows = answer["rows"].as_array_mut().unwrap();
                assert!(!rows.is_empty(), "{sql}");
                rows.sort_by_key(Value::to_string);
                answers.insert(answer.to_string());
            }
        }
        assert_eq!(answers.len(), 1, "{sql}: {answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_fails_a_streamed_query() {
    let world = World::new(KeyScope::Column);
    let path = world.folder.path().join("vault/v1/data.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    for place in (100..bytes.len() / 4 * 3).step_by(1_000) {
        bytes[place] ^= 1;
    }
    std::fs::write(&path, bytes).unwrap();
    let config = Config {
        held_version_bytes_max: 0,
        ..Config::default()
    };
    let engine = Engine::new(config).unwrap();
    let table = engine.table("census", "v1", fields(), Some("person".to_owned()), &world.vault);
    let sql = "SELECT area, sum(income) AS total FROM census GROUP BY area";
    let checked = engine.check(sql, &access(), vec![table.unwrap()], &[]).await.unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    assert!(prepared.execute(&[], date(2026, 1, 1)).await.is_err());
}
