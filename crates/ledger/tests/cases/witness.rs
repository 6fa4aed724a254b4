//! What a witness cosigns, what it refuses and how, and what a log reads out of its replies.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{ORIGIN, cosigner, empty_root, leaves, log_key, signer, stored_log};
use crate::SUITE;
use gongshu_ledger::witness::{PROOF_LINES_MAX, SIZE_CONTENT_TYPE};
use gongshu_ledger::{
    AddCheckpoint, Checkpoint, ConsistencyProof, Cosigner, Edge, Hash, Prover, SignedCheckpoint, SignedNote, Suspicion,
    WatchList, WitnessReply, read_reply,
};
use proptest::prelude::*;

fn checkpoint(size: u64) -> Checkpoint {
    let appended = Edge::new(SUITE).append(&leaves(size));
    Checkpoint::new(ORIGIN, appended.size(), appended.root()).unwrap()
}

/// A checkpoint of a history that this log never had.
fn forked(size: u64) -> Checkpoint {
    Checkpoint::new(ORIGIN, size, Hash::from_bytes([9; 32])).unwrap()
}

fn request(old_size: u64, next: &Checkpoint) -> AddCheckpoint {
    let (edge, tiles) = stored_log(next.size(), 700);
    let proof = Prover::new(&tiles, SUITE, edge.size()).consistency(old_size.min(next.size()));
    AddCheckpoint {
        old_size,
        proof: proof.unwrap(),
        checkpoint: SignedCheckpoint::parse(&signer().sign(next)).unwrap(),
    }
}

fn watch_list() -> WatchList {
    let mut list = WatchList::default();
    list.watch(ORIGIN, signer().verifier_key()).unwrap();
    list
}

/// Status, code and suspicion of a request to a witness that has cosigned `last`.
fn decided(last: Option<&Checkpoint>, request: AddCheckpoint) -> (u16, &'static str, Option<Suspicion>) {
    let vouched = match watch_list().vouch(request) {
        Ok(vouched) => vouched,
        Err(refusal) => return (refusal.status(), refusal.code(), None),
    };
    match vouched.check(last) {
        Ok(()) => (200, "ok", None),
        Err(refusal) => {
            let suspicion = last.and_then(|last| vouched.suspicion(last, None, &refusal));
            (refusal.status(), refusal.code(), suspicion)
        }
    }
}

fn witness() -> Cosigner {
    cosigner("witness.example/w", 2)
}

#[test]
fn what_continues_the_last_checkpoint_is_cosigned() {
    assert_eq!(decided(None, request(0, &checkpoint(0))).0, 200);
    assert_eq!(decided(None, request(0, &checkpoint(5))).0, 200);
    for (old, new) in [(5, 5), (5, 9), (256, 257), (300, 1_000)] {
        assert_eq!(
            decided(Some(&checkpoint(old)), request(old, &checkpoint(new))).0,
            200,
            "{old} {new}"
        );
    }
}

#[test]
fn each_refusal_has_the_status_of_the_specification() {
    let last = checkpoint(5);
    let last = Some(&last);
    assert_eq!(
        decided(last, request(4, &checkpoint(9))),
        (409, "witness.other-size", None)
    );
    assert_eq!(
        decided(None, request(4, &checkpoint(9))),
        (409, "witness.other-size", None)
    );
    assert_eq!(
        decided(last, request(9, &checkpoint(7))),
        (400, "witness.backwards", None)
    );
    let mut stranger = request(5, &checkpoint(9));
    let key = log_key(ORIGIN, 8);
    stranger.checkpoint = SignedCheckpoint::parse(&key.sign(&checkpoint(9))).unwrap();
    assert_eq!(decided(last, stranger), (403, "witness.not-vouched", None));
    let mut other = request(5, &checkpoint(9));
    let elsewhere = Checkpoint::new("elsewhere.example/log", 9, empty_root()).unwrap();
    other.checkpoint = SignedCheckpoint::parse(&signer().sign(&elsewhere)).unwrap();
    assert_eq!(decided(last, other), (404, "witness.unknown-log", None));
    let mut needless = request(0, &checkpoint(9));
    needless.proof = ConsistencyProof::new(vec![empty_root()]);
    assert_eq!(decided(None, needless).0, 422);
}

#[test]
fn a_log_that_forks_or_shrinks_is_suspected() {
    let last = checkpoint(5);
    let last = Some(&last);
    let fork = |old| {
        let mut fork = request(old, &checkpoint(5));
        fork.checkpoint = SignedCheckpoint::parse(&signer().sign(&forked(5))).unwrap();
        fork
    };
    assert_eq!(decided(last, fork(5)), (409, "witness.fork", Some(Suspicion::Fork)));
    assert_eq!(
        decided(last, fork(0)),
        (409, "witness.other-size", Some(Suspicion::Fork))
    );
    assert_eq!(
        decided(last, request(3, &checkpoint(3))),
        (409, "witness.other-size", Some(Suspicion::Shrunk))
    );
    assert_eq!(
        decided(last, request(5, &checkpoint(3))),
        (400, "witness.backwards", Some(Suspicion::Shrunk))
    );
    let mut rewritten = request(5, &checkpoint(9));
    rewritten.checkpoint = SignedCheckpoint::parse(&signer().sign(&forked(9))).unwrap();
    let suspected = (422, "witness.inconsistent", Some(Suspicion::Inconsistent));
    assert_eq!(decided(last, rewritten), suspected);
}

