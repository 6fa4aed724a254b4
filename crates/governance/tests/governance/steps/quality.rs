//! The quality of a version is checked, and an issue of it is put right.

use gongshu_governance::Command;
use gongshu_governance::identifier::{ResourceId, VersionId, WorkOrderId};
use gongshu_governance::quality::{
    AnswerWorkOrder, CloseWorkOrder, Dimension, OpenWorkOrder, Proportion, RecordQualityCheck,
};

pub(crate) fn quality() -> [(&'static str, Command); 4] {
    let (resource, version) = (ResourceId::new("res_firms"), VersionId::new("ver_1"));
    let order = || WorkOrderId::new("wko_1");
    let check = RecordQualityCheck {
        resource: resource.clone(),
        version: version.clone(),
        dimension: Dimension::Accuracy,
        method: "抽样与登记档案比对".to_owned(),
        result: Proportion { held: 96, of: 100 },
        document_sha256: "f1".repeat(32),
    };
    let open = OpenWorkOrder {
        id: order(),
        resource,
        dimension: Dimension::Consistency,
        version: Some(version),
        text: "街道名称与标准地址库不一致".to_owned(),
    };
    let answer = AnswerWorkOrder {
        order: order(),
        how: "已按标准地址库更正".to_owned(),
        version: None,
    };
    let close = CloseWorkOrder {
        order: order(),
        accepted: true,
        reason: "复核一致".to_owned(),
        put_into_operation: false,
    };
    [
        ("pty_market", Command::RecordQualityCheck(Box::new(check))),
        ("pty_agency", Command::OpenWorkOrder(Box::new(open))),
        ("pty_market", Command::AnswerWorkOrder(Box::new(answer))),
        ("pty_agency", Command::CloseWorkOrder(close)),
    ]
}
