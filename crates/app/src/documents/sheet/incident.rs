//! 网络和数据安全事件报告: a draft for the authority, of what is on record.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::incident::{Duty, Incident};

use super::{Draft, beijing, fact, party, scenario_name};

pub(super) fn draft(state: &State, incident: &Incident) -> Draft {
    let report = &incident.report;
    let scenarios: Vec<String> = report.scenarios.iter().map(|id| scenario_name(state, id)).collect();
    let personal = if report.personal_information { "是" } else { "否" };
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

/// When it was done, late where it was, and how. What waits is not judged: the paper has no clock.
fn done(duty: &Duty) -> [String; 2] {
    let Some(done) = &duty.done else {
        return ["未办理".to_owned(), String::new()];
    };
    let late = if done.at > duty.due { "（逾期）" } else { "" };
    [format!("{}{late}", beijing(done.at)), done.how.clone()]
}
