//! Bad input gets a clear error and changes nothing.

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::served::{Client, Reply, Served, calls_path, example_call};

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_explained_and_leave_no_entry() {
    let served = Served::start();
    let (agency, bank) = (served.person("agency").await, served.person("bank").await);
    let (operator, partner) = (served.person("operator").await, served.person("partner").await);
    let product = bank.named("products", "企业登记核验").await;
    let scenario = product["scenario"]["id"].clone();
    let size = size(&bank).await;

    operator
        .act("set_price", json!({"product": product["id"], "price": "99.00"}))
        .await
        .refused_by(422, "price.ceiling");
    bank.act("grant_scenario", json!({"scenario": scenario}))
        .await
        .refused_by(403, "power.act");
    agency
        .act("grant_scenario", json!({"scenario": "scn_unknown"}))
        .await
        .refused_by(404, "record.unknown");
    six_years(&agency, &operator).await.refused_by(422, "agreement.term");
    for sql in [
        "SELECT sum(capital) FROM firms WHERE code <> ''",
        "SELECT count(*) FROM firms WHERE capital > 5",
        "SELECT * FROM census",
    ] {
        let reply = partner
            .post("queries/check", &json!({"scenario": scenario, "sql": sql}))
            .await;
        assert!(
            reply.json()["code"].as_str().unwrap().starts_with("flow."),
            "{sql}: {reply:?}"
        );
    }
    // The demo has destroyed the only version of this resource.
    let destroyed = bank.named("products", "疫情日报").await;
    let asked = json!({"scenario": destroyed["scenario"]["id"], "sql": "SELECT count(*) FROM covid_daily"});
    operator
        .post("queries/check", &asked)
        .await
        .refused_by(410, "version.available");
    let mut call = example_call(&product);
    call["parameters"]["code"] = json!(["a", "list"]);
    bank.post(&calls_path(&product), &call)
        .await
        .refused_by(422, "record.input");
    call["parameters"] = json!({"code": "91440300", "nmae": "x"});
    bank.post(&calls_path(&product), &call)
        .await
        .refused_by(422, "record.input");

    let malformed = bank
        .request(reqwest::Method::POST, "acts")
        .header("content-type", "application/json")
        .body("{");
    let malformed = Reply::of(malformed.send().await.unwrap()).await;
    assert_eq!(malformed.status, 400, "{malformed:?}");
    assert!(
        malformed.json()["detail"].is_string(),
        "a problem document: {malformed:?}"
    );
    let unknown = bank.act("abolish_everything", json!({})).await;
    assert_eq!(unknown.status, 400, "{unknown:?}");
    let stale = bank
        .request(reqwest::Method::POST, "acts")
        .header("if-match", "yesterday")
        .json(&json!({"command": "x", "of": {}}));
    assert_eq!(stale.send().await.unwrap().status(), 400);
    let foreign = bank
        .http
        .post(format!("{}/acts", bank.base))
        .json(&json!({"command": "x", "of": {}}));
    assert_eq!(
        foreign.send().await.unwrap().status(),
        403,
        "another site's page cannot act by cookie"
    );
    let wrong_key = Client {
        key: Some("gsk_wrong".to_owned()),
        http: reqwest::Client::new(),
        ..bank.clone()
    };
    assert_eq!(wrong_key.get("tasks").await.status, 401);

    assert_eq!(self::size(&bank).await, size, "nothing of this is in the ledger");
    served.audit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_row_rejects_the_file_and_is_named_by_line_and_column() {
    let served = Served::start();
    let market = served.person("market").await;
    let field = |name: &str, kind: &str| json!({"name": name, "type": kind, "meaning": name, "level": 1, "release": {"rule": "open"}, "nullable": true});
    let column = |name: &str, kind: &str| json!({"name": name, "source": {"header": name}, "column_type": kind});
    let registered = market.act("register_resource", json!({
        "name": "路灯", "table": "lamps", "summary": "路灯", "field_of_application": "城市治理",
        "fields": [field("id", "text"), field("watts", "integer")], "subject_key": null, "frequency": "每年",
        "boundary": "无", "legal_basis": "法定职责", "contact": "示范联系人",
        "source": {"format": {"kind": "csv", "delimiter": ",", "header": true, "encoding": "utf8", "null_markers": [""], "trim": false},
                   "columns": [column("id", "text"), column("watts", "integer")], "bad_rows": "reject"},
    })).await.ok();
    let size = size(&market).await;
    let path = format!("resources/{}/versions", registered["id"].as_str().unwrap());
    let upload = |text: &'static str| {
        let request = market
            .request(reqwest::Method::POST, &path)
            .header("content-type", "application/octet-stream");
        async move { Reply::of(request.body(text).send().await.unwrap()).await }
    };
    let reply = upload("id,watts\nA1,40\nA2,vierzig\n").await;
    assert_eq!(reply.status, 422, "{reply:?}");
    let row = &reply.json()["rows"][0];
    assert_eq!(
        (row["line"].as_u64(), row["column"].as_u64()),
        (Some(3), Some(2)),
        "{reply:?}"
    );
    assert_eq!(self::size(&market).await, size, "a rejected file leaves no entry");
    let accepted = upload("id,watts\nA1,40\nA2,60\n").await.ok();
    assert_eq!(accepted["rows"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_entry_or_checkpoint_in_the_database_is_found_by_the_audit() {
    let mut served = Served::start();
    served.kill();
    served.audit().unwrap();
    let url = format!("sqlite://{}", served.data().join("district.db").display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let altered: Vec<u8> = sqlx::query_scalar("SELECT entry FROM ledger_entries WHERE idx = 30")
        .fetch_one(&mut database)
        .await
        .unwrap();
    let mut flipped = altered.clone();
    flipped[20] ^= 1;
    let put = "UPDATE ledger_entries SET entry = $1 WHERE idx = 30";
    sqlx::query(put).bind(&flipped).execute(&mut database).await.unwrap();
    let found = served.audit().unwrap_err();
    assert!(found.contains("entry 30"), "{found}");
    sqlx::query(put).bind(&altered).execute(&mut database).await.unwrap();
    served.audit().unwrap();
    sqlx::query("UPDATE acts SET command = replace(command, '7000', '9000') WHERE act = 'agreement.propose'")
        .execute(&mut database)
        .await
        .unwrap();
    served.audit().unwrap_err();
}

async fn six_years(agency: &Client, operator: &Client) -> Reply {
    let known = agency.get("agreements").await.ok()["items"][0].clone();
    let from = known["term"]["from"].as_str().unwrap();
    let year: i32 = from[..4].parse().unwrap();
    let ids: Vec<&Value> = known["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| &resource["id"])
        .collect();
    let selection = agency.get("selections").await.ok()["items"][0]["id"].clone();
    agency
        .act(
            "propose_agreement",
            json!({
                "title": "六年期", "selection": selection, "operator": operator.party["id"], "resources": ids, "purposes": known["purposes"],
                "clauses": known["clauses"], "shares": [{"party": operator.party["id"], "share": 10_000}],
                "term": {"from": from, "until": format!("{}{}", year + 6, &from[4..])},
            }),
        )
        .await
}

async fn size(client: &Client) -> u64 {
    client.get("district").await.ok()["size"].as_u64().unwrap()
}
