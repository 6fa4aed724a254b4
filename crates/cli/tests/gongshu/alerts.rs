//! Alerts over HTTP: a consumer passes a bound, whoever has to sees it, it is handled, and an audit derives it again.

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::failed::entry;
use crate::served::{Client, Served, calls_path, example_call};
use crate::sheets::says;

/// More than the demo has refused, and [`FEW`].
const REFUSALS: u64 = 8;
/// Refusals that are nothing out of the ordinary, with those of the demo.
const FEW: u64 = 3;

/// A district in which so many refused calls of a day are out of the ordinary.
fn watchful() -> Served {
    let mut served = Served::start();
    served.kill();
    served.overlay("alert.refusals", &format!("per_day = {REFUSALS}\n"));
    served.restart();
    served
}

/// Calls for another purpose than the granted one, many at once; gives the entries.
async fn refused(served: &Served, calls: u64) -> Vec<Value> {
    let machine = served.machine().await;
    let product = machine.named("products", "空气质量日均指标").await;
    let mut call = example_call(&product);
    call["purpose"] = json!("商贸撮合");
    let path = calls_path(&product);
    let calls = (0..calls).map(|_| machine.post(&path, &call));
    let replies = futures::future::join_all(calls).await;
    for reply in &replies {
        reply.refused_by(403, "chain.purpose");
    }
    replies.iter().map(|reply| entry(&reply.json())).collect()
}

/// The alerts that a party sees, beside the one that the demo has raised.
async fn alerts(client: &Client) -> Vec<Value> {
    let list = client.get("alerts").await.ok();
    let all = list["items"].as_array().unwrap().iter();
    all.filter(|alert| alert["kind"] != "no_consent").cloned().collect()
}

