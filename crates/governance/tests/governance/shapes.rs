//! The documents that are recorded: a change of their shape would make an old record unreadable, and is noticed here.

use std::collections::BTreeSet;

use gongshu_governance::post::PostEvent;
use gongshu_governance::resource::ResourceEvent;
use gongshu_governance::{Command, Event};

use crate::district::{District, path};

#[test]
fn the_shape_of_every_command_and_event_is_kept() {
    let mut district = District::empty();
    let (mut lines, mut seen) = (Vec::new(), BTreeSet::new());
    for (party, command) in path() {
        let events = district.decide(party, &command).unwrap();
        district.must(party, &command);
        if !seen.insert(command.act()) {
            continue;
        }
        let text = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
        lines.push(text);
        for event in events {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
            lines.push(format!("    {text}"));
        }
    }
    // With the record of a call.
    let raised = crate::steps::raised_about("pty_bank");
    let text = serde_json::to_string(&raised).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), raised);
    lines.push(format!("    {text}"));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn an_event_belongs_to_the_stream_of_its_command() {
    let district = District::empty();
    let mut district = district;
    for (party, command) in path() {
        let events = district.decide(party, &command).unwrap();
        assert_eq!(events[0].stream(), command.stream());
        // Others follow only where one act changes other things too: the products of a plan, the plan of a product, the scenario of an
        // interim measure, the consents of a batch, the agreement that an exit ends, the products of a scenario
        // that ends and their subscriptions, who filed something.
        let others = events.iter().filter(|event| event.stream() != command.stream());
        for event in others {
            let follows = matches!(
                event,
                Event::CeilingSet { .. }
                    | Event::CeilingsSet { .. }
                    | Event::ScenarioFrozen { .. }
                    | Event::ScenarioThawed { .. }
                    | Event::ConsentGiven { .. }
                    | Event::Agreement(_)
                    | Event::Offer(_)
                    | Event::Unsubscribed { .. }
                    | Event::CredentialRevoked { .. }
                    | Event::Quality(_)
                    | Event::Resource(ResourceEvent::Changed { .. })
                    | Event::Post(PostEvent::Filed(_) | PostEvent::Unattended(_))
            );
            assert!(follows, "{event:?}");
        }
        district.must(party, &command);
    }
}
