//! The store on SQLite and, where `GONGSHU_TEST_POSTGRES_URL` is set, on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail, and says what it skips"
)]

use gongshu_governance::Event;
use gongshu_governance::alert::{AlertEvent, AlertKind, RaisedAlert};
use gongshu_governance::deadline::Deadline;
use gongshu_governance::identifier::{AlertId, PartyId, ProductId, ScenarioId};
use gongshu_governance::product::Volume;
use gongshu_ledger::note::KeyName;
use gongshu_ledger::{Edge, NoteSigner, Suite};
use gongshu_store::{AccountRecord, Batch, CallRecord, EventRecord, MeterRecord, StampedRecord, Store, StoreError};
use jiff::Timestamp;

/// A batch of `count` entries on `edge`, signed, and the edge after it.
fn batch(edge: &Edge, count: u64) -> (Batch, Edge) {
    let suite = edge.suite();
    let signer = NoteSigner::from_seed(suite, KeyName::new("test.example/log").unwrap(), &[7; 32]).unwrap();
    let entries: Vec<Vec<u8>> = (0..count)
        .map(|number| format!("entry {}", edge.size() + number).into_bytes())
        .collect();
    let mut batch = Batch {
        entries,
        ..Batch::default()
    };
    let appended = batch.seal(edge, &signer).unwrap();
    let edge = appended.edge().clone();
    (batch, edge)
}

fn call(index: u64, dedupe: Option<&str>) -> CallRecord {
    CallRecord {
        index,
        id: format!("cal_{index}"),
        at: Timestamp::UNIX_EPOCH,
        decided_under: 3,
        consumer: "pty_bank".to_owned(),
        product: "prd_1".to_owned(),
        scenario: "scn_1".to_owned(),
        subscription: "sub_1".to_owned(),
        refused_by: String::new(),
        failure: String::new(),
        fee_fen: 180,
        split: "{}".to_owned(),
        volume: Volume {
            bytes: 70 + index,
            rows: 2,
        },
        private: "{}".to_owned(),
        dedupe: dedupe.map(str::to_owned),
        events: Vec::new(),
    }
}

async fn documents_are_kept_by_their_hash(store: &Store) {
    let (first, second) = ("a1".repeat(32), "b2".repeat(32));
    assert_eq!(store.document(&first).await.unwrap(), None);
    let both: [(&str, &[u8]); 2] = [(&first, b"%PDF"), (&second, &[0, 255])];
    store.put_documents(&both).await.unwrap();
    store.put_documents(&[(&first, b"others' bytes")]).await.unwrap();
    assert_eq!(store.document(&first).await.unwrap().as_deref(), Some(&b"%PDF"[..]));
    assert_eq!(store.document(&second).await.unwrap().as_deref(), Some(&[0, 255][..]));
}

async fn lived(url: &str, suite: Suite) {
    let store = Store::open(url).await.unwrap();
    assert_eq!(store.load().await.unwrap().size, 0);
    store.put_suite(suite).await.unwrap();
    let mut edge = Edge::new(suite);
    for count in [1, 255, 1, 300, 1_500] {
        let (batch, next) = batch(&edge, count);
        store.commit(&batch).await.unwrap();
        edge = next;
        let loaded = store.load().await.unwrap();
        assert_eq!(
            (loaded.size, loaded.edge.root()),
            (edge.size(), edge.root()),
            "the edge is rebuilt after {count}"
        );
    }
    stale_size_is_a_conflict(&store, &edge).await;
    let edge = calls_and_totals_come_back(&store, edge).await;
    repeated_key_writes_nothing(&store, &edge).await;
    accounts_and_sessions(&store).await;
    documents_are_kept_by_their_hash(&store).await;
    the_newest_final_checkpoint_is_kept(&store).await;
    of_each_hour_the_last_time_stamp_is_kept(&store).await;
    if store.is_shared() {
        servers_take_turns(&store, &Store::open(url).await.unwrap()).await;
    }
}

