//! A scenario may tighten a release rule and never widen it.

use std::collections::BTreeMap;

use gongshu_governance::Command;
use gongshu_governance::identifier::ResourceId;
use gongshu_governance::resource::ReleaseRule;

use crate::district::District;

/// The rule that refuses an application which sets `rule` for `column`; nothing where it is accepted.
fn refused(column: &str, rule: ReleaseRule) -> Option<String> {
    let (district, party, command) = District::before("scenario.apply");
    let Command::ApplyScenario(mut application) = command else {
        panic!("`scenario.apply` is another act");
    };
    let rules = BTreeMap::from([(column.to_owned(), rule)]);
    application.tightened = BTreeMap::from([(ResourceId::new("res_firms"), rules)]);
    let outcome = district.decide(party, &Command::ApplyScenario(application));
    outcome.err().map(|refusal| refusal.rule)
}

#[test]
fn a_scenario_tightens_a_rule_and_never_widens_it() {
    let exceeds = Some("chain.link-exceeds".to_owned());
    assert_eq!(refused("street", ReleaseRule::Closed), None);
    assert_eq!(refused("street", ReleaseRule::Group), None);
    assert_eq!(refused("street", ReleaseRule::Open), exceeds);
    assert_eq!(refused("name", ReleaseRule::Group), exceeds);
    assert_eq!(refused("nobody", ReleaseRule::Closed), exceeds);
}
