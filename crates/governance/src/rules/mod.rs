//! Rules and where they come from: citations and parameters read from rule packs.

mod alert;
mod book;
mod bound;
mod charges;
mod check;
mod diff;
mod error;
mod export;
mod files;
mod in_force;
mod layer;
mod lists;
mod output;
mod pack;
mod parameters;
mod propose;
mod quality;
mod registration;
mod review;
mod rule;
mod span;
mod told;

pub use alert::{AlertParameters, SurgeParameters};
pub use book::RuleBook;
pub use charges::ChargeParameters;
pub use diff::{Difference, Explanation, diff, explain};
pub use error::PackError;
pub use export::ExportParameters;
pub use files::FileParameters;
pub use in_force::{Cited, InForce, Rules};
pub use output::OutputParameters;
pub use pack::{Basis, Confidence, Pack, PackHead, RuleText, Value};
pub use parameters::Parameters;
pub use propose::propose;
pub use registration::RegistrationParameters;
pub use review::OutputReviewParameters;
pub use rule::Rule;
pub use span::Span;

use crate::refusal::Refusal;
use crate::text::Text;

impl Rules {
    /// A refusal that cites `rule`.
    #[must_use]
    pub fn refuse(&self, rule: Rule, message: Text, remedy: Text) -> Refusal {
        Refusal {
            rule: rule.id().to_owned(),
            source: self.source(rule).to_owned(),
            article: self.text(rule).map_or_else(String::new, |text| text.article.clone()),
            message,
            remedy,
        }
    }

    /// A refusal that rests on the value of a parameter: it cites where the value comes from, so that a number of the
    /// district's is not said to be a law's.
    #[must_use]
    pub fn refuse_by(&self, rule: Rule, parameter: &str, message: Text, remedy: Text) -> Refusal {
        let mut refusal = self.refuse(rule, message, remedy);
        if let Some(held) = self.in_force(rule) {
            let cited = held.basis_of(parameter);
            cited.source.clone_into(&mut refusal.source);
            cited.article.clone_into(&mut refusal.article);
        }
        refusal
    }

    /// Refuses because `what` with this id is not on record.
    #[must_use]
    pub fn unknown(&self, what: &Text, id: &str) -> Refusal {
        self.refuse(
            Rule::Unknown,
            Text::new(
                format!("没有编号为 `{id}` 的{}", what.zh),
                format!("there is no {} `{id}`", what.en),
            ),
            Text::new("请核对编号，或先办理登记", "check the id, or register it first"),
        )
    }

    /// Refuses because a step does not belong to the present state.
    #[must_use]
    pub fn wrong_state(&self, message: Text, remedy: Text) -> Refusal {
        self.refuse(Rule::State, message, remedy)
    }

    /// Refuses malformed input.
    #[must_use]
    pub fn input(&self, message: Text, remedy: Text) -> Refusal {
        self.refuse(Rule::Input, message, remedy)
    }

    /// Refuses a text that says nothing; `what` it is, in Chinese and English.
    ///
    /// # Errors
    /// When the text is blank.
    pub(crate) fn said(&self, text: &str, what: (&str, &str)) -> Result<(), Refusal> {
        if !text.trim().is_empty() {
            return Ok(());
        }
        Err(self.input(
            Text::new(format!("{}为空", what.0), format!("the {} is empty", what.1)),
            Text::new(format!("请填写{}", what.0), format!("write the {}", what.1)),
        ))
    }
}
