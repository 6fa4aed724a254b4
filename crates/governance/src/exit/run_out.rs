//! What becomes of each order that is still open when operation under its agreement ends (已交易产品的存续处置).
//!
//! The operator's access ends with the first step, so it serves nobody afterwards, not even for what was paid for. An order is
//! refunded and ended, or somebody else serves its consumer: under another agreement, by a product and a subscription of its own.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AssetClass, AssetReport, Exit, Outcome, PlanExit, inventory_under};
use crate::Context;
use crate::agreement::AgreementStatus;
use crate::authorization::check_serves;
use crate::books::agreement_of;
use crate::identifier::{AgreementId, SubscriptionId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// How an open order runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunOut {
    /// The order.
    pub subscription: SubscriptionId,
    /// 由承接方续供: the agreement under which a successor serves its consumer; none where it is refunded and ended (退款终止).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continued_under: Option<AgreementId>,
}

impl Exit {
    /// Whether an asset that stands so may be reported to have ended in this way: an order as it was planned.
    #[must_use]
    pub fn allows(&self, asset: &str, class: AssetClass, outcome: Outcome) -> bool {
        let continued = self.continued_under(asset).is_some();
        let as_planned = match outcome {
            Outcome::Refunded => !continued,
            Outcome::Continued => continued,
            Outcome::Destroyed | Outcome::HandedOver | Outcome::Licensed => true,
        };
        class.allows(outcome) && as_planned
    }

    /// The agreement under which an order is continued, as planned; none where it is refunded, as those are whose plan was
    /// made before plans said so.
    #[must_use]
    pub fn continued_under(&self, asset: &str) -> Option<&AgreementId> {
        self.run_outs.get(&SubscriptionId::new(asset))?.as_ref()
    }
}

/// Refuses a plan that leaves open how an order runs out, names what is no open order, or an agreement that cannot go on.
///
/// # Errors
/// [`Rule::ExitRunOut`].
pub(super) fn check_planned(state: &State, exit: &Exit, plan: &PlanExit, context: &Context<'_>) -> Result<(), Refusal> {
    let agreement = state.agreement(&exit.start.agreement, context)?;
    let mut open = inventory_under(state, agreement, context.rules);
    open.retain(|_, class| matches!(class, AssetClass::OpenSubscription { .. }));
    let mut planned = BTreeMap::new();
    for it in &plan.run_outs {
        let of = it.subscription.as_str();
        if !open.contains_key(of) || planned.insert(of, it).is_some() {
            let zh = format!("`{of}` 不是待处置的订购，或重复列出");
            let en = format!("`{of}` is no open order, or stands there twice");
            return Err(refuse((zh, en), PLAN, context));
        }
        check_successor(state, exit, it, context)?;
    }
    for line in exit.reported() {
        open.remove(&line.asset);
    }
    let unsaid = open.keys().find(|id| !planned.contains_key(id.as_str()));
    // Plans that were made before the packs asked for it say nothing of orders, which are then refunded.
    match unsaid.filter(|_| context.rules.states(Rule::ExitRunOut)) {
        None => Ok(()),
        Some(id) => {
            let zh = format!("计划未写明存续订购 `{id}` 是退款终止还是由承接方续供");
            let en = format!("the plan does not say whether the order `{id}` is refunded or continued by a successor");
            Err(refuse((zh, en), PLAN, context))
        }
    }
}

/// Whoever continues an order has an authorization of its own.
fn check_successor(state: &State, exit: &Exit, of: &RunOut, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(id) = &of.continued_under else {
        return Ok(());
    };
    let successor = state.agreement(id, context)?;
    let signed = matches!(successor.status, AgreementStatus::Signed { .. });
    if signed && *id != exit.start.agreement {
        return Ok(());
    }
    let order = &of.subscription;
    let zh = format!("订购 `{order}` 不能由协议 `{id}` 续供：该协议正在退出或未在履行");
    let en = format!("the order `{order}` is not continued under `{id}`, which ends or is not signed");
    Err(refuse((zh, en), PLAN, context))
}

