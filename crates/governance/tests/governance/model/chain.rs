//! The chain as nothing but flags: what has been done, and what can be done next.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::exit::{ExitStep, Outcome};
use gongshu_governance::identifier::{IncidentId, RegistrationId, SelectionId, VersionId};
use gongshu_governance::power::Act;
use gongshu_governance::resource::{OrderDestruction, RecordDestruction, RecordVersion};
use gongshu_governance::{Command, Event};
use jiff::civil::{Date, date};

use super::accounts::Accounts;
use super::ending::Ending;

/// What has been done, and not undone.
#[derive(Debug, Clone)]
pub(super) struct Model {
    done: BTreeSet<Act>,
    /// The agreement was withdrawn before it was signed.
    dropped: bool,
    /// The selection is announced that comes to nothing.
    other_announced: bool,
    /// What has become of the selection that is cancelled.
    third: Third,
    /// The cancellation of the registration is applied for.
    cancelling: bool,
    /// The incident is reported that turns out to be none.
    alarmed: bool,
    versions: BTreeMap<VersionId, Fate>,
    /// The other quota of the subscription: who proposed it, and whether both agree to it.
    quota: (Option<String>, bool),
    /// What is billed, paid and owed.
    pub(super) accounts: Accounts,
    /// The exit; none until it is started.
    pub(super) ending: Option<Ending>,
    /// The day.
    pub(super) today: Date,
}

/// The selection of the path that is cancelled.
fn third_selection() -> SelectionId {
    SelectionId::new("sel_3")
}

/// What has become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Third {
    None,
    Announced,
    Applied,
    Cancelled,
}

/// The selection of the path to which nobody applies.
fn other_selection() -> SelectionId {
    SelectionId::new("sel_2")
}

/// The registration of the path that is taken back.
fn cancellation() -> RegistrationId {
    RegistrationId::new("reg_2")
}

/// The incident of the path that turns out to be none.
fn false_alarm() -> IncidentId {
    IncidentId::new("inc_2")
}

/// What has become of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    InOperation,
    Ordered,
    Destroyed,
}

/// What ends in an exit: by its id, the step that deals with it, and the ways in which it may end now.
pub(super) type Assets = BTreeMap<String, (ExitStep, Vec<Outcome>)>;

impl Model {
    pub(super) fn new(today: Date) -> Self {
        Self {
            done: BTreeSet::new(),
            dropped: false,
            other_announced: false,
            third: Third::None,
            cancelling: false,
            alarmed: false,
            versions: BTreeMap::new(),
            quota: (None, false),
            accounts: Accounts::default(),
            ending: None,
            today,
        }
    }

    pub(super) fn has(&self, act: Act) -> bool {
        self.done.contains(&act)
    }

    /// Whether the command can be taken now by its rightful party.
    pub(super) fn allows(&self, by: &str, command: &Command) -> bool {
        let signed = self.has(Act::SignAgreement);
        let ending = self.ending.as_ref();
        match command {
            Command::AnnounceSelection(of) if of.id == other_selection() => {
                self.has(Act::PublishPlan) && !self.other_announced
            }
            Command::AnnounceSelection(of) if of.id == third_selection() => {
                self.has(Act::PublishPlan) && self.third == Third::None
            }
            Command::ApplySelection(of) if of.selection == third_selection() => self.third == Third::Announced,
            Command::WithdrawApplication(_) => self.third == Third::Applied,
            Command::CancelSelection(_) => matches!(self.third, Third::Announced | Third::Applied),
            Command::ReportIncident(of) if of.id == false_alarm() => self.has(Act::ApplyScenario) && !self.alarmed,
            Command::ApplyRegistration(of) if of.id == cancellation() => self.has(Act::AssignCode) && !self.cancelling,
            Command::RecordVersion(RecordVersion { version, .. }) => {
                let there = self.has(Act::RegisterResource) && !self.has(Act::WithdrawResource);
                there && !self.versions.contains_key(&version.id)
            }
            Command::AgreeQuota(_) => self.has(Act::Subscribe) && !self.quota.1 && self.quota.0.as_deref() != Some(by),
            Command::OrderDestruction(OrderDestruction { version, .. }) => {
                self.versions.get(version) == Some(&Fate::InOperation)
            }
            Command::RecordDestruction(RecordDestruction { version, .. }) => {
                self.versions.get(version) == Some(&Fate::Ordered)
            }
            Command::ClosePeriod(close) => {
                let known = close.uses.is_empty() || self.has(Act::Subscribe) || self.has(Act::Unsubscribe);
                signed && known && self.accounts.closes(close, ending.map(|it| it.started), self.today)
            }
            Command::PlanExit(plan) => ending.is_some_and(|it| it.plans(plan, &self.assets(), self.today)),
            Command::ReportExitStep(report) => {
                let settled = self.is_settled();
                ending.is_some_and(|it| it.reports(by, report, &self.assets(), settled, self.excess()))
            }
            Command::CloseExit(_) => {
                let settled = self.is_settled() && !self.excess();
                ending.is_some_and(|it| it.closes(&self.assets(), settled))
            }
            Command::ReverseEntry(_) if ending.is_some_and(|it| it.closed) => false,
            other if Accounts::concern(other) => self.accounts.allows(other),
            other => self.allows_act(other.act()),
        }
    }

