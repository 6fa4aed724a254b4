//! Duties of an incident, and their clocks.

use std::collections::BTreeMap;

use jiff::{Span, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Incident, IncidentEvent, Level, ReportIncident, System, open};
use crate::Context;
use crate::event::Event;
use crate::identifier::IncidentId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// What is to be done about an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// 补救: stop it, and limit the harm (PIPL 57).
    Remedy,
    /// 报告网信部门: larger incidents.
    ReportToAuthority,
    /// 通知履行个人信息保护职责的部门.
    NotifyRegulator,
    /// 告知个人.
    NotifyPersons,
}

impl DutyKind {
    /// What it is called, in Chinese and in English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Remedy => ("补救", "remedy"),
            Self::ReportToAuthority => ("报告网信部门", "report to the cyberspace authority"),
            Self::NotifyRegulator => ("通知主管部门", "notify the regulator"),
            Self::NotifyPersons => ("告知个人", "notify the persons"),
        }
    }
}

/// A duty with its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Until when.
    pub due: Timestamp,
    /// When and how it was done; none while it is not.
    pub done: Option<Fulfilled>,
}

/// That a duty was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfilled {
    /// When it was put on record.
    pub at: Timestamp,
    /// How.
    pub how: String,
    /// When it was done, where that was before it was put on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// SHA-256 of the report or notice that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_sha256: Option<String>,
    /// SHA-256 of what shows when it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_sha256: Option<String>,
}

impl Fulfilled {
    /// When it was done: as the evidence shows, else when it was put on record.
    #[must_use]
    pub fn when(&self) -> Timestamp {
        self.done_at.unwrap_or(self.at)
    }
}

impl Duty {
    /// Whether it was done after its time, or is not done and its time is over.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.done.as_ref().map_or(now, Fulfilled::when) > self.due
    }
}

/// Records that a duty was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FulfilDuty {
    /// The incident.
    pub incident: IncidentId,
    /// Which duty.
    pub duty: DutyKind,
    /// How: to whom, by what, under what number.
    pub how: String,
    /// SHA-256 of the report or notice that was sent, lower-case hex; none of a remedy.
    #[serde(default)]
    pub document_sha256: Option<String>,
    /// When it was done, where that was before now: an authority may be told by telephone first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<crate::schema::Instant>")]
    pub done_at: Option<Timestamp>,
    /// SHA-256 of what shows that time, such as the record of a telephone call, lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_sha256: Option<String>,
}

/// What follows from an incident of this level, until when.
pub(super) fn duties(
    report: &ReportIncident,
    level: Level,
    personal_information: bool,
    context: &Context<'_>,
) -> BTreeMap<DutyKind, Timestamp> {
    let parameters = context.rules.parameters();
    let within = |hours: i64| {
        let due = report.discovered.checked_add(Span::new().hours(hours));
        due.unwrap_or(Timestamp::MAX)
    };
    let mut duties = BTreeMap::from([(DutyKind::Remedy, within(parameters.remedy_hours))]);
    if level <= Level::Larger {
        let hours = match report.system {
            System::CriticalInfrastructure => parameters.report_hours_critical,
            System::Department => parameters.report_hours_department,
            System::OtherOperator => parameters.report_hours_operator,
        };
        duties.insert(DutyKind::ReportToAuthority, within(hours));
    }
    if personal_information {
        duties.insert(DutyKind::NotifyRegulator, within(parameters.notify_hours));
        duties.insert(DutyKind::NotifyPersons, within(parameters.notify_hours));
    }
    duties
}

/// Whoever is told is told in writing. A notice to persons says what leaked, what may come of it, what is done, and whom
/// to turn to (PIPL 57); its text is kept by its hash.
fn check_document(command: &FulfilDuty, context: &Context<'_>) -> Result<(), Refusal> {
    let is_hash = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (rule, zh, en) = match command.duty {
        DutyKind::Remedy => return Ok(()),
        _ if command.document_sha256.as_ref().is_some_and(is_hash) => return Ok(()),
        DutyKind::NotifyPersons => (
            Rule::IncidentPersons,
            "告知个人须附告知书摘要",
            "persons are notified by a notice",
        ),
        DutyKind::ReportToAuthority | DutyKind::NotifyRegulator => (
            Rule::IncidentDuties,
            "报告、通知须附文书摘要",
            "authorities are told in writing",
        ),
    };
    Err(context.rules.refuse(
        rule,
        Text::new(zh, en),
        Text::new(
            "请填写所发文书的 SHA-256",
            "give the SHA-256 of the document that was sent",
        ),
    ))
}

/// An earlier time than now lies after the discovery, and something shows it.
fn check_time(incident: &Incident, command: &FulfilDuty, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(done) = command.done_at else {
        return Ok(());
    };
    let refuse = |message, remedy| Err(context.rules.refuse(Rule::IncidentDuties, message, remedy));
    if done < incident.report.discovered || context.at < done {
        return refuse(
            Text::new(
                "办理时间早于事件发现时间，或晚于现在",
                "it was done before the incident was discovered, or is yet to be done",
            ),
            Text::new("请填写实际办理时间", "give the time at which it was done"),
        );
    }
    if command.evidence_sha256.as_deref().is_some_and(is_sha256) {
        return Ok(());
    }
    refuse(
        Text::new("补记的办理时间没有凭证", "nothing shows the earlier time"),
        Text::new(
            "请填写凭证（如通话记录）的 SHA-256；没有凭证的，办理时间留空",
            "give the SHA-256 of what shows it, such as the record of the call, or leave the time out",
        ),
    )
}

/// Decides that a duty was done. Late is on record as late.
///
/// # Errors
/// Refuses a duty that the incident does not have, one done before, one without saying how or without the document sent,
/// and an earlier time that nothing shows.
pub fn decide_fulfil(state: &State, command: &FulfilDuty, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let incident = open(state, &command.incident, context)?;
    context
        .rules
        .said(&command.how, ("办理情况", "account of what was done"))?;
    check_document(command, context)?;
    check_time(incident, command, context)?;
    let wrong = |zh, en, remedy| Err(context.rules.wrong_state(Text::new(zh, en), remedy));
    match incident.duties.get(&command.duty) {
        None => {
            let remedy = Text::new(
                "如级别有误，请重新定级",
                "grade the incident again where its level is wrong",
            );
            wrong("该事件没有这项义务", "the incident has no such duty", remedy)
        }
        Some(duty) if duty.done.is_some() => {
            let remedy = Text::new("请办理其余义务", "go on with the others");
            wrong("这项义务已办理", "this duty is done", remedy)
        }
        Some(_) => Ok(vec![Event::Incident(IncidentEvent::Fulfilled(Box::new(
            command.clone(),
        )))]),
    }
}
