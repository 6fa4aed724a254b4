//! The certificate of a registration.

use gongshu_document::{CertificatePaper, Paper};
use gongshu_governance::calendar::day_of;
use gongshu_governance::party::Role;
use gongshu_governance::registration::{Registrable, Registration, StepKind};
use gongshu_governance::{State, Text};

use super::{party, term};
use crate::district::District;
use crate::error::AppError;

impl District {
    /// What a query code certifies, as PDF.
    ///
    /// # Errors
    /// Refuses a code that certifies nothing; and when it cannot be typeset.
    pub async fn registration_document(&self, query_code: &str) -> Result<Vec<u8>, AppError> {
        let snapshot = self.snapshot();
        let code = query_code.trim().to_uppercase();
        let registration = snapshot.state.registration_by_query(&code);
        let paper = registration.and_then(|it| certificate_paper(self.name(), &snapshot.state, it));
        let Some(mut paper) = paper else {
            let what = Text::new("登记查询码", "query code");
            return Err(self.rules().unknown(&what, query_code).into());
        };
        paper.query_address = self.0.address.as_ref().map(|it| it.query(&paper.query_code));
        self.typeset(Paper::Certificate(Box::new(paper))).await
    }
}

/// What stands on the certificate of a registration; none of one that has no certificate.
#[must_use]
pub fn certificate_paper(platform: &str, state: &State, registration: &Registration) -> Option<CertificatePaper> {
    let certificate = registration.certificate()?;
    let application = &registration.application;
    let [name, summary, field, frequency] = described(state, &application.thing);
    let title = match application.thing {
        Registrable::Resource { .. } => "公共数据资源登记证",
        Registrable::Product { .. } => "数据产品和服务登记证",
    };
    let registrar = state.parties.values().find(|party| party.role == Role::Agency);
    let assigned = registration.steps.get(&StepKind::Publicity).and_then(|step| step.done);
    let issued = assigned.map_or(certificate.valid.from, day_of);
    Some(CertificatePaper {
        platform: platform.to_owned(),
        title: title.to_owned(),
        code: certificate.code.clone(),
        query_code: certificate.query_code.clone(),
        query_address: None,
        name,
        summary,
        field,
        frequency,
        holder: party(state, &registration.applicant),
        kind: application.registration_type.zh().to_owned(),
        valid: term(&certificate.valid),
        cancelled: certificate.cancelled,
        register: format!("{platform}公共数据授权运营平台“登记查询”"),
        registrar: registrar.map_or_else(|| platform.to_owned(), |party| party.name.clone()),
        issued: issued.to_string(),
    })
}

/// Name, summary, field of application, frequency; a product has those of its own only.
fn described(state: &State, thing: &Registrable) -> [String; 4] {
    let found = match thing {
        Registrable::Resource { resource } => state.resources.get(resource).map(|resource| {
            let it = &resource.registration;
            [&it.name, &it.summary, &it.field_of_application, &it.frequency].map(Clone::clone)
        }),
        Registrable::Product { product } => state.products.get(product).map(|product| {
            let it = &product.submission;
            [it.name.clone(), it.summary.clone(), String::new(), String::new()]
        }),
    };
    found.unwrap_or_default()
}
