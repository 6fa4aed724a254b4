//! 争议处理结果: the claim, the steps taken with what was late, measures in force, and the outcome.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::dispute::{Dispute, DisputeStep, Ending};

use super::{Draft, agency_of, agreement_title, beijing, fact, grouped, party, scenario_name};

pub(super) fn draft(state: &State, dispute: &Dispute) -> Draft {
    let claim = &dispute.claim;
    let respondents: Vec<String> = claim.respondents.iter().map(|id| party(state, id).name).collect();
    let scenarios: Vec<String> = claim.scenarios.iter().map(|id| scenario_name(state, id)).collect();
    let closed = dispute.closed.as_ref();
    let facts = vec![
        fact("授权协议", agreement_title(state, &claim.agreement)),
        fact("申请人", party(state, &dispute.claimant).name),
        fact("被申请人", respondents.join("、")),
        fact("所涉场景", scenarios.join("、")),
        fact("立案时间", beijing(dispute.at)),
        fact("解决方式", dispute.forum.words().0),
        fact("处理结果", closed.map_or("办理中", |close| ending(close.ending))),
    ];
    Draft {
        title: if closed.is_some() {
            "争议处理结果"
        } else {
            "争议办理情况"
        }
        .to_owned(),
        subject: claim.title.clone(),
        number: claim.id.to_string(),
        issuer: agency_of(state, &claim.agreement),
        facts,
        sections: sections(state, dispute),
        streams: vec![claim.id.to_string()],
    }
}

fn sections(state: &State, dispute: &Dispute) -> Vec<SheetSection> {
    let steps = dispute.steps.iter().map(|taken| {
        let late = if taken.late { "（逾期）" } else { "" };
        let evidence = taken
            .step
            .evidence
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        [
            format!("{}{late}", beijing(taken.at)),
            party(state, &taken.by).name,
            step(taken.step.step).to_owned(),
            taken.step.facts.clone(),
            evidence,
        ]
    });
    let measures = dispute
        .measures
        .iter()
        .map(|(id, order)| [scenario_name(state, id), order.basis.clone()]);
    let claim = &dispute.claim;
    let mut all = vec![
        SheetSection::text("一、请求", [claim.claims.clone()]),
        SheetSection::text("二、事实与理由", [claim.facts.clone()]),
        SheetSection::table(
            "三、办理经过",
            ["时间:2", "办理单位:2", "事项", "情况:4", "证据包:2"],
            steps,
        ),
        SheetSection::table("四、临时措施（冻结）", ["场景:1", "依据:3"], measures),
    ];
    if let Some(close) = &dispute.closed {
        let mut texts = vec![close.conclusion.clone()];
        if !close.document_number.is_empty() {
            texts.push(format!("文书文号：{}", close.document_number));
        }
        texts.extend(
            close
                .document_sha256
                .as_ref()
                .map(|hash| format!("文书摘要（SHA-256）：{}", grouped(hash))),
        );
        all.push(SheetSection::text("五、结果", texts));
    }
    if let (Some(proposed), None) = (&dispute.end_proposed, &dispute.closed) {
        let text = format!(
            "{}于 {} 提出以{}结案，待申请人或实施机构确认：{}",
            party(state, &proposed.by).name,
            beijing(proposed.at),
            ending(proposed.close.ending),
            proposed.close.conclusion
        );
        all.push(SheetSection::text("五、待确认的结案", [text]));
    }
    all
}

fn step(step: DisputeStep) -> &'static str {
    match step {
        DisputeStep::Answer => "答辩",
        DisputeStep::Evidence => "举证",
        DisputeStep::Hearing => "审理",
        DisputeStep::Other => "其他",
    }
}

pub(super) fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Settled => "和解",
        Ending::Mediated => "调解",
        Ending::Awarded => "裁决",
        Ending::Judged => "判决",
        Ending::Withdrawn => "撤回",
    }
}
