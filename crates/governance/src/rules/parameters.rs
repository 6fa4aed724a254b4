//! The packs' parameters, typed.

use std::collections::{BTreeMap, BTreeSet};

use super::alert::AlertParameters;
use super::charges::ChargeParameters;
use super::error::PackError;
use super::export::ExportParameters;
use super::files::FileParameters;
use super::in_force::InForce;
use super::output::OutputParameters;
use super::pack::Value;
use super::registration::RegistrationParameters;
use super::review::OutputReviewParameters;
use super::rule::Rule;
use crate::agreement::Measure;
use crate::assessment::Indicator;
use crate::dispute::Forum;
use crate::incident::Level;
use crate::model::TrainingTerms;
use crate::power::Act;
use crate::quality::Dimension;
use crate::working_days::WORKING_DAYS_MAX;

/// What decisions read from the packs, each named after its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// `power.post`: what a machine does for a party that has posts.
    pub machine_acts: BTreeSet<Act>,
    /// `power.delegation`: most days of a delegation.
    pub delegation_days_max: i64,
    /// `power.four-eyes`: what is filed, and what another person then decides.
    pub four_eyes: Vec<(Act, Act)>,
    /// `publicity.recording`: days by which the record of a period may be late without evidence.
    pub recording_days_late_max: u32,
    /// `plan.sections`: the sections of a plan, in order.
    pub plan_sections: Vec<String>,
    /// `plan.panel`: fewest experts.
    pub plan_experts_min: usize,
    /// `plan.panel`: of a hundred experts, how many are not enough for a plan to pass: it takes more.
    pub in_favour_percent_above: u64,
    /// `plan.comment`: fewest days of public comment.
    pub comment_days_min: i64,
    /// `plan.comment`: whether an opinion of the public comes while it is asked.
    pub opinions_in_time: bool,
    /// `selection.fair`: words that no condition may speak of.
    pub unfair_words: Vec<String>,
    /// `selection.conditions`: conditions that every selection has.
    pub hard_conditions: Vec<String>,
    /// `selection.conditions`: what all scored conditions carry together.
    pub selection_points: u32,
    /// `selection.applications`: fewest days in which a tender is open.
    pub tender_days_min: i64,
    /// `selection.applications`: fewest qualified applicants of a tender.
    pub tenderers_min: usize,
    /// `selection.qualification`: least grade of the platform's protection.
    pub protection_level_min: u8,
    /// `selection.qualification`: years without incident or penalty.
    pub clean_years_min: i16,
    /// `selection.qualification`: whether the agency checks the record of whoever qualifies.
    pub record_check_needed: bool,
    /// `selection.qualification`: most days from a report on it to the decision.
    pub record_check_days_max: i64,
    /// `selection.panel`: fewest members.
    pub panel_members_min: usize,
    /// `selection.publicity`: fewest days.
    pub publicity_days_min: i64,
    /// `selection.objections`: days in which an objection is answered.
    pub objection_days_max: i64,
    /// `agreement.selected`: whether a selection carries one agreement, and none after its end.
    pub selected_once: bool,
    /// `agreement.term`: longest term in years.
    pub agreement_years_max: i16,
    /// `agreement.signatures`: whether an agreement is signed by signatures on its text, and not by the act alone.
    pub agreement_documents: bool,
    /// `agreement.clauses`: ids of the clauses an agreement must have.
    pub agreement_clauses: Vec<String>,
    /// `agreement.capacity`: amounts that an agreement fixes.
    pub agreement_capacity: BTreeSet<Measure>,
    /// `agreement.capacity`: from which part of an amount on its sides are told, in percent.
    pub capacity_notice_percent: u64,
    /// `agreement.amendment`: days in which an amendment is answered; 0 where it stays open.
    pub amendment_answer_days: i64,
    /// `scenario.risk`: risks that are assessed of every scenario.
    pub scenario_risks: Vec<String>,
    /// `scenario.risk`: the end of the scale of likelihood and impact, which begins at 1.
    pub risk_scale: u32,
    /// `scenario.risk`: the largest product of likelihood and impact that may stay.
    pub residual_risk_max: u32,
    /// `scenario.objection`: working days that a supervisor has to object before the grant; 0 where none are kept.
    pub objection_working_days: u32,
    /// `chain.approval`: working days in which a provider decides.
    pub approval_working_days: u32,
    /// `chain.approval`: whether silence is approval once they are over.
    pub silence_approves: bool,
    /// `consent.batch`: most subjects of one batch.
    pub consents_max: usize,
    /// `assessment.indicators`: indicators with their weights.
    pub indicators: Vec<Indicator>,
    /// `assessment.indicators`: fewest experts of a panel.
    pub assessment_experts_min: usize,
    /// `assessment.consequence`: least points of passed, good and excellent.
    pub grade_points: [u32; 3],
    /// `assessment.appeal`: days in which an operator may appeal.
    pub appeal_days: i64,
    /// `dispute.party`: days in which the respondents answer.
    pub answer_days: i64,
    /// `dispute.forum`: the clause of an agreement that speaks of disputes.
    pub dispute_clause: String,
    /// `dispute.forum`: the words by which that clause names a forum.
    pub forum_words: BTreeMap<Forum, Vec<String>>,
    /// `revenue.shares`: roles that may receive a share.
    pub revenue_roles: BTreeSet<String>,
    /// `revenue.permitted`: largest permitted rate of profit, in basis points.
    pub profit_rate_max: u32,
    /// `revenue.period`: longest period in years.
    pub revenue_years_max: i16,
    /// `revenue.period`: longest period of trial prices in years.
    pub trial_years_max: i16,
    /// `books.period`: days after a month's end from which it may be closed.
    pub close_days_min: i64,
    /// `books.period`: days in which an invoice is to be paid.
    pub invoice_due_days: i64,
    /// `incident.clock`: hours in which another operator reports a larger incident.
    pub report_hours_operator: i64,
    /// `incident.clock`: hours in which a department does.
    pub report_hours_department: i64,
    /// `incident.clock`: hours in which critical infrastructure does.
    pub report_hours_critical: i64,
    /// `incident.clock`: hours in which the harm is remedied, at first.
    pub remedy_hours: i64,
    /// `incident.persons`: hours in which the regulator and the persons are told.
    pub notify_hours: i64,
    /// `incident.freeze`: levels at which the scenarios named are frozen at once.
    pub freezing_levels: BTreeSet<Level>,
    /// `model.review`: whether what parties have suspended is put in force again by their own reviews.
    pub suspender_reviews: bool,
    /// `party.leave`: whether whoever has an assessment under way stays.
    pub assessor_stays: bool,
    /// `evidence.package`: most entries of one package.
    pub evidence_entries_max: usize,
    /// Of files.
    pub files: FileParameters,
    /// `erasure.ground`: most calls erased by one order.
    pub erasure_calls_max: usize,
    /// `erasure.retention`: days for which what calls carried is kept.
    pub retention_days: i64,
    /// `grading.release`: release rules allowed for a field of level 1 to 4.
    pub release_by_level: [BTreeSet<String>; 4],
    /// `grading.special`: approvals under which important data is authorized.
    pub important_approvals: BTreeSet<String>,
    /// `grading.low-sensitive`: highest level of a field.
    pub low_sensitive_level_max: u8,
    /// `grading.low-sensitive`: highest risk of finding somebody again, in basis points.
    pub low_sensitive_risk_max: u32,
    /// `quality.measure`: the least of each dimension, in basis points.
    pub quality_min: BTreeMap<Dimension, u32>,
    /// `quality.measure`: the dimensions in which a version that falls short is held back.
    pub quality_holds: BTreeSet<Dimension>,
    /// `quality.measure`: by the word for how often a resource is updated, the most days between two versions.
    pub update_periods: BTreeMap<String, i64>,
    /// `quality.order`: working days in which a work order is answered.
    pub work_order_days: u32,
    /// `resource.fields`: most fields of a resource.
    pub resource_fields_max: usize,
    /// `resource.field-of-application`: the one list.
    pub fields_of_application: BTreeSet<String>,
    /// `chain.purpose`: purposes a use can have.
    pub purposes: BTreeSet<String>,
    /// `chain.consent`: longest life of a consent in days.
    pub consent_days_max: i64,
    /// `chain.quota`: largest quota of calls one grant or subscription may state.
    pub quota_calls_max: u64,
    /// `chain.failures`: failed calls of a day under one subscription.
    pub failed_calls_max: u64,
    /// `partner.share`: most products of a hundred that partners have developed.
    pub partner_percent_max: usize,
    /// `product.withdrawn`: days for which a withdrawn product is still served.
    pub withdrawal_days: i64,
    /// `price.form`: by what may be charged.
    pub charging_forms: BTreeSet<String>,
    /// `price.notice`: days before which a higher price is announced.
    pub price_notice_days: i64,
    /// `statistics.enterprise`: how the code of an enterprise begins, by registering department and type.
    pub enterprise_codes: BTreeSet<String>,
    /// `exit.inventory`: whether another agreement whose term was over keeps no data out of the inventory of an exit.
    pub other_terms_end: bool,
    /// Of charges.
    pub charges: ChargeParameters,
    /// `disclosure.yearly`: month of the last day for a disclosure.
    pub disclosure_month: i8,
    /// `disclosure.yearly`: that day of the month.
    pub disclosure_day: i8,
    /// `operator.conduct`: kinds of conduct that are complained of.
    pub conducts: BTreeSet<String>,
    /// `operator.conduct`: working days in which a complaint is answered.
    pub complaint_answer_days: u32,
    /// `report.yearly`: month of the last day for an operating report.
    pub report_month: i8,
    /// `report.yearly`: that day of the month.
    pub report_day: i8,
    /// `disclosure.yearly`: whether a disclosure says what was so in its year, and not what is so when it is made.
    pub disclosure_of_year: bool,
    /// `alert.*`.
    pub alerts: AlertParameters,
    /// `border.*`.
    pub export: ExportParameters,
    /// `registration.*`.
    pub registration: RegistrationParameters,
    /// `output.threshold`: smallest number of distinct subjects in a cell.
    pub threshold_subjects_min: u64,
    /// `workbench.run`: milliseconds at whose multiples a run that has read data is answered; 0 answers at once.
    pub answer_interval_millis: u16,
    /// `workbench.run`: most runs, trainings and outputs that a party begins under a scenario in a day.
    pub workbench_runs_max: u64,
    /// `workbench.run`: most attempts of a party under a scenario in a day that are refused before anything is read.
    pub workbench_refusals_max: u64,
    /// `model.training`: what training data must keep to; `output.threshold` for the sides of a column.
    pub training: TrainingTerms,
    /// `output.review`, `output.checks`: what the review of outputs asks.
    pub output_review: OutputReviewParameters,
    /// `output.*`: the controls beside the threshold.
    pub output: OutputParameters,
}

