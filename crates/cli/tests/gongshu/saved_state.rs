//! A start from a saved state is a start from all events; what does not fit is left aside.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gongshu_app::governance::border::Region;
use gongshu_app::governance::calendar::Term;
use gongshu_app::governance::consent::GiveConsent;
use gongshu_app::governance::identifier::{ConsentId, PartyId, ResourceId};
use gongshu_app::governance::party::{Party, RegisterParty, Role};
use gongshu_app::governance::{Actor, Command, Event};
use gongshu_app::ledger::note::KeyName;
use gongshu_app::ledger::{NoteSigner, Suite};
use gongshu_app::store::{ActRecord, Batch, EventRecord, Store};
use gongshu_app::vault::{Cipher, FileKeyService, VERSION_BYTES_MAX, VaultPlace};
use gongshu_app::{District, Entropy, Keeping, Opening, SystemClock};
use jiff::Timestamp;
use jiff::civil::date;

const NATIONAL: &str = include_str!("../../../../rules/national.toml");
const CALENDAR: &str = include_str!("../../../../rules/calendar.toml");
const BATCH_ACTS: u64 = 2_048;
/// Of a firm: its registration, and its consents.
const EVENTS_OF_FIRM: u64 = 25;
const SAVED_WITHIN: Duration = Duration::from_secs(120);

fn signer(seed: u8) -> NoteSigner {
    let name = KeyName::new("gongshu.example/saved").unwrap();
    NoteSigner::from_seed(Suite::International, name, &[seed; 32]).unwrap()
}

async fn open(folder: &Path, events: u64) -> District {
    let keys = FileKeyService::open_or_create(&folder.join("master.key"), Cipher::Aes256Gcm, &mut rand::rng());
    let opening = Opening {
        name: "示范区".to_owned(),
        store_url: store_url(folder),
        vault: VaultPlace::Folder(folder.join("vault")),
        version_bytes_max: VERSION_BYTES_MAX,
        site_lock: folder.join("vault.lock"),
        saved_state: Some(Keeping {
            path: folder.join("state.saved"),
            events,
        }),
        keys: Arc::new(keys.unwrap()),
        packs: vec![NATIONAL.to_owned(), CALENDAR.to_owned()],
        signer: signer(7),
        clock: Arc::new(SystemClock),
        entropy: Entropy::from_seed(1),
        cluster: None,
        address: None,
        engine: gongshu_app::engine::Config::default(),
    };
    District::open(opening).await.unwrap()
}

fn store_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("district.db").display())
}

async fn register(district: &District, number: usize) {
    let agency = PartyId::new("pty_agency");
    let party = match number {
        0 => party(agency.clone(), Role::Agency, 0),
        number => party(PartyId::new(format!("pty_{number}")), Role::Subject, number),
    };
    let actor = Actor {
        party: agency,
        person: None,
    };
    let command = RegisterParty {
        party,
        organization: false,
    };
    district
        .act(actor, Command::RegisterParty(command), None)
        .await
        .unwrap();
}

fn party(id: PartyId, role: Role, number: usize) -> Party {
    Party {
        id,
        role,
        name: format!("第{number}家"),
        code: Some(format!("9144030{number:011}")),
        region: Region::Mainland,
    }
}

/// Parties and revisions, in order.
fn seen(district: &District) -> Vec<String> {
    let snapshot = district.snapshot();
    let state = &snapshot.state;
    let parties = state.parties.values().map(|party| format!("{party:?}"));
    let consents = state.consents.values().map(|consent| format!("{consent:?}"));
    let revisions = state.revisions.iter().map(|revision| format!("{revision:?}"));
    let mut seen: Vec<String> = parties.chain(consents).chain(revisions).collect();
    seen.sort();
    seen.push(state.sequence.to_string());
    seen
}

