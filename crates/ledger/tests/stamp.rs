//! Time-stamps, judged by `openssl ts`.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gongshu_ledger::stamp::{StampAuthority, StampRequest, StampTrust, check_stamp, read_stamp};
use proptest::prelude::*;

/// 2026-11-25T02:00:00Z.
const NOW: u64 = 1_795_572_000;

fn authority() -> StampAuthority {
    // The certificate must be valid when openssl looks at it, on its own clock.
    StampAuthority::new("tsa.example", &[7; 32], &[9; 16], 1_700_000_000).unwrap()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::write(folder.path("data"), "a checkpoint\n").unwrap();
        std::fs::write(folder.path("ca.pem"), authority().certificate_pem().unwrap()).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn openssl(&self, arguments: &str) -> Output {
        let arguments = arguments.split_whitespace();
        Command::new("openssl")
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    /// The reply to what `openssl ts -query` asks with these options.
    fn asked(&self, options: &str) -> Vec<u8> {
        let query = self.openssl(&format!("ts -query -data data -out query {options}"));
        assert!(query.status.success(), "{query:?}");
        let reply = authority()
            .answer(&std::fs::read(self.path("query")).unwrap(), NOW, &[3; 16])
            .unwrap();
        std::fs::write(self.path("reply"), &reply).unwrap();
        reply
    }

    fn verifies(&self, options: &str) -> bool {
        let verified = self.openssl(&format!("ts -verify -in reply -CAfile ca.pem {options}"));
        let said = String::from_utf8_lossy(&verified.stdout).into_owned() + &String::from_utf8_lossy(&verified.stderr);
        assert_eq!(verified.status.success(), said.contains("Verification: OK"), "{said}");
        verified.status.success()
    }
}

#[test]
fn openssl_accepts_a_stamp_and_no_altered_one() {
    let folder = Folder::new();
    for options in ["-sha256 -cert", "-sha512 -cert", "-sha384 -cert -no_nonce"] {
        folder.asked(options);
        assert!(folder.verifies("-queryfile query"), "{options}");
        assert!(folder.verifies("-data data"), "{options}");
    }
    folder.asked("-sha256");
    assert!(
        !folder.verifies("-queryfile query"),
        "without the certificate nobody can check"
    );
    assert!(
        folder.verifies("-queryfile query -untrusted ca.pem"),
        "unless it is given"
    );

    let reply = folder.asked("-sha256 -cert");
    let text = folder.openssl("ts -reply -in reply -text");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("Time stamp: Nov 25 02:00:00 2026 GMT") && text.contains("Status: Granted."),
        "{text}"
    );
    let time = reply.windows(15).position(|bytes| bytes == b"20261125020000Z").unwrap();
    let mut earlier = reply.clone();
    earlier[time + 3] = b'5';
    std::fs::write(folder.path("reply"), &earlier).unwrap();
    assert!(!folder.verifies("-queryfile query"), "another year");
    std::fs::write(folder.path("reply"), &reply).unwrap();
    std::fs::write(folder.path("data"), "another checkpoint\n").unwrap();
    assert!(!folder.verifies("-data data"), "other data");
    let other = StampAuthority::new("tsa.example", &[8; 32], &[9; 16], 1_700_000_000).unwrap();
    std::fs::write(folder.path("ca.pem"), other.certificate_pem().unwrap()).unwrap();
    assert!(!folder.verifies("-queryfile query"), "another authority");
}

