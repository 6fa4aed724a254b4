//! Signed notes, keys, checkpoints and cosignatures.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use super::common::{cosigner, empty_root, log_key, signer};
use gongshu_ledger::{
    Checkpoint, Cosigner, Hash, KeyError, KeyName, NoteError, NoteSignature, NoteSigner, SignedCheckpoint, SignedNote,
    Suite, VerifierKey,
};
use proptest::prelude::*;

/// The example of golang.org/x/mod/sumdb/note.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER_TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

/// The example of C2SP tlog-cosignature, whose keys are not published.
const SOFA: &str = "example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
";

fn peter() -> VerifierKey {
    PETER.parse().unwrap()
}

fn peter_note() -> String {
    format!("{PETER_TEXT}\n{PETER_LINE}\n")
}

#[test]
fn the_published_note_verifies() {
    let note = SignedNote::parse(&peter_note()).unwrap();
    assert_eq!(note.text(), PETER_TEXT);
    assert_eq!(note.verify(&[peter()]).unwrap()[0].name.as_str(), "PeterNeumann");
    assert_eq!(note.to_string(), peter_note());
}

#[test]
fn the_published_key_signs_the_published_note() {
    let signer = NoteSigner::from_secret_text(PETER_SECRET).unwrap();
    assert_eq!(signer.sign_text(PETER_TEXT).to_string(), PETER_LINE);
    assert_eq!(signer.verifier_key(), peter());
    assert_eq!(signer.to_secret_text(), PETER_SECRET);
}

/// RFC 8032, section 7.1, test 1: seed and public key.
#[test]
fn a_seed_grows_into_the_key_of_the_rfc() {
    let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
    let signer = NoteSigner::from_seed(
        Suite::International,
        KeyName::new("rfc").unwrap(),
        &seed.try_into().unwrap(),
    )
    .unwrap();
    let public = hex::decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").unwrap();
    let text = signer.verifier_key().to_string();
    let base64 = text.splitn(3, '+').nth(2).unwrap();
    let expected = NoteSignature::parse(&format!("— x {base64}")).unwrap();
    assert_eq!(
        [&expected.key_id().to_be_bytes()[1..], expected.bytes()].concat(),
        public
    );
}

#[test]
fn mangled_keys_are_refused() {
    assert_eq!(peter().to_string(), PETER);
    for cut in 1..PETER.len() {
        assert!(PETER[cut..].parse::<VerifierKey>().is_err());
        assert!(PETER[..cut].parse::<VerifierKey>().is_err());
    }
    let unknown = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(unknown.parse::<VerifierKey>(), Err(KeyError::Algorithm));
    let long = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==";
    assert!(long.parse::<VerifierKey>().is_err());
    assert_eq!(
        PETER.replace("c74f20a3", "C74F20A3").parse::<VerifierKey>(),
        Err(KeyError::Form)
    );
    assert_eq!(
        PETER.replace("c74f20a3", "c74f20a4").parse::<VerifierKey>(),
        Err(KeyError::Id)
    );
    assert_eq!(
        PETER.replace("Peter", "Peter ").parse::<VerifierKey>(),
        Err(KeyError::Name)
    );
}

#[test]
fn secrets_stay_out_of_debug() {
    let signer = NoteSigner::from_secret_text(PETER_SECRET).unwrap();
    assert_eq!(format!("{signer:?}"), format!("NoteSigner({PETER})"));
}

#[test]
fn malformed_notes_are_refused_with_their_line() {
    let check = |note: &str, line: usize| {
        let said = SignedNote::parse(note).unwrap_err().to_string();
        assert!(said.starts_with(&format!("line {line}: ")), "{note:?}: {said}");
    };
    check("", 1);
    check("text\n", 2);
    check("text\n\n", 3);
    check(&format!("text\n\n{PETER_LINE}"), 3);
    check(&format!("text\n\n{PETER_LINE}\nnot a signature\n"), 4);
    check("text\n\n— PeterNeumann x08go\n", 3);
    check("text\n\n— PeterNeumann x08goQ==\n", 3);
    check(&format!("a\nb\r\n\n{PETER_LINE}\n"), 2);
    check(&format!("a\n\tb\n\n{PETER_LINE}\n"), 2);
    check(&format!("text\n\n{}", format!("{PETER_LINE}\n").repeat(101)), 103);
}

#[test]
fn one_bad_signature_by_a_known_key_spoils_the_note() {
    let other = log_key("other", 2);
    let altered = peter_note().replace("problem is", "problem was");
    let mut note = SignedNote::parse(&altered).unwrap();
    note.push(other.sign_text(note.text()));
    let bad = NoteError::BadSignature {
        name: peter().name().clone(),
    };
    assert_eq!(note.verify(&[peter(), other.verifier_key()]), Err(bad));
    assert_eq!(note.verify(&[other.verifier_key()]).unwrap().len(), 1);
}

#[test]
fn unknown_keys_are_passed_over_and_repeated_lines_count_once() {
    let other = log_key("PeterNeumann", 2);
    let mut note = SignedNote::parse(&peter_note()).unwrap();
    let first = note.signatures()[0].clone();
    note.push(first);
    note.push(other.sign_text("something else\n"));
    assert_eq!(note.verify(&[peter()]).unwrap().len(), 1);
    let stranger = log_key("stranger", 3);
    assert_eq!(
        note.verify(&[stranger.verifier_key()]).unwrap_err().code(),
        "note.no-known-key"
    );
}

