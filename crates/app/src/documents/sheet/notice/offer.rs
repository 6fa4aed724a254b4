//! A product is listed, suspended, resumed or withdrawn; a submission is refused or retracted.

use gongshu_governance::State;
use gongshu_governance::identifier::ProductId;
use gongshu_governance::product::OfferEvent;

use super::super::{party, scenario_name};
use super::{Draft, operator_of};

/// A product is listed.
pub(super) fn listed(state: &State, id: &ProductId) -> Draft {
    let developer = state.products.get(id).map(|it| it.developer.clone());
    of(state, "数据产品上架通知书", id)
        .to(developer)
        .says("该产品审核通过，自办理时间起上架，接受订购。")
}

fn of(state: &State, title: &'static str, id: &ProductId) -> Draft {
    let product = state.products.get(id);
    let scenario = product.map(|it| &it.submission.scenario);
    let name = product.map_or_else(|| id.to_string(), |it| it.submission.name.clone());
    Draft::new(title, name)
        .to(operator_of(state, id))
        .fact("产品编号", id.as_str())
        .fact(
            "所属场景",
            scenario.map_or_else(String::new, |id| scenario_name(state, id)),
        )
}

pub(super) fn draft(state: &State, event: &OfferEvent) -> Draft {
    let id = event.product();
    let product = state.products.get(id);
    let draft = |title| of(state, title, id);
    let developer = product.map(|it| it.developer.clone());
    match event {
        OfferEvent::Refused(refusal) => draft("数据产品不予上架通知书")
            .to(developer)
            .fact("不予上架的理由", &refusal.reason)
            .says("该产品未予上架。修改后可以另行提交，重新审核。"),
        OfferEvent::Retracted(retraction) => draft("数据产品提交撤回通知书")
            .to(developer)
            .fact("撤回理由", &retraction.reason)
            .says("该产品的提交已经撤回，不再审核。"),
        OfferEvent::Suspended { suspend, by } => draft("数据产品暂停通知书")
            .fact("暂停单位", party(state, by).name)
            .fact("暂停理由", &suspend.reason)
            .says("自办理时间起，该产品对全部订购方停止服务，恢复前不予调用，也不接受新的订购。"),
        OfferEvent::Resumed { by, .. } => {
            let resumed = draft("数据产品恢复通知书");
            let resumed = match by {
                Some(by) => resumed.fact("解除暂停的单位", party(state, by).name),
                None => resumed,
            };
            if product.is_some_and(|it| !it.suspended.is_empty()) {
                return resumed.says("该单位的暂停已经解除；其他单位的暂停仍然有效，解除前不恢复服务。");
            }
            resumed.says("自办理时间起，该产品恢复服务。")
        }
        OfferEvent::Withdrawn { withdraw, until } => draft("数据产品撤回公告")
            .fact("撤回理由", &withdraw.reason)
            .fact("服务截止日", until.to_string())
            .says("自办理时间起，该产品不再接受新的订购；已订购的，服务至服务截止日（含当日）。"),
    }
}
