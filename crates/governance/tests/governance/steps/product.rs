//! Two submissions that come to nothing: one is refused by the operator, one retracted by its developer.

use gongshu_governance::Command;
use gongshu_governance::identifier::ProductId;
use gongshu_governance::product::{RefuseProduct, RetractProduct};
use serde_json::json;

use crate::altered::altered;

/// The steps, each by the party whose it is.
pub(crate) fn dropped(submission: &Command) -> [(&'static str, Command); 4] {
    let again = |id: &str| altered(submission, &[("/of/id", json!(id))]);
    let refuse = RefuseProduct {
        product: ProductId::new("prd_vague"),
        reason: "说明不清，请补充服务水平".to_owned(),
    };
    let retract = RetractProduct {
        product: ProductId::new("prd_early"),
        reason: "查询有待完善".to_owned(),
    };
    [
        ("pty_partner", again("prd_vague")),
        ("pty_operator", Command::RefuseProduct(refuse)),
        ("pty_partner", again("prd_early")),
        ("pty_partner", Command::RetractProduct(retract)),
    ]
}
