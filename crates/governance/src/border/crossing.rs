//! Whether a call takes information abroad, of whom, and whether the path that this needs is on record.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ExportPath, Region};
use crate::Context;
use crate::authorization::{CallRequest, Chain, Usage};
use crate::calendar::day_of;
use crate::identifier::{AgreementId, CreditCode, PartyId};
use crate::party::Party;
use crate::product::{CheckedQuery, Product};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::subscription::{Subscribe, Subscription};
use crate::text::Text;

/// Persons whose information has gone abroad in a year, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exported {
    /// By information that is not sensitive.
    pub persons: u64,
    /// By sensitive information.
    pub sensitive: u64,
}

/// A call that takes information abroad, to be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The operator, over all of whose agreements the persons are counted; none by packs of the time when each agreement
    /// was counted by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<PartyId>,
    /// In which year.
    pub year: i16,
    /// Whether the information is sensitive.
    pub sensitive: bool,
    /// The persons: digests that say only whether two are the same, within the scope and year.
    pub persons: BTreeSet<String>,
}

impl Crossing {
    /// The id of what the persons are counted for: the operator, which is the data handler (跨境规定 7, 8), or by earlier
    /// packs the agreement.
    #[must_use]
    pub fn scope(&self) -> &str {
        self.operator
            .as_ref()
            .map_or(self.agreement.as_str(), |operator| operator.as_str())
    }
}

/// The path that is needed, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// None.
    Exempt,
    /// The standard contract, or a certification (第八条).
    Contract,
    /// A security assessment (第七条), for which a Greater Bay Area contract stands.
    Assessment,
    /// A security assessment, whatever the number of persons: important data is in it (第七条).
    ImportantData,
}

/// Whether a call takes information abroad; refused where the path that it needs is not on record.
///
/// # Errors
/// [`Rule::ExportPath`].
pub(crate) fn crossing(
    state: &State,
    request: &CallRequest<'_>,
    (product, subscription): (&Product, &Subscription),
    (chain, usage): (&Chain, Usage),
    context: &Context<'_>,
) -> Result<Option<Crossing>, Refusal> {
    let consumer = state.party(&request.actor.party, context)?;
    if !goes_abroad(consumer.region, &subscription.order) {
        return Ok(None);
    }
    let day = day_of(request.at);
    let operator = &state.agreement(&chain.agreement, context)?.terms.operator;
    let by_operator = context.rules.parameters().export.by_operator;
    let mut crossing = Crossing {
        agreement: chain.agreement.clone(),
        operator: by_operator.then(|| operator.clone()),
        year: day.year(),
        sensitive: is_sensitive(state, &product.submission.checked),
        persons: BTreeSet::new(),
    };
    let codes = persons(state, request, chain).into_iter();
    crossing.persons = codes.map(|code| digest(crossing.scope(), day.year(), &code)).collect();
    let exported = if by_operator {
        usage.exported_by_operator
    } else {
        usage.exported
    };
    let needed = needed(
        is_important(state, &product.submission.checked),
        &crossing,
        exported,
        context,
    );
    let receiver = Receiver::of(consumer, &subscription.order, context);
    check_path(state, (&chain.agreement, receiver), needed, day, context)?;
    Ok(Some(crossing))
}

/// Refuses an order that could not be called without the document of a path.
///
/// # Errors
/// [`Rule::ExportPath`]; and an order that says where to it passes nothing on.
pub(crate) fn check_subscription(
    state: &State,
    product: &Product,
    order: &Subscribe,
    agreement: &AgreementId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    check_onward(order, context)?;
    let consumer = state.party(&context.actor.party, context)?;
    if !goes_abroad(consumer.region, order) {
        return Ok(());
    }
    let needed = needed_by_fields(state, &product.submission.checked);
    let receiver = Receiver::of(consumer, order, context);
    check_path(state, (agreement, receiver), needed, day_of(context.at), context)
}

/// Where to is said of what is passed on, and lies outside the mainland.
fn check_onward(order: &Subscribe, context: &Context<'_>) -> Result<(), Refusal> {
    if order.onward_to.is_empty() || (order.onward && !order.onward_to.contains(&Region::Mainland)) {
        return Ok(());
    }
    Err(context.rules.input(
        Text::new(
            "转出地须在境外，且仅在向境外转出时填写",
            "where to is said of what is passed on outside the mainland only",
        ),
        Text::new(
            "请填写实际转出地；不转出的留空",
            "give where it is passed on to, or leave it out",
        ),
    ))
}

/// Refuses a developer abroad what could not leave without the document of a path: results that it sees or collects there.
/// They speak of nobody by consent, so what they are made from says what is needed.
///
/// # Errors
/// [`Rule::ExportPath`].
pub(crate) fn check_developed(
    state: &State,
    checked: &CheckedQuery,
    agreement: &AgreementId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let developer = state.party(&context.actor.party, context)?;
    if developer.region.is_mainland() || !context.rules.parameters().export.every_receiver {
        return Ok(());
    }
    let receiver = Receiver {
        party: developer,
        in_area: developer.region.is_in_bay_area(),
    };
    let needed = needed_by_fields(state, checked);
    check_path(state, (agreement, receiver), needed, day_of(context.at), context)
}

/// Who receives, with everybody it passes on to.
#[derive(Clone, Copy)]
struct Receiver<'s> {
    party: &'s Party,
    /// Whether what it receives stays in the Greater Bay Area.
    in_area: bool,
}

