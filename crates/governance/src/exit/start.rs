//! The first step of an exit.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ExitEvent;
use crate::Context;
use crate::agreement::{Agreement, AgreementEvent, AgreementStatus, check_not_dropped};
use crate::calendar::day_of;
use crate::event::Event;
use crate::identifier::{AgreementId, ExitId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Why operation ends (论证, opinion 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExitGround {
    /// 期限届满.
    TermEnds,
    /// 协议终止.
    Terminated,
    /// 严重违约.
    SeriousBreach,
    /// 丧失资格.
    QualificationLost,
    /// 公共利益.
    PublicInterest,
}

/// Starts an exit: from this moment nothing is called, applied for, listed or sold under the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartExit {
    /// Its id.
    pub id: ExitId,
    /// The agreement that ends.
    pub agreement: AgreementId,
    /// Why.
    pub ground: ExitGround,
    /// The facts behind the ground.
    pub reason: String,
    /// The day by which every asset is to be accounted for.
    #[schemars(with = "crate::schema::Day")]
    pub due: Date,
    /// SHA-256 of the document that finds the ground: of the breach, the loss of qualification, or the public interest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_sha256: Option<String>,
}

/// Decides the start of an exit.
///
/// # Errors
/// Refuses an agreement that is not signed or has ended, a ground without facts, a term that has not ended where the
/// ground is its end, a termination that the other side has not agreed to, another ground without its document, a deadline
/// in the past.
pub fn decide_start(state: &State, command: &StartExit, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.exits.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该退出编号已存在", "an exit with this id exists"),
            Text::new("请重新办理", "start it again"),
        ));
    }
    let agreement = state.agreement(&command.agreement, context)?;
    check_not_dropped(agreement, context)?;
    match &agreement.status {
        AgreementStatus::Signed { .. } => {}
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } => {
            return Err(context.rules.wrong_state(
                Text::new("授权协议尚未签署，无可退出", "the agreement is not signed yet"),
                Text::new("未签署的协议不产生授权", "an unsigned agreement authorizes nothing"),
            ));
        }
        AgreementStatus::Ended { exit, .. } => {
            return Err(context.rules.wrong_state(
                Text::new(
                    format!("该协议已启动退出 `{exit}`"),
                    format!("the exit `{exit}` has begun"),
                ),
                Text::new("请在该退出中继续办理", "go on with that exit"),
            ));
        }
    }
    check_stated(command, agreement.terms.term.until, context)?;
    check_ground(command, agreement, context)?;
    let ended = AgreementEvent::Ended {
        agreement: command.agreement.clone(),
        exit: command.id.clone(),
    };
    Ok(vec![
        Event::Exit(ExitEvent::Started(Box::new(command.clone()))),
        Event::Agreement(ended),
    ])
}

/// A termination is agreed by both sides: an amendment in force has brought the end of the term forward, and it has come.
/// What the agency finds by itself comes with the document that finds it.
fn check_ground(command: &StartExit, agreement: &Agreement, context: &Context<'_>) -> Result<(), Refusal> {
    let (message, remedy) = match command.ground {
        ExitGround::TermEnds => return Ok(()),
        ExitGround::Terminated if agreement.ends_by_agreement(day_of(context.at)) => return Ok(()),
        ExitGround::Terminated => (
            Text::new(
                "协议终止须双方书面同意：没有将期限提前且已届期的变更",
                "both sides agree to a termination: no amendment in force has brought the term's end forward to a day that has come",
            ),
            Text::new(
                "请先提出协议变更，把协议期限提前到今日或以后某日，由对方签署，届期再启动退出",
                "propose to end it today or later (`agreement.amend`), let the other side accept it (`agreement.accept`), and start the exit on that day",
            ),
        ),
        ExitGround::SeriousBreach | ExitGround::QualificationLost | ExitGround::PublicInterest => {
            if command.document_sha256.as_deref().is_some_and(is_sha256) {
                return Ok(());
            }
            (
                Text::new(
                    "未附认定退出事由的文件",
                    "no document comes with the ground that one side finds by itself",
                ),
                Text::new(
                    "请填写认定文件的摘要（SHA-256）；双方同意终止的，改选“协议终止”",
                    "give the SHA-256 of the document (`document_sha256`); where both sides agree, choose `terminated`",
                ),
            )
        }
    };
    Err(context.rules.refuse(Rule::ExitGround, message, remedy))
}

fn check_stated(command: &StartExit, until: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let today = day_of(context.at);
    if command.reason.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未说明退出的事实依据", "no reason for the exit is given"),
            Text::new("请填写事实依据", "state the facts"),
        ));
    }
    if command.due < today {
        return Err(context.rules.input(
            Text::new(
                format!("退出办结期限 {} 早于今日 {today}", command.due),
                format!("the deadline {} lies before today, {today}", command.due),
            ),
            Text::new("请填写今日或以后的日期", "give today or a later day"),
        ));
    }
    if command.ground == ExitGround::TermEnds && today < until {
        return Err(context.rules.input(
            Text::new(
                format!("协议期限至 {until} 才届满，今日为 {today}"),
                format!("the term does not end before {until}; today is {today}"),
            ),
            Text::new(
                "请待期限届满，或改选其他退出事由",
                "wait for its end, or choose another ground",
            ),
        ));
    }
    Ok(())
}