#[test]
fn an_old_checkpoint_sent_again_is_no_suspicion_and_a_forged_one_is() {
    let suspicion = |checkpoint: &Checkpoint| {
        let mut request = request(3, &self::checkpoint(3));
        request.checkpoint = SignedCheckpoint::parse(&signer().sign(checkpoint)).unwrap();
        let vouched = watch_list().vouch(request).unwrap();
        let refusal = vouched.check(Some(&self::checkpoint(5))).unwrap_err();
        vouched.suspicion(&self::checkpoint(5), Some(self::checkpoint(3).root()), &refusal)
    };
    assert_eq!(suspicion(&checkpoint(3)), None);
    assert_eq!(suspicion(&forked(3)), Some(Suspicion::Fork));
}

#[test]
fn a_witnesses_key_is_no_log_key() {
    let refused = WatchList::default().watch(ORIGIN, witness().verifier_key());
    assert_eq!(refused.unwrap_err().code(), "policy.unsuitable-key");
}

/// The example of C2SP tlog-witness, whose keys are not published.
const EXAMPLE: &str = "old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
";

#[test]
fn the_specifications_request_is_read() {
    let request = AddCheckpoint::parse(EXAMPLE).unwrap();
    assert_eq!((request.old_size, request.proof.hashes().len()), (20_852_014, 4));
    assert_eq!(request.checkpoint.unverified().size(), 20_852_163);
    assert_eq!(request.to_string(), EXAMPLE);
}

#[test]
fn a_malformed_request_is_told_by_its_line() {
    let line = |text: &str| AddCheckpoint::parse(text).unwrap_err().line();
    assert_eq!(line(""), 1);
    assert_eq!(line(&EXAMPLE.replace("old 2", "old 02")), 1);
    assert_eq!(line(&EXAMPLE.replace("old ", "old  ")), 1);
    assert_eq!(line(&EXAMPLE.replace("5+pK", "5+p")), 4);
    assert_eq!(line(&EXAMPLE.replace("\n\nexample", "\nexample")), 6);
    assert_eq!(line(&EXAMPLE.replace("\n20852163", "\nx20852163")), 8);
    assert_eq!(line(EXAMPLE.trim_end()), 12);
    let hashes = format!("{}\n", empty_root().to_base64()).repeat(PROOF_LINES_MAX + 1);
    assert_eq!(line(&format!("old 1\n{hashes}\n")), PROOF_LINES_MAX + 2);
}

#[test]
fn a_log_reads_the_cosignature_out_of_the_reply() {
    let signed = SignedCheckpoint::parse(&signer().sign(&checkpoint(9))).unwrap();
    let (ours, key) = (witness().cosign(signed.note(), 1_795_000_000), witness().verifier_key());
    let other = cosigner("other.example/w", 3);
    let theirs = other.cosign(signed.note(), 1_795_000_000);
    let code = |reply: (u16, &str), body: &str| {
        read_reply(reply, body, &signed, &key).map_or_else(|error| error.code(), |_| "ok")
    };
    let reply = read_reply((200, "text/plain"), &format!("{theirs}\n{ours}\n"), &signed, &key).unwrap();
    let expected = WitnessReply::Cosigned {
        signature: ours.clone(),
        time_seconds: 1_795_000_000,
    };
    assert_eq!(reply, expected);
    assert_eq!(code((200, ""), &format!("{theirs}\n")), "witness-reply.signature");
    let stale = witness().cosign(
        &SignedNote::new(checkpoint(8).to_text(), Vec::new()).unwrap(),
        1_795_000_000,
    );
    assert_eq!(code((200, ""), &format!("{stale}\n")), "witness-reply.signature");
    assert_eq!(code((200, ""), &ours.to_string()), "witness-reply.lines");
    assert_eq!(code((200, ""), ""), "witness-reply.lines");
    let at = |body: &str| read_reply((409, SIZE_CONTENT_TYPE), body, &signed, &key);
    assert_eq!(at("7\n").unwrap(), WitnessReply::At { size: 7 });
    for body in ["7", "07\n", "\n", "-1\n", "7\n\n"] {
        assert_eq!(at(body).unwrap_err().code(), "witness-reply.size", "{body:?}");
    }
    assert_eq!(code((409, "text/plain"), "7\n"), "witness-reply.refused");
    assert_eq!(code((404, "text/plain"), "no such log"), "witness-reply.refused");
}

proptest! {
    #[test]
    fn requests_round_trip(old in any::<u64>(), hashes in prop::collection::vec(any::<[u8; 32]>(), 0..PROOF_LINES_MAX)) {
        let mut request = request(0, &checkpoint(3));
        request.old_size = old;
        request.proof = ConsistencyProof::new(hashes.into_iter().map(Hash::from_bytes).collect());
        prop_assert_eq!(AddCheckpoint::parse(&request.to_string()).unwrap(), request);
    }

    #[test]
    fn any_text_is_a_request_or_an_error(text in "(old [0-9]{0,3}\n)?([A-Za-z/=]{0,44}\n){0,3}\n?.*") {
        let _ = AddCheckpoint::parse(&text);
    }

    #[test]
    fn any_changed_byte_is_noticed_or_means_the_same(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let good = request(5, &checkpoint(9)).to_string();
        let mut bytes = good.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(request) = AddCheckpoint::parse(&text) {
            prop_assert_eq!(request.to_string(), text.clone());
            prop_assert!(text == good || decided(Some(&checkpoint(5)), request).0 != 200);
        }
    }

    #[test]
    fn any_reply_is_read_or_refused(status in any::<u16>(), body in any::<String>(), size in any::<bool>()) {
        let signed = SignedCheckpoint::parse(&signer().sign(&checkpoint(1))).unwrap();
        let content_type = if size { SIZE_CONTENT_TYPE } else { "text/plain" };
        let _ = read_reply((status, content_type), &body, &signed, &witness().verifier_key());
        let _ = read_reply((200, content_type), &format!("— witness.example/w {body}\n"), &signed, &witness().verifier_key());
    }
}
