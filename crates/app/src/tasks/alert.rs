//! Alerts as tasks: of the operator under whose agreement they were raised and of the agencies, whoever is first. Nobody
//! has one about itself.

use gongshu_governance::State;
use gongshu_governance::Text;
use gongshu_governance::alert::Alert;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::rules::Rules;
use jiff::civil::Date;

use super::{Task, oversight};

/// What waits for this party.
pub(super) fn tasks(state: &State, party: &PartyId, role: Option<Role>, rules: &Rules, today: Date) -> Vec<Task> {
    let waiting = state.alerts.values().filter(|alert| {
        let open = alert.handled.is_none() && alert.raised.party != *party;
        open && (role == Some(Role::Agency) || alert.operator(state) == Some(party))
    });
    waiting.map(|alert| task(state, alert, rules, today)).collect()
}

fn task(state: &State, alert: &Alert, rules: &Rules, today: Date) -> Task {
    let raised = &alert.raised;
    let about = state.parties.get(&raised.party);
    let about = about.map_or(raised.party.as_str(), |party| party.name.as_str());
    let (kind, due) = (raised.kind.text(), alert.due(rules.working_days()));
    let late = oversight::late(due, today);
    let text = Text::new(
        format!(
            "处置关于“{about}”的告警：{} {}，期限 {due}{}",
            raised.day, kind.zh, late.0
        ),
        format!(
            "handle the alert about `{about}`: {} on {}, by {due}{}",
            kind.en, raised.day, late.1
        ),
    );
    Task::of(
        Act::HandleAlert,
        "alert",
        raised.id.as_str(),
        about,
        alert.revision,
        text,
    )
}
