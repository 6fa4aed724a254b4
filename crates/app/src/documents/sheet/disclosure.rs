//! 年度信息披露, as it was published.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::calendar::day_of;
use gongshu_governance::disclosure::{Content, DisclosedParty, Disclosure, DisclosureStatus};

use super::{Draft, fact, span};

/// The paper of a disclosure that is public.
pub(super) fn draft(state: &State, disclosure: &Disclosure) -> Option<Draft> {
    let DisclosureStatus::Published { place, at } = &disclosure.status else {
        return None;
    };
    let (party, tables) = match &disclosure.content {
        Content::Agency(agency) => (&agency.party, of_agency(agency)),
        Content::Operator(operator) => (&operator.party, of_operator(operator)),
    };
    let late = if day_of(*at) > disclosure.due {
        "（逾期公布）"
    } else {
        ""
    };
    let mut facts = vec![
        fact("披露单位", party.name.clone()),
        fact("统一社会信用代码", party.code.clone().unwrap_or_default()),
        fact("公布时间", format!("{}{late}", day_of(*at))),
        fact("公布时限", disclosure.due.to_string()),
        fact("公布载体", place.clone()),
        fact("数据截至", disclosure.as_of().to_string()),
    ];
    let id = disclosure.prepare.id.to_string();
    let mut streams = vec![id.clone()];
    if let Some(corrected) = &disclosure.prepare.corrects {
        facts.push(fact(
            "更正说明",
            format!("更正 {corrected}：{}", disclosure.prepare.reason),
        ));
    }
    if let Some(by) = disclosure.corrected_by(state) {
        let correction = &by.prepare.id;
        facts.push(fact(
            "更正情况",
            format!("已由 {correction} 更正：{}", by.prepare.reason),
        ));
        streams.push(correction.to_string());
    }
    Some(Draft {
        title: "公共数据资源授权运营信息披露".to_owned(),
        subject: format!("{} 年度", disclosure.prepare.year),
        number: id.clone(),
        issuer: disclosure.by.clone(),
        facts,
        sections: std::iter::once(about(party)).chain(tables).collect(),
        streams,
    })
}

fn about(party: &DisclosedParty) -> SheetSection {
    SheetSection::text("一、本单位情况", party.about.split('\n').map(str::to_owned))
}

fn of_agency(agency: &gongshu_governance::disclosure::AgencyContent) -> Vec<SheetSection> {
    let authorizations = agency.authorizations.iter().map(|it| {
        let [purposes, resources] = [&it.purposes, &it.resources].map(|list| list.join("、"));
        [
            it.title.clone(),
            it.operator.clone(),
            span(&it.term),
            purposes,
            resources,
        ]
    });
    let ceilings = agency
        .ceilings
        .iter()
        .map(|it| [it.product.clone(), it.ceiling.to_string()]);
    let heads = ["授权协议:2", "运营机构:2", "期限:2", "用途:2", "数据资源:3"];
    vec![
        SheetSection::table("二、授权情况", heads, authorizations),
        SheetSection::table("三、价格上限", ["产品:1", "上限（元）#"], ceilings),
    ]
}

fn of_operator(operator: &gongshu_governance::disclosure::OperatorContent) -> Vec<SheetSection> {
    let resources = operator.resources.iter();
    let resources = resources.map(|it| [it.name.clone(), it.provider.clone(), it.field_of_application.clone()]);
    let products = operator.products.iter();
    let products = products.map(|it| [&it.name, &it.summary, &it.scenario, &it.service_level].map(Clone::clone));
    let prices = operator.prices.iter().map(|it| {
        let price = it.price.map_or_else(|| "免费".to_owned(), |price| price.to_string());
        let since = it.since.map_or_else(String::new, |day| day.to_string());
        [it.product.clone(), price, since]
    });
    vec![
        SheetSection::table(
            "二、获授权数据资源",
            ["数据资源:2", "数源单位:2", "应用领域:1"],
            resources,
        ),
        SheetSection::table(
            "三、产品和服务清单",
            ["产品:2", "说明:4", "场景:2", "服务水平:2"],
            products,
        ),
        SheetSection::table("四、实际价格", ["产品:1", "价格（元）#", "起始日期"], prices),
    ]
}
