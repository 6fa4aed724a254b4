//! Signatures on documents, with the openssl command as the judge.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use gongshu_certificate::{
    Algorithm, Authority, DocumentSignature, Kind, NewKey, SignatureError, Signer, SigningRequest, Subject, Term, Trust,
};
use proptest::prelude::*;
use std::process::{Command, Output};
use tempfile::TempDir;

/// 2026-11-25.
const NOW: u64 = 1_795_564_800;
const DOCUMENT: &[u8] = "公共数据资源授权运营协议".as_bytes();

/// A party with a certificate under a root, and a folder for openssl.
struct Bench {
    folder: TempDir,
    root: String,
    signer: Signer,
}

impl Bench {
    fn new(algorithm: Algorithm) -> Self {
        let root = Authority::root(algorithm, "longhua.example", &[1; 32], &[1; 16], NOW).unwrap();
        let issuing = root.issuing("longhua.example", &[2; 32], &[2; 16], NOW).unwrap();
        let key = NewKey::new(algorithm, &[3; 32]).unwrap();
        let request = SigningRequest::parse(key.request_pem().unwrap().as_bytes()).unwrap();
        let subject = Subject::new(Kind::Organization, "区数据局", "区数据局", "pty_agency");
        let issued = issuing
            .issue(&request, &subject, &[3; 16], Term::days(NOW, 365))
            .unwrap();
        let chain = issued.to_pem().unwrap() + &issuing.certificate_pem().unwrap();
        let bench = Self {
            folder: TempDir::new().unwrap(),
            root: root.certificate_pem().unwrap(),
            signer: Signer::from_pem(&key.to_pem().unwrap(), &chain).unwrap(),
        };
        bench.write("root.pem", bench.root.as_bytes());
        bench.write("issuing.pem", issuing.certificate_pem().unwrap().as_bytes());
        bench.write("own.pem", issued.to_pem().unwrap().as_bytes());
        bench.write("key.pem", key.to_pem().unwrap().as_bytes());
        bench.write("document", DOCUMENT);
        bench.write("other", b"another document");
        bench
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    /// Debian's `openssl`, 3.0 or newer, is among what the project needs; without it this fails.
    fn openssl(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(arguments.split(' '));
        command.output().unwrap()
    }

    fn accepts(&self, arguments: &str) {
        let output = self.openssl(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments}: {told}");
    }

    fn refuses(&self, arguments: &str, why: &str) {
        let output = self.openssl(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments} was accepted");
        assert!(told.contains(why), "{arguments}: {told}");
    }
}

const VERIFY: &str = "cms -verify -binary -inform DER -in document.p7s -CAfile root.pem -purpose any -cades -attime 1795564800 \
                      -out /dev/null -content";

#[test]
fn openssl_accepts_a_signature_and_refuses_it_over_another_document() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let signature = bench.signer.sign(DOCUMENT, NOW).unwrap();
    bench.write("document.p7s", &signature.to_der().unwrap());
    bench.accepts(&format!("{VERIFY} document"));
    bench.refuses(&format!("{VERIFY} other"), "verification failure");
    bench.write("document.pem", signature.to_pem().unwrap().as_bytes());
    bench.accepts(
        &format!("{VERIFY} document")
            .replace("DER", "PEM")
            .replace("document.p7s", "document.pem"),
    );
}

#[test]
fn a_signature_that_openssl_made_is_accepted() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let sign = "cms -sign -binary -md sha256 -signer own.pem -inkey key.pem -certfile issuing.pem -in document -outform DER \
                -out document.p7s";
    bench.accepts(&format!("{sign} -cades"));
    let signature = DocumentSignature::parse(&bench.read("document.p7s")).unwrap();
    let by = signature.verify(DOCUMENT).unwrap();
    assert!(by.subject().contains("区数据局"), "{}", by.subject());
    by.check_chain(&Trust::from_pem(&bench.root).unwrap(), NOW).unwrap();
    assert_eq!(signature.verify(b"another document"), Err(SignatureError::Document));
    // Without CAdES attributes it does not say which certificate it is by.
    bench.accepts(sign);
    let plain = DocumentSignature::parse(&bench.read("document.p7s")).unwrap();
    assert_eq!(plain.verify(DOCUMENT), Err(SignatureError::Certificate));
    bench.accepts(&format!("{sign} -cades -nodetach"));
    let attached = DocumentSignature::parse(&bench.read("document.p7s"));
    assert!(matches!(attached, Err(SignatureError::Structure(_))), "{attached:?}");
}

