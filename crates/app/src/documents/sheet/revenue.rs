//! 最高准许收入核定书, and once the period is settled 准许收入清算书: how the maximum comes about, the ceilings that rest on it,
//! what was earned (65号).

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::money::Money;
use gongshu_governance::revenue::{PermitRevenue, Revenue};

use super::{Draft, agency_of, agreement_title, fact, grouped, party, span};

pub(super) fn draft(state: &State, revenue: &Revenue) -> Draft {
    let permit = &revenue.permit;
    let title = match (&revenue.settled, &revenue.replaced) {
        (Some(_), _) => "准许收入清算书",
        (None, Some(_)) => "最高准许收入核定书（已更正）",
        (None, None) => "最高准许收入核定书",
    };
    let mut facts = figures(state, permit);
    facts.extend(outcome(revenue.maximum, revenue.deducted, revenue.trial));
    facts.extend(permit.replaces.as_ref().map(|id| fact("更正的核定", id.as_str())));
    facts.extend(revenue.replaced.as_ref().map(|id| fact("更正本核定的", id.as_str())));
    if let Some(settlement) = revenue.settled {
        facts.extend(settled(settlement.earned, settlement.excess));
    }
    let rows = revenue.sales.iter().map(|sale| {
        let product = state.products.get(&sale.product);
        [
            product.map_or_else(|| sale.product.to_string(), |it| it.submission.name.clone()),
            sale.ceiling.to_string(),
            sale.expected.to_string(),
            sale.ceiling
                .times(sale.expected)
                .map_or_else(String::new, |it| it.to_string()),
        ]
    });
    let heads = ["产品:3", "上限价格#", "预计销量#", "预计收入#"];
    Draft {
        title: title.to_owned(),
        subject: agreement_title(state, &permit.agreement),
        number: permit.id.to_string(),
        issuer: agency_of(state, &permit.agreement),
        facts,
        sections: vec![
            SheetSection::text("一、核定依据", [permit.basis.clone()]),
            SheetSection::table("二、按本核定制定的价格上限（元）", heads, rows),
            SheetSection::text("", [METHOD.to_owned()]),
        ],
        streams: vec![permit.id.to_string()],
    }
}

const METHOD: &str = "最高准许收入 = 经营成本 + 计算基数 × 准许利润率 + 税金，加减已结算期间的差额，减除以前期间超收的部分；价格上限与预计销量之积的合计不得超过最高准许收入。期间届满后清算，超收部分在下一期间核定时减除，协议已终止的予以退还。";

/// What the maximum is reckoned from.
pub(super) fn figures(state: &State, permit: &PermitRevenue) -> Vec<[String; 2]> {
    let agreement = state.agreements.get(&permit.agreement);
    let operator = agreement.map(|it| party(state, &it.terms.operator).name);
    let profit = permit.base.part(permit.rate).unwrap_or(Money::ZERO);
    let mut facts = vec![
        fact("运营机构", operator.unwrap_or_default()),
        fact("核定期间", span(&permit.period)),
        fact("经营成本", yuan(permit.cost)),
        fact(
            "准许利润",
            format!("{profit} 元（{} 元 × {}%）", permit.base, permit.rate.percent()),
        ),
        fact("税金", yuan(permit.taxes)),
    ];
    if let Some(adjustment) = &permit.adjustment {
        let (of, amount) = (&adjustment.revenue, adjustment.amount);
        facts.push(fact(
            "以前期间差额",
            format!("{amount} 元（`{of}`：{}）", adjustment.reason),
        ));
        facts.push(fact("差额认定文件摘要", grouped(&adjustment.document_sha256)));
    }
    facts.extend(permit.document_number.as_ref().map(|it| fact("核定文件文号", it)));
    let hash = permit.document_sha256.as_ref();
    facts.extend(hash.map(|it| fact("核定文件摘要", grouped(it))));
    facts
}

/// The maximum.
pub(super) fn outcome(maximum: Money, deducted: Money, trial: bool) -> Vec<[String; 2]> {
    let kind = if trial {
        "试行（运营未满一年）"
    } else {
        "正式"
    };
    vec![
        fact("减除以前期间超收", yuan(deducted)),
        fact("最高准许收入", yuan(maximum)),
        fact("价格性质", kind),
    ]
}

/// What was earned, and what of it was too much.
pub(super) fn settled(earned: Money, excess: Money) -> Vec<[String; 2]> {
    vec![fact("期间实际收入", yuan(earned)), fact("超收", yuan(excess))]
}

fn yuan(amount: Money) -> String {
    format!("{amount} 元")
}
