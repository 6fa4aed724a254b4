//! The kinds of alerts: what each counts in a day, and from how many on it is raised.

use jiff::Timestamp;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::authorization::CallFailure;
use crate::rules::{AlertParameters, Rule, Rules};
use crate::text::Text;

/// What is out of the ordinary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// 调用激增: many more calls of a product than the consumer makes on its days, whatever came of them.
    Surge,
    /// 夜间调用激增: the same of the calls at night alone.
    Night,
    /// 反复被拒: calls that a rule refused, other than for want of consent.
    Refusals,
    /// 反复查询未获同意的主体: calls that were refused since the subject's consent is withdrawn or was never given.
    NoConsent,
    /// 反复失败: calls that read data and failed in a way that may tell of it.
    Failures,
    /// 工作台反复被拒: attempts of a party at the workbench that were refused, before or after data was read.
    Workbench,
}

/// What came of a call that is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called<'a> {
    /// It was answered.
    Answered,
    /// It gave no answer.
    Failed(CallFailure),
    /// A rule refused it; the rule's id.
    Refused(&'a str),
}

/// What a consumer does on its days: of the days before that have calls, how many count, and their mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usual {
    /// How many days count.
    pub days: u64,
    /// Their mean, in hundredths of a call.
    pub mean_hundredths: u64,
}

impl Usual {
    /// The same after one more day. From the `days_max`th on each day weighs one part in that many, so that about as many
    /// of the last days make the mean.
    #[must_use]
    pub fn after(self, calls: u64, days_max: u64) -> Self {
        let days = (self.days + 1).min(days_max.max(1));
        let (mean, calls) = (self.mean_hundredths, calls.saturating_mul(100));
        let mean_hundredths = if calls >= mean {
            mean + (calls - mean) / days
        } else {
            mean - (mean - calls) / days
        };
        Self { days, mean_hundredths }
    }

    /// So many per cent of the mean, rounded up.
    fn times(self, percent: u64) -> u64 {
        let product = u128::from(self.mean_hundredths) * u128::from(percent);
        u64::try_from(product.div_ceil(10_000)).unwrap_or(u64::MAX)
    }
}

impl AlertKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Surge,
        Self::Night,
        Self::Refusals,
        Self::NoConsent,
        Self::Failures,
        Self::Workbench,
    ];

    /// Stable id, as ids of alerts and leaves write it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Surge => "surge",
            Self::Night => "night",
            Self::Refusals => "refusals",
            Self::NoConsent => "no_consent",
            Self::Failures => "failures",
            Self::Workbench => "workbench",
        }
    }

    /// The rule by which it is raised.
    #[must_use]
    pub const fn rule(self) -> Rule {
        match self {
            Self::Surge => Rule::AlertSurge,
            Self::Night => Rule::AlertNight,
            Self::Refusals => Rule::AlertRefusals,
            Self::NoConsent => Rule::AlertNoConsent,
            Self::Failures => Rule::AlertFailures,
            Self::Workbench => Rule::AlertWorkbench,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Surge => ("调用激增", "surge of calls"),
            Self::Night => ("夜间调用激增", "surge of calls at night"),
            Self::Refusals => ("调用反复被拒", "repeated refusals"),
            Self::NoConsent => ("反复查询未获同意的主体", "repeated calls without consent"),
            Self::Failures => ("调用反复失败", "repeated failures"),
            Self::Workbench => ("工作台反复被拒", "repeated refusals at the workbench"),
        };
        Text::new(zh, en)
    }

    /// Whether it is measured against what the consumer usually does.
    #[must_use]
    pub const fn is_surge(self) -> bool {
        matches!(self, Self::Surge | Self::Night)
    }

    /// From how many of a day on it is raised.
    #[must_use]
    pub fn bound(self, usual: Usual, rules: &Rules) -> u64 {
        let alerts = &rules.parameters().alerts;
        match self {
            Self::Surge => usual.times(alerts.surge.percent).max(alerts.surge.calls_min),
            Self::Night => usual.times(alerts.night.percent).max(alerts.night.calls_min),
            Self::Refusals => alerts.refusals_per_day,
            Self::NoConsent => alerts.no_consent_per_day,
            // After as many as may fail on a day there is none.
            Self::Failures => alerts.failures_per_day.min(rules.parameters().failed_calls_max),
            Self::Workbench => alerts.workbench_per_day,
        }
    }

    /// The kinds that a call counts toward.
    pub fn of_call(called: Called<'_>, at: Timestamp, rules: &Rules) -> impl Iterator<Item = Self> {
        let ended = match called {
            Called::Refused(rule) if rule == Rule::Consent.id() => Some(Self::NoConsent),
            Called::Refused(_) => Some(Self::Refusals),
            Called::Failed(failure) => failure.follows_data().then_some(Self::Failures),
            Called::Answered => None,
        };
        let night = is_night(at, &rules.parameters().alerts).then_some(Self::Night);
        [Some(Self::Surge), night, ended].into_iter().flatten()
    }
}

/// Whether an instant falls into the hours of the night, in Asia/Shanghai.
fn is_night(at: Timestamp, alerts: &AlertParameters) -> bool {
    let hour = Offset::constant(8).to_datetime(at).hour();
    let (from, until) = (alerts.night_from_hour, alerts.night_until_hour);
    if from <= until {
        from <= hour && hour < until
    } else {
        hour >= from || hour < until
    }
}

#[cfg(test)]
mod tests {
    use super::{AlertKind, Usual};

    #[test]
    fn ids_are_those_of_the_wire() {
        for kind in AlertKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
        }
    }

    #[test]
    fn the_mean_is_that_of_the_days_and_from_then_on_a_moving_one() {
        let days = [100, 200, 300];
        let usual = days
            .iter()
            .fold(Usual::default(), |usual, calls| usual.after(*calls, 3));
        assert_eq!((usual.days, usual.mean_hundredths), (3, 20_000));
        let later = usual.after(500, 3);
        assert_eq!(
            (later.days, later.mean_hundredths),
            (3, 30_000),
            "200 and a third of 300 more"
        );
        assert_eq!(later.after(0, 3).mean_hundredths, 20_000);
    }

    #[test]
    fn a_part_of_a_call_is_a_whole_one() {
        let usual = Usual {
            days: 2,
            mean_hundredths: 150,
        };
        assert_eq!((usual.times(300), usual.times(100), usual.times(0)), (5, 2, 0));
        assert_eq!(Usual::default().times(300), 0);
        let most = Usual::default().after(u64::MAX, 14);
        assert!(most.times(300) >= most.mean_hundredths / 100);
    }
}
