//! Why rule packs cannot be used, in words that say what to mend and where.

use super::span::Span;
use crate::text::Text;
use crate::working_days::WorkingDaysError;

/// Why rule packs cannot be used. A pack is named by its id, which is its file's name.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Not TOML, or not of the form of a pack.
    #[error("rule pack {number} cannot be read: {reason}")]
    Malformed {
        /// Which pack, counted from 1.
        number: usize,
        /// What the reader said.
        reason: String,
    },
    /// A year of the calendar is out of order.
    #[error("rule pack `{pack}`: {reason}")]
    Calendar {
        /// The pack.
        pack: String,
        /// What is wrong.
        reason: WorkingDaysError,
    },
    /// Two packs have one id.
    #[error("there are two rule packs `{0}`; give the later one an id of its own, or move its rules into the first")]
    SameId(String),
    /// A pack has a rule that no decision cites.
    #[error("rule pack `{pack}` has the rule `{rule}`, which the program does not know; check its spelling")]
    UnknownRule {
        /// The pack.
        pack: String,
        /// The rule.
        rule: String,
    },
    /// A rule has a parameter that no decision reads.
    #[error("rule pack `{pack}`: rule `{rule}` has no parameter `{parameter}`; check its spelling: {known}")]
    UnknownParameter {
        /// The pack.
        pack: String,
        /// The rule.
        rule: &'static str,
        /// The parameter.
        parameter: String,
        /// What it may have.
        known: String,
    },
    /// A rule cites a source that no pack defines.
    #[error("rule pack `{pack}`: rule `{rule}` cites the source `{source_key}`, which is not under [sources]")]
    UnknownSource {
        /// The pack.
        pack: String,
        /// The rule.
        rule: String,
        /// The source's key.
        source_key: String,
    },
    /// Something ends before it begins.
    #[error("rule pack `{pack}`: {what} is in force {span}, which is no day; correct `from` or `until`")]
    NoDay {
        /// The pack.
        pack: String,
        /// The pack itself, or a rule of it.
        what: String,
        /// When.
        span: Span,
    },
    /// A value is dated outside its pack.
    #[error("rule pack `{pack}`: rule `{rule}` is dated {span}, but the pack is in force {pack_span}; correct either")]
    OutsidePack {
        /// The pack.
        pack: String,
        /// The rule.
        rule: String,
        /// When the value is.
        span: Span,
        /// When the pack is.
        pack_span: Span,
    },
    /// Two values of a rule are in force at once.
    #[error("rule pack `{pack}`: rule `{rule}` has two values {span}; end the earlier one with `until` the day before")]
    Overlap {
        /// The pack.
        pack: String,
        /// The rule.
        rule: String,
        /// When both are.
        span: Span,
    },
    /// A lower layer allows what a binding rule above it forbids.
    #[error(
        "rule pack `{pack}`: rule `{rule}` may only be tightened, since `{above}` binds it; `{parameter}` has to be {}",
        bound.en
    )]
    Loosened {
        /// The pack.
        pack: String,
        /// The rule.
        rule: &'static str,
        /// The pack above.
        above: String,
        /// The parameter.
        parameter: &'static str,
        /// What it may be.
        bound: Text,
    },
    /// A rule that decisions cite is in no pack.
    #[error("no rule pack has the rule `{0}`; add it with source, article and confidence")]
    MissingRule(&'static str),
    /// A rule has no value on some days.
    #[error("rule `{rule}` has no value {span}; extend its `until`, or add a value for these days to a pack")]
    Gap {
        /// The rule.
        rule: &'static str,
        /// When.
        span: Span,
    },
    /// A parameter is missing or of the wrong kind.
    #[error("rule `{rule}` needs the parameter `{parameter}` as {kind}")]
    Parameter {
        /// The rule.
        rule: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What it should be.
        kind: &'static str,
    },
    /// Something is wrong with a pack's value of some days.
    #[error("rule pack `{pack}`, in force {span}: {error}")]
    Within {
        /// The pack.
        pack: String,
        /// When.
        span: Span,
        /// What is wrong.
        error: Box<Self>,
    },
}
