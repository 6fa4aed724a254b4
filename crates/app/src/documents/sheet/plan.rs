//! 实施方案: the newest version's sections, the versions with what changed, and the review's opinions with their answers.

use gongshu_document::SheetSection;
use gongshu_governance::calendar::day_of;
use gongshu_governance::plan::{FailedOutcome, Opinion, Plan, Verdict};
use gongshu_governance::rules::Rules;

use super::{Draft, beijing, fact, grouped, recorded_late, span};

pub(super) fn draft(rules: &Rules, plan: &Plan) -> Draft {
    let mut sections = chapters(rules, plan);
    sections.push(versions(plan));
    sections.extend(review(plan));
    Draft {
        title: plan.title.clone(),
        subject: format!("（第 {} 版，附专家论证意见采纳情况表）", plan.newest()),
        number: plan.id.to_string(),
        issuer: plan.agency.clone(),
        facts: facts(plan),
        sections,
        streams: vec![plan.id.to_string()],
    }
}

fn facts(plan: &Plan) -> Vec<[String; 2]> {
    let mut facts = Vec::new();
    if let Some(panel) = &plan.panel {
        let experts = panel.experts.iter();
        let names: Vec<&str> = experts.map(|expert| expert.name.as_str()).collect();
        facts.push(fact(
            "专家组",
            format!("{}（组长：{}）", names.join("、"), panel.leader),
        ));
    }
    if let Some(comment) = &plan.comment {
        let late = recorded_late(plan.comment_late_days, comment.evidence.as_ref());
        let value = format!("{}，{}{late}", span(&comment.term), comment.notice);
        facts.push(fact("公开征求意见", value));
    }
    for failed in &plan.failed {
        let (what, said) = match &failed.outcome {
            FailedOutcome::Review(review) => ("专家论证未通过", review.conclusion.clone()),
            FailedOutcome::Meeting(meeting) => ("集体决策未通过", meeting.meeting.clone()),
        };
        facts.push(fact(
            what,
            format!("第 {} 版，{}，{said}", failed.version, day_of(failed.at)),
        ));
    }
    if let Some(decision) = &plan.decision {
        facts.push(fact("集体决策", decision.meeting.clone()));
        facts.push(fact("会议纪要摘要", grouped(&decision.minutes_sha256)));
    }
    let number = plan.publication.as_ref().map(|it| it.document_number.clone());
    facts.push(fact("发文字号", number.unwrap_or_else(|| "尚未公布".to_owned())));
    facts
}

/// In the order of the rules; what they no longer list comes last.
fn chapters(rules: &Rules, plan: &Plan) -> Vec<SheetSection> {
    let order = &rules.parameters().plan_sections;
    let place = |name: &String| order.iter().position(|listed| listed == name).unwrap_or(order.len());
    let mut all: Vec<_> = plan.versions.last().into_iter().flat_map(|it| &it.sections).collect();
    all.sort_by_key(|(name, _)| place(name));
    all.into_iter()
        .map(|(name, text)| SheetSection::text(name, text.split('\n').map(str::to_owned)))
        .collect()
}

fn versions(plan: &Plan) -> SheetSection {
    let before = std::iter::once(None).chain(plan.versions.iter().map(Some));
    let all = plan.versions.iter().zip(before).zip(1_u32..);
    let row = |((version, before), number): ((&gongshu_governance::plan::PlanVersion, Option<_>), u32)| {
        let changed = before.map_or_else(
            || "首稿".to_owned(),
            |before: &gongshu_governance::plan::PlanVersion| {
                let other = |(name, text): &(&String, &String)| before.sections.get(*name) != Some(*text);
                let names: Vec<&str> = version
                    .sections
                    .iter()
                    .filter(other)
                    .map(|(name, _)| name.as_str())
                    .collect();
                names.join("、")
            },
        );
        [number.to_string(), beijing(version.at), changed, version.reason.clone()]
    };
    SheetSection::table(
        "附一　版本记录",
        ["版次", "时间", "改动的章:2", "修改理由:3"],
        all.map(row),
    )
}

fn review(plan: &Plan) -> Vec<SheetSection> {
    let heads = ["序号", "提出者", "章", "意见:4", "采纳情况", "理由:3", "依据:2"];
    let rows = plan.opinions.iter().map(|(number, it)| opinion(*number, it));
    let mut all = vec![SheetSection::table("附二　专家论证意见采纳情况表", heads, rows)];
    let count = |verdict| {
        let answers = plan.opinions.values().filter_map(|it| it.answer.as_ref());
        answers.filter(|answer| answer.verdict == verdict).count()
    };
    let [adopted, partly, declined] = [Verdict::Adopted, Verdict::PartlyAdopted, Verdict::Declined].map(count);
    let total = plan.opinions.len();
    all.push(SheetSection::text(
        "",
        [format!(
            "共 {total} 条意见：采纳 {adopted} 条，部分采纳 {partly} 条，不采纳 {declined} 条，待答复 {} 条。",
            total - adopted - partly - declined
        )],
    ));
    if let Some(conclusion) = &plan.conclusion {
        let votes = format!("（赞成 {} 人，反对 {} 人）", conclusion.in_favour, conclusion.against);
        let text = format!("{}{votes}", conclusion.conclusion);
        all.push(SheetSection::text("附三　论证结论", [text]));
    }
    all
}

fn opinion(number: u32, opinion: &Opinion) -> [String; 7] {
    let answer = opinion.answer.as_ref();
    let verdict = answer.map_or("待答复", |answer| answer.verdict.words().0);
    [
        number.to_string(),
        opinion.said.expert.clone().unwrap_or_else(|| "公众".to_owned()),
        opinion.said.section.clone().unwrap_or_else(|| "全文".to_owned()),
        opinion.said.text.clone(),
        verdict.to_owned(),
        answer.map_or_else(String::new, |answer| answer.reason.clone()),
        answer.map_or_else(String::new, |answer| answer.basis.clone()),
    ]
}
