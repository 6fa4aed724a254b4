//! A registration is accepted, returned, shown to the public or taken over from before the platform, or an objection to it is
//! decided.

use gongshu_document::SheetSection;
use gongshu_governance::State;
use gongshu_governance::calendar::Term;
use gongshu_governance::deadline::Deadline;
use gongshu_governance::identifier::RegistrationId;
use gongshu_governance::registration::{Certificate, Registrable, RegistrationEvent, ResolveRegistrationObjection};

use super::super::{beijing, grouped, party};
use super::{Draft, Readers};

pub(super) fn draft(state: &State, event: &RegistrationEvent) -> Option<Draft> {
    match event {
        RegistrationEvent::Accepted { accept, deadline } => {
            let draft = of(state, "登记受理通知书", &accept.registration).fact("形式审核时限", by(deadline));
            Some(overseen(materials(state, &accept.registration, draft)).says("申请材料齐全、符合形式要求，予以受理。"))
        }
        RegistrationEvent::Returned { registration, reason } => {
            let draft = of(state, "登记申请退回通知书", registration).fact("退回理由", reason);
            Some(overseen(draft).says("补正后可以重新申请登记。"))
        }
        RegistrationEvent::Publicized { review, deadline } => Some(
            of(state, "登记公示", &review.registration)
                .fact("公示载体", &review.notice)
                .fact("公示期", format!("{} 至 {}（{} 个工作日）", deadline.from, deadline.due, deadline.working_days))
                .says("对本登记有异议的，请在公示期内通过平台实名提出并附理由；公示期满无异议或异议不成立的，予以赋码发证。"),
        ),
        RegistrationEvent::TakenOver { review, certificate } => Some(earlier(state, &review.registration, certificate)),
        RegistrationEvent::Dismissed { resolution, .. } | RegistrationEvent::Upheld(resolution) => {
            Some(resolved(state, resolution))
        }
        RegistrationEvent::Applied { .. } | RegistrationEvent::Withdrawn(_) | RegistrationEvent::Objected { .. } | RegistrationEvent::Assigned { .. } => {
            None
        }
    }
}

/// What was registered before the platform is on record here.
fn earlier(state: &State, id: &RegistrationId, certificate: &Certificate) -> Draft {
    let days = |term: Term| format!("{} 至 {}", term.from, term.until);
    let draft = of(state, "登记补录通知书", id)
        .fact("登记编码", &certificate.code)
        .fact("查询码", &certificate.query_code)
        .fact("有效期", days(certificate.valid));
    let earlier = state
        .registrations
        .get(id)
        .and_then(|it| it.application.earlier.as_ref());
    let Some(earlier) = earlier else { return draft };
    draft
        .fact("原登记机构", &earlier.registrar)
        .fact("原公示期", days(earlier.publicity))
        .fact("原登记证书摘要（SHA-256）", grouped(&earlier.registered_sha256))
        .fact("原公示文件摘要（SHA-256）", grouped(&earlier.publicized_sha256))
        .says("经审核，本登记在平台启用前已公示并赋码，沿用原编码和有效期，不再公示。")
}

fn resolved(state: &State, resolution: &ResolveRegistrationObjection) -> Draft {
    let outcome = if resolution.upheld {
        "异议成立，登记申请退回"
    } else {
        "异议不成立"
    };
    of(state, "登记异议处理决定书", &resolution.registration)
        .fact("异议序号", resolution.objection.to_string())
        .fact("处理结果", outcome)
        .fact("理由", &resolution.reason)
}

fn of(state: &State, title: &'static str, id: &RegistrationId) -> Draft {
    let Some(registration) = state.registrations.get(id) else {
        return Draft::new(title, id.as_str());
    };
    let application = &registration.application;
    let name = match &application.thing {
        Registrable::Resource { resource } => state.resources.get(resource).map(|it| it.registration.name.clone()),
        Registrable::Product { product } => state.products.get(product).map(|it| it.submission.name.clone()),
    };
    Draft::new(title, name.unwrap_or_default())
        .to([registration.applicant.clone()])
        .fact("登记编号", id.as_str())
        .fact("登记类型", application.registration_type.zh())
        .fact("申请单位", party(state, &registration.applicant).name)
        .fact("申请时间", beijing(registration.at))
        .fact("登记事由", &application.reason)
}

fn materials(state: &State, id: &RegistrationId, mut draft: Draft) -> Draft {
    let materials = state.registrations.get(id).map(|it| it.application.materials.clone());
    let rows = materials
        .unwrap_or_default()
        .into_iter()
        .map(|material| [material.name, grouped(&material.document_sha256)]);
    let heads = ["材料:2", "摘要（SHA-256）:3"];
    draft.sections.push(SheetSection::table("申请材料", heads, rows));
    draft
}

fn by(deadline: &Deadline) -> String {
    format!("{} 个工作日，至 {}", deadline.working_days, deadline.due)
}

/// What is not public yet.
fn overseen(mut draft: Draft) -> Draft {
    draft.readers = Readers::Overseers;
    draft
}
