//! Domain things as the API shows them.

mod alert;
mod assessment;
mod attempt;
mod books;
mod border;
mod chain;
mod complaint;
mod disclosure;
mod disclosure_page;
mod dispute;
mod exit;
mod file;
mod incident;
mod kept_file;
mod model;
mod output;
mod plan;
mod post;
mod product;
mod quality;
mod registration;
mod report;
mod rules;
mod selection;
mod settlement;
mod statistics;
mod workbench;

use gongshu_api as api;
use gongshu_api::Named;
use gongshu_app::governance::alert::AlertKind;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::identifier::{PartyId, ResourceId, ScenarioId};
use gongshu_app::governance::party::{Party, Role};
use gongshu_app::governance::power::Act;
use gongshu_app::governance::product::{Parameter, SubjectParameter};
use gongshu_app::governance::resource::{ReleaseRule, Resource};
use gongshu_app::governance::rules::{Rule, Rules};
use gongshu_app::governance::{State, Text};
use gongshu_app::{ActReceipt, CheckQuery, District, FeedItem, IngestReceipt, ReceiptFile, Snapshot};

use jiff::Timestamp;

pub(crate) use alert::alert;
pub(crate) use assessment::assessment;
pub(crate) use attempt::{party_runs, tally};
pub(crate) use books::{period, statement_csv, statement_line};
pub(crate) use border::{export_count, export_document};
pub(crate) use chain::{agreement, consent, engagement, revenue, scenario, subscription};
pub(crate) use complaint::complaint;
pub(crate) use disclosure::disclosures;
pub(crate) use disclosure_page::disclosure_page;
pub(crate) use dispute::dispute;
pub(crate) use exit::exit;
use file::{csv_file, plain};
pub(crate) use incident::{incident, incident_report};
pub(crate) use kept_file::kept_file;
pub(crate) use model::{asked_algorithm, fit, model};
pub(crate) use output::{figures, output};
pub(crate) use plan::{plan, plan_review};
pub(crate) use post::post;
pub(crate) use product::{form, product};
pub(crate) use quality::work_order;
pub(crate) use registration::{own_registration, register_csv, registration};
pub(crate) use report::report;
pub(crate) use rules::rules_tried;
pub(crate) use selection::selection;
pub(crate) use settlement::{permitted_revenue, settlement, unbilled};
pub(crate) use statistics::statistics;
pub(crate) use workbench::{derivation, sample, saved_query, work_resource};

use crate::problem::Failure;

pub(crate) fn unknown(district: &District, what: &Text, id: &str) -> Failure {
    Failure::App(district.rules().unknown(what, id).into())
}

pub(crate) fn party_named(state: &State, id: &PartyId) -> Named {
    let name = state
        .parties
        .get(id)
        .map_or_else(String::new, |party| party.name.clone());
    Named {
        id: id.to_string(),
        name,
    }
}

pub(crate) fn resource_named(state: &State, id: &ResourceId) -> Named {
    let name = state
        .resources
        .get(id)
        .map_or_else(String::new, |resource| resource.registration.name.clone());
    Named {
        id: id.to_string(),
        name,
    }
}

/// A party; the code of a data subject is for its own eyes.
pub(crate) fn party(state: &State, party: &Party, viewer: Option<&PartyId>) -> api::catalogue::Party {
    let left = state.left(&party.id).map(|left| api::catalogue::Left {
        at: left.at.to_string(),
        reason: left.reason.clone(),
    });
    let shown = party.role != Role::Subject || viewer == Some(&party.id);
    api::catalogue::Party {
        id: party.id.to_string(),
        role: party.role.id().to_owned(),
        name: party.name.clone(),
        code: party.code.clone().filter(|_| shown),
        region: word(&party.region),
        left,
    }
}