#[test]
fn both_suites_sign_and_verify_and_know_their_root() {
    for algorithm in [Algorithm::EcdsaP256, Algorithm::Sm2] {
        let (bench, other) = (Bench::new(algorithm), Bench::new(Algorithm::EcdsaP256));
        let made = bench.signer.sign(DOCUMENT, NOW + 5).unwrap();
        let signature = DocumentSignature::parse(&made.to_der().unwrap()).unwrap();
        assert_eq!(
            signature,
            DocumentSignature::parse(made.to_pem().unwrap().as_bytes()).unwrap()
        );
        let by = signature.verify(DOCUMENT).unwrap();
        assert_eq!(by.seconds, NOW + 5);
        let trust = Trust::from_pem(&bench.root).unwrap();
        by.check_chain(&trust, NOW).unwrap();
        assert_eq!(
            by.check_chain(&trust, NOW + 400 * 86_400),
            Err(SignatureError::Untrusted),
            "too late"
        );
        assert_eq!(
            by.check_chain(&trust, NOW - 1),
            Err(SignatureError::Untrusted),
            "too early"
        );
        assert_eq!(signature.verify(b"another document"), Err(SignatureError::Document));
        let other_root = Authority::root(Algorithm::EcdsaP256, "other.example", &[9; 32], &[9; 16], NOW).unwrap();
        let other_trust = Trust::from_pem(&other_root.certificate_pem().unwrap()).unwrap();
        assert_eq!(by.check_chain(&other_trust, NOW), Err(SignatureError::Untrusted));
        let key = NewKey::new(algorithm, &[4; 32]).unwrap().to_pem().unwrap();
        let chain = String::from_utf8(other.read("own.pem")).unwrap();
        assert!(matches!(Signer::from_pem(&key, &chain), Err(SignatureError::Key)));
    }
}

/// OpenSSL 3.0 reads an SM2 signature, and verifies its value over the attributes when told the identifier; `openssl cms`
/// can't be told.
#[test]
fn openssl_verifies_the_value_of_an_sm2_signature() {
    let bench = Bench::new(Algorithm::Sm2);
    let signature = bench.signer.sign(DOCUMENT, NOW).unwrap();
    bench.write("document.p7s", &signature.to_der().unwrap());
    let printed = bench.openssl("cms -cmsout -print -noout -inform DER -in document.p7s");
    let printed = String::from_utf8_lossy(&printed.stdout).into_owned();
    assert!(printed.contains("algorithm: sm3"), "{printed}");
    assert!(printed.contains("SM2-with-SM3"), "{printed}");
    bench.write("attributes", &signature.signed_bytes().unwrap());
    bench.write("value", signature.value().unwrap());
    bench.accepts("x509 -in own.pem -pubkey -noout -out public.pem");
    let verify = "pkeyutl -verify -pubin -inkey public.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678 -sigfile value -in";
    bench.accepts(&format!("{verify} attributes"));
    assert!(!bench.openssl(&format!("{verify} other")).status.success());
    let hash = bench.openssl("dgst -sm3 -r document");
    let hash = String::from_utf8_lossy(&hash.stdout).into_owned();
    let hash = hash.split(' ').next().unwrap();
    let attributes = hex::encode(signature.signed_bytes().unwrap());
    assert!(attributes.contains(hash), "the attributes have no {hash}");
}

#[test]
fn a_time_stamp_joins_a_signature_and_leaves_it_as_it_was() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let signature = bench.signer.sign(DOCUMENT, NOW).unwrap();
    assert_eq!(signature.time_stamp().unwrap(), None);
    // Any structure will do here; what it says is for others to judge.
    let token = [0x30, 0x03, 0x02, 0x01, 0x07];
    let stamped = signature.with_time_stamp(&token).unwrap();
    let stamped = DocumentSignature::parse(&stamped.to_der().unwrap()).unwrap();
    assert_eq!(stamped.time_stamp().unwrap().as_deref(), Some(&token[..]));
    assert_eq!(stamped.verify(DOCUMENT), signature.verify(DOCUMENT));
    bench.write("document.p7s", &stamped.to_der().unwrap());
    bench.accepts(&format!("{VERIFY} document"));
    let again = stamped.with_time_stamp(&[0x30, 0x03, 0x02, 0x01, 0x08]).unwrap();
    assert_eq!(again.time_stamp().unwrap().unwrap()[4], 8);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// A signature with one byte changed is refused, or says the same as before: certificates of issuers are not signed
    /// over, and are judged with the chain.
    #[test]
    fn an_altered_signature_never_speaks_of_another(place in any::<prop::sample::Index>(), mask in 1..=255_u8) {
        let bench = Bench::new(Algorithm::EcdsaP256);
        let signature = bench.signer.sign(DOCUMENT, NOW).unwrap();
        let before = signature.verify(DOCUMENT).unwrap();
        let mut bytes = signature.to_der().unwrap();
        bytes[place.index(signature.to_der().unwrap().len())] ^= mask;
        if let Ok(by) = DocumentSignature::parse(&bytes).and_then(|altered| altered.verify(DOCUMENT)) {
            prop_assert_eq!(by.fingerprint().unwrap(), before.fingerprint().unwrap());
            prop_assert_eq!(by.seconds, before.seconds);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = DocumentSignature::parse(&bytes).map(|signature| signature.verify(DOCUMENT));
    }
}
