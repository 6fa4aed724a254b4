//! Permitted revenue of a period: cost, profit and taxes, less earlier excess.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ceilings::{check_sum, expected};
use super::{Revenue, bad_amount, check_stands, check_stated, pending_excess};
use crate::Context;
use crate::agreement::AgreementStatus;
use crate::calendar::{Term, day_of};
use crate::event::Event;
use crate::identifier::{AgreementId, RevenueId};
use crate::money::{BasisPoints, Money};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::{Text, is_sha256};

/// Records the verified maximum permitted revenue (最高准许收入) of an operator's period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitRevenue {
    /// Id.
    pub id: RevenueId,
    /// The operator's agreement.
    pub agreement: AgreementId,
    /// First and last day.
    pub period: Term,
    /// Operating cost.
    pub cost: Money,
    /// What the permitted profit is reckoned from.
    pub base: Money,
    /// Permitted rate of profit.
    pub rate: BasisPoints,
    /// Taxes.
    pub taxes: Money,
    /// What the figures rest on.
    pub basis: String,
    /// The permit that this one corrects: it counts no more, stays on record, and leaves its ceilings to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<RevenueId>,
    /// Number of the document by which the reform and development department has verified it with the agency (核定文件文号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// SHA-256 of that document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_sha256: Option<String>,
    /// What an earlier period, which is settled, was permitted too little or too much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<Adjustment>,
}

/// The difference of an earlier period whose settlement stands: it is dealt with in this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Adjustment {
    /// The settled period.
    pub revenue: RevenueId,
    /// How much more may be earned in this period; less where it is negative.
    pub amount: Money,
    /// What was wrong with its figures.
    pub reason: String,
    /// SHA-256 of the document that finds the difference.
    pub document_sha256: String,
}

impl PermitRevenue {
    /// Cost + base × rate + taxes, and the difference of an earlier period. The profit is rounded down to a fen, since it is a
    /// maximum. `None` for negative amounts and for more than can be counted.
    #[must_use]
    pub fn gross(&self) -> Option<Money> {
        if [self.cost, self.base, self.taxes].iter().any(|it| *it < Money::ZERO) {
            return None;
        }
        let profit = self.base.part(self.rate)?;
        let gross = self.cost.checked_add(profit)?.checked_add(self.taxes)?;
        let adjusted = gross.checked_add(self.adjustment.as_ref().map_or(Money::ZERO, |it| it.amount))?;
        (Money::ZERO <= adjusted).then_some(adjusted)
    }
}

/// Decides a permitted revenue.
///
/// # Errors
/// Refuses a period outside the agreement, too long or met by another, a rate over the maximum, figures without a basis, and
/// the correction of one that is settled, or under which its ceilings would be too high.
pub fn decide_permit(state: &State, command: &PermitRevenue, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if state.revenues.contains_key(&command.id) {
        return Err(context.rules.refuse(
            Rule::Duplicate,
            Text::new("该准许收入编号已存在", "a permitted revenue with this id exists"),
            Text::new("请重新核定", "verify it again under a new id"),
        ));
    }
    let corrected = corrected(state, command, context)?;
    let trial = is_trial(state, command, context)?;
    check_period(state, command, trial, context)?;
    check_rate(command.rate, context)?;
    check_stated(&command.basis, context)?;
    check_document(command, context)?;
    check_adjustment(state, command, context)?;
    let gross = command.gross().ok_or_else(|| bad_amount(context))?;
    let before = corrected.map_or(Money::ZERO, |corrected| corrected.deducted);
    let deducted = (pending_excess(state, &command.agreement) + before).min(gross);
    if let Some(corrected) = corrected {
        check_sum(gross - deducted, &expected(state, corrected), context)?;
    }
    Ok(vec![Event::RevenuePermitted {
        permit: Box::new(command.clone()),
        maximum: gross - deducted,
        deducted,
        trial,
    }])
}

/// The permit that is corrected: one of the same agreement that is not settled.
fn corrected<'s>(
    state: &'s State,
    command: &PermitRevenue,
    context: &Context<'_>,
) -> Result<Option<&'s Revenue>, Refusal> {
    let Some(id) = &command.replaces else { return Ok(None) };
    let revenue = state.revenue(id, context)?;
    check_stands(revenue, context)?;
    if revenue.settled.is_none() && revenue.permit.agreement == command.agreement {
        return Ok(Some(revenue));
    }
    Err(context.rules.wrong_state(
        Text::new(
            "被更正的准许收入已结算，或属于其他协议",
            "what is corrected is settled, or another agreement's",
        ),
        Text::new(
            "已结算期间的差额请在下一期间核定时以“差额调整”列明",
            "state the difference as the `adjustment` of the next period's permit",
        ),
    ))
}