    /// Whether every month until the exit is closed, nobody owes or is owed a fen, and what revenue was permitted is settled.
    pub(super) fn is_settled(&self) -> bool {
        let ended = self.ending.as_ref().map(|it| it.started);
        ended.is_some_and(|ended| self.accounts.open_months(ended).is_empty())
            && self.accounts.is_even()
            && (!self.has(Act::PermitRevenue) || self.has(Act::SettleRevenue))
    }

    /// Whether every month until the exit is closed, and the bank has paid no fen too little or too much.
    fn is_paid(&self) -> bool {
        let ended = self.ending.as_ref().map(|it| it.started);
        let closed = ended.is_some_and(|ended| self.accounts.open_months(ended).is_empty());
        closed && self.accounts.bills.values().all(|bill| bill.open() == 0)
    }

    /// Whether the trial prices of the first year still hold.
    fn in_trial(&self) -> bool {
        self.today <= date(2026, 12, 31)
    }

    /// Whether the year of the permitted revenue is over, by its end or that of the agreement, and its months are closed.
    fn is_over(&self) -> bool {
        let year = date(2026, 12, 31);
        let ended = self.ending.as_ref().map(|it| it.started).filter(|ended| *ended <= year);
        let over = ended.is_some() || !self.in_trial();
        over && self.accounts.open_months(ended.unwrap_or(year)).is_empty()
    }

    /// Whether more was earned than permitted, and is not given back: what the path settles is too much.
    pub(super) fn excess(&self) -> bool {
        let returned = self.ending.as_ref().is_some_and(|it| it.returned);
        self.has(Act::SettleRevenue) && !returned
    }

    /// What ends in an exit, as it stands.
    pub(super) fn assets(&self) -> Assets {
        use Outcome::{Destroyed, HandedOver, Licensed, Refunded};
        let mut assets = Assets::new();
        for (id, fate) in &self.versions {
            let ends = if *fate == Fate::Destroyed {
                vec![Destroyed]
            } else {
                vec![]
            };
            assets.insert(id.to_string(), (ExitStep::RawData, ends));
        }
        let mut add = |there: bool, id: &str, step, ends: &[Outcome]| {
            if there {
                assets.insert(id.to_owned(), (step, ends.to_vec()));
            }
        };
        let every = &[Destroyed, HandedOver, Licensed];
        let (models, products) = (ExitStep::Models, ExitStep::Products);
        add(self.has(Act::RegisterModel), "mdl_1", models, every);
        // Its weights are sealed, and nothing on the path withdraws it.
        add(self.has(Act::TrainModel), "mdl_2", models, &every[1..]);
        add(self.has(Act::SubmitProduct), "prd_verify", products, every);
        let kept = self.has(Act::SubmitOutput) && !self.has(Act::WithdrawOutput);
        let released: &[Outcome] = if self.has(Act::ReviewOutput) { &every[1..] } else { &[] };
        add(kept, "out_1", products, released);
        let sold = self.has(Act::Subscribe);
        let even = self.is_paid();
        let refunded: &[Outcome] = if even { &[Refunded] } else { &[] };
        add(sold, "sub_1", ExitStep::Subscriptions, refunded);
        assets
    }

