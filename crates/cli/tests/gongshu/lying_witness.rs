//! Witnesses are down, slow or lie while calls are made: calls go on, and nothing becomes final by a lie.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use gongshu_ledger::witness::SIZE_CONTENT_TYPE;
use gongshu_ledger::{
    AddCheckpoint, Checkpoint, Cosigner, KeyName, NoteSigner, Policy, SignedCheckpoint, SignedNote, Suite,
    verify_checkpoint,
};
use serde_json::Value;

use crate::account::rounds;
use crate::burst::Burst;
use crate::served::{Client, Served};
use crate::witness::Witness;

/// How many replies of the lying witness are waited for.
const REPLIES: u64 = 12;
/// Longer than the log waits.
const SLOW: Duration = Duration::from_secs(7);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOKS_MAX: usize = 12_000;

/// What the witness replies, in turn; honestly after each, so that it is asked again soon.
#[derive(Debug, Clone, Copy)]
enum Lie {
    /// Its own signature, over another root of the same size.
    Equivocation,
    /// A signature of another key under its name.
    ForeignKey,
    /// Bytes that are no signature.
    Garbage,
    /// It has seen more than the log has.
    Ahead,
    /// It fails.
    Down,
    /// It replies too late.
    Slow,
}

const LIES: [Lie; 6] = [
    Lie::Equivocation,
    Lie::ForeignKey,
    Lie::Garbage,
    Lie::Ahead,
    Lie::Down,
    Lie::Slow,
];

struct Liar {
    key: Cosigner,
    replies: AtomicUsize,
    /// The lies of one that lies at every request.
    always: &'static [Lie],
}

impl Liar {
    fn signer(seed: u8) -> Cosigner {
        Cosigner::from_seed(
            Suite::International,
            KeyName::new("liar.example/w").unwrap(),
            &[seed; 32],
        )
        .unwrap()
    }

    /// Serves it; gives its address.
    async fn serve(self: &Arc<Self>) -> String {
        let service = Router::new()
            .route("/add-checkpoint", post(reply))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        format!("http://{address}")
    }

    fn lie(&self) -> Option<Lie> {
        let number = self.replies.fetch_add(1, Ordering::Relaxed);
        if !self.always.is_empty() {
            return Some(self.always[number % self.always.len()]);
        }
        number.is_multiple_of(2).then(|| LIES[number / 2 % LIES.len()])
    }
}

