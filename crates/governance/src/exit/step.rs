//! What the owner of a step reports of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settlement::{check_excess, check_settled};
use super::{AssetClass, Exit, ExitEvent, ExitStep, ModelStatement, check_open, open_assets, run_out, statement};
use crate::Context;
use crate::event::Event;
use crate::identifier::{ExitId, SubscriptionId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::revenue::pending_excess;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// What became of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 销毁.
    Destroyed,
    /// 移交.
    HandedOver,
    /// 许可使用.
    Licensed,
    /// 退款.
    Refunded,
    /// 由承接方续供.
    Continued,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Destroyed,
        Self::HandedOver,
        Self::Licensed,
        Self::Refunded,
        Self::Continued,
    ];
}

/// What a report says of one asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssetReport {
    /// The id of the version, product, model or subscription.
    pub asset: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What shows it: a certificate, a hand-over protocol, a refund voucher.
    pub evidence: String,
    /// Of an order that is continued: the subscription of the same consumer at the successor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<SubscriptionId>,
    /// Of a model that is handed over or licensed: whether it can reveal raw data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<ModelStatement>,
}

/// Reports a step of an exit as done, with what became of each of its assets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportExitStep {
    /// Which exit.
    pub exit: ExitId,
    /// Which step.
    pub step: ExitStep,
    /// What became of each asset of the step; empty for hand-over and settlement.
    pub report: Vec<AssetReport>,
    /// What shows it: a hand-over protocol, a settlement sheet.
    pub evidence: String,
    /// Of a settlement: how much earned above the permitted revenue was given back, since no period follows from which it
    /// could be deducted. Its evidence is the step's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excess_returned: Option<Money>,
}

/// Decides the report of a step.
///
/// # Errors
/// Refuses a step that is not planned, or done; a report that leaves out an asset of the step, names one twice or one that
/// is none of its assets, gives an outcome that the asset's class does not allow, or calls data destroyed whose
/// certificate is not on record; an order that ends otherwise than planned, or is continued by a subscription that does not
/// serve its consumer; a model that is kept without the statement that it reveals no raw data; a settlement while money is
/// still owed.
pub fn decide_report(state: &State, command: &ReportExitStep, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let exit = state.exit(&command.exit, context)?;
    check_open(exit, context)?;
    let planned = exit.planned(command.step, context)?;
    let mut open = open_assets(state, exit, context)?;
    open.retain(|_, class| ExitStep::of(*class) == command.step);
    // What turned up after the step was done, such as a version recorded since, is reported by the same step.
    let excess = pending_excess(state, &exit.start.agreement);
    let again = command.step == ExitStep::Settlement && excess != Money::ZERO;
    if planned.done.is_some() && open.is_empty() && !again {
        let name = command.step.name();
        return Err(context.rules.wrong_state(
            Text::new(
                format!("“{}”已经办结", name.zh),
                format!("the step `{}` is done", name.en),
            ),
            Text::new("无需重复报告", "there is nothing to report"),
        ));
    }
    if command.evidence.trim().is_empty() {
        return Err(context.rules.input(
            Text::new("未附证明材料", "no evidence is named"),
            Text::new(
                "请填写移交清单、结算单等材料编号",
                "name the protocol or sheet that shows it",
            ),
        ));
    }
    for line in &command.report {
        let class = take(&mut open, line, context)?;
        check_end(state, exit, (class, line), context)?;
    }
    check_complete(&open, context)?;
    if command.step == ExitStep::Settlement {
        check_settled(state, exit, context)?;
        run_out::check_still_served(state, exit, context)?;
        check_excess(excess, command.excess_returned, context)?;
    }
    Ok(vec![Event::Exit(ExitEvent::Reported(Box::new(command.clone())))])
}

/// Takes a reported asset off the list of those that are still to be reported.
fn take(
    open: &mut BTreeMap<String, AssetClass>,
    line: &AssetReport,
    context: &Context<'_>,
) -> Result<AssetClass, Refusal> {
    let Some(class) = open.remove(&line.asset) else {
        let kind = Text::new("待处置资产", "asset still to be reported");
        return Err(context.rules.unknown(&kind, &line.asset));
    };
    if line.evidence.trim().is_empty() {
        return Err(context.rules.input(
            Text::new(
                format!("资产 `{}` 未附处置依据", line.asset),
                format!("the asset `{}` has no evidence", line.asset),
            ),
            Text::new("请填写证明或凭证编号", "name the certificate or voucher"),
        ));
    }
    Ok(class)
}

