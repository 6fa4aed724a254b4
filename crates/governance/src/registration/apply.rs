//! Applying for a registration.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::earlier::{EarlierRegistration, check_earlier};
use super::{Certificate, Registrable, RegistrationEvent, renewal_window};
use crate::Context;
use crate::calendar::day_of;
use crate::deadline::Deadline;
use crate::event::Event;
use crate::identifier::RegistrationId;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// What is asked of the register (26号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationType {
    /// 首次登记.
    First,
    /// 变更登记: what is registered has changed.
    Modification,
    /// 更正登记: what is registered was wrong.
    Correction,
    /// 续期: the time of the certificate ends.
    Renewal,
    /// 注销登记.
    Cancellation,
}

impl RegistrationType {
    /// Whether what is registered is different afterwards.
    #[must_use]
    pub fn changes(self) -> bool {
        matches!(self, Self::Modification | Self::Correction)
    }

    /// The term of the field.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::First => "首次登记",
            Self::Modification => "变更登记",
            Self::Correction => "更正登记",
            Self::Renewal => "续期",
            Self::Cancellation => "注销登记",
        }
    }
}

/// A paper that goes with an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Material {
    /// What it is.
    pub name: String,
    /// SHA-256 of the file, lower-case hex.
    pub document_sha256: String,
}

/// Applies for the registration of a resource or a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplyRegistration {
    /// Its id.
    pub id: RegistrationId,
    /// What is to be registered.
    pub thing: Registrable,
    /// What is asked.
    pub registration_type: RegistrationType,
    /// Why, or what has changed.
    pub reason: String,
    /// The papers, such as the proof of a lawful source.
    pub materials: Vec<Material>,
    /// What it was registered by before the platform, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierRegistration>,
}

/// Decides an application.
///
/// # Errors
/// Refuses a second one for the same thing, a type that does not fit, one without reason or papers, a renewal out of
/// its time, and an earlier registration that its papers do not show.
pub fn decide_apply(state: &State, command: &ApplyRegistration, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.registrations.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该编号的登记已存在", "a registration with this id exists"),
            Text::new("无需重复申请", "there is nothing to do"),
        ));
    }
    context.rules.said(&command.reason, ("登记事由", "reason"))?;
    check_materials(command, context)?;
    let today = day_of(context.at);
    check_type(state, command, today, context)?;
    if let Some(earlier) = &command.earlier {
        check_earlier(state, (earlier, command.registration_type), context)?;
    }
    let days = context.rules.parameters().registration.acceptance_days;
    Ok(vec![Event::Registration(RegistrationEvent::Applied {
        application: Box::new(command.clone()),
        applicant: context.actor.party.clone(),
        deadline: Deadline::count(today, days, context.rules.working_days()),
    })])
}

fn check_materials(command: &ApplyRegistration, context: &Context<'_>) -> Result<(), Refusal> {
    let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let sound = |material: &Material| !material.name.trim().is_empty() && is_hash(&material.document_sha256);
    if !command.materials.is_empty() && command.materials.iter().all(sound) {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "登记须附材料，逐件写明名称和 SHA-256",
            "an application comes with its papers, each with name and SHA-256",
        ),
        Text::new("请补齐登记材料", "add the papers"),
    ))
}

/// A thing is registered once; all other types speak of a registration in force (26号).
fn check_type(state: &State, command: &ApplyRegistration, today: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let name = command.thing.name(state, context)?;
    let in_force = state.certificate_of(&command.thing);
    let in_force = in_force.filter(|certificate| certificate.valid.covers(today));
    let (message, remedy) = match (command.registration_type, in_force) {
        _ if state.is_being_registered(&command.thing) => (
            Text::new(
                format!("“{name}”已有登记申请在办"),
                format!("an application for `{name}` is under way"),
            ),
            Text::new("请待其办结后再申请", "wait until it is done"),
        ),
        (RegistrationType::First, None) => return Ok(()),
        (kind, Some(_)) if kind.changes() && state.changes_nothing(&command.thing) => (
            Text::new(
                format!("“{name}”没有待登记的变更"),
                format!("no change of `{name}` waits for its registration"),
            ),
            Text::new(
                "请先办理“变更数据资源”，或变更其分级和放行规则",
                "change the resource first (`resource.amend`, `resource.regrade`)",
            ),
        ),
        (RegistrationType::Modification | RegistrationType::Correction | RegistrationType::Cancellation, Some(_)) => {
            return Ok(());
        }
        (RegistrationType::Renewal, Some(certificate)) => return check_renewal(certificate, today, context),
        (RegistrationType::First, Some(certificate)) => (
            Text::new(
                format!("“{name}”已登记，编码 `{}`", certificate.code),
                format!("`{name}` is registered under `{}`", certificate.code),
            ),
            Text::new(
                "请申请变更、更正、续期或注销",
                "apply for a change, correction, renewal or cancellation",
            ),
        ),
        (_, None) => (
            Text::new(
                format!("“{name}”没有在有效期内的登记"),
                format!("`{name}` has no registration in force"),
            ),
            Text::new("请申请首次登记", "apply for its first registration"),
        ),
    };
    Err(context.rules.refuse(Rule::RegistrationType, message, remedy))
}

impl State {
    /// Whether an application for the thing is under way.
    pub(crate) fn is_being_registered(&self, thing: &Registrable) -> bool {
        let mut registrations = self.registrations.values();
        registrations.any(|it| it.is_pending() && it.application.thing == *thing)
    }

    /// Whether it is a resource of which no change waits; a product changes by its next version.
    fn changes_nothing(&self, thing: &Registrable) -> bool {
        let Registrable::Resource { resource } = thing else {
            return false;
        };
        self.resources
            .get(resource)
            .is_none_or(|resource| resource.pending.is_none() && resource.dues.is_empty())
    }
}

fn check_renewal(certificate: &Certificate, today: Date, context: &Context<'_>) -> Result<(), Refusal> {
    let window = renewal_window(certificate, context.rules.parameters().registration.renewal_days);
    if window.covers(today) {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::RegistrationValidity,
        Text::new(
            format!("登记有效期至 {}，{} 起方可申请续期", window.until, window.from),
            format!(
                "the registration is valid until {}; its renewal is applied for from {} on",
                window.until, window.from
            ),
        ),
        Text::new("请届时再申请", "apply then"),
    ))
}
