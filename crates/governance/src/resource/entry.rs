//! What a catalogue entry says beyond the columns: how much there is, from when to when, who may share it, what quality is
//! promised, and whether it is low-sensitive (26号; 论证, opinions 26 and 27).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Field;
use crate::Context;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::text::{Text, is_sha256};

/// The entry; what older registrations do not say is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Entry {
    /// How much there is, such as `约 120 万条`.
    pub volume: String,
    /// The time that the data speaks of.
    pub span: Option<DataSpan>,
    /// Whether other departments get it.
    pub sharing: Option<Terms>,
    /// Whether the public gets it.
    pub opening: Option<Terms>,
    /// The quality that is promised.
    pub quality_standard: String,
    /// That it is low-sensitive, with what shows it.
    pub low_sensitive: Option<LowSensitive>,
}

/// The time that data speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DataSpan {
    /// First day.
    #[schemars(with = "crate::schema::Day")]
    pub from: Date,
    /// Last day; none where it goes on.
    #[schemars(with = "Option<crate::schema::Day>")]
    pub until: Option<Date>,
}

/// Whether others get the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// 无条件.
    Unconditional,
    /// 有条件.
    Conditional,
    /// 不予.
    Withheld,
}

impl Terms {
    /// The term of the field.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Unconditional => "无条件",
            Self::Conditional => "有条件",
            Self::Withheld => "不予",
        }
    }
}

/// What makes data low-sensitive (低敏感): measured after its treatment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LowSensitive {
    /// Whether direct or quasi identifiers of a person are left.
    pub identifiers: bool,
    /// Whether business secrets are in it.
    pub business_secrets: bool,
    /// Whether a leak harms one person or organization slightly at most.
    pub harm_slight: bool,
    /// The measured risk that somebody is found again, in basis points.
    pub risk_basis_points: u32,
    /// SHA-256 of the report on it.
    pub report_sha256: String,
}

/// An entry that contradicts itself, or claims to be low-sensitive and is not.
///
/// # Errors
/// [`Rule::Input`] and [`Rule::LowSensitive`].
pub(super) fn check_entry(entry: &Entry, fields: &[Field], context: &Context<'_>) -> Result<(), Refusal> {
    if entry
        .span
        .is_some_and(|span| span.until.is_some_and(|until| until < span.from))
    {
        return Err(context.rules.input(
            Text::new(
                "时间跨度的止日早于起日",
                "the time that the data speaks of ends before it begins",
            ),
            Text::new("请更正起止日期", "correct the dates"),
        ));
    }
    let Some(claim) = &entry.low_sensitive else {
        return Ok(());
    };
    let parameters = context.rules.parameters();
    let (level_max, risk_max) = (parameters.low_sensitive_level_max, parameters.low_sensitive_risk_max);
    let failing = if let Some(field) = fields.iter().find(|field| field.level > level_max) {
        Some((
            "level_max",
            format!("字段 `{}` 为 {} 级，高于 {level_max} 级", field.name, field.level),
            format!(
                "the field `{}` is of level {}, above {level_max}",
                field.name, field.level
            ),
        ))
    } else if claim.identifiers || claim.business_secrets || !claim.harm_slight {
        Some((
            "",
            "处理后仍含个人标识、商业秘密，或泄露危害超出轻微".to_owned(),
            "identifiers or business secrets are left, or a leak harms more than slightly".to_owned(),
        ))
    } else if claim.risk_basis_points > risk_max || !is_sha256(&claim.report_sha256) {
        Some((
            "risk_basis_points_max",
            format!(
                "重识别风险万分之 {} 超过万分之 {risk_max}，或没有评估报告",
                claim.risk_basis_points
            ),
            format!(
                "the risk of {} basis points is over {risk_max}, or no report shows it",
                claim.risk_basis_points
            ),
        ))
    } else {
        None
    };
    failing.map_or(Ok(()), |(parameter, zh, en)| {
        Err(context.rules.refuse_by(
            Rule::LowSensitive,
            parameter,
            Text::new(
                format!("不符合低敏感的认定标准：{zh}"),
                format!("this is not low-sensitive: {en}"),
            ),
            Text::new(
                "请进一步处理后再认定，或不作低敏感登记",
                "treat it further, or register it without the claim",
            ),
        ))
    })
}
