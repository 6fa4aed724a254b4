//! A witness as another party runs it, asked by logs that are honest, hasty or forked.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use gongshu_ledger::{
    AddCheckpoint, Checkpoint, ConsistencyProof, Edge, Hash, KeyName, NoteSigner, SignedCheckpoint, Suite, VerifierKey,
    WitnessReply, read_reply,
};
use serde_json::Value;

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const ORIGIN: &str = "log.example/one";

/// A witness process; ended when it is dropped.
pub(crate) struct Witness {
    process: Child,
    pub(crate) base: String,
    pub(crate) key: VerifierKey,
}

impl Witness {
    fn start(folder: &Path) -> Self {
        Self::serve(folder, "w.example/one", &signer(1).verifier_key(), "127.0.0.1:0")
    }

    pub(crate) fn serve(folder: &Path, name: &str, log: &VerifierKey, listen: &str) -> Self {
        let mut process = command(folder, name, log, listen)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let key = lines.find_map(|line| line.split_once("key ").map(|(_, key)| key.trim().parse().unwrap()));
        let base = lines.find_map(|line| {
            line.split_once("http://")
                .map(|(_, address)| format!("http://{address}"))
        });
        Self {
            process,
            base: base.unwrap(),
            key: key.unwrap(),
        }
    }

    /// Status, content type and body of the reply.
    async fn ask(&self, body: String) -> (u16, String, String) {
        let url = format!("{}/add-checkpoint", self.base);
        let reply = reqwest::Client::new().post(url).body(body).send().await.unwrap();
        let status = reply.status().as_u16();
        let kind = reply.headers()["content-type"].to_str().unwrap().to_owned();
        (status, kind, reply.text().await.unwrap())
    }

    async fn status(&self, request: &AddCheckpoint) -> u16 {
        self.ask(request.to_string()).await.0
    }

    async fn shown(&self) -> Value {
        reqwest::get(&self.base).await.unwrap().json().await.unwrap()
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn command(folder: &Path, name: &str, log: &VerifierKey, listen: &str) -> Command {
    let mut command = Command::new(GONGSHU);
    command.args([
        "witness",
        "serve",
        "--listen",
        listen,
        "--name",
        name,
        "--log",
        &log.to_string(),
    ]);
    command.arg("--data").arg(folder);
    command
}

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::from_seed(Suite::International, KeyName::new(ORIGIN).unwrap(), &[seed; 32]).unwrap()
}

fn leaves(range: std::ops::Range<u64>) -> Vec<Hash> {
    range
        .map(|index| Suite::International.hash_leaf(format!("entry {index}").as_bytes()))
        .collect()
}

/// The request that takes a witness from `old` entries to `new`.
fn request(old: u64, new: u64) -> AddCheckpoint {
    let appended = Edge::new(Suite::International)
        .append(&leaves(0..old))
        .edge()
        .append(&leaves(old..new));
    AddCheckpoint {
        old_size: old,
        proof: appended.prove_consistency(),
        checkpoint: signed(&signer(1), ORIGIN, new, appended.root()),
    }
}

fn signed(signer: &NoteSigner, origin: &str, size: u64, root: Hash) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(origin, size, root).unwrap();
    SignedCheckpoint::parse(&signer.sign(&checkpoint)).unwrap()
}

fn with(mut request: AddCheckpoint, checkpoint: SignedCheckpoint) -> AddCheckpoint {
    request.checkpoint = checkpoint;
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_cosigns_growth_and_answers_all_else_as_specified() {
    let folder = tempfile::tempdir().unwrap();
    let mut witness = Witness::start(folder.path());
    let first = request(0, 5);
    let (status, kind, body) = witness.ask(first.to_string()).await;
    let reply = read_reply((status, &kind), &body, &first.checkpoint, &witness.key).unwrap();
    assert!(matches!(reply, WitnessReply::Cosigned { time_seconds, .. } if time_seconds > 1_700_000_000));
    assert_eq!(witness.status(&request(5, 5)).await, 200, "the same again");
    let (status, kind, body) = witness.ask(request(3, 9).to_string()).await;
    assert_eq!((status, kind.as_str(), body.as_str()), (409, "text/x.tlog.size", "5\n"));

    let root = Hash::from_bytes([7; 32]);
    assert_eq!(witness.status(&request(7, 5)).await, 400);
    assert_eq!(witness.ask("old 5\n".to_owned()).await.0, 400);
    assert_eq!(
        witness
            .status(&with(request(5, 9), signed(&signer(2), ORIGIN, 9, root)))
            .await,
        403
    );
    let elsewhere = signed(&signer(1), "log.example/two", 9, root);
    assert_eq!(witness.status(&with(request(5, 9), elsewhere)).await, 404);
    let mut short = request(5, 9);
    short.proof = ConsistencyProof::new(Vec::new());
    assert_eq!(witness.status(&short).await, 422);

    // What it has cosigned survives a kill.
    drop(witness);
    witness = Witness::start(folder.path());
    assert_eq!(witness.ask(request(0, 9).to_string()).await.2, "5\n");
    assert_eq!(witness.status(&request(5, 300)).await, 200);
    let log = signer(1).verifier_key();
    let twin = command(folder.path(), "w.example/one", &log, "127.0.0.1:0")
        .output()
        .unwrap();
    assert!(
        !twin.status.success(),
        "a second witness in the folder would not know of the first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forked_or_shrunken_log_is_refused_and_kept_as_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::start(folder.path());
    assert_eq!(witness.status(&request(0, 2)).await, 200);
    assert_eq!(witness.status(&request(2, 9)).await, 200);
    let fork = |size| signed(&signer(1), ORIGIN, size, Hash::from_bytes([7; 32]));
    assert_eq!(witness.status(&with(request(9, 9), fork(9))).await, 409);
    assert_eq!(witness.status(&with(request(9, 12), fork(12))).await, 422);
    assert_eq!(witness.status(&request(4, 4)).await, 409);
    assert_eq!(witness.status(&request(4, 4)).await, 409);
    assert_eq!(
        witness.status(&request(2, 2)).await,
        409,
        "cosigned once: only sent again"
    );
    let shown = witness.shown().await;
    assert_eq!(shown["logs"][0]["size"], 9);
    let counts = serde_json::json!({"fork": 1, "inconsistent": 1, "shrunk": 1});
    assert_eq!(shown["evidence"], counts, "each piece once");
    let kept = std::fs::read_dir(folder.path().join("evidence")).unwrap();
    let texts: Vec<String> = kept
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    let both_sides = |text: &String| text.matches(&format!("— {ORIGIN} ")).count() == 2;
    assert!(
        texts.len() == 3 && texts.iter().all(both_sides),
        "both sides, as the log signed them: {texts:?}"
    );
    assert_eq!(witness.status(&request(9, 12)).await, 200, "the true history goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_at_once_each_step_is_cosigned_once() {
    let folder = tempfile::tempdir().unwrap();
    let witness = std::sync::Arc::new(Witness::start(folder.path()));
    assert_eq!(witness.status(&request(0, 5)).await, 200);
    let asked = (6..22).map(|new| {
        let witness = witness.clone();
        tokio::spawn(async move { witness.status(&request(5, new)).await })
    });
    let asked: Vec<_> = asked.collect();
    let mut statuses = Vec::new();
    for reply in asked {
        statuses.push(reply.await.unwrap());
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 409)),
        "{statuses:?}"
    );
}
