//! Registrations as the API shows them, and the register as a file.

use gongshu_api::Named;
use gongshu_api::registration::{
    EarlierRegistration, Registration as Shown, RegistrationCertificate, RegistrationMaterial, RegistrationObjection,
    RegistrationStep,
};
use gongshu_app::governance::registration::{
    Certificate, Objection, Registrable, Registration, RegistrationStatus, Step, StepKind, renewal_window,
};
use gongshu_app::governance::resource::Terms;
use gongshu_app::governance::rules::Rules;
use gongshu_app::governance::{State, calendar};
use jiff::Timestamp;

use super::chain::term;
use super::{csv_file, party_named, plain, resource_named, word};
use crate::problem::Failure;

pub(crate) fn registration(state: &State, registration: &Registration, rules: &Rules, now: Timestamp) -> Shown {
    let application = &registration.application;
    let (notice, stopped) = match &registration.status {
        RegistrationStatus::Publicized { notice, stopped } => (Some(notice.clone()), *stopped),
        RegistrationStatus::Applied
        | RegistrationStatus::Accepted
        | RegistrationStatus::Registered(_)
        | RegistrationStatus::Returned { .. }
        | RegistrationStatus::Withdrawn { .. } => (None, None),
    };
    let returned = match &registration.status {
        RegistrationStatus::Returned { reason } | RegistrationStatus::Withdrawn { reason } => Some(reason.clone()),
        _ => None,
    };
    Shown {
        id: application.id.to_string(),
        kind: application.thing.word().to_owned(),
        thing: thing(state, &application.thing),
        registration_type: word(&application.registration_type),
        applicant: party_named(state, &registration.applicant),
        applied: registration.at.to_string(),
        reason: application.reason.clone(),
        status: registration.status.word().to_owned(),
        returned,
        notice,
        stopped: stopped.map(|day| day.to_string()),
        earlier: application.earlier.as_ref().map(|it| EarlierRegistration {
            registrar: it.registrar.clone(),
            code: it.code.clone(),
            publicity: term(&it.publicity),
        }),
        materials: Vec::new(),
        steps: (registration.steps.iter())
            .map(|(kind, it)| step(registration, *kind, it, rules, now))
            .collect(),
        objections: registration
            .objections
            .iter()
            .zip(1..)
            .map(|(it, number)| objection(state, it, number))
            .collect(),
        certificate: registration.certificate().map(|it| certificate(it, rules)),
        revision: registration.revision,
    }
}

/// The same with its papers, which are not for the public.
pub(crate) fn own_registration(state: &State, of: &Registration, rules: &Rules, now: Timestamp) -> Shown {
    let material = |name: &str, sha256: &String| RegistrationMaterial {
        name: name.to_owned(),
        document_sha256: sha256.clone(),
    };
    let materials = of.application.materials.iter();
    let materials = materials.map(|it| material(&it.name, &it.document_sha256));
    let earlier = of.application.earlier.iter().flat_map(|it| {
        [
            material("原登记证书", &it.registered_sha256),
            material("原公示文件", &it.publicized_sha256),
        ]
    });
    Shown {
        materials: materials.chain(earlier).collect(),
        ..registration(state, of, rules, now)
    }
}

fn thing(state: &State, thing: &Registrable) -> Named {
    match thing {
        Registrable::Resource { resource } => resource_named(state, resource),
        Registrable::Product { product } => Named {
            id: product.to_string(),
            name: (state.products.get(product)).map_or_else(String::new, |it| it.submission.name.clone()),
        },
    }
}

fn step(registration: &Registration, kind: StepKind, step: &Step, rules: &Rules, now: Timestamp) -> RegistrationStep {
    let deadline = step.deadline.by(rules.working_days());
    RegistrationStep {
        step: word(&kind),
        due: deadline.due.to_string(),
        provisional: deadline.provisional,
        done: step.done.map(|at| at.to_string()),
        late: registration.is_late(kind, now, rules.working_days()),
    }
}

fn objection(state: &State, objection: &Objection, number: usize) -> RegistrationObjection {
    let outcome = match &objection.resolved {
        None => "open",
        Some(resolution) if resolution.upheld => "upheld",
        Some(_) => "dismissed",
    };
    RegistrationObjection {
        number,
        text: objection.said.text.clone(),
        by: party_named(state, &objection.by),
        outcome: outcome.to_owned(),
        reason: objection.resolved.as_ref().map(|resolution| resolution.reason.clone()),
    }
}

