//! 场景授权决定书: what is authorized for whom and until when, the resources that their providers grant for it, the risks.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::identifier::ResourceId;
use gongshu_governance::scenario::{Approval, Freeze, PriceClass, Scenario, ScenarioStatus};

use super::{Draft, agency_of, agreement_title, beijing, fact, party, scenario_name, span};

pub(super) fn draft(state: &State, scenario: &Scenario) -> Draft {
    let asked = &scenario.application;
    let operator = state
        .agreements
        .get(&asked.agreement)
        .map(|it| party(state, &it.terms.operator).name);
    let title = match scenario.status {
        ScenarioStatus::Applied | ScenarioStatus::Withdrawn { .. } => "场景授权申请",
        ScenarioStatus::Refused { .. } => "场景授权不予批准决定书",
        ScenarioStatus::Granted { .. } | ScenarioStatus::Frozen { .. } | ScenarioStatus::Ended { .. } => {
            "场景授权决定书"
        }
    };
    let mut facts = vec![
        fact("依据协议", agreement_title(state, &asked.agreement)),
        fact("被授权单位", operator.unwrap_or_default()),
        fact("授权状态", status(&scenario.status)),
        fact("用途", asked.purpose.clone()),
        fact("收费类别", price_class(asked.price_class)),
        fact("使用方类别", asked.consumer_class.clone()),
        fact("技术方式", asked.technique.clone()),
        fact("输出形式", asked.output_form.clone()),
        fact("调用上限", format!("{} 次", asked.quota_calls_max)),
        fact("授权期限", span(&asked.term)),
    ];
    let followed = asked.follows.as_ref().map(|id| scenario_name(state, id));
    facts.extend(followed.map(|name| fact("续接场景", name)));
    Draft {
        title: title.to_owned(),
        subject: asked.name.clone(),
        number: asked.id.to_string(),
        issuer: agency_of(state, &asked.agreement),
        facts,
        sections: sections(state, scenario),
        streams: vec![asked.id.to_string()],
    }
}

fn sections(state: &State, scenario: &Scenario) -> Vec<SheetSection> {
    let resources = scenario.application.resources.iter();
    let granted = resources.map(|(id, fields)| {
        let resource = state.resources.get(id).map(|it| &it.registration);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        [
            resource.map_or_else(|| id.to_string(), |it| it.name.clone()),
            resource.map_or_else(String::new, |it| party(state, &it.provider).name),
            fields.join("、"),
            approval(scenario, id),
        ]
    });
    let risks = scenario.risk.iter().flat_map(|risk| &risk.risks).map(|(name, found)| {
        let [likelihood, impact] = [found.likelihood, found.impact].map(|it| it.to_string());
        [name.clone(), likelihood, impact, found.measure.clone()]
    });
    let mut all = vec![
        SheetSection::table(
            "一、授权使用的数据资源",
            ["数据资源:2", "数源单位:2", "字段:3", "数源单位意见:2"],
            granted,
        ),
        SheetSection::table("二、风险评估", ["风险:1", "可能性#", "影响#", "措施:3"], risks),
    ];
    let objections = scenario.objections.iter().map(|it| {
        let by = it.by.as_ref().map(|by| party(state, by).name);
        let by = by.unwrap_or_else(|| "监管部门".to_owned());
        format!("{by}反对（{}）：{}", beijing(it.at), it.reason)
    });
    let objections: Vec<String> = objections.collect();
    if !objections.is_empty() {
        all.push(SheetSection::text("三、监管意见", objections));
    }
    let narrowings = scenario.narrowings.iter().map(|it| {
        let by = party(state, &it.by).name;
        format!("{} {by}缩小授权：{}", beijing(it.at), it.narrowing.reason)
    });
    let narrowings: Vec<String> = narrowings.collect();
    if !narrowings.is_empty() {
        all.push(SheetSection::text("四、授权的缩小（上列为缩小后的授权）", narrowings));
    }
    let terms = "本授权不得转授，不得超出上列用途、范围和期限使用；上位协议变更、暂停或终止的，本授权随之变更、停止。";
    all.push(SheetSection::text("", [terms.to_owned()]));
    all
}

fn approval(scenario: &Scenario, resource: &ResourceId) -> String {
    match scenario.approvals.get(resource) {
        Some(Approval::Given { at }) => format!("同意（{}）", beijing(*at)),
        Some(Approval::Declined { at, reason }) => format!("不同意（{}）：{reason}", beijing(*at)),
        None => "未答复".to_owned(),
    }
}

fn status(status: &ScenarioStatus) -> String {
    match status {
        ScenarioStatus::Applied => "申请中".to_owned(),
        ScenarioStatus::Granted { at } => format!("{} 批准", beijing(*at)),
        ScenarioStatus::Frozen { granted, causes } => {
            let freeze = |it: &Freeze| format!("{} 冻结：{}", beijing(it.at), it.reason);
            let freezes: Vec<String> = causes.iter().map(freeze).collect();
            format!("{} 批准，{}", beijing(*granted), freezes.join("；"))
        }
        ScenarioStatus::Refused { at, reason } => format!("{} 不予批准：{reason}", beijing(*at)),
        ScenarioStatus::Withdrawn { at, reason } => format!("{} 申请人撤回：{reason}", beijing(*at)),
        ScenarioStatus::Ended { granted, at, reason } => {
            format!("{} 批准，{} 终止：{reason}", beijing(*granted), beijing(*at))
        }
    }
}

fn price_class(class: PriceClass) -> &'static str {
    match class {
        PriceClass::PublicGovernance => "公共治理（免费）",
        PriceClass::PublicWelfare => "公益事业（免费）",
        PriceClass::Industry => "产业发展（收费）",
    }
}