async fn servers_take_turns(one: &Store, other: &Store) {
    let loaded = one.load().await.unwrap();
    let (written, _) = batch(&loaded.edge, 3);
    let turn = one.turn().await.unwrap();
    assert_eq!(turn.size(), Some(loaded.size));
    let waiting = tokio::spawn({
        let other = other.clone();
        async move { other.turn().await.unwrap().size() }
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!waiting.is_finished(), "there is one turn");
    turn.commit(&written).await.unwrap();
    assert_eq!(
        waiting.await.unwrap(),
        Some(loaded.size + 3),
        "it begins after the commit"
    );
    let news = other.news(loaded.size, 0).await.unwrap();
    assert_eq!(
        (news.entries, news.checkpoint),
        (written.entries.clone(), written.checkpoint.clone())
    );
    // A turn given up leaves no trace, and one that does not know the newest entries writes nothing.
    drop(one.turn().await.unwrap());
    let turn = other.turn().await.unwrap();
    assert!(matches!(turn.commit(&written).await, Err(StoreError::Conflict)));
    assert_eq!(one.size().await.unwrap(), loaded.size + 3);
}

async fn stale_size_is_a_conflict(store: &Store, edge: &Edge) {
    let (stale, _) = batch(&Edge::new(edge.suite()), 1);
    assert!(matches!(store.commit(&stale).await, Err(StoreError::Conflict)));
    assert_eq!(store.load().await.unwrap().size, edge.size());
}

async fn calls_and_totals_come_back(store: &Store, edge: Edge) -> Edge {
    let (mut batch, next) = batch(&edge, 100);
    let first = batch.size_before;
    batch.calls = (first..first + 100)
        .map(|index| call(index, (index == first).then_some("key")))
        .collect();
    batch.calls[7].events = vec![raised(4), raised(5)];
    batch.meters = vec![MeterRecord {
        key: "sub_1".to_owned(),
        calls: 100,
        fen: 18_000,
    }];
    store.commit(&batch).await.unwrap();
    let read = store.calls(first, 1_000).await.unwrap();
    assert_eq!(read.len(), 100);
    assert_eq!(read[5], call(first + 5, None));
    assert_eq!(read[1..], batch.calls[1..], "with the events of one of them");
    assert_eq!(store.call(first + 7).await.unwrap().as_ref(), Some(&read[7]));
    let loaded = store.load().await.unwrap().events;
    let of_call = [4, 5].map(|sequence| (raised(sequence), Timestamp::UNIX_EPOCH));
    assert_eq!(loaded, of_call);
    let stream = raised(4).event.stream().to_owned();
    assert_eq!(
        store.acts_on(&stream).await.unwrap(),
        [(first + 7, Timestamp::UNIX_EPOCH)]
    );
    assert_eq!(store.call_by_dedupe("key").await.unwrap().unwrap().index, first);
    assert!(store.call_by_dedupe("other").await.unwrap().is_none());
    assert_eq!(store.load().await.unwrap().meters, batch.meters);
    let past = ["person_1", "person_2"].map(str::to_owned);
    let (mut further, next) = self::batch(&next, 1);
    further.meters = past
        .iter()
        .map(|key| MeterRecord {
            key: key.clone(),
            calls: 1,
            fen: 0,
        })
        .collect();
    store.commit(&further).await.unwrap();
    assert_eq!(store.load().await.unwrap().meters.len(), 3);
    store.forget_meters(&past).await.unwrap();
    store.forget_meters(&past).await.unwrap();
    assert_eq!(store.load().await.unwrap().meters, batch.meters);
    next
}

/// An event of a call: that an alert is raised.
fn raised(sequence: u64) -> EventRecord {
    let day = jiff::civil::date(2026, 4, 1);
    let deadline = Deadline {
        from: day,
        working_days: 3,
        due: day,
        provisional: false,
    };
    let raised = RaisedAlert {
        id: AlertId::new(format!("alr_{sequence}")),
        kind: AlertKind::Refusals,
        party: PartyId::new("pty_bank"),
        product: Some(ProductId::new("prd_1")),
        scenario: ScenarioId::new("scn_1"),
        day,
        figure: 50,
        bound: 50,
        deadline,
    };
    EventRecord {
        sequence,
        revision: 1,
        event: Event::Alert(AlertEvent::Raised(Box::new(raised))),
    }
}

async fn repeated_key_writes_nothing(store: &Store, edge: &Edge) {
    let (mut batch, _) = batch(edge, 1);
    batch.calls = vec![call(batch.size_before, Some("key"))];
    assert!(matches!(store.commit(&batch).await, Err(StoreError::Conflict)));
    assert_eq!(store.load().await.unwrap().size, edge.size());
    assert!(store.call(batch.size_before).await.unwrap().is_none());
}

async fn accounts_and_sessions(store: &Store) {
    let account = AccountRecord {
        person: "psn_1".to_owned(),
        party: "pty_1".to_owned(),
        login: "clerk".to_owned(),
        name: "科员".to_owned(),
        password_hash: "hash".to_owned(),
    };
    store.put_account(&account).await.unwrap();
    assert_eq!(store.account_by_login("clerk").await.unwrap(), Some(account.clone()));
    let other = AccountRecord {
        person: "psn_2".to_owned(),
        ..account
    };
    assert!(matches!(store.put_account(&other).await, Err(StoreError::LoginTaken(login)) if login == "clerk"));
    let (now, later): (Timestamp, Timestamp) = (
        "2026-01-01T00:00:00Z".parse().unwrap(),
        "2026-01-02T00:00:00Z".parse().unwrap(),
    );
    store.put_session("s", b"data", later).await.unwrap();
    assert_eq!(store.session("s", now).await.unwrap(), Some(b"data".to_vec()));
    assert_eq!(store.session("s", later).await.unwrap(), None);
    assert_eq!(store.delete_expired_sessions(later).await.unwrap(), 1);
}

async fn the_newest_final_checkpoint_is_kept(store: &Store) {
    assert_eq!(store.newest_final().await.unwrap(), None);
    for (size, checkpoint) in [(5, "five"), (9, "nine"), (9, "nine, and another cosignature")] {
        store.put_final(size, checkpoint).await.unwrap();
        let kept = store.newest_final().await.unwrap();
        assert_eq!(kept, Some((size, checkpoint.to_owned())));
    }
}

async fn of_each_hour_the_last_time_stamp_is_kept(store: &Store) {
    let stamped = |size: u64, at: &str| StampedRecord {
        size,
        at: at.parse().unwrap(),
        checkpoint: format!("checkpoint {size}"),
        reply: vec![1, 2, 3],
    };
    let times = ["01:10:00Z", "01:20:00Z", "02:10:00Z", "02:20:00.5Z"].map(|time| format!("2026-11-25T{time}"));
    for (size, at) in (20..).zip(&times) {
        store.put_time_stamp(&stamped(size, at)).await.unwrap();
        store.put_final(size, "with one more cosignature").await.unwrap();
    }
    let kept: Vec<u64> = store
        .time_stamps(10)
        .await
        .unwrap()
        .iter()
        .map(|(size, _)| *size)
        .collect();
    assert_eq!(kept, [23, 21]);
    let found = store.time_stamp(21).await.unwrap();
    assert_eq!(found, Some(stamped(21, &times[1])), "as it was stamped");
    assert_eq!(store.time_stamp(22).await.unwrap(), None);
    store
        .put_time_stamp(&stamped(23, "2026-11-25T02:30:00Z"))
        .await
        .unwrap();
    let found = store.time_stamp(23).await.unwrap();
    assert_eq!(found, Some(stamped(23, &times[3])), "the earlier one says more");
}

#[tokio::test]
async fn a_store_is_lived_in_on_sqlite_under_both_suites() {
    for suite in Suite::ALL {
        let folder = tempfile::tempdir().unwrap();
        lived(&format!("sqlite://{}/store.db", folder.path().display()), suite).await;
    }
}

#[tokio::test]
async fn the_suite_is_fixed_with_the_first_entry() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let store = Store::open(&url("store")).await.unwrap();
    assert_eq!(store.suite().await.unwrap(), Suite::International);
    store.put_suite(Suite::ShangMi).await.unwrap();
    let (written, edge) = batch(&Edge::new(Suite::ShangMi), 300);
    store.commit(&written).await.unwrap();
    let refused = store.put_suite(Suite::International).await;
    assert!(matches!(
        refused,
        Err(StoreError::Suite {
            found: Suite::ShangMi,
            ..
        })
    ));
    store.put_suite(Suite::ShangMi).await.unwrap();

    let copy = Store::open(&url("copy")).await.unwrap();
    let copied = store.copy_into(&copy, None).await.unwrap();
    copy.put_head(copied.size, &copied.checkpoint, &[]).await.unwrap();
    assert_eq!(copy.suite().await.unwrap(), Suite::ShangMi);
    assert_eq!(copy.load().await.unwrap().edge, edge);
}

#[tokio::test]
async fn a_store_is_lived_in_on_postgresql() {
    match std::env::var("GONGSHU_TEST_POSTGRES_URL") {
        Ok(url) => lived(&url, Suite::ShangMi).await,
        Err(_) => eprintln!("GONGSHU_TEST_POSTGRES_URL is not set: PostgreSQL was NOT tested"),
    }
}

#[tokio::test]
async fn an_altered_entry_is_found_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/store.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    let (mut batch, _) = batch(&Edge::new(Suite::International), 10);
    batch.entries[4] = b"another".to_vec();
    store.commit(&batch).await.unwrap();
    assert!(matches!(store.load().await, Err(StoreError::Corrupt(_))));
}
