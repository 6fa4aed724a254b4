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
    let change = match (&decision.recorded, &decision.proposed) {
        (Outcome::Accepted, Outcome::Accepted) => "altered",
        (Outcome::Refused(_), Outcome::Accepted) => "accepted",
        (Outcome::Accepted, Outcome::Refused(_)) => "refused",
        (Outcome::Refused(_), Outcome::Refused(_)) => "otherwise",
    };
    DecisionTried {
        entry: feed_item(district, &decision.item),
        change: change.to_owned(),
        recorded: refusal(&decision.recorded),
        proposed: refusal(&decision.proposed),
    }
}

fn refusal(outcome: &Outcome) -> Option<Refusal> {
    match outcome {
        Outcome::Accepted => None,
        Outcome::Refused(refusal) => Some((**refusal).clone().into()),
    }
}
