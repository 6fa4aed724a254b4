//! 退出办结报告: each asset of the inventory with what became of it and by what evidence.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::exit::{AssetReport, Exit, ExitGround, ExitStatus, Outcome};
use gongshu_governance::identifier::AgreementId;

use super::{Draft, agency_of, agreement_title, beijing, fact, party};
use crate::exit::{AssetKind, exit_assets, exit_steps};

pub(super) fn draft(state: &State, exit: &Exit) -> Draft {
    let start = &exit.start;
    let agreement = state.agreements.get(&start.agreement);
    let (title, status) = match &exit.status {
        ExitStatus::Started { at } => ("授权运营退出资产清单", format!("{} 启动，尚未办结", beijing(*at))),
        ExitStatus::Closed { at, conclusion, .. } => {
            ("授权运营退出办结报告", format!("{} 办结：{conclusion}", beijing(*at)))
        }
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
    let rows = exit_assets(state, exit).into_iter().map(|asset| {
        let owner = asset
            .owner
            .as_ref()
            .map_or_else(String::new, |id| party(state, id).name);
        let (outcome, evidence) = match (asset.reported, asset.destroyed_at) {
            (Some(reported), _) => became(state, asset.continued_under.as_ref(), &reported),
            (None, Some(at)) => ("密钥已销毁".to_owned(), beijing(at)),
            (None, None) => ("待处置".to_owned(), String::new()),
        };
        [
            class(asset.kind).to_owned(),
            asset.name,
            owner,
            asset.id,
            outcome,
            evidence,
        ]
    });
    let heads = ["类别", "名称:2", "责任单位:2", "资产编号:2", "处置结果", "证明:2"];
    let steps = exit_steps(state, exit).into_iter().map(|(step, planned)| {
        let (owner, due) = planned.as_ref().map_or_else(Default::default, |it| {
            (party(state, &it.owner).name, it.due.to_string())
        });
        let done = planned.and_then(|it| it.done);
        let (at, evidence) = done.map_or_else(
            || ("未办结".to_owned(), String::new()),
            |done| (beijing(done.at), done.evidence),
        );
        [step.name().zh, owner, due, at, evidence]
    });
    let end = "退出启动时，本协议下的一切访问和使用即行终止；资产清单由平台依账本生成，逐项核销。";
    Draft {
        title: title.to_owned(),
        subject: String::new(),
        number: start.id.to_string(),
        issuer: agency_of(state, &start.agreement),
        facts,
        sections: vec![
            SheetSection::table("退出步骤", ["步骤:2", "责任单位:2", "期限", "办结", "证明:2"], steps),
            SheetSection::table("资产处置", heads, rows),
            SheetSection::text("", [end.to_owned()]),
        ],
        streams: vec![start.id.to_string()],
    }
}

fn class(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::RawData => "原始数据",
        AssetKind::Product => "数据产品",
        AssetKind::DerivedModel { trained: true } => "衍生模型（域内训练）",
        AssetKind::DerivedModel { trained: false } => "衍生模型",
        AssetKind::SealedOutput => "出域成果",
        AssetKind::OpenSubscription => "存续订购",
    }
}

/// What became of an asset, and what shows it: of an order that goes on, who serves it now; of a model that is kept, what was
/// found of it.
fn became(state: &State, under: Option<&AgreementId>, reported: &AssetReport) -> (String, String) {
    let mut became = outcome(reported.outcome).to_owned();
    if let (Outcome::Continued, Some(under)) = (reported.outcome, under) {
        became = format!("{became}（{}）", agreement_title(state, under));
    }
    let mut shown = vec![reported.evidence.clone()];
    shown.extend(reported.successor.as_ref().map(|next| format!("承接订购 {next}")));
    shown.extend(reported.statement.as_ref().map(|statement| {
        let found = if statement.reveals_raw_data {
            "可能泄露"
        } else {
            "不泄露"
        };
        format!("评估结论：{found}原始数据（{}）", statement.document_sha256)
    }));
    (became, shown.join("；"))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Destroyed => "销毁",
        Outcome::HandedOver => "移交",
        Outcome::Licensed => "许可",
        Outcome::Refunded => "退款终止",
        Outcome::Continued => "由承接方续供",
    }
}

pub(super) fn ground(ground: ExitGround) -> &'static str {
    match ground {
        ExitGround::TermEnds => "期限届满",
        ExitGround::Terminated => "协议终止",
        ExitGround::SeriousBreach => "严重违约",
        ExitGround::QualificationLost => "丧失资格",
        ExitGround::PublicInterest => "公共利益",
    }
}
