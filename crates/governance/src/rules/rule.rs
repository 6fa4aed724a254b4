//! The rules that decisions cite. What a rule says is data in the rule packs.

/// Declares the rules with their ids and the parameters each needs.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $id:literal $([$($parameter:literal),+])?;)*) => {
        /// A rule that a decision can cite.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The stable id, as rule packs and refusals write it.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$rule => $id,)* }
            }

            /// The rule with this id.
            #[must_use]
            pub fn named(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.id() == id)
            }

            /// The parameters that a pack must give for this rule.
            #[must_use]
            pub fn parameters(self) -> &'static [&'static str] {
                match self { $(Self::$rule => &[$($($parameter),+)?],)* }
            }
        }
    };
}

rules! {
    /// The thing spoken of is not on record.
    Unknown = "record.unknown";
    /// A thing is recorded once.
    Duplicate = "record.duplicate";
    /// Two people edited the same thing at once.
    Conflict = "record.conflict";
    /// A step is taken only in the state it belongs to.
    State = "record.state";
    /// A text or number is missing or malformed.
    Input = "record.input";
    /// Who may do what.
    Power = "power.act";
    /// Which of a party's people does which of its acts.
    Post = "power.post" ["machine_acts"];
    /// What a holder of a post delegates, and for how long.
    Delegation = "power.delegation" ["days_max"];
    /// Acts that are kept apart: nobody decides on what he filed.
    FourEyes = "power.four-eyes" ["pairs"];
    /// Organizations and firms carry a valid unified social credit code.
    PartyCode = "party.code";
    /// What changes of a party on record, and what shows it.
    PartyChange = "party.change";
    /// When a party leaves the register.
    PartyLeave = "party.leave" ["assessments"];
    /// A field's release rule fits its level.
    GradingRelease = "grading.release" ["level_1", "level_2", "level_3", "level_4"];
    /// Core data is not authorized, important data with its approval.
    SpecialData = "grading.special" ["approvals"];
    /// What makes data low-sensitive.
    LowSensitive = "grading.low-sensitive" ["level_max", "risk_basis_points_max"];
    /// Shared data is authorized with the consent of the department it came from.
    SharedSource = "resource.shared";
    /// What changes of a resource on record, and how.
    ResourceChange = "resource.change" ["registration_working_days"];
    /// How levels and release rules of a resource change.
    ResourceRegrade = "resource.regrade";
    /// What quality a version has to have, and how it is known.
    QualityMeasure = "quality.measure" [
        "completeness_min", "conformity_min", "uniqueness_min", "timeliness_min",
        "accuracy_min", "consistency_min", "completeness_holds", "conformity_holds",
        "uniqueness_holds", "timeliness_holds", "accuracy_holds", "consistency_holds",
        "periods"
    ];
    /// Issues of quality go to the department, which answers in time.
    QualityOrder = "quality.order" ["answer_working_days"];
    /// A resource's fields are named, meant and consistent.
    ResourceFields = "resource.fields" ["fields_max"];
    /// A resource names a field of application from the one list.
    FieldOfApplication = "resource.field-of-application" ["list"];
    /// A period of the public is not dated back.
    NoticeRecorded = "publicity.recording" ["days_late_max"];
    /// The sections that a plan has.
    PlanSections = "plan.sections" ["list"];
    /// The panel that reviews a plan.
    PlanPanel = "plan.panel" ["experts_min", "in_favour_percent_above"];
    /// The public is asked before the review ends.
    PlanComment = "plan.comment" ["days_min", "in_time"];
    /// Every opinion is answered, with a reason or a basis.
    PlanAnswers = "plan.answers";
    /// A plan is decided collectively.
    PlanDecision = "plan.decision";
    /// An operator is selected to carry out a published plan.
    SelectionPlan = "selection.plan";
    /// No condition limits fair competition.
    SelectionFair = "selection.fair" ["words"];
    /// The conditions of a selection, and what shows them.
    SelectionConditions = "selection.conditions" ["list", "points"];
    /// Applications are taken for long enough, and enough come.
    SelectionApplications = "selection.applications" ["days_min", "tenderers_min"];
    /// Hard conditions are held.
    SelectionQualification = "selection.qualification" ["protection_level_min", "clean_years_min", "check", "check_days_max"];
    /// The panel that scores, without members who have an interest.
    SelectionPanel = "selection.panel" ["members_min"];
    /// Every member scores every applicant, and the first is the candidate.
    SelectionScores = "selection.scores";
    /// The public sees the candidate before the result.
    SelectionPublicity = "selection.publicity" ["days_min"];
    /// Objections are answered before the result.
    SelectionObjections = "selection.objections" ["days_max"];
    /// An agreement is made with the operator that was selected.
    AgreementSelected = "agreement.selected" ["once"];
    /// The longest term of an agreement.
    AgreementTerm = "agreement.term" ["years_max"];
    /// What signs an agreement.
    AgreementSignatures = "agreement.signatures" ["documents"];
    /// The clauses an agreement must have.
    AgreementClauses = "agreement.clauses" ["list"];
    /// The amounts that an agreement fixes.
    AgreementCapacity = "agreement.capacity" ["list", "notice_percent"];
    /// An amendment changes terms, within what an agreement may be, once both sides agree.
    AgreementAmendment = "agreement.amendment" ["answer_days"];
    /// Nothing is served under a suspended agreement.
    AgreementSuspended = "chain.suspended";
    /// Revenue shares add up to the whole and name parties who may receive.
    RevenueShares = "revenue.shares" ["roles"];
    /// The agreement is signed and in its term.
    AgreementInForce = "chain.agreement";
    /// A link cannot exceed the link above it.
    LinkExceeds = "chain.link-exceeds";
    /// The scenario is granted, in its term, and names this use.
    ScenarioInForce = "chain.scenario";
    /// The risks of a scenario are assessed before it is granted.
    ScenarioRisk = "scenario.risk" ["list", "residual_max", "scale"];
    /// A supervisor may object before the grant.
    ScenarioObjection = "scenario.objection" ["working_days_min"];
    /// A frozen scenario answers nothing.
    ScenarioFrozen = "chain.frozen";
    /// Every provider whose resource is used has approved.
    Approval = "chain.approval" ["working_days_max", "silence_approves"];
    /// Consent of the subject where its information is used.
    Consent = "chain.consent" ["days_max"];
    /// Consents that a consumer has gathered, each with its proof.
    ConsentBatch = "consent.batch" ["subjects_max"];
    /// A live subscription.
    Subscription = "chain.subscription";
    /// A loan that is counted rests on a product in use.
    Loan = "statistics.loan";
    /// Whose code is that of an enterprise.
    Enterprise = "statistics.enterprise" ["codes"];
    /// What goes abroad has the path that its number of persons, and important data, ask for.
    ExportPath = "border.path" ["assessment_persons", "assessment_sensitive", "contract_persons", "contract_sensitive", "per_operator", "every_receiver"];
    /// The document of a path is valid, and fits its receiver.
    ExportDocument = "border.document" ["assessment_years"];
    /// Use within the quota.
    Quota = "chain.quota" ["calls_max"];
    /// Calls that fail while they read are on record, and a day has so many.
    Failures = "chain.failures" ["failed_calls_per_day_max"];
    /// Use for the purpose that was granted.
    Purpose = "chain.purpose" ["list"];
    /// No sub-authorization; partners work under the operator with joint liability.
    Partner = "partner.joint-liability";
    /// The operator takes no part in the re-development of what it has delivered.
    Redevelopment = "operator.redevelopment";
    /// Partners develop a part of the products, the operator the main one.
    PartnerShare = "partner.share" ["partner_percent_max"];
    /// A module can be run as a model, and asks for nothing outside itself.
    ModelModule = "model.module";
    /// What a model trained in the domain is made from, and that it stays there.
    ModelTraining = "model.training" ["subjects_min", "subjects_per_input_min", "influence_percent_max"];
    /// A model is reviewed by a second person.
    ModelReview = "model.review" ["own_lift"];
    /// Every model that a product calls is in force.
    ModelInForce = "chain.model";
    /// A product is listed before it is served.
    ProductListed = "product.listed";
    /// A suspended product serves nobody until whoever suspended it resumes it.
    ProductSuspended = "product.suspended";
    /// A withdrawn product is not sold any more, and served until the notice is over.
    ProductWithdrawn = "product.withdrawn" ["notice_days"];
    /// A version follows the newest listed one.
    ProductVersion = "product.version";
    /// By what may be charged.
    PriceForm = "price.form" ["forms"];
    /// A higher price is announced before those pay it who have subscribed.
    PriceNotice = "price.notice" ["days", "of_least_paid"];
    /// What a product rests on is what was reviewed.
    ProductReviewed = "product.reviewed";
    /// A destroyed or missing version cannot answer.
    VersionAvailable = "version.available";
    /// Who may charge, and be paid, is said of every party.
    ChargeParty = "charge.party";
    /// A month is closed after its end, once.
    BooksPeriod = "books.period" ["close_days_min", "due_days", "whole_periods"];
    /// Nothing is paid, credited or refunded beyond what the books hold.
    BooksBalance = "books.balance";
    /// What was recorded by mistake is reversed by an entry of its own, once.
    BooksReversal = "books.reversal";
    /// Revenue is settled on what was metered.
    MeteredRevenue = "revenue.metered";
    /// An incident's clocks begin at its discovery.
    IncidentClock = "incident.clock" ["hours_operator", "hours_department", "hours_critical", "hours_remedy"];
    /// Who is told where personal information leaked.
    IncidentPersons = "incident.persons" ["hours"];
    /// A grave incident freezes the scenarios it names until it is closed.
    IncidentFreeze = "incident.freeze" ["levels"];
    /// An incident is closed once its duties are done.
    IncidentDuties = "incident.duties";
    /// Many more calls of a day than the consumer makes raise an alert.
    AlertSurge = "alert.surge" ["percent", "calls_min", "mean_days"];
    /// So do those at night.
    AlertNight = "alert.night" ["percent", "calls_min", "from_hour", "until_hour"];
    /// So do refused calls.
    AlertRefusals = "alert.refusals" ["per_day"];
    /// So do calls without the consent of their subjects.
    AlertNoConsent = "alert.no-consent" ["per_day"];
    /// So do failed calls.
    AlertFailures = "alert.failures" ["per_day"];
    /// So do refused attempts at the workbench.
    AlertWorkbench = "alert.workbench" ["per_day"];
    /// An alert is handled in time, by another than whom it is about, on what is on record.
    AlertHandling = "alert.handling" ["working_days_max"];
    /// Who is assessed for which year, by whom.
    AssessmentYear = "assessment.year";
    /// The indicators of an assessment, and the panel.
    AssessmentIndicators = "assessment.indicators" ["list", "points", "experts_min"];
    /// What the points come to, and what a failed assessment stops.
    AssessmentConsequence = "assessment.consequence" ["passed", "good", "excellent"];
    /// An operator may appeal.
    AssessmentAppeal = "assessment.appeal" ["days_max"];
    /// Who takes part in a dispute, and when the respondents answer.
    DisputeParty = "dispute.party" ["answer_days"];
    /// A dispute is dealt with as the agreement says.
    DisputeForum = "dispute.forum" ["clause", "consultation", "mediation", "arbitration", "court"];
    /// Who may say how a dispute has ended, and what shows it.
    DisputeEnd = "dispute.end";
    /// Interim measures freeze scenarios until they are lifted.
    DisputeMeasure = "dispute.measure";
    /// An evidence package says what it is for, and names entries.
    EvidencePackage = "evidence.package" ["entries_max"];
    /// Which files are kept, and how many bytes of them.
    FileStore = "file.store" ["media_types", "file_bytes_max", "party_bytes_max"];
    /// What is named stays; what is not can go after a while.
    FileRemoval = "file.removal" ["days_min"];
    /// Who may find that what calls carried must go.
    ErasureGround = "erasure.ground" ["calls_max"];
    /// What calls carried is kept as long as the law asks.
    ErasureRetention = "erasure.retention" ["days"];
    /// A disclosure is about a year that is over, and is due by a day of the next.
    DisclosureYearly = "disclosure.yearly" ["month", "day", "of_year"];
    /// A disclosure is reviewed by another party before it is public.
    DisclosureReview = "disclosure.review";
    /// An operator abuses no power or position; what is found of it is put right before it gets further scenarios.
    OperatorConduct = "operator.conduct" ["list", "answer_working_days"];
    /// An operating report is about a year that is over, with its books closed, and is due by a day of the next.
    ReportYearly = "report.yearly" ["month", "day"];
    /// Which type of registration fits a thing.
    RegistrationType = "registration.type" ["ended_under_way"];
    /// The steps of a registration, in working days.
    RegistrationSteps = "registration.steps" ["acceptance_days", "review_days", "publicity_days"];
    /// An objection stops a registration.
    RegistrationObjection = "registration.objection";
    /// How long a registration is valid, and when it is renewed.
    RegistrationValidity = "registration.validity" ["years", "renewal_days"];
    /// What was registered before the platform comes on record by its papers.
    RegistrationEarlier = "registration.earlier";
    /// What has to be registered before it is used.
    RegistrationRequired = "registration.required" ["kinds"];
    /// The first step of an exit ends every use under the agreement.
    ExitAccess = "chain.exit";
    /// Why an exit starts, and what shows it.
    ExitGround = "exit.ground";
    /// Each class of assets ends in its own way.
    ExitAssets = "exit.assets";
    /// A closing report leaves no asset out.
    ExitInventory = "exit.inventory" ["other_terms_end"];
    /// Each step of an exit has an owner and a day, and is done before the exit is closed.
    ExitPlan = "exit.plan";
    /// How an open order runs out: refunded and ended, or continued by a successor under its own agreement.
    ExitRunOut = "exit.run-out";
    /// A derived model that is kept can reveal no raw data.
    ExitModels = "exit.models";
    /// The final settlement leaves nobody owing or owed.
    ExitSettlement = "exit.settlement";
    /// A price is at or under the ceiling.
    PriceCeiling = "price.ceiling";
    /// Ceilings with expected sales stay within the permitted revenue.
    PermittedRevenue = "revenue.permitted" ["rate_basis_points_max"];
    /// The period for which revenue is permitted.
    RevenuePeriod = "revenue.period" ["years_max", "trial_years_max", "due_days"];
    /// Public governance and public welfare are free.
    PriceFree = "price.free";
    /// An industry product has a price before it is called.
    PriceSet = "price.set";
    /// The smallest number of distinct subjects in a cell that leaves.
    Threshold = "output.threshold" ["subjects_min"];
    /// Controls that every guarded answer passes.
    Controls = "output.controls" ["every"];
    /// The (n, k) dominance rule.
    Dominance = "output.dominance" ["contributors", "percent"];
    /// The p % rule.
    PPercent = "output.p-percent" ["percent"];
    /// Cell-key perturbation.
    CellKey = "output.cell-key" ["deviation_max", "variance_percent", "magnitude_percent"];
    /// Rounding of counts.
    Rounding = "output.rounding" ["base"];
    /// The privacy budget of a resource.
    PrivacyBudget = "output.private" ["rho_micro_max"];
    /// A run at the workbench is on record, and a day has so many.
    WorkbenchRun = "workbench.run" ["runs_per_day_max", "refusals_per_day_max", "answer_interval_millis"];
    /// What the platform measures of an output before people review it.
    OutputChecks = "output.checks" ["unique_basis_points_max", "rows_max", "bytes_max"];
    /// Who reviews an output.
    OutputReview = "output.review" ["two_reviewers"];
    /// What leaves obeys the release rule of every source column.
    Flow = "flow.release";
}

impl Rule {
    /// Rules that no decision cites, because the security domain keeps them: what a query may do, and what of its answer
    /// leaves. The engine's tests have a case for each of them.
    pub const KEPT_BY_THE_DOMAIN: &'static [Self] = &[
        Self::ModelModule,
        Self::Threshold,
        Self::Controls,
        Self::Dominance,
        Self::PPercent,
        Self::CellKey,
        Self::Rounding,
        Self::PrivacyBudget,
        Self::Flow,
    ];
}
