//! All that an authority makes, in both suites, judged as whole structures by Bouncy Castle; and what it makes, taken here.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at the first thing that fails, and says what it left out"
)]

#[path = "support/judge.rs"]
mod judge;

use gongshu_certificate::{
    Algorithm, Authority, DocumentSignature, Kind, NewKey, Places, Reason, Revoked, Signer, SigningRequest, Standing,
    StatusRequest, Subject, Term, Trust,
};
use judge::Judge;
use tempfile::TempDir;

/// 2026-11-25, and a day later.
const NOW: u64 = 1_795_564_800;
const LATER: u64 = NOW + 86_400;
const DOCUMENT: &[u8] = "公共数据资源授权运营协议".as_bytes();

/// A root, an issuing authority that says where it publishes, and the judge's folder.
struct Bench {
    folder: TempDir,
    algorithm: Algorithm,
    root: Authority,
    issuing: Authority,
    judge: Judge,
}

impl Bench {
    fn new(algorithm: Algorithm) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let judge = Judge::summon(folder.path())?;
        let root = Authority::root(algorithm, "longhua.example", &[1; 32], &[1; 16], NOW).unwrap();
        let root = root.publishing_at(Some(places("root", None)));
        let issuing = root.issuing("longhua.example", &[2; 32], &[2; 16], NOW).unwrap();
        let status = Some("http://longhua.example/ca/ocsp".to_owned());
        let bench = Self {
            folder,
            algorithm,
            issuing: issuing.publishing_at(Some(places("issuing", status))),
            root,
            judge,
        };
        bench.write("root.pem", bench.root.certificate_pem().unwrap().as_bytes());
        bench.write("issuing.pem", bench.issuing.certificate_pem().unwrap().as_bytes());
        bench.write("document", DOCUMENT);
        bench.write("other", b"another document");
        Some(bench)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    /// Certifies the key of a request into `leaf.pem`; gives the serial number.
    fn certify(&self, request: &[u8], serial: u8) -> String {
        let request = SigningRequest::parse(request).unwrap();
        let subject = Subject::new(Kind::Organization, "区数据局", "区数据局", "pty_agency");
        let term = Term::days(NOW, 365);
        let issued = self.issuing.issue(&request, &subject, &[serial; 16], term).unwrap();
        self.write("leaf.pem", issued.to_pem().unwrap().as_bytes());
        let chain = issued.to_pem().unwrap() + &self.issuing.certificate_pem().unwrap();
        self.write("chain.pem", chain.as_bytes());
        issued.serial()
    }

    fn list(&self, revoked: &[Revoked]) {
        let (term, of) = (
            Term::days(NOW, 7),
            [("issuing", &self.issuing, revoked), ("root", &self.root, &[])],
        );
        for (name, authority, revoked) in of {
            let list = authority.revocation_list(revoked, 1, term).unwrap();
            self.write(&format!("{name}.crl"), &list);
        }
    }
}

fn places(name: &str, status: Option<String>) -> Places {
    Places {
        certificate: format!("http://longhua.example/ca/{name}.cer"),
        list: format!("http://longhua.example/ca/{name}.crl"),
        status,
    }
}

#[test]
fn another_program_verifies_all_of_both_suites_and_is_verified() {
    for algorithm in [Algorithm::EcdsaP256, Algorithm::Sm2] {
        let Some(mut bench) = Bench::new(algorithm) else { return };
        let (key, request) = key(algorithm);
        let serial = bench.certify(request.as_bytes(), 3);
        chains_and_lists(&mut bench, &serial);
        answers(&mut bench);
        signatures(&mut bench, &key);
        a_key_and_a_signature_of_the_judge_are_taken(&mut bench);
    }
}

fn key(algorithm: Algorithm) -> (String, String) {
    let key = NewKey::new(algorithm, &[4; 32]).unwrap();
    (key.to_pem().unwrap().to_string(), key.request_pem().unwrap())
}

