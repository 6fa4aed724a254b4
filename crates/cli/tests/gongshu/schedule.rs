//! Any acts that end a service or let it go on, at any moment, while many call: read in its order, the ledger has no
//! call answered while a link of its chain was missing, and none refused while all held.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::race::{call_until, lines};
use crate::served::{Client, Served};

const CALLERS: usize = 6;
/// How many schedules are run; `GONGSHU_TORTURE_ROUNDS` asks for more.
const SCHEDULES: u32 = 6;
const PRODUCT: &str = "企业登记核验";

/// An act that ends the service, or lets it go on.
#[derive(Debug, Clone, Copy)]
enum Step {
    Freeze,
    Thaw,
    Decline,
    Approve,
    Withdraw,
    Consent,
    Unsubscribe,
    Subscribe,
}

fn step() -> impl Strategy<Value = (Step, u64)> {
    use Step::*;
    let steps = prop::sample::select(vec![
        Freeze,
        Thaw,
        Decline,
        Approve,
        Withdraw,
        Consent,
        Unsubscribe,
        Subscribe,
    ]);
    (steps, 0_u64..15)
}

#[test]
fn whatever_ends_and_resumes_a_service_no_call_is_recorded_outside_its_authorization() {
    let rounds = std::env::var("GONGSHU_TORTURE_ROUNDS").ok();
    let config = ProptestConfig {
        cases: rounds.and_then(|text| text.parse().ok()).unwrap_or(SCHEDULES),
        // A race does not repeat itself, so a smaller schedule would prove nothing.
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let runtime = Runtime::new().unwrap();
    let served = Served::start();
    let stage = runtime.block_on(Stage::new(&served));
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, seed);
    let total = std::cell::Cell::new((0, 0));
    let schedules = prop::collection::vec(step(), 6..24);
    let outcome = runner.run(&schedules, |schedule| {
        let (answered, refused) = runtime.block_on(stage.play(&schedule));
        let (before, denied) = total.get();
        total.set((before + answered, denied + refused));
        Ok(())
    });
    outcome.unwrap();
    let total = total.get();
    served.audit().unwrap();
    assert!(total.0 > 0 && total.1 > 0, "calls fell on both sides: {total:?}");
    println!(
        "{} calls answered, {} refused, each as its chain stood",
        total.0, total.1
    );
}

/// Everyone who acts, and what they act on.
struct Stage {
    machine: Client,
    bank: Client,
    firm: Client,
    provider: Client,
    supervisor: Client,
    product: Value,
    resource: Value,
}

impl Stage {
    async fn new(served: &Served) -> Self {
        let machine = served.machine().await;
        let product = machine.named("products", PRODUCT).await;
        let supervisor = served.person("supervisor").await;
        let scenario = supervisor.named("scenarios", PRODUCT).await;
        Self {
            bank: served.person("bank").await,
            firm: served.person("firm").await,
            provider: served.person("market").await,
            resource: scenario["resources"][0]["resource"]["id"].clone(),
            machine,
            supervisor,
            product,
        }
    }

    /// Takes a step; one that does not belong to the present state is refused, and changes nothing.
    async fn take(&self, step: Step) {
        let scenario = &self.product["scenario"]["id"];
        let approval = json!({"scenario": scenario, "resource": self.resource, "reason": "用途变化"});
        let reply = match step {
            Step::Freeze => {
                let freeze = json!({"scenario": scenario, "reason": "抽查"});
                self.supervisor.act("freeze_scenario", freeze).await
            }
            Step::Thaw => {
                self.supervisor
                    .act("thaw_scenario", json!({"scenario": scenario}))
                    .await
            }
            Step::Decline => self.provider.act("decline_resource", approval).await,
            Step::Approve => self.provider.act("approve_resource", approval).await,
            Step::Withdraw => {
                let consent = self.last(&self.firm, "consents").await;
                self.firm
                    .act("withdraw_consent", json!({"consent": consent["id"]}))
                    .await
            }
            Step::Consent => {
                let last = self.last(&self.firm, "consents").await;
                let of = json!({"consumer": self.bank.party["id"], "purpose": last["purpose"],
                    "resource": self.resource, "fields": last["fields"], "term": last["term"]});
                self.firm.act("give_consent", of).await
            }
            Step::Unsubscribe => {
                let open = self.subscription().await;
                self.bank.act("unsubscribe", json!({"subscription": open["id"]})).await
            }
            Step::Subscribe => {
                let order = json!({"product": self.product["id"], "purpose": self.product["scenario"]["purpose"],
                    "quota_calls_max": 1_000_000});
                self.bank.act("subscribe", order).await
            }
        };
        let status = reply.status.as_u16();
        assert!(matches!(status, 201 | 403 | 404 | 409 | 422), "{step:?}: {reply:?}");
    }

