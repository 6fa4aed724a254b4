//! The workbench as the API shows it.

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::engine::Derivation;
use gongshu_app::governance::identifier::{ResourceId, ScenarioId};
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::scenario::Scenario;
use gongshu_app::governance::{State, workbench};
use gongshu_app::workbench::{GrantedField, Sample, Shape, granted_fields};

use super::product::parameter;
use super::{act, controls, resource_named, word};

pub(crate) fn scenario_named(state: &State, id: &ScenarioId) -> Named {
    let scenario = state.scenarios.get(id);
    Named {
        id: id.to_string(),
        name: scenario.map_or_else(String::new, |scenario| scenario.application.name.clone()),
    }
}

pub(crate) fn work_resource(
    state: &State,
    scenario: &Scenario,
    id: &ResourceId,
    rules: &Rules,
) -> Option<api::workbench::WorkResource> {
    let resource = state.resources.get(id)?;
    let registration = &resource.registration;
    let field = |granted: GrantedField| api::catalogue::Field {
        name: granted.field.name,
        field_type: word(&granted.field.field_type),
        meaning: granted.field.meaning,
        level: granted.field.level,
        release: serde_json::to_value(&granted.release).unwrap_or_default(),
        nullable: granted.field.nullable,
    };
    Some(api::workbench::WorkResource {
        resource: resource_named(state, id),
        table: registration.table.clone(),
        summary: registration.summary.clone(),
        fields: granted_fields(state, scenario, id).into_iter().map(field).collect(),
        subject_key: registration.subject_key.clone(),
        controls: controls(resource, rules),
    })
}

pub(crate) fn sample(sample: Sample) -> api::workbench::SampleResponse {
    let column = |column: gongshu_app::workbench::Column| {
        let (drawn_from, values) = match column.shape {
            Shape::Counts(values) => ("counts", Some(values)),
            Shape::Mean => ("mean", None),
            Shape::Placeholder => ("placeholder", None),
        };
        api::workbench::SampleColumn {
            name: column.name,
            drawn_from: drawn_from.to_owned(),
            values,
        }
    };
    api::workbench::SampleResponse {
        synthetic: true,
        columns: sample.columns.into_iter().map(column).collect(),
        rows: sample.rows,
        recorded: act(sample.receipt),
    }
}

pub(crate) fn derivation(derivation: &Derivation) -> api::call::CheckResponse {
    api::call::CheckResponse {
        text: derivation.text().into(),
        derivation_sha256: derivation.hash(),
        derivation: serde_json::to_value(derivation).unwrap_or_default(),
    }
}

pub(crate) fn saved_query(state: &State, query: &workbench::SavedQuery) -> api::workbench::SavedQuery {
    let saved = &query.saved;
    api::workbench::SavedQuery {
        id: saved.id.to_string(),
        scenario: scenario_named(state, &saved.scenario),
        name: saved.name.clone(),
        number: saved.number,
        sql: saved.sql.clone(),
        parameters: saved.parameters.iter().map(parameter).collect(),
        derivation_sha256: saved.checked.derivation_sha256.clone(),
        at: query.at.to_string(),
    }
}
