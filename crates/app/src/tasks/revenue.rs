//! Permitted revenues to be settled: their period is over, or the agreement ends.

use std::sync::Arc;

use gongshu_governance::exit::ExitStatus;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;
use gongshu_governance::revenue::Revenue;
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use super::Task;

/// What waits for the agency of each agreement.
pub(super) fn tasks(state: &State, party: &PartyId, today: Date) -> Vec<Task> {
    let open = state.revenues.values().filter(|revenue| revenue.is_open());
    open.filter_map(|revenue| task(state, revenue, party, today)).collect()
}

fn task(state: &State, revenue: &Arc<Revenue>, party: &PartyId, today: Date) -> Option<Task> {
    let permit = &revenue.permit;
    let agreement = state.agreements.get(&permit.agreement)?;
    let ending = state.exits.values().any(|exit| {
        let under_way = matches!(exit.status, ExitStatus::Started { .. });
        under_way && exit.start.agreement == permit.agreement
    });
    if agreement.agency != *party || (today <= permit.period.until && !ending) {
        return None;
    }
    let (title, period) = (&agreement.terms.title, permit.period);
    let text = Text::new(
        format!("结算“{title}” {} 至 {} 的准许收入", period.from, period.until),
        format!(
            "settle the permitted revenue of `{title}` from {} to {}",
            period.from, period.until
        ),
    );
    let id = permit.id.as_str();
    Some(Task::of(
        Act::SettleRevenue,
        "revenue",
        id,
        title,
        revenue.revision,
        text,
    ))
}
