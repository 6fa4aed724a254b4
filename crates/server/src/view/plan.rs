//! Plans as the API shows them, and the table of their review as a document.

use std::fmt::Write;

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::plan::{
    ConcludeReview, DecidePlan, Expert, Failed, FailedOutcome, Opinion, Plan, PlanVersion, Verdict,
};
use gongshu_app::governance::rules::Rules;

use super::chain::term;
use super::party_named;

pub(crate) fn plan(state: &State, rules: &Rules, plan: &Plan) -> api::plan::Plan {
    let order = &rules.parameters().plan_sections;
    api::plan::Plan {
        id: plan.id.to_string(),
        title: plan.title.clone(),
        agency: party_named(state, &plan.agency),
        state: standing(plan).to_owned(),
        sections: plan
            .versions
            .last()
            .map_or_else(Vec::new, |newest| sections(order, newest)),
        versions: versions(order, &plan.versions),
        panel: plan.panel.as_ref().map(|panel| api::plan::Panel {
            leader: panel.leader.clone(),
            experts: panel.experts.iter().map(expert).collect(),
        }),
        comment: plan.comment.as_ref().map(|comment| api::plan::Comment {
            term: term(&comment.term),
            notice: comment.notice.clone(),
            late_days: plan.comment_late_days,
            evidence_sha256: comment.evidence.as_ref().map(|it| it.document_sha256.clone()),
        }),
        opinions: plan
            .opinions
            .iter()
            .map(|(number, said)| opinion(*number, said))
            .collect(),
        conclusion: plan.conclusion.as_ref().map(conclusion),
        decision: plan.decision.as_ref().map(decision),
        failed: plan.failed.iter().map(failed).collect(),
        document_number: plan
            .publication
            .as_ref()
            .map(|published| published.document_number.clone()),
        revision: plan.revision,
    }
}

fn conclusion(of: &ConcludeReview) -> api::plan::Conclusion {
    api::plan::Conclusion {
        in_favour: of.in_favour,
        against: of.against,
        text: of.conclusion.clone(),
    }
}

fn decision(of: &DecidePlan) -> api::plan::Decision {
    api::plan::Decision {
        meeting: of.meeting.clone(),
        minutes_sha256: of.minutes_sha256.clone(),
    }
}

fn failed(of: &Failed) -> api::plan::FailedVersion {
    let (concluded, decided) = match &of.outcome {
        FailedOutcome::Review(review) => (Some(conclusion(review)), None),
        FailedOutcome::Meeting(meeting) => (None, Some(decision(meeting))),
    };
    api::plan::FailedVersion {
        version: of.version,
        at: of.at.to_string(),
        conclusion: concluded,
        decision: decided,
    }
}

fn standing(plan: &Plan) -> &'static str {
    match (&plan.conclusion, &plan.decision, &plan.publication) {
        (_, _, Some(_)) => "published",
        (_, Some(_), None) => "decided",
        (Some(_), None, None) => "concluded",
        (None, None, None) => "under_review",
    }
}

/// In the order of the rule pack; what it no longer lists comes last.
fn sections(order: &[String], version: &PlanVersion) -> Vec<api::plan::PlanSection> {
    let place = |name: &String| order.iter().position(|listed| listed == name).unwrap_or(order.len());
    let mut sections: Vec<_> = version.sections.iter().collect();
    sections.sort_by_key(|(name, _)| place(name));
    let section = |(name, text): (&String, &String)| api::plan::PlanSection {
        name: name.clone(),
        text: text.clone(),
    };
    sections.into_iter().map(section).collect()
}

fn versions(order: &[String], versions: &[PlanVersion]) -> Vec<api::plan::PlanVersion> {
    let before = std::iter::once(None).chain(versions.iter().map(Some));
    let numbered = versions.iter().zip(before).zip(1..);
    let version = |((version, before), number): ((&PlanVersion, Option<&PlanVersion>), u32)| {
        let changed = |section: api::plan::PlanSection| {
            let was = before?.sections.get(&section.name)?;
            (*was != section.text).then(|| api::plan::PlanChange {
                section: section.name,
                before: was.clone(),
                after: section.text,
            })
        };
        api::plan::PlanVersion {
            number,
            at: version.at.to_string(),
            reason: version.reason.clone(),
            changes: sections(order, version).into_iter().filter_map(changed).collect(),
        }
    };
    numbered.map(version).collect()
}

fn expert(expert: &Expert) -> api::plan::Expert {
    api::plan::Expert {
        name: expert.name.clone(),
        works_for: expert.works_for.clone(),
        speciality: expert.speciality.clone(),
    }
}

fn opinion(number: u32, opinion: &Opinion) -> api::plan::Opinion {
    api::plan::Opinion {
        number,
        expert: opinion.said.expert.clone(),
        section: opinion.said.section.clone(),
        text: opinion.said.text.clone(),
        version: opinion.version,
        answer: opinion.answer.as_ref().map(|answer| api::plan::OpinionAnswer {
            verdict: match answer.verdict {
                Verdict::Adopted => "adopted",
                Verdict::PartlyAdopted => "partly_adopted",
                Verdict::Declined => "declined",
            }
            .to_owned(),
            reason: answer.reason.clone(),
            basis: answer.basis.clone(),
        }),
    }
}

/// The review as a document in Markdown: opinions with their answers, and the conclusion.
pub(crate) fn plan_review(plan: &Plan) -> String {
    let mut text = format!("# {} 专家论证意见采纳情况\n\n", plan.title);
    if let Some(panel) = &plan.panel {
        let names: Vec<&str> = panel.experts.iter().map(|expert| expert.name.as_str()).collect();
        line(
            &mut text,
            &format!("专家组：{}（组长 {}）\n", names.join("、"), panel.leader),
        );
    }
    line(&mut text, "| 序号 | 提出者 | 章 | 意见 | 采纳情况 | 理由 | 依据 |");
    line(&mut text, "| --- | --- | --- | --- | --- | --- | --- |");
    for (number, opinion) in &plan.opinions {
        let verdict = opinion
            .answer
            .as_ref()
            .map_or("待答复", |answer| answer.verdict.words().0);
        let (reason, basis) = opinion
            .answer
            .as_ref()
            .map_or(("", ""), |answer| (&answer.reason, &answer.basis));
        let cells = [
            opinion.said.expert.as_deref().unwrap_or("公众"),
            opinion.said.section.as_deref().unwrap_or("全文"),
            opinion.said.text.as_str(),
            verdict,
            reason,
            basis,
        ];
        line(&mut text, &format!("| {number} | {} |", cells.map(cell).join(" | ")));
    }
    if let Some(conclusion) = &plan.conclusion {
        let (text_of, votes) = (&conclusion.conclusion, (conclusion.in_favour, conclusion.against));
        line(
            &mut text,
            &format!("\n论证结论：{text_of}（赞成 {}，反对 {}）", votes.0, votes.1),
        );
    }
    text
}

/// A text within a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn line(text: &mut String, line: &str) {
    // Writing into a text does not fail.
    let _ = writeln!(text, "{line}");
}