async fn reply(State(liar): State<Arc<Liar>>, body: String) -> Response {
    let asked = AddCheckpoint::parse(&body).unwrap().checkpoint;
    let cosign = |key: &Cosigner, note: &SignedNote| format!("{}\n", key.cosign(note, 1_800_000_000));
    match liar.lie() {
        None => cosign(&liar.key, asked.note()).into_response(),
        Some(Lie::Equivocation) => {
            let stated = asked.unverified();
            let forked =
                Checkpoint::new(stated.origin(), stated.size(), Suite::International.hash_leaf(b"fork")).unwrap();
            let signer =
                NoteSigner::from_seed(Suite::International, KeyName::new(stated.origin()).unwrap(), &[1; 32]).unwrap();
            cosign(&liar.key, &SignedNote::parse(&signer.sign(&forked)).unwrap()).into_response()
        }
        Some(Lie::ForeignKey) => cosign(&Liar::signer(9), asked.note()).into_response(),
        Some(Lie::Garbage) => "— liar.example/w AAAA\n".into_response(),
        Some(Lie::Ahead) => {
            let seen = format!("{}\n", asked.unverified().size() + 1_000_000);
            (StatusCode::CONFLICT, [(header::CONTENT_TYPE, SIZE_CONTENT_TYPE)], seen).into_response()
        }
        Some(Lie::Down) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Lie::Slow) => {
            tokio::time::sleep(SLOW).await;
            cosign(&liar.key, asked.note()).into_response()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_on_and_nothing_becomes_final_by_a_lie() {
    let (mut served, one, two) = witnessed_by_two();
    let liar = Arc::new(liar(&[]));
    let address = liar.serve().await;
    let policy = serve_with(&mut served, [&one, &two], &liar, &address);
    let burst = Burst::begin(&served, &[served.base.clone()]).await;
    let client = served.person("supervisor").await;
    let replies = usize::try_from(rounds(REPLIES)).unwrap();
    let mut told = 0;
    until(&client, |state| {
        told += usize::from(state["items"][2]["error"].is_string());
        liar.replies.load(Ordering::Relaxed) >= replies
    })
    .await;
    assert!(told > 0, "the portal shows that the witness is not believed");
    let size = published(&served, &policy).await;
    until(&client, |state| state["final_size"].as_u64() > Some(size)).await;
    published(&served, &policy).await;
    let tally = burst.settle(&mut served).await;
    println!("{replies} replies of a witness that lies, is slow or down: {tally}");
}

/// With one of two honest witnesses down, a liar does not make up the quorum.
#[tokio::test(flavor = "multi_thread")]
async fn a_liar_makes_up_no_quorum() {
    let (mut served, one, two) = witnessed_by_two();
    // All but the slow lie, so that it lies often.
    let liar = Arc::new(liar(&LIES[..5]));
    let address = liar.serve().await;
    let policy = serve_with(&mut served, [&one, &two], &liar, &address);
    let client = served.person("supervisor").await;
    until(&client, |state| state["final_size"] == state["size"]).await;
    let size = published(&served, &policy).await;
    drop(two);
    let burst = Burst::begin(&served, &[served.base.clone()]).await;
    let before = liar.replies.load(Ordering::Relaxed);
    let state = until(&client, |_| liar.replies.load(Ordering::Relaxed) >= before + 4).await;
    assert_eq!(published(&served, &policy).await, size, "{state}");
    let tally = burst.settle(&mut served).await;
    println!("one witness down, one lying: {tally}");
}

/// Nobody knows at the start whether a witness lies or entries are lost: the operator finds out, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn one_who_says_that_entries_are_lost_is_passed_over_by_name_only() {
    let (mut served, one, two) = witnessed_by_two();
    let liar = Arc::new(liar(&[Lie::Ahead]));
    write_policy(&served, [&one, &two], &liar, &liar.serve().await);
    let cases = [
        (&[][..], "--despite liar"),
        (&["--despite", "one"], "--despite liar"),
        (&["--despite", "nobody"], "the policy has no witness nobody"),
    ];
    for (options, what) in cases {
        let mut serve = Command::new(env!("CARGO_BIN_EXE_gongshu"));
        serve
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(served.data());
        let refused = serve.args(options).output().unwrap();
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && told.contains(what), "{told}");
    }
    served.restart_with(&["--despite", "liar"]);
    let client = served.person("supervisor").await;
    until(&client, |state| state["final_size"] == state["size"]).await;
}

/// A district that is not served yet, and two honest witnesses of it.
fn witnessed_by_two() -> (Served, Witness, Witness) {
    let mut served = Served::start();
    served.kill();
    let (log, folder) = (served.log_key(), served.data());
    let witness = |place: &str, name: &str| Witness::serve(&folder.join(place), name, &log, "127.0.0.1:0");
    let (one, two) = (witness("w1", "one.example/w"), witness("w2", "two.example/w"));
    (served, one, two)
}

fn liar(always: &'static [Lie]) -> Liar {
    Liar {
        key: Liar::signer(8),
        replies: AtomicUsize::new(0),
        always,
    }
}

/// Serves the district with two honest witnesses and the liar, of whom two must cosign.
fn serve_with(served: &mut Served, honest: [&Witness; 2], liar: &Liar, address: &str) -> Policy {
    let policy = write_policy(served, honest, liar, address);
    served.restart();
    policy
}

fn write_policy(served: &Served, honest: [&Witness; 2], liar: &Liar, address: &str) -> Policy {
    let text = format!(
        "witness one {} {}\nwitness two {} {}\nwitness liar {} {address}\ngroup all 2 one two liar\nquorum all\n",
        honest[0].key,
        honest[0].base,
        honest[1].key,
        honest[1].base,
        liar.key.verifier_key()
    );
    std::fs::write(served.data().join("witnesses.policy"), &text).unwrap();
    let policy = Policy::parse(text.as_bytes()).unwrap();
    policy.with_only_log(served.log_key()).unwrap()
}

/// The size of the published checkpoint, which the policy accepts.
async fn published(served: &Served, policy: &Policy) -> u64 {
    let reply = reqwest::get(format!("{}/checkpoint", served.log())).await.unwrap();
    let checkpoint = SignedCheckpoint::parse(&reply.text().await.unwrap()).unwrap();
    verify_checkpoint(&checkpoint, policy).unwrap();
    checkpoint.unverified().size()
}

/// Waits until the log's witnesses are as wanted.
async fn until(client: &Client, mut wanted: impl FnMut(&Value) -> bool) -> Value {
    let mut state = Value::Null;
    for _ in 0..LOOKS_MAX {
        state = client.get("log/witnesses").await.ok();
        if wanted(&state) {
            return state;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("the witnesses stay at {state}");
}
