//! 合作方引入备案表: who is engaged by whom, for which scenarios, until when, under which joint-liability agreement, and what the
//! partner has submitted (论证 7, 21).

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::agreement::Agreement;
use gongshu_governance::product::{EngagedPartner, Engagement, ProductStatus};

use super::{Draft, beijing, fact, grouped, party, span};

pub(super) fn draft(state: &State, engaged: &EngagedPartner) -> Draft {
    let engagement = &engaged.engagement;
    let mut facts = facts(state, engagement);
    facts.push(fact("登记时间", beijing(engaged.at)));
    let end = engaged.ended.as_ref();
    let stands = end.map_or_else(
        || "未终止".to_owned(),
        |end| format!("{} 终止：{}", beijing(end.at), end.reason),
    );
    facts.push(fact("合作状态", stands));
    let operator = agreement_of(state, engagement).map(|it| it.terms.operator.clone());
    Draft {
        title: "合作方引入备案表".to_owned(),
        subject: party(state, &engagement.partner).name,
        number: engagement.id.to_string(),
        issuer: operator.unwrap_or_else(|| engagement.partner.clone()),
        facts,
        sections: vec![
            scenarios(state, engagement),
            products(state, engaged),
            SheetSection::text("", [TERMS.to_owned()]),
        ],
        streams: vec![engagement.id.to_string()],
    }
}

/// What a partner may do under an engagement, and until when.
pub(super) const TERMS: &str = "合作方在运营机构的授权之下、限于上列场景在安全域内开发，不得转授或者转委托，与运营机构就数据安全承担连带责任；合作到期或者终止的，合作方不得继续开发，其产品即行停止服务。";

/// Who, under what, until when.
pub(super) fn facts(state: &State, engagement: &Engagement) -> Vec<[String; 2]> {
    let agreement = agreement_of(state, engagement);
    let partner = party(state, &engagement.partner);
    let operator = agreement.map(|it| party(state, &it.terms.operator).name);
    let whole = agreement.map_or_else(String::new, |it| format!("与授权协议同期（{}）", span(&it.terms.term)));
    vec![
        fact("合作方", partner.name),
        fact("统一社会信用代码", partner.code.unwrap_or_default()),
        fact("引入单位", operator.unwrap_or_default()),
        fact(
            "依据协议",
            agreement.map_or_else(String::new, |it| it.terms.title.clone()),
        ),
        fact("合作期限", engagement.term.as_ref().map_or(whole, span)),
        fact("连带责任协议摘要", grouped(&engagement.joint_liability_sha256)),
    ]
}

/// The scenarios that the partner works in.
pub(super) fn scenarios(state: &State, engagement: &Engagement) -> SheetSection {
    let rows = engagement.scenarios.iter().map(|id| {
        let asked = state.scenarios.get(id).map(|it| &it.application);
        [
            asked.map_or_else(|| id.to_string(), |it| it.name.clone()),
            asked.map_or_else(String::new, |it| it.purpose.clone()),
            asked.map_or_else(String::new, |it| span(&it.term)),
        ]
    });
    SheetSection::table("一、参与的场景", ["场景:3", "用途:2", "授权期限:2"], rows)
}

fn products(state: &State, engaged: &EngagedPartner) -> SheetSection {
    let mut theirs: Vec<_> = state
        .products
        .values()
        .filter(|it| engaged.is_of(&it.developer, &it.submission.scenario))
        .collect();
    theirs.sort_by(|a, b| a.submission.id.cmp(&b.submission.id));
    let rows = theirs.into_iter().map(|product| {
        [
            product.submission.name.clone(),
            product.submission.id.to_string(),
            status(&product.status).to_owned(),
        ]
    });
    SheetSection::table("二、所提交的产品", ["产品:3", "产品编号:2", "状态"], rows)
}

fn status(status: &ProductStatus) -> &'static str {
    match status {
        ProductStatus::Submitted => "待上架",
        ProductStatus::Listed => "已上架",
        ProductStatus::Withdrawn { .. } => "已撤回",
        ProductStatus::Refused { .. } => "未予上架",
        ProductStatus::Retracted { .. } => "撤回提交",
    }
}

/// All scenarios of an engagement are under one operator's agreements; the first says which.
pub(super) fn agreement_of<'s>(state: &'s State, engagement: &Engagement) -> Option<&'s Agreement> {
    let mut scenarios = engagement.scenarios.iter().filter_map(|id| state.scenarios.get(id));
    let agreement = scenarios.find_map(|it| state.agreements.get(&it.application.agreement));
    agreement.map(|agreement| &**agreement)
}
