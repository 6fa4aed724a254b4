//! Acts decided per second, and how long it takes to have the state of a million events: read and applied one by one, and
//! read as it was saved.
//!
//! The events are those of a district whose firms register, then give and withdraw consents.
//! `cargo bench --workspace --bench acts`; `GONGSHU_BENCH_EVENTS` sets how many events.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the small district is shared with the tests"
)]

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../tests/governance/altered.rs"]
mod altered;
#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../tests/governance/district.rs"]
mod district;
#[path = "../tests/governance/steps/mod.rs"]
mod steps;

use std::error::Error;
use std::time::{Duration, Instant};

use district::{District, PURPOSE, actor};
use gongshu_governance::border::Region;
use gongshu_governance::calendar::Term;
use gongshu_governance::consent::{GiveConsent, WithdrawConsent};
use gongshu_governance::identifier::{ConsentId, PartyId, ResourceId};
use gongshu_governance::party::{Party, RegisterParty, Role};
use gongshu_governance::{Command, Event, Moment, State, evolve};
use jiff::{Timestamp, civil::date};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const EVENTS: u64 = 1_000_000;
/// Of a firm: its registration, and its consents given and withdrawn.
const EVENTS_OF_FIRM: u64 = 25;
const DECIDING: Duration = Duration::from_secs(3);

fn main() -> Result<(), Box<dyn Error>> {
    let (acts, time) = decide();
    println!(
        "acts decided and applied, one after another  {:>10.0} /s",
        f64::from(acts) / time.as_secs_f64()
    );

    let events = std::env::var("GONGSHU_BENCH_EVENTS").ok();
    let events = events.and_then(|text| text.parse().ok()).unwrap_or(EVENTS);
    let stored: Vec<String> = (0..events)
        .map(|number| serde_json::to_string(&event(number)))
        .collect::<Result<_, _>>()?;
    let bytes: usize = stored.iter().map(String::len).sum();
    let (before, start) = (memory(), Instant::now());
    let state = rebuild(&stored)?;
    println!(
        "state of {events} events ({} MB as stored)     {:>10.3} s, {} MB for {} consents",
        bytes / 1_000_000,
        start.elapsed().as_secs_f64(),
        (memory() - before) / 1_000_000,
        state.consents.size(),
    );
    restore(&state, &stored)
}

/// Has the same state from its saved bytes.
fn restore(state: &State, stored: &[String]) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let saved = state.save()?;
    let saving = start.elapsed();
    let (before, start) = (memory(), Instant::now());
    let restored = State::restore(&saved)?;
    println!(
        "the same from its saved bytes ({} MB)         {:>10.3} s, {} MB; saved in {:.3} s",
        saved.len() / 1_000_000,
        start.elapsed().as_secs_f64(),
        (memory() - before) / 1_000_000,
        saving.as_secs_f64(),
    );
    let same = restored.sequence == stored.len() as u64
        && (
            restored.consents.size(),
            restored.parties.size(),
            restored.revisions.size(),
        ) == (state.consents.size(), state.parties.size(), state.revisions.size());
    if same {
        Ok(())
    } else {
        Err("the restored state is another".into())
    }
}

/// Firm after firm registers, gives a consent and withdraws it. How many acts that was, and how long it took.
fn decide() -> (u32, Duration) {
    let mut district = District::serving();
    let (mut acts, start) = (0, Instant::now());
    while start.elapsed() < DECIDING {
        let (firm, consent) = (format!("pty_{acts:026}"), ConsentId::new(format!("cns_{acts:026}")));
        let register = RegisterParty {
            party: party(PartyId::new(&firm), acts.into()),
            organization: false,
        };
        district.must("pty_agency", &Command::RegisterParty(register));
        let given = GiveConsent {
            resource: ResourceId::new("res_firms"),
            consumer: actor("pty_bank").party,
            term: Term {
                from: date(2026, 4, 1),
                until: date(2026, 6, 30),
            },
            ..given(consent.clone(), 0)
        };
        district.must(&firm, &Command::GiveConsent(Box::new(given)));
        district.must(&firm, &Command::WithdrawConsent(WithdrawConsent { consent }));
        acts += 3;
    }
    (acts, start.elapsed())
}

fn party(id: PartyId, firm: u64) -> Party {
    Party {
        id,
        role: Role::Subject,
        name: format!("深圳市第{firm}商贸有限公司"),
        code: Some(format!("9144030{firm:011}")),
        region: Region::Mainland,
    }
}

fn rebuild(stored: &[String]) -> Result<State, serde_json::Error> {
    let mut state = State::default();
    for (text, sequence) in stored.iter().zip(1..) {
        let event: Event = serde_json::from_str(text)?;
        let at = Timestamp::UNIX_EPOCH;
        evolve(&mut state, &event, Moment { sequence, at });
    }
    Ok(state)
}

fn event(number: u64) -> Event {
    let (firm, step) = (number / EVENTS_OF_FIRM, number % EVENTS_OF_FIRM);
    let party = PartyId::new(format!("pty_{firm:026}"));
    let code = format!("9144030{firm:011}");
    let consent = ConsentId::new(format!("cns_{firm:020}{:06}", step.div_ceil(2)));
    match step {
        0 => Event::PartyRegistered(self::party(party, firm)),
        odd if odd % 2 == 1 => Event::ConsentGiven {
            given: Box::new(given(consent, step)),
            subject: Some(party),
            code,
            proof_sha256: None,
        },
        _ => Event::ConsentWithdrawn {
            consent,
            received: None,
        },
    }
}

fn given(id: ConsentId, step: u64) -> GiveConsent {
    GiveConsent {
        id,
        consumer: PartyId::new(format!("pty_bank{:022}", step % 7)),
        purpose: PURPOSE.to_owned(),
        resource: ResourceId::new(format!("res_{:026}", step % 5)),
        fields: ["code", "name"].map(str::to_owned).into(),
        term: Term {
            from: date(2026, 1, 1),
            until: date(2026, 12, 31),
        },
    }
}

/// Resident bytes of this process.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4_096
}
