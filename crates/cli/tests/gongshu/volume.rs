//! Products that are charged by the volume of their answers, over HTTP.

use serde_json::{Value, json};

use crate::served::{Served, calls_path, example_call};

const SQL: &str = "SELECT education, count(*) AS persons FROM census GROUP BY education ORDER BY education";

/// A product under the scenario of income statistics that is charged by this form, priced, listed and subscribed to.
async fn sold(served: &Served, charging: &str, price: &str) -> Value {
    let people = ["agency", "operator", "operator-head", "bank"].map(|login| served.person(login));
    let [agency, operator, head, bank] = people;
    let (agency, operator, head, bank) = tokio::join!(agency, operator, head, bank);
    let known = bank.named("products", "收入结构统计").await;
    let name = format!("学历构成 {charging}");
    let request = json!({"scenario": known["scenario"]["id"], "name": name, "summary": "各学历人数", "sql": SQL});
    operator.post("products", &request).await.ok();
    let id = operator.named("products", &name).await["id"].clone();
    let ceiling = json!({"product": id, "ceiling": "900.00", "charging": charging, "expected": 100, "basis": "测算"});
    agency.act("set_ceiling", ceiling).await.ok();
    operator
        .act("set_price", json!({"product": id, "price": price}))
        .await
        .ok();
    head.act("list_product", json!({"product": id})).await.ok();
    let order = json!({"product": id, "purpose": known["scenario"]["purpose"], "quota_calls_max": 1_000});
    bank.act("subscribe", order).await.ok();
    bank.named("products", &name).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_charged_by_its_rows_or_its_bytes_and_replay_prices_it_again() {
    let mut served = Served::start();
    let bank = served.person("bank").await;
    for (charging, price) in [("row", "1.25"), ("megabyte", "812.34")] {
        let product = sold(&served, charging, price).await;
        assert_eq!(
            (&product["charging"], &product["price"]),
            (&json!(charging), &json!(price))
        );
        let answered = bank.post(&calls_path(&product), &example_call(&product)).await.ok();
        let rows = answered["answer"]["rows"].as_array().unwrap().len() as u64;
        let bytes = answered["receipt"]["openings"]["answer"]["value"]
            .as_str()
            .unwrap()
            .len() as u64;
        assert!(rows > 1 && bytes > 100, "{answered}");
        let fen = match charging {
            "row" => 125 * rows,
            _ => 81_234 * bytes / 1_000_000,
        };
        assert_eq!(
            answered["fee"],
            format!("{}.{:02}", fen / 100, fen % 100),
            "{rows} rows, {bytes} bytes"
        );
    }
    served.kill();
    let report = served.audit().unwrap();
    assert_eq!(report["difference"], Value::Null);
}
