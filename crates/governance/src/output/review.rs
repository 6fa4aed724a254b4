//! Reviewing an output: four eyes, six where the rule pack asks.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Output, OutputEvent, OutputStatus};
use crate::Context;
use crate::event::{Actor, Event};
use crate::identifier::OutputId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;
use crate::workbench::check_chain;

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// 放行: it may leave.
    Release,
    /// 不予放行: it does not leave.
    Refuse,
    /// 退回修改: another version is asked for.
    Change,
}

/// What the reviews so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// Another reviewer is needed.
    Waits,
    /// It may be collected.
    Released,
    /// It does not leave.
    Refused,
    /// Another version is asked for.
    Returned,
}

/// Reviews an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewOutput {
    /// Which.
    pub output: OutputId,
    /// SHA-256 of the content that was read.
    pub content_sha256: String,
    /// What is decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
}

/// A review on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who reviewed.
    pub by: Actor,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Decides a review.
///
/// # Errors
/// Refuses the submitter's own party, a machine, a second review by the same person, a review without a reason or of
/// other content, and the release of what failed a check or whose scenario no longer holds.
pub fn decide_review(state: &State, command: &ReviewOutput, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let output = state.output(&command.output, context)?;
    if output.status != OutputStatus::Submitted {
        return Err(context.rules.wrong_state(
            Text::new("该成果不在审查中", "the output does not wait for a review"),
            Text::new(
                "无需审查；如有新版本，请审查新版本",
                "review the next version, if there is one",
            ),
        ));
    }
    context.rules.said(&command.reason, ("审查意见", "reason"))?;
    check_eyes(output, command, context)?;
    let conclusion = match command.decision {
        Decision::Refuse => Conclusion::Refused,
        Decision::Change => Conclusion::Returned,
        Decision::Release => {
            check_chain(state, state.scenario(&output.scenario, context)?, context)?;
            check_passed(output, context)?;
            let two = &context.rules.parameters().output_review.two_reviewers;
            let enough = !two.contains(output.submission.kind.word()) || !output.reviews.is_empty();
            if enough {
                Conclusion::Released
            } else {
                Conclusion::Waits
            }
        }
    };
    Ok(vec![Event::Output(OutputEvent::Reviewed {
        review: Box::new(command.clone()),
        by: context.actor.clone(),
        conclusion,
    })])
}

/// A reviewer is a person of another party than the submitter's, has read this content, and reviews it once.
fn check_eyes(output: &Output, command: &ReviewOutput, context: &Context<'_>) -> Result<(), Refusal> {
    let actor = context.actor;
    let again = output.reviews.iter().any(|review| review.by.person == actor.person);
    let message = if actor.person.is_none() || actor.party == output.by.party {
        Text::new(
            "成果须由提交单位以外的人员审查，不得由接口密钥代为审查",
            "an output is reviewed by a person of another party than the submitter's, not by a machine",
        )
    } else if again {
        Text::new(
            "本人已审查过该成果，须由另一人复审",
            "this person has reviewed it; the second review is another person's",
        )
    } else if command.content_sha256 != output.submission.content.sha256 {
        Text::new(
            "所审内容的 SHA-256 与待审成果不符",
            "the content that was read is not the one that waits",
        )
    } else {
        return Ok(());
    };
    Err(context.rules.refuse(
        Rule::OutputReview,
        message,
        Text::new(
            "请由审查单位的另一人登录，核对内容摘要后审查",
            "let another person of a reviewing party sign in, check the content's digest and review it",
        ),
    ))
}

fn check_passed(output: &Output, context: &Context<'_>) -> Result<(), Refusal> {
    let failed = output.checks.iter().filter(|check| !check.passed).count();
    if failed == 0 {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::OutputChecks,
        Text::new(
            format!("该成果有 {failed} 项自动检查未通过，不得放行"),
            format!("{failed} of its automatic checks failed; it cannot be released"),
        ),
        Text::new(
            "请不予放行或退回修改，由提交方合并分组、减少字段后重新提交",
            "refuse it or ask for a change: coarser groups, fewer columns, fewer rows",
        ),
    ))
}
