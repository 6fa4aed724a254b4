//! Kill -9 while an attempt at the workbench reads: it is on record before, so that it counts after.

use std::time::Duration;

use serde_json::{Value, json};

use crate::served::{Client, Served};

/// Reads longer than anybody waits.
const SLOW: &str = "SELECT count(*) AS n FROM air_quality a CROSS JOIN air_quality b CROSS JOIN air_quality c \
    WHERE a.hour + b.hour + c.hour > 7";
const QUICK: &str = "SELECT count(*) AS n FROM air_quality";
/// How many attempts a day has here, and how often the server is killed.
const RUNS_MAX: u64 = 3;
/// How often a record is looked for, and the pause between.
const LOOKS_MAX: usize = 1_200;
const PAUSE: Duration = Duration::from_millis(25);

/// The partner's work under a scenario over open data.
struct Desk {
    partner: Value,
    scenario: String,
}

impl Desk {
    async fn open(served: &mut Served) -> Self {
        let (operator, partner) = (served.person("operator").await, served.person("partner").await);
        let known = operator.named("products", "空气质量日均指标").await;
        let scenario = known["scenario"]["id"].as_str().unwrap().to_owned();
        let engagement = json!({"engagement": {"partner": partner.party["id"], "scenarios": [scenario],
            "joint_liability_sha256": "5e".repeat(32)}});
        operator.act("engage_partner", engagement).await.ok();
        served.kill();
        served.overlay(
            "workbench.run",
            &format!("runs_per_day_max = {RUNS_MAX}\nrefusals_per_day_max = 100\nanswer_interval_millis = 0\n"),
        );
        served.restart();
        Self {
            partner: partner.party["id"].clone(),
            scenario,
        }
    }

    fn path(&self) -> String {
        format!("workbench/scenarios/{}/runs", self.scenario)
    }

    /// The partner's attempts, as the supervisor is shown them.
    async fn attempts(&self, supervisor: &Client) -> Value {
        let shown = supervisor.get(&self.path()).await.ok();
        let mut of = shown["items"].as_array().unwrap().iter();
        of.find(|of| of["party"]["id"] == self.partner)
            .cloned()
            .unwrap_or_default()
    }

    /// Has the partner run a query that does not end, and kills the server once the attempt is on record.
    async fn killed(&self, served: &mut Served, attempts: u64) {
        let (partner, supervisor) = (served.person("partner").await, served.person("supervisor").await);
        let (path, query) = (self.path(), json!({"sql": SLOW}));
        let asking = tokio::spawn(async move {
            let request = partner.request(reqwest::Method::POST, &path);
            request.json(&query).send().await.is_err()
        });
        for looks in 0.. {
            assert!(looks < LOOKS_MAX, "no attempt is on record");
            if self.attempts(&supervisor).await["tally"]["attempts"] == attempts {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        served.kill();
        assert!(asking.await.unwrap(), "nobody was answered");
        served.restart();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_a_kill_cut_off_is_on_record_and_counts() {
    let mut served = Served::start();
    let desk = Desk::open(&mut served).await;
    for attempts in 1..=RUNS_MAX {
        desk.killed(&mut served, attempts).await;
        let shown = desk.attempts(&served.person("supervisor").await).await;
        let tally = json!({"attempts": attempts, "answered": 0, "open": attempts, "refused_on_data": 0, "refused": []});
        assert_eq!(
            (&shown["tally"], &shown["today"]["runs"]),
            (&tally, &json!(attempts)),
            "{shown}"
        );
        assert_eq!(shown["newest"][0]["state"], "open");
    }
    // What was cut off has used up the day.
    let partner = served.person("partner").await;
    let refused = partner.post(&desk.path(), &json!({"sql": QUICK})).await;
    refused.refused_by(422, "workbench.run");
    served.kill();
    assert_eq!(served.audit().unwrap()["difference"], Value::Null);
    println!("killed {RUNS_MAX} times while an attempt read: each is on record and counts");
}