/// An asset ends in a way of its class; an order as planned, a model that is kept with a statement.
fn check_end(
    state: &State,
    exit: &Exit,
    (class, line): (AssetClass, &AssetReport),
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if !class.allows(line.outcome) {
        let (what, remedy) = not_so(class);
        return Err(refuse(line, what, remedy, context));
    }
    run_out::check_reported(state, exit, line, context)?;
    statement::check(class, line, context)
}

/// What an asset is that does not end as reported, and how it may end.
fn not_so(class: AssetClass) -> ((&'static str, &'static str), (&'static str, &'static str)) {
    match class {
        AssetClass::DerivedModel { sealed: true } => (
            (
                "是域内训练的模型，其权重仍封存在域内",
                "is a model trained in the domain, whose weights are still sealed there",
            ),
            (
                "请先撤回该模型，其权重随之销毁；或选择移交、许可使用",
                "withdraw it first, which destroys them; or choose handed over or licensed",
            ),
        ),
        AssetClass::SealedOutput { .. } => (
            (
                "是仍封存在域内的出域成果",
                "is an output whose content is still sealed in the domain",
            ),
            (
                "请由提交方撤回，其内容随之销毁；已放行的可移交或许可使用",
                "let its submitter withdraw it, which destroys the content; what is released may be handed over or licensed",
            ),
        ),
        AssetClass::RawData { .. } => (
            (
                "是原始数据，须以已登记的销毁证明办结",
                "is raw data and ends with a certificate of destruction on record",
            ),
            (
                "请数源单位先销毁该版本并登记证明",
                "let the provider destroy the version first",
            ),
        ),
        AssetClass::Product | AssetClass::DerivedModel { sealed: false } => (
            (
                "是数据产品或衍生模型，不能以退款或续供办结",
                "is a product or a derived model and cannot be refunded or continued",
            ),
            (
                "请选择销毁、移交或许可使用",
                "choose destroyed, handed over or licensed",
            ),
        ),
        AssetClass::OpenSubscription { settled: false } => (
            (
                "是未终止的订购，其账目尚未结清",
                "is an open subscription whose account is not settled",
            ),
            (
                "请先结账至退出之月，收付各期账单并登记退款",
                "close the months up to the exit first, and record what is paid and refunded",
            ),
        ),
        AssetClass::OpenSubscription { settled: true } => (
            (
                "是未终止的订购，须退款或由承接方续供",
                "is an open subscription, and is refunded or continued by a successor",
            ),
            (
                "请按计划选择退款或续供，或由使用方先退订",
                "choose refunded or continued, as planned, or let the consumer end it first",
            ),
        ),
    }
}

fn refuse(line: &AssetReport, what: (&str, &str), remedy: (&str, &str), context: &Context<'_>) -> Refusal {
    context.rules.refuse(
        Rule::ExitAssets,
        Text::new(
            format!("资产 `{}` {}", line.asset, what.0),
            format!("the asset `{}` {}", line.asset, what.1),
        ),
        Text::new(remedy.0, remedy.1),
    )
}

/// Refuses where an asset is left out.
///
/// # Errors
/// [`Rule::ExitInventory`].
pub(super) fn check_complete(open: &BTreeMap<String, AssetClass>, context: &Context<'_>) -> Result<(), Refusal> {
    if open.is_empty() {
        return Ok(());
    }
    let left: Vec<&str> = open.keys().map(String::as_str).collect();
    Err(context.rules.refuse(
        Rule::ExitInventory,
        Text::new(
            format!("报告遗漏资产：{}", left.join("、")),
            format!("the report leaves out: {}", left.join(", ")),
        ),
        Text::new(
            "请由责任单位逐项报告其处置结果",
            "let the owner of the step state what became of each",
        ),
    ))
}
