//! Commands: what parties ask for. One row a command says all there is to know of it.

mod form;
mod owner;

use serde::{Deserialize, Serialize};

pub(crate) use form::TITLE_EN;
pub use form::{Form, forms};

use crate::event::Event;
use crate::identifier::PartyId;
use crate::power::Act;
use crate::refusal::Refusal;
use crate::state::State;
use crate::{
    Context, agreement, alert, assessment, books, border, complaint, consent, disclosure, dispute, erasure, evidence,
    exit, file, incident, loan, model, output, party, plan, post, product, quality, registration, report, resource,
    revenue, scenario, selection, subscription, workbench,
};

/// Declares the commands, a row each: `Name(what it carries): its decision, on |c| the id of the one thing it
/// changes, of whose thing that is (a function of `owner.rs`)`. The act has the command's name.
macro_rules! commands {
    ($($command:ident($of:ty): $decide:path, on |$c:ident| $stream:expr, of $owner:ident($($thing:expr)?);)*) => {
        /// Something a party asks for.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case", tag = "command", content = "of")]
        #[expect(missing_docs, reason = "each variant is documented by its struct")]
        pub enum Command {
            $($command($of),)*
        }

        impl Command {
            /// The act that the command asks for.
            #[must_use]
            pub fn act(&self) -> Act {
                match self { $(Self::$command(_) => Act::$command,)* }
            }

            /// The stream the command acts on: the thing whose revision an editor saw.
            #[must_use]
            pub fn stream(&self) -> &str {
                match self { $(Self::$command($c) => $stream.as_str(),)* }
            }

            /// Whose thing the command acts on: the provider of a resource, the operator of an agreement, the
            /// subscriber, the consenting subject, the credential's party. `None` where it is nobody's.
            ///
            /// # Errors
            /// Refuses a thing that is not on record.
            #[expect(unused_variables, reason = "a command on nobody's thing needs none of them")]
            pub fn owner(&self, state: &State, context: &Context<'_>) -> Result<Option<PartyId>, Refusal> {
                match self { $(Self::$command($c) => owner::$owner(state, context $(, $thing)?),)* }
            }

            /// The name, the act and the shape of every command, in the table's order.
            fn shapes() -> Vec<(&'static str, Act, schemars::Schema)> {
                vec![$((stringify!($command), Act::$command, schemars::schema_for!($of)),)*]
            }

            /// Decides what the command leads to, once power and revision are known to hold.
            pub(crate) fn decide(&self, state: &State, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
                match self { $(Self::$command($c) => $decide(state, $c, context),)* }
            }
        }
    };
}