/// Refuses the report of an order that ended otherwise than planned, or is continued by a subscription that does not serve
/// its consumer.
///
/// # Errors
/// [`Rule::ExitRunOut`]; of a successor that is not served, with what is said of it.
pub(super) fn check_reported(
    state: &State,
    exit: &Exit,
    line: &AssetReport,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let under = exit.continued_under(&line.asset);
    let wrong = match (line.outcome, &line.successor) {
        (Outcome::Continued, Some(_)) if under.is_some() => return check_continued(state, exit, line, context),
        (Outcome::Continued, None) => (
            "由承接方续供，但未填承接方的订购编号",
            "is continued, but the subscription at the successor is not named",
        ),
        (Outcome::Continued, Some(_)) => (
            "在退出计划中是退款终止，不是由承接方续供",
            "is refunded by the plan, not continued",
        ),
        (Outcome::Refunded, _) if under.is_some() => (
            "在退出计划中由承接方续供，不是退款终止",
            "is continued by a successor by the plan, not refunded",
        ),
        (_, Some(_)) => (
            "不是由承接方续供，不应填承接方的订购编号",
            "is not continued, and has no successor",
        ),
        (_, None) => return Ok(()),
    };
    let (zh, en) = (
        format!("`{}` {}", line.asset, wrong.0),
        format!("`{}` {}", line.asset, wrong.1),
    );
    Err(refuse((zh, en), REPORT, context))
}

/// Every order that was reported as continued is still served, or the exit has not dealt with it.
///
/// # Errors
/// As [`check_reported`].
pub(super) fn check_still_served(state: &State, exit: &Exit, context: &Context<'_>) -> Result<(), Refusal> {
    let continued = |line: &&AssetReport| line.outcome == Outcome::Continued;
    let mut lines = exit.reported().filter(continued);
    lines.try_for_each(|line| check_continued(state, exit, line, context))
}

fn check_continued(state: &State, exit: &Exit, line: &AssetReport, context: &Context<'_>) -> Result<(), Refusal> {
    let (Some(under), Some(successor)) = (exit.continued_under(&line.asset), &line.successor) else {
        return Ok(());
    };
    let order = state.subscription(&SubscriptionId::new(&line.asset), context)?;
    let next = state.subscription(successor, context)?;
    let wrong = if !next.open {
        ("已经终止", "has ended")
    } else if next.consumer != order.consumer {
        ("不是同一使用方的订购", "is of another consumer")
    } else if next.order.purpose != order.order.purpose {
        ("不是同一用途的订购", "is for another purpose")
    } else if agreement_of(state, &next.order.id) != Some(under) {
        (
            "不在计划所列的承接协议之下",
            "is not under the agreement that the plan names",
        )
    } else {
        let product = state.product(&next.order.product, context)?;
        let Err(refusal) = check_serves(state, product, context) else {
            return Ok(());
        };
        let (zh, en) = (
            format!(
                "`{}` 由 `{successor}` 续供，但后者的产品目前不能提供：{}",
                line.asset, refusal.message.zh
            ),
            format!(
                "`{}` is continued by `{successor}`, whose product is not served now: {}",
                line.asset, refusal.message.en
            ),
        );
        return Err(refuse((zh, en), REPORT, context));
    };
    let (zh, en) = (
        format!("`{}` 由 `{successor}` 续供，但后者{}", line.asset, wrong.0),
        format!("`{}` is continued by `{successor}`, which {}", line.asset, wrong.1),
    );
    Err(refuse((zh, en), REPORT, context))
}

/// What to do about a plan.
const PLAN: (&str, &str) = (
    "请逐项写明各存续订购：退款终止，或由哪一份已签署的其他授权协议续供",
    "say of each open order that it is refunded, or under which other signed agreement it is continued",
);

/// What to do about a report, or where a successor no longer serves.
const REPORT: (&str, &str) = (
    "请待使用方向承接方订购后再报告；不再续供的，由实施机构重新制定计划，改为退款终止",
    "report it once the consumer has subscribed at the successor (`subscription.open`), or let the agency plan a refund instead (`exit.plan`)",
);

fn refuse(what: (String, String), remedy: (&str, &str), context: &Context<'_>) -> Refusal {
    let (message, remedy) = (Text::new(what.0, what.1), Text::new(remedy.0, remedy.1));
    context.rules.refuse(Rule::ExitRunOut, message, remedy)
}