    /// Versions whose destruction is not on record yet, with whether it is ordered.
    pub(super) fn undestroyed(&self) -> Vec<(VersionId, bool)> {
        let left = self.versions.iter().filter(|(_, fate)| **fate != Fate::Destroyed);
        left.map(|(id, fate)| (id.clone(), *fate == Fate::Ordered)).collect()
    }

    /// Whether the act of which there is one can be taken now.
    fn allows_act(&self, act: Act) -> bool {
        use Act::*;
        let once = |act, needs: &[Act]| !self.has(act) && needs.iter().all(|need| self.has(*need));
        match act {
            RegisterResource => once(RegisterResource, &[]),
            ChangeParty => once(ChangeParty, &[]),
            RecordQualityCheck => self.versions.contains_key(&VersionId::new("ver_1")),
            OpenWorkOrder => once(OpenWorkOrder, &[]) && self.versions.contains_key(&VersionId::new("ver_1")),
            AnswerWorkOrder => once(AnswerWorkOrder, &[OpenWorkOrder]),
            CloseWorkOrder => once(CloseWorkOrder, &[AnswerWorkOrder]),
            DeregisterParty => once(DeregisterParty, &[]),
            RecordClearance => once(RecordClearance, &[RegisterResource]) && !self.has(WithdrawResource),
            WithdrawClearance => self.has(RecordClearance),
            AmendResource => {
                let under_way = (self.has(ApplyRegistration) && !self.has(AssignCode))
                    || (self.cancelling && !self.has(WithdrawRegistration));
                once(AmendResource, &[RegisterResource]) && !self.has(WithdrawResource) && !under_way
            }
            WithdrawResource => {
                let unused = !self.has(ApproveResource) || self.has(EndScenario) || self.has(StartExit);
                once(WithdrawResource, &[RegisterResource]) && unused
            }
            RegradeResource => once(RegradeResource, &[RegisterResource]) && !self.has(WithdrawResource),
            DecideRegrading => {
                let under_way = self.has(ApplyRegistration) && !self.has(AssignCode);
                once(DecideRegrading, &[RegradeResource]) && !self.has(WithdrawResource) && !under_way
            }
            DraftPlan => once(DraftPlan, &[]),
            RevisePlan => once(RevisePlan, &[DraftPlan]) && !self.has(ConcludeReview),
            FormPanel => once(FormPanel, &[DraftPlan]),
            ReformPanel => self.has(FormPanel) && !self.has(ConcludeReview),
            OpenComment => once(OpenComment, &[DraftPlan]),
            RecordOpinion => once(RecordOpinion, &[FormPanel]) && !self.has(ConcludeReview),
            AnswerOpinion => self.has(RecordOpinion) && !self.has(ConcludeReview),
            ConcludeReview => {
                let answered = self.has(AnswerOpinion) || !self.has(RecordOpinion);
                once(ConcludeReview, &[FormPanel, OpenComment]) && answered
            }
            DecidePlan => once(DecidePlan, &[ConcludeReview]),
            PublishPlan => once(PublishPlan, &[DecidePlan]),
            AnnounceSelection => once(AnnounceSelection, &[PublishPlan]),
            ApplySelection => once(ApplySelection, &[AnnounceSelection]) && !self.has(SeatPanel),
            QualifyApplicant => once(QualifyApplicant, &[ApplySelection]),
            SeatPanel => once(SeatPanel, &[QualifyApplicant]),
            ReseatPanel => self.has(SeatPanel) && !self.has(ScoreApplicant),
            WithdrawApplication | CancelSelection => false,
            ScoreApplicant => once(ScoreApplicant, &[SeatPanel]),
            PublicizeCandidate => once(PublicizeCandidate, &[ScoreApplicant]),
            ObjectSelection => once(ObjectSelection, &[PublicizeCandidate]) && !self.has(ConfirmSelection),
            ResolveObjection => once(ResolveObjection, &[ObjectSelection]) && !self.has(ConfirmSelection),
            FailSelection => once(FailSelection, &[]) && self.other_announced,
            ConfirmSelection => {
                let answered = self.has(ResolveObjection) || !self.has(ObjectSelection);
                once(ConfirmSelection, &[PublicizeCandidate]) && answered
            }
            ProposeAgreement => {
                let cleared = self.has(RecordClearance) && !self.has(WithdrawResource);
                once(ProposeAgreement, &[RegisterResource, ConfirmSelection]) && cleared
            }
            SealAgreement => {
                let open = !self.has(AcceptAmendment) && !self.has(StartExit) && !self.dropped;
                once(SealAgreement, &[ProposeAgreement]) && open
            }
            SignAgreement => once(SignAgreement, &[ProposeAgreement]) && !self.dropped,
            ApplyScenario => {
                let failed = self.has(ConcludeAssessment) && !self.has(RectifyAssessment);
                once(ApplyScenario, &[SignAgreement, RecordClearance])
                    && self.authorizes()
                    && !failed
                    && !self.has(WithdrawResource)
            }
            ObjectScenario => once(ObjectScenario, &[ApplyScenario]) && !self.has(GrantScenario),
            LiftObjection => self.has(ObjectScenario),
            AssessRisk => self.has(ApplyScenario) && !self.has(GrantScenario),
            GrantScenario => {
                let unopposed = !self.has(ObjectScenario);
                let failed = self.has(ConcludeAssessment) && !self.has(RectifyAssessment);
                once(GrantScenario, &[ApplyScenario, AssessRisk, AssignCode, RecordClearance])
                    && unopposed
                    && !failed
                    && self.authorizes()
                    && !self.has(OrderMeasure)
            }
            ProposeAmendment => {
                let sound = self.has(RecordClearance) && !self.has(WithdrawResource) && self.authorizes();
                self.has(SignAgreement) && !self.has(AcceptAmendment) && sound
            }
            WithdrawAmendment if !self.has(SignAgreement) => self.has(ProposeAgreement) && !self.dropped,
            DeclineAmendment | WithdrawAmendment => self.has(ProposeAmendment) && !self.has(AcceptAmendment),
            AcceptAmendment => {
                once(AcceptAmendment, &[ProposeAmendment, RecordClearance])
                    && self.authorizes()
                    && !self.has(WithdrawResource)
            }
            SuspendAgreement => once(SuspendAgreement, &[SignAgreement]) && !self.has(StartExit),
            ResumeAgreement => self.has(SuspendAgreement),
            OpenAssessment => once(OpenAssessment, &[SignAgreement]),
            ReassignAssessment => once(ReassignAssessment, &[OpenAssessment]) && !self.has(ConcludeAssessment),
            AssessIndicators => self.has(ReassignAssessment) && !self.has(ConcludeAssessment),
            ConcludeAssessment => once(ConcludeAssessment, &[AssessIndicators]),
            AppealAssessment => once(AppealAssessment, &[ConcludeAssessment]),
            AnswerAppeal => once(AnswerAppeal, &[AppealAssessment]),
            RectifyAssessment => once(RectifyAssessment, &[ConcludeAssessment]),
            OpenDispute => once(OpenDispute, &[ApplyScenario]),
            RecordStep => self.has(OpenDispute) && !self.has(CloseDispute),
            MoveDispute => once(MoveDispute, &[OpenDispute]) && !self.has(CloseDispute),
            OrderMeasure => once(OrderMeasure, &[OpenDispute]) && !self.has(CloseDispute),
            LiftMeasure => self.has(OrderMeasure),
            CloseDispute => once(CloseDispute, &[OpenDispute]) && !self.has(OrderMeasure),
            RecordConsents => once(RecordConsents, &[RegisterResource]),
            RecordWithdrawal => once(RecordWithdrawal, &[RecordConsents]),
            EndEngagement => once(EndEngagement, &[EngagePartner]),
            RefuseScenario | WithdrawScenario => false,
            NarrowScenario => once(NarrowScenario, &[GrantScenario]) && !self.has(EndScenario),
            EndScenario => once(EndScenario, &[GrantScenario]),
            ApproveResource => {
                once(ApproveResource, &[ApplyScenario, RecordClearance])
                    && !self.has(EndScenario)
                    && !self.has(WithdrawResource)
            }
            DeclineResource => once(DeclineResource, &[ApplyScenario]) && !self.has(EndScenario),
            FreezeScenario => once(FreezeScenario, &[GrantScenario]) && !self.has(EndScenario),
            ThawScenario => self.has(FreezeScenario),
            EngagePartner => once(EngagePartner, &[ApplyScenario]) && !self.has(EndScenario),
            RegisterModel => once(RegisterModel, &[ApplyScenario]) && self.authorizes() && !self.has(EndScenario),
            TrainModel => {
                once(TrainModel, &[RecordVersion, RecordClearance]) && self.develops() && !self.has(OrderDestruction)
            }
            ReviewModel => {
                // The supervisor has suspended it, and puts it in force again by no review of the path.
                let waits = !self.has(ReviewModel) && !self.has(SuspendModel);
                self.has(RegisterModel) && waits && !self.has(WithdrawModel)
            }
            SuspendModel => self.has(ReviewModel) && !self.has(WithdrawModel),
            WithdrawModel => once(WithdrawModel, &[RegisterModel]),
            SubmitProduct => {
                once(SubmitProduct, &[GrantScenario, EngagePartner, ReviewModel])
                    && !self.has(WithdrawModel)
                    && !self.is_frozen()
                    && !self.has(EndScenario)
                    && !self.has(EndEngagement)
                    && self.authorizes()
            }
            ListProduct => once(ListProduct, &[SubmitProduct]) && self.lives(),
            // Those of the path are of other products, which the model does not have.
            RefuseProduct | RetractProduct => false,
            SuspendProduct => self.has(ListProduct) && !self.has(SuspendProduct),
            ResumeProduct => self.has(SuspendProduct),
            WithdrawProduct => once(WithdrawProduct, &[ListProduct]),
            SetCeiling => {
                self.has(SubmitProduct) && self.has(PermitRevenue) && !self.has(SettleRevenue) && self.in_trial()
            }
            SetPrice => self.has(SubmitProduct) && (self.has(SetCeiling) || self.has(SetCeilings)),
            PermitRevenue => once(PermitRevenue, &[SignAgreement]),
            SetCeilings => self.has(SubmitProduct) && self.has(PermitRevenue) && !self.has(SettleRevenue),
            SettleRevenue => once(SettleRevenue, &[PermitRevenue]) && self.is_over(),
            Subscribe => {
                let stopped = [Unsubscribe, SuspendProduct, WithdrawProduct];
                once(Subscribe, &[ListProduct, SetPrice])
                    && self.lives()
                    && self.in_trial()
                    && !stopped.iter().any(|act| self.has(*act))
            }
            Unsubscribe => self.has(Subscribe),
            GiveConsent => once(GiveConsent, &[RegisterResource]) && !self.has(WithdrawConsent),
            WithdrawConsent => self.has(GiveConsent),
            ReportLoan => once(ReportLoan, &[SubmitProduct]) && (self.has(Subscribe) || self.has(Unsubscribe)),
            RecordExport => once(RecordExport, &[ProposeAgreement]),
            EndExport => once(EndExport, &[RecordExport]),
            CreatePost => once(CreatePost, &[]),
            AppointPerson => once(AppointPerson, &[CreatePost]) && !self.has(ClosePost),
            Delegate => once(Delegate, &[AppointPerson]) && !self.has(ClosePost),
            RevokeDelegation => once(RevokeDelegation, &[Delegate]),
            DismissPerson => self.has(AppointPerson) && !self.has(ClosePost),
            ClosePost => once(ClosePost, &[CreatePost]),
            IssueCredential => once(IssueCredential, &[]),
            RevokeCredential => self.has(IssueCredential),
            HandleAlert => once(HandleAlert, &[]) && (self.has(Subscribe) || self.has(Unsubscribe)),
            ReportIncident => once(ReportIncident, &[ApplyScenario]),
            GradeIncident => once(GradeIncident, &[ReportIncident]) && !self.has(CloseIncident),
            FulfilDuty => once(FulfilDuty, &[ReportIncident]) && !self.has(CloseIncident),
            RetractIncident => self.alarmed && once(RetractIncident, &[]),
            CloseIncident => once(CloseIncident, &[GradeIncident, FulfilDuty]),
            SaveQuery => once(SaveQuery, &[]) && self.develops(),
            RecordAttempt => once(RecordAttempt, &[]) && self.develops(),
            RunQuery => {
                once(RunQuery, &[RecordVersion, RecordClearance]) && self.develops() && !self.has(OrderDestruction)
            }
            SubmitOutput => {
                once(SubmitOutput, &[SaveQuery, RecordVersion]) && self.develops() && !self.has(OrderDestruction)
            }
            ReviewOutput => once(ReviewOutput, &[SubmitOutput]) && !self.has(WithdrawOutput) && self.works(),
            CollectOutput => self.has(ReviewOutput) && !self.has(WithdrawOutput) && self.develops(),
            WithdrawOutput => once(WithdrawOutput, &[SubmitOutput]),
            PrepareDisclosure => once(PrepareDisclosure, &[]),
            ReviewDisclosure => once(ReviewDisclosure, &[PrepareDisclosure]),
            PublishDisclosure => once(PublishDisclosure, &[ReviewDisclosure]),
            ApplyRegistration => once(ApplyRegistration, &[RegisterResource]),
            WithdrawRegistration => self.cancelling && once(WithdrawRegistration, &[]),
            AcceptRegistration => once(AcceptRegistration, &[ApplyRegistration]),
            ReviewRegistration => once(ReviewRegistration, &[AcceptRegistration]),
            ObjectToRegistration => once(ObjectToRegistration, &[ReviewRegistration]) && !self.has(AssignCode),
            ResolveRegistrationObjection => once(ResolveRegistrationObjection, &[ObjectToRegistration]),
            AssignCode => {
                let settled = self.has(ResolveRegistrationObjection) || !self.has(ObjectToRegistration);
                once(AssignCode, &[ReviewRegistration]) && settled
            }
            MakeEvidence => once(MakeEvidence, &[]),
            RecordFile => once(RecordFile, &[]),
            ReadFile => self.has(RecordFile) && !self.has(RemoveFile),
            RemoveFile => once(RemoveFile, &[RecordFile]),
            EraseCalls => once(EraseCalls, &[ApplyScenario]),
            StartExit => once(StartExit, &[SignAgreement]),
            // These are decided by what the command says, above.
            RecordVersion | OrderDestruction | RecordDestruction | ClosePeriod | RecordPayment | CreditInvoice
            | RecordRefund | PayOut | ReturnShare | ReverseEntry | AgreeQuota | PlanExit | ReportExitStep
            | CloseExit => false,
            RegisterParty | CallProduct | CheckQuery | Watch | TryRules => false,
        }
    }