fn certificate(certificate: &Certificate, rules: &Rules) -> RegistrationCertificate {
    let renewal = renewal_window(certificate, rules.parameters().registration.renewal_days);
    RegistrationCertificate {
        code: certificate.code.clone(),
        query_code: certificate.query_code.clone(),
        valid: term(&certificate.valid),
        cancelled: certificate.cancelled,
        renewal_from: renewal.from.to_string(),
    }
}

/// Columns of the register's file (`docs/spec/registration-export.md`).
const HEADS: [&str; 17] = [
    "登记编码",
    "查询码",
    "登记对象类别",
    "名称",
    "摘要",
    "应用领域",
    "更新频率",
    "数据量",
    "时间跨度",
    "共享属性",
    "开放属性",
    "登记主体",
    "统一社会信用代码",
    "登记类型",
    "有效期起",
    "有效期止",
    "状态",
];

/// The register as CSV, in the shape in which it is handed to the national platform.
pub(crate) fn register_csv(state: &State, registrations: &[&Registration], now: Timestamp) -> Result<String, Failure> {
    let today = calendar::day_of(now);
    let rows = registrations.iter().filter_map(|registration| {
        let certificate = registration.certificate()?;
        let status = match certificate {
            Certificate { cancelled: true, .. } => "注销",
            Certificate { valid, .. } if valid.covers(today) => "有效",
            Certificate { .. } => "已过有效期",
        };
        let [name, summary, field, frequency] = described(state, &registration.application.thing);
        let [volume, span, sharing, opening] = entry(state, &registration.application.thing);
        let applicant = state.parties.get(&registration.applicant);
        let code = applicant.and_then(|party| party.code.clone()).unwrap_or_default();
        Some([
            plain(&certificate.code),
            certificate.query_code.clone(),
            kind(&registration.application.thing).to_owned(),
            plain(&name),
            plain(&summary),
            field,
            plain(&frequency),
            plain(&volume),
            span,
            sharing,
            opening,
            plain(&party_named(state, &registration.applicant).name),
            code,
            registration.application.registration_type.zh().to_owned(),
            certificate.valid.from.to_string(),
            certificate.valid.until.to_string(),
            status.to_owned(),
        ])
    });
    csv_file(&HEADS, rows)
}

fn kind(thing: &Registrable) -> &'static str {
    match thing {
        Registrable::Resource { .. } => "公共数据资源",
        Registrable::Product { .. } => "数据产品和服务",
    }
}

/// Volume, time span, sharing and opening of a resource.
fn entry(state: &State, thing: &Registrable) -> [String; 4] {
    let Registrable::Resource { resource } = thing else {
        return Default::default();
    };
    let entry = state
        .resources
        .get(resource)
        .map(|resource| &resource.registration.entry);
    entry.map_or_else(Default::default, |entry| {
        let span = entry.span.map(|span| {
            let until = span.until.map_or_else(|| "今".to_owned(), |day| day.to_string());
            format!("{} 至 {until}", span.from)
        });
        let terms = |terms: Option<Terms>, what: &str| terms.map(|terms| format!("{}{what}", terms.zh()));
        [
            entry.volume.clone(),
            span.unwrap_or_default(),
            terms(entry.sharing, "共享").unwrap_or_default(),
            terms(entry.opening, "开放").unwrap_or_default(),
        ]
    })
}

/// Name, summary, field of application, frequency; a product has those of its own only.
fn described(state: &State, thing: &Registrable) -> [String; 4] {
    match thing {
        Registrable::Resource { resource } => state.resources.get(resource).map(|resource| {
            let entry = &resource.registration;
            [
                &entry.name,
                &entry.summary,
                &entry.field_of_application,
                &entry.frequency,
            ]
            .map(Clone::clone)
        }),
        Registrable::Product { product } => state.products.get(product).map(|product| {
            let entry = &product.submission;
            [entry.name.clone(), entry.summary.clone(), String::new(), String::new()]
        }),
    }
    .unwrap_or_default()
}