fn chains_and_lists(bench: &mut Bench, serial: &str) {
    let chain = |at: u64| format!("chain {at} leaf.pem issuing.pem root.pem");
    bench.list(&[]);
    bench.judge.says("good", &chain(LATER));
    bench
        .judge
        .says("good", &format!("{} issuing.crl root.crl", chain(LATER)));
    bench
        .judge
        .refuses(&format!("{} issuing.crl root.crl", chain(NOW + 8 * 86_400)));
    bench.judge.refuses(&chain(NOW + 366 * 86_400));
    bench.judge.refuses(&chain(NOW - 1));
    // The issuing authority's list says nothing of the issuing authority.
    bench.judge.refuses(&format!("{} issuing.crl", chain(LATER)));
    let revoked = Revoked {
        serial: serial.to_owned(),
        at: NOW + 60,
        reason: Reason::KeyCompromise,
    };
    bench.list(&[revoked]);
    let told = bench.judge.asked(&format!("{} issuing.crl root.crl", chain(LATER)));
    assert!(told.contains("revo"), "{told}");
    let mut list = bench.read("issuing.crl");
    let last = list.len() - 1;
    list[last] ^= 1;
    bench.write("issuing.crl", &list);
    bench.judge.refuses(&format!("{} issuing.crl root.crl", chain(LATER)));
    altered(bench, "leaf.pem", &chain(LATER));
}

/// A certificate with one bit changed is refused, wherever it is.
fn altered(bench: &mut Bench, name: &str, question: &str) {
    let before = bench.read(name);
    let (_, good) = der::pem::decode_vec(&before).unwrap();
    for at in (0..good.len()).step_by(good.len() / 24) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bench.write(name, &bytes);
        bench.judge.refuses(question);
    }
    bench.write(name, &before);
    bench.judge.says("good", question);
}

fn answers(bench: &mut Bench) {
    bench.judge.says("good", "ask leaf.pem issuing.pem request.der");
    let request = StatusRequest::parse(&bench.read("request.der")).unwrap();
    let revoked = Standing::Revoked {
        at: NOW,
        reason: Reason::Superseded,
    };
    let question = |at: u64, issuer: &str| format!("status {at} response.der leaf.pem {issuer}.pem");
    for (standing, told) in [
        (Standing::Good, "good"),
        (revoked, "revoked"),
        (Standing::Unknown, "unknown"),
    ] {
        let response = bench.issuing.answer_status(&request, |_| standing, Term::days(NOW, 2));
        let response = response.unwrap();
        bench.write("response.der", &response);
        bench.judge.says(told, &question(LATER, "issuing"));
        bench.judge.refuses(&question(LATER, "root"));
        bench.judge.refuses(&question(NOW + 3 * 86_400, "issuing"));
        // Within what is signed: the version of the year.
        let mut altered = response.clone();
        let time = altered.windows(5).position(|five| five == b"20261").unwrap();
        altered[time + 3] = b'1';
        bench.write("response.der", &altered);
        bench.judge.refuses(&question(LATER, "issuing"));
    }
}

fn signatures(bench: &mut Bench, key: &str) {
    let chain = String::from_utf8(bench.read("chain.pem")).unwrap();
    let signer = Signer::from_pem(key, &chain).unwrap();
    let signature = signer.sign(DOCUMENT, LATER).unwrap().to_der().unwrap();
    bench.write("signature", &signature);
    let question = |file: &str, root: &str| format!("signature {LATER} signature {file} {root}.pem");
    bench.judge.says("good", &question("document", "root"));
    bench.judge.refuses(&question("other", "root"));
    bench.judge.refuses(&question("document", "leaf"));
    let mut altered = signature.clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    bench.write("signature", &altered);
    bench.judge.refuses(&question("document", "root"));
}

fn a_key_and_a_signature_of_the_judge_are_taken(bench: &mut Bench) {
    let kind = match bench.algorithm {
        Algorithm::EcdsaP256 => "P256",
        Algorithm::Sm2 => "SM2",
    };
    bench.judge.says("good", &format!("request {kind} request.pem"));
    bench.certify(&bench.read("request.pem"), 5);
    bench
        .judge
        .says("good", &format!("chain {LATER} leaf.pem issuing.pem root.pem"));
    bench.judge.says("good", "sign chain.pem document signature");
    let signature = DocumentSignature::parse(&bench.read("signature")).unwrap();
    let by = signature.verify(DOCUMENT).unwrap();
    let root = Trust::from_pem(&bench.root.certificate_pem().unwrap()).unwrap();
    by.check_chain(&root, LATER).unwrap();
    assert!(signature.verify(b"another document").is_err());
}
