//! Identifiers: one type per kind of thing, sortable and opaque.

mod uscc;

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use uscc::{CreditCode, CreditCodeError};

/// Declares an id newtype with its prefix.
macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Builds the id from its text; the caller made it with [`Self::PREFIX`] and a ULID.
            #[must_use]
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(std::sync::Arc::from(text.as_ref()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// The same text, not copied.
        impl From<&$name> for std::sync::Arc<str> {
            fn from(id: &$name) -> Self {
                id.0.clone()
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "format": concat!("id:", $prefix)})
            }

            fn inline_schema() -> bool {
                true
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

identifiers! {
    /// A plan of authorized operation.
    PlanId = "pln";
    /// A selection of the operator.
    SelectionId = "sel";
    /// A party: an organization or a data subject.
    PartyId = "pty";
    /// A person who acts for a party.
    PersonId = "psn";
    /// A post of a party.
    PostId = "pst";
    /// A delegation of acts to a person.
    DelegationId = "dlg";
    /// A key with which a machine of a party calls.
    CredentialId = "key";
    /// A registered resource.
    ResourceId = "res";
    /// One ingested version of a resource.
    VersionId = "ver";
    /// A work order about the quality of data.
    WorkOrderId = "wko";
    /// An authorization agreement.
    AgreementId = "agr";
    /// A scenario grant.
    ScenarioId = "scn";
    /// A data product.
    ProductId = "prd";
    /// A version of a model.
    ModelId = "mdl";
    /// A run of a query at the workbench.
    RunId = "run";
    /// A version of a saved query.
    QueryId = "qry";
    /// Something that is to leave the domain and is no answer.
    OutputId = "out";
    /// A subscription of a consumer to a product.
    SubscriptionId = "sub";
    /// The document by which information may go abroad.
    ExportId = "xpt";
    /// A loan that a product supported.
    LoanId = "lon";
    /// A consent of a data subject.
    ConsentId = "cns";
    /// An engagement of a partner by the operator.
    EngagementId = "eng";
    /// The permitted revenue of a period.
    RevenueId = "rev";
    /// The end of operation under an agreement.
    ExitId = "ext";
    /// A closed month of an agreement.
    PeriodId = "per";
    /// An erasure of what calls carried.
    ErasureId = "era";
    /// An alert.
    AlertId = "alr";
    /// An incident.
    IncidentId = "inc";
    /// A dispute.
    DisputeId = "dsp";
    /// An assessment of the operator.
    AssessmentId = "asm";
    /// A registration of a resource or a product.
    RegistrationId = "reg";
    /// A yearly disclosure.
    DisclosureId = "dsc";
    /// A complaint about an operator.
    ComplaintId = "cmp";
    /// A yearly operating report.
    ReportId = "rpt";
    /// An evidence package.
    EvidenceId = "evd";
    /// A file that a party has put there.
    FileId = "fil";
}
