//! What a call carried is erased: gone from the database's files, proved as before, and an audit knows why.

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::served::{Client, Reply, Served, calls_path, example_call};

/// A name that stands nowhere else.
const NAME: &str = "独一无二有限责任公司";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_call_carried_is_erased_by_order_and_its_proof_stays() {
    let mut served = Served::start();
    served.consent().await;
    let machine = served.machine().await;
    let product = machine.named("products", "企业登记核验").await;
    let mut body = example_call(&product);
    body["parameters"]["name"] = json!(NAME);
    let answer = keyed(&machine, &product, &body).await;
    let (saved, entry) = (answer.text.clone(), answer.ok()["receipt"]["index"].clone());
    let private = "SELECT length(private) FROM calls WHERE idx = $1";
    assert!(asked(&served, private, &entry).await > 0);

    let operator = served.person("operator").await;
    let order = |ground: &str| json!({"entries": [entry], "ground": ground, "basis": "法院通知书"});
    let early = operator.act("erase_calls", order("retention_over")).await;
    early.refused_by(422, "erasure.retention");
    operator
        .act("erase_calls", order("ordered"))
        .await
        .refused_by(422, "erasure.ground");
    machine
        .act("erase_calls", order("retention_over"))
        .await
        .refused_by(403, "power.act");
    let supervisor = served.person("supervisor").await;
    let act = json!({"entries": [0], "ground": "ordered", "basis": "法院通知书"});
    supervisor.act("erase_calls", act).await.refused_by(422, "record.input");
    let erased = supervisor.act("erase_calls", order("ordered")).await.ok();
    assert_eq!(
        supervisor.get("erasures").await.ok()["items"][0]["entries"],
        json!([entry])
    );

    let again = keyed(&machine, &product, &body).await;
    assert_eq!(
        (again.status.as_u16(), again.json()["code"].as_str()),
        (410, Some("call.erased"))
    );
    let policy = gongshu_ledger::Policy::new(served.log_key()).unwrap();
    gongshu_ledger::verify_answer(&saved, &policy).unwrap();
    let index = &erased["receipt"]["index"];
    let receipt = machine.get(&format!("entries/{index}/receipt")).await.ok();
    assert!(
        receipt["proof"]
            .as_str()
            .is_some_and(|proof| proof.starts_with("c2sp.org/tlog-proof@v1")),
        "{receipt}"
    );

    served.kill();
    for file in ["district.db", "district.db-wal"] {
        let bytes = std::fs::read(served.data().join(file)).unwrap_or_default();
        let found = bytes.windows(NAME.len()).any(|window| window == NAME.as_bytes());
        assert!(!found, "{file} still holds what was erased");
    }
    assert_eq!(served.audit().unwrap()["erased"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_tells_what_vanished_without_an_order() {
    let mut served = Served::start();
    served.kill();
    served.audit().unwrap();
    let mut database = database(&served).await;
    let vanish = "UPDATE calls SET private = '' WHERE idx = (SELECT max(idx) FROM calls)";
    sqlx::query(vanish).execute(&mut database).await.unwrap();
    let found = served.audit().unwrap_err();
    assert!(
        found.contains("payload") && found.contains("no erasure on record"),
        "{found}"
    );
}

async fn keyed(machine: &Client, product: &Value, body: &Value) -> Reply {
    let request = machine
        .request(reqwest::Method::POST, &calls_path(product))
        .header("idempotency-key", "erased");
    Reply::of(request.json(body).send().await.unwrap()).await
}

async fn database(served: &Served) -> SqliteConnection {
    let url = format!("sqlite://{}", served.data().join("district.db").display());
    SqliteConnection::connect(&url).await.unwrap()
}

async fn asked(served: &Served, text: &'static str, entry: &Value) -> i64 {
    let query = sqlx::query_scalar(text).bind(entry.as_i64());
    query.fetch_one(&mut database(served).await).await.unwrap()
}
