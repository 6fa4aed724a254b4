//! What a served district issues and signs, in both suites, judged from outside by nothing but what it publishes at the
//! address that its certificates name: by openssl and pdfsig, and by Bouncy Castle, which knows SM2 as well.

use std::process::Command;

use gongshu_app::certificate::DocumentSignature;
use jiff::Timestamp;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::desk::{Desk, agreement, error_of};
use crate::judge::Judge;
use crate::served::Served;

const SIDES: [(&str, &str); 2] = [("agency", "区数据局"), ("operator", "运营机构")];

#[tokio::test(flavor = "multi_thread")]
async fn certificates_lead_to_their_status_and_signatures_to_their_time() {
    let district = Public::of_suite("international").await;
    district.openssl_asks_where_the_certificate_says();
    let signed = district.signed_inside_with_time_stamps();
    for (file, of) in signed {
        pdfsig_finds_all_valid(&district.desk, &file, of);
        take_out(&district.desk, &file);
        openssl_finds_signature_and_stamp_good(&district.desk);
    }
    district.is_judged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holds_of_the_shangmi_suite() {
    let district = Public::of_suite("shangmi").await;
    district.signed_inside_with_time_stamps();
    district.is_judged().await;
}

/// A district whose certificates name an address, at which it is reached.
struct Public {
    served: Served,
    desk: Desk,
    address: String,
}

impl Public {
    async fn of_suite(suite: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let options = ["--suite", suite, "--address", &address];
        let served = Served::start_with(None, &options, Vec::new());
        let server = served.base.replace("/api/v1", "").replace("http://", "");
        tokio::spawn(forward(listener, server));
        let desk = Desk::of(&served);
        for (login, _) in SIDES {
            for kind in ["key", "pem"] {
                let name = format!("{login}.{kind}");
                std::fs::copy(served.data().join("signing").join(&name), desk.path(&name)).unwrap();
            }
        }
        std::fs::copy(served.data().join("tsa.pem"), desk.path("tsa.pem")).unwrap();
        Self { served, desk, address }
    }

    fn openssl_asks_where_the_certificate_says(&self) {
        let says = |of: &str| {
            let said = self.desk.openssl(&format!("x509 -in agency.pem -noout {of}"));
            String::from_utf8_lossy(&said.stdout).trim().to_owned()
        };
        let address = says("-ocsp_uri");
        assert_eq!(address, format!("{}/ca/ocsp", self.address));
        let text = says("-text");
        for name in ["issuing.cer", "revoked.crl"] {
            assert!(text.contains(&format!("URI:{}/ca/{name}", self.address)), "{text}");
        }
        let ask = format!("ocsp -url {address} -issuer ca/issuing.pem -cert agency.pem -CAfile ca/root.pem");
        let said = self.desk.openssl(&ask);
        let said = [said.stdout, said.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(
            said.contains("Response verify OK") && said.contains("agency.pem: good"),
            "{said}"
        );
        // The lists of the whole chain, the root's included.
        for name in ["root", "revoked"] {
            let list = format!("crl -inform DER -in ca/{name}.crl -out {name}.list.pem");
            self.desk.accepts(&list);
        }
        let lists = "-CRLfile root.list.pem -CRLfile revoked.list.pem";
        let chain = "-x509_strict -crl_check_all -CAfile ca/root.pem -untrusted ca/issuing.pem";
        self.desk.accepts(&format!("verify {chain} {lists} agency.pem"));
    }

    /// Each side signs the copy in its turn; gives the files, and how many signatures each holds. The newest signature of
    /// the newest file is at `inside.p7s`, over `inside`.
    fn signed_inside_with_time_stamps(&self) -> Vec<(String, usize)> {
        let desk = &self.desk;
        std::fs::copy(self.served.data().join("signing/agreement.pdf"), desk.path("0.pdf")).unwrap();
        let authority = format!("{}/tsa", self.address);
        let mut all = Vec::new();
        for (count, (login, name)) in (1..).zip(SIDES) {
            let [from, out] = [count - 1, count].map(|count| format!("{count}.pdf"));
            let [secret, certificate] = ["key", "pem"].map(|kind| format!("{login}.{kind}"));
            let embed = [
                "document",
                "embed",
                &from,
                "--secret",
                &secret,
                "--certificate",
                &certificate,
            ];
            let as_whom = ["--name", name, "--out", &out, "--time-stamps", &authority];
            let signed = desk.gongshu(&[&embed[..], &as_whom].concat());
            assert!(signed.status.success(), "{}", error_of(&signed));
            take_out(desk, &out);
            all.push((out, count));
        }
        all
    }

    /// Bouncy Castle's word on all of it.
    async fn is_judged(&self) {
        let Some(mut judge) = Judge::summon(self.desk.folder.path()) else {
            return;
        };
        judge.says("good", "online agency.pem ca/root.pem");
        let now = Timestamp::now().as_second();
        let inside = |document: &str| format!("signature {now} inside.p7s {document} ca/root.pem");
        judge.says("good", &inside("inside"));
        judge.refuses(&inside("0.pdf"));
        judge.says("good", "stamp inside.p7s tsa.pem");
        judge.refuses("stamp inside.p7s ca/issuing.pem");

        let agency = self.served.person("agency").await;
        let agreement = agreement(&agency).await;
        self.desk.fetch(&agency, &agreement).await;
        self.desk
            .fetch_signature(&agency, &agreement, &agency.party["id"])
            .await;
        judge.says(
            "good",
            &format!("signature {now} agreement.p7s agreement.pdf ca/root.pem"),
        );
        judge.refuses(&format!("signature {now} agreement.p7s 1.pdf ca/root.pem"));
        judge.says("good", "stamp agreement.p7s tsa.pem");

        let serial = agency.get("certificates").await.ok()["items"][0]["serial"].clone();
        let path = format!("certificates/{}/revocation", serial.as_str().unwrap());
        agency.post(&path, &json!({"reason": "key_compromise"})).await.ok();
        judge.says("revoked", "online agency.pem ca/root.pem");
    }
}

/// What anybody reaches, before the server that answers.
async fn forward(listener: TcpListener, server: String) {
    while let Ok((mut client, _)) = listener.accept().await {
        let server = server.clone();
        tokio::spawn(async move {
            let mut answers = TcpStream::connect(server).await.unwrap();
            // Whoever hangs up first ends it.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut answers).await;
        });
    }
}

/// Takes the newest signature out of a PDF, and what it is over, by the byte range that the file names.
fn take_out(desk: &Desk, file: &str) {
    let bytes = std::fs::read(desk.path(file)).unwrap();
    let wanted = b"/ByteRange[0 ";
    let at = bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted)
        .unwrap();
    let numbers = String::from_utf8_lossy(&bytes[at + wanted.len()..at + 80]).into_owned();
    let numbers = numbers.split(']').next().unwrap().split_whitespace();
    let [start, end, rest] = numbers.map(|number| number.parse().unwrap()).collect::<Vec<usize>>()[..] else {
        panic!("{file} has another byte range")
    };
    assert_eq!(end + rest, bytes.len(), "{file} is covered to its end");
    std::fs::write(desk.path("inside"), [&bytes[..start], &bytes[end..]].concat()).unwrap();
    let room = hex::decode(&bytes[start + 1..end - 1]).unwrap();
    assert_eq!(room[..2], [0x30, 0x82], "the signature is of some length");
    let length = 4 + usize::from(u16::from_be_bytes([room[2], room[3]]));
    assert!(room[length..].iter().all(|byte| *byte == 0));
    std::fs::write(desk.path("inside.p7s"), &room[..length]).unwrap();
}

fn pdfsig_finds_all_valid(desk: &Desk, file: &str, count: usize) {
    let mut pdfsig = Command::new("pdfsig");
    let judged = pdfsig.current_dir(desk.folder.path()).args(["-nocert", file]);
    let judged = String::from_utf8_lossy(&judged.output().unwrap().stdout).into_owned();
    assert_eq!(judged.matches("Signature is Valid").count(), count, "{judged}");
    assert_eq!(judged.matches("ETSI.CAdES.detached").count(), count, "{judged}");
}

fn openssl_finds_signature_and_stamp_good(desk: &Desk) {
    let verify = "cms -verify -binary -inform DER -in inside.p7s -CAfile ca/root.pem -purpose any -cades -out /dev/null -content";
    desk.accepts(&format!("{verify} inside"));
    assert!(!desk.openssl(&format!("{verify} 0.pdf")).status.success());
    let signature = DocumentSignature::parse(&std::fs::read(desk.path("inside.p7s")).unwrap()).unwrap();
    std::fs::write(desk.path("value"), signature.value().unwrap()).unwrap();
    std::fs::write(desk.path("token"), signature.time_stamp().unwrap().unwrap()).unwrap();
    let stamp = "ts -verify -in token -token_in -CAfile tsa.pem -data";
    desk.accepts(&format!("{stamp} value"));
    assert!(!desk.openssl(&format!("{stamp} inside")).status.success());
}
