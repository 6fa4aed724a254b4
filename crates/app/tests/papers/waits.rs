//! What waits of plans and selections, along the path on which every act is done once.

use std::collections::BTreeMap;

use gongshu_app::preparation;
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::power::Act;
use jiff::civil::Date;

use crate::district::{District, path};

/// Each step of the path that goes on with a plan or a selection is what waited of it for the agency, and of the acts that can be
/// waited for none is left out.
#[test]
fn the_next_step_of_a_plan_and_a_selection_is_what_waits() {
    let mut district = District::empty();
    let mut waited: BTreeMap<&str, bool> = [
        Act::FormPanel,
        Act::OpenComment,
        Act::AnswerOpinion,
        Act::ConcludeReview,
        Act::DecidePlan,
        Act::PublishPlan,
        Act::QualifyApplicant,
        Act::SeatPanel,
        Act::ScoreApplicant,
        Act::PublicizeCandidate,
        Act::ResolveObjection,
        Act::ConfirmSelection,
        Act::FailSelection,
        Act::ProposeAgreement,
    ]
    .map(|act| (act.id(), false))
    .into();
    let tasks = |district: &District, party: &str, day: Date| preparation(&district.state, &PartyId::new(party), day);
    for (party, command) in path() {
        let (act, stream) = (command.act(), command.stream().to_owned());
        if let Some(waited) = waited.get_mut(act.id()) {
            let today = day_of(district.now);
            // The panel of the path sits while applications are still taken; it is waited for from the day after on.
            let day = if act == Act::SeatPanel {
                today.tomorrow().unwrap()
            } else {
                today
            };
            // An agreement is not on record before it is proposed: what waits for it is its selection.
            let is_it = |id: &str| id == stream || act == Act::ProposeAgreement;
            let offered = tasks(&district, "pty_agency", day);
            *waited |= offered.iter().any(|task| task.act == act && is_it(&task.id));
            assert!(
                tasks(&district, "pty_operator", day).is_empty(),
                "they are the agency's"
            );
        }
        district.must(party, &command);
    }
    let never: Vec<&&str> = waited
        .iter()
        .filter(|(_, waited)| !**waited)
        .map(|(act, _)| act)
        .collect();
    assert!(never.is_empty(), "these never waited: {never:?}");
}