    /// The newest item of a list.
    async fn last(&self, client: &Client, list: &str) -> Value {
        let items = client.get(list).await.ok()["items"].clone();
        let newest = items
            .as_array()
            .unwrap()
            .iter()
            .max_by_key(|item| item["id"].to_string());
        newest.cloned().unwrap_or_default()
    }

    /// The newest subscription to the product.
    async fn subscription(&self) -> Value {
        let items = self.bank.get("subscriptions").await.ok()["items"].clone();
        let ours = items
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["product"]["id"] == self.product["id"]);
        ours.max_by_key(|item| item["id"].to_string())
            .cloned()
            .unwrap_or_default()
    }

    /// Plays a schedule against many callers, and holds the ledger against the model.
    async fn play(&self, schedule: &[(Step, u64)]) -> (u64, u64) {
        for step in [Step::Thaw, Step::Approve, Step::Consent, Step::Subscribe] {
            self.take(step).await;
        }
        let before = lines(&self.supervisor).await;
        let begin = before.last().unwrap()["index"].as_u64();
        let mut model = Model::default();
        before.iter().for_each(|line| model.evolve(line));
        assert!(model.serves(&self.last(&self.firm, "consents").await, &self.subscription().await));
        let done = Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| tokio::spawn(call_until(self.machine.clone(), self.product.clone(), done.clone())))
            .collect();
        for (step, pause_ms) in schedule {
            tokio::time::sleep(Duration::from_millis(*pause_ms)).await;
            self.take(*step).await;
        }
        done.store(true, Ordering::Relaxed);
        let mut told = (0, 0);
        for caller in callers {
            let (answered, refused) = caller.await.unwrap();
            told = (told.0 + answered, told.1 + refused);
        }
        let recorded = self.check(model, begin).await;
        assert_eq!(told, recorded, "what the callers were told is what is recorded");
        told
    }

    /// Reads what was recorded since, in order; each call must be as the chain stood at its place.
    async fn check(&self, mut model: Model, begin: Option<u64>) -> (u64, u64) {
        let mut recorded = (0, 0);
        for line in lines(&self.supervisor).await {
            if line["index"].as_u64() <= begin {
                continue;
            }
            model.evolve(&line);
            if line["kind"] == "call" && line["product"] == self.product["name"] {
                let answered = line["outcome"] == "answered";
                assert_eq!(answered, model.holds(), "{line} under {model:?}");
                recorded = if answered {
                    (recorded.0 + 1, recorded.1)
                } else {
                    (recorded.0, recorded.1 + 1)
                };
            }
        }
        recorded
    }
}

/// The chain as the acts of the ledger leave it. Only this product's firm consents; other
/// subscriptions of the demo stay open all the time.
#[derive(Debug, Default)]
struct Model {
    frozen: bool,
    declined: bool,
    consents: BTreeSet<String>,
    closed: BTreeSet<String>,
    newest: String,
}

impl Model {
    fn evolve(&mut self, line: &Value) {
        let stream = line["stream"].as_str().unwrap_or_default().to_owned();
        match line["act"].as_str().unwrap_or_default() {
            "scenario.freeze" => self.frozen = true,
            "scenario.thaw" => self.frozen = false,
            "approval.decline" => self.declined = true,
            "approval.give" => self.declined = false,
            "consent.give" => drop(self.consents.insert(stream)),
            "consent.withdraw" => drop(self.consents.remove(&stream)),
            "subscription.open" => self.newest = self.newest.clone().max(stream),
            "subscription.close" => drop(self.closed.insert(stream)),
            _ => {}
        }
    }

    fn holds(&self) -> bool {
        !self.frozen && !self.declined && !self.consents.is_empty() && !self.closed.contains(&self.newest)
    }

    /// Whether the model agrees with what the parties see at the start.
    fn serves(&mut self, consent: &Value, subscription: &Value) -> bool {
        subscription["id"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut self.newest);
        consent["id"].as_str().is_some_and(|id| self.consents.contains(id)) && self.holds()
    }
}
