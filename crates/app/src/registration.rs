//! Registrations that wait for the registrar, and those that their holders have to renew, or of which something has changed.

use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::registration::{Registrable, Registration, RegistrationStatus, StepKind, renewal_window};
use gongshu_governance::resource::{Changed, Resource};
use gongshu_governance::rules::Rules;
use gongshu_governance::{State, Text};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::tasks::{Task, oversight};

/// What waits for a party.
pub(crate) fn tasks(state: &State, party: &PartyId, role: Option<Role>, rules: &Rules, now: Timestamp) -> Vec<Task> {
    let registrations = state.registrations.values();
    if role == Some(Role::Agency) {
        return registrations.filter_map(|it| step(state, it, rules, now)).collect();
    }
    let own = registrations.filter(|registration| registration.applicant == *party);
    let renewals = own.filter_map(|it| renewal(state, it, rules, now));
    let resources = state.resources.values();
    let held = resources.filter(|resource| resource.registration.provider == *party);
    renewals
        .chain(held.filter_map(|it| change(state, it, rules, day_of(now))))
        .collect()
}

/// The registration of a change that its holder is to apply for, with its last day.
fn change(state: &State, resource: &Resource, rules: &Rules, today: Date) -> Option<Task> {
    let due = state.change_to_register(resource, today)?;
    let thing = Registrable::Resource {
        resource: resource.registration.id.clone(),
    };
    let registration = state.registrations.get(state.registered.get(&thing)?)?;
    let (name, last) = (
        resource.registration.name.clone(),
        due.deadline.by(rules.working_days()).due,
    );
    let (zh, en) = match due.changed {
        Changed::Entry => ("登记内容", "entry"),
        Changed::Grades => ("分级和放行规则", "levels and release rules"),
    };
    let late = oversight::late(last, today);
    let text = Text::new(
        format!("“{name}”的{zh}已变更，请于 {last} 前申请变更登记{}", late.0),
        format!(
            "the {en} of `{name}` changed: apply for the registration of that by {last}{}",
            late.1
        ),
    );
    Some(task(registration, Act::ApplyRegistration, name, text))
}

/// The next step of the registrar, with its last day.
fn step(state: &State, registration: &Registration, rules: &Rules, now: Timestamp) -> Option<Task> {
    let due = |kind| {
        let step = registration.steps.get(&kind)?;
        Some(step.deadline.by(rules.working_days()))
    };
    let name = name(state, &registration.application.thing);
    let by = |kind, zh: &str, en: &str| {
        let day = due(kind).map_or_else(String::new, |deadline| deadline.due.to_string());
        let late = registration.is_late(kind, now, rules.working_days());
        let (late_zh, late_en) = if late { ("，已逾期", ", overdue") } else { ("", "") };
        Text::new(
            format!("{zh}“{name}”的登记，{day} 前{late_zh}"),
            format!("{en} the registration of `{name}` by {day}{late_en}"),
        )
    };
    let (act, text) = match &registration.status {
        RegistrationStatus::Applied => (Act::AcceptRegistration, by(StepKind::Acceptance, "受理", "accept")),
        RegistrationStatus::Accepted => (Act::ReviewRegistration, by(StepKind::Review, "形式审核", "review")),
        RegistrationStatus::Publicized { stopped: Some(_), .. } => {
            let (zh, en) = (
                format!("处理对“{name}”登记的异议"),
                format!("decide on the objection to `{name}`"),
            );
            (Act::ResolveRegistrationObjection, Text::new(zh, en))
        }
        RegistrationStatus::Publicized { stopped: None, .. } => {
            due(StepKind::Publicity).filter(|deadline| deadline.is_over(day_of(now)))?;
            let (zh, en) = (
                format!("为“{name}”的登记赋码"),
                format!("give the registration of `{name}` its code"),
            );
            (Act::AssignCode, Text::new(zh, en))
        }
        RegistrationStatus::Registered(_)
        | RegistrationStatus::Returned { .. }
        | RegistrationStatus::Withdrawn { .. } => return None,
    };
    Some(task(registration, act, name, text))
}

/// A certificate that is about to end, unless its renewal is under way.
fn renewal(state: &State, registration: &Registration, rules: &Rules, now: Timestamp) -> Option<Task> {
    let thing = &registration.application.thing;
    let certificate = registration.certificate()?;
    let newest = state.certificate_of(thing) == Some(certificate);
    let under_way = |other: &Registration| other.is_pending() && other.application.thing == *thing;
    let window = renewal_window(certificate, rules.parameters().registration.renewal_days);
    if !newest || !window.covers(day_of(now)) || state.registrations.values().any(|it| under_way(it)) {
        return None;
    }
    let (name, until) = (name(state, thing), window.until);
    let text = Text::new(
        format!("“{name}”的登记有效期至 {until}，请申请续期"),
        format!("apply for the renewal of the registration of `{name}`, valid until {until}"),
    );
    Some(task(registration, Act::ApplyRegistration, name, text))
}

fn task(registration: &Registration, act: Act, name: String, text: Text) -> Task {
    Task {
        act,
        kind: "registration",
        id: registration.application.id.to_string(),
        name,
        resource: None,
        revision: registration.revision,
        text,
    }
}

fn name(state: &State, thing: &Registrable) -> String {
    let name = match thing {
        Registrable::Resource { resource } => state.resources.get(resource).map(|it| &it.registration.name),
        Registrable::Product { product } => state.products.get(product).map(|it| &it.submission.name),
    };
    name.cloned().unwrap_or_default()
}
