//! The sample district's products and their queries.

use gongshu_app::governance::identifier::ResourceId;
use gongshu_app::governance::product::Parameter;
use gongshu_app::governance::resource::FieldType;
use gongshu_app::governance::scenario::PriceClass;
use gongshu_sample::firm;

use super::district::SEED;

/// What a product is built from.
pub(super) struct Plan<'a> {
    pub(super) resource: &'a ResourceId,
    pub(super) owner: &'static str,
    pub(super) fields: &'a [&'static str],
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) purpose: &'static str,
    pub(super) class: PriceClass,
    pub(super) sql: &'static str,
    pub(super) parameters: Vec<Parameter>,
    pub(super) subject: Option<usize>,
    pub(super) developer: &'static str,
}

fn parameter(name: &str, parameter_type: FieldType, meaning: &str, example: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        parameter_type,
        meaning: meaning.to_owned(),
        example: example.to_owned(),
    }
}

pub(super) fn verification(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "market",
        fields: &["code", "name", "status", "founded"],
        name: "企业登记核验",
        summary: "凭企业同意，核验代码与名称是否相符，返回登记状态与成立年限",
        purpose: "信贷审核",
        class: PriceClass::Industry,
        sql: "SELECT name = $2 AS matched, CASE WHEN name = $2 THEN status END AS status, \
              CASE WHEN name = $2 THEN years_since(founded, call_date()) END AS years \
              FROM firms WHERE code = $1",
        parameters: vec![
            parameter("code", FieldType::Text, "统一社会信用代码", &firm(SEED, 0).code),
            parameter("name", FieldType::Text, "企业名称", &firm(SEED, 0).name),
        ],
        subject: Some(0),
        developer: "partner",
    }
}

pub(super) fn daily(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "ecology",
        fields: &["year", "month", "day", "hour", "pm2_5"],
        name: "空气质量日均指标",
        summary: "按日期范围返回 PM2.5 日均值、最大值和数据覆盖率",
        purpose: "环境信息服务",
        class: PriceClass::PublicWelfare,
        sql: "SELECT make_date(year, month, day) AS date, avg(pm2_5) AS mean, max(pm2_5) AS max, \
              count(pm2_5) / 24.0 AS coverage FROM air_quality \
              WHERE make_date(year, month, day) BETWEEN $1 AND $2 \
              GROUP BY make_date(year, month, day) ORDER BY date",
        parameters: vec![
            parameter("from", FieldType::Date, "起始日期", "2014-01-01"),
            parameter("until", FieldType::Date, "终止日期", "2014-01-31"),
        ],
        subject: None,
        developer: "operator",
    }
}

pub(super) fn income(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "statistics",
        fields: &["age", "education", "sex", "income", "hours_per_week"],
        name: "收入结构统计",
        summary: "按教育程度、性别和收入档统计人数与平均工时，每格至少 10 个主体",
        purpose: "收入结构研究",
        class: PriceClass::Industry,
        sql: "SELECT education, sex, income, count(*) AS persons, avg(hours_per_week) AS hours FROM census \
              GROUP BY education, sex, income ORDER BY education, sex, income",
        parameters: vec![],
        subject: None,
        developer: "operator",
    }
}

pub(super) fn epidemic(resource: &ResourceId) -> Plan<'_> {
    Plan {
        resource,
        owner: "health",
        fields: &["date", "city", "confirmed", "cured", "dead"],
        name: "疫情日报",
        summary: "按城市和日期返回累计确诊、治愈和死亡数",
        purpose: "疫情防控信息服务",
        class: PriceClass::PublicGovernance,
        sql: "SELECT date, city, confirmed, cured, dead FROM covid_daily WHERE city = $1 AND date = $2",
        parameters: vec![
            parameter("city", FieldType::Text, "城市", "深圳市"),
            parameter("date", FieldType::Date, "日期", "2020-04-19"),
        ],
        subject: None,
        developer: "operator",
    }
}
