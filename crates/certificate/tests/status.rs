//! Answers about single certificates (OCSP): openssl asks, and openssl judges what is answered.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use std::process::Command;

use gongshu_certificate::{
    Algorithm, Authority, NewKey, Reason, STATUS_REQUEST_BYTES_MAX, SigningRequest, Standing, StatusFailure,
    StatusRequest, Subject, Term,
};
use proptest::prelude::*;
use tempfile::TempDir;

/// 2026-11-25.
const NOW: u64 = 1_795_564_800;
/// Long enough for openssl to find the answers of this test good for years.
const TERM: Term = Term {
    from: NOW,
    until: 4_102_444_800,
};

/// An authority, a certificate below it, and a folder for openssl.
struct Bench {
    folder: TempDir,
    issuing: Authority,
    serial: String,
}

impl Bench {
    fn new(algorithm: Algorithm) -> Self {
        let root = Authority::root(algorithm, "longhua.example", &[1; 32], &[1; 16], NOW).unwrap();
        let issuing = root.issuing("longhua.example", &[2; 32], &[2; 16], NOW).unwrap();
        let request = NewKey::new(algorithm, &[3; 32]).unwrap().request_pem().unwrap();
        let request = SigningRequest::parse(request.as_bytes()).unwrap();
        let subject = Subject::service("核验服务", "某某银行", "pty_bank");
        let issued = issuing
            .issue(&request, &subject, &[3; 16], Term::days(NOW, 365))
            .unwrap();
        let bench = Self {
            folder: TempDir::new().unwrap(),
            serial: issued.serial(),
            issuing,
        };
        bench.write("root.pem", root.certificate_pem().unwrap().as_bytes());
        bench.write("issuing.pem", bench.issuing.certificate_pem().unwrap().as_bytes());
        bench.write("leaf.pem", issued.to_pem().unwrap().as_bytes());
        bench
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// What openssl says, and whether it is content.
    fn openssl(&self, arguments: &str) -> (bool, String) {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(arguments.split(' '));
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// A request that openssl makes; `hash` is what it names the issuer by.
    fn request(&self, issuer: &str, hash: &str) -> StatusRequest {
        let asked = format!("ocsp {hash} -issuer {issuer} -cert leaf.pem -reqout request.der");
        let (made, said) = self.openssl(&asked);
        assert!(made, "{said}");
        StatusRequest::parse(&std::fs::read(self.folder.path().join("request.der")).unwrap()).unwrap()
    }

    fn answer(&self, request: &StatusRequest, standing: Standing) -> Vec<u8> {
        let of = |serial: &str| {
            if serial == self.serial {
                standing
            } else {
                Standing::Unknown
            }
        };
        self.issuing.answer_status(request, of, TERM).unwrap()
    }

    /// What openssl makes of a response to its last request: whether nonce and signature are good, then what it says of
    /// the certificate (where it is asked of one, it compares with a nonce of its own).
    fn judged(&self, response: &[u8], hash: &str) -> String {
        self.write("response.der", response);
        let of = "ocsp -respin response.der -issuer issuing.pem -CAfile root.pem";
        let (_, whole) = self.openssl(&format!("{of} -reqin request.der"));
        let (_, one) = self.openssl(&format!("{of} -no_nonce {hash} -cert leaf.pem"));
        whole + &one
    }
}

#[test]
fn openssl_finds_each_standing_and_the_signature_good() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let revoked = Standing::Revoked {
        at: NOW,
        reason: Reason::KeyCompromise,
    };
    let cases = [
        (Standing::Good, "leaf.pem: good"),
        (revoked, "leaf.pem: revoked"),
        (Standing::Unknown, "leaf.pem: unknown"),
    ];
    for hash in ["-sha1", "-sha256"] {
        for (standing, told) in cases {
            let request = bench.request("issuing.pem", hash);
            let said = bench.judged(&bench.answer(&request, standing), hash);
            assert!(said.contains("Response verify OK") && said.contains(told), "{said}");
            assert!(!said.to_lowercase().contains("nonce"), "the nonce comes back: {said}");
        }
    }
    let request = bench.request("issuing.pem", "-sha1");
    let said = bench.judged(&bench.answer(&request, revoked), "-sha1");
    assert!(said.contains("keyCompromise"), "{said}");
}

#[test]
fn an_answer_that_somebody_altered_is_found_out() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let request = bench.request("issuing.pem", "-sha1");
    let mut altered = bench.answer(&request, Standing::Good);
    let time = altered.windows(5).position(|five| five == b"20261").unwrap();
    altered[time + 3] = b'1';
    let said = bench.judged(&altered, "-sha1");
    assert!(!said.contains("Response verify OK"), "{said}");
}

#[test]
fn another_authoritys_certificate_is_unknown_here() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    // Named as the root's own, which this authority does not speak for.
    let request = bench.request("root.pem", "-sha256");
    let response = bench.answer(&request, Standing::Good);
    bench.write("response.der", &response);
    let (_, said) = bench.openssl("ocsp -respin response.der -noverify -text");
    assert!(said.contains("Cert Status: unknown"), "{said}");
}

/// OpenSSL 3.0 can't be told the identifier of SM2 here, so it reads the answer and does not judge its signature; the
/// whole is judged by Bouncy Castle (`judged.rs`).
#[test]
fn sm2_answers_are_read_by_openssl() {
    let bench = Bench::new(Algorithm::Sm2);
    let request = bench.request("issuing.pem", "-sm3");
    bench.write("response.der", &bench.answer(&request, Standing::Good));
    let (_, said) = bench.openssl("ocsp -respin response.der -noverify -text");
    assert!(said.contains("Cert Status: good"), "{said}");
    assert!(said.contains("SM2-with-SM3"), "{said}");
}

#[test]
fn failures_are_told_unsigned() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let cases = [
        (StatusFailure::Malformed, "malformedrequest"),
        (StatusFailure::Internal, "internalerror"),
        (StatusFailure::TryLater, "trylater"),
    ];
    for (failure, told) in cases {
        bench.write("response.der", &failure.response().unwrap());
        let (_, said) = bench.openssl("ocsp -respin response.der -noverify");
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn requests_are_bounded() {
    assert!(StatusRequest::parse(&vec![0x30; STATUS_REQUEST_BYTES_MAX + 1]).is_err());
    assert!(StatusRequest::parse(b"").is_err());
    // An empty list of certificates.
    assert!(StatusRequest::parse(&[0x30, 0x04, 0x30, 0x02, 0x30, 0x00]).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = StatusRequest::parse(&bytes);
    }
}
