//! Data quality as the API shows it.

use gongshu_api as api;
use gongshu_app::governance::State;
use gongshu_app::governance::quality::{Dimension, Standing, WorkOrder, WorkOrderStatus, standing};
use gongshu_app::governance::resource::Resource;
use gongshu_app::governance::rules::Rules;
use jiff::Timestamp;

use super::{party_named, resource_named, word};

/// The last measure of each dimension, against what the packs ask for.
pub(crate) fn quality(
    state: &State,
    resource: &Resource,
    rules: &Rules,
    now: Timestamp,
) -> Vec<api::quality::QualityMeasure> {
    let all = standing(resource, now, rules).into_iter();
    all.map(|measured| measure(state, &measured, rules)).collect()
}

fn measure(state: &State, measured: &Standing<'_>, rules: &Rules) -> api::quality::QualityMeasure {
    let (dimension, result) = (measured.dimension, measured.result);
    api::quality::QualityMeasure {
        dimension: word(&dimension),
        name: name(dimension),
        held: result.held,
        of: result.of,
        basis_points: result.basis_points(),
        basis_points_min: rules.parameters().quality_min.get(&dimension).copied(),
        version: measured.version.to_string(),
        check: measured.check.map(|check| api::quality::QualityCheck {
            by: party_named(state, &check.by),
            method: check.check.method.clone(),
            document_sha256: check.check.document_sha256.clone(),
        }),
    }
}

fn name(dimension: Dimension) -> api::Text {
    let (zh, en) = dimension.words();
    api::Text {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

pub(crate) fn work_order(
    state: &State,
    record: &WorkOrder,
    rules: &Rules,
    now: Timestamp,
) -> Option<api::quality::WorkOrder> {
    let order = &record.order;
    let provider = &state.resources.get(&order.resource)?.registration.provider;
    let deadline = record.deadline.by(rules.working_days());
    let (standing, closed) = match &record.status {
        WorkOrderStatus::Open => ("open", None),
        WorkOrderStatus::Answered => ("answered", None),
        WorkOrderStatus::Closed { at, reason } => ("closed", Some((at, reason))),
    };
    Some(api::quality::WorkOrder {
        id: order.id.to_string(),
        resource: resource_named(state, &order.resource),
        holder: party_named(state, provider),
        dimension: word(&order.dimension),
        name: name(order.dimension),
        version: order.version.as_ref().map(ToString::to_string),
        text: order.text.clone(),
        by: record.by.as_ref().map(|by| party_named(state, by)),
        at: record.at.to_string(),
        due: deadline.due.to_string(),
        provisional: deadline.provisional,
        late: record.is_late(now),
        state: standing.to_owned(),
        answers: record
            .answers
            .iter()
            .map(|(at, answer)| api::quality::WorkOrderAnswer {
                at: at.to_string(),
                how: answer.how.clone(),
                version: answer.version.as_ref().map(ToString::to_string),
            })
            .collect(),
        closed: closed.map(|(at, reason)| api::quality::WorkOrderEnd {
            at: at.to_string(),
            reason: reason.clone(),
        }),
        revision: record.revision,
    })
}
