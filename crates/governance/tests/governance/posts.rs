//! Posts: who of a party's people does what, for how long, and for whom; and nobody decides on what he filed.

use gongshu_governance::identifier::*;
use gongshu_governance::post::*;
use gongshu_governance::power::Act;
use gongshu_governance::product::ListProduct;
use gongshu_governance::scenario::ApproveResource;
use gongshu_governance::{Actor, Command, Event, Refusal};
use jiff::civil::date;
use serde_json::json;

use crate::coverage::altered;
use crate::district::{District, path};
use crate::steps::posts;

const PARTY: &str = "pty_ecology";
/// The person who acts for it.
const HEAD: &str = "psn_pty_ecology";

/// Decides what a person of a party asks for; a machine where none is named.
fn by(district: &District, party: &str, person: Option<&str>, command: &Command) -> Result<Vec<Event>, Refusal> {
    let actor = Actor {
        party: PartyId::new(party),
        person: person.map(PersonId::new),
    };
    district.decide_as(&actor, command)
}

/// The district after so many steps of [`posts`].
fn after(steps: usize) -> District {
    let (mut district, ..) = District::before("post.create");
    for (party, command) in posts().into_iter().take(steps) {
        district.must(party, &command);
    }
    district
}

/// Something that the post carries. The scenario uses nothing of this provider, so that it is refused for that later.
fn approval() -> Command {
    Command::ApproveResource(ApproveResource {
        scenario: ScenarioId::new("scn_credit"),
        resource: ResourceId::new("res_air"),
    })
}

/// A resource of the provider's own, so that approving is its own business.
fn with_resource(steps: usize) -> District {
    let mut district = after(0);
    let (_, _, register) = District::before("resource.register");
    let own = [
        ("/of/id", json!("res_air")),
        ("/of/provider", json!(PARTY)),
        ("/of/table", json!("air")),
    ];
    district.must(PARTY, &altered(&register, &own));
    for (party, command) in posts().into_iter().take(steps) {
        district.must(party, &command);
    }
    district
}

fn rule(outcome: Result<Vec<Event>, Refusal>) -> String {
    outcome.err().map_or_else(String::new, |refusal| refusal.rule)
}

#[test]
fn a_party_without_posts_acts_as_before() {
    let district = with_resource(0);
    for person in [Some(HEAD), Some("psn_anyone"), None] {
        assert_ne!(
            rule(by(&district, PARTY, person, &approval())),
            "power.post",
            "{person:?}"
        );
    }
}

#[test]
fn from_the_first_post_on_its_holders_act_and_their_delegates_as_far_as_they_reach() {
    let held = with_resource(2);
    assert_ne!(rule(by(&held, PARTY, Some(HEAD), &approval())), "power.post");
    let refusal = by(&held, PARTY, Some("psn_deputy"), &approval()).unwrap_err();
    assert_eq!(refusal.rule, "power.post");
    assert!(
        refusal.remedy.zh.contains("数据管理岗（王敏）"),
        "it says who could: {refusal:?}"
    );
    assert_eq!(rule(by(&held, PARTY, None, &approval())), "power.post", "not a machine");

    let mut delegated = with_resource(3);
    assert_ne!(
        rule(by(&delegated, PARTY, Some("psn_deputy"), &approval())),
        "power.post"
    );
    let [_, (_, appoint), ..] = posts();
    let decline = altered(&appoint, &[("/of/person", json!("psn_friend"))]);
    assert_eq!(
        rule(by(&delegated, PARTY, Some("psn_deputy"), &decline)),
        "power.post",
        "appointing was not delegated"
    );
    delegated.now = "2026-04-14T16:00:00Z".parse().unwrap();
    assert_eq!(
        rule(by(&delegated, PARTY, Some("psn_deputy"), &approval())),
        "power.post",
        "it ended with the fourteenth"
    );
    let revoked = with_resource(4);
    assert_eq!(rule(by(&revoked, PARTY, Some("psn_deputy"), &approval())), "power.post");
}

