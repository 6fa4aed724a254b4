//! Registering a version of a model.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ModelEvent, function_of};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ModelId, ResourceId, ScenarioId};
use crate::product::check_developer;
use crate::refusal::Refusal;
use crate::resource::FieldType;
use crate::rules::Rule;
use crate::scenario::{Scenario, check_agreement};
use crate::state::State;
use crate::text::Text;

/// Most letters of a model's name.
const NAME_CHARACTERS_MAX: usize = 40;
/// Most fields that a model takes.
pub const INPUTS_MAX: usize = 64;

/// The fields of one resource that a model takes, in the order of its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelInput {
    /// The resource whose records it scores.
    pub resource: ResourceId,
    /// Its fields.
    pub fields: Vec<String>,
}

/// What a model's file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelFormat {
    /// A WebAssembly module.
    #[default]
    Wasm,
    /// An ONNX network.
    Onnx,
}

impl ModelFormat {
    /// Whether it is a module, as all models once were.
    #[must_use]
    pub fn is_wasm(&self) -> bool {
        matches!(self, Self::Wasm)
    }
}

/// Registers a version of a model under a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterModel {
    /// Its id.
    pub id: ModelId,
    /// The scenario it is used under.
    pub scenario: ScenarioId,
    /// Its name, of lower-case letters, digits and `_`.
    pub name: String,
    /// Its version, from 1.
    pub number: u32,
    /// What it scores, and how.
    pub summary: String,
    /// What it takes: its lineage.
    pub input: ModelInput,
    /// What its file is; a WebAssembly module where it is left out.
    #[serde(default, skip_serializing_if = "ModelFormat::is_wasm")]
    pub format: ModelFormat,
    /// The file, in base64: the module, or the ONNX model.
    pub module: String,
    /// SHA-256 of the file's bytes, lower-case hex.
    pub module_sha256: String,
}

impl RegisterModel {
    /// Its function in SQL.
    #[must_use]
    pub fn function(&self) -> String {
        function_of(&self.name, self.number)
    }

    /// The bytes of the module; none where it is not base64.
    #[must_use]
    pub fn code(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.module).ok()
    }
}

/// Decides a registration. That the module can be run at all was found by the engine.
///
/// # Errors
/// Refuses what exceeds the scenario, a version that is not the next one, a partner without engagement, and a module
/// that does not have the SHA-256 stated.
pub fn decide_register(state: &State, command: &RegisterModel, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let scenario = state.scenario(&command.scenario, context)?;
    scenario.check_open(context)?;
    check_developer(state, scenario, context)?;
    check_version(
        state,
        (&command.id, &command.scenario),
        (&command.name, command.number),
        context,
    )?;
    check_agreement(state, scenario, context)?;
    check_text(&command.name, &command.summary, context)?;
    check_input(state, scenario, &command.input, context)?;
    let pinned = command.code().map(|code| hex::encode(Sha256::digest(code)));
    if pinned.as_ref() != Some(&command.module_sha256) {
        return Err(context.rules.input(
            Text::new(
                "模块不是 base64，或其 SHA-256 与所填不符",
                "the module is not base64, or its SHA-256 is not the one stated",
            ),
            Text::new("请核对模块文件及其摘要", "check the module and its digest"),
        ));
    }
    Ok(vec![Event::Model(ModelEvent::Registered {
        registration: Box::new(command.clone()),
        registrar: context.actor.clone(),
    })])
}

/// Versions are counted from 1 without a gap, withdrawn ones included.
pub(super) fn check_version(
    state: &State,
    (id, scenario): (&ModelId, &ScenarioId),
    (name, number): (&str, u32),
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let same = |registration: &RegisterModel| registration.scenario == *scenario && registration.name == name;
    let numbers = state.models.values().map(|model| &model.registration);
    let last = numbers.filter(|other| same(other)).map(|other| other.number).max();
    let next = last.unwrap_or(0).saturating_add(1);
    if state.models.contains_key(id) || number < next {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new(
                format!("模型 `{name}` 的第 {number} 版已登记"),
                format!("version {number} of the model `{name}` is on record"),
            ),
            Text::new(format!("请登记第 {next} 版"), format!("register version {next}")),
        ));
    }
    match number == next {
        true => Ok(()),
        false => Err(context.rules.input(
            Text::new(
                format!("模型 `{name}` 的下一版为第 {next} 版"),
                format!("the next version of the model `{name}` is {next}"),
            ),
            Text::new(format!("请登记第 {next} 版"), format!("register version {next}")),
        )),
    }
}

pub(super) fn check_text(name: &str, summary: &str, context: &Context<'_>) -> Result<(), Refusal> {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let named = (1..=NAME_CHARACTERS_MAX).contains(&name.len()) && name.chars().all(letters);
    if named && !summary.trim().is_empty() {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            format!("模型须有说明，名称 `{name}` 须为 1 至 {NAME_CHARACTERS_MAX} 个小写字母、数字或下划线"),
            format!(
                "a model has a summary, and a name of 1 to {NAME_CHARACTERS_MAX} of a-z, 0-9 and _, unlike `{name}`"
            ),
        ),
        Text::new("请更正名称与说明", "correct name and summary"),
    ))
}

/// What a model takes is granted to its scenario, and is a number or a day.
pub(super) fn check_input(
    state: &State,
    scenario: &Scenario,
    input: &ModelInput,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let resource = state.resource(&input.resource, context)?;
    let granted = scenario.application.resources.get(&input.resource);
    if !(1..=INPUTS_MAX).contains(&input.fields.len()) {
        return Err(context.rules.input(
            Text::new(
                format!("模型须申报 1 至 {INPUTS_MAX} 个输入字段"),
                format!("a model declares 1 to {INPUTS_MAX} fields as its inputs"),
            ),
            Text::new("请申报输入字段", "declare its inputs"),
        ));
    }
    for name in &input.fields {
        if !granted.is_some_and(|fields| fields.contains(name)) {
            return Err(context.rules.refuse(
                Rule::LinkExceeds,
                Text::new(
                    format!("字段 `{name}` 不在场景授权范围内"),
                    format!("the field `{name}` is outside the scenario"),
                ),
                Text::new("请去掉该字段，或为其申请场景授权", "take it out, or apply for it"),
            ));
        }
        let field = resource.registration.fields.iter().find(|field| field.name == *name);
        if field.is_none_or(|field| field.field_type == FieldType::Text) {
            return Err(context.rules.input(
                Text::new(
                    format!("字段 `{name}` 为文本，不能作为模型输入"),
                    format!("the field `{name}` is a text, which models do not take"),
                ),
                Text::new("请申报数值或日期字段", "declare numbers and days"),
            ));
        }
    }
    Ok(())
}
