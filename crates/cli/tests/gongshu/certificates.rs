//! Certificates: a code enrols once, what is issued is on record, what is revoked is on the list; openssl judges.

use std::path::Path;
use std::process::{Command, Output};

use base64::Engine as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::served::{Client, Served};

const GONGSHU: &str = env!("CARGO_BIN_EXE_gongshu");
const SM2_ID: &str = "distid:1234567812345678";

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_enrols_renews_and_is_revoked() {
    let served = Served::start();
    let bench = Bench::of(&served);
    let bank = served.person("bank").await;
    let code = code(&bank, "service", "核验服务").await;
    let first = bench.enrol(&code, "first");
    assert!(bench.verifies("first"));
    used_codes_are_worth_nothing(&bench, &code).await;
    a_bad_request_leaves_the_code(&bench, &bank).await;

    // Another party can't touch it; its own renews it, and the old one is on the list.
    let provider = served.person("market").await;
    let reason = json!({"reason": "key_compromise"});
    let path = format!("certificates/{first}/revocation");
    provider.post(&path, &reason).await.refused_by(404, "record.unknown");
    assert_eq!(bench.status("first"), "good");
    let machine = served.machine().await;
    let key = machine.key.clone().unwrap();
    let second = bench.serial_of(&bench.run(&["ca", "renew", &first, "--key", &key], Some("second")));
    assert!(bench.verifies("second"), "the renewed one is good");
    assert!(!bench.verifies("first"), "the old one is superseded");
    bench.run(&["ca", "revoke", &second, "key_compromise", "--key", &key], None);
    assert!(!bench.verifies("second"));
    assert_eq!(
        ["first", "second"].map(|name| bench.status(name)),
        ["revoked", "revoked"]
    );
    assert_eq!(bench.asked_by_address("second"), "revoked");
    who_runs_and_who_watches_the_platform_revoke_any(&served, &bench).await;

    let items = bank.get("certificates").await.ok()["items"].clone();
    let mut stands: Vec<(&str, &str)> = items.as_array().unwrap().iter().map(standing).collect();
    stands.sort_unstable();
    stands.retain(|(serial, _)| [&first, &second].iter().any(|own| serial == own));
    let mut wanted = [(first.as_str(), "superseded"), (second.as_str(), "key_compromise")];
    wanted.sort_unstable();
    assert_eq!(stands, wanted);
    served_record_holds(served);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_credential_on_record_ends_its_certificate() {
    let served = Served::of_suite("shangmi");
    let bench = Bench::of(&served);
    let bank = served.person("bank").await;
    let enrolled = bench.request_body();
    let body = json!({"code": code(&bank, "person", "张三").await, "request": enrolled});
    let issued = bank.post("certificates", &body).await.ok();
    std::fs::write(bench.path("leaf.pem"), issued["chain"].as_str().unwrap()).unwrap();
    bench.is_by_the_sm2_authority("leaf.pem");
    assert!(!bench.list().contains(issued["serial"].as_str().unwrap()));
    let events = issued["receipt"]["openings"]["events"]["value"].as_str().unwrap();
    let events: Value = serde_json::from_str(events).unwrap();
    let credential = find(&events, "id").unwrap();
    let revoke = bank.act("revoke_credential", json!({"credential": credential})).await;
    revoke.ok();
    assert!(bench.list().contains(issued["serial"].as_str().unwrap()));
    let items = bank.get("certificates").await.ok()["items"].clone();
    assert_eq!(standing(&items[0]).1, "privilege_withdrawn");
    served_record_holds(served);
}

/// A folder with the authority's certificates, and openssl to judge what it issues.
struct Bench {
    folder: TempDir,
    server: String,
}

impl Bench {
    fn of(served: &Served) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            server: served.base.replace("/api/v1", ""),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Runs a command against the server; with a name, a new key and certificate go into files of that name.
    fn run(&self, arguments: &[&str], name: Option<&str>) -> String {
        let output = self.tried(arguments, name);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn tried(&self, arguments: &[&str], name: Option<&str>) -> Output {
        let mut command = Command::new(GONGSHU);
        command.args(arguments).args(["--server", &self.server]);
        if let Some(name) = name {
            let files = [self.path(&format!("{name}.key")), self.path(&format!("{name}.pem"))];
            command.args(["--secret", &files[0], "--out", &files[1]]);
        }
        command.output().unwrap()
    }

    fn enrol(&self, code: &str, name: &str) -> String {
        self.serial_of(&self.run(&["ca", "enrol", "--code", code], Some(name)))
    }

    fn serial_of(&self, said: &str) -> String {
        let serial = said
            .split(' ')
            .find(|word| word.len() > 30)
            .unwrap_or_else(|| panic!("{said}"));
        serial
            .trim_end_matches(|c: char| !c.is_ascii_hexdigit())
            .split('，')
            .next()
            .unwrap()
            .to_owned()
    }

    /// Runs openssl in the folder.
    fn openssl(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(arguments.split(' '));
        command.output().unwrap()
    }

    /// The newest list, as openssl shows it; the authority's certificates are fetched with it.
    fn list(&self) -> String {
        self.run(&["ca", "fetch", &self.path("ca")], None);
        let shown = self.openssl("crl -inform DER -in ca/revoked.crl -out list.pem -text");
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        std::fs::read_to_string(self.path("list.pem")).unwrap().to_lowercase()
    }

    /// Whether openssl finds the certificate good now, by the root, the issuing authority and the newest list.
    fn verifies(&self, name: &str) -> bool {
        self.list();
        let authorities = "-CAfile ca/root.pem -untrusted ca/issuing.pem";
        let verify = format!("verify -x509_strict -crl_check {authorities} -CRLfile list.pem {name}.pem");
        self.openssl(&verify).status.success()
    }

    /// What the authority answers openssl of a certificate (OCSP), signed.
    fn status(&self, name: &str) -> String {
        self.list();
        self.told(&format!("ocsp -url {}/ca/ocsp", self.server), name)
    }

    /// The same, asked by an address that any cache on the way understands.
    fn asked_by_address(&self, name: &str) -> String {
        let asked = format!("ocsp -issuer ca/issuing.pem -cert {name}.pem -no_nonce -reqout asked.der");
        assert!(self.openssl(&asked).status.success());
        let request = base64::engine::general_purpose::STANDARD.encode(std::fs::read(self.path("asked.der")).unwrap());
        let request = request.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let got = Command::new("curl")
            .args(["--silent", "--fail", "--output", &self.path("told.der")])
            .arg(format!("{}/ca/ocsp/{request}", self.server))
            .status();
        assert!(got.unwrap().success());
        self.told("ocsp -respin told.der -no_nonce", name)
    }

    fn told(&self, how: &str, name: &str) -> String {
        let of = format!("-issuer ca/issuing.pem -cert {name}.pem -CAfile ca/root.pem");
        let asked = self.openssl(&format!("{how} {of}"));
        let said = [asked.stdout, asked.stderr]
            .map(|said| String::from_utf8_lossy(&said).into_owned())
            .concat();
        assert!(said.contains("Response verify OK"), "{said}");
        let standing = said
            .split_once(&format!("{name}.pem: "))
            .unwrap_or_else(|| panic!("{said}"))
            .1;
        standing.lines().next().unwrap().to_owned()
    }

    /// OpenSSL 3.0 takes the identifier for the certificate it is asked about alone: each link is a question.
    fn is_by_the_sm2_authority(&self, leaf: &str) {
        self.list();
        let links = [
            ("-partial_chain -CAfile ca/issuing.pem", leaf),
            ("-CAfile ca/root.pem", "ca/issuing.pem"),
        ];
        for (above, certificate) in links {
            let verify = format!("verify -x509_strict {above} -vfyopt {SM2_ID} {certificate}");
            let found = self.openssl(&verify);
            assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        }
    }

    /// A request that openssl makes with an SM2 key.
    fn request_body(&self) -> String {
        let made = self.openssl("genpkey -algorithm SM2 -out sm2.key");
        assert!(made.status.success());
        let request = format!("req -new -key sm2.key -subj /CN=x -sm3 -sigopt {SM2_ID} -out request.pem");
        assert!(self.openssl(&request).status.success());
        std::fs::read_to_string(self.path("request.pem")).unwrap()
    }
}

async fn code(person: &Client, kind: &str, name: &str) -> String {
    let issued = person
        .post("certificates/codes", &json!({"kind": kind, "name": name}))
        .await
        .ok();
    issued["code"].as_str().unwrap().to_owned()
}

/// The operator and the supervisor see the certificates of all parties, and can stop one that is in wrong hands.
async fn who_runs_and_who_watches_the_platform_revoke_any(served: &Served, bench: &Bench) {
    let bank = served.person("bank").await;
    for login in ["operator", "supervisor"] {
        let serial = bench.enrol(&code(&bank, "service", login).await, login);
        let revoker = served.person(login).await;
        let seen = revoker.get("certificates").await.ok()["items"].clone();
        let held = seen
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["serial"] == serial.as_str())
            .unwrap();
        assert_eq!((&held["party"], &held["status"]), (&bank.party["name"], &json!("good")));
        let path = format!("certificates/{serial}/revocation");
        revoker
            .post(&path, &json!({"reason": "privilege_withdrawn"}))
            .await
            .ok();
        assert_eq!(bench.status(login), "revoked");
    }
}

async fn used_codes_are_worth_nothing(bench: &Bench, code: &str) {
    let again = bench.tried(&["ca", "enrol", "--code", code], Some("again"));
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && told.contains("登记码"), "{told}");
    assert!(
        !Path::new(&bench.path("again.key")).exists(),
        "no key without a certificate"
    );
}

