//! How much of an agreement's scale is used, as its sides see it.

use serde_json::{Value, json};

use crate::served::{Client, Served, calls_path, example_call};

#[tokio::test(flavor = "multi_thread")]
async fn the_sides_of_an_agreement_see_what_of_its_scale_is_used() {
    let served = Served::start();
    let (machine, operator, bank) = (
        served.machine().await,
        served.person("operator").await,
        served.person("bank").await,
    );
    let before: u64 = used(&operator, "calls_per_day").await.parse().unwrap();
    let product = machine.named("products", "空气质量日均指标").await;
    machine.post(&calls_path(&product), &example_call(&product)).await.ok();
    let after: u64 = used(&operator, "calls_per_day").await.parse().unwrap();
    assert_eq!(after, before + 1);
    let stored: f64 = used(&operator, "storage_gigabytes").await.parse().unwrap();
    assert!(stored > 0.0 && stored < 1.0, "{stored}");
    let shown = amount(&operator, "storage_gigabytes").await;
    assert_eq!(
        (&shown["unmeasured"], &shown["nearly_used"]),
        (&json!(0), &json!(false))
    );
    assert_eq!(
        amount(&operator, "compute_cores").await["used"],
        Value::Null,
        "nobody measures it"
    );
    assert_eq!(amount(&bank, "calls_per_day").await["used"], Value::Null);
}

async fn amount(client: &Client, measure: &str) -> Value {
    let agreement = client.get("agreements").await.ok()["items"][0].clone();
    let capacity = agreement["capacity"].as_array().unwrap();
    capacity.iter().find(|it| it["measure"] == measure).unwrap().clone()
}

async fn used(client: &Client, measure: &str) -> String {
    amount(client, measure).await["used"].as_str().unwrap().to_owned()
}
