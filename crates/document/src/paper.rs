//! What stands on papers. Days are `2026-11-28`; the templates write them in Chinese.

use serde::Serialize;

use crate::qr;
use crate::sheet::SheetPaper;

/// A paper to typeset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Paper {
    /// 公共数据资源授权运营协议.
    Agreement(Box<AgreementPaper>),
    /// 公共数据资源登记证, 数据产品和服务登记证.
    Certificate(Box<CertificatePaper>),
    /// A paper of facts, texts and tables: plans, results, decisions, reports, statements.
    Sheet(Box<SheetPaper>),
}

/// A party as papers name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    pub code: Option<String>,
}

/// First and last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
}

/// A hash that a paper commits to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Such as `SHA-256`.
    pub algorithm: String,
    /// In hex.
    pub value: String,
}

/// An agreement as it stands, with its amendments worked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreementPaper {
    /// The platform's name.
    pub platform: String,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// 甲方.
    pub agency: Party,
    /// 乙方.
    pub operator: Party,
    /// The selection that found the operator capable.
    pub selection: Option<String>,
    /// The amounts that the agreement fixes.
    pub capacity: Vec<AmountLine>,
    /// How long it is in force.
    pub term: Term,
    /// What may be done.
    pub purposes: Vec<String>,
    /// The clauses, in order.
    pub clauses: Vec<Clause>,
    /// The resources in scope.
    pub resources: Vec<ResourceLine>,
    /// How fees are split.
    pub shares: Vec<ShareLine>,
    /// The number of the text: 1 as proposed, one more with each amendment.
    pub text: usize,
    /// Amendments worked in, the first first.
    pub amendments: Vec<AmendmentLine>,
    /// The hash of the terms on record.
    pub digest: Digest,
}

/// An amount that an agreement fixes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AmountLine {
    /// What it measures.
    pub name: String,
    /// How much.
    pub quantity: String,
    /// In which unit.
    pub unit: String,
}

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// What it is about.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// A resource in scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceLine {
    /// Its name.
    pub name: String,
    /// Its provider's name.
    pub provider: String,
}

/// A party's part of fees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareLine {
    /// The party's name.
    pub party: String,
    /// Its role.
    pub role: String,
    /// Its part, such as `70.00%`.
    pub percent: String,
}

/// An amendment worked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AmendmentLine {
    /// Since when; a text that is not signed yet says when that will be.
    pub day: String,
    /// Why.
    pub reason: String,
    /// What changed.
    pub changes: Vec<String>,
}

/// A certificate of registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificatePaper {
    /// The platform's name.
    pub platform: String,
    /// Its title.
    pub title: String,
    /// The nationally unified code.
    pub code: String,
    /// The code by which anybody can query it.
    pub query_code: String,
    /// The address at which the query code is asked for, drawn as a QR code; none where the platform has no address.
    #[serde(serialize_with = "qr::serialize")]
    pub query_address: Option<String>,
    /// What is registered.
    pub name: String,
    /// What it holds.
    pub summary: String,
    /// Where it is used.
    pub field: String,
    /// How often it is brought up to date.
    pub frequency: String,
    /// Who registered it.
    pub holder: Party,
    /// The kind of registration.
    pub kind: String,
    /// How long it is valid.
    pub valid: Term,
    /// Whether it is cancelled.
    pub cancelled: bool,
    /// Where it can be queried.
    pub register: String,
    /// Who registers.
    pub registrar: String,
    /// When it was issued.
    pub issued: String,
}

impl Paper {
    /// The name of its template.
    pub(crate) const fn template(&self) -> &'static str {
        match self {
            Self::Agreement(_) => include_str!("../templates/agreement.typ"),
            Self::Certificate(_) => include_str!("../templates/certificate.typ"),
            Self::Sheet(_) => include_str!("../templates/sheet.typ"),
        }
    }

    /// What tells it from other papers, for the identifier in the file.
    pub(crate) fn number(&self) -> &str {
        match self {
            Self::Agreement(paper) => &paper.number,
            Self::Certificate(paper) => &paper.code,
            Self::Sheet(paper) => &paper.number,
        }
    }

    /// The day that the file says it is of; archives ask for one.
    pub(crate) fn day(&self) -> &str {
        match self {
            Self::Agreement(paper) => {
                let days = paper.amendments.iter().rev().map(|amendment| &amendment.day);
                let mut days = days.filter(|day| day.starts_with(|first: char| first.is_ascii_digit()));
                days.next().unwrap_or(&paper.term.from)
            }
            Self::Certificate(paper) => &paper.issued,
            Self::Sheet(paper) => &paper.day,
        }
    }
}