pub(crate) fn resource(
    snapshot: &Snapshot,
    resource: &Resource,
    rules: &Rules,
    now: Timestamp,
) -> api::catalogue::Resource {
    let state = &snapshot.state;
    let registration = &resource.registration;
    let json = |value: serde_json::Result<serde_json::Value>| value.unwrap_or_default();
    let fields = registration.fields.iter().map(|field| api::catalogue::Field {
        name: field.name.clone(),
        field_type: word(&field.field_type),
        meaning: field.meaning.clone(),
        level: field.level,
        release: json(serde_json::to_value(&field.release)),
        nullable: field.nullable,
    });
    let versions = resource.versions.iter().map(|version| api::catalogue::Version {
        id: version.id.to_string(),
        rows: version.rows,
        quarantined: version.quarantined,
        source_sha256: version.source_sha256.clone(),
        quality: version.quality.as_ref().map(|it| json(serde_json::to_value(it))),
        status: json(serde_json::to_value(&version.status)),
    });
    api::catalogue::Resource {
        id: registration.id.to_string(),
        provider: party_named(state, &registration.provider),
        name: registration.name.clone(),
        table: registration.table.clone(),
        summary: registration.summary.clone(),
        field_of_application: registration.field_of_application.clone(),
        fields: fields.collect(),
        subject_key: registration.subject_key.clone(),
        sensitive: registration.sensitive.iter().cloned().collect(),
        important: registration.important,
        core: registration.core,
        shared_from: registration.shared_from.clone(),
        entry: json(serde_json::to_value(&registration.entry)),
        pending: resource.pending.as_ref().map(|it| json(serde_json::to_value(it))),
        change_due: change_due(state, resource, rules, now),
        regrading: resource
            .regrading
            .iter()
            .map(|it| json(serde_json::to_value(it)))
            .collect(),
        clearances: json(serde_json::to_value(&resource.clearances)),
        withdrawn: resource.withdrawn.as_ref().map(|it| json(serde_json::to_value(it))),
        frequency: registration.frequency.clone(),
        updated: resource.updated.map(|at| at.to_string()),
        quality: quality::quality(state, resource, rules, now),
        boundary: registration.boundary.clone(),
        legal_basis: registration.legal_basis.clone(),
        contact: registration.contact.clone(),
        revision: resource.revision,
        versions: versions.collect(),
        controls: controls(resource, rules),
        privacy: privacy(snapshot, resource, rules),
    }
}

fn change_due(state: &State, resource: &Resource, rules: &Rules, now: Timestamp) -> Option<api::catalogue::ChangeDue> {
    let today = day_of(now);
    let due = state.change_to_register(resource, today)?;
    let deadline = due.deadline.by(rules.working_days());
    Some(api::catalogue::ChangeDue {
        changed: word(&due.changed),
        at: due.at.to_string(),
        due: deadline.due.to_string(),
        provisional: deadline.provisional,
        late: due.is_late(today, rules.working_days()),
    })
}

/// What guarded answers pass: what every resource does, and what its registration adds.
fn controls(resource: &Resource, rules: &Rules) -> Vec<String> {
    let every = &rules.parameters().output.every;
    let all = every.union(&resource.registration.controls);
    all.map(|control| control.word().to_owned()).collect()
}

/// The privacy budget, where a field is private by its registration or where a scenario's tightened rule has spent of it.
fn privacy(snapshot: &Snapshot, resource: &Resource, rules: &Rules) -> Option<api::catalogue::PrivacyBudget> {
    let mut fields = resource.registration.fields.iter();
    let is_private = fields.any(|field| matches!(field.release, ReleaseRule::Private { .. }));
    let budget = gongshu_app::privacy::budget(snapshot, &resource.registration.id, rules);
    (is_private || budget.spent.micro() > 0).then(|| api::catalogue::PrivacyBudget {
        rho_micro_max: budget.limit.micro(),
        rho_micro_spent: budget.spent.micro(),
        rho_micro_left: budget.left().micro(),
    })
}

/// A unit enum as its serialized word.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn rule(rules: &Rules, rule: Rule) -> Option<api::RuleText> {
    let held = rules.in_force(rule)?;
    let (text, span) = (&held.text, held.span);
    let parameters = text.parameters.iter().map(|(name, value)| {
        let value = match value {
            gongshu_app::governance::rules::Value::Integer(number) => serde_json::json!(number),
            gongshu_app::governance::rules::Value::List(list) => serde_json::json!(list),
        };
        (name.clone(), value)
    });
    let basis = text.basis.keys().map(|name| {
        let cited = held.basis_of(name);
        let basis = api::ParameterBasis {
            source: cited.source.to_owned(),
            article: cited.article.to_owned(),
            confidence: format!("{:?}", cited.confidence),
        };
        (name.clone(), basis)
    });
    Some(api::RuleText {
        id: rule.id().to_owned(),
        layer: held.pack.title.clone(),
        from: span.from.map(|day| day.to_string()),
        until: span.until.map(|day| day.to_string()),
        binding: text.binding,
        source: held.source.clone(),
        article: text.article.clone(),
        confidence: format!("{:?}", text.confidence),
        zh: text.zh.clone(),
        en: text.en.clone(),
        parameters: serde_json::Value::Object(parameters.collect()),
        basis: basis.collect(),
    })
}

pub(crate) fn opening(opening: gongshu_app::ledger::OpeningText) -> api::act::Opening {
    api::act::Opening {
        salt: opening.salt,
        value: opening.value,
    }
}

