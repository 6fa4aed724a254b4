//! Ceilings and prices.

use gongshu_document::SheetSection;
use gongshu_governance::identifier::{ProductId, RevenueId};
use gongshu_governance::product::Charging;
use gongshu_governance::{Event, State};

use super::super::{agreement_title, span};
use super::{Draft, operator_of};

pub(super) fn draft(state: &State, event: &Event) -> Option<Draft> {
    match event {
        Event::CeilingSet {
            product,
            charging,
            ceiling,
            basis,
        } => Some(
            Draft::new("价格上限核定通知书", name(state, product))
                .to(operator_of(state, product))
                .fact("产品编号", product.as_str())
                .fact("计费方式", unit(*charging))
                .fact("上限价格", format!("{ceiling} 元"))
                .fact("核定依据", basis)
                .says("该产品的价格不得高于上限价格；低于或等于上限的，由运营机构自行制定并公布。"),
        ),
        Event::CeilingsSet { revenue, sales, basis } => {
            let rows = sales.iter().map(|sale| {
                let charging = state.products.get(&sale.product).map(|it| it.charging);
                [
                    name(state, &sale.product),
                    charging.map_or("", unit).to_owned(),
                    sale.ceiling.to_string(),
                    sale.expected.to_string(),
                ]
            });
            let heads = ["产品:3", "计费方式:2", "上限价格#", "预计销量#"];
            let mut draft = together(state, revenue).fact("核定依据", basis);
            draft.sections.push(SheetSection::table("上限价格（元）", heads, rows));
            Some(draft.says("按上限价格和预计销量计算的收入不超过该期间的最高准许收入。"))
        }
        Event::PriceSet { product, price, from } => {
            let charging = state.products.get(product).map(|it| it.charging);
            let day = from.map_or_else(
                || "新订购自办理时间起；已订购的，降价自办理时间起，提价自规定的通知期满起".to_owned(),
                |day| format!("新订购自办理时间起；已订购的，提价自 {day} 起"),
            );
            Some(
                Draft::new("数据产品价格公告", name(state, product))
                    .to(operator_of(state, product))
                    .fact("产品编号", product.as_str())
                    .fact("计费方式", charging.map_or("", unit))
                    .fact("价格", format!("{price} 元"))
                    .fact("施行", day)
                    .says("价格不高于核定的上限价格，对全部使用方一致。"),
            )
        }
        _ => None,
    }
}

/// The ceilings of a period's products are set together.
fn together(state: &State, id: &RevenueId) -> Draft {
    let permit = state.revenues.get(id).map(|it| &it.permit);
    let agreement = permit.and_then(|it| state.agreements.get(&it.agreement));
    Draft::new(
        "价格上限统一核定通知书",
        permit.map_or_else(String::new, |it| agreement_title(state, &it.agreement)),
    )
    .to(agreement.map(|it| it.terms.operator.clone()))
    .fact("准许收入编号", id.as_str())
    .fact("核定期间", permit.map_or_else(String::new, |it| span(&it.period)))
}

fn name(state: &State, id: &ProductId) -> String {
    let product = state.products.get(id);
    product.map_or_else(|| id.to_string(), |it| it.submission.name.clone())
}

fn unit(charging: Charging) -> &'static str {
    match charging {
        Charging::Call => "按次（每次调用）",
        Charging::Once => "按产品（每次订购）",
        Charging::Month => "按时长（每月）",
        Charging::Year => "按时长（每年）",
        Charging::Row => "按量（每行）",
        Charging::Megabyte => "按量（每兆字节）",
    }
}