    /// Whether something can be asked for under the agreement.
    pub(super) fn authorizes(&self) -> bool {
        !self.has(Act::StartExit) && !self.has(Act::SuspendAgreement)
    }

    /// Takes what was accepted, and what it led to.
    ///
    /// # Errors
    /// Says what of it does not add up.
    pub(super) fn take(&mut self, command: &Command, events: &[Event]) -> Result<(), String> {
        let today = self.today;
        match command {
            Command::AnnounceSelection(of) if of.id == other_selection() => {
                self.other_announced = true;
                return Ok(());
            }
            Command::AnnounceSelection(of) if of.id == third_selection() => {
                self.third = Third::Announced;
                return Ok(());
            }
            Command::ApplySelection(of) if of.selection == third_selection() => {
                self.third = Third::Applied;
                return Ok(());
            }
            Command::WithdrawApplication(_) => self.third = Third::Announced,
            Command::CancelSelection(_) => self.third = Third::Cancelled,
            Command::ApplyRegistration(of) if of.id == cancellation() => {
                self.cancelling = true;
                return Ok(());
            }
            Command::ReportIncident(of) if of.id == false_alarm() => {
                self.alarmed = true;
                return Ok(());
            }
            Command::RecordVersion(of) => {
                self.versions.insert(of.version.id.clone(), Fate::InOperation);
            }
            Command::OrderDestruction(of) => {
                self.versions.insert(of.version.clone(), Fate::Ordered);
            }
            Command::RecordDestruction(of) => {
                self.versions.insert(of.version.clone(), Fate::Destroyed);
            }
            Command::AgreeQuota(_) => {
                let by = events.iter().find_map(|event| match event {
                    Event::QuotaAgreed { by, .. } => Some(by.to_string()),
                    _ => None,
                });
                self.quota = (by, self.quota.0.is_some());
            }
            Command::StartExit(start) => self.ending = Some(Ending::new(start, today)),
            _ => {}
        }
        self.take_act(command.act());
        if let Some(ending) = &mut self.ending {
            ending.take(command);
        }
        events.iter().try_for_each(|event| self.accounts.take(event))
    }

