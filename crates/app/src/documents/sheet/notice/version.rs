//! 数据版本销毁: the decision, and the proof that the key is gone.

use gongshu_governance::identifier::{ResourceId, VersionId};
use gongshu_governance::{Event, State};
use serde_json::Value;

use super::super::{beijing, grouped};
use super::{Draft, party};

pub(super) fn draft(state: &State, event: &Event) -> Option<Draft> {
    match event {
        Event::DestructionOrdered {
            resource,
            version,
            reason,
        } => Some(
            of(state, "数据版本销毁决定书", resource, version)?
                .fact("销毁理由", reason)
                .says("自办理时间起，该版本不再供任何查询、产品和模型使用；其数据密钥随即销毁，销毁后出具销毁证明。"),
        ),
        Event::VersionDestroyed {
            resource,
            version,
            at,
            certificate,
        } => {
            let mut draft = of(state, "数据版本销毁证明", resource, version)?.fact("密钥销毁时间", beijing(*at));
            for (member, name) in [("key_id", "数据密钥编号"), ("method", "销毁方式")] {
                if let Some(said) = certificate.get(member).and_then(Value::as_str) {
                    draft = draft.fact(name, said);
                }
            }
            if let Some(stored) = certificate.get("stored_sha256").and_then(Value::as_str) {
                draft = draft.fact("密文文件摘要", grouped(stored));
            }
            Some(draft.says(
                "该版本以密文存放，其数据密钥已经销毁，密文文件已经删除；留存的任何密文副本因密钥不存而不可恢复。数据的来源摘要留在账本，作为曾经持有和已经销毁的证明。",
            ))
        }
        _ => None,
    }
}

fn of(state: &State, title: &'static str, resource: &ResourceId, id: &VersionId) -> Option<Draft> {
    let resource = state.resources.get(resource)?;
    let registered = &resource.registration;
    let version = resource.versions.iter().find(|version| version.id == *id)?;
    Some(
        Draft::new(title, registered.name.clone())
            .to([registered.provider.clone()])
            .fact("数据资源编号", registered.id.as_str())
            .fact("数源单位", party(state, &registered.provider).name)
            .fact("数据版本", version.id.as_str())
            .fact("记录数", version.rows.to_string())
            .fact("来源文件摘要", grouped(&version.source_sha256)),
    )
}
