//! The plan of the sample district, and its review.

use std::collections::BTreeMap;

use gongshu_app::governance::calendar::Term;
use gongshu_app::governance::plan::{Expert, Verdict};
use serde::Deserialize;

/// A plan and what was said of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Plan {
    pub(in crate::demo) title: String,
    pub(in crate::demo) sections: BTreeMap<String, String>,
    pub(in crate::demo) comment: Comment,
    pub(in crate::demo) panel: Panel,
    pub(in crate::demo) revision: Revision,
    pub(in crate::demo) opinion: Vec<Opinion>,
    pub(in crate::demo) conclusion: Conclusion,
    pub(in crate::demo) decision: Decision,
    pub(in crate::demo) publication: Publication,
}

/// When and where the public was asked.
#[derive(Deserialize)]
pub(in crate::demo) struct Comment {
    #[serde(flatten)]
    pub(in crate::demo) term: Term,
    pub(in crate::demo) notice: String,
    /// The text of the notice: the period was over before the district was set up.
    pub(in crate::demo) document: String,
}

/// Who reviewed it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Panel {
    pub(in crate::demo) leader: String,
    pub(in crate::demo) experts: Vec<Expert>,
}

/// What changed, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Revision {
    pub(in crate::demo) reason: String,
    pub(in crate::demo) sections: BTreeMap<String, String>,
}

/// What an expert said, and what became of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Opinion {
    pub(in crate::demo) expert: String,
    pub(in crate::demo) section: String,
    pub(in crate::demo) text: String,
    pub(in crate::demo) verdict: Verdict,
    pub(in crate::demo) reason: String,
    #[serde(default)]
    pub(in crate::demo) basis: String,
}

/// What the panel concluded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Conclusion {
    pub(in crate::demo) in_favour: u32,
    pub(in crate::demo) against: u32,
    pub(in crate::demo) text: String,
}

/// The meeting that decided, and what its minutes say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Decision {
    pub(in crate::demo) meeting: String,
    pub(in crate::demo) minutes: String,
}

/// Under what number it was published.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct Publication {
    pub(in crate::demo) document_number: String,
}