    fn take_act(&mut self, act: Act) {
        use Act::*;
        self.done.insert(act);
        if act == EndScenario {
            self.end_scenario();
        }
        self.dropped |= act == WithdrawAmendment && !self.has(SignAgreement);
        if act == EndEngagement && !self.has(ListProduct) {
            self.done.remove(&SubmitProduct);
        }
        let undone: &[Act] = match act {
            ApproveResource => &[DeclineResource],
            DeclineResource => &[ApproveResource],
            ThawScenario => &[FreezeScenario, ThawScenario],
            DeclineAmendment => &[ProposeAmendment, DeclineAmendment],
            WithdrawAmendment => &[ProposeAmendment, WithdrawAmendment],
            ResumeAgreement => &[SuspendAgreement, ResumeAgreement],
            LiftObjection => &[ObjectScenario, LiftObjection],
            LiftMeasure => &[OrderMeasure, LiftMeasure],
            ResumeProduct => &[SuspendProduct, ResumeProduct],
            DismissPerson => &[AppointPerson, DismissPerson],
            Unsubscribe => &[Subscribe],
            SuspendModel => &[ReviewModel],
            WithdrawConsent => &[GiveConsent],
            WithdrawClearance => &[RecordClearance, WithdrawClearance],
            RevokeCredential => &[IssueCredential, RevokeCredential],
            _ => &[],
        };
        for act in undone {
            self.done.remove(act);
        }
    }

