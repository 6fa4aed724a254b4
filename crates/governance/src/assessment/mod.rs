//! The yearly assessment of the operator (论证, opinions 12 and 17): indicators with weights, figures from the platform's
//! own record where they can be had, evidence where they cannot, grades with consequences, and an appeal.
//!
//! ```text
//! opened ─► indicators, one by one ─► concluded: total, grade ─► appeal ─► answered ─► (failed: rectified)
//! ```

mod appeal;
mod conclude;
mod evolve;
mod figure;
mod grade;
mod indicate;
mod open;
mod reassign;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Context;
use crate::identifier::{AgreementId, AssessmentId, PartyId};
use crate::refusal::Refusal;
use crate::rules::Rule;
use crate::state::State;
use crate::text::Text;

pub use appeal::{AnswerAppeal, AppealAssessment, RectifyAssessment, decide_answer, decide_appeal, decide_rectify};
pub use conclude::{ConcludeAssessment, decide_conclude};
pub use figure::{Figure, figure};
pub use grade::{Grade, Indicator};
pub use indicate::{AssessIndicators, IndicatorFinding, decide_indicate};
pub use open::{OpenAssessment, decide_open};
pub use reassign::{ReassignAssessment, decide_reassign};

pub(crate) use evolve::evolve;
pub(crate) use grade::read_indicators;

/// What happened in an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event", content = "of")]
pub enum AssessmentEvent {
    /// It is opened.
    Opened {
        /// Of what, by whom, until when.
        opening: OpenAssessment,
        /// The indicators that the rules had then.
        indicators: Vec<Indicator>,
    },
    /// Another assessor takes it over, and begins anew.
    Reassigned(ReassignAssessment),
    /// Indicators are assessed.
    Indicated {
        /// What was found.
        findings: Box<AssessIndicators>,
        /// What the record says, by the indicators that are computed from it.
        figures: BTreeMap<String, String>,
    },
    /// Total and grade are there.
    Concluded {
        /// What the panel says.
        conclusion: Box<ConcludeAssessment>,
        /// Points of all indicators.
        total: u32,
        /// What they come to.
        grade: Grade,
    },
    /// The operator appeals.
    Appealed(AppealAssessment),
    /// The appeal is answered.
    AppealAnswered {
        /// The answer.
        answer: AnswerAppeal,
        /// Points after it.
        total: u32,
        /// What they come to.
        grade: Grade,
    },
    /// What failed is put right.
    Rectified(RectifyAssessment),
}

impl AssessmentEvent {
    /// The assessment.
    #[must_use]
    pub fn stream(&self) -> &str {
        let assessment = match self {
            Self::Opened { opening, .. } => &opening.id,
            Self::Reassigned(reassigned) => &reassigned.assessment,
            Self::Indicated { findings, .. } => &findings.assessment,
            Self::Concluded { conclusion, .. } => &conclusion.assessment,
            Self::Appealed(appeal) => &appeal.assessment,
            Self::AppealAnswered { answer, .. } => &answer.assessment,
            Self::Rectified(rectified) => &rectified.assessment,
        };
        assessment.as_str()
    }
}

/// An assessment on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Of what, by whom, until when: as it was given last.
    pub opening: OpenAssessment,
    /// Assessors who had it before, with the reasons why they have it no more, the first first.
    #[serde(default)]
    pub before: Vec<(PartyId, String)>,
    /// When it was opened.
    pub at: Timestamp,
    /// Its indicators, in their order.
    pub indicators: Vec<Indicator>,
    /// Findings by indicator.
    pub findings: BTreeMap<String, Finding>,
    /// What the panel concluded.
    pub conclusion: Option<Conclusion>,
    /// The operator's appeal.
    pub appeal: Option<AppealAssessment>,
    /// The answer to it.
    pub answer: Option<AnswerAppeal>,
    /// How what failed was put right.
    pub rectified: Option<RectifyAssessment>,
    /// How many events changed it.
    pub revision: u64,
}

/// What was found of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Points, text, evidence.
    pub said: IndicatorFinding,
    /// What the record said.
    pub figure: Option<String>,
}

/// What an assessment comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// What the panel said.
    pub said: ConcludeAssessment,
    /// The day.
    pub on: Date,
    /// Points of all indicators, 0 to as many as they weigh.
    pub total: u32,
    /// What they come to.
    pub grade: Grade,
}

impl Assessment {
    /// The indicator of this name.
    #[must_use]
    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.name == name)
    }

    /// Whether it failed, and what failed is not put right.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        let failed = self.conclusion.as_ref().is_some_and(|it| it.grade == Grade::Failed);
        failed && self.rectified.is_none()
    }

    /// Points of all indicators.
    fn total(&self) -> u32 {
        self.findings.values().map(|it| it.said.points).sum()
    }
}

/// The assessment of a command, if it is not concluded.
fn going_on<'s>(state: &'s State, id: &AssessmentId, context: &Context<'_>) -> Result<&'s Assessment, Refusal> {
    let assessment = state.assessment(id, context)?;
    if assessment.conclusion.is_none() {
        return Ok(assessment);
    }
    Err(context.rules.wrong_state(
        Text::new("评估已有结论", "the assessment is concluded"),
        Text::new("运营机构可以申诉", "the operator may appeal"),
    ))
}

/// The conclusion of a command's assessment.
fn concluded<'s>(
    state: &'s State,
    id: &AssessmentId,
    context: &Context<'_>,
) -> Result<(&'s Assessment, &'s Conclusion), Refusal> {
    let assessment = state.assessment(id, context)?;
    let conclusion = assessment.conclusion.as_ref().ok_or_else(|| {
        context.rules.wrong_state(
            Text::new("评估尚无结论", "the assessment is not concluded"),
            Text::new("请待评估结束", "wait for its end"),
        )
    })?;
    Ok((assessment, conclusion))
}

/// Refuses what a failed assessment of the agreement stops.
pub(crate) fn check_not_failed(state: &State, agreement: &AgreementId, context: &Context<'_>) -> Result<(), Refusal> {
    let failed = state
        .assessments
        .iter()
        .find(|(_, it)| it.opening.agreement == *agreement && it.is_failed());
    let Some((id, assessment)) = failed else {
        return Ok(());
    };
    let year = assessment.opening.year;
    Err(context.rules.refuse_by(
        Rule::AssessmentConsequence,
        "passed",
        Text::new(
            format!("{year} 年度评估 `{id}` 不合格，整改完成前不再批准新的场景"),
            format!("the assessment `{id}` of {year} failed; no further scenario until that is put right"),
        ),
        Text::new("请先完成整改", "put right what failed first"),
    ))
}