/// A verification document has a number and a hash, or is not named.
fn check_document(command: &PermitRevenue, context: &Context<'_>) -> Result<(), Refusal> {
    let sound = match (&command.document_number, &command.document_sha256) {
        (None, None) => true,
        (Some(number), Some(hash)) => !number.trim().is_empty() && is_sha256(hash),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if sound {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "核定文件的文号和摘要（SHA-256）须同时填写",
            "the document of the verification has its number and its SHA-256, both",
        ),
        Text::new("请填写文号和文件摘要", "give the number and the hash of the file"),
    ))
}

/// The difference of a settled period of the same agreement is dealt with once, and a document finds it.
fn check_adjustment(state: &State, command: &PermitRevenue, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(adjustment) = &command.adjustment else {
        return Ok(());
    };
    check_stated(&adjustment.reason, context)?;
    if adjustment.amount == Money::ZERO || !is_sha256(&adjustment.document_sha256) {
        return Err(context.rules.input(
            Text::new(
                "差额不得为零，并附认定文件的摘要（SHA-256）",
                "a difference is not zero, and comes with the SHA-256 of the document that finds it",
            ),
            Text::new("请填写差额和文件摘要", "give the amount and the hash of the file"),
        ));
    }
    let earlier = state.revenue(&adjustment.revenue, context)?;
    let taken = state.revenues.values().any(|it| {
        let same = it.permit.adjustment.as_ref().map(|it| &it.revenue) == Some(&adjustment.revenue);
        same && it.replaced.is_none() && command.replaces.as_ref() != Some(&it.permit.id)
    });
    if earlier.settled.is_some() && earlier.permit.agreement == command.agreement && !taken {
        return Ok(());
    }
    Err(context.rules.wrong_state(
        Text::new(
            "所调整的期间尚未结算、属于其他协议，或其差额已经处理",
            "the period whose difference it is is not settled, another agreement's, or dealt with already",
        ),
        Text::new(
            "未结算的期间请直接更正其核定",
            "correct the permit of a period that is not settled (`replaces`)",
        ),
    ))
}

/// Whether the period begins before a full year of operation under the agreement.
fn is_trial(state: &State, command: &PermitRevenue, context: &Context<'_>) -> Result<bool, Refusal> {
    let agreement = state.agreement(&command.agreement, context)?;
    // What was earned before an exit is still to be permitted and settled.
    let at = match agreement.status {
        AgreementStatus::Signed { at } | AgreementStatus::Ended { signed: at, .. } => at,
        AgreementStatus::Proposed | AgreementStatus::Dropped { .. } => {
            return Err(context.rules.refuse(
                Rule::AgreementInForce,
                Text::new("该协议尚未签署", "the agreement is not signed"),
                Text::new("请先签署协议", "let the operator sign first"),
            ));
        }
    };
    if !agreement.terms.term.contains(&command.period) {
        return Err(context.rules.refuse(
            Rule::LinkExceeds,
            Text::new("核定期间超出协议期限", "the period exceeds the agreement's term"),
            Text::new("请将期间调整到协议期限之内", "move the period into the term"),
        ));
    }
    let year = day_of(at).saturating_add(jiff::Span::new().years(1));
    Ok(command.period.from < year)
}

fn check_period(state: &State, command: &PermitRevenue, trial: bool, context: &Context<'_>) -> Result<(), Refusal> {
    let parameters = context.rules.parameters();
    let most = if trial {
        parameters.trial_years_max
    } else {
        parameters.revenue_years_max
    };
    let period = command.period;
    let met = |other: &Term| other.from <= period.until && period.from <= other.until;
    let taken = (state.revenues.values())
        .filter(|it| it.permit.agreement == command.agreement && it.replaced.is_none())
        .filter(|it| command.replaces.as_ref() != Some(&it.permit.id))
        .any(|it| met(&it.permit.period));
    if period.from <= period.until && !period.exceeds_years(most) && !taken {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::RevenuePeriod,
        Text::new(
            format!(
                "期间 {} 至 {} 有误：不得倒置、超过 {most} 年或与已核定期间重叠",
                period.from, period.until
            ),
            format!(
                "the period from {} to {} is reversed, longer than {most} years, or meets another",
                period.from, period.until
            ),
        ),
        Text::new(
            "请调整期间；更正已核定的期间请注明被更正的编号",
            "correct the period; a permit that corrects another names it",
        ),
    ))
}

fn check_rate(rate: BasisPoints, context: &Context<'_>) -> Result<(), Refusal> {
    let most = BasisPoints(context.rules.parameters().profit_rate_max);
    if rate <= most {
        return Ok(());
    }
    let (asked, most) = (rate.percent(), most.percent());
    Err(context.rules.refuse(
        Rule::PermittedRevenue,
        Text::new(
            format!("准许利润率 {asked}% 超过上限 {most}%"),
            format!("the rate of profit of {asked} % is over the maximum of {most} %"),
        ),
        Text::new(
            format!("请将利润率降至 {most}% 以内"),
            format!("lower the rate to at most {most} %"),
        ),
    ))
}
