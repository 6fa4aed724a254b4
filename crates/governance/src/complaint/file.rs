//! A complaint comes in, and is answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ComplaintEvent, ComplaintStatus};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::{AgreementId, ComplaintId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Complains about how the operator of an agreement goes about its business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileComplaint {
    /// Its id.
    pub id: ComplaintId,
    /// The agreement under which the operator acts.
    pub agreement: AgreementId,
    /// Of which kind: one of those that the rule pack lists.
    pub conduct: String,
    /// What happened.
    pub facts: String,
    /// SHA-256 of what shows it, where there is something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_sha256: Option<String>,
}

/// Answers a complaint for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerComplaint {
    /// Which.
    pub complaint: ComplaintId,
    /// What the operator says.
    pub how: String,
}

/// Decides that it is filed.
///
/// # Errors
/// Refuses an id in use, the operator's own, a kind that is not on the list, one that says nothing, and evidence that is no hash.
pub fn decide_file(state: &State, command: &FileComplaint, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    if state.complaints.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该编号的投诉已存在", "a complaint with this id exists"),
            Text::new("无需重复提交", "there is nothing to do"),
        ));
    }
    context.rules.said(&command.facts, ("事实", "facts"))?;
    if !agreement.is_or_was_in_force() {
        return Err(context.rules.wrong_state(
            Text::new("该授权协议尚未生效", "the agreement was never in force"),
            Text::new("请在协议生效后投诉", "complain once it is"),
        ));
    }
    let parameters = context.rules.parameters();
    let refuse =
        |zh: String, en: String, remedy| Err(context.rules.refuse(Rule::OperatorConduct, Text::new(zh, en), remedy));
    if agreement.terms.operator == context.actor.party {
        return refuse(
            "运营机构不得投诉自己".to_owned(),
            "nobody complains about itself".to_owned(),
            Text::new("请直接改正", "put it right"),
        );
    }
    if !parameters.conducts.contains(&command.conduct) {
        let list: Vec<&str> = parameters.conducts.iter().map(String::as_str).collect();
        return refuse(
            format!("投诉类别“{}”不在目录中", command.conduct),
            format!(
                "`{}` is not on the list of conduct that is complained of",
                command.conduct
            ),
            Text::new(
                format!("请选择：{}", list.join("、")),
                format!("choose one of: {}", list.join(", ")),
            ),
        );
    }
    if command.evidence_sha256.as_ref().is_some_and(|hash| !is_sha256(hash)) {
        return Err(context.rules.input(
            Text::new("证据须填写 SHA-256", "evidence is named by its SHA-256"),
            Text::new(
                "请填写证据文件的 SHA-256，或留空",
                "give the SHA-256 of its file, or leave it out",
            ),
        ));
    }
    Ok(vec![Event::Complaint(ComplaintEvent::Filed {
        complaint: Box::new(command.clone()),
        by: context.actor.party.clone(),
        deadline: Deadline::count(
            day_of(context.at),
            parameters.complaint_answer_days,
            context.rules.working_days(),
        ),
    })])
}

/// Decides an answer.
///
/// # Errors
/// Refuses one to a complaint that does not wait for it, and one that says nothing.
pub fn decide_answer(state: &State, command: &AnswerComplaint, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let complaint = state.complaint(&command.complaint, context)?;
    context.rules.said(&command.how, ("答辩意见", "answer"))?;
    if complaint.status == ComplaintStatus::Filed {
        return Ok(vec![Event::Complaint(ComplaintEvent::Answered(Box::new(
            command.clone(),
        )))]);
    }
    Err(context.rules.wrong_state(
        Text::new("该投诉已答辩或已作出决定", "the complaint is answered or decided"),
        Text::new("请待处理决定", "wait for the decision (`complaint.decide`)"),
    ))
}
