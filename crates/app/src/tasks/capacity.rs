//! Amounts of an agreement that are nearly used up: both sides are told in time to amend it.

use gongshu_governance::Text;
use gongshu_governance::agreement::{Agreement, AgreementStatus, Use};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;

use super::Task;
use crate::district::District;
use crate::snapshot::Snapshot;

/// What a side of an agreement is told.
pub(super) fn tasks(district: &District, snapshot: &Snapshot, party: &PartyId) -> Vec<Task> {
    let from = district.rules().parameters().capacity_notice_percent;
    let agreements = snapshot.state.agreements.values();
    let own = agreements.filter(|agreement| {
        let side = agreement.terms.operator == *party || agreement.agency == *party;
        let lives = matches!(agreement.status, AgreementStatus::Signed { .. });
        side && lives && agreement.proposed.is_none()
    });
    own.filter_map(|agreement| {
        let all = district.capacity_used(snapshot, agreement);
        let most = all.iter().filter_map(|it| Some((it.percent()?, it)));
        let (percent, of) = most.max_by_key(|(percent, _)| *percent)?;
        (percent >= from).then(|| task(agreement, of, percent))
    })
    .collect()
}

fn task(agreement: &Agreement, of: &Use, percent: u64) -> Task {
    let (title, measure) = (&agreement.terms.title, of.amount.measure);
    let (used, agreed) = (of.text().unwrap_or_default(), of.amount.quantity);
    let text = Text::new(
        format!(
            "“{title}”的{}已用 {used} {}，为约定 {agreed} {} 的 {percent}%：请及时变更授权规模或控制用量",
            measure.zh(),
            measure.unit(),
            measure.unit()
        ),
        format!(
            "`{title}`: {} stands at {used}, {percent}% of the agreed {agreed}; amend the scale in time, or use less",
            measure.id()
        ),
    );
    let id = agreement.terms.id.as_str();
    Task::of(Act::ProposeAmendment, "agreement", id, title, agreement.revision, text)
}
