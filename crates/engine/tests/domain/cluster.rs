//! A cluster on this machine: the same queries, in process and scaled out, get the same answers and the same refusals.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use gongshu_engine::{
    Access, ClusterSettings, Config, Consenting, Engine, ExecuteError, Executor, FieldType, Guarding, Param,
    SubjectGate, Table, execute, schedule,
};
use gongshu_governance::resource::{AggregateFunction as F, Field, OutputControl, ReleaseRule};
use gongshu_privacy::cell_key::RecordSecret;
use gongshu_vault::{Cipher, ColumnSpec, ColumnType, FileKeyService, SourceSpec, Vault};
use jiff::{Timestamp, civil::date};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;
use tempfile::TempDir;

use crate::world::{RATIO, aggregate, model};

/// More than a row group, so that executors share the version.
const PERSONS: u32 = 135_000;
const CLAIMS: u32 = 40_000;

struct World {
    folders: Vec<TempDir>,
    vault: Arc<Vault>,
    scheduler: SocketAddr,
}

impl World {
    /// A scheduler and two executors in this process, which share nothing but sockets and the vault.
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut rng = StdRng::seed_from_u64(9);
        let keys = FileKeyService::open_or_create(&folder.path().join("master.json"), Cipher::Aes256Gcm, &mut rng);
        let vault = Arc::new(Vault::open(&folder.path().join("vault"), Arc::new(keys.unwrap())).unwrap());
        ingest(&vault, &mut rng);
        vault.record_secret(&mut rng).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheduler = listener.local_addr().unwrap();
        tokio::spawn(async move { schedule(listener, None).await.unwrap() });
        let mut world = Self {
            folders: vec![folder],
            vault,
            scheduler,
        };
        for _ in 0..2 {
            world.join();
        }
        world
    }

    fn join(&mut self) {
        let work = tempfile::tempdir_in("/dev/shm").unwrap();
        let executor = Executor {
            listen: free(),
            scheduler: self.scheduler.to_string(),
            tls: None,
            vault: self.vault.clone(),
            tasks: 2,
            memory_bytes: 1 << 30,
            time: Duration::from_secs(30),
        };
        let path = work.path().to_owned();
        self.folders.push(work);
        tokio::spawn(async move { execute(&executor, &path).await.unwrap() });
    }

    fn engine(&self, scaled_out: bool) -> Engine {
        let engine = Engine::new(Config::default()).unwrap();
        let settings = ClusterSettings {
            scheduler: self.scheduler.to_string(),
            partitions: 4,
            tls: None,
        };
        match scaled_out {
            true => engine.on_cluster(&settings, self.vault.clone()).unwrap(),
            false => engine,
        }
    }

    fn tables(&self, engine: &Engine) -> Vec<Table> {
        let subject = || Some("person".to_owned());
        let census = engine.table("census", "v1", census(), subject(), &self.vault);
        let claims = engine.table("claims", "v2", claims(), subject(), &self.vault);
        let areas = engine.table("areas", "v3", areas(), None, &self.vault);
        vec![census.unwrap(), claims.unwrap(), areas.unwrap()]
    }

    /// The answer, with rows in order, or the code of the refusal.
    async fn answer(&self, case: &Case, scaled_out: bool) -> Result<Value, String> {
        let engine = self.engine(scaled_out);
        let types: Vec<FieldType> = case.params.iter().map(|_| FieldType::Text).collect();
        let checked = engine.check(case.sql, &case.access, self.tables(&engine), &types).await;
        let checked = checked.map_err(|refusal| refusal.to_string())?;
        let prepared = engine.prepare(checked).await.unwrap();
        let consenting = ["p3", "p134000", "absent"].map(str::to_owned).into();
        let consenting = Consenting::from([("census".to_owned(), consenting)]);
        let params: Vec<_> = case.params.iter().map(|text| Param::Text((*text).to_owned())).collect();
        let answer = prepared.execute_for(&params, date(2026, 1, 1), consenting).await;
        let mut answer = answer.map_err(|error| format!("{error:?}"))?.to_json();
        answer["rows"].as_array_mut().unwrap().sort_by_key(Value::to_string);
        Ok(answer)
    }
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn ingest(vault: &Vault, rng: &mut StdRng) {
    let text = |name| ColumnSpec::new(name, ColumnType::Text);
    let whole = |name| ColumnSpec::new(name, ColumnType::Integer);
    let mut put = |version: &str, columns, source: String| {
        let at = Timestamp::from_second(1_760_000_000).unwrap();
        let spec = SourceSpec::csv(columns);
        let done = vault.ingest(version, &spec, source.as_bytes(), at, rng, &mut |_| {});
        done.unwrap();
    };
    let row = |row: u32| format!("p{row},a{},{},n{row},{}\n", row % 7, row % 1_000, row % 3);
    let rows: String = (0..PERSONS).map(row).collect();
    put(
        "v1",
        vec![
            text("person").unique(),
            text("area"),
            whole("income"),
            text("note"),
            whole("debt"),
        ],
        format!("person,area,income,note,debt\n{rows}"),
    );
    let kind = |row: u32| {
        if row < 3 {
            "rare"
        } else {
            ["fire", "water"][row as usize % 2]
        }
    };
    let row = |row: u32| format!("p{row},{},{}\n", kind(row), row % 500);
    let rows: String = (0..CLAIMS).map(row).collect();
    put(
        "v2",
        vec![text("person").unique(), text("kind"), whole("amount")],
        format!("person,kind,amount\n{rows}"),
    );
    let rows: String = (0..6).map(|row| format!("a{row},area {row},{}\n", row * 10)).collect();
    put(
        "v3",
        vec![text("area").unique(), text("name"), whole("level")],
        format!("area,name,level\n{rows}"),
    );
}

