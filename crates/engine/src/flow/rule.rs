//! The rules of the information-flow check. In the packs they are one rule, `flow.release`: its parts are named here.

/// Declares the rules with their ids.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $id:literal;)*) => {
        /// A rule by which the check refuses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FlowRule {
            $($(#[$doc])* $rule,)*
        }

        impl FlowRule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The stable id, as refusals write it.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$rule => $id,)* }
            }
        }
    };
}

rules! {
    /// An aggregate is taken of a column itself, by a function that its release rule lists.
    AggregateArgument = "flow.aggregate-argument";
    /// A column leaves in aggregates alone.
    AggregateOnly = "flow.aggregate-only";
    /// A closed column is not mentioned.
    Closed = "flow.closed";
    /// A column leaves by the consent of its subject.
    Consent = "flow.consent";
    /// Rows that are seen by consent stand by themselves.
    ConsentMixed = "flow.consent-mixed";
    /// What can fail on a value is not done where the value is hidden.
    ErrorChannel = "flow.error-channel";
    /// A grant tightens a release rule, and never widens it.
    GrantWidens = "flow.grant-widens";
    /// A column leaves as the key of a group that passes the threshold.
    GroupOnly = "flow.group-only";
    /// Rows of a guarded table are aggregated before anything else is done with them.
    GuardedRows = "flow.guarded-rows";
    /// Guarded resources meet by equality of their join keys.
    JoinKeys = "flow.join-keys";
    /// A column is an equality key between resources, and nothing else.
    JoinOnly = "flow.join-only";
    /// How much a mask keeps is a constant.
    MaskWidth = "flow.mask-width";
    /// A column is used masked.
    MaskedOnly = "flow.masked-only";
    /// Names and secrets do not meet in one condition.
    MixedCondition = "flow.mixed-condition";
    /// A model takes its declared inputs, all of one row.
    ModelInput = "flow.model-input";
    /// The file of a model is the one on record.
    ModelPin = "flow.model-pin";
    /// A model that is suspended or withdrawn is not called.
    ModelStopped = "flow.model-stopped";
    /// A model is reviewed before it is called.
    ModelUnreviewed = "flow.model-unreviewed";
    /// The text is a query that can be planned.
    NotAQuery = "flow.not-a-query";
    /// Only what the scenario grants is used.
    NotGranted = "flow.not-granted";
    /// A column leaves by its rule's own mask.
    OtherMask = "flow.other-mask";
    /// A parameter chooses among guarded rows by the value of a column alone.
    ParameterChoice = "flow.parameter-choice";
    /// Aggregates under the threshold are of whole groups.
    PartialGroup = "flow.partial-group";
    /// A private column is measured in its own resource.
    PrivateJoined = "flow.private-joined";
    /// The rule of a private column can be used.
    PrivateParameters = "flow.private-parameters";
    /// What a subject contributes to a private result can be bounded.
    PrivateRows = "flow.private-rows";
    /// A query takes one exact statistic of a guarded table.
    ReleasedTwice = "flow.released-twice";
    /// A column leaves as the score of a model.
    ScoredOnly = "flow.scored-only";
    /// Subjects can be counted where they have to be.
    SubjectLost = "flow.subject-lost";
    /// Texts do not grow beyond all measure.
    TextGrowth = "flow.text-growth";
    /// A query has so many operators at most.
    TooComplex = "flow.too-complex";
    /// A query nests its brackets so deep at most.
    TooDeep = "flow.too-deep";
    /// A query has so many characters at most.
    TooLong = "flow.too-long";
    /// Private columns take no totals.
    TotalsPrivate = "flow.totals-private";
    /// Totals are nested, or of two dimensions.
    TotalsShape = "flow.totals-shape";
    /// What tells single subjects apart is not trained on.
    TrainIdentifier = "flow.train-identifier";
    /// A model is trained on different columns as they stand.
    TrainInput = "flow.train-input";
    /// A label is a column itself, or one comparison of one.
    TrainLabel = "flow.train-label";
    /// A model is trained on open and scored columns.
    TrainRule = "flow.train-rule";
    /// A training query is a plain selection from one resource.
    TrainShape = "flow.train-shape";
    /// A model is trained on one row a subject.
    TrainSubject = "flow.train-subject";
    /// A function is reviewed before it is used.
    UnknownFunction = "flow.unknown-function";
    /// What the check does not know is refused.
    Unsupported = "flow.unsupported";
}
