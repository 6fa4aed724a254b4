//! 网络和数据安全事件报告: a draft for the authority, of what is on record.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::incident::{Duty, DutyKind, Incident};

use super::{Draft, beijing, fact, party, scenario_name};

pub(super) fn draft(state: &State, incident: &Incident) -> Draft {
    let report = &incident.report;
    let scenarios: Vec<String> = report.scenarios.iter().map(|id| scenario_name(state, id)).collect();
    let personal = if incident.personal_information { "是" } else { "否" };
    let facts = vec![
        fact("事件级别", incident.level.words().0),
        fact("报告单位", party(state, &incident.by).name),
        fact("所涉系统", report.system.words().0),
        fact("发现时间", format!("{}（北京时间）", beijing(report.discovered))),
        fact("登记时间", format!("{}（北京时间）", beijing(incident.at))),
        fact("涉及个人信息", personal),
        fact("所涉场景", scenarios.join("、")),
    ];
    let duties = incident.duties.iter().map(|(kind, duty)| {
        let [done, how] = done(duty);
        [kind.words().0.to_owned(), beijing(duty.due), done, how]
    });
    let mut sections = vec![
        SheetSection::text("一、事件情况", report.facts.split('\n').map(str::to_owned)),
        SheetSection::table("二、处置与报告", ["事项", "时限", "办理时间", "办理情况:1"], duties),
    ];
    if let Some(close) = &incident.closed {
        let texts = [format!("原因：{}", close.cause), format!("整改：{}", close.lessons)];
        sections.push(SheetSection::text("三、原因与整改", texts));
    }
    if let Some(retracted) = &incident.retracted {
        let text = format!(
            "{} 核查认定不属于安全事件：{}",
            beijing(retracted.at),
            retracted.retraction.reason
        );
        sections.push(SheetSection::text("三、撤销报告", [text]));
    }
    if incident.personal_information && incident.retracted.is_none() {
        sections.push(persons(state, incident));
    }
    let drill = if report.drill { "（演练）" } else { "" };
    Draft {
        title: format!("网络和数据安全事件报告{drill}"),
        subject: report.title.clone(),
        number: report.id.to_string(),
        issuer: incident.by.clone(),
        facts,
        sections,
        streams: vec![report.id.to_string()],
    }
}

/// 告知书: the draft of the notice to the persons whose information it was, with what has to stand in it (PIPL 57). What the
/// record does not tell is left to be filled in.
fn persons(state: &State, incident: &Incident) -> SheetSection {
    let report = &incident.report;
    let open = "（待填写）";
    let remedy = incident
        .duties
        .get(&DutyKind::Remedy)
        .and_then(|duty| duty.done.as_ref());
    let cause = incident.closed.as_ref().map(|closed| closed.cause.as_str());
    let kinds = kinds(state, incident);
    let kinds = if kinds.is_empty() {
        open.to_owned()
    } else {
        kinds.join("、")
    };
    let texts = [
        "有关个人：".to_owned(),
        format!(
            "{}（北京时间），我单位发现“{}”，发生或者可能发生个人信息泄露、篡改、丢失。依照《个人信息保护法》第五十七条告知如下：",
            beijing(report.discovered),
            report.title
        ),
        format!(
            "一、信息种类：{kinds}。原因：{}。可能造成的危害：{open}。",
            cause.unwrap_or(open)
        ),
        format!(
            "二、已采取的补救措施：{}。您可以采取的减轻危害的措施：{open}。",
            remedy.map_or(open, |done| done.how.as_str())
        ),
        format!("三、联系方式：{}，{open}。", party(state, &incident.by).name),
    ];
    SheetSection::text("附　致个人的告知书（草稿）", texts)
}

/// The kinds of information that the scenarios concerned read, by the meanings of their fields.
fn kinds(state: &State, incident: &Incident) -> Vec<String> {
    let scenarios = incident
        .report
        .scenarios
        .iter()
        .filter_map(|id| state.scenarios.get(id));
    let mut kinds = std::collections::BTreeSet::new();
    for (id, fields) in scenarios.flat_map(|scenario| &scenario.application.resources) {
        let Some(resource) = state.resources.get(id) else {
            continue;
        };
        let read = fields.iter().filter_map(|name| resource.field(name));
        kinds.extend(read.map(|field| field.meaning.clone()));
    }
    kinds.into_iter().collect()
}

/// When it was done, late where it was, and how. What waits is not judged: the paper has no clock.
fn done(duty: &Duty) -> [String; 2] {
    let Some(done) = &duty.done else {
        return ["未办理".to_owned(), String::new()];
    };
    let late = if done.when() > duty.due { "（逾期）" } else { "" };
    let recorded = match done.done_at {
        Some(_) => format!("（{} 登记）", beijing(done.at)),
        None => String::new(),
    };
    [format!("{}{late}{recorded}", beijing(done.when())), done.how.clone()]
}
