//! 年度评估报告: indicators with figures from the record, points and findings, the grade, appeal and rectification.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::assessment::{Assessment, Indicator};

use super::{Draft, agreement_title, fact, party};

pub(super) fn draft(state: &State, assessment: &Assessment) -> Draft {
    let opening = &assessment.opening;
    let operator = state
        .agreements
        .get(&opening.agreement)
        .map(|it| party(state, &it.terms.operator).name);
    let mut facts = vec![
        fact("被评估单位", operator.unwrap_or_default()),
        fact("授权协议", agreement_title(state, &opening.agreement)),
        fact("评估机构", party(state, &opening.assessor).name),
        fact("评估年度", format!("{} 年", opening.year)),
        fact("完成时限", opening.due.to_string()),
    ];
    if let Some(conclusion) = &assessment.conclusion {
        let experts: Vec<&str> = conclusion.said.experts.iter().map(String::as_str).collect();
        facts.push(fact("评估专家", experts.join("、")));
        facts.push(fact("评估得分", format!("{} 分", conclusion.total)));
        facts.push(fact("评估等次", conclusion.grade.words().0));
    }
    Draft {
        title: format!("{} 年度公共数据授权运营评估报告", opening.year),
        subject: String::new(),
        number: opening.id.to_string(),
        issuer: opening.assessor.clone(),
        facts,
        sections: sections(assessment),
        streams: vec![opening.id.to_string()],
    }
}

fn sections(assessment: &Assessment) -> Vec<SheetSection> {
    let rows = assessment.indicators.iter().map(|it| indicator(assessment, it));
    let heads = ["指标:2", "权重#", "平台记录:2", "得分#", "评估发现:4"];
    let mut all = vec![SheetSection::table("一、指标评分", heads, rows)];
    let conclusion = assessment.conclusion.as_ref().map(|it| it.said.conclusion.clone());
    all.push(SheetSection::text(
        "二、评估结论",
        [conclusion.unwrap_or_else(|| "评估尚未作出结论。".to_owned())],
    ));
    let mut after = Vec::new();
    after.extend(assessment.appeal.as_ref().map(|it| format!("申诉：{}", it.reason)));
    after.extend(assessment.answer.as_ref().map(|it| format!("答复：{}", it.reason)));
    after.extend(assessment.rectified.as_ref().map(|it| format!("整改：{}", it.how)));
    if !after.is_empty() {
        all.push(SheetSection::text("三、申诉与整改", after));
    }
    all
}

fn indicator(assessment: &Assessment, indicator: &Indicator) -> [String; 5] {
    let found = assessment.findings.get(&indicator.name);
    let figure = found.and_then(|it| it.figure.clone());
    [
        indicator.name.clone(),
        indicator.weight.to_string(),
        figure.unwrap_or_else(|| "据证据".to_owned()),
        found.map_or_else(|| "—".to_owned(), |it| it.said.points.to_string()),
        found.map_or_else(String::new, |it| it.said.finding.clone()),
    ]
}
