//! Notices to the public: a period in which the public may read and object or comment begins when it is put on record, or
//! what shows its earlier beginning is put on record with it. Nobody dates one back by word alone.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::calendar::day_of;
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::text::{Text, is_sha256};

/// What shows a notice that was published before it came on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeEvidence {
    /// SHA-256 of the notice as it was published, in lower-case hex.
    pub document_sha256: String,
    /// The day that stands on it.
    #[schemars(with = "crate::schema::Day")]
    pub published: Date,
}

/// By how many days the record of a period is later than its first day; none where it is in time.
///
/// # Errors
/// Refuses a period that began too many days ago, without evidence or with evidence of a later day.
pub(crate) fn check_recorded(
    first_day: Date,
    evidence: Option<&NoticeEvidence>,
    context: &Context<'_>,
) -> Result<u32, Refusal> {
    let today = day_of(context.at);
    if let Some(evidence) = evidence {
        check_evidence(first_day, evidence, today, context)?;
    }
    let late = days_between(first_day, today);
    let most = context.rules.parameters().recording_days_late_max;
    if late <= most || evidence.is_some() {
        return Ok(late);
    }
    Err(context.rules.refuse(
        Rule::NoticeRecorded,
        Text::new(
            format!("公示起始日 {first_day} 早于登记日 {today} 共 {late} 日，且未附公示件"),
            format!("the period began on {first_day}, {late} days before {today}, and nothing shows it"),
        ),
        Text::new(
            format!("请将起始日定在 {today} 或以后；确已先行公示的，附公示件的摘要及其日期补登记"),
            format!("let it begin on {today} or later; of one that was published earlier, give the notice's hash and its day"),
        ),
    ))
}

fn check_evidence(
    first_day: Date,
    evidence: &NoticeEvidence,
    today: Date,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let is_hash = is_sha256(&evidence.document_sha256);
    if is_hash && evidence.published <= first_day.min(today) {
        return Ok(());
    }
    let published = evidence.published;
    let (message, remedy) = if is_hash {
        (
            Text::new(
                format!("公示件的日期 {published} 晚于公示起始日 {first_day} 或登记日 {today}"),
                format!("the notice is of {published}, later than the first day {first_day} or than {today}"),
            ),
            Text::new(
                format!("请将起始日定在 {published} 或以后"),
                format!("let the period begin on {published} or later"),
            ),
        )
    } else {
        (
            Text::new("公示件摘要不是 SHA-256", "the notice is not named by a SHA-256"),
            Text::new(
                "请附公示件的 SHA-256 摘要",
                "give the SHA-256 of the notice as it was published",
            ),
        )
    };
    Err(context.rules.refuse(Rule::NoticeRecorded, message, remedy))
}

fn days_between(first: Date, last: Date) -> u32 {
    let days = first.duration_until(last).as_hours() / 24;
    u32::try_from(days).unwrap_or(0)
}
