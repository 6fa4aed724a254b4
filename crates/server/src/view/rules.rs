//! A proposed rule pack, tried.

use gongshu_api::problem::Refusal;
use gongshu_api::rules::{DecisionTried, RulesTried};
use gongshu_app::{District, Outcome, Tried, TriedDecision};

use super::feed_item;

pub(crate) fn rules_tried(district: &District, tried: &Tried) -> RulesTried {
    let history = &tried.history;
    RulesTried {
        rules_hash: tried.rules.clone(),
        entries: history.entries,
        acts: history.acts,
        calls: history.calls,
        history_differs_at: history.difference.as_ref().map(|difference| difference.index),
        changed: tried.changed,
        items: tried.listed.iter().map(|decision| shown(district, decision)).collect(),
        unseen: tried.unseen.clone().into(),
    }
}

fn shown(district: &District, decision: &TriedDecision) -> DecisionTried {
    DecisionTried {
        entry: feed_item(district, &decision.item),
        change: change(&decision.recorded, &decision.proposed).to_owned(),
        recorded: refusal(&decision.recorded),
        proposed: refusal(&decision.proposed),
    }
}

fn change(recorded: &Outcome, proposed: &Outcome) -> &'static str {
    match (recorded, proposed) {
        (Outcome::Accepted, Outcome::Accepted) => "altered",
        (Outcome::Refused(_), Outcome::Accepted) => "accepted",
        (Outcome::Accepted, Outcome::Refused(_)) => "refused",
        (Outcome::Refused(_), Outcome::Refused(_)) => "otherwise",
    }
}

fn refusal(outcome: &Outcome) -> Option<Refusal> {
    match outcome {
        Outcome::Accepted => None,
        Outcome::Refused(refusal) => Some((**refusal).clone().into()),
    }
}

#[cfg(test)]
mod tests {
    use gongshu_app::Outcome;
    use gongshu_app::governance::{Refusal, Text};

    use super::change;

    #[test]
    fn a_decision_changes_in_four_ways() {
        let refused = |rule: &str| {
            Outcome::Refused(Box::new(Refusal {
                rule: rule.to_owned(),
                source: String::new(),
                article: String::new(),
                message: Text::new("", ""),
                remedy: Text::new("", ""),
            }))
        };
        let (one, other) = (refused("chain.consent"), refused("chain.scenario"));
        assert_eq!(change(&one, &other), "otherwise");
        assert_eq!(change(&Outcome::Accepted, &other), "refused");
        assert_eq!(change(&one, &Outcome::Accepted), "accepted");
        assert_eq!(change(&Outcome::Accepted, &Outcome::Accepted), "altered");
    }
}
