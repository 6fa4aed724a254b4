//! Answers to opinions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PlanEvent, reviewed};
use crate::Context;
use crate::event::Event;
use crate::identifier::PlanId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// What becomes of an opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 采纳.
    Adopted,
    /// 部分采纳.
    PartlyAdopted,
    /// 不采纳.
    Declined,
}

impl Verdict {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Adopted => ("采纳", "adopted"),
            Self::PartlyAdopted => ("部分采纳", "partly adopted"),
            Self::Declined => ("不采纳", "declined"),
        }
    }
}

/// Answers an opinion. A later answer takes the place of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerOpinion {
    /// The plan.
    pub plan: PlanId,
    /// Number of the opinion.
    pub opinion: u32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What was changed, or why it was not.
    pub reason: String,
    /// The law or document that an opinion is declined by; else it may be empty.
    #[serde(default)]
    pub basis: String,
}

/// Decides an answer.
///
/// # Errors
/// Refuses an answer to no opinion; one without a reason; a declined opinion without a legal basis; one that is adopted,
/// if in part, before a version later than it speaks of.
pub fn decide_answer(state: &State, command: &AnswerOpinion, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let plan = reviewed(state, &command.plan, context)?;
    let Some(opinion) = plan.opinions.get(&command.opinion) else {
        return Err(context
            .rules
            .unknown(&Text::new("意见", "opinion"), &command.opinion.to_string()));
    };
    let refuse = |zh: &str, en: &str, remedy| Err(context.rules.refuse(Rule::PlanAnswers, Text::new(zh, en), remedy));
    if command.reason.trim().is_empty() {
        let remedy = Text::new("请写明如何修改，或为何不改", "say what was changed, or why it was not");
        return refuse("答复没有理由", "the answer has no reason", remedy);
    }
    match command.verdict {
        Verdict::Declined if command.basis.trim().is_empty() => {
            let remedy = Text::new("请写明所依法律或文件", "name the law or document");
            return refuse("不采纳须有依据", "an opinion is declined by a law or document", remedy);
        }
        Verdict::Adopted | Verdict::PartlyAdopted if plan.newest() <= opinion.version => {
            let remedy = Text::new("请先修订方案", "revise the plan first");
            return refuse(
                "采纳的意见须已写入修订版本",
                "what is adopted stands in a later version",
                remedy,
            );
        }
        Verdict::Adopted | Verdict::PartlyAdopted | Verdict::Declined => {}
    }
    Ok(vec![Event::Plan(PlanEvent::OpinionAnswered(Box::new(command.clone())))])
}
