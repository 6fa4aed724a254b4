//! Labels: where a value comes from and what was done to it.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use gongshu_governance::resource::ReleaseRule;

/// What was done to a source so far.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Treatment {
    /// Nothing.
    Raw,
    /// Masked as its rule asks.
    Masked,
    /// Released for the consenting subject by the gate.
    Consented,
    /// The key of a group that passed the threshold.
    Grouped,
    /// Scored by a model, by its function.
    Scored(Arc<str>),
    /// An aggregate, by name, over groups that passed the threshold.
    Aggregated(Arc<str>),
    /// Likewise, with noise that its loss of privacy is charged for.
    Noised(Arc<str>),
}

/// A source column in a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    pub(crate) table: Arc<str>,
    pub(crate) column: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) treatment: Treatment,
}

/// What the release rule of a source lets through while it is raw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Open,
    Masked,
    Join,
    Group,
    Aggregate,
    Private,
    Consented,
    Scored,
    Closed,
}

impl From<&ReleaseRule> for Kind {
    fn from(rule: &ReleaseRule) -> Self {
        match rule {
            ReleaseRule::Open => Self::Open,
            ReleaseRule::Masked { .. } => Self::Masked,
            ReleaseRule::Join => Self::Join,
            ReleaseRule::Group => Self::Group,
            ReleaseRule::Aggregate { .. } => Self::Aggregate,
            ReleaseRule::Private { .. } => Self::Private,
            ReleaseRule::Consented => Self::Consented,
            ReleaseRule::Scored => Self::Scored,
            ReleaseRule::Closed => Self::Closed,
        }
    }
}

impl Source {
    /// Whether it may leave as it is.
    pub(crate) fn is_free(&self) -> bool {
        match self.treatment {
            Treatment::Raw => self.kind == Kind::Open,
            Treatment::Masked
            | Treatment::Consented
            | Treatment::Grouped
            | Treatment::Scored(_)
            | Treatment::Aggregated(_)
            | Treatment::Noised(_) => true,
        }
    }
}

/// The source columns of a label. Most values come of one column, and most labels are handed on as they are: copies
/// share what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sources(Option<Arc<BTreeSet<Source>>>);

static NONE: BTreeSet<Source> = BTreeSet::new();

impl Sources {
    /// All of both.
    fn join(&mut self, other: Self) {
        if other.is_empty() {
            return;
        }
        match &mut self.0 {
            Some(own) if !own.is_empty() => {
                if !Arc::ptr_eq(own, other.0.as_ref().unwrap_or(own)) && !other.is_subset(own) {
                    Arc::make_mut(own).extend(other.iter().cloned());
                }
            }
            _ => *self = other,
        }
    }
}

impl Deref for Sources {
    type Target = BTreeSet<Source>;

    fn deref(&self) -> &BTreeSet<Source> {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        Self(Some(Arc::new(sources.into_iter().collect())))
    }
}

impl<'a> IntoIterator for &'a Sources {
    type Item = &'a Source;
    type IntoIter = std::collections::btree_set::Iter<'a, Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The label of a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Label {
    pub(crate) sources: Sources,
    /// Whether the value is that of its one source, unchanged but for a widening.
    pub(crate) exact: bool,
    /// Whether computing it can fail on a value, such as a division by zero.
    pub(crate) fails: bool,
    /// Whether a parameter of the call has a part in it.
    pub(crate) parametric: bool,
    /// How many times as long as one value of a column a text can be at most; 0 counts as 1.
    pub(crate) times: u64,
}

impl Label {
    /// The label of a constant.
    pub(crate) fn constant() -> Self {
        Self::default()
    }

    /// The label of a source itself.
    pub(crate) fn of(source: Source) -> Self {
        Self {
            sources: [source].into_iter().collect(),
            exact: true,
            fails: false,
            parametric: false,
            times: 1,
        }
    }

    /// Something computed from all of these.
    pub(crate) fn derived(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::default();
        for part in parts {
            whole.sources.join(part.sources);
            whole.fails |= part.fails;
            whole.parametric |= part.parametric;
            whole.times = whole.times.max(part.times);
        }
        whole
    }

    /// The first source that may not leave as it is.
    pub(crate) fn bound(&self) -> Option<&Source> {
        self.sources.iter().find(|source| !source.is_free())
    }

    /// The one source that the value is.
    pub(crate) fn exactly(&self) -> Option<&Source> {
        self.sources.first().filter(|_| self.exact && self.sources.len() == 1)
    }

    /// The same sources, now treated.
    pub(crate) fn treated(&self, treatment: &Treatment) -> Self {
        let treat = |source: &Source| Source {
            treatment: treatment.clone(),
            ..source.clone()
        };
        Self {
            sources: self.sources.iter().map(treat).collect(),
            exact: false,
            fails: self.fails,
            parametric: self.parametric,
            times: self.times,
        }
    }
}

/// Rows of a guarded table, on their way to an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guard {
    pub(crate) table: String,
    /// Which column of the node holds the subject of a row, while there is one.
    pub(crate) subject: Option<usize>,
    /// Whether each subject has one row, so that rows count subjects.
    pub(crate) single: bool,
    /// Whether a parameter chose among the rows otherwise than by the value of a column.
    pub(crate) chosen: bool,
}

/// What flows out of a node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flow {
    /// A label a column, in the order of the node's schema.
    pub(crate) columns: Vec<Label>,
    /// Sources that decided which rows are there.
    pub(crate) implicit: Label,
    /// The guarded tables whose rows these still are.
    pub(crate) guards: Vec<Guard>,
    /// Whether something below can fail on a value.
    pub(crate) fails: bool,
}

impl Flow {
    /// Whether the rows are not for everyone: a failure among them would tell of them.
    pub(crate) fn is_guarded(&self) -> bool {
        !self.guards.is_empty() || self.implicit.bound().is_some()
    }
}