async fn a_bad_request_leaves_the_code(bench: &Bench, bank: &Client) {
    let code = code(bank, "service", "另一服务").await;
    let bad = bank
        .post("certificates", &json!({"code": code, "request": "no request"}))
        .await;
    bad.refused_by(422, "record.input");
    let sm2 = bank
        .post("certificates", &json!({"code": code, "request": bench.request_body()}))
        .await;
    sm2.refused_by(422, "record.input");
    let unnamed = bank
        .post("certificates/codes", &json!({"kind": "service", "name": " "}))
        .await;
    unnamed.refused_by(422, "record.input");
}

fn standing(item: &Value) -> (&str, &str) {
    let word = |name: &str| item[name].as_str().unwrap_or_default();
    (
        word("serial"),
        if item["status"] == "revoked" {
            word("reason")
        } else {
            word("status")
        },
    )
}

/// The first text of this name, however deep.
fn find(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(members) => members
            .get(name)
            .and_then(|found| found.as_str().map(str::to_owned))
            .or_else(|| members.values().find_map(|member| find(member, name))),
        Value::Array(items) => items.iter().find_map(|item| find(item, name)),
        _ => None,
    }
}

fn served_record_holds(mut served: Served) {
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    // The authority comes back from its wrapped keys.
    served.restart();
}
