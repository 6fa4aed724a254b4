//! 分级变更: levels and release rules of columns change on record (GB/T 43697-2024, 动态更新).
//!
//! ```text
//! tighter ─► holds at once; each open scenario that uses the column is narrowed by the same act
//! looser  ─► waits ─decide─► holds for scenarios that are applied for from then on
//! ```
//!
//! Running grants rest on the rules of their day. Nothing is widened behind the back of who approved them: a scenario keeps
//! the rule that was looser after it. What a scenario reads more tightly stops the products that were reviewed by the rule of
//! before, as every narrowing does.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{ResourceEvent, check_not_under_way, check_not_withdrawn};
use super::decide::{check_fields, check_level};
use super::due::due_with;
use super::entry::check_entry;
use super::{Changed, Field, RegisterResource, ReleaseRule, Resource};
use crate::Context;
use crate::event::Event;
use crate::identifier::ResourceId;
use crate::refusal::Refusal;
use crate::registration::Registrable;
use crate::rules::Rule;
use crate::scenario::regraded_with;
use crate::state::{State, change};
use crate::text::{Text, is_sha256};

/// Level and release rule of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grade {
    /// Level of general data, 1 to 4.
    pub level: u8,
    /// What of it may leave the domain.
    pub release: ReleaseRule,
}

/// Columns with their level and release rule, by name.
pub type Grades = BTreeMap<String, Grade>;

/// Changes levels and release rules of columns. What becomes tighter holds at once; what becomes looser waits for the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegradeResource {
    /// The resource.
    pub resource: ResourceId,
    /// The columns that change, as they shall be.
    pub grades: Grades,
    /// Why.
    pub reason: String,
    /// By what they are graded: a catalogue, an assessment, a notice.
    pub basis: String,
    /// SHA-256 of that document.
    pub document_sha256: String,
}

/// Decides on what waits to become looser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecideRegrading {
    /// The resource.
    pub resource: ResourceId,
    /// Whether it may.
    pub approved: bool,
    /// Why.
    pub reason: String,
}

/// What waits to become looser, by one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PendingRegrading {
    /// The columns, as they shall be.
    pub grades: Grades,
    /// Since when.
    #[schemars(with = "crate::schema::Instant")]
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// By what they are graded.
    pub basis: String,
    /// SHA-256 of that document.
    pub document_sha256: String,
}

/// Which way a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Same,
    Tighter,
    Looser,
}

/// Decides a change of grades.
///
/// # Errors
/// Refuses it of a withdrawn resource, of columns that are not there, what changes nothing, a rule that the level does not
/// allow, one that is neither tighter nor looser than before, and one without reason, basis and document.
pub(crate) fn decide_regrade(
    state: &State,
    command: &RegradeResource,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    context.rules.said(&command.reason, ("变更理由", "reason"))?;
    check_basis(command, context)?;
    let (mut tightened, mut loosened, mut taken_back) = (Grades::new(), Grades::new(), false);
    for (name, grade) in &command.grades {
        let unknown = || context.rules.unknown(&Text::new("字段", "field"), name);
        let field = resource.field(name).ok_or_else(unknown)?;
        let waiting = resource.regrading.iter().find_map(|it| it.grades.get(name));
        match way(field, grade, context)? {
            Way::Same => taken_back |= waiting.is_some(),
            Way::Tighter => drop(tightened.insert(name.clone(), grade.clone())),
            Way::Looser if waiting == Some(grade) => {}
            Way::Looser => drop(loosened.insert(name.clone(), grade.clone())),
        }
    }
    if tightened.is_empty() && loosened.is_empty() && !taken_back {
        return Err(refuse(
            (
                "与现行级别和放行规则相同",
                "the levels and release rules are those already",
            ),
            ("请写明变更的字段", "say what changes"),
            context,
        ));
    }
    let asked = regraded(&resource.registration, &command.grades);
    check_sound(&asked, &command.grades, context)?;
    let after = regraded(&resource.registration, &tightened);
    check_sound(&after, &tightened, context)?;
    let mut events = vec![Event::Resource(ResourceEvent::Regraded {
        regrading: Box::new(command.clone()),
        tightened,
        loosened,
    })];
    if after != resource.registration {
        events.extend(due_with(state, resource, Changed::Grades, context));
    }
    events.extend(regraded_with(state, resource, (&after, &command.reason), context));
    Ok(events)
}

/// Decides what waited.
///
/// # Errors
/// Refuses it where nothing waits, without a reason, and an approval while a registration is under way or by rules that no
/// longer allow it.
pub(crate) fn decide_regrading(
    state: &State,
    command: &DecideRegrading,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let resource = state.resource(&command.resource, context)?;
    check_not_withdrawn(resource, context)?;
    context.rules.said(&command.reason, ("审批理由", "reason"))?;
    if resource.regrading.is_empty() {
        return Err(context.rules.wrong_state(
            Text::new("没有待审批的分级变更", "no change of grades waits for a decision"),
            Text::new(
                "收紧的变更即时生效，无需审批；放宽的由数源单位先提出",
                "what is tighter holds already; what is to be looser is asked for first (`resource.regrade`)",
            ),
        ));
    }
    let mut events = vec![Event::Resource(ResourceEvent::RegradingDecided(command.clone()))];
    if command.approved {
        let thing = Registrable::Resource {
            resource: command.resource.clone(),
        };
        check_not_under_way(state, &thing, &resource.registration.name, context)?;
        let waiting = resource.waiting();
        let after = regraded(&resource.registration, &waiting);
        check_sound(&after, &waiting, context)?;
        events.extend(due_with(state, resource, Changed::Grades, context));
    }
    Ok(events)
}

