//! The openssl command verifies what is signed here, and what it signs is verified here.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use crate::cases::common::{ANSWER_SALT, ANSWER_TEXT, ORIGIN, entry, hash_leaf, signer};
use gongshu_ledger::suite::SM2_ID;
use gongshu_ledger::{Checkpoint, Commitment, KeyName, NoteSignature, NoteSigner, SignedNote, Suite};
use sm2::dsa::{Signature, SigningKey};
use sm2::pkcs8::{DecodePrivateKey, EncodePublicKey, LineEnding};
use std::process::{Command, Output};
use tempfile::TempDir;

struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).unwrap()
    }

    /// Debian's `openssl`, 3.0 or newer, is among what the project needs; without it this fails.
    fn openssl(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command.current_dir(self.0.path()).args(arguments.split(' '));
        command.output().unwrap()
    }

    fn verifies(&self, id: &str) -> bool {
        let options = format!("-pkeyopt distid:{id}");
        let command = "pkeyutl -verify -pubin -inkey public.pem -in text -rawin -digest sm3 -sigfile signature";
        self.openssl(&format!("{command} {options}")).status.success()
    }
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 7, Suite::ShangMi.empty_root()).unwrap()
}

/// The scalar in a secret key's text: its last 32 bytes.
fn scalar(signer: &NoteSigner) -> SigningKey {
    let text = signer.to_secret_text();
    let line = format!("— x {}", text.splitn(5, '+').nth(4).unwrap());
    let bytes = NoteSignature::parse(&line).unwrap().bytes().to_vec();
    SigningKey::from_slice(SM2_ID, &bytes[bytes.len() - 32..]).unwrap()
}

#[test]
fn openssl_verifies_a_checkpoint_signed_here() {
    let (bench, text) = (Bench::new(), checkpoint().to_text());
    let line = signer().sign_text(&text);
    let public = scalar(&signer()).verifying_key().to_public_key_pem(LineEnding::LF);
    bench.write("public.pem", public.unwrap().as_bytes());
    bench.write("text", text.as_bytes());
    bench.write(
        "signature",
        Signature::from_slice(line.bytes()).unwrap().to_der().as_ref(),
    );
    assert!(bench.verifies(SM2_ID));
    assert!(!bench.verifies("8765432187654321"), "the id is signed along");
    bench.write("text", text.replace("\n7\n", "\n8\n").as_bytes());
    assert!(!bench.verifies(SM2_ID));
}

#[test]
fn a_checkpoint_signed_by_openssl_verifies_here() {
    let (bench, text) = (Bench::new(), checkpoint().to_text());
    bench.write("text", text.as_bytes());
    assert!(bench.openssl("genpkey -algorithm SM2 -out key.pem").status.success());
    let sign =
        format!("pkeyutl -sign -inkey key.pem -in text -rawin -digest sm3 -out signature -pkeyopt distid:{SM2_ID}");
    assert!(bench.openssl(&sign).status.success());
    let pem = String::from_utf8(bench.read("key.pem")).unwrap();
    let secret: [u8; 32] = sm2::SecretKey::from_pkcs8_pem(&pem).unwrap().to_bytes().into();
    let key = NoteSigner::from_seed(Suite::ShangMi, KeyName::new(ORIGIN).unwrap(), &secret).unwrap();
    let key = key.verifier_key();
    let signature = Signature::from_der(&bench.read("signature")).unwrap().to_vec();
    let note = |text: &str| {
        let line = NoteSignature::new(key.name().clone(), key.id(), signature.clone());
        SignedNote::new(text.to_owned(), vec![line]).unwrap()
    };
    note(&text).verify(std::slice::from_ref(&key)).unwrap();
    assert!(note("another text\n").verify(&[key]).is_err());
}

#[test]
fn openssl_hashes_leaves_and_commitments_the_same() {
    let bench = Bench::new();
    let hash = |bytes: &[u8]| {
        bench.write("bytes", bytes);
        let said = String::from_utf8(bench.openssl("dgst -sm3 bytes").stdout).unwrap();
        said.trim().rsplit(' ').next().unwrap().to_owned()
    };
    for index in [0, 1, 1_000_000] {
        let entry = entry(index);
        assert_eq!(hash(&[&[0], entry.as_slice()].concat()), hash_leaf(&entry).to_string());
    }
    let committed = [b"gongshu/commit/v1\0", &ANSWER_SALT[..], ANSWER_TEXT.as_bytes()].concat();
    let commitment = Commitment::new(Suite::ShangMi, &ANSWER_SALT, ANSWER_TEXT.as_bytes());
    assert_eq!(format!("sm3:{}", hash(&committed)), commitment.to_string());
}
