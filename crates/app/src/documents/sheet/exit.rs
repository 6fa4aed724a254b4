//! 退出办结报告: each asset of the inventory with what became of it and by what evidence.

use std::sync::Arc;

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::exit::{Exit, ExitGround, ExitStatus, Outcome, inventory};
use gongshu_governance::identifier::{ModelId, OutputId, ProductId, SubscriptionId};
use gongshu_governance::resource::Resource;

use super::books::product_name;
use super::{Draft, agency_of, agreement_title, beijing, fact, party};

pub(super) fn draft(state: &State, exit: &Exit) -> Draft {
    let start = &exit.start;
    let agreement = state.agreements.get(&start.agreement);
    let (title, status) = match &exit.status {
        ExitStatus::Started { at } => ("授权运营退出资产清单", format!("{} 启动，尚未办结", beijing(*at))),
        ExitStatus::Closed { at, .. } => ("授权运营退出办结报告", format!("{} 办结", beijing(*at))),
    };
    let facts = vec![
        fact("授权协议", agreement_title(state, &start.agreement)),
        fact(
            "退出单位",
            agreement.map_or_else(String::new, |it| party(state, &it.terms.operator).name),
        ),
        fact("退出事由", ground(start.ground)),
        fact("说明", start.reason.clone()),
        fact("办结时限", start.due.to_string()),
        fact("办理状态", status),
    ];
    // What is dealt with leaves the inventory; the closing report goes on naming it.
    let lines: Vec<[String; 3]> = match &exit.status {
        ExitStatus::Started { .. } => agreement
            .map(|it| inventory(state, it))
            .unwrap_or_default()
            .into_keys()
            .map(|asset| [asset, "待处置".to_owned(), String::new()])
            .collect(),
        ExitStatus::Closed { report, .. } => report
            .iter()
            .map(|line| {
                [
                    line.asset.clone(),
                    outcome(line.outcome).to_owned(),
                    line.evidence.clone(),
                ]
            })
            .collect(),
    };
    let rows = lines.into_iter().map(|[asset, outcome, evidence]| {
        let [class, name] = named(state, &asset);
        [class, name, asset, outcome, evidence]
    });
    let heads = ["类别", "名称:2", "资产编号:2", "处置结果", "证明:2"];
    let end = "退出启动时，本协议下的一切访问和使用即行终止；资产清单由平台依账本生成，逐项核销。";
    Draft {
        title: title.to_owned(),
        subject: String::new(),
        number: start.id.to_string(),
        issuer: agency_of(state, &start.agreement),
        facts,
        sections: vec![
            SheetSection::table("资产处置", heads, rows),
            SheetSection::text("", [end.to_owned()]),
        ],
        streams: vec![start.id.to_string()],
    }
}

/// The class and the name of an asset, which stay on record when it is dealt with.
fn named(state: &State, asset: &str) -> [String; 2] {
    let found = |class: &str, name: String| [class.to_owned(), name];
    if let Some(product) = state.products.get(&ProductId::new(asset)) {
        return found("数据产品", product.submission.name.clone());
    }
    if let Some(model) = state.models.get(&ModelId::new(asset)) {
        let trained = model.training.is_some();
        let class = if trained {
            "衍生模型（域内训练）"
        } else {
            "衍生模型"
        };
        return found(class, model.registration.summary.clone());
    }
    if let Some(output) = state.outputs.get(&OutputId::new(asset)) {
        return found("出域成果", output.submission.title.clone());
    }
    let subscription = SubscriptionId::new(asset);
    if let Some(opened) = state.subscriptions.get(&subscription) {
        let (product, consumer) = (product_name(state, &subscription), party(state, &opened.consumer).name);
        return found("存续订购", format!("{product}（{consumer}）"));
    }
    let versions = |resource: &&Arc<Resource>| resource.versions.iter().any(|version| version.id.as_str() == asset);
    let resource = state.resources.values().find(versions);
    found(
        "原始数据",
        resource.map_or_else(String::new, |it| it.registration.name.clone()),
    )
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Destroyed => "销毁",
        Outcome::HandedOver => "移交",
        Outcome::Licensed => "许可",
        Outcome::Refunded => "退款",
    }
}

fn ground(ground: ExitGround) -> &'static str {
    match ground {
        ExitGround::TermEnds => "期限届满",
        ExitGround::Terminated => "协议终止",
        ExitGround::SeriousBreach => "严重违约",
        ExitGround::QualificationLost => "丧失资格",
        ExitGround::PublicInterest => "公共利益",
    }
}
