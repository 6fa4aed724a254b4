//! Operating reports as the API shows them.

use gongshu_api::report::{OperatingReport as Shown, ReportContent, ReportedPermit, ReportedProduct, ReportedShare};
use gongshu_app::governance::State;
use gongshu_app::governance::report::{OperatingReport, OwedReport, ReportStatus};
use jiff::civil::Date;

use super::books::agreement_named;
use super::chain::term;
use super::party_named;
use super::product::product_named;

pub(crate) fn report(state: &State, owed: &OwedReport<'_>, today: Date) -> Shown {
    let terms = &owed.agreement.terms;
    let finding = owed.made.and_then(|made| match &made.status {
        ReportStatus::Submitted => None,
        ReportStatus::Accepted { finding, .. } | ReportStatus::SentBack { finding, .. } => Some(finding.clone()),
    });
    Shown {
        id: owed.made.map(|made| made.report.id.to_string()),
        agreement: agreement_named(state, &terms.id),
        operator: party_named(state, &terms.operator),
        year: owed.year,
        due: owed.due.to_string(),
        status: owed.made.map_or("owed", |made| made.status.word()).to_owned(),
        late: owed.is_late(today),
        at: owed.made.map(|made| made.at.to_string()),
        finding,
        content: owed.made.map(|made| content(state, made)),
        revision: owed.made.map_or(0, |made| made.revision),
    }
}

fn content(state: &State, made: &OperatingReport) -> ReportContent {
    let (stated, figures) = (&made.report, &made.figures);
    let products = figures.products.iter().map(|it| ReportedProduct {
        product: product_named(state, &it.product),
        calls: it.calls,
        charged: it.charged.to_string(),
    });
    let received = figures.received.iter().map(|it| ReportedShare {
        party: party_named(state, &it.party),
        amount: it.amount.to_string(),
    });
    let permitted = figures.permitted.iter().map(|it| ReportedPermit {
        revenue: it.revenue.to_string(),
        period: term(&it.period),
        maximum: it.maximum.to_string(),
    });
    ReportContent {
        days: term(&figures.days),
        summary: stated.summary.clone(),
        charged: figures.charged.to_string(),
        cost: stated.cost.to_string(),
        taxes: stated.taxes.to_string(),
        left: (figures.charged - stated.cost - stated.taxes).to_string(),
        document_sha256: stated.document_sha256.clone(),
        consumers: figures.consumers,
        calls: figures.calls,
        products: products.collect(),
        received: received.collect(),
        permitted: permitted.collect(),
        incidents: figures.incidents,
        alerts: figures.alerts,
        disputes: figures.disputes,
        complaints: figures.complaints,
    }
}