#[test]
fn a_delegation_names_what_it_reaches_and_ends_with_the_post_it_comes_from() {
    let mut district = with_resource(2);
    let [.., (_, dismiss), _] = posts();
    let [_, _, (_, delegate), ..] = posts();
    let narrow = altered(&delegate, &[("/of/things", json!(["scn_credit"]))]);
    let unknown = altered(&delegate, &[("/of/things", json!(["scn_none"]))]);
    assert_eq!(rule(district.decide(PARTY, &unknown)), "record.unknown");
    district.must(PARTY, &narrow);
    assert_ne!(
        rule(by(&district, PARTY, Some("psn_deputy"), &approval())),
        "power.post"
    );
    let other = altered(&approval(), &[("/of/scenario", json!("scn_other"))]);
    assert_eq!(rule(by(&district, PARTY, Some("psn_deputy"), &other)), "power.post");
    district.must(PARTY, &dismiss);
    assert_eq!(
        rule(by(&district, PARTY, Some("psn_deputy"), &approval())),
        "power.post",
        "who gave it holds the post no longer"
    );
}

#[test]
fn an_appointment_holds_from_its_first_day_to_its_last() {
    let mut district = with_resource(1);
    let [_, (_, appoint), ..] = posts();
    let term = [("/of/from", json!("2026-04-02")), ("/of/until", json!("2026-04-30"))];
    district.must(PARTY, &altered(&appoint, &term));
    let days = [
        ("2026-04-01", false),
        ("2026-04-02", true),
        ("2026-04-30", true),
        ("2026-05-01", false),
    ];
    for (day, holds) in days {
        district.now = format!("{day}T02:00:00Z").parse().unwrap();
        let refused = rule(by(&district, PARTY, Some(HEAD), &approval())) == "power.post";
        assert_eq!(!refused, holds, "{day}");
    }
}

#[test]
fn a_party_does_not_lock_itself_out_and_nobody_appoints_himself_once_others_can() {
    let [_, (_, appoint), ..] = posts();
    assert_eq!(
        rule(by(&after(1), PARTY, Some(HEAD), &appoint)),
        "",
        "nobody else could"
    );
    let mut held = after(2);
    let deputy = altered(
        &appoint,
        &[("/of/person", json!("psn_deputy")), ("/of/name", json!("陈立"))],
    );
    assert_eq!(rule(by(&held, PARTY, Some("psn_deputy"), &deputy)), "power.post");
    assert_eq!(rule(by(&held, PARTY, Some(HEAD), &deputy)), "");
    let [(_, create), ..] = posts();
    let second = altered(&create, &[("/of/id", json!("pst_2")), ("/of/name", json!("分管领导"))]);
    held.must(PARTY, &second);
    let own = altered(&appoint, &[("/of/post", json!("pst_2"))]);
    assert_eq!(rule(by(&held, PARTY, Some(HEAD), &own)), "power.four-eyes");
}

#[test]
fn what_was_delegated_is_not_passed_on_and_posts_are_not_delegated() {
    let district = after(3);
    let [_, _, (_, delegate), ..] = posts();
    let on = [("/of/id", json!("dlg_2")), ("/of/to", json!("psn_third"))];
    assert_eq!(
        rule(by(&district, PARTY, Some("psn_deputy"), &altered(&delegate, &on))),
        "power.delegation"
    );
    let table = [
        ("/of/acts", json!(["post.appoint"])),
        ("/of/acts", json!(["plan.draft"])),
        ("/of/acts", json!([])),
        ("/of/to", json!(HEAD)),
        ("/of/until", json!("2026-03-31")),
        ("/of/until", json!("2026-06-30")),
    ];
    for (place, value) in table {
        let change = [("/of/id", json!("dlg_2")), (place, value.clone())];
        let outcome = by(&district, PARTY, Some(HEAD), &altered(&delegate, &change));
        assert_eq!(rule(outcome), "power.delegation", "{place} {value}");
    }
    let last = [("/of/id", json!("dlg_2")), ("/of/until", json!("2026-06-29"))];
    assert_eq!(rule(by(&district, PARTY, Some(HEAD), &altered(&delegate, &last))), "");
}

