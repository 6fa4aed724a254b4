//! Posts over HTTP: a person acts by his post, or by what was delegated to him, until it is revoked.

use serde_json::{Value, json};

use crate::served::Served;

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_lets_another_person_act_until_it_is_revoked() {
    let served = Served::start();
    let (clerk, head) = (served.person("market").await, served.person("market-head").await);
    let resource = clerk.named("resources", "企业登记").await;
    let scenarios = clerk.get("scenarios").await.ok();
    let scenario = scenarios["items"].as_array().unwrap().iter().find(|scenario| {
        scenario["resources"]
            .to_string()
            .contains(resource["id"].as_str().unwrap())
    });
    let of = json!({"scenario": scenario.unwrap()["id"], "resource": resource["id"], "reason": "超出使用边界"});

    let posts = clerk.get("posts").await.ok();
    let decides = post(&posts, "分管领导");
    let delegation = &decides["delegations"][0];
    assert_eq!(delegation["in_force"], true, "{posts}");
    assert_eq!(
        acts(&head.get("session").await.ok()),
        [
            "approval.decline",
            "approval.give",
            "delegation.give",
            "delegation.revoke"
        ]
    );
    head.act("suspend_model", json!({"model": "mdl_none", "reason": "试"}))
        .await
        .refused_by(403, "power.act");
    // The head decides, the clerk does the rest.
    let order = json!({"resource": resource["id"], "version": resource["versions"][0]["id"], "reason": "试"});
    head.act("order_destruction", order).await.refused_by(403, "power.post");
    let issued = clerk.post("keys", &json!({"label": "test"})).await.ok();
    let mut machine = clerk.clone();
    machine.http = reqwest::Client::new();
    machine.key = Some(issued["key"].as_str().unwrap().to_owned());
    machine
        .act("decline_resource", of.clone())
        .await
        .refused_by(403, "power.post");

    clerk.act("decline_resource", of.clone()).await.ok();
    let revoke = json!({"delegation": delegation["id"], "reason": "已返岗"});
    head.act("revoke_delegation", revoke).await.ok();
    let refused = clerk.act("approve_resource", of.clone()).await;
    refused.refused_by(403, "power.post");
    let remedy = refused.json()["refusal"]["remedy"]["zh"].to_string();
    assert!(remedy.contains("分管领导（分管负责人）"), "it says who could: {remedy}");
    head.act("approve_resource", of).await.ok();
    assert!(!acts(&clerk.get("session").await.ok()).contains(&"approval.give".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_people_of_the_party_hold_its_posts_and_strangers_do_not_see_them() {
    let served = Served::start();
    let (clerk, bank) = (served.person("market").await, served.person("bank").await);
    assert_eq!(bank.get("posts").await.ok()["items"], json!([]));
    let people = bank.get("people").await.ok();
    let stranger = &people["items"][0];
    assert_eq!(
        (people["items"].as_array().unwrap().len(), &stranger["login"]),
        (1, &json!("bank"))
    );
    let posts = served.person("supervisor").await.get("posts").await.ok();
    let of = json!({"post": post(&posts, "数据管理岗")["id"], "person": stranger["id"], "name": "外人", "from": "2026-01-01"});
    clerk.act("appoint_person", of).await.refused_by(404, "record.unknown");
    let created = json!({"name": "采购岗", "acts": ["plan.draft"]});
    clerk.act("create_post", created).await.refused_by(403, "power.post");
    clerk
        .act("create_post", json!({"name": "登记岗", "acts": ["registration.apply"]}))
        .await
        .ok();
}

fn post(posts: &Value, name: &str) -> Value {
    let posts = posts["items"].as_array().unwrap();
    posts
        .iter()
        .find(|post| post["name"] == name)
        .unwrap_or_else(|| panic!("no {name}: {posts:?}"))
        .clone()
}

fn acts(session: &Value) -> Vec<String> {
    let mut acts: Vec<String> = serde_json::from_value(session["acts"].clone()).unwrap();
    acts.sort();
    acts
}
