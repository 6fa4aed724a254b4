//! Reporting an incident, and grading it again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::duty::duties;
use super::freeze::freezes;
use super::{IncidentEvent, open};
use crate::Context;
use crate::event::Event;
use crate::identifier::{IncidentId, ScenarioId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// How grave an incident is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 特别重大.
    Extraordinary,
    /// 重大.
    Major,
    /// 较大.
    Larger,
    /// 一般.
    General,
}

impl Level {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Extraordinary => ("特别重大", "extraordinarily grave"),
            Self::Major => ("重大", "major"),
            Self::Larger => ("较大", "larger"),
            Self::General => ("一般", "general"),
        }
    }

    /// The level that a rule pack writes so.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "extraordinary" => Some(Self::Extraordinary),
            "major" => Some(Self::Major),
            "larger" => Some(Self::Larger),
            "general" => Some(Self::General),
            _ => None,
        }
    }
}

/// Whose system an incident befell: the hours of its report depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// 关键信息基础设施.
    CriticalInfrastructure,
    /// 党政机关 and their own systems.
    Department,
    /// 其他网络运营者.
    OtherOperator,
}

impl System {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::CriticalInfrastructure => ("关键信息基础设施", "critical information infrastructure"),
            Self::Department => ("党政机关", "a government department"),
            Self::OtherOperator => ("其他网络运营者", "another network operator"),
        }
    }
}

/// Reports an incident, or the drill of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportIncident {
    /// Its id.
    pub id: IncidentId,
    /// What it is called.
    pub title: String,
    /// How grave it is.
    pub level: Level,
    /// Whose system it befell.
    pub system: System,
    /// When it was discovered: all clocks begin then.
    #[schemars(with = "crate::schema::Instant")]
    pub discovered: Timestamp,
    /// Whether personal information leaked, was altered or lost, or may have been.
    pub personal_information: bool,
    /// Scenarios that it concerns.
    #[serde(default)]
    pub scenarios: BTreeSet<ScenarioId>,
    /// What is known of it.
    pub facts: String,
    /// Whether it is a drill: the same clocks, and nobody outside is told.
    #[serde(default)]
    pub drill: bool,
}

/// Grades an incident again, as more is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GradeIncident {
    /// The incident.
    pub incident: IncidentId,
    /// How grave it is.
    pub level: Level,
    /// Whether personal information is concerned.
    pub personal_information: bool,
    /// Scenarios that it concerns as well, as is known now.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub scenarios: BTreeSet<ScenarioId>,
    /// What it rests on.
    pub reason: String,
}

/// Decides a report.
///
/// # Errors
/// Refuses a report of something yet to come, of nothing, or of a scenario that is not on record.
pub fn decide_report(state: &State, command: &ReportIncident, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    context.rules.said(&command.title, ("名称", "title"))?;
    context
        .rules
        .said(&command.facts, ("事件情况", "account of the facts"))?;
    if command.discovered > context.at {
        return Err(context.rules.refuse(
            Rule::IncidentClock,
            Text::new("发现时间晚于现在", "it was discovered later than now"),
            Text::new(
                "请填写实际发现时间，时限由此起算",
                "give the time of its discovery: the clocks begin then",
            ),
        ));
    }
    for scenario in &command.scenarios {
        state.scenario(scenario, context)?;
    }
    if state.incidents.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该事件已报告", "this incident is reported"),
            Text::new("新的情况请重新定级或履行义务", "grade it again, or fulfil its duties"),
        ));
    }
    let duties = duties(command, command.level, command.personal_information, context);
    let mut events = vec![Event::Incident(IncidentEvent::Reported {
        report: Box::new(command.clone()),
        by: context.actor.party.clone(),
        duties,
    })];
    events.extend(freezes(state, command, command.level, context));
    Ok(events)
}

/// Decides another level.
///
/// # Errors
/// Refuses one without a reason, one that changes nothing, and a scenario that is not on record.
pub fn decide_grade(state: &State, command: &GradeIncident, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let incident = open(state, &command.incident, context)?;
    context.rules.said(&command.reason, ("定级理由", "reason"))?;
    for scenario in &command.scenarios {
        state.scenario(scenario, context)?;
    }
    let same = command.level == incident.level && command.personal_information == incident.personal_information;
    if same && command.scenarios.is_subset(&incident.report.scenarios) {
        return Err(context.rules.input(
            Text::new(
                "级别、涉及个人信息的情况和所涉场景均无变化",
                "neither the level nor the concern of personal information changes, nor the scenarios",
            ),
            Text::new(
                "请填写新的级别，或补充所涉场景",
                "give the new level, or further scenarios",
            ),
        ));
    }
    let duties: BTreeMap<_, _> = duties(&incident.report, command.level, command.personal_information, context);
    let mut events = vec![Event::Incident(IncidentEvent::Graded {
        grade: Box::new(command.clone()),
        duties,
    })];
    let mut report = incident.report.clone();
    report.scenarios.extend(command.scenarios.iter().cloned());
    events.extend(freezes(state, &report, command.level, context));
    Ok(events)
}