/// What a party is asked to do about an alert.
async fn task(client: &Client, alert: &str) -> Option<String> {
    let tasks = client.get("tasks").await.ok();
    let mut items = tasks["items"].as_array().unwrap().iter();
    let task = items.find(|task| task["subject"]["id"] == alert)?;
    assert_eq!(task["act"], "alert.handle");
    Some(task["text"]["zh"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_over_the_bound_are_told_handled_and_derived_again() {
    let mut served = watchful();
    let people = ["agency", "operator", "supervisor", "bank", "bank-hk"].map(|login| served.person(login));
    let [agency, operator, supervisor, bank, other]: [Client; 5] =
        futures::future::join_all(people).await.try_into().ok().unwrap();
    assert!(
        refused(&served, FEW)
            .await
            .iter()
            .all(|entry| entry["alerts"].is_null())
    );
    assert!(alerts(&supervisor).await.is_empty());

    // Many at once: the one that reaches the bound raises it, and no later one.
    let entries = refused(&served, 8).await;
    let raising: Vec<&Value> = entries.iter().filter(|entry| !entry["alerts"].is_null()).collect();
    assert_eq!(raising.len(), 1, "{entries:?}");
    let raised = raising[0]["alerts"][0].clone();
    assert_eq!(
        (&raised["kind"], &raised["figure"]),
        (&json!("refusals"), &json!(REFUSALS))
    );
    let feed = supervisor.get("feed").await.ok();
    let mut lines = feed["items"].as_array().unwrap().iter();
    let line = lines.find(|line| line["alerts"] == json!(["refusals"])).unwrap();
    assert!(
        line["text"]["zh"].as_str().unwrap().ends_with("告警：调用反复被拒"),
        "{line}"
    );

    // Agency, operator and supervisor see it, and whom it is about; nobody else does.
    let id = raised["id"].as_str().unwrap().to_owned();
    for client in [&agency, &operator, &supervisor, &bank] {
        let seen = alerts(client).await;
        let of = &seen[0];
        assert_eq!(
            (seen.len(), &of["id"], &of["rule"]),
            (1, &raised["id"], &json!("alert.refusals"))
        );
        assert_eq!((&of["party"]["id"], &of["handled"]), (&bank.party["id"], &Value::Null));
        assert_eq!((&of["bound"], &of["late"]), (&json!(REFUSALS), &json!(false)));
    }
    let one = format!("alerts/{id}");
    assert!(alerts(&other).await.is_empty());
    other.get(&one).await.refused_by(404, "record.unknown");

    let asked = task(&operator, &id).await.unwrap();
    assert!(
        asked.contains("示范银行深圳分行") && asked.contains("调用反复被拒"),
        "{asked}"
    );
    assert_eq!(task(&agency, &id).await.unwrap(), asked);
    for client in [&supervisor, &bank] {
        assert_eq!(task(client, &id).await, None);
    }
    let found = |measure: &str| json!({"alert": id, "outcome": "measures_taken", "how": "接口参数误配，已约谈", "measures": [measure]});
    for client in [&supervisor, &bank] {
        client
            .act("handle_alert", found("instructed"))
            .await
            .refused_by(403, "power.act");
    }
    let unsupported = operator.act("handle_alert", found("product_suspended")).await;
    unsupported.refused_by(422, "alert.handling");
    let done = operator.act("handle_alert", found("instructed")).await.ok();
    says(
        &bank,
        &format!("acts/{}/document", done["receipt"]["index"]),
        &["告警处置通知书", "调用反复被拒", "督促整改", "接口参数误配，已约谈"],
    )
    .await;
    assert_eq!(task(&operator, &id).await, None);
    let before = supervisor.get(&one).await.ok();
    assert_eq!(before["handled"]["outcome"], "measures_taken");
    assert_eq!(before["handled"]["by"]["id"], operator.party["id"]);

    // There is one a day, across a restart too.
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    served.restart();
    assert!(
        refused(&served, REFUSALS)
            .await
            .iter()
            .all(|entry| entry["alerts"].is_null())
    );
    let supervisor = served.person("supervisor").await;
    assert_eq!(alerts(&supervisor).await, [before]);

    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    let url = format!("sqlite://{}", served.data().join("district.db").display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    let figure = |figure: u64| format!("\"figure\":{figure}");
    let forge = "UPDATE events SET event = replace(event, ?, ?) WHERE event LIKE '%\"raised\"%'";
    let forge = sqlx::query(forge).bind(figure(REFUSALS)).bind(figure(REFUSALS + 1));
    let forged = forge.execute(&mut database).await.unwrap();
    // The demo's own alert, of another figure, is one of them.
    assert_eq!(forged.rows_affected(), 2);
    let found = served.audit().unwrap_err();
    assert!(found.contains("alerts"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_at_the_workbench_are_told_of_whoever_works_there() {
    let mut served = Served::start();
    served.kill();
    served.overlay("alert.workbench", "per_day = 2\n");
    served.restart();
    let people = ["agency", "operator"].map(|login| served.person(login));
    let [agency, operator]: [Client; 2] = futures::future::join_all(people).await.try_into().ok().unwrap();
    let product = operator.named("products", "收入结构统计").await;
    let path = format!(
        "workbench/scenarios/{}/runs",
        product["scenario"]["id"].as_str().unwrap()
    );
    let run = json!({"sql": "SELECT age FROM census"});
    for _ in 0..3 {
        assert!(!operator.post(&path, &run).await.status.is_success());
    }
    let seen = alerts(&agency).await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(
        (&seen[0]["kind"], &seen[0]["product"]),
        (&json!("workbench"), &Value::Null)
    );
    // It is about the operator itself, which leaves the finding to the agency.
    let id = seen[0]["id"].as_str().unwrap();
    assert_eq!(task(&operator, id).await, None);
    assert!(task(&agency, id).await.is_some());
    let found = json!({"alert": id, "outcome": "false_alarm", "how": "新人练习，查询均未读取数据"});
    operator
        .act("handle_alert", found.clone())
        .await
        .refused_by(422, "alert.handling");
    agency.act("handle_alert", found).await.ok();
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
}
