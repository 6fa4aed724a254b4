//! The privacy account of a resource: one for all products, charged in the transaction that records the call, so
//! before its answer leaves.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gongshu_governance::identifier::ResourceId;
use gongshu_governance::rules::{Rule, Rules};
use gongshu_governance::{Event, Refusal, Text};
use gongshu_privacy::accountant::{Budget, Rho};

use crate::snapshot::{Meter, Snapshot};

/// The budget of a resource as it stands.
#[must_use]
pub fn budget(snapshot: &Snapshot, resource: &ResourceId, rules: &Rules) -> Budget {
    let limit = rules.parameters().output.privacy_rho_micro_max;
    Budget {
        limit: Rho::from_micro(limit),
        spent: Rho::from_micro(snapshot.meter(&key_of(resource)).rho_micro()),
    }
}

/// Refuses, citing the rule, what the budget of a resource does not cover.
pub(crate) fn afford(snapshot: &Snapshot, losses: &BTreeMap<ResourceId, Rho>, rules: &Rules) -> Result<(), Refusal> {
    for (resource, asked) in losses {
        if let Err(spent) = budget(snapshot, resource, rules).charge(*asked) {
            let (left, asked) = (spent.left.micro(), spent.asked.micro());
            let message = Text::new(
                format!("资源 `{resource}` 的隐私预算剩余 ρ = {left}·10⁻⁶，本次需 {asked}·10⁻⁶"),
                format!(
                    "the privacy budget of `{resource}` has {left} millionths of rho left; this answer needs {asked}"
                ),
            );
            let remedy = Text::new(
                "预算用尽后不再以差分隐私输出；请使用其他产品",
                "once it is spent nothing more leaves under it; use another product",
            );
            return Err(rules.refuse(Rule::PrivacyBudget, message, remedy));
        }
    }
    Ok(())
}

/// What an act's events cost, by resource.
pub(crate) fn losses_of(events: &[Event]) -> BTreeMap<ResourceId, Rho> {
    let losses = events.iter().filter_map(Event::losses).flatten();
    losses
        .map(|(resource, micro)| (resource.clone(), Rho::from_micro(*micro)))
        .collect()
}

/// Charges an answer that was afforded.
pub(crate) fn charge(
    snapshot: &mut Snapshot,
    losses: &BTreeMap<ResourceId, Rho>,
    touched: &mut HashMap<Arc<str>, Meter>,
) {
    for (resource, rho) in losses {
        let key: Arc<str> = Arc::from(key_of(resource));
        let after = snapshot.meter(&key).after_loss(rho.micro());
        snapshot.meters.insert_mut(key.clone(), after);
        touched.insert(key, after);
    }
}

fn key_of(resource: &ResourceId) -> String {
    format!("privacy:{resource}")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use gongshu_governance::identifier::ResourceId;
    use gongshu_governance::rules::{RuleBook, Rules};
    use gongshu_privacy::accountant::Rho;
    use gongshu_store::MeterRecord;
    use jiff::civil::date;

    use super::{afford, budget, charge};
    use crate::snapshot::Snapshot;

    fn rules() -> Rules {
        let book = RuleBook::load(&[include_str!("../../../rules/national.toml")]).unwrap();
        (**book.on(date(2026, 4, 1))).clone()
    }

    #[test]
    fn products_share_a_budget_until_it_is_spent_and_a_restart_keeps_it() {
        let (rules, resource) = (rules(), ResourceId::new("res_wages"));
        let limit = rules.parameters().output.privacy_rho_micro_max;
        let losses = BTreeMap::from([(resource.clone(), Rho::from_micro(limit / 2))]);
        let (mut snapshot, mut touched) = (Snapshot::default(), HashMap::new());
        for _ in 0..2 {
            afford(&snapshot, &losses, &rules).unwrap();
            charge(&mut snapshot, &losses, &mut touched);
        }
        let refusal = afford(&snapshot, &losses, &rules).unwrap_err();
        assert_eq!(refusal.rule, "output.private");
        assert!(!refusal.source.is_empty() && !refusal.remedy.zh.is_empty());
        let records = touched.iter().map(|(key, meter)| MeterRecord {
            key: key.to_string(),
            calls: meter.calls,
            fen: meter.fen,
        });
        let restarted: Snapshot = records.collect();
        assert_eq!(
            budget(&restarted, &resource, &rules).left(),
            budget(&snapshot, &resource, &rules).left()
        );
        assert!(afford(&restarted, &losses, &rules).is_err());
        let other = BTreeMap::from([(ResourceId::new("res_other"), Rho::from_micro(1))]);
        assert!(
            afford(&restarted, &other, &rules).is_ok(),
            "another resource has a budget of its own"
        );
    }
}
