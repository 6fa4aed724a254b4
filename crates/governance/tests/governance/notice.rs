//! A comment period, an announcement and a publicity are not dated back: they begin when they come on record, or what shows
//! their earlier beginning comes with them; they end by the clock.

use gongshu_governance::Command;
use gongshu_governance::identifier::{PlanId, SelectionId};
use serde_json::json;

use crate::coverage::altered;
use crate::district::{CALENDAR, District, NATIONAL, overlay, rules_of};

const ACTS: [&str; 3] = ["plan.comment", "selection.announce", "selection.publicize"];

/// The step of the path over a term of its own, without evidence.
fn from(act: &str, first: &str) -> (District, &'static str, Command) {
    let (district, party, command) = District::before(act);
    let term = json!({"from": first, "until": "2026-04-30"});
    let changes = [("/of/term", term), ("/of/evidence", json!(null))];
    (district, party, altered(&command, &changes))
}

#[test]
fn what_begins_on_the_day_of_record_needs_no_evidence_and_what_began_before_does() {
    for act in ACTS {
        // The path stands at the first of April, in Shanghai.
        for first in ["2026-04-01", "2026-04-02"] {
            let (district, party, command) = from(act, first);
            assert!(district.decide(party, &command).is_ok(), "{act} from {first}");
        }
        let (mut district, party, command) = from(act, "2026-03-31");
        let refusal = district.decide(party, &command).unwrap_err();
        assert_eq!(refusal.rule, "publicity.recording", "{act}");
        assert!(refusal.message.en.contains("1 days before 2026-04-01"), "{refusal:?}");
        // An hour before midnight it is still the day before.
        district.now = "2026-03-31T15:00:00Z".parse().unwrap();
        assert!(district.decide(party, &command).is_ok(), "{act}");
    }
}

#[test]
fn a_pack_may_grant_days_for_the_record() {
    let rules = rules_of(&[NATIONAL, CALENDAR, &overlay("days_late_max = 0", "days_late_max = 3")]);
    for (first, accepted) in [("2026-03-29", true), ("2026-03-28", false)] {
        let (district, party, command) = from("plan.comment", first);
        assert_eq!(district.decide_under(&rules, party, &command).is_ok(), accepted);
    }
}

#[test]
fn what_came_on_record_late_says_by_how_many_days() {
    let district = District::serving();
    let plan = &district.state.plans[&PlanId::new("pln_1")];
    assert_eq!(plan.comment_late_days, 31);
    let selection = &district.state.selections[&SelectionId::new("sel_1")];
    assert_eq!((selection.announced_late_days, selection.publicity_late_days), (22, 4));
}

#[test]
fn a_period_ends_by_the_clock_and_not_before() {
    let (mut district, agency, command) = from("plan.comment", "2026-04-01");
    district.must(agency, &command);
    let after = crate::district::path().into_iter().map(|(_, command)| command);
    let after = after.skip_while(|command| command.act().id() != "plan.opinion");
    let mut conclusion = None;
    for command in after {
        if command.act().id() == "plan.conclude" {
            conclusion = Some(command);
            break;
        }
        district.must(agency, &command);
    }
    let conclusion = conclusion.unwrap();
    district.now = "2026-04-30T15:59:59Z".parse().unwrap();
    assert_eq!(district.decide(agency, &conclusion).unwrap_err().rule, "plan.comment");
    district.now = "2026-04-30T16:00:00Z".parse().unwrap();
    assert!(district.decide(agency, &conclusion).is_ok());
}