commands! {
    // Parties
    RegisterParty(party::RegisterParty): party::decide_register, on |c| c.party.id, of nobody();
    ChangeParty(Box<party::ChangeParty>): party::decide_change, on |c| c.party, of party(&c.party);
    DeregisterParty(party::DeregisterParty): party::decide_deregister, on |c| c.party, of party(&c.party);
    IssueCredential(party::IssueCredential): party::decide_issue, on |c| c.credential.id, of party(&c.credential.party);
    RevokeCredential(party::RevokeCredential): party::decide_revoke, on |c| c.credential, of credential(&c.credential);
    // Posts and delegations
    CreatePost(post::CreatePost): post::decide_create, on |c| c.id, of party(&c.party);
    ClosePost(post::ClosePost): post::decide_close, on |c| c.post, of post(&c.post);
    AppointPerson(post::AppointPerson): post::decide_appoint, on |c| c.post, of post(&c.post);
    DismissPerson(post::DismissPerson): post::decide_dismiss, on |c| c.post, of post(&c.post);
    Delegate(Box<post::Delegate>): post::decide_delegate, on |c| c.id, of post(&c.post);
    RevokeDelegation(post::RevokeDelegation): post::decide_revoke, on |c| c.delegation, of delegation(&c.delegation);
    // Resources
    RegisterResource(Box<resource::RegisterResource>): resource::decide_register, on |c| c.id, of party(&c.provider);
    AmendResource(Box<resource::AmendResource>): resource::decide_amend, on |c| c.resource, of provider(&c.resource);
    WithdrawResource(resource::WithdrawResource): resource::decide_withdraw, on |c| c.resource, of provider(&c.resource);
    RegradeResource(Box<resource::RegradeResource>): resource::decide_regrade, on |c| c.resource, of provider(&c.resource);
    DecideRegrading(resource::DecideRegrading): resource::decide_regrading, on |c| c.resource, of nobody();
    RecordClearance(Box<resource::RecordClearance>): resource::decide_clear, on |c| c.resource, of provider(&c.resource);
    WithdrawClearance(Box<resource::WithdrawClearance>): resource::decide_withdraw_clearance, on |c| c.resource, of provider(&c.resource);
    RecordVersion(resource::RecordVersion): resource::decide_record, on |c| c.resource, of provider(&c.resource);
    OrderDestruction(resource::OrderDestruction): resource::decide_order, on |c| c.resource, of provider(&c.resource);
    RecordDestruction(resource::RecordDestruction): resource::decide_destroyed, on |c| c.resource, of provider(&c.resource);
    // Quality
    RecordQualityCheck(Box<quality::RecordQualityCheck>): quality::decide_check, on |c| c.resource, of provider(&c.resource);
    OpenWorkOrder(Box<quality::OpenWorkOrder>): quality::decide_open, on |c| c.id, of provider(&c.resource);
    AnswerWorkOrder(Box<quality::AnswerWorkOrder>): quality::decide_answer, on |c| c.order, of work_order(&c.order);
    CloseWorkOrder(quality::CloseWorkOrder): quality::decide_close, on |c| c.order, of work_order(&c.order);
    // The plan and its review
    DraftPlan(Box<plan::DraftPlan>): plan::decide_draft, on |c| c.id, of nobody();
    RevisePlan(Box<plan::RevisePlan>): plan::decide_revise, on |c| c.plan, of plan(&c.plan);
    FormPanel(Box<plan::FormPanel>): plan::decide_panel, on |c| c.plan, of plan(&c.plan);
    ReformPanel(Box<plan::ReformPanel>): plan::decide_reform, on |c| c.plan, of plan(&c.plan);
    OpenComment(plan::OpenComment): plan::decide_comment, on |c| c.plan, of plan(&c.plan);
    RecordOpinion(Box<plan::RecordOpinion>): plan::decide_opinion, on |c| c.plan, of plan(&c.plan);
    AnswerOpinion(Box<plan::AnswerOpinion>): plan::decide_answer, on |c| c.plan, of plan(&c.plan);
    ConcludeReview(Box<plan::ConcludeReview>): plan::decide_conclude, on |c| c.plan, of plan(&c.plan);
    DecidePlan(Box<plan::DecidePlan>): plan::decide_decision, on |c| c.plan, of plan(&c.plan);
    PublishPlan(plan::PublishPlan): plan::decide_publish, on |c| c.plan, of plan(&c.plan);
    // Selection of the operator
    AnnounceSelection(Box<selection::AnnounceSelection>): selection::decide_announce, on |c| c.id, of nobody();
    ApplySelection(Box<selection::ApplySelection>): selection::decide_apply, on |c| c.selection, of nobody();
    QualifyApplicant(selection::QualifyApplicant): selection::decide_qualify, on |c| c.selection, of selection(&c.selection);
    SeatPanel(Box<selection::SeatPanel>): selection::decide_seat, on |c| c.selection, of selection(&c.selection);
    ReseatPanel(Box<selection::ReseatPanel>): selection::decide_reseat, on |c| c.selection, of selection(&c.selection);
    WithdrawApplication(selection::WithdrawApplication): selection::decide_withdraw, on |c| c.selection, of nobody();
    CancelSelection(Box<selection::CancelSelection>): selection::decide_cancel, on |c| c.selection, of selection(&c.selection);
    ScoreApplicant(Box<selection::ScoreApplicant>): selection::decide_score, on |c| c.selection, of selection(&c.selection);
    PublicizeCandidate(selection::PublicizeCandidate): selection::decide_publicize, on |c| c.selection, of selection(&c.selection);
    ObjectSelection(Box<selection::ObjectSelection>): selection::decide_object, on |c| c.selection, of nobody();
    ResolveObjection(Box<selection::ResolveObjection>): selection::decide_resolve, on |c| c.selection, of selection(&c.selection);
    ConfirmSelection(selection::ConfirmSelection): selection::decide_confirm, on |c| c.selection, of selection(&c.selection);
    FailSelection(selection::FailSelection): selection::decide_fail, on |c| c.selection, of selection(&c.selection);
    // Agreements
    ProposeAgreement(Box<agreement::ProposeAgreement>): agreement::decide_propose, on |c| c.id, of nobody();
    SignAgreement(agreement::SignAgreement): agreement::decide_sign, on |c| c.agreement, of operator(&c.agreement);
    SealAgreement(agreement::SealAgreement): agreement::decide_seal, on |c| c.agreement, of agency(&c.agreement);
    ProposeAmendment(Box<agreement::ProposeAmendment>): agreement::decide_amend, on |c| c.agreement, of side(&c.agreement);
    AcceptAmendment(agreement::AcceptAmendment): agreement::decide_accept, on |c| c.agreement, of side(&c.agreement);
    DeclineAmendment(agreement::DeclineAmendment): agreement::decide_decline, on |c| c.agreement, of side(&c.agreement);
    WithdrawAmendment(agreement::WithdrawAmendment): agreement::decide_withdraw, on |c| c.agreement, of side(&c.agreement);
    SuspendAgreement(agreement::SuspendAgreement): agreement::decide_suspend, on |c| c.agreement, of nobody();
    ResumeAgreement(agreement::ResumeAgreement): agreement::decide_resume, on |c| c.agreement, of nobody();
    // Scenarios
    ApplyScenario(Box<scenario::ApplyScenario>): scenario::decide_apply, on |c| c.id, of operator(&c.agreement);
    AssessRisk(Box<scenario::AssessRisk>): scenario::decide_risk, on |c| c.scenario, of scenario(&c.scenario);
    ObjectScenario(scenario::ObjectScenario): scenario::decide_object, on |c| c.scenario, of nobody();
    LiftObjection(scenario::LiftObjection): scenario::decide_lift, on |c| c.scenario, of nobody();
    GrantScenario(scenario::GrantScenario): scenario::decide_grant, on |c| c.scenario, of nobody();
    ApproveResource(scenario::ApproveResource): scenario::decide_approve, on |c| c.scenario, of provider(&c.resource);
    DeclineResource(scenario::DeclineResource): scenario::decide_decline, on |c| c.scenario, of provider(&c.resource);
    FreezeScenario(scenario::FreezeScenario): scenario::decide_freeze, on |c| c.scenario, of nobody();
    ThawScenario(scenario::ThawScenario): scenario::decide_thaw, on |c| c.scenario, of nobody();
    RefuseScenario(scenario::RefuseScenario): scenario::decide_refuse, on |c| c.scenario, of nobody();
    WithdrawScenario(scenario::WithdrawScenario): scenario::decide_withdraw, on |c| c.scenario, of scenario(&c.scenario);
    NarrowScenario(Box<scenario::NarrowScenario>): scenario::decide_narrow, on |c| c.scenario, of narrower(&c.scenario);
    EndScenario(scenario::EndScenario): scenario::decide_end, on |c| c.scenario, of scenario(&c.scenario);
    // Models
    RegisterModel(Box<model::RegisterModel>): model::decide_register, on |c| c.id, of scenario(&c.scenario);
    TrainModel(Box<model::TrainModel>): model::decide_train, on |c| c.id, of scenario(&c.scenario);
    ReviewModel(model::ReviewModel): model::decide_review, on |c| c.model, of model(&c.model);
    SuspendModel(model::SuspendModel): model::decide_suspend, on |c| c.model, of nobody();
    WithdrawModel(model::WithdrawModel): model::decide_withdraw, on |c| c.model, of model(&c.model);
    // Products
    EngagePartner(product::EngagePartner): product::decide_engage, on |c| c.engagement.id, of engagement(&c.engagement);
    EndEngagement(product::EndEngagement): product::decide_end, on |c| c.engagement, of engaged(&c.engagement);
    SubmitProduct(Box<product::SubmitProduct>): product::decide_submit, on |c| c.id, of scenario(&c.scenario);
    ListProduct(product::ListProduct): product::decide_list, on |c| c.product, of product(&c.product);
    RefuseProduct(product::RefuseProduct): product::decide_refuse, on |c| c.product, of product(&c.product);
    RetractProduct(product::RetractProduct): product::decide_retract, on |c| c.product, of developer(&c.product);
    SuspendProduct(product::SuspendProduct): product::decide_suspend, on |c| c.product, of product(&c.product);
    ResumeProduct(product::ResumeProduct): product::decide_resume, on |c| c.product, of product(&c.product);
    WithdrawProduct(product::WithdrawProduct): product::decide_withdraw, on |c| c.product, of product(&c.product);
    SetCeiling(product::SetCeiling): product::decide_ceiling, on |c| c.product, of nobody();
    SetPrice(product::SetPrice): product::decide_price, on |c| c.product, of product(&c.product);
    // The workbench and output review
    SaveQuery(Box<workbench::SaveQuery>): workbench::decide_save, on |c| c.id, of scenario(&c.scenario);
    RecordAttempt(Box<workbench::RecordAttempt>): workbench::decide_attempt, on |c| c.id, of scenario(&c.scenario);
    RunQuery(Box<workbench::RunQuery>): workbench::decide_run, on |c| c.id, of scenario(&c.scenario);
    SubmitOutput(Box<output::SubmitOutput>): output::decide_submit, on |c| c.id, of source(&c.made_from);
    ReviewOutput(output::ReviewOutput): output::decide_review, on |c| c.output, of output(&c.output);
    CollectOutput(output::CollectOutput): output::decide_collect, on |c| c.output, of submitter(&c.output);
    WithdrawOutput(output::WithdrawOutput): output::decide_withdraw, on |c| c.output, of submitter(&c.output);
    // Registration
    ApplyRegistration(Box<registration::ApplyRegistration>): registration::decide_apply, on |c| c.id, of registrable(&c.thing);
    WithdrawRegistration(registration::WithdrawRegistration): registration::decide_withdraw, on |c| c.registration, of registration(&c.registration);
    AcceptRegistration(registration::AcceptRegistration): registration::decide_accept, on |c| c.registration, of nobody();
    ReviewRegistration(registration::ReviewRegistration): registration::decide_review, on |c| c.registration, of nobody();
    ObjectToRegistration(registration::ObjectToRegistration): registration::decide_object, on |c| c.registration, of nobody();
    ResolveRegistrationObjection(registration::ResolveRegistrationObjection): registration::decide_resolve, on |c| c.registration, of nobody();
    AssignCode(registration::AssignCode): registration::decide_assign, on |c| c.registration, of nobody();
    // Disclosure
    PrepareDisclosure(Box<disclosure::PrepareDisclosure>): disclosure::decide_prepare, on |c| c.id, of nobody();
    ReviewDisclosure(disclosure::ReviewDisclosure): disclosure::decide_review, on |c| c.disclosure, of disclosure(&c.disclosure);
    PublishDisclosure(disclosure::PublishDisclosure): disclosure::decide_publish, on |c| c.disclosure, of disclosure(&c.disclosure);
    // Complaints
    FileComplaint(Box<complaint::FileComplaint>): complaint::decide_file, on |c| c.id, of nobody();
    AnswerComplaint(complaint::AnswerComplaint): complaint::decide_answer, on |c| c.complaint, of complained(&c.complaint);
    DecideComplaint(Box<complaint::DecideComplaint>): complaint::decide_decide, on |c| c.complaint, of nobody();
    RectifyComplaint(complaint::RectifyComplaint): complaint::decide_rectify, on |c| c.complaint, of complained(&c.complaint);
    CloseComplaint(complaint::CloseComplaint): complaint::decide_close, on |c| c.complaint, of nobody();
    // Operating report
    SubmitReport(Box<report::SubmitReport>): report::decide_submit, on |c| c.id, of operator(&c.agreement);
    ReviewReport(report::ReviewReport): report::decide_review, on |c| c.operating_report, of nobody();
    // Revenue
    PermitRevenue(Box<revenue::PermitRevenue>): revenue::decide_permit, on |c| c.id, of nobody();
    SetCeilings(revenue::SetCeilings): revenue::decide_ceilings, on |c| c.revenue, of nobody();
    SettleRevenue(revenue::SettleRevenue): revenue::decide_settle, on |c| c.revenue, of nobody();
    // Books
    ClosePeriod(Box<books::ClosePeriod>): books::decide_close, on |c| c.id, of operator(&c.agreement);
    RecordPayment(books::RecordPayment): books::decide_payment, on |c| c.period, of period(&c.period);
    CreditInvoice(books::CreditInvoice): books::decide_credit, on |c| c.period, of period(&c.period);
    RecordRefund(books::RecordRefund): books::decide_refund, on |c| c.period, of period(&c.period);
    PayOut(books::PayOut): books::decide_pay_out, on |c| c.period, of period(&c.period);
    ReturnShare(books::ReturnShare): books::decide_return, on |c| c.period, of period(&c.period);
    ReverseEntry(books::ReverseEntry): books::decide_reverse, on |c| c.period, of period(&c.period);
    // Alerts
    HandleAlert(Box<alert::HandleAlert>): alert::decide_handle, on |c| c.alert, of alert(&c.alert);
    // Incidents
    ReportIncident(Box<incident::ReportIncident>): incident::decide_report, on |c| c.id, of nobody();
    GradeIncident(incident::GradeIncident): incident::decide_grade, on |c| c.incident, of incident(&c.incident);
    FulfilDuty(incident::FulfilDuty): incident::decide_fulfil, on |c| c.incident, of incident(&c.incident);
    RetractIncident(Box<incident::RetractIncident>): incident::decide_retract, on |c| c.incident, of incident(&c.incident);
    CloseIncident(incident::CloseIncident): incident::decide_close, on |c| c.incident, of incident(&c.incident);
    // Assessment
    OpenAssessment(assessment::OpenAssessment): assessment::decide_open, on |c| c.id, of nobody();
    ReassignAssessment(assessment::ReassignAssessment): assessment::decide_reassign, on |c| c.assessment, of nobody();
    AssessIndicators(Box<assessment::AssessIndicators>): assessment::decide_indicate, on |c| c.assessment, of assessor(&c.assessment);
    ConcludeAssessment(Box<assessment::ConcludeAssessment>): assessment::decide_conclude, on |c| c.assessment, of assessor(&c.assessment);
    AppealAssessment(assessment::AppealAssessment): assessment::decide_appeal, on |c| c.assessment, of assessed(&c.assessment);
    AnswerAppeal(assessment::AnswerAppeal): assessment::decide_answer, on |c| c.assessment, of nobody();
    RectifyAssessment(assessment::RectifyAssessment): assessment::decide_rectify, on |c| c.assessment, of nobody();
    // Disputes
    OpenDispute(Box<dispute::OpenDispute>): dispute::decide_open, on |c| c.id, of nobody();
    RecordStep(Box<dispute::RecordStep>): dispute::decide_step, on |c| c.dispute, of nobody();
    MoveDispute(dispute::MoveDispute): dispute::decide_move, on |c| c.dispute, of nobody();
    OrderMeasure(dispute::OrderMeasure): dispute::decide_order, on |c| c.dispute, of nobody();
    LiftMeasure(dispute::LiftMeasure): dispute::decide_lift, on |c| c.dispute, of nobody();
    CloseDispute(Box<dispute::CloseDispute>): dispute::decide_close, on |c| c.dispute, of nobody();
    // Evidence and erasure
    MakeEvidence(Box<evidence::MakeEvidence>): evidence::decide_make, on |c| c.id, of nobody();
    EraseCalls(Box<erasure::EraseCalls>): erasure::decide_erase, on |c| c.id, of calls(&c.calls);
    // Files
    RecordFile(file::RecordFile): file::decide_record, on |c| c.id, of nobody();
    ReadFile(file::ReadFile): file::decide_read, on |c| c.file, of nobody();
    RemoveFile(file::RemoveFile): file::decide_remove, on |c| c.file, of file(&c.file);
    // Exit
    StartExit(exit::StartExit): exit::decide_start, on |c| c.id, of nobody();
    PlanExit(Box<exit::PlanExit>): exit::decide_plan, on |c| c.exit, of nobody();
    ReportExitStep(Box<exit::ReportExitStep>): exit::decide_report, on |c| c.exit, of exit_step((&c.exit, c.step));
    CloseExit(exit::CloseExit): exit::decide_close, on |c| c.exit, of nobody();
    // Use
    Subscribe(subscription::Subscribe): subscription::decide_subscribe, on |c| c.id, of nobody();
    Unsubscribe(subscription::Unsubscribe): subscription::decide_unsubscribe, on |c| c.subscription, of subscription(&c.subscription);
    AgreeQuota(subscription::AgreeQuota): subscription::decide_quota, on |c| c.subscription, of seller_or_buyer(&c.subscription);
    ReportLoan(Box<loan::ReportLoan>): loan::decide_report, on |c| c.id, of nobody();
    RecordExport(Box<border::RecordExport>): border::decide_record, on |c| c.id, of operator(&c.agreement);
    EndExport(border::EndExport): border::decide_end, on |c| c.export, of export(&c.export);
    GiveConsent(Box<consent::GiveConsent>): consent::decide_give, on |c| c.id, of nobody();
    RecordConsents(Box<consent::RecordConsents>): consent::decide_record, on |c| c.id, of nobody();
    WithdrawConsent(consent::WithdrawConsent): consent::decide_withdraw, on |c| c.consent, of consent(&c.consent);
    RecordWithdrawal(consent::RecordWithdrawal): consent::decide_recall, on |c| c.consent, of gathered(&c.consent);
}
