//! What is made inside the domain is reviewed: a model, which may be suspended or withdrawn, and an output that asks to leave.

use gongshu_governance::State;
use gongshu_governance::identifier::{ModelId, OutputId};
use gongshu_governance::model::ModelEvent;
use gongshu_governance::output::{Conclusion, OutputEvent};

use super::super::{grouped, scenario_name};
use super::{Draft, Readers};

pub(super) fn model(state: &State, event: &ModelEvent) -> Option<Draft> {
    let of = |title, id: &ModelId| {
        let model = state.models.get(id)?;
        let mut draft = Draft::new(title, model.registration.name.clone())
            .to([model.registrar.party.clone()])
            .fact("模型编号", id.as_str());
        draft.readers = Readers::Overseers;
        Some(draft)
    };
    Some(match event {
        ModelEvent::Reviewed { review, .. } => of("模型审核通过通知书", &review.model)?
            .fact("模型文件摘要", grouped(&review.module_sha256))
            .fact("审核意见", &review.report)
            .says("自办理时间起，产品可以使用该模型；其他单位暂停的，待其复核通过后恢复。"),
        ModelEvent::Suspended { suspension, .. } => of("模型暂停通知书", &suspension.model)?
            .fact("暂停理由", &suspension.reason)
            .says("自办理时间起，该模型停止使用，使用它的产品停止调用；重新审核通过后恢复。"),
        ModelEvent::Withdrawn(withdrawal) => of("模型撤回通知书", &withdrawal.model)?
            .fact("撤回理由", &withdrawal.reason)
            .says("自办理时间起，该模型停止使用，不再恢复。"),
        ModelEvent::Registered { .. } | ModelEvent::Trained { .. } => return None,
    })
}

pub(super) fn output(state: &State, event: &OutputEvent) -> Option<Draft> {
    let OutputEvent::Reviewed { review, conclusion, .. } = event else {
        return None;
    };
    let (title, says) = match conclusion {
        Conclusion::Waits => return None,
        Conclusion::Released => ("成果出域准许通知书", "提交单位可以取走该成果。"),
        Conclusion::Refused => ("成果不予出域通知书", "该成果不得离开安全域，其内容即行销毁。"),
        Conclusion::Returned => ("成果退回修改通知书", "请修改后重新提交审核。"),
    };
    let of = |id: &OutputId| {
        let output = state.outputs.get(id)?;
        let mut draft = Draft::new(title, output.submission.title.clone())
            .to([output.by.party.clone()])
            .fact("成果编号", id.as_str())
            .fact("所属场景", scenario_name(state, &output.scenario));
        draft.readers = Readers::Overseers;
        Some(draft)
    };
    Some(of(&review.output)?.fact("审核意见", &review.reason).says(says))
}
