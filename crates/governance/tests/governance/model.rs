//! The rules against a model of the chain that is nothing but flags: any acts, by anyone, in any order.

use std::collections::{BTreeMap, BTreeSet};

use gongshu_governance::authorization::Usage;
use gongshu_governance::power::Act;
use gongshu_governance::{Command, Moment, State, evolve};
use proptest::prelude::*;

use crate::district::{District, PARTIES, path};

/// What has been done, and not undone.
#[derive(Debug, Default, Clone)]
struct Model {
    done: BTreeSet<Act>,
}

impl Model {
    fn has(&self, act: Act) -> bool {
        self.done.contains(&act)
    }

    /// Whether the step of the path that asks for `act` can be taken now by its rightful party.
    fn allows(&self, act: Act) -> bool {
        use Act::*;
        let once = |act, needs: &[Act]| !self.has(act) && needs.iter().all(|need| self.has(*need));
        match act {
            RegisterResource => once(RegisterResource, &[]),
            RecordVersion => once(RecordVersion, &[RegisterResource]),
            DraftPlan => once(DraftPlan, &[]),
            RevisePlan => once(RevisePlan, &[DraftPlan]) && !self.has(ConcludeReview),
            FormPanel => once(FormPanel, &[DraftPlan]),
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
            ScoreApplicant => once(ScoreApplicant, &[SeatPanel]),
            PublicizeCandidate => once(PublicizeCandidate, &[ScoreApplicant]),
            ObjectSelection => once(ObjectSelection, &[PublicizeCandidate]) && !self.has(ConfirmSelection),
            ResolveObjection => once(ResolveObjection, &[ObjectSelection]) && !self.has(ConfirmSelection),
            ConfirmSelection => {
                let answered = self.has(ResolveObjection) || !self.has(ObjectSelection);
                once(ConfirmSelection, &[PublicizeCandidate]) && answered
            }
            ProposeAgreement => once(ProposeAgreement, &[RegisterResource, ConfirmSelection]),
            SealAgreement => {
                once(SealAgreement, &[ProposeAgreement]) && !self.has(AcceptAmendment) && !self.has(StartExit)
            }
            SignAgreement => once(SignAgreement, &[ProposeAgreement]),
            ApplyScenario => {
                let failed = self.has(ConcludeAssessment) && !self.has(RectifyAssessment);
                once(ApplyScenario, &[SignAgreement]) && self.authorizes() && !failed
            }
            ObjectScenario => once(ObjectScenario, &[ApplyScenario]) && !self.has(GrantScenario),
            LiftObjection => self.has(ObjectScenario),
            AssessRisk => self.has(ApplyScenario) && !self.has(GrantScenario),
            GrantScenario => {
                let unopposed = !self.has(ObjectScenario);
                once(GrantScenario, &[ApplyScenario, AssessRisk])
                    && unopposed
                    && self.authorizes()
                    && !self.has(OrderMeasure)
            }
            ProposeAmendment => self.has(SignAgreement) && !self.has(AcceptAmendment) && self.authorizes(),
            DeclineAmendment | WithdrawAmendment => self.has(ProposeAmendment) && !self.has(AcceptAmendment),
            AcceptAmendment => once(AcceptAmendment, &[ProposeAmendment]) && self.authorizes(),
            SuspendAgreement => once(SuspendAgreement, &[SignAgreement]) && !self.has(StartExit),
            ResumeAgreement => self.has(SuspendAgreement),
            OpenAssessment => once(OpenAssessment, &[SignAgreement]),
            AssessIndicators => self.has(OpenAssessment) && !self.has(ConcludeAssessment),
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
            ApproveResource => once(ApproveResource, &[ApplyScenario]),
            DeclineResource => once(DeclineResource, &[ApplyScenario]),
            FreezeScenario => once(FreezeScenario, &[GrantScenario]),
            ThawScenario => self.has(FreezeScenario) && !self.has(OrderMeasure),
            EngagePartner => once(EngagePartner, &[ApplyScenario]),
            RegisterModel => once(RegisterModel, &[ApplyScenario]) && self.authorizes(),
            TrainModel => once(TrainModel, &[RecordVersion]) && self.works() && !self.has(OrderDestruction),
            ReviewModel => self.has(RegisterModel) && !self.has(ReviewModel) && !self.has(WithdrawModel),
            SuspendModel => self.has(ReviewModel) && !self.has(WithdrawModel),
            WithdrawModel => once(WithdrawModel, &[RegisterModel]),
            SubmitProduct => {
                once(SubmitProduct, &[GrantScenario, EngagePartner, ReviewModel])
                    && !self.has(WithdrawModel)
                    && !self.has(FreezeScenario)
                    && self.authorizes()
            }
            ListProduct => once(ListProduct, &[SubmitProduct]) && self.lives(),
            SuspendProduct => self.has(ListProduct) && !self.has(SuspendProduct),
            ResumeProduct => self.has(SuspendProduct),
            WithdrawProduct => once(WithdrawProduct, &[ListProduct]),
            SetCeiling => self.has(SubmitProduct),
            SetPrice => self.has(SetCeiling) || self.has(SetCeilings),
            PermitRevenue => once(PermitRevenue, &[SignAgreement]),
            SetCeilings => self.has(SubmitProduct) && self.has(PermitRevenue) && !self.has(SettleRevenue),
            SettleRevenue => once(SettleRevenue, &[PermitRevenue]),
            ClosePeriod => once(ClosePeriod, &[]) && (self.has(Subscribe) || self.has(Unsubscribe)),
            RecordPayment => once(RecordPayment, &[ClosePeriod]) && !self.has(CreditInvoice),
            ReturnShare => once(ReturnShare, &[PayOut, CreditInvoice]),
            PayOut => once(PayOut, &[RecordPayment]) && !self.has(CreditInvoice),
            CreditInvoice => once(CreditInvoice, &[ClosePeriod]),
            RecordRefund => once(RecordRefund, &[RecordPayment, CreditInvoice]),
            Subscribe => {
                let stopped = [Unsubscribe, SuspendProduct, WithdrawProduct];
                once(Subscribe, &[ListProduct, SetPrice]) && self.lives() && !stopped.iter().any(|act| self.has(*act))
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
            OrderDestruction => once(OrderDestruction, &[RecordVersion]),
            RecordDestruction => once(RecordDestruction, &[OrderDestruction]),
            ReportIncident => once(ReportIncident, &[ApplyScenario]),
            GradeIncident => once(GradeIncident, &[ReportIncident]) && !self.has(CloseIncident),
            FulfilDuty => once(FulfilDuty, &[ReportIncident]) && !self.has(CloseIncident),
            CloseIncident => once(CloseIncident, &[GradeIncident, FulfilDuty]),
            SaveQuery => once(SaveQuery, &[]) && self.works(),
            RecordAttempt => once(RecordAttempt, &[]) && self.works(),
            RunQuery => once(RunQuery, &[RecordVersion]) && self.works() && !self.has(OrderDestruction),
            SubmitOutput => {
                once(SubmitOutput, &[SaveQuery, RecordVersion]) && self.works() && !self.has(OrderDestruction)
            }
            ReviewOutput => once(ReviewOutput, &[SubmitOutput]) && !self.has(WithdrawOutput) && self.works(),
            CollectOutput => self.has(ReviewOutput) && !self.has(WithdrawOutput) && self.works(),
            WithdrawOutput => once(WithdrawOutput, &[SubmitOutput]),
            PrepareDisclosure => once(PrepareDisclosure, &[]),
            ReviewDisclosure => once(ReviewDisclosure, &[PrepareDisclosure]),
            PublishDisclosure => once(PublishDisclosure, &[ReviewDisclosure]),
            ApplyRegistration => once(ApplyRegistration, &[RegisterResource]),
            AcceptRegistration => once(AcceptRegistration, &[ApplyRegistration]),
            ReviewRegistration => once(ReviewRegistration, &[AcceptRegistration]),
            ObjectToRegistration => once(ObjectToRegistration, &[ReviewRegistration]) && !self.has(AssignCode),
            ResolveRegistrationObjection => once(ResolveRegistrationObjection, &[ObjectToRegistration]),
            AssignCode => {
                let settled = self.has(ResolveRegistrationObjection) || !self.has(ObjectToRegistration);
                once(AssignCode, &[ReviewRegistration]) && settled
            }
            MakeEvidence => once(MakeEvidence, &[]),
            EraseCalls => once(EraseCalls, &[ApplyScenario]),
            StartExit => once(StartExit, &[SignAgreement]),
            // The plan of the path has no refunds.
            PlanExit => self.has(StartExit) && !self.has(Subscribe),
            ReportExitStep => once(ReportExitStep, &[PlanExit, RegisterModel, TrainModel]),
            // The first report on the path is of one step; the others are not among the model's.
            CloseExit => false,
            RegisterParty | CallProduct | CheckQuery | Watch => false,
        }
    }

    /// Whether something can be asked for under the agreement.
    fn authorizes(&self) -> bool {
        !self.has(Act::StartExit) && !self.has(Act::SuspendAgreement)
    }

    fn take(&mut self, act: Act) {
        use Act::*;
        self.done.insert(act);
        // A measure freezes what is granted, and thaws it when it is lifted, whoever froze it.
        if act == OrderMeasure && self.has(GrantScenario) {
            self.done.insert(FreezeScenario);
        }
        let undone: &[Act] = match act {
            ApproveResource => &[DeclineResource],
            DeclineResource => &[ApproveResource],
            ThawScenario => &[FreezeScenario, ThawScenario],
            DeclineAmendment => &[ProposeAmendment, DeclineAmendment],
            WithdrawAmendment => &[ProposeAmendment, WithdrawAmendment],
            ResumeAgreement => &[SuspendAgreement, ResumeAgreement],
            LiftObjection => &[ObjectScenario, LiftObjection],
            LiftMeasure => &[OrderMeasure, FreezeScenario, LiftMeasure],
            ResumeProduct => &[SuspendProduct, ResumeProduct],
            DismissPerson => &[AppointPerson, DismissPerson],
            Unsubscribe => &[Subscribe],
            SuspendModel => &[ReviewModel],
            WithdrawConsent => &[GiveConsent],
            RevokeCredential => &[IssueCredential, RevokeCredential],
            _ => &[],
        };
        for act in undone {
            self.done.remove(act);
        }
    }

    /// Whether the partner may work under the scenario.
    fn works(&self) -> bool {
        use Act::*;
        let needed = [GrantScenario, ApproveResource, EngagePartner];
        needed.iter().all(|act| self.has(*act)) && !self.has(FreezeScenario) && self.authorizes()
    }

    /// Whether the chain above the product lives.
    fn lives(&self) -> bool {
        use Act::*;
        let needed = [GrantScenario, ApproveResource, ReviewModel];
        needed.iter().all(|act| self.has(*act))
            && !self.has(WithdrawModel)
            && !self.has(FreezeScenario)
            && self.authorizes()
    }

    /// Whether the bank may call.
    fn serves(&self) -> bool {
        use Act::*;
        let needed = [ListProduct, RecordVersion, GiveConsent, Subscribe, SetPrice];
        needed.iter().all(|act| self.has(*act))
            && !self.has(SuspendProduct)
            && !self.has(OrderDestruction)
            && self.lives()
    }
}

/// Everything of a state as text, in one order.
pub(crate) fn picture(state: &State) -> BTreeMap<String, String> {
    let mut picture = BTreeMap::from([("sequence".to_owned(), state.sequence.to_string())]);
    macro_rules! draw {
        ($($records:ident),*) => {$(
            for (id, record) in state.$records.iter() {
                picture.insert(format!("{} {id:?}", stringify!($records)), format!("{record:?}"));
            }
        )*};
    }
    draw!(
        parties,
        party_by_code,
        posts,
        posts_by_party,
        delegations,
        filed,
        credentials,
        credential_by_hash,
        resources,
        agreements,
        scenarios,
        engagements,
        models
    );
    draw!(
        queries,
        runs,
        outputs,
        products,
        revenues,
        plans,
        selections,
        evidence,
        incidents,
        disputes,
        assessments,
        disclosures,
        registrations,
        registered,
        registration_by_query,
        erasures,
        erased,
        periods,
        books,
        exits,
        subscriptions,
        subscription_by_use,
        loans,
        exports,
        exports_by_use,
        consents,
        consents_by_code,
        revisions
    );
    // The same set can have trees of several shapes.
    for (of, consents) in state.consents_by_use.iter() {
        let consents: Vec<_> = consents.iter().collect();
        picture.insert(format!("consents_by_use {of:?}"), format!("{consents:?}"));
    }
    picture
}

/// The steps of the path after the parties, the first of each act.
fn steps() -> Vec<(&'static str, Command)> {
    let mut seen = BTreeSet::new();
    let steps = path().split_off(PARTIES.len()).into_iter();
    steps.filter(|(_, command)| seen.insert(command.act())).collect()
}

/// A step of the path, and who asks for it where it is not the rightful one.
fn request() -> impl Strategy<Value = (usize, Option<usize>)> {
    (0..steps().len(), prop::option::weighted(0.1, 0..PARTIES.len()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_accepted_is_what_the_model_allows(requests in prop::collection::vec(request(), 0..120), along in 0_usize..101, cut: prop::sample::Index) {
        let steps = steps();
        // Most runs go some way along the path first; a random walk alone would seldom reach a call.
        let walk = (0..along.min(steps.len())).map(|step| (step, None)).chain(requests);
        let mut district = District::after(PARTIES.len());
        let mut model = Model::default();
        for (step, other) in walk {
            let (rightful, command) = &steps[step];
            let asks = other.map_or(*rightful, |index| PARTIES[index].0);
            let act = command.act();
            // Others who may as well would change whose thing it is; the model has one of each.
            if asks != *rightful && matches!(act, Act::ProposeAmendment | Act::EndExport | Act::RevokeCredential | Act::RegisterModel | Act::SuspendModel | Act::SuspendProduct | Act::SubmitProduct | Act::Subscribe | Act::GiveConsent | Act::MakeEvidence | Act::PrepareDisclosure | Act::ReviewDisclosure | Act::ObjectToRegistration | Act::ReportIncident | Act::SaveQuery | Act::RecordAttempt | Act::RunQuery | Act::TrainModel | Act::ReviewOutput | Act::ApplySelection | Act::ObjectSelection | Act::RecordConsents | Act::SuspendAgreement | Act::OpenDispute | Act::RecordStep | Act::MoveDispute | Act::CloseDispute | Act::OrderMeasure | Act::LiftMeasure) {
                continue;
            }
            let before = district.events.len();
            let outcome = district.act(asks, command);
            let expected = asks == *rightful && model.allows(act);
            prop_assert_eq!(outcome.is_ok(), expected, "{} by {}: {:?}, {:?}", act.id(), asks, outcome, model);
            prop_assert_eq!(district.events.len() > before, expected);
            if expected {
                model.take(act);
            }
            let call = district.call(Usage::default());
            prop_assert_eq!(call.is_ok(), model.serves(), "{:?} {:?}", call, model);
            if let Ok(permit) = call {
                let total: i64 = permit.split.iter().map(|(_, share)| share.fen()).sum();
                prop_assert_eq!(total, permit.fee.fen());
            }
        }
        if let Some(books) = district.state.books.values().next() {
            let total: i64 = books.balances().values().map(|balance| balance.fen()).sum();
            prop_assert_eq!(total, 0);
            prop_assert!(books.cash().fen() >= 0);
        }
        // The state of all events, and that of a saved state and the events after it.
        let cut = cut.index(district.events.len() + 1);
        let (mut replayed, mut saved) = (State::default(), Vec::new());
        for (sequence, event) in (1..).zip(&district.events) {
            if replayed.sequence == cut as u64 {
                saved = replayed.save().unwrap();
            }
            evolve(&mut replayed, event, Moment { sequence, at: district.now });
        }
        prop_assert_eq!(picture(&replayed), picture(&district.state));
        if cut < district.events.len() {
            let mut restored = State::restore(&saved).unwrap();
            for (sequence, event) in (1..).zip(&district.events).skip(cut) {
                evolve(&mut restored, event, Moment { sequence, at: district.now });
            }
            prop_assert_eq!(picture(&restored), picture(&replayed));
        }
    }
}