#[test]
fn whoever_submitted_a_product_does_not_list_it() {
    let (district, _, _) = District::before("product.list");
    let list = Command::ListProduct(ListProduct {
        product: ProductId::new("prd_verify"),
    });
    // The partner's person submitted it; were he the operator's as well, it would not help.
    let submitter = Some("psn_pty_partner");
    let refusal = by(&district, "pty_operator", submitter, &list).unwrap_err();
    assert_eq!(refusal.rule, "power.four-eyes");
    assert!(refusal.message.zh.contains("提交数据产品"), "{refusal:?}");
    assert_eq!(
        rule(by(&district, "pty_operator", None, &list)),
        "power.four-eyes",
        "nobody knows whose hand a machine is"
    );
    assert_eq!(rule(by(&district, "pty_operator", Some("psn_other"), &list)), "");
}

#[test]
fn by_key_alone_nobody_files_and_decides_and_the_record_says_that_nobody_stood_behind_it() {
    for (filed, decided) in [
        ("plan.draft", "plan.decide"),
        ("selection.score", "selection.confirm"),
        ("revenue.permit", "revenue.settle"),
        ("exit.plan", "exit.close"),
    ] {
        let mut district = District::empty();
        let decision = path().into_iter().find_map(|(party, command)| {
            let act = command.act().id();
            if act == decided {
                return Some((party, command));
            }
            if act == filed || act == "plan.revise" {
                let events = by(&district, party, None, &command).unwrap();
                let said = Event::Post(PostEvent::Unattended(Unattended {
                    stream: format!("filed/{}", command.stream()),
                    act: command.act(),
                    party: PartyId::new(party),
                }));
                assert_eq!(events.last(), Some(&said), "{act}");
                events.into_iter().for_each(|event| district.happened(event));
            } else {
                district.must(party, &command);
            }
            None
        });
        let (party, decision) = decision.unwrap();
        let refusal = by(&district, party, None, &decision).unwrap_err();
        assert_eq!(refusal.rule, "power.four-eyes", "{decided}");
        assert!(refusal.remedy.en.contains("post.create"), "{refusal:?}");
        assert_eq!(
            rule(by(&district, party, Some("psn_anyone"), &decision)),
            "",
            "{decided}"
        );
    }
}

#[test]
fn what_another_party_filed_by_key_is_decided_by_key_and_both_are_said() {
    let (mut district, partner, submit) = District::before("product.submit");
    for event in by(&district, partner, None, &submit).unwrap() {
        district.happened(event);
    }
    let list = Command::ListProduct(ListProduct {
        product: ProductId::new("prd_verify"),
    });
    let events = by(&district, "pty_operator", None, &list).unwrap();
    let unattended = |event: &&Event| matches!(event, Event::Post(PostEvent::Unattended(_)));
    assert_eq!(events.iter().filter(unattended).count(), 1, "{events:?}");
    let (district, ..) = District::before("product.list");
    let listed = by(&district, "pty_operator", Some("psn_other"), &list).unwrap();
    assert!(!listed.iter().any(|event| unattended(&event)), "{listed:?}");
}

#[test]
fn the_second_of_two_people_refunds_what_the_first_credited_line_by_line() {
    let (district, operator, refund) = District::before("books.refund");
    assert_eq!(
        rule(by(&district, operator, Some("psn_pty_operator"), &refund)),
        "power.four-eyes"
    );
    assert_eq!(rule(by(&district, operator, Some("psn_cashier"), &refund)), "");
    // Of another line of the same month he may: there is none on record, which is said then.
    let other = altered(&refund, &[("/of/subscription", json!("sub_2"))]);
    assert_ne!(
        rule(by(&district, operator, Some("psn_pty_operator"), &other)),
        "power.four-eyes"
    );
}

#[test]
fn a_person_sees_the_acts_of_his_posts_and_delegations() {
    let acts = |district: &District, person: &str| {
        acts_of_person(
            &district.state,
            &PartyId::new(PARTY),
            &PersonId::new(person),
            date(2026, 4, 2),
        )
    };
    assert_eq!(acts(&after(0), HEAD), None, "nothing is said without posts");
    let own = acts(&after(3), HEAD).unwrap();
    assert!(own.contains(&Act::DeclineResource) && !own.contains(&Act::RecordVersion));
    let deputy = acts(&after(3), "psn_deputy").unwrap();
    assert!(deputy.contains(&Act::ApproveResource) && !deputy.contains(&Act::DeclineResource));
}