impl Parameters {
    pub(super) fn read(rules: &BTreeMap<Rule, InForce>) -> Result<Self, PackError> {
        let reader = Reader { rules };
        let level = |name| reader.set(Rule::GradingRelease, name);
        Ok(Self {
            machine_acts: reader.acts(Rule::Post, "machine_acts")?,
            delegation_days_max: reader.days(Rule::Delegation, "days_max")?,
            four_eyes: reader.pairs()?,
            recording_days_late_max: reader.number(Rule::NoticeRecorded, "days_late_max")?,
            plan_sections: reader.list(Rule::PlanSections, "list")?,
            plan_experts_min: reader.number(Rule::PlanPanel, "experts_min")?,
            in_favour_percent_above: reader.percent_of_panel()?,
            comment_days_min: reader.days(Rule::PlanComment, "days_min")?,
            opinions_in_time: reader.yes(Rule::PlanComment, "in_time")?,
            unfair_words: reader.list(Rule::SelectionFair, "words")?,
            hard_conditions: reader.list(Rule::SelectionConditions, "list")?,
            selection_points: reader.points(Rule::SelectionConditions, "points")?,
            tender_days_min: reader.days(Rule::SelectionApplications, "days_min")?,
            tenderers_min: reader.number(Rule::SelectionApplications, "tenderers_min")?,
            protection_level_min: reader.number(Rule::SelectionQualification, "protection_level_min")?,
            clean_years_min: reader.number(Rule::SelectionQualification, "clean_years_min")?,
            record_check_needed: reader.yes(Rule::SelectionQualification, "check")?,
            record_check_days_max: reader.days(Rule::SelectionQualification, "check_days_max")?,
            panel_members_min: reader.number(Rule::SelectionPanel, "members_min")?,
            publicity_days_min: reader.days(Rule::SelectionPublicity, "days_min")?,
            objection_days_max: reader.days(Rule::SelectionObjections, "days_max")?,
            selected_once: reader.yes(Rule::AgreementSelected, "once")?,
            agreement_years_max: reader.number(Rule::AgreementTerm, "years_max")?,
            agreement_documents: reader.yes(Rule::AgreementSignatures, "documents")?,
            agreement_clauses: reader.list(Rule::AgreementClauses, "list")?,
            agreement_capacity: reader.measures()?,
            capacity_notice_percent: reader.number(Rule::AgreementCapacity, "notice_percent")?,
            amendment_answer_days: reader.days(Rule::AgreementAmendment, "answer_days")?,
            scenario_risks: reader.list(Rule::ScenarioRisk, "list")?,
            risk_scale: reader.risk_scale()?,
            residual_risk_max: reader.number(Rule::ScenarioRisk, "residual_max")?,
            objection_working_days: reader.working_days(Rule::ScenarioObjection, "working_days_min")?,
            approval_working_days: reader.working_days(Rule::Approval, "working_days_max")?,
            silence_approves: reader.yes(Rule::Approval, "silence_approves")?,
            consents_max: reader.number(Rule::ConsentBatch, "subjects_max")?,
            indicators: reader.indicators()?,
            assessment_experts_min: reader.number(Rule::AssessmentIndicators, "experts_min")?,
            grade_points: [
                reader.number(Rule::AssessmentConsequence, "passed")?,
                reader.number(Rule::AssessmentConsequence, "good")?,
                reader.number(Rule::AssessmentConsequence, "excellent")?,
            ],
            appeal_days: reader.days(Rule::AssessmentAppeal, "days_max")?,
            answer_days: reader.days(Rule::DisputeParty, "answer_days")?,
            dispute_clause: reader.list(Rule::DisputeForum, "clause")?.concat(),
            forum_words: reader.forums()?,
            revenue_roles: reader.set(Rule::RevenueShares, "roles")?,
            profit_rate_max: reader.number(Rule::PermittedRevenue, "rate_basis_points_max")?,
            revenue_years_max: reader.number(Rule::RevenuePeriod, "years_max")?,
            trial_years_max: reader.number(Rule::RevenuePeriod, "trial_years_max")?,
            close_days_min: reader.days(Rule::BooksPeriod, "close_days_min")?,
            invoice_due_days: reader.days(Rule::BooksPeriod, "due_days")?,
            report_hours_operator: reader.hours(Rule::IncidentClock, "hours_operator")?,
            report_hours_department: reader.hours(Rule::IncidentClock, "hours_department")?,
            report_hours_critical: reader.hours(Rule::IncidentClock, "hours_critical")?,
            remedy_hours: reader.hours(Rule::IncidentClock, "hours_remedy")?,
            notify_hours: reader.hours(Rule::IncidentPersons, "hours")?,
            freezing_levels: reader.levels()?,
            suspender_reviews: reader.yes(Rule::ModelReview, "own_lift")?,
            assessor_stays: reader.yes(Rule::PartyLeave, "assessments")?,
            evidence_entries_max: reader.number(Rule::EvidencePackage, "entries_max")?,
            files: FileParameters::read(&reader)?,
            erasure_calls_max: reader.number(Rule::ErasureGround, "calls_max")?,
            retention_days: reader.days(Rule::ErasureRetention, "days")?,
            release_by_level: [
                level("level_1")?,
                level("level_2")?,
                level("level_3")?,
                level("level_4")?,
            ],
            important_approvals: reader.set(Rule::SpecialData, "approvals")?,
            low_sensitive_level_max: reader.number(Rule::LowSensitive, "level_max")?,
            low_sensitive_risk_max: reader.number(Rule::LowSensitive, "risk_basis_points_max")?,
            quality_min: reader.qualities()?,
            quality_holds: reader.quality_holds()?,
            update_periods: reader.periods()?,
            work_order_days: reader.working_days(Rule::QualityOrder, "answer_working_days")?,
            resource_fields_max: reader.number(Rule::ResourceFields, "fields_max")?,
            fields_of_application: reader.set(Rule::FieldOfApplication, "list")?,
            purposes: reader.set(Rule::Purpose, "list")?,
            consent_days_max: reader.number(Rule::Consent, "days_max")?,
            quota_calls_max: reader.number(Rule::Quota, "calls_max")?,
            failed_calls_max: reader.number(Rule::Failures, "failed_calls_per_day_max")?,
            partner_percent_max: reader.number(Rule::PartnerShare, "partner_percent_max")?,
            withdrawal_days: reader.days(Rule::ProductWithdrawn, "notice_days")?,
            charging_forms: reader.set(Rule::PriceForm, "forms")?,
            price_notice_days: reader.days(Rule::PriceNotice, "days")?,
            enterprise_codes: reader.set(Rule::Enterprise, "codes")?,
            other_terms_end: reader.yes(Rule::ExitInventory, "other_terms_end")?,
            charges: ChargeParameters::read(&reader)?,
            disclosure_month: reader.within(Rule::DisclosureYearly, "month", 1..=12, "a month or a day of it")?,
            disclosure_day: reader.within(Rule::DisclosureYearly, "day", 1..=31, "a month or a day of it")?,
            conducts: reader.set(Rule::OperatorConduct, "list")?,
            complaint_answer_days: reader.working_days(Rule::OperatorConduct, "answer_working_days")?,
            report_month: reader.within(Rule::ReportYearly, "month", 1..=12, "a month or a day of it")?,
            report_day: reader.within(Rule::ReportYearly, "day", 1..=31, "a month or a day of it")?,
            disclosure_of_year: reader.yes(Rule::DisclosureYearly, "of_year")?,
            alerts: AlertParameters::read(&reader)?,
            export: ExportParameters::read(&reader)?,
            registration: RegistrationParameters::read(&reader)?,
            threshold_subjects_min: reader.number(Rule::Threshold, "subjects_min")?,
            answer_interval_millis: reader.number(Rule::WorkbenchRun, "answer_interval_millis")?,
            workbench_runs_max: reader.number(Rule::WorkbenchRun, "runs_per_day_max")?,
            workbench_refusals_max: reader.number(Rule::WorkbenchRun, "refusals_per_day_max")?,
            training: TrainingTerms {
                subjects_min: reader.number(Rule::ModelTraining, "subjects_min")?,
                subjects_per_input_min: reader.number(Rule::ModelTraining, "subjects_per_input_min")?,
                side_min: reader.number(Rule::Threshold, "subjects_min")?,
                influence_percent_max: reader.number(Rule::ModelTraining, "influence_percent_max")?,
            },
            output_review: OutputReviewParameters::read(&reader)?,
            output: OutputParameters::read(&reader)?,
        })
    }
}