fn field(name: &str, field_type: FieldType, release: ReleaseRule) -> Field {
    Field {
        name: name.to_owned(),
        field_type,
        meaning: name.to_owned(),
        level: 3,
        release,
        nullable: true,
    }
}

fn census() -> Vec<Field> {
    use FieldType::{Integer, Text};
    vec![
        field("person", Text, ReleaseRule::Join),
        field("area", Text, ReleaseRule::Group),
        field("income", Integer, aggregate(&[F::Sum, F::Mean])),
        field("note", Text, ReleaseRule::Consented),
        field("debt", Integer, ReleaseRule::Closed),
    ]
}

fn claims() -> Vec<Field> {
    use FieldType::{Integer, Text};
    let private = ReleaseRule::Private {
        functions: [F::Sum].into(),
        rho_micro: 500_000,
        low: 0,
        high: 100,
        contribution: gongshu_governance::resource::Contribution::default(),
        noise: gongshu_governance::resource::NoiseDistribution::default(),
    };
    vec![
        field("person", Text, ReleaseRule::Join),
        field("kind", Text, ReleaseRule::Group),
        field("amount", Integer, private),
    ]
}

fn areas() -> Vec<Field> {
    use FieldType::{Integer, Text};
    vec![
        field("area", Text, ReleaseRule::Open),
        field("name", Text, ReleaseRule::Open),
        field("level", Integer, ReleaseRule::Open),
    ]
}

struct Case {
    sql: &'static str,
    access: Access,
    params: Vec<&'static str>,
}

fn access() -> Access {
    let all = |fields: Vec<Field>| fields.into_iter().map(|field| field.name).collect::<BTreeSet<_>>();
    let resources = [("census", census()), ("claims", claims()), ("areas", areas())];
    Access {
        resources: resources.map(|(name, fields)| (name.to_owned(), all(fields))).into(),
        threshold: 5,
        ..Access::default()
    }
}

