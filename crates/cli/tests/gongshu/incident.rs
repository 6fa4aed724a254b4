//! An incident over HTTP: its clocks, its tasks, its report.

use serde_json::json;

use crate::served::Served;

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_brings_its_duties_as_tasks_and_its_report_from_the_record() {
    let served = Served::start();
    let operator = served.person("operator").await;
    let of = json!({"title": "接口异常访问", "level": "larger", "system": "other_operator", "personal_information": true,
        "discovered": "2026-01-01T00:00:00Z", "facts": "同一密钥短时大批量调用"});
    let bank = served.person("bank").await;
    bank.act("report_incident", of.clone())
        .await
        .refused_by(403, "power.act");
    let id = operator.act("report_incident", of).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = operator.get("incidents").await.ok();
    let reported = (shown["items"].as_array().unwrap().iter())
        .find(|it| it["id"] == *id)
        .unwrap();
    let duties = reported["duties"].as_array().unwrap();
    let due: Vec<(&str, &str, bool)> = duties
        .iter()
        .map(|duty| {
            (
                duty["duty"].as_str().unwrap(),
                duty["due"].as_str().unwrap(),
                duty["late"].as_bool().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("remedy", "2026-01-01T04:00:00Z", true),
        ("report_to_authority", "2026-01-01T04:00:00Z", true),
        ("notify_regulator", "2026-01-02T00:00:00Z", true),
        ("notify_persons", "2026-01-02T00:00:00Z", true),
    ];
    assert_eq!(due, expected);
    assert_eq!(bank.get("incidents").await.ok()["items"], json!([]));
    bank.get(&format!("incidents/{id}/report"))
        .await
        .refused_by(404, "record.unknown");

    let task = |tasks: &serde_json::Value| {
        let items = tasks["items"].as_array().unwrap().iter();
        let mut of_incident = items.filter(|task| task["subject"]["id"] == id.as_str());
        of_incident
            .next()
            .map(|task| (task["act"].clone(), task["text"]["zh"].as_str().unwrap().to_owned()))
    };
    let (act, text) = task(&operator.get("tasks").await.ok()).unwrap();
    assert_eq!(
        (act, text.as_str()),
        (
            json!("incident.fulfil"),
            "“接口异常访问”：补救，2026-01-01 12:00 前，已逾期"
        )
    );
    let fulfil = |duty: &str| json!({"incident": id, "duty": duty, "how": "已办", "document_sha256": "ab".repeat(32)});
    let notice = json!({"incident": id, "duty": "notify_persons", "how": "短信"});
    operator
        .act("fulfil_duty", notice)
        .await
        .refused_by(422, "incident.persons");
    let close = json!({"incident": id, "cause": "密钥外泄", "lessons": "缩短有效期"});
    operator
        .act("close_incident", close.clone())
        .await
        .refused_by(422, "incident.duties");
    for (duty, ..) in expected {
        operator.act("fulfil_duty", fulfil(duty)).await.ok();
    }
    assert_eq!(
        task(&operator.get("tasks").await.ok()).unwrap().0,
        json!("incident.close")
    );
    operator.act("close_incident", close).await.ok();
    assert!(task(&operator.get("tasks").await.ok()).is_none());
    let supervisor = served.person("supervisor").await;
    let report = supervisor.get(&format!("incidents/{id}/report")).await.text;
    for part in [
        "# 网络和数据安全事件报告\n",
        "较大",
        "2026-01-01 08:00（北京时间）",
        "（逾期）",
        "原因：密钥外泄",
    ] {
        assert!(report.contains(part), "`{part}` is not in {report}");
    }
}
