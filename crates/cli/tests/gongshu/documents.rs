//! Documents: an agreement is signed by both sides with keys that the platform does not have; openssl judges, offline too.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use gongshu_app::certificate::DocumentSignature;
use gongshu_app::ledger::note::KeyName;
use gongshu_app::ledger::{NoteSigner, Suite};
use gongshu_app::vault::{Cipher, FileKeyService, VERSION_BYTES_MAX, VaultPlace};
use gongshu_app::{AppError, Clock, District, Entropy, Opening};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::desk::{Desk, agreement, error_of};
use crate::served::{Client, Served};

const CMS: &str = "cms -verify -binary -inform DER -in agreement.p7s -CAfile ca/root.pem -purpose any -cades -out /dev/null \
                   -content";

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_sign_an_agreement_and_openssl_accepts_it() {
    let served = Served::start();
    let desk = Desk::of(&served);
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let agreement = agreement(&agency).await;
    assert_eq!(in_force(&agreement), [&agency.party["id"], &operator.party["id"]]);
    let document = desk.fetch(&agency, &agreement).await;
    assert!(document.starts_with(b"%PDF-"));
    for side in [&agency, &operator] {
        what_the_demo_signed_holds(&desk, &served, &agreement, side).await;
    }
    an_amended_text_is_signed_anew(&desk, &served, &agency, &operator).await;
    let report = served.audit().unwrap();
    assert_eq!(report["difference"], Value::Null);
}

/// By openssl and by `gongshu document verify`, the document untouched and changed, the time-stamp too.
async fn what_the_demo_signed_holds(desk: &Desk, served: &Served, agreement: &Value, side: &Client) {
    let signature = desk.fetch_signature(side, agreement, &side.party["id"]).await;
    desk.accepts(&format!("{CMS} agreement.pdf"));
    let mut changed = std::fs::read(desk.path("agreement.pdf")).unwrap();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(desk.path("changed.pdf"), changed).unwrap();
    assert!(!desk.openssl(&format!("{CMS} changed.pdf")).status.success());

    let parsed = DocumentSignature::parse(&signature).unwrap();
    std::fs::write(desk.path("value"), parsed.value().unwrap()).unwrap();
    std::fs::write(desk.path("token"), parsed.time_stamp().unwrap().unwrap()).unwrap();
    std::fs::copy(served.data().join("tsa.pem"), desk.path("tsa.pem")).unwrap();
    let stamp = "ts -verify -in token -token_in -CAfile tsa.pem -data";
    desk.accepts(&format!("{stamp} value"));
    assert!(!desk.openssl(&format!("{stamp} agreement.pdf")).status.success());

    let verify = |file: &str| {
        desk.gongshu(&[
            "document",
            "verify",
            file,
            "agreement.p7s",
            "--root",
            "ca/root.pem",
            "--authority",
            "tsa.pem",
            "--json",
        ])
    };
    let good = verify("agreement.pdf");
    assert!(good.status.success(), "{}", error_of(&good));
    let report: Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!(
        (&report["verified"], &report["time_stamp"]["trusted"]),
        (&json!(true), &json!(true))
    );
    let bad = verify("changed.pdf");
    assert!(
        !bad.status.success() && error_of(&bad).contains("signature.document"),
        "{}",
        error_of(&bad)
    );
}

