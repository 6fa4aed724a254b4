//! Permitted revenues: those whose period is over are settled, and followed by another.

use std::sync::Arc;

use gongshu_governance::agreement::{Agreement, AgreementStatus};
use gongshu_governance::exit::ExitStatus;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;
use gongshu_governance::revenue::Revenue;
use gongshu_governance::rules::Rules;
use gongshu_governance::{State, Text};
use jiff::civil::Date;

use super::{Task, oversight};

/// What waits for the agency of each agreement.
pub(super) fn tasks(state: &State, party: &PartyId, rules: &Rules, today: Date) -> Vec<Task> {
    let days = rules.parameters().charges.revenue_due_days;
    let due = |revenue: &Revenue| revenue.permit.period.until.saturating_add(jiff::Span::new().days(days));
    let open = state.revenues.values().filter(|revenue| revenue.is_open());
    let settles = open.filter_map(|revenue| settle(state, revenue, party, (due(revenue), today)));
    let agreements = state.agreements.values().filter(|it| it.agency == *party);
    let follow = agreements.filter_map(|agreement| follow(agreement, newest(state, agreement)?, due, today));
    settles.chain(follow).collect()
}

fn settle(state: &State, revenue: &Arc<Revenue>, party: &PartyId, (due, today): (Date, Date)) -> Option<Task> {
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
    let late = oversight::late(due, today);
    let text = Text::new(
        format!(
            "结算“{title}” {} 至 {} 的准许收入，期限 {due}{}",
            period.from, period.until, late.0
        ),
        format!(
            "settle the permitted revenue of `{title}` from {} to {}, by {due}{}",
            period.from, period.until, late.1
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

/// The newest period of an agreement that stands.
fn newest<'s>(state: &'s State, agreement: &Agreement) -> Option<&'s Arc<Revenue>> {
    let own = state
        .revenues
        .values()
        .filter(|it| it.permit.agreement == agreement.terms.id);
    own.filter(|it| it.replaced.is_none())
        .max_by_key(|it| it.permit.period.until)
}

/// A period that is over, trial or not, is followed by another while the agreement goes on: or prices rest on nothing, and what
/// was earned too much is never deducted.
fn follow(agreement: &Agreement, last: &Revenue, due: impl Fn(&Revenue) -> Date, today: Date) -> Option<Task> {
    let (until, terms) = (last.permit.period.until, &agreement.terms);
    let goes_on = matches!(agreement.status, AgreementStatus::Signed { .. }) && until < terms.term.until;
    if !goes_on || today <= until {
        return None;
    }
    let (due, title) = (due(last), &terms.title);
    let late = oversight::late(due, today);
    let text = Text::new(
        format!(
            "“{title}”的准许收入期间已于 {until} 届满：核定下一期间，期限 {due}{}",
            late.0
        ),
        format!(
            "the period of permitted revenue of `{title}` ended on {until}: permit the next, by {due}{}",
            late.1
        ),
    );
    let id = last.permit.id.as_str();
    Some(Task::of(Act::PermitRevenue, "revenue", id, title, last.revision, text))
}