#[test]
fn the_certificate_is_for_time_stamping_alone_and_says_so_critically() {
    let folder = Folder::new();
    let text = folder.openssl("x509 -in ca.pem -noout -text -purpose");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for part in [
        "X509v3 Extended Key Usage: critical\n                Time Stamping\n",
        "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation\n",
        "Time Stamp signing : Yes",
        "SSL server : No",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_request_that_is_not_for_this_authority_is_refused_with_its_reason() {
    let folder = Folder::new();
    let refused = |options: &str, reason: &str| {
        folder.asked(options);
        let text = folder.openssl("ts -reply -in reply -text");
        let text = String::from_utf8_lossy(&text.stdout).into_owned();
        assert!(text.contains("Status: Rejected.") && text.contains(reason), "{text}");
        assert!(!folder.verifies("-queryfile query"));
    };
    refused("-sha1", "unrecognized or unsupported algorithm identifier");
    refused("-tspolicy 1.2.3.4", "the requested TSA policy is not supported");
    let answer = authority().answer(b"no request", NOW, &[3; 16]).unwrap();
    std::fs::write(folder.path("reply"), answer).unwrap();
    let text = folder.openssl("ts -reply -in reply -text");
    assert!(String::from_utf8_lossy(&text.stdout).contains("the data submitted has the wrong format"));
}

#[test]
fn key_and_certificate_come_back_from_their_files_if_they_belong_together() {
    let (key, certificate) = (authority().key_pem().unwrap(), authority().certificate_pem().unwrap());
    let back = StampAuthority::from_pem(&key, &certificate).unwrap();
    assert_eq!(back.certificate_pem().unwrap(), certificate);
    let other = StampAuthority::new("tsa.example", &[8; 32], &[9; 16], NOW).unwrap();
    assert_eq!(
        StampAuthority::from_pem(&other.key_pem().unwrap(), &certificate)
            .unwrap_err()
            .code(),
        "stamp.certificate"
    );
    assert_eq!(
        StampAuthority::from_pem("", &certificate).unwrap_err().code(),
        "stamp.key"
    );
    assert_eq!(
        StampAuthority::new("a", &[0; 32], &[9; 16], NOW).unwrap_err().code(),
        "stamp.key"
    );
    assert_eq!(format!("{back:?}"), "StampAuthority(CN=tsa.example)");
    let long = StampAuthority::new(&"龙, +=".repeat(20), &[8; 32], &[9; 16], NOW).unwrap();
    assert!(StampAuthority::from_pem(&long.key_pem().unwrap(), &long.certificate_pem().unwrap()).is_ok());
}

#[test]
fn a_log_reads_its_own_stamp_and_no_other() {
    let request = StampRequest::new(b"data", 77).unwrap();
    let answer = |request: &StampRequest| authority().answer(&request.to_bytes().unwrap(), NOW, &[3; 16]).unwrap();
    let reply = answer(&request);
    assert_eq!(request.read(&reply).unwrap(), NOW);
    assert_eq!(read_stamp(b"data", &reply).unwrap(), NOW);
    assert_eq!(read_stamp(b"other", &reply).unwrap_err().code(), "stamp.mismatch");
    let others = answer(&StampRequest::new(b"data", 7_000_000).unwrap());
    assert_eq!(request.read(&others).unwrap_err().code(), "stamp.mismatch");
    let refused = authority().answer(b"", NOW, &[3; 16]).unwrap();
    assert_eq!(request.read(&refused).unwrap_err().code(), "stamp.refused");
}

#[test]
fn a_stamp_is_judged_here_as_openssl_does() {
    let request = StampRequest::new(b"data", 77).unwrap();
    let reply = authority().answer(&request.to_bytes().unwrap(), NOW, &[3; 16]).unwrap();
    let own = StampTrust::from_pem(&authority().certificate_pem().unwrap()).unwrap();
    let good = check_stamp(b"data", &reply).unwrap();
    assert_eq!((good.seconds, good.authority.as_str()), (NOW, "CN=tsa.example"));
    good.is_by(&own).unwrap();
    assert_eq!(check_stamp(b"other", &reply).unwrap_err().code(), "stamp.mismatch");
    // One of the same name, with another key.
    let other = StampAuthority::new("tsa.example", &[8; 32], &[9; 16], 1_700_000_000).unwrap();
    let other = StampTrust::from_pem(&other.certificate_pem().unwrap()).unwrap();
    assert_eq!(good.is_by(&other).unwrap_err().code(), "stamp.untrusted");
    let early = authority()
        .answer(&request.to_bytes().unwrap(), 1_600_000_000, &[3; 16])
        .unwrap();
    assert_eq!(check_stamp(b"data", &early).unwrap_err().code(), "stamp.not-valid");
    // No changed byte makes it say something else.
    for at in 0..reply.len() {
        let mut altered = reply.clone();
        altered[at] ^= 1;
        let judged = check_stamp(b"data", &altered);
        assert!(
            judged.is_err() || judged.is_ok_and(|judged| judged == good),
            "byte {at}"
        );
    }
}

/// Authorities as openssl makes them: one issued by a root, one whose key is not judged here.
#[test]
fn an_issued_authority_is_believed_by_its_issuer_and_others_are_left_to_openssl() {
    let folder = Folder::new();
    let data = std::fs::read(folder.path("data")).unwrap();
    let request = StampRequest::new(&data, 5).unwrap();
    std::fs::write(folder.path("query"), request.to_bytes().unwrap()).unwrap();
    let extensions = "[tsa]\nextendedKeyUsage = critical,timeStamping\nbasicConstraints = CA:FALSE\n";
    std::fs::write(folder.path("tsa.ext"), extensions).unwrap();
    let root = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 400";
    let run = |arguments: &str| {
        let done = folder.openssl(arguments);
        assert!(done.status.success(), "{arguments}: {done:?}");
    };
    for (name, subject) in [("root", "/CN=root.example"), ("stranger", "/CN=stranger.example")] {
        run(&format!("{root} -keyout {name}.key -out {name}.pem -subj {subject}"));
    }
    for (kind, options) in [("ec", "ec -pkeyopt ec_paramgen_curve:P-256"), ("rsa", "rsa:2048")] {
        run(&format!(
            "req -newkey {options} -nodes -keyout {kind}.key -out {kind}.csr -subj /CN={kind}.example"
        ));
        run(&format!(
            "x509 -req -in {kind}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 300 -extfile tsa.ext \
             -extensions tsa -out {kind}.pem"
        ));
        std::fs::write(folder.path("openssl.cnf"), CONFIGURATION).unwrap();
        run(&format!(
            "ts -reply -config openssl.cnf -queryfile query -signer {kind}.pem -inkey {kind}.key -out {kind}.tsr"
        ));
    }
    let trust = |name: &str| StampTrust::from_pem(&std::fs::read_to_string(folder.path(name)).unwrap()).unwrap();
    let read = |name: &str| std::fs::read(folder.path(name)).unwrap();
    let issued = check_stamp(&data, &read("ec.tsr")).unwrap();
    assert_eq!(issued.authority, "CN=ec.example");
    issued.is_by(&trust("root.pem")).unwrap();
    issued.is_by(&trust("ec.pem")).unwrap();
    for stranger in ["stranger.pem", "rsa.pem"] {
        assert_eq!(issued.is_by(&trust(stranger)).unwrap_err().code(), "stamp.untrusted");
    }
    assert_eq!(
        check_stamp(&data, &read("rsa.tsr")).unwrap_err().code(),
        "stamp.unsupported"
    );
}

const CONFIGURATION: &str = "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_digest = sha256\n\
                             default_policy = 1.2.3\ndigests = sha256\naccuracy = secs:1, millisecs:500\n\
                             clock_precision_digits = 3\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no\n\
                             ess_cert_id_alg = sha256\n";

/// An authority that is not ours: openssl's own, over its own key.
#[test]
fn a_stamp_by_another_authority_is_read() {
    let folder = Folder::new();
    let request = StampRequest::new(&std::fs::read(folder.path("data")).unwrap(), 5).unwrap();
    std::fs::write(folder.path("query"), request.to_bytes().unwrap()).unwrap();
    std::fs::write(folder.path("key.pem"), authority().key_pem().unwrap().as_str()).unwrap();
    std::fs::write(folder.path("openssl.cnf"), CONFIGURATION).unwrap();
    let made =
        folder.openssl("ts -reply -config openssl.cnf -queryfile query -signer ca.pem -inkey key.pem -out reply");
    assert!(made.status.success(), "{made:?}");
    let reply = std::fs::read(Path::new(&folder.path("reply"))).unwrap();
    assert!(request.read(&reply).unwrap() > 1_700_000_000);
    let trust = StampTrust::from_pem(&authority().certificate_pem().unwrap()).unwrap();
    let data = std::fs::read(folder.path("data")).unwrap();
    check_stamp(&data, &reply).unwrap().is_by(&trust).unwrap();
}

proptest! {
    #[test]
    fn any_request_gets_an_answer(request in any::<Vec<u8>>(), serial in any::<[u8; 16]>()) {
        let answer = authority().answer(&request, NOW, &serial).unwrap();
        prop_assert_eq!(read_stamp(&request, &answer).unwrap_err().code(), "stamp.refused");
    }

    #[test]
    fn a_mutated_request_gets_an_answer(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut request = StampRequest::new(b"data", 5).unwrap().to_bytes().unwrap();
        let at = at.index(request.len());
        request[at] = byte;
        prop_assert!(authority().answer(&request, NOW, &[3; 16]).is_ok());
    }

    #[test]
    fn any_reply_is_read_or_refused(reply in any::<Vec<u8>>()) {
        prop_assert!(read_stamp(b"data", &reply).is_err());
    }

    #[test]
    fn a_mutated_or_cut_reply_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let request = StampRequest::new(b"data", 5).unwrap();
        let mut reply = authority().answer(&request.to_bytes().unwrap(), NOW, &[3; 16]).unwrap();
        let at = at.index(reply.len());
        if cut { reply.truncate(at) } else { reply[at] = byte }
        let _ = request.read(&reply);
    }
}
