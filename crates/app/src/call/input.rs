//! Values of parameters, of a call or of a run at the workbench, checked against what its query states.

use std::collections::BTreeMap;

use gongshu_engine::Param;
use gongshu_governance::product::Parameter;
use gongshu_governance::resource::FieldType;
use gongshu_governance::rules::Rules;
use gongshu_governance::{Refusal, Text};
use serde_json::Value;

/// Most characters of a text parameter.
pub const TEXT_CHARACTERS_MAX: usize = 256;

/// The parameters in the order of the query's placeholders.
///
/// # Errors
/// Refuses missing, unknown and malformed parameters, and says what each should be.
pub(crate) fn check(
    stated: &[Parameter],
    given: &BTreeMap<String, Value>,
    rules: &Rules,
) -> Result<Vec<Param>, Refusal> {
    if let Some(unknown) = given
        .keys()
        .find(|name| !stated.iter().any(|parameter| parameter.name == **name))
    {
        let names = stated
            .iter()
            .map(|parameter| parameter.name.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        return Err(rules.input(
            Text::new(
                format!("没有参数 `{unknown}`"),
                format!("there is no parameter `{unknown}`"),
            ),
            Text::new(format!("可用参数：{names}"), format!("its parameters are: {names}")),
        ));
    }
    stated
        .iter()
        .map(|parameter| one(parameter, given.get(&parameter.name), rules))
        .collect()
}

fn one(parameter: &Parameter, value: Option<&Value>, rules: &Rules) -> Result<Param, Refusal> {
    let name = &parameter.name;
    let Some(value) = value else {
        return Err(rules.input(
            Text::new(
                format!("缺少参数 `{name}`（{}）", parameter.meaning),
                format!("the parameter `{name}` is missing"),
            ),
            Text::new(
                format!("例如 `{}`", parameter.example),
                format!("for example `{}`", parameter.example),
            ),
        ));
    };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(malformed(parameter, &value.to_string(), rules)),
    };
    if text.chars().count() > TEXT_CHARACTERS_MAX {
        return Err(rules.input(
            Text::new(
                format!("参数 `{name}` 超过 {TEXT_CHARACTERS_MAX} 个字符"),
                format!("the parameter `{name}` has more than {TEXT_CHARACTERS_MAX} characters"),
            ),
            Text::new("请缩短", "shorten it"),
        ));
    }
    let parsed = match parameter.parameter_type {
        FieldType::Text => Some(Param::Text(text.clone())),
        FieldType::Integer => text.parse().ok().map(Param::Integer),
        FieldType::Date => text.parse().ok().map(Param::Date),
        FieldType::Decimal | FieldType::Float => text.parse().ok().map(Param::Decimal),
    };
    parsed.ok_or_else(|| malformed(parameter, &text, rules))
}

fn malformed(parameter: &Parameter, text: &str, rules: &Rules) -> Refusal {
    let (zh, en) = match parameter.parameter_type {
        FieldType::Text => ("文本", "a text"),
        FieldType::Integer => ("整数", "a whole number"),
        FieldType::Date => ("日期，如 2014-01-31", "a day such as 2014-01-31"),
        FieldType::Decimal | FieldType::Float => ("数字", "a number"),
    };
    let name = &parameter.name;
    rules.input(
        Text::new(
            format!("参数 `{name}` 的值 `{text}` 无效"),
            format!("`{text}` is not a value of the parameter `{name}`"),
        ),
        Text::new(format!("应为{zh}"), format!("it should be {en}")),
    )
}