async fn an_amended_text_is_signed_anew(desk: &Desk, served: &Served, agency: &Client, operator: &Client) {
    let before = agreement(agency).await;
    let id = before["id"].as_str().unwrap();
    let clauses = json!({"违约责任": "违约方赔偿全部损失；严重违约的，实施机构可终止授权。"});
    let of = json!({"agreement": id, "clauses": clauses, "reason": "明确赔偿范围"});
    agency.act("propose_amendment", of).await.ok();
    operator
        .act("accept_amendment", acceptance(&agreement(agency).await))
        .await
        .ok();
    let amended = agreement(agency).await;
    assert_eq!(in_force(&amended).len(), 0);
    let old = desk.fetch_signature(agency, &amended, &agency.party["id"]).await;
    let path = format!("agreements/{id}/signatures");
    let submit =
        |signature: &[u8]| json!({"signature": DocumentSignature::parse(signature).unwrap().to_pem().unwrap()});
    let text = desk.fetch(agency, &amended).await;
    agency.post(&path, &submit(&old)).await.refused_by(422, "record.input");

    let made = desk.sign(served, "agency");
    // Another's key signs for nobody, and hashes without a signature do not either.
    operator
        .post(&path, &submit(&made))
        .await
        .refused_by(422, "record.input");
    let hash = "ab".repeat(32);
    let document =
        json!({"terms_sha256": hash, "document_sha256": hash, "signature_sha256": hash, "certificate_sha256": hash});
    for command in ["seal_agreement", "sign_agreement"] {
        let raw = agency
            .act(command, json!({"agreement": id, "document": document}))
            .await;
        assert_eq!(raw.status.as_u16(), 400, "{}", raw.text);
    }
    agency
        .post(&path, &json!({"signature": "no signature"}))
        .await
        .refused_by(422, "record.input");
    let signed = agency.post(&path, &submit(&made)).await.ok();
    assert!(signed["receipt"]["index"].as_u64().is_some(), "{signed}");
    agency.post(&path, &submit(&made)).await.refused_by(409, "record.state");

    // The operator signs with openssl.
    let keys = served.data().join("signing");
    let openssl = format!(
        "cms -sign -binary -md sha256 -cades -signer {keys}/operator.pem -inkey {keys}/operator.key -certfile ca/issuing.pem \
         -in agreement.pdf -outform PEM -out operator.p7s",
        keys = keys.display()
    );
    desk.accepts(&openssl);
    let made = std::fs::read(desk.path("operator.p7s")).unwrap();
    operator.post(&path, &submit(&made)).await.ok();
    let now = agreement(agency).await;
    assert_eq!(in_force(&now), [&agency.party["id"], &operator.party["id"]]);
    assert_eq!(now["signatures"].as_array().unwrap().len(), 4);
    assert_eq!(
        desk.fetch(operator, &now).await,
        text,
        "the document that was signed is kept"
    );
}

