//! 年度运营报告: what the record says of a year's operation, what the operator states, what the agency found (65号).

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::calendar::day_of;
use gongshu_governance::identifier::ProductId;
use gongshu_governance::report::{OperatingReport, ReportStatus};

use super::{Draft, agreement_title, fact, grouped, party, span};

pub(super) fn draft(state: &State, report: &OperatingReport) -> Draft {
    let (stated, figures) = (&report.report, &report.figures);
    let late = if report.is_late() { "（逾期）" } else { "" };
    let left = figures.charged - stated.cost - stated.taxes;
    let mut facts = vec![
        fact("运营机构", party(state, &report.by).name),
        fact("报告期间", span(&figures.days)),
        fact("提交时间", format!("{}{late}", day_of(report.at))),
        fact("提交时限", report.due.to_string()),
        fact("计量收入", format!("{} 元", figures.charged)),
        fact("经营成本", format!("{} 元", stated.cost)),
        fact("税金", format!("{} 元", stated.taxes)),
        fact("收支差额", format!("{left} 元")),
        fact("财务报表或审计报告摘要", grouped(&stated.document_sha256)),
        fact("使用方", format!("{} 家", figures.consumers)),
        fact("计费调用", format!("{} 次", figures.calls)),
        fact("安全事件", format!("{} 起", figures.incidents)),
        fact("异常告警", format!("{} 次", figures.alerts)),
        fact("争议", format!("{} 件", figures.disputes)),
        fact("投诉", format!("{} 件", figures.complaints)),
    ];
    facts.extend(outcome(state, report));
    let products = figures.products.iter().map(|it| {
        let name = product(state, &it.product);
        [name, it.calls.to_string(), it.charged.to_string()]
    });
    let received = figures
        .received
        .iter()
        .map(|it| [party(state, &it.party).name, it.amount.to_string()]);
    let permitted = figures
        .permitted
        .iter()
        .map(|it| [span(&it.period), it.maximum.to_string()]);
    Draft {
        title: "公共数据资源授权运营年度运营报告".to_owned(),
        subject: format!("{} {} 年度", agreement_title(state, &stated.agreement), stated.year),
        number: stated.id.to_string(),
        issuer: report.by.clone(),
        facts,
        sections: vec![
            SheetSection::text("一、运营情况", stated.summary.split('\n').map(str::to_owned)),
            SheetSection::table(
                "二、产品和服务收入",
                ["产品:3", "计费调用（次）#", "收入（元）#"],
                products,
            ),
            SheetSection::table("三、收入分配", ["主体:3", "金额（元）#"], received),
            SheetSection::table("四、最高准许收入", ["期间:3", "最高准许收入（元）#"], permitted),
        ],
        streams: vec![stated.id.to_string()],
    }
}

fn outcome(state: &State, report: &OperatingReport) -> Option<[String; 2]> {
    match &report.status {
        ReportStatus::Submitted => None,
        ReportStatus::Accepted { by, at, finding } => {
            let by = party(state, by).name;
            Some(fact("审核", format!("{by}于 {} 接受：{finding}", day_of(*at))))
        }
        ReportStatus::SentBack { by, finding } => {
            Some(fact("审核", format!("{}退回：{finding}", party(state, by).name)))
        }
    }
}

fn product(state: &State, id: &ProductId) -> String {
    let product = state.products.get(id);
    product.map_or_else(|| id.to_string(), |product| product.submission.name.clone())
}
