//! Disclosures that wait to be made, reviewed or published.

use gongshu_governance::disclosure::{DisclosureStatus, Owed, owed};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::rules::Rules;
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use crate::tasks::Task;

/// What waits for a party.
pub(crate) fn tasks(state: &State, party: &PartyId, role: Option<Role>, rules: &Rules, today: Date) -> Vec<Task> {
    let all = owed(state, rules, today);
    all.iter()
        .filter_map(|it| task(state, it, party, role, today))
        .collect()
}

fn task(state: &State, owed: &Owed<'_>, party: &PartyId, role: Option<Role>, today: Date) -> Option<Task> {
    let own = owed.party == *party;
    let reviews = role.is_some_and(Role::is_authority);
    let current = owed.current();
    let (act, zh, en) = match current.map(|made| &made.status) {
        None | Some(DisclosureStatus::SentBack { .. }) if own => (Act::PrepareDisclosure, "编制", "make"),
        Some(DisclosureStatus::Prepared) if !own && reviews => (Act::ReviewDisclosure, "审核", "review"),
        Some(DisclosureStatus::Reviewed { .. }) if own => (Act::PublishDisclosure, "公布", "publish"),
        _ => return None,
    };
    let name = state.parties.get(&owed.party).map_or("", |party| party.name.as_str());
    let (year, due) = (owed.year, owed.due);
    let corrects = owed.correction.is_some();
    let (late_zh, late_en) = if corrects {
        ("（更正）", " (a correction)")
    } else if owed.is_late(today) {
        ("，已逾期", ", overdue")
    } else {
        ("", "")
    };
    let made = current.map(|made| made.prepare.id.to_string());
    Some(Task {
        act,
        kind: "disclosure",
        id: made.unwrap_or_else(|| format!("{}-{year}", owed.party)),
        name: name.to_owned(),
        resource: None,
        revision: current.map_or(0, |made| made.revision),
        text: Text::new(
            format!("{zh}“{name}”{year} 年度披露，{due} 前公布{late_zh}"),
            format!("{en} the disclosure of `{name}` about {year}, to be public by {due}{late_en}"),
        ),
    })
}