fn check_basis(command: &RegradeResource, context: &Context<'_>) -> Result<(), Refusal> {
    if !command.basis.trim().is_empty() && is_sha256(&command.document_sha256) {
        return Ok(());
    }
    Err(refuse(
        ("未写明分级依据或未附其文件", "no basis is named, or it has no document"),
        (
            "请填写分级依据（目录、评估或通知）及其文件的 SHA-256",
            "name by what it is graded, with the SHA-256 of the document",
        ),
        context,
    ))
}

/// Which way a column goes.
///
/// # Errors
/// Refuses what is tighter in one thing and looser in another, or another rule altogether.
fn way(field: &Field, grade: &Grade, context: &Context<'_>) -> Result<Way, Refusal> {
    if (field.level, &field.release) == (grade.level, &grade.release) {
        return Ok(Way::Same);
    }
    if grade.level >= field.level && field.release.covers(&grade.release) {
        return Ok(Way::Tighter);
    }
    if grade.level <= field.level && grade.release.covers(&field.release) {
        return Ok(Way::Looser);
    }
    let name = &field.name;
    let (zh, en) = (
        format!(
            "字段 `{name}` 由 {} 级 `{}` 改为 {} 级 `{}`，既非收紧也非放宽",
            field.level, field.release, grade.level, grade.release
        ),
        format!(
            "`{name}` goes from level {} `{}` to level {} `{}`, which is neither tighter nor looser",
            field.level, field.release, grade.level, grade.release
        ),
    );
    let remedy = (
        "请先收紧为不放行，再由实施机构同意放宽为新的规则",
        "close it first, which holds at once, and then ask for the new rule, which the agency decides on",
    );
    Err(refuse((&zh, &en), remedy, context))
}

/// A registration with these grades is one that could be registered.
fn check_sound(after: &RegisterResource, grades: &Grades, context: &Context<'_>) -> Result<(), Refusal> {
    check_fields(after, context)?;
    for field in after.fields.iter().filter(|field| grades.contains_key(&field.name)) {
        check_level(field, context)?;
    }
    check_entry(&after.entry, &after.fields, context)
}

/// The registration with these grades.
fn regraded(registration: &RegisterResource, grades: &Grades) -> RegisterResource {
    let mut after = registration.clone();
    for field in &mut after.fields {
        if let Some(grade) = grades.get(&field.name) {
            field.level = grade.level;
            field.release.clone_from(&grade.release);
        }
    }
    after
}

fn refuse(what: (&str, &str), remedy: (&str, &str), context: &Context<'_>) -> Refusal {
    let (message, remedy) = (Text::new(what.0, what.1), Text::new(remedy.0, remedy.1));
    context.rules.refuse(Rule::ResourceRegrade, message, remedy)
}

impl Resource {
    /// The columns that wait to become looser, as they shall be.
    fn waiting(&self) -> Grades {
        let waiting = self.regrading.iter().flat_map(|it| &it.grades);
        waiting.map(|(name, grade)| (name.clone(), grade.clone())).collect()
    }

    /// A change of grades is asked for: what is tighter holds, what is looser waits with its document, and what waited of the
    /// same columns waits no more.
    pub(super) fn regrade(
        &mut self,
        regrading: &RegradeResource,
        (tightened, loosened): (&Grades, &Grades),
        at: Timestamp,
    ) {
        self.hold(tightened);
        let stays = |name: &String, grade: &mut Grade| regrading.grades.get(name).is_none_or(|asked| asked == grade);
        for waiting in &mut self.regrading {
            waiting.grades.retain(stays);
        }
        self.regrading.retain(|waiting| !waiting.grades.is_empty());
        if !loosened.is_empty() {
            self.regrading.push(PendingRegrading {
                grades: loosened.clone(),
                at,
                reason: regrading.reason.clone(),
                basis: regrading.basis.clone(),
                document_sha256: regrading.document_sha256.clone(),
            });
        }
    }

    /// These grades hold.
    pub(super) fn hold(&mut self, grades: &Grades) {
        if !grades.is_empty() {
            self.registration = regraded(&self.registration, grades);
            self.regraded += 1;
        }
    }
}

/// What waited holds from now on; scenarios that are open keep the rules by which they were approved.
pub(super) fn loosened(state: &mut State, id: &ResourceId) {
    let Some(resource) = state.resources.get(id).cloned() else {
        return;
    };
    let waiting = resource.waiting();
    if waiting.is_empty() {
        return;
    }
    let before = |name: &String| resource.field(name).map(|field| (name.clone(), field.release.clone()));
    let kept: BTreeMap<String, ReleaseRule> = waiting.keys().filter_map(before).collect();
    let uses = state
        .scenarios
        .iter()
        .filter(|(_, scenario)| scenario.status.is_open() && scenario.application.resources.contains_key(id));
    let scenarios: Vec<_> = uses.map(|(scenario, _)| scenario.clone()).collect();
    for scenario in scenarios {
        change(&mut state.scenarios, &scenario, |scenario| {
            let rules = scenario.application.tightened.entry(id.clone()).or_default();
            for (name, rule) in &kept {
                rules.entry(name.clone()).or_insert_with(|| rule.clone());
            }
        });
    }
    change(&mut state.resources, id, |resource| resource.hold(&waiting));
}
