//! What the agency itself found of an applicant's record: the statement of the applicant alone shows nothing (论证, opinion 20).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Applicant;
use crate::Context;
use crate::calendar::day_of;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::text::{Text, is_sha256};

/// A report on an applicant's record that the agency fetched from a public register of credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordCheck {
    /// SHA-256 of the report, lower-case hex.
    pub document_sha256: String,
    /// The day on which it was fetched.
    #[schemars(with = "crate::schema::Day")]
    pub day: Date,
    /// The day of the last security incident, data-compliance penalty, litigation or major public-opinion event that it
    /// shows; none where it shows none.
    #[schemars(with = "Option<crate::schema::Day>")]
    #[serde(default)]
    pub last_blemish: Option<Date>,
}

impl RecordCheck {
    /// Whether it shows something that is later than what the applicant has stated, or that it has not stated at all.
    #[must_use]
    pub fn contradicts(&self, applicant: &Applicant) -> bool {
        let stated = applicant.application.last_blemish;
        self.last_blemish
            .is_some_and(|found| stated.is_none_or(|stated| stated < found))
    }
}

/// A check is of a report that is there, of a day on which it can have been fetched, and says nothing of a later one.
///
/// # Errors
/// [`Rule::SelectionQualification`].
pub(super) fn check_sound(check: &RecordCheck, context: &Context<'_>) -> Result<(), Refusal> {
    let today = day_of(context.at);
    let days = context.rules.parameters().record_check_days_max;
    let first = today.saturating_sub(jiff::Span::new().days(days));
    let told = check.last_blemish.is_none_or(|found| found <= check.day);
    if is_sha256(&check.document_sha256) && (first..=today).contains(&check.day) && told {
        return Ok(());
    }
    let day = check.day;
    Err(context.rules.refuse_by(
        Rule::SelectionQualification,
        "check_days_max",
        Text::new(
            format!("核查未附信用报告，或报告日期 {day} 不在今日之前 {days} 日内，或所载事项晚于报告日期"),
            format!("the check has no report, or one of {day}, not of the last {days} days, or tells of a later day"),
        ),
        Text::new(
            "请重新查询信用报告，填写其 SHA-256、查询日期和最近一次不良记录的日期",
            "fetch the report anew, and give its SHA-256, its day and that of the last entry",
        ),
    ))
}

/// Who qualifies was checked where the packs ask for it, and has stated what the check shows.
///
/// # Errors
/// [`Rule::SelectionQualification`].
pub(super) fn check_statement(
    applicant: &Applicant,
    check: Option<&RecordCheck>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(check) = check else {
        if !context.rules.parameters().record_check_needed {
            return Ok(());
        }
        return Err(context.rules.refuse_by(
            Rule::SelectionQualification,
            "check",
            Text::new(
                "未核查申请人的信用记录，不能只凭其声明认定合格",
                "the applicant's record is not checked; its own statement alone does not qualify it",
            ),
            Text::new(
                "请查询信用报告并登记核查结果",
                "fetch a credit report, and state what it shows (`check`)",
            ),
        ));
    };
    let Some(found) = check.last_blemish.filter(|_| check.contradicts(applicant)) else {
        return Ok(());
    };
    let (stated_zh, stated_en) = match applicant.application.last_blemish {
        Some(day) => (format!("最近一次为 {day}"), format!("the last was on {day}")),
        None => ("从未有过".to_owned(), "there was none".to_owned()),
    };
    Err(context.rules.refuse(
        Rule::SelectionQualification,
        Text::new(
            format!("核查所见最近一次不良记录为 {found}，申请人声明{stated_zh}，声明不实"),
            format!("the check shows an entry of {found}; the applicant has stated that {stated_en}, which is untrue"),
        ),
        Text::new("请作出资格不符的决定", "decide that it does not qualify"),
    ))
}