pub(super) struct Reader<'a> {
    rules: &'a BTreeMap<Rule, InForce>,
}

impl Reader<'_> {
    fn value(&self, rule: Rule, parameter: &'static str) -> Option<&Value> {
        debug_assert!(rule.parameters().contains(&parameter), "{parameter} is declared");
        self.rules.get(&rule)?.text.parameters.get(parameter)
    }

    pub(super) fn number<N: TryFrom<i64>>(&self, rule: Rule, parameter: &'static str) -> Result<N, PackError> {
        let error = PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "a whole number in range",
        };
        match self.value(rule, parameter) {
            Some(Value::Integer(number)) => N::try_from(*number).map_err(|_| error),
            _ => Err(error),
        }
    }

    /// A number of days that a calendar can add: none to ten years.
    pub(super) fn days(&self, rule: Rule, parameter: &'static str) -> Result<i64, PackError> {
        self.number::<u16>(rule, parameter).and_then(|days| {
            let error = PackError::Parameter {
                rule: rule.id(),
                parameter,
                kind: "a number of days from 0 to 3650",
            };
            (days <= 3_650).then_some(i64::from(days)).ok_or(error)
        })
    }

    /// A number of working days that a calendar can count.
    pub(super) fn working_days(&self, rule: Rule, parameter: &'static str) -> Result<u32, PackError> {
        let days: u32 = self.number(rule, parameter)?;
        let error = PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "a number of working days from 0 to 1000",
        };
        (days <= WORKING_DAYS_MAX).then_some(days).ok_or(error)
    }

    pub(super) fn within(
        &self,
        rule: Rule,
        parameter: &'static str,
        range: std::ops::RangeInclusive<i8>,
        kind: &'static str,
    ) -> Result<i8, PackError> {
        let error = PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind,
        };
        let number: i8 = self.number(rule, parameter)?;
        range.contains(&number).then_some(number).ok_or(error)
    }

    /// A number of hours that a clock can run: one to a year.
    fn hours(&self, rule: Rule, parameter: &'static str) -> Result<i64, PackError> {
        self.number::<u16>(rule, parameter).and_then(|hours| {
            let error = PackError::Parameter {
                rule: rule.id(),
                parameter,
                kind: "a number of hours from 1 to 8760",
            };
            (1..=8_760).contains(&hours).then_some(i64::from(hours)).ok_or(error)
        })
    }

    /// Whether something is so: 1, or 0.
    pub(super) fn yes(&self, rule: Rule, parameter: &'static str) -> Result<bool, PackError> {
        match self.number::<u8>(rule, parameter)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(PackError::Parameter {
                rule: rule.id(),
                parameter,
                kind: "1 for yes or 0 for no",
            }),
        }
    }

    fn acts(&self, rule: Rule, parameter: &'static str) -> Result<BTreeSet<Act>, PackError> {
        let acts: Option<BTreeSet<Act>> = self.list(rule, parameter)?.iter().map(|id| Act::named(id)).collect();
        acts.ok_or(PackError::Parameter {
            rule: rule.id(),
            parameter,
            kind: "a list of acts",
        })
    }

    pub(super) fn list(&self, rule: Rule, parameter: &'static str) -> Result<Vec<String>, PackError> {
        match self.value(rule, parameter) {
            Some(Value::List(list)) => Ok(list.clone()),
            _ => Err(PackError::Parameter {
                rule: rule.id(),
                parameter,
                kind: "a list of names",
            }),
        }
    }

    pub(super) fn set(&self, rule: Rule, parameter: &'static str) -> Result<BTreeSet<String>, PackError> {
        Ok(self.list(rule, parameter)?.into_iter().collect())
    }
}
