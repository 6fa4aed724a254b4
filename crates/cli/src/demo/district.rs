//! The sample district's parties. All firms and persons are invented.

use gongshu_app::governance::party::Role;

/// Password of every demo account.
pub(super) const PASSWORD: &str = "gongshu-demo";
/// Seed of the generated register.
pub(super) const SEED: u64 = 440_309;

/// Login, role, name, number of the sample code; the agency is the first.
pub(super) const PARTIES: [(&str, Role, &str, u64); 11] = [
    ("agency", Role::Agency, "龙华区数据局（示范）", 90_000_001),
    ("market", Role::Provider, "市场监督管理局龙华分局（示范）", 90_000_002),
    ("ecology", Role::Provider, "生态环境局龙华管理局（示范）", 90_000_003),
    ("health", Role::Provider, "龙华区卫生健康局（示范）", 90_000_004),
    ("statistics", Role::Provider, "龙华区统计局（示范）", 90_000_005),
    ("operator", Role::Operator, "龙华数据运营有限公司（示范）", 90_000_006),
    ("partner", Role::Partner, "深圳数智开发有限公司（示范）", 90_000_007),
    ("bank", Role::Consumer, "示范银行深圳分行", 90_000_008),
    (
        "supervisor",
        Role::Supervisor,
        "龙华区公共数据监管组（示范）",
        90_000_009,
    ),
    ("firm", Role::Subject, "", 0),
    ("firm2", Role::Subject, "", 1),
];

/// Mandatory clauses with a short text each.
pub(super) fn clauses() -> std::collections::BTreeMap<String, String> {
    let text = |clause: &str| (clause.to_owned(), format!("{clause}：按区授权运营实施方案执行。"));
    [
        "授权范围",
        "期限",
        "产品与服务",
        "平台与权属",
        "资产移交",
        "价格与收益",
        "安全责任",
        "变更终止退出",
        "违约责任",
        "争议解决",
    ]
    .into_iter()
    .map(text)
    .collect()
}
