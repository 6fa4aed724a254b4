//! A subject consents or withdraws; a consumer puts on record what subjects have consented to.

use gongshu_document::SheetSection;
use gongshu_governance::consent::GiveConsent;
use gongshu_governance::identifier::PartyId;
use gongshu_governance::{Event, State};

use super::super::{grouped, party, span};
use super::{Draft, Readers};

/// A subject's own consent, or its withdrawal.
pub(super) fn draft(state: &State, event: &Event) -> Option<Draft> {
    match event {
        Event::ConsentGiven {
            given, subject, code, ..
        } => Some(
            of(state, "数据授权同意书", given)
                .to(subject.clone())
                .fact("数据主体", named(state, subject.as_ref(), code))
                .fact("同意编号", given.id.as_str())
                .says("本同意仅限上列使用方为上列用途使用上列字段，期限届满即止；数据主体可以随时撤回，撤回后不再据此提供，不影响撤回前已经作出的使用。"),
        ),
        Event::ConsentWithdrawn { consent, received } => {
            let consent = state.consents.get(consent)?;
            let named = named(state, consent.subject.as_ref(), &consent.code);
            let mut draft = of(state, "数据授权同意撤回通知书", &consent.given)
                .to(consent.subject.clone())
                .fact("数据主体", named)
                .fact("同意编号", consent.given.id.as_str());
            if let Some(received) = received {
                draft = draft
                    .fact("收到撤回的单位", party(state, &received.by).name)
                    .fact("收到日期", received.on.to_string())
                    .fact("撤回凭证摘要", grouped(&received.document_sha256));
            }
            Some(
                draft.says("自办理时间起，使用方不得再据该同意使用上列信息；撤回前已经作出的使用不受影响。"),
            )
        }
        _ => None,
    }
}

/// Consents that a consumer has gathered: the codes of all of them are for nobody's eyes but its own.
pub(super) fn batch(state: &State, events: &[Event]) -> Option<Draft> {
    let gathered = events.iter().filter_map(|event| match event {
        Event::ConsentGiven {
            given,
            code,
            proof_sha256: Some(proof),
            ..
        } => Some((given, code, proof)),
        _ => None,
    });
    let gathered: Vec<_> = gathered.collect();
    let (first, ..) = gathered.first()?;
    let rows = gathered
        .iter()
        .map(|(given, code, proof)| [given.id.to_string(), (*code).clone(), grouped(proof)]);
    let mut draft = of(state, "授权同意批量登记单", first).fact("数据主体数", gathered.len().to_string());
    let heads = ["同意编号:3", "数据主体代码:3", "授权书摘要（SHA-256）:5"];
    draft.sections.push(SheetSection::table("逐一列明", heads, rows));
    Some(draft.says("使用方对所收集的授权书的真实性负责，并按摘要留存原件备查；数据主体可以随时撤回。"))
}

fn of(state: &State, title: &'static str, given: &GiveConsent) -> Draft {
    let resource = state.resources.get(&given.resource).map(|it| &it.registration);
    let fields: Vec<&str> = given.fields.iter().map(String::as_str).collect();
    let mut draft = Draft::new(title, "")
        .to([given.consumer.clone()])
        .fact("数据使用方", party(state, &given.consumer).name)
        .fact("用途", &given.purpose)
        .fact(
            "数据资源",
            resource.map_or_else(|| given.resource.to_string(), |it| it.name.clone()),
        )
        .fact("字段", fields.join("、"))
        .fact("期限", span(&given.term));
    draft.readers = Readers::Supervisor;
    draft
}

fn named(state: &State, subject: Option<&PartyId>, code: &str) -> String {
    match subject {
        Some(id) => format!("{}（{code}）", party(state, id).name),
        None => code.to_owned(),
    }
}