#[test]
fn the_specifications_checkpoint_is_read() {
    let signed = SignedCheckpoint::parse(SOFA).unwrap();
    let checkpoint = signed.unverified();
    assert_eq!(
        (checkpoint.origin(), checkpoint.size()),
        ("example.com/behind-the-sofa", 20_852_163)
    );
    assert_eq!(checkpoint.to_text(), signed.note().text());
    assert_eq!(signed.to_string(), SOFA);
    let witness = &signed.note().signatures()[1];
    assert_eq!(witness.bytes()[..8], 1_679_315_147_u64.to_be_bytes());
    assert_eq!(witness.bytes().len(), 8 + 64);
}

#[test]
fn malformed_checkpoints_are_refused() {
    let root = empty_root().to_base64();
    let bad = [
        String::new(),
        "o\n1\n".into(),
        format!("o\n1\n{root}"),
        format!("\n1\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        "o\n1\nAAAA\n".into(),
        format!("o\n1\n{root}\n\n"),
        format!("o\n18446744073709551616\n{root}\n"),
        format!("o\n1\n{}\n", root.trim_end_matches('=')),
    ];
    for text in bad {
        assert!(Checkpoint::from_text(&text).is_err(), "{text:?}");
    }
    assert!(Checkpoint::from_text(&format!("o\n1\n{root}\nan extension\n")).is_ok());
    assert!(Checkpoint::new("two\nlines", 0, empty_root()).is_err());
}

#[test]
fn a_witness_signs_the_text_and_the_time() {
    let witness = cosigner("witness.example/w", 4);
    let mut signed = SignedCheckpoint::parse(SOFA).unwrap();
    let line = witness.cosign(signed.note(), 1_795_000_000);
    signed.note_mut().push(line.clone());
    let again = SignedCheckpoint::parse(&signed.to_string()).unwrap();
    let verified = again.note().verify(&[witness.verifier_key()]).unwrap();
    assert_eq!(verified[0].time_seconds, Some(1_795_000_000));

    let mut late = line.bytes().to_vec();
    late[7] ^= 1;
    let mut forged = SignedCheckpoint::parse(SOFA).unwrap();
    forged
        .note_mut()
        .push(NoteSignature::new(line.name().clone(), line.key_id(), late));
    assert_eq!(
        forged.note().verify(&[witness.verifier_key()]).unwrap_err().code(),
        "note.bad-signature"
    );
}

#[test]
fn log_keys_and_witness_keys_are_not_exchanged() {
    let log = log_key("same", 4);
    let witness = cosigner("same", 4);
    assert_ne!(log.verifier_key().id(), witness.verifier_key().id());
    assert_eq!(
        Cosigner::from_secret_text(&log.to_secret_text()).unwrap_err(),
        KeyError::Algorithm
    );
    assert!(Cosigner::from_secret_text(&witness.to_secret_text()).is_ok());
    assert!(NoteSigner::from_secret_text(&log.to_secret_text()).is_ok());
    assert!(!format!("{log:?}").contains("PRIVATE"));
}

proptest! {
    #[test]
    fn checkpoints_round_trip(origin in "[^\\x00-\\x1f\n]{1,40}", size in any::<u64>(), root in any::<[u8; 32]>()) {
        let checkpoint = Checkpoint::new(&origin, size, Hash::from_bytes(root)).unwrap();
        prop_assert_eq!(&Checkpoint::from_text(&checkpoint.to_text()).unwrap(), &checkpoint);
        let signed = SignedCheckpoint::parse(&signer().sign(&checkpoint)).unwrap();
        prop_assert_eq!(signed.unverified(), &checkpoint);
        signed.note().verify(&[signer().verifier_key()]).unwrap();
    }

    #[test]
    fn any_text_is_a_note_or_an_error(text in "(.*\n){0,4}\n?(— [a-z+ ]{1,4} [A-Za-z0-9+/=]{0,12}\n){0,3}") {
        if let Ok(note) = SignedNote::parse(&text) {
            prop_assert_eq!(note.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_a_key_or_an_error(text in any::<String>()) {
        let _ = text.parse::<VerifierKey>();
        let _ = NoteSigner::from_secret_text(&format!("PRIVATE+KEY+{text}"));
        let _ = Checkpoint::from_text(&text);
    }

    #[test]
    fn any_flipped_bit_of_a_signature_or_text_is_noticed(at in 0_usize..64, bit in 0_u8..8, text_at in 0_usize..90) {
        let (line, key) = (signer().sign_text(PETER_TEXT), signer().verifier_key());
        let mut bytes = line.bytes().to_vec();
        bytes[at] ^= 1 << bit;
        let forged = NoteSignature::new(line.name().clone(), line.key_id(), bytes);
        prop_assert!(SignedNote::new(PETER_TEXT.into(), vec![forged]).unwrap().verify(std::slice::from_ref(&key)).is_err());
        let mut text = PETER_TEXT.as_bytes().to_vec();
        text[text_at] ^= 1;
        let text = String::from_utf8(text).unwrap();
        if let Ok(note) = SignedNote::new(text, vec![line]) {
            prop_assert!(note.verify(&[key]).is_err());
        }
    }
}