pub(crate) fn receipt(file: ReceiptFile) -> api::act::Receipt {
    let openings = file.receipt.openings.into_iter();
    api::act::Receipt {
        index: file.index,
        proof: file.receipt.proof,
        openings: openings.map(|(name, text)| (name, opening(text))).collect(),
    }
}

pub(crate) fn act(done: ActReceipt) -> api::act::ActResponse {
    api::act::ActResponse {
        act: done.act.to_owned(),
        id: done.stream,
        notice: false,
        receipt: receipt(done.receipt),
    }
}

pub(crate) fn ingested(done: IngestReceipt) -> api::act::IngestResponse {
    let row = |row: gongshu_app::RowProblem| api::problem::RowProblem {
        line: row.line,
        column: row.column,
        field: row.field,
        message: row.message.into(),
    };
    api::act::IngestResponse {
        act: done.act.act.to_owned(),
        id: done.act.stream,
        version: done.version.id.to_string(),
        rows: done.version.rows,
        quarantined: done.version.quarantined,
        errors: done.problems.into_iter().map(row).collect(),
        receipt: receipt(done.act.receipt),
    }
}

pub(crate) fn query(request: api::call::CheckRequest) -> Result<CheckQuery, Failure> {
    let subject = request.subject.map(|subject| SubjectParameter {
        resource: ResourceId::new(&subject.resource),
        parameter: subject.parameter,
    });
    Ok(CheckQuery {
        scenario: ScenarioId::new(&request.scenario),
        sql: request.sql,
        parameters: parameters(request.parameters)?,
        subject,
    })
}

/// The parameters that a request states.
pub(crate) fn parameters(stated: Vec<api::product::Parameter>) -> Result<Vec<Parameter>, Failure> {
    stated.into_iter().map(parameter).collect()
}

fn parameter(parameter: api::product::Parameter) -> Result<Parameter, Failure> {
    let kind = serde_json::from_value(serde_json::Value::String(parameter.parameter_type.clone()));
    let parameter_type = kind.map_err(|_| {
        Failure::Malformed(format!(
            "`{}` is no type; use text, integer, float, decimal or date",
            parameter.parameter_type
        ))
    })?;
    Ok(Parameter {
        name: parameter.name,
        parameter_type,
        meaning: parameter.meaning,
        example: parameter.example,
    })
}

/// A line of the feed with the alerts that it raised.
fn with_alerts(line: api::Text, alerts: &[AlertKind]) -> api::Text {
    alerts.iter().fold(line, |line, kind| {
        let kind = kind.text();
        api::Text {
            zh: format!("{}；告警：{}", line.zh, kind.zh),
            en: format!("{}; alert: {}", line.en, kind.en),
        }
    })
}

pub(crate) fn feed_item(district: &District, item: &FeedItem) -> api::feed::FeedItem {
    let snapshot = district.snapshot();
    let actor = party_named(&snapshot.state, &PartyId::new(&item.actor)).name;
    let product = item.product.as_ref().map(|id| {
        let product = snapshot
            .state
            .products
            .get(&gongshu_app::governance::identifier::ProductId::new(id));
        product.map_or_else(|| id.clone(), |product| product.submission.name.clone())
    });
    let fee = gongshu_app::governance::money::Money::from_fen(item.fee_fen).to_string();
    let act = Act::named(&item.act).map_or_else(|| Text::new(&item.act, &item.act), Act::name);
    let failure = item
        .failure
        .map(gongshu_app::governance::authorization::CallFailure::text);
    let text = match (&product, &item.refused_by) {
        (Some(product), Some(_)) => api::Text {
            zh: format!("{actor} 调用“{product}”被拒绝"),
            en: format!("{actor} called `{product}` and was refused"),
        },
        (Some(product), None) => match failure {
            Some(why) => api::Text {
                zh: format!("{actor} 调用“{product}”未得结果：{}", why.zh),
                en: format!("{actor} called `{product}` and got no answer: {}", why.en),
            },
            None => api::Text {
                zh: format!("{actor} 调用“{product}”，费用 {fee} 元"),
                en: format!("{actor} called `{product}`, fee {fee} yuan"),
            },
        },
        (None, _) => api::Text {
            zh: format!("{actor} {}", act.zh),
            en: format!("{actor}: {}", act.en),
        },
    };
    api::feed::FeedItem {
        index: item.index,
        at: item.at.to_string(),
        kind: item.kind.to_owned(),
        act: item.act.clone(),
        actor,
        product,
        stream: item.stream.clone(),
        outcome: item.outcome.to_owned(),
        refused_by: item.refused_by.clone(),
        failure: item.failure.map(|failure| failure.id().to_owned()),
        alerts: item.alerts.iter().map(|kind| kind.id().to_owned()).collect(),
        fee,
        text: with_alerts(text, &item.alerts),
    }
}