fn guarded(controls: &[OutputControl]) -> Access {
    let guarding = Guarding {
        controls: controls.iter().copied().collect(),
        secret: RecordSecret::new([7; 16]),
    };
    Access {
        guarding: BTreeMap::from([("census".to_owned(), guarding.clone()), ("claims".to_owned(), guarding)]),
        ..access()
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

fn scoring() -> Access {
    let model = model("score_ratio", "areas", &["level", "level"], RATIO);
    Access {
        models: BTreeMap::from([(model.function.clone(), model)]),
        ..access()
    }
}

/// Each with whether it is answered.
fn cases() -> Vec<(Case, bool)> {
    use OutputControl::{CellKey, Dominance, PPercent, Rounding};
    let case = |sql, access| Case {
        sql,
        access,
        params: vec![],
    };
    let with = |sql, access, param| Case {
        sql,
        access,
        params: vec![param],
    };
    let totals =
        "SELECT area, count(*) AS persons, sum(income) AS total, avg(income) AS mean FROM census GROUP BY area";
    let met = "SELECT l.kind, count(*) AS persons FROM claims l JOIN census c ON l.person = c.person GROUP BY l.kind";
    vec![
        (
            case(
                "SELECT name, level FROM areas WHERE level > 15 ORDER BY level DESC LIMIT 2",
                access(),
            ),
            true,
        ),
        (
            with("SELECT level FROM areas WHERE name = $1", access(), "area 3"),
            true,
        ),
        (
            case(
                "SELECT level + years_since(make_date(2000, 1, 1), call_date()) AS y FROM areas",
                access(),
            ),
            true,
        ),
        (
            case(
                "SELECT a.name FROM areas a LEFT JOIN areas b ON a.level = b.level + 10 WHERE b.name IS NULL",
                access(),
            ),
            true,
        ),
        (
            case(
                "SELECT name FROM areas WHERE level = (SELECT max(level) FROM areas)",
                access(),
            ),
            true,
        ),
        (
            case(
                "SELECT name FROM areas WHERE area NOT IN (SELECT area FROM areas WHERE level < 20)",
                access(),
            ),
            true,
        ),
        (
            case(
                "SELECT name FROM areas UNION ALL SELECT area FROM areas WHERE level = 10",
                access(),
            ),
            true,
        ),
        (
            case(
                "SELECT name, rank() OVER (ORDER BY level) AS place FROM areas",
                access(),
            ),
            true,
        ),
        (case("SELECT count(*) AS persons FROM census", access()), true),
        (case(totals, access()), true),
        (case(totals, guarded(&[CellKey])), true),
        (case(totals, guarded(&[Dominance, PPercent, Rounding])), true),
        (
            with(
                "SELECT sum(income) AS total FROM census WHERE area = $1",
                access(),
                "a3",
            ),
            true,
        ),
        (
            with(
                "SELECT sum(income) AS total FROM census WHERE area = $1",
                access(),
                "nowhere",
            ),
            true,
        ),
        (
            case("SELECT kind, count(*) AS persons FROM claims GROUP BY kind", access()),
            true,
        ),
        (
            case(
                "SELECT kind, count(*) AS persons FROM claims GROUP BY kind ORDER BY persons DESC, kind LIMIT 1",
                guarded(&[CellKey]),
            ),
            true,
        ),
        (case(met, access()), true),
        (case(met, guarded(&[CellKey])), true),
        (
            case(
                "SELECT max(n) AS most FROM (SELECT area, count(*) AS n FROM census GROUP BY area) t",
                access(),
            ),
            true,
        ),
        (
            case(
                "SELECT a.name, t.n FROM areas a JOIN (SELECT area, count(*) AS n FROM census GROUP BY area) t ON a.area = t.area",
                access(),
            ),
            true,
        ),
        (case("SELECT note FROM census ORDER BY note", access()), true),
        (with("SELECT note FROM census", named(), "p134001"), true),
        (with("SELECT note FROM census", named(), "nobody"), true),
        (
            case(
                "SELECT name, score_ratio(level, level) AS score FROM areas WHERE level > 0",
                scoring(),
            ),
            true,
        ),
        (case("SELECT debt FROM census", access()), false),
        (case("SELECT income FROM census", access()), false),
        (
            case("SELECT person, count(*) FROM census GROUP BY person", access()),
            false,
        ),
        (
            case("SELECT sum(amount) AS total FROM claims WHERE amount > 10", access()),
            false,
        ),
        (case("SELECT md5(name) FROM areas", access()), false),
        (case("SELECT name FROM areas WHERE name ~ 'a'", access()), false),
    ]
}

/// A table joined to itself so often, each time to the one before.
fn joined(times: usize) -> String {
    let join = |time: usize| format!(" JOIN areas t{time} ON t{time}.area = t{}.area", time - 1);
    let joins: String = (1..=times).map(join).collect();
    format!("SELECT t0.name, t{times}.level AS level FROM areas t0{joins}")
}

/// On threads whose stacks are smaller than any server's.
fn on_small_stacks(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .thread_stack_size(1 << 20)
        .build();
    runtime.unwrap().block_on(test);
}

#[test]
fn joins_as_deep_as_a_query_may_have_overflow_no_stack_and_answer_the_same_on_a_cluster() {
    on_small_stacks(async {
        let world = World::start().await;
        let world = Arc::new(world);
        for (times, scaled_out) in [(60, false), (24, false), (24, true)] {
            let sql: &'static str = joined(times).leak();
            let case = Case {
                sql,
                access: access(),
                params: vec![],
            };
            let world = world.clone();
            // On a worker, and not on the thread that waits.
            let answer = tokio::spawn(async move { world.answer(&case, scaled_out).await });
            let answer = answer.await.unwrap().unwrap();
            assert_eq!(answer["rows"].as_array().unwrap().len(), 6, "{times} {scaled_out}");
            assert_eq!(answer["rows"][5], serde_json::json!(["area 5", 50]));
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cluster_gives_the_same_answers_and_refusals_as_one_process() {
    let world = World::start().await;
    let mut differing = vec![];
    for (case, answered) in cases() {
        let here = world.answer(&case, false).await;
        let there = world.answer(&case, true).await;
        if here.is_ok() != answered || here != there {
            differing.push(format!("{}\n  here {here:?}\n  there {there:?}", case.sql));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));

    // Noise is drawn anew for each answer, so the two differ; both are near the clamped sum, and lose the same.
    let noisy = Case {
        sql: "SELECT sum(amount) AS total FROM claims",
        access: access(),
        params: vec![],
    };
    let clamped: u32 = (0..CLAIMS).map(|row| (row % 500).min(100)).sum();
    for scaled_out in [false, true] {
        let answer = world.answer(&noisy, scaled_out).await.unwrap();
        let total = answer["rows"][0][0].as_f64().unwrap();
        assert!((total - f64::from(clamped)).abs() < 1_500.0, "{total} {clamped}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cluster_that_is_not_there_is_told_and_a_destroyed_version_is_read_by_nobody() {
    let world = World::start().await;
    let case = Case {
        sql: "SELECT area, count(*) AS persons FROM census GROUP BY area",
        access: access(),
        params: vec![],
    };
    let engine = Engine::new(Config::default()).unwrap();
    let gone = ClusterSettings {
        scheduler: free().to_string(),
        partitions: 2,
        tls: None,
    };
    let engine = engine.on_cluster(&gone, world.vault.clone()).unwrap();
    let checked = engine
        .check(case.sql, &case.access, world.tables(&engine), &[])
        .await
        .unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    let failed = prepared.execute(&[], date(2026, 1, 1)).await;
    assert!(
        matches!(failed, Err(ExecuteError::Cluster(_))),
        "{:?}",
        failed.map(|answer| answer.to_json())
    );

    let engine = world.engine(true);
    let checked = engine
        .check(case.sql, &case.access, world.tables(&engine), &[])
        .await
        .unwrap();
    let prepared = engine.prepare(checked).await.unwrap();
    assert!(prepared.execute(&[], date(2026, 1, 1)).await.is_ok());
    world
        .vault
        .destroy("v1", Timestamp::from_second(1_760_000_001).unwrap())
        .unwrap();
    assert!(prepared.execute(&[], date(2026, 1, 1)).await.is_err());
}
