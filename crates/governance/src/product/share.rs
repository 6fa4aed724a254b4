//! Partners' part of what an operator offers: the operator develops in the main itself (论证 21).

use super::{Product, ProductStatus};
use crate::Context;
use crate::identifier::AgreementId;
use crate::party::Role;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

/// How many of the products that are listed under an agreement partners have developed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Development {
    /// Those that partners have developed.
    pub by_partners: usize,
    /// All of them.
    pub listed: usize,
}

impl Development {
    /// Counts the products that are listed under this agreement now.
    #[must_use]
    pub fn under(state: &State, agreement: &AgreementId) -> Self {
        let products = state.products.values().map(|product| &**product);
        let listed: Vec<&Product> = products
            .filter(|product| {
                product.status == ProductStatus::Listed && agreement_of(state, product) == Some(agreement)
            })
            .collect();
        Self {
            by_partners: listed.iter().filter(|product| by_partner(state, product)).count(),
            listed: listed.len(),
        }
    }
}

/// Partners' part of the products on the list stays within the limit when this one joins them.
pub(super) fn check_share(state: &State, product: &Product, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(agreement) = agreement_of(state, product).filter(|_| by_partner(state, product)) else {
        return Ok(());
    };
    let most = context.rules.parameters().partner_percent_max;
    let before = Development::under(state, agreement);
    let (partners, all) = (before.by_partners + 1, before.listed + 1);
    if partners * 100 <= most * all {
        return Ok(());
    }
    Err(context.rules.refuse(
        Rule::PartnerShare,
        Text::new(
            format!("上架后合作方开发的产品为 {partners} 个，占在架 {all} 个的比例超过 {most}%"),
            format!("partners would have developed {partners} of the {all} products listed, more than {most} %"),
        ),
        Text::new(
            "请先由运营机构自行开发并上架产品，或撤回合作方的产品",
            "list products that the operator has developed first (`product.list`), or withdraw some of partners' \
             (`product.withdraw`)",
        ),
    ))
}

fn by_partner(state: &State, product: &Product) -> bool {
    let developer = state.parties.get(&product.developer);
    developer.is_some_and(|developer| developer.role == Role::Partner)
}

fn agreement_of<'s>(state: &'s State, product: &Product) -> Option<&'s AgreementId> {
    let scenario = state.scenarios.get(&product.submission.scenario)?;
    Some(&scenario.application.agreement)
}