/// What accepts the amendment that waits.
fn acceptance(agreement: &Value) -> Value {
    json!({"agreement": agreement["id"], "terms_sha256": agreement["proposed"]["terms_sha256"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_is_in_force_once_both_sides_have_signed_its_text() {
    for proposer in ["agency", "operator"] {
        amended_by_signatures(proposer).await;
    }
}

/// The side that proposes signs first, and the other's signature accepts.
async fn amended_by_signatures(proposer: &str) {
    let served = Served::start();
    let desk = Desk::of(&served);
    let (agency, operator) = (served.person("agency").await, served.person("operator").await);
    let before = agreement(&agency).await;
    let id = before["id"].as_str().unwrap();
    let (path, text) = (
        format!("agreements/{id}/amendment/signatures"),
        format!("agreements/{id}/amendment/document"),
    );
    agency.get(&text).await.refused_by(404, "record.unknown");
    let clauses = json!({"违约责任": "违约方赔偿全部损失；严重违约的，实施机构可终止授权。"});
    let of = json!({"agreement": id, "clauses": clauses, "reason": "明确赔偿范围"});
    let sides = match proposer {
        "agency" => [(&agency, "agency"), (&operator, "operator")],
        _ => [(&operator, "operator"), (&agency, "agency")],
    };
    let [(first, _), (second, _)] = sides;
    first.act("propose_amendment", of).await.ok();
    assert_eq!(
        agreement(&agency).await["clauses"],
        before["clauses"],
        "proposed is not agreed"
    );
    let stale = json!({"agreement": id, "terms_sha256": "0".repeat(64)});
    second
        .act("accept_amendment", stale)
        .await
        .refused_by(422, "agreement.amendment");
    for (side, login) in sides {
        desk.save(side, &text, "agreement.pdf").await;
        let made = DocumentSignature::parse(&desk.sign(&served, login)).unwrap();
        side.post(&path, &json!({"signature": made.to_pem().unwrap()}))
            .await
            .ok();
    }
    let amended = agreement(&agency).await;
    assert_eq!(
        (&amended["clauses"]["违约责任"], &amended["proposed"]),
        (&clauses["违约责任"], &Value::Null)
    );
    assert_eq!(
        in_force(&amended),
        [&first.party["id"], &second.party["id"]],
        "nothing is left to sign"
    );
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_signs_nothing() {
    let served = Served::start();
    let desk = Desk::of(&served);
    let agency = served.person("agency").await;
    let operator = served.person("operator").await;
    let id = agreement(&agency).await["id"].clone();
    let of = json!({"agreement": id, "purposes": ["信贷审核", "环境信息服务", "收入结构研究", "疫情防控信息服务"],
        "clauses": {"期限": "自签署之日起五年。"}, "reason": "文字调整"});
    agency.act("propose_amendment", of).await.ok();
    operator
        .act("accept_amendment", acceptance(&agreement(&agency).await))
        .await
        .ok();
    let amended = agreement(&agency).await;
    desk.fetch(&agency, &amended).await;
    let made = DocumentSignature::parse(&desk.sign(&served, "agency"))
        .unwrap()
        .to_pem()
        .unwrap();
    let serial = agency.get("certificates").await.ok()["items"][0]["serial"].clone();
    let revocation = format!("certificates/{}/revocation", serial.as_str().unwrap());
    agency
        .post(&revocation, &json!({"reason": "key_compromise"}))
        .await
        .ok();
    let path = format!("agreements/{}/signatures", id.as_str().unwrap());
    agency
        .post(&path, &json!({"signature": made}))
        .await
        .refused_by(422, "record.input");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_of_the_shangmi_suite_signs_with_sm2() {
    let served = Served::of_suite("shangmi");
    let desk = Desk::of(&served);
    let agency = served.person("agency").await;
    let agreement = agreement(&agency).await;
    assert_eq!(in_force(&agreement).len(), 2);
    desk.fetch(&agency, &agreement).await;
    let signature = desk.fetch_signature(&agency, &agreement, &agency.party["id"]).await;
    let parsed = DocumentSignature::parse(&signature).unwrap();
    std::fs::write(desk.path("attributes"), parsed.signed_bytes().unwrap()).unwrap();
    std::fs::write(desk.path("value"), parsed.value().unwrap()).unwrap();
    let certificate = served.data().join("signing/agency.pem");
    desk.accepts(&format!(
        "x509 -in {} -pubkey -noout -out public.pem",
        certificate.display()
    ));
    desk.accepts(
        "pkeyutl -verify -pubin -inkey public.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678 -sigfile value -in \
         attributes",
    );
    let good = desk.gongshu(&[
        "document",
        "verify",
        "agreement.pdf",
        "agreement.p7s",
        "--root",
        "ca/root.pem",
    ]);
    assert!(good.status.success(), "{}", error_of(&good));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_chinese_fonts_a_server_says_what_to_install() {
    let mut served = Served::start();
    let agency = served.person("agency").await;
    let id = agreement(&agency).await["id"].clone();
    let operator = served.person("operator").await;
    let of = json!({"agreement": id, "clauses": {"期限": "自签署之日起五年。"}, "reason": "文字调整"});
    agency.act("propose_amendment", of).await.ok();
    operator
        .act("accept_amendment", acceptance(&agreement(&agency).await))
        .await
        .ok();
    served.kill();
    let empty = tempfile::tempdir().unwrap();
    served.restart_under(&[("GONGSHU_FONTS", empty.path().display().to_string())]);
    let agency = served.person("agency").await;
    let reply = agency
        .get(&format!("agreements/{}/document", id.as_str().unwrap()))
        .await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["code"]),
        (503, &json!("document.font")),
        "{}",
        reply.text
    );
    assert!(reply.text.contains("fonts-noto-cjk"), "{}", reply.text);
}

/// Whose signatures are on the terms as they stand.
fn in_force(agreement: &Value) -> Vec<&Value> {
    let signatures = agreement["signatures"].as_array().unwrap().iter();
    let in_force = signatures.filter(|signature| signature["in_force"] == true);
    in_force.map(|signature| &signature["party"]["id"]).collect()
}

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-12-01T02:00:00Z".parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_query_code_certifies_is_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let district = open(folder.path()).await;
    let act = async |party: &str, command: &str, of: Value| {
        let actor = serde_json::from_value(json!({"party": party, "person": null})).unwrap();
        let command = serde_json::from_value(json!({"command": command, "of": of})).unwrap();
        district.act(actor, command, None).await.unwrap();
    };
    for (id, role, name) in [
        ("pty_agency", "agency", "区数据局"),
        ("pty_market", "provider", "区市场监管局"),
    ] {
        let party = json!({"id": id, "role": role, "name": name, "code": null});
        act(
            "pty_agency",
            "register_party",
            json!({"party": party, "organization": false}),
        )
        .await;
    }
    let field = json!({"name": "code", "type": "text", "meaning": "统一社会信用代码", "level": 3,
        "release": {"rule": "consented"}, "nullable": false});
    let resource = json!({"id": "res_firms", "provider": "pty_market", "name": "企业登记", "table": "firms",
        "summary": "企业登记信息", "field_of_application": "金融服务", "fields": [field], "subject_key": "code", "controls": [],
        "frequency": "每日", "boundary": "不得用于画像", "legal_basis": "市场主体登记管理条例", "contact": "登记科", "source": {}});
    act("pty_market", "register_resource", resource).await;
    let material = json!({"name": "来源合法性说明", "document_sha256": "ab".repeat(32)});
    let application = json!({"id": "reg_1", "thing": {"kind": "resource", "resource": "res_firms"},
        "registration_type": "first", "reason": "首次登记", "materials": [material]});
    act("pty_market", "apply_registration", application).await;
    act(
        "pty_agency",
        "accept_registration",
        json!({"registration": "reg_1", "passed": true}),
    )
    .await;
    let review = json!({"registration": "reg_1", "passed": true, "notice": "区政府门户网站"});
    act("pty_agency", "review_registration", review).await;
    act(
        "pty_agency",
        "assign_code",
        json!({"registration": "reg_1", "code": "440309-R-000001"}),
    )
    .await;
    let snapshot = district.snapshot();
    let registration = snapshot.state.registrations.values().next().unwrap();
    let code = registration.certificate().unwrap().query_code.clone();
    let first = district.registration_document(&code.to_lowercase()).await.unwrap();
    assert_eq!(first, district.registration_document(&code).await.unwrap());
    std::fs::write(folder.path().join("certificate.pdf"), &first).unwrap();
    let text = Command::new("pdftotext")
        .arg(folder.path().join("certificate.pdf"))
        .arg("-")
        .output()
        .unwrap();
    let text: String = String::from_utf8(text.stdout).unwrap().split_whitespace().collect();
    for said in [
        "公共数据资源登记证",
        "440309-R-000001",
        "企业登记",
        "区市场监管局",
        "2026年12月1日",
        &code,
    ] {
        assert!(text.contains(said), "`{said}` is not in {text}");
    }
    let unknown = district.registration_document("0000000000000000").await;
    assert!(matches!(unknown, Err(AppError::Refused { .. })), "{unknown:?}");
}

async fn open(folder: &Path) -> District {
    let national = include_str!("../../../../rules/national.toml").replace("publicity_days = 10", "publicity_days = 0");
    let calendar = include_str!("../../../../rules/calendar.toml").to_owned();
    let keys = FileKeyService::open_or_create(&folder.join("master.key"), Cipher::Aes256Gcm, &mut rand::rng());
    let name = KeyName::new("gongshu.example/papers").unwrap();
    let opening = Opening {
        name: "示范区".to_owned(),
        store_url: format!("sqlite://{}", folder.join("district.db").display()),
        vault: VaultPlace::Folder(folder.join("vault")),
        version_bytes_max: VERSION_BYTES_MAX,
        site_lock: folder.join("vault.lock"),
        saved_state: None,
        keys: Arc::new(keys.unwrap()),
        packs: vec![national, calendar],
        signer: NoteSigner::from_seed(Suite::International, name, &[7; 32]).unwrap(),
        clock: Arc::new(Still),
        entropy: Entropy::from_seed(1),
        cluster: None,
        address: None,
        engine: gongshu_app::engine::Config::default(),
    };
    District::open(opening).await.unwrap()
}
