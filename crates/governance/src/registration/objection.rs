//! Objections during the publicity.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Registration, RegistrationEvent, RegistrationStatus, StepKind, misplaced};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::{PartyId, RegistrationId};
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// Objects to a registration while it is shown to the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectToRegistration {
    /// Which.
    pub registration: RegistrationId,
    /// What is said against it.
    pub text: String,
    /// What it rests on.
    pub evidence: String,
    /// Who objects, where an agency records the objection of somebody without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objector: Option<String>,
}

/// Decides on an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolveRegistrationObjection {
    /// The registration.
    pub registration: RegistrationId,
    /// Which objection, counted from 1.
    pub objection: usize,
    /// Whether it is right: the registration then goes back.
    pub upheld: bool,
    /// Why.
    pub reason: String,
}

/// An objection on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// What was said.
    pub said: ObjectToRegistration,
    /// By whom.
    pub by: PartyId,
    /// When.
    pub at: Timestamp,
    /// What was decided on it; none while it is open.
    pub resolved: Option<ResolveRegistrationObjection>,
}

/// Decides whether an objection is heard: its clock stops then.
///
/// # Errors
/// Refuses one outside the publicity, a second one of the same party or of the same person it names, one for others by another
/// party than an agency, and one without a ground.
pub fn decide_object(
    state: &State,
    command: &ObjectToRegistration,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let registration = state.registration(&command.registration, context)?;
    let stopped = shown(registration, context)?;
    context.rules.said(&command.text, ("异议内容", "objection"))?;
    context
        .rules
        .said(&command.evidence, ("异议依据", "ground of the objection"))?;
    check_objector(state, command, context)?;
    let same = |other: &Objection| other.by == context.actor.party && other.said.objector == command.objector;
    if registration.objections.iter().any(same) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                "本单位已就该登记提出异议",
                "your party has objected to this registration",
            ),
            Text::new("请将补充材料直接交登记机构", "hand further papers to the registrar"),
        ));
    }
    if let (None, Some(deadline)) = (stopped, publicity(registration, context)) {
        check_in_time(deadline, day_of(context.at), context)?;
    }
    Ok(vec![Event::Registration(RegistrationEvent::Objected {
        objection: Box::new(command.clone()),
        by: context.actor.party.clone(),
    })])
}

/// An agency speaks for others by their names; everybody else for itself.
fn check_objector(state: &State, command: &ObjectToRegistration, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(objector) = &command.objector else {
        return Ok(());
    };
    context.rules.said(objector, ("异议人", "objector"))?;
    if state.party(&context.actor.party, context)?.role == Role::Agency {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::RegistrationObjection,
        Text::new(
            "代他人登记异议由实施机构办理",
            "an agency records the objections of others",
        ),
        Text::new(
            "请以本单位名义提出，或请实施机构登记",
            "object in your own name, or ask the agency to record it",
        ),
    ))
}

/// Decides on an objection. With the last open one dismissed, what was left of the publicity runs on from this day.
///
/// # Errors
/// Refuses an unknown or decided one, one without a reason, and a count through a year that is not arranged.
pub fn decide_resolve(
    state: &State,
    command: &ResolveRegistrationObjection,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let registration = state.registration(&command.registration, context)?;
    let stopped = shown(registration, context)?;
    let index = command.objection.checked_sub(1);
    let objection = index.and_then(|index| registration.objections.get(index));
    let Some(objection) = objection else {
        let kind = Text::new("异议", "objection");
        return Err(context.rules.unknown(&kind, &command.objection.to_string()));
    };
    context.rules.said(&command.reason, ("处理理由", "reason"))?;
    if objection.resolved.is_some() {
        return Err(context.rules.wrong_state(
            Text::new("该异议已经处理", "the objection is decided"),
            Text::new("无需重复处理", "there is nothing to do"),
        ));
    }
    if command.upheld {
        return Ok(vec![Event::Registration(RegistrationEvent::Upheld(command.clone()))]);
    }
    let open = registration.objections.iter().filter(|other| other.resolved.is_none());
    let deadline = match (stopped, publicity(registration, context)) {
        (Some(since), Some(deadline)) if open.count() == 1 => Some(runs_on(deadline, since, context)?),
        _ => None,
    };
    Ok(vec![Event::Registration(RegistrationEvent::Dismissed {
        resolution: command.clone(),
        deadline,
    })])
}

/// Since when the clock of a registration that is shown to the public stands still.
fn shown(registration: &Registration, context: &Context<'_>) -> Result<Option<Date>, Refusal> {
    match &registration.status {
        RegistrationStatus::Publicized { stopped, .. } => Ok(*stopped),
        RegistrationStatus::Applied
        | RegistrationStatus::Accepted
        | RegistrationStatus::Registered(_)
        | RegistrationStatus::Returned { .. }
        | RegistrationStatus::Withdrawn { .. } => Err(misplaced(registration, context)),
    }
}

fn publicity(registration: &Registration, context: &Context<'_>) -> Option<Deadline> {
    let step = registration.steps.get(&StepKind::Publicity)?;
    Some(step.deadline.by(context.rules.working_days()))
}

fn check_in_time(deadline: Deadline, today: Date, context: &Context<'_>) -> Result<(), Refusal> {
    if today <= deadline.due {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::RegistrationObjection,
        Text::new(
            format!("公示已于 {} 期满", deadline.due),
            format!("the publicity ended on {}", deadline.due),
        ),
        Text::new(
            "登记后如有错误，请要求登记主体申请更正",
            "ask the holder to apply for a correction",
        ),
    ))
}

fn runs_on(deadline: Deadline, since: Date, context: &Context<'_>) -> Result<Deadline, Refusal> {
    let counted = deadline.suspended(since, day_of(context.at), context.rules.working_days());
    counted.map_err(|error| {
        context.rules.refuse(
            Rule::RegistrationSteps,
            Text::new(
                "公示期跨入尚未安排节假日的年份，暂不能计算",
                format!("the publicity cannot be counted: {error}"),
            ),
            Text::new(
                "请先将该年度的节假日安排写入工作日历",
                "add the year to the calendar of working days first",
            ),
        )
    })
}