/// Waits until a file names a log of this size.
async fn saved(file: &Path, size: u64) {
    let begun = Instant::now();
    let says = || {
        let bytes = fs::read(file).ok()?;
        let line = bytes.split(|byte| *byte == b'\n').nth(2)?;
        std::str::from_utf8(line).ok()?.parse::<u64>().ok()
    };
    while says() != Some(size) {
        assert!(begun.elapsed() < SAVED_WITHIN, "no state of {size} entries is saved");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_from_a_saved_state_is_a_start_from_all_events() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.saved");
    let district = open(folder.path(), 3).await;
    for number in 0..3 {
        register(&district, number).await;
    }
    saved(&file, 3).await;
    // Two more that are not in it.
    for number in 3..5 {
        register(&district, number).await;
    }
    let before = seen(&district);
    drop(district);

    let district = open(folder.path(), 3).await;
    assert_eq!((district.saved_events(), seen(&district)), (Some(3), before.clone()));
    register(&district, 5).await;
    saved(&file, 6).await;
    let before = seen(&district);
    drop(district);

    let good = fs::read(&file).unwrap();
    for (what, bytes) in unfit(&good) {
        fs::write(&file, bytes).unwrap();
        let district = open(folder.path(), 1_000).await;
        assert_eq!(
            (district.saved_events(), seen(&district)),
            (None, before.clone()),
            "{what}"
        );
    }
    fs::write(&file, &good).unwrap();
    fs::write(folder.path().join("state.1.new"), "half").unwrap();
    let district = open(folder.path(), 1_000).await;
    assert_eq!((district.saved_events(), seen(&district)), (Some(6), before));
    assert!(!folder.path().join("state.1.new").exists());
}

/// Files that are not of use: damaged, cut, of other sources, of another log, of more entries than there are.
fn unfit(good: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let lines: Vec<&[u8]> = good.splitn(6, |byte| *byte == b'\n').collect();
    let with = |number: usize, line: &[u8]| {
        let mut lines = lines.clone();
        lines[number] = line;
        lines.join(&b'\n')
    };
    let mut damaged = lines[5].to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let other = "A".repeat(lines[3].len());
    vec![
        ("damaged", with(5, &damaged)),
        ("cut", good[..good.len() - 9].to_vec()),
        ("nothing", Vec::new()),
        ("only a head", good[..20].to_vec()),
        ("other sources", with(1, b"0123456789abcdef")),
        ("another log", with(3, other.as_bytes())),
        ("fewer entries", with(2, b"5")),
        ("more entries", with(2, b"99")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_state_of_another_district_is_left_aside() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (folder, number) in [(&one, 1), (&other, 2)] {
        let district = open(folder.path(), 2).await;
        register(&district, 0).await;
        register(&district, number).await;
        saved(&folder.path().join("state.saved"), 2).await;
    }
    fs::copy(one.path().join("state.saved"), other.path().join("state.saved")).unwrap();
    let district = open(other.path(), 2).await;
    assert_eq!(district.saved_events(), None);
    let snapshot = district.snapshot();
    assert!(snapshot.state.parties.contains_key(&PartyId::new("pty_2")));
    assert!(!snapshot.state.parties.contains_key(&PartyId::new("pty_1")));
}

/// The whole start of a district with many events, with and without a saved state. `GONGSHU_START_EVENTS` says how many.
#[tokio::test(flavor = "multi_thread")]
async fn many_events_are_opened_from_a_saved_state() {
    let events = std::env::var("GONGSHU_START_EVENTS").ok();
    let events: u64 = events.map_or(5_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), events).await;
    let begun = Instant::now();
    let district = open(folder.path(), 1_000).await;
    let all = begun.elapsed();
    let (acts, before) = (district.head().edge.size(), district.snapshot().state.consents.size());
    saved(&folder.path().join("state.saved"), acts).await;
    drop(district);
    let begun = Instant::now();
    let district = open(folder.path(), 1_000).await;
    let quick = begun.elapsed();
    assert_eq!(district.saved_events(), Some(events));
    assert_eq!(district.snapshot().state.consents.size(), before);
    println!(
        "a district of {events} events is open in {:.3} s by applying them, in {:.3} s from its saved state",
        all.as_secs_f64(),
        quick.as_secs_f64()
    );
}

/// Puts events into a store: firms that register and give consents.
async fn fill(folder: &Path, events: u64) {
    let store = Store::open(&store_url(folder)).await.unwrap();
    store.put_suite(Suite::International).await.unwrap();
    let (mut edge, signer) = (store.load().await.unwrap().edge, signer(7));
    for first in (0..events).step_by(usize::try_from(BATCH_ACTS).unwrap()) {
        let numbers = first..events.min(first + BATCH_ACTS);
        let mut batch = Batch {
            entries: numbers.clone().map(|number| number.to_string().into_bytes()).collect(),
            acts: numbers.map(act).collect(),
            ..Batch::default()
        };
        edge = batch.seal(&edge, &signer).unwrap().into_edge();
        store.commit(&batch).await.unwrap();
    }
    store.close().await;
}

fn act(number: u64) -> ActRecord {
    let firm = usize::try_from(number / EVENTS_OF_FIRM).unwrap();
    let id = PartyId::new(format!("pty_{firm:026}"));
    let event = match number % EVENTS_OF_FIRM {
        0 => Event::PartyRegistered(party(id.clone(), Role::Subject, firm)),
        step => Event::ConsentGiven {
            given: Box::new(GiveConsent {
                id: ConsentId::new(format!("cns_{number:026}")),
                consumer: PartyId::new(format!("pty_bank{:022}", step % 7)),
                purpose: "信贷审核".to_owned(),
                resource: ResourceId::new(format!("res_{:026}", step % 5)),
                fields: ["code", "name"].map(str::to_owned).into(),
                term: Term {
                    from: date(2026, 1, 1),
                    until: date(2026, 12, 31),
                },
            }),
            subject: Some(id.clone()),
            code: format!("9144030{firm:011}"),
            proof_sha256: None,
        },
    };
    ActRecord {
        index: number,
        act: "consent.give".to_owned(),
        actor: Actor {
            party: id,
            person: None,
        },
        at: Timestamp::UNIX_EPOCH,
        command: "{}".to_owned(),
        rules_hash: String::new(),
        salt: "00".repeat(16),
        events: vec![EventRecord {
            sequence: number + 1,
            revision: 1,
            event,
        }],
    }
}
