//! Incidents as the API shows them, and the draft of their report.

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::incident::{Duty, DutyKind, Incident};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::dispute::scenario_named;
use super::{party_named, word};

pub(crate) fn incident(state: &State, incident: &Incident, now: Timestamp) -> api::incident::Incident {
    let report = &incident.report;
    api::incident::Incident {
        id: report.id.to_string(),
        title: report.title.clone(),
        level: word(&incident.level),
        system: word(&report.system),
        discovered: report.discovered.to_string(),
        reported: incident.at.to_string(),
        by: party_named(state, &incident.by),
        scenarios: report.scenarios.iter().map(|id| scenario_named(state, id)).collect(),
        facts: report.facts.clone(),
        drill: report.drill,
        duties: incident
            .duties
            .iter()
            .map(|(kind, duty)| shown(*kind, duty, now))
            .collect(),
        retracted: incident.retracted.as_ref().map(|it| it.retraction.reason.clone()),
        closed: end(incident),
        revision: incident.revision,
    }
}

/// How it ended; of a false alarm, that it is none.
fn end(incident: &Incident) -> Option<api::incident::IncidentEnd> {
    if let Some(retracted) = &incident.retracted {
        return Some(api::incident::IncidentEnd {
            cause: format!("核查认定不属于安全事件：{}", retracted.retraction.reason),
            lessons: String::new(),
        });
    }
    incident.closed.as_ref().map(|close| api::incident::IncidentEnd {
        cause: close.cause.clone(),
        lessons: close.lessons.clone(),
    })
}

fn shown(kind: DutyKind, duty: &Duty, now: Timestamp) -> api::incident::IncidentDuty {
    api::incident::IncidentDuty {
        duty: word(&kind),
        due: duty.due.to_string(),
        late: duty.is_late(now),
        done: duty.done.as_ref().map(|done| done.when().to_string()),
        recorded: duty.done.as_ref().map(|done| done.at.to_string()),
        how: duty.done.as_ref().map(|done| done.how.clone()),
        document_sha256: duty.done.as_ref().and_then(|done| done.document_sha256.clone()),
        evidence_sha256: duty.done.as_ref().and_then(|done| done.evidence_sha256.clone()),
    }
}

/// The draft of the report to an authority, in Markdown, from the record.
pub(crate) fn incident_report(state: &State, incident: &Incident, now: Timestamp) -> String {
    let report = &incident.report;
    let drill = if report.drill { "（演练）" } else { "" };
    let mut lines = vec![
        format!("# 网络和数据安全事件报告{drill}"),
        String::new(),
        format!("- 事件名称：{}", report.title),
        format!("- 事件级别：{}", incident.level.words().0),
        format!("- 报告单位：{}", party_named(state, &incident.by).name),
        format!("- 所涉系统：{}", report.system.words().0),
        format!("- 发现时间：{}", beijing(report.discovered)),
        format!(
            "- 涉及个人信息：{}",
            if incident.personal_information { "是" } else { "否" }
        ),
    ];
    let scenarios = report.scenarios.iter().filter_map(|id| state.scenarios.get(id));
    let names: Vec<&str> = scenarios.map(|scenario| scenario.application.name.as_str()).collect();
    if !names.is_empty() {
        lines.push(format!("- 所涉场景：{}", names.join("、")));
    }
    lines.extend([
        String::new(),
        "## 事件情况".to_owned(),
        String::new(),
        report.facts.clone(),
    ]);
    lines.extend([String::new(), "## 处置与报告".to_owned(), String::new()]);
    lines.extend(incident.duties.iter().map(|(kind, duty)| line(*kind, duty, now)));
    if let Some(close) = &incident.closed {
        lines.extend([String::new(), "## 原因与整改".to_owned(), String::new()]);
        lines.extend([format!("原因：{}", close.cause), format!("整改：{}", close.lessons)]);
    }
    if let Some(retracted) = &incident.retracted {
        lines.extend([String::new(), "## 撤销报告".to_owned(), String::new()]);
        let (at, reason) = (beijing(retracted.at), &retracted.retraction.reason);
        lines.push(format!("{at}核查认定不属于安全事件：{reason}"));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn line(kind: DutyKind, duty: &Duty, now: Timestamp) -> String {
    let late = if duty.is_late(now) { "（逾期）" } else { "" };
    let done = match &duty.done {
        Some(done) if done.done_at.is_some() => {
            let (when, recorded) = (beijing(done.when()), beijing(done.at));
            format!("{when} 已办理（{recorded}登记）：{}", done.how)
        }
        Some(done) => format!("{} 已办理：{}", beijing(done.at), done.how),
        None => "未办理".to_owned(),
    };
    format!("- {}，时限 {}：{done}{late}", kind.words().0, beijing(duty.due))
}

/// The instant as people in the district read it.
fn beijing(at: Timestamp) -> String {
    let local = Offset::constant(8).to_datetime(at);
    format!("{}（北京时间）", local.strftime("%Y-%m-%d %H:%M"))
}