    /// A scenario takes its product off the list, or keeps it from it, and its subscriptions end.
    fn end_scenario(&mut self) {
        use Act::*;
        self.done.remove(&FreezeScenario);
        if self.has(ListProduct) {
            self.done.insert(WithdrawProduct);
        } else {
            self.done.remove(&SubmitProduct);
        }
        if self.done.remove(&Subscribe) {
            self.done.insert(Unsubscribe);
        }
    }

    /// Whether the scenario is frozen: for a supervisor's order or for a measure, each of which ends by itself.
    fn is_frozen(&self) -> bool {
        self.has(Act::FreezeScenario) || self.has(Act::OrderMeasure)
    }

    /// Whether the partner may work under the scenario.
    fn works(&self) -> bool {
        use Act::*;
        let needed = [GrantScenario, ApproveResource, EngagePartner];
        needed.iter().all(|act| self.has(*act)) && !self.is_frozen() && !self.has(EndScenario) && self.authorizes()
    }

    /// Whether the partner may go on working under it.
    fn develops(&self) -> bool {
        self.works() && !self.has(Act::EndEngagement)
    }

    /// Whether the chain above the product lives.
    fn lives(&self) -> bool {
        use Act::*;
        let needed = [GrantScenario, ApproveResource, ReviewModel, RecordClearance];
        needed.iter().all(|act| self.has(*act))
            && !self.has(EndEngagement)
            && !self.has(WithdrawModel)
            && !self.is_frozen()
            && !self.has(EndScenario)
            && self.authorizes()
    }

    /// Whether the bank may call.
    pub(super) fn serves(&self) -> bool {
        use Act::*;
        let needed = [ListProduct, RecordVersion, GiveConsent, Subscribe, SetPrice];
        needed.iter().all(|act| self.has(*act))
            && !self.has(SuspendProduct)
            && !self.has(OrderDestruction)
            && self.lives()
    }
}
