//! An authority of either algorithm, with the openssl command as the judge of all that it makes.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use der::{Decode, Encode};
use gongshu_certificate::{
    Algorithm, Authority, CertificateError, Issued, Kind, NewKey, Reason, Revoked, SigningRequest, Subject, Term,
};
use proptest::prelude::*;
use std::process::{Command, Output};
use tempfile::TempDir;
use x509_cert::certificate::Rfc5280;
use x509_cert::crl::CertificateList;

/// 2026-11-25.
const NOW: u64 = 1_795_564_800;
const DAY: u64 = 86_400;
const SM2_ID: &str = "distid:1234567812345678";

/// A root, an issuing authority and a folder for openssl.
struct Bench {
    folder: TempDir,
    algorithm: Algorithm,
    root: Authority,
    issuing: Authority,
}

impl Bench {
    fn new(algorithm: Algorithm) -> Self {
        let root = Authority::root(algorithm, "longhua.example", &[1; 32], &[1; 16], NOW).unwrap();
        let issuing = root.issuing("longhua.example", &[2; 32], &[2; 16], NOW).unwrap();
        let bench = Self {
            folder: TempDir::new().unwrap(),
            algorithm,
            root,
            issuing,
        };
        bench.write("root.pem", bench.root.certificate_pem().unwrap().as_bytes());
        bench.write("issuing.pem", bench.issuing.certificate_pem().unwrap().as_bytes());
        bench
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// Debian's `openssl`, 3.0 or newer, is among what the project needs; without it this fails.
    fn openssl(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(arguments.split(' '));
        command.output().unwrap()
    }

    fn said(&self, arguments: &str) -> String {
        let output = self.openssl(arguments);
        assert!(
            output.status.success(),
            "{arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A request that openssl has made, with a key of its own and a name that is not to be believed.
    fn request(&self) -> Vec<u8> {
        let (key, options) = match self.algorithm {
            Algorithm::EcdsaP256 => ("EC -pkeyopt ec_paramgen_curve:P-256", "-sha256"),
            Algorithm::Sm2 => ("SM2", "-sm3 -sigopt distid:1234567812345678"),
        };
        self.said(&format!("genpkey -algorithm {key} -out key.pem"));
        self.said(&format!(
            "req -new -key key.pem -subj /CN=somebody -out request.pem {options}"
        ));
        std::fs::read(self.folder.path().join("request.pem")).unwrap()
    }

    fn issued(&self, subject: &Subject, serial: u8) -> Issued {
        let request = SigningRequest::parse(&self.request()).unwrap();
        let issued = self
            .issuing
            .issue(&request, subject, &[serial; 16], Term::days(NOW, 365))
            .unwrap();
        self.write("leaf.pem", issued.to_pem().unwrap().as_bytes());
        issued
    }

    fn revoke(&self, revoked: &[Revoked], number: u64) {
        let list = self
            .issuing
            .revocation_list(revoked, number, Term::days(NOW, 7))
            .unwrap();
        self.write("list.der", &list);
        self.said("crl -inform DER -in list.der -out list.pem");
    }

    fn lists(&self, issued: &Issued, reason: Reason) {
        let list = self
            .said("crl -in list.pem -noout -text")
            .to_lowercase()
            .replace(' ', "_");
        assert!(list.contains(&issued.serial()), "{list}");
        assert!(list.contains(reason.id()), "{}: {list}", reason.id());
    }

    /// What `openssl verify` finds of the leaf, at a second of its choosing.
    fn verifies(&self, options: &str, at: u64) -> Result<(), String> {
        let verify = |chain: &str, file: &str| {
            let output = self.openssl(&format!("verify -x509_strict {chain} -attime {at} {options}{file}"));
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            if output.status.success() { Ok(()) } else { Err(told) }
        };
        match self.algorithm {
            Algorithm::EcdsaP256 => verify("-CAfile root.pem -untrusted issuing.pem", "leaf.pem"),
            // OpenSSL 3.0 takes the identifier for the certificate it is asked about alone: each link is a question.
            Algorithm::Sm2 => {
                verify(
                    &format!("-partial_chain -CAfile issuing.pem -vfyopt {SM2_ID}"),
                    "leaf.pem",
                )?;
                let output = self.openssl(&format!(
                    "verify -x509_strict -CAfile root.pem -vfyopt {SM2_ID} -attime {NOW} issuing.pem"
                ));
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                Ok(())
            }
        }
    }
}

fn service() -> Subject {
    Subject::service("核验, 服务", "某某银行", "pty_bank")
}

fn revoked(issued: &Issued, reason: Reason) -> Revoked {
    Revoked {
        serial: issued.serial(),
        at: NOW + 60,
        reason,
    }
}

fn both(check: impl Fn(Bench)) {
    [Algorithm::EcdsaP256, Algorithm::Sm2]
        .into_iter()
        .for_each(|algorithm| check(Bench::new(algorithm)));
}

#[test]
fn openssl_verifies_the_chain_within_its_term() {
    both(|bench| {
        let issued = bench.issued(&service(), 3);
        bench.verifies("-purpose sslclient ", NOW + DAY).unwrap();
        assert!(bench.verifies("-purpose sslserver ", NOW + DAY).is_err());
        assert!(bench.verifies("", NOW + 366 * DAY).unwrap_err().contains("expired"));
        assert!(bench.verifies("", NOW - DAY).unwrap_err().contains("not yet valid"));
        assert_eq!(issued.term(), Term::days(NOW, 365));
        let shown = bench.said("x509 -in leaf.pem -noout -subject -nameopt utf8,sep_comma_plus -serial");
        assert!(shown.contains("某某银行") && shown.contains("pty_bank"), "{shown}");
        assert!(
            !shown.contains("somebody"),
            "what a request says of itself is not taken: {shown}"
        );
        assert!(shown.to_lowercase().contains(&issued.serial()), "{shown}");
    });
}

#[test]
fn openssl_finds_a_revoked_certificate_and_its_reason() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let issued = bench.issued(&service(), 3);
    let options = "-crl_check -CRLfile list.pem ";
    bench.revoke(&[], 1);
    bench.verifies(options, NOW + DAY).unwrap();
    for (number, reason) in (2..).zip(Reason::ALL) {
        bench.revoke(&[revoked(&issued, reason)], number);
        let found = bench.verifies(options, NOW + DAY).unwrap_err();
        assert!(found.contains("certificate revoked"), "{found}");
        bench.lists(&issued, reason);
    }
    let other = bench.issued(&service(), 4);
    assert_ne!(other.serial(), issued.serial());
    bench.verifies(options, NOW + DAY).unwrap();
    let late = bench.verifies(options, NOW + 8 * DAY).unwrap_err();
    assert!(late.contains("CRL has expired"), "{late}");
}

/// OpenSSL 3.0 has no place to give the identifier for a list: its signature is judged by itself.
#[test]
fn an_sm2_list_is_signed_under_the_standards_identifier() {
    let bench = Bench::new(Algorithm::Sm2);
    let issued = bench.issued(&service(), 3);
    for (number, reason) in (1..).zip(Reason::ALL) {
        bench.revoke(&[revoked(&issued, reason)], number);
        bench.lists(&issued, reason);
    }
    let list = std::fs::read(bench.folder.path().join("list.der")).unwrap();
    let list = CertificateList::<Rfc5280>::from_der(&list).unwrap();
    bench.write("signature", list.signature.as_bytes().unwrap());
    bench.said("x509 -in issuing.pem -noout -pubkey -out public.pem");
    let verifies = |signed: &[u8]| {
        bench.write("signed", signed);
        let command = "pkeyutl -verify -pubin -inkey public.pem -in signed -rawin -digest sm3 -sigfile signature";
        bench.openssl(&format!("{command} -pkeyopt {SM2_ID}")).status.success()
    };
    let signed = list.tbs_cert_list.to_der().unwrap();
    assert!(verifies(&signed));
    assert!(!verifies(&signed[1..]));
}

#[test]
fn nothing_outlives_its_authority() {
    both(|bench| {
        let request = SigningRequest::parse(&bench.request()).unwrap();
        let long = bench
            .issuing
            .issue(&request, &service(), &[5; 16], Term::days(NOW, 100_000))
            .unwrap();
        assert_eq!(long.term().until, bench.issuing.term().until);
        assert!(bench.issuing.term().until <= bench.root.term().until);
    });
}

#[test]
fn an_end_entity_is_no_authority() {
    both(|bench| {
        for kind in Kind::ALL {
            bench.issued(&Subject::new(kind, "名称", "机构", "pty_1"), 3);
            bench.verifies("", NOW + DAY).unwrap();
            let shown = bench.said("x509 -in leaf.pem -noout -text");
            assert!(
                shown.contains("CA:FALSE") && shown.contains(&format!("OU = {}", kind.id())),
                "{shown}"
            );
        }
    });
}

#[test]
fn an_authority_comes_back_from_its_secret_and_certificate() {
    both(|bench| {
        let certificate = bench.issuing.certificate_der().unwrap();
        let again = Authority::restore(bench.algorithm, &[2; 32], &certificate).unwrap();
        let request = SigningRequest::parse(&bench.request()).unwrap();
        let issue = |authority: &Authority| authority.issue(&request, &service(), &[6; 16], Term::days(NOW, 30));
        bench.write("leaf.pem", issue(&again).unwrap().to_pem().unwrap().as_bytes());
        bench.verifies("", NOW + DAY).unwrap();
        let other = Authority::restore(bench.algorithm, &[3; 32], &certificate).unwrap_err();
        assert_eq!(other.code(), "certificate.mismatch");
        assert!(!format!("{again:?}").contains("02020202"));
    });
}

#[test]
fn a_request_by_another_kind_of_key_is_refused() {
    let (ecdsa, sm2) = (Bench::new(Algorithm::EcdsaP256), Bench::new(Algorithm::Sm2));
    let request = SigningRequest::parse(&sm2.request()).unwrap();
    let refused = ecdsa.issuing.issue(&request, &service(), &[7; 16], Term::days(NOW, 30));
    assert!(matches!(
        refused,
        Err(CertificateError::Algorithm { wanted: "ECDSA P-256" })
    ));
    ecdsa.said("genpkey -algorithm ED25519 -out key.pem");
    ecdsa.said("req -new -key key.pem -subj /CN=x -out request.pem");
    let pem = std::fs::read(ecdsa.folder.path().join("request.pem")).unwrap();
    assert_eq!(
        SigningRequest::parse(&pem).unwrap_err().code(),
        "certificate.key-algorithm"
    );
}

#[test]
fn a_request_that_its_key_has_not_signed_is_refused() {
    both(|bench| {
        bench.request();
        bench.said("req -in request.pem -outform DER -out request.der");
        let good = std::fs::read(bench.folder.path().join("request.der")).unwrap();
        SigningRequest::parse(&good).unwrap();
        let name = good.windows(8).position(|bytes| bytes == b"somebody").unwrap();
        let mut altered = good.clone();
        altered[name] ^= 1;
        assert_eq!(
            SigningRequest::parse(&altered).unwrap_err().code(),
            "certificate.possession"
        );
        assert_eq!(
            SigningRequest::parse(&good[..good.len() - 1]).unwrap_err().code(),
            "certificate.request-malformed"
        );
    });
}

#[test]
fn a_key_that_is_made_here_is_certified_and_read_by_openssl() {
    both(|bench| {
        let key = NewKey::new(bench.algorithm, &[9; 32]).unwrap();
        bench.write("key.pem", key.to_pem().unwrap().as_bytes());
        let request = SigningRequest::parse(key.request_pem().unwrap().as_bytes()).unwrap();
        let issued = bench
            .issuing
            .issue(&request, &service(), &[9; 16], Term::days(NOW, 30))
            .unwrap();
        bench.write("leaf.pem", issued.to_pem().unwrap().as_bytes());
        bench.verifies("", NOW + DAY).unwrap();
        let of_key = bench.said("pkey -in key.pem -pubout");
        assert_eq!(of_key, bench.said("x509 -in leaf.pem -noout -pubkey"));
    });
}

#[test]
fn names_are_escaped_and_bounded() {
    let bench = Bench::new(Algorithm::EcdsaP256);
    let hostile = "x,O=别的机构+CN=\"a\"\n#;<>\\ ";
    bench.issued(&Subject::new(Kind::Service, hostile, &"长".repeat(200), "pty_1"), 8);
    bench.verifies("", NOW + DAY).unwrap();
    let shown = bench.said("x509 -in leaf.pem -noout -subject -nameopt utf8,sep_multiline");
    assert_eq!(
        shown.matches("O=").count() - shown.matches("别的机构").count(),
        1,
        "{shown}"
    );
    assert_eq!(shown.matches('长').count(), 64);
}

proptest! {
    #[test]
    fn any_bytes_are_a_request_or_an_error(bytes in any::<Vec<u8>>()) {
        let _ = SigningRequest::parse(&bytes);
        let _ = Issued::from_der(&bytes);
        let _ = Authority::restore(Algorithm::Sm2, &[2; 32], &bytes);
    }
}