impl<'s> Receiver<'s> {
    fn of(party: &'s Party, order: &Subscribe, context: &Context<'_>) -> Self {
        let asked = order.onward && context.rules.parameters().export.every_receiver;
        let to = &order.onward_to;
        let stays = !asked || (!to.is_empty() && to.iter().all(|region| region.is_in_bay_area()));
        Self {
            party,
            in_area: party.region.is_in_bay_area() && stays,
        }
    }
}

/// What the fields ask for, whatever the number of persons.
fn needed_by_fields(state: &State, checked: &CheckedQuery) -> Needed {
    if is_important(state, checked) {
        Needed::ImportantData
    } else if is_sensitive(state, checked) {
        Needed::Contract
    } else {
        Needed::Exempt
    }
}

fn goes_abroad(region: Region, order: &Subscribe) -> bool {
    !region.is_mainland() || order.onward
}

fn is_important(state: &State, checked: &CheckedQuery) -> bool {
    let mut resources = checked.fields.keys();
    resources.any(|id| state.resources.get(id).is_some_and(|it| it.registration.important))
}

fn is_sensitive(state: &State, checked: &CheckedQuery) -> bool {
    checked.fields.iter().any(|(id, fields)| {
        let resource = state.resources.get(id);
        resource.is_some_and(|it| !it.registration.sensitive.is_disjoint(fields))
    })
}

/// The natural persons that an answer may speak of, by their codes: the call's subject, and whoever's consent lets a set
/// query see a row. An organization's code is no person's.
fn persons(state: &State, request: &CallRequest<'_>, chain: &Chain) -> BTreeSet<String> {
    let consents = chain
        .consents
        .values()
        .flatten()
        .filter_map(|id| state.consents.get(id));
    let mut codes: BTreeSet<String> = consents.map(|consent| consent.code.clone()).collect();
    codes.extend(request.subject.map(str::to_owned));
    codes.retain(|code| CreditCode::parse(code).is_err());
    codes
}

fn digest(scope: &str, year: i16, code: &str) -> String {
    let text = format!("gongshu export\n{scope}\n{year}\n{code}");
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The path for what has gone abroad this year together with what this call would take there, each of its persons
/// taken as not counted yet.
fn needed(important: bool, crossing: &Crossing, before: Exported, context: &Context<'_>) -> Needed {
    let most = &context.rules.parameters().export;
    let more = u64::try_from(crossing.persons.len()).unwrap_or(u64::MAX);
    let of = |sensitive| if crossing.sensitive == sensitive { more } else { 0 };
    let persons = before.persons.saturating_add(of(false));
    let sensitive = before.sensitive.saturating_add(of(true));
    if important {
        Needed::ImportantData
    } else if more == 0 {
        Needed::Exempt
    } else if persons >= most.assessment_persons || sensitive >= most.assessment_sensitive {
        Needed::Assessment
    } else if persons >= most.contract_persons || sensitive >= most.contract_sensitive {
        Needed::Contract
    } else {
        Needed::Exempt
    }
}

/// Whether a path is enough: an assessment always is; the Greater Bay Area contract has no threshold, is not for important
/// data, and counts while what is received stays in the area.
fn is_enough(path: ExportPath, needed: Needed, in_area: bool) -> bool {
    if path == ExportPath::BayAreaContract && !in_area {
        return false;
    }
    match needed {
        Needed::Exempt | Needed::Contract => true,
        Needed::Assessment => matches!(path, ExportPath::Assessment | ExportPath::BayAreaContract),
        Needed::ImportantData => path == ExportPath::Assessment,
    }
}

fn check_path(
    state: &State,
    (agreement, receiver): (&AgreementId, Receiver<'_>),
    needed: Needed,
    day: Date,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if needed == Needed::Exempt {
        return Ok(());
    }
    let ids = state
        .exports_by_use
        .get(&(agreement.clone(), receiver.party.id.clone()));
    let mut exports = ids
        .into_iter()
        .flat_map(|ids| ids.iter())
        .filter_map(|id| state.exports.get(id));
    if exports.any(|export| export.holds(day) && is_enough(export.of.path, needed, receiver.in_area)) {
        return Ok(());
    }
    let (why, path) = said(needed);
    Err(context.rules.refuse(
        Rule::ExportPath,
        Text::new(
            format!("{}，向境外提供须先办理{}，尚无有效文件登记", why.zh, path.zh),
            format!("{}: this needs {}, and no valid document is on record", why.en, path.en),
        ),
        Text::new(
            format!("请运营机构办理{}并登记文件后再行使用", path.zh),
            format!("let the operator obtain {} and put it on record first", path.en),
        ),
    ))
}

/// Why a path is needed, and which.
fn said(needed: Needed) -> (Text, Text) {
    let assessment = Text::new("数据出境安全评估", "a security assessment");
    match needed {
        Needed::ImportantData => (Text::new("涉及重要数据", "important data is concerned"), assessment),
        Needed::Assessment => (
            Text::new(
                "本年度向境外提供的人数已达须申报安全评估的数量",
                "this year's persons reach the number for an assessment",
            ),
            assessment,
        ),
        Needed::Exempt | Needed::Contract => (
            Text::new(
                "涉及敏感个人信息，或本年度向境外提供的人数已达须订立标准合同的数量",
                "sensitive personal information, or this year's persons reach the number for a contract",
            ),
            Text::new(
                "个人信息出境标准合同备案、个人信息保护认证或大湾区标准合同备案",
                "a standard contract, a certification or a Greater Bay Area contract",
            ),
        ),
    }
}
