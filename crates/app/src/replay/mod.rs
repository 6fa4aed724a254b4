//! Replay: an auditor with the ledger and the event store derives every decision again, and gets
//! the first difference, if there is one.

mod act;
mod call;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use gongshu_governance::books::Tally;
use gongshu_governance::power::Powers;
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_ledger::{Edge, Suite};
use gongshu_store::{ActRecord, CallRecord, Store};
use jiff::Timestamp;

use crate::error::AppError;
use crate::exported::{person_of, persons_differ};
use crate::snapshot::{EXPORTED, Snapshot};
use crate::what_if::Proposal;

/// Most entries read at once.
const PAGE_ENTRIES: u32 = 1_000;

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReplayReport {
    /// Entries checked.
    pub entries: u64,
    /// Acts decided again.
    pub acts: u64,
    /// Calls decided again.
    pub calls: u64,
    /// Of those, the ones that were permitted and gave no answer.
    pub failed: u64,
    /// Calls of which only the proof is kept, by order of an erasure.
    pub erased: u64,
    /// Fen charged in all.
    pub charged_fen: i64,
    /// The root that the entries lead to, lower-case hex.
    pub root: String,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// Where record and derivation differ.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Index of the entry.
    pub index: u64,
    /// What differs.
    pub what: String,
    /// What is on record.
    pub recorded: String,
    /// What follows from the rules.
    pub derived: String,
}

/// Replays a whole store. `packs` are those of this release, national first: they fill in what earlier ones did not know.
///
/// # Errors
/// When the store cannot be read; a difference is a finding, not an error.
pub async fn replay(
    store: &Store,
    packs: &[&str],
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<ReplayReport, AppError> {
    let mut auditor = Auditor::new(store.suite().await?, present(packs)?, None)?;
    auditor.run(store, progress).await?;
    Ok(auditor.report)
}

/// The rules of this release.
pub(crate) fn present(packs: &[&str]) -> Result<Arc<RuleBook>, AppError> {
    RuleBook::load(packs).map(Arc::new).map_err(AppError::internal)
}

pub(crate) struct Auditor {
    /// The rules of this release.
    present: Arc<RuleBook>,
    powers: Powers,
    books: HashMap<String, RuleBook>,
    pub(crate) snapshot: Snapshot,
    edge: Edge,
    /// Answered calls so far, by month: what closed months are compared with.
    tally: Tally,
    /// Calls whose private part is not there: an erasure must have ordered it.
    gone: BTreeSet<u64>,
    /// Whether a subject is erased whose information went abroad: the persons of its year cannot be counted again.
    uncounted: bool,
    pub(crate) report: ReplayReport,
    pub(crate) proposal: Option<Proposal>,
}

impl Auditor {
    pub(crate) fn new(suite: Suite, present: Arc<RuleBook>, proposal: Option<Proposal>) -> Result<Self, AppError> {
        Ok(Self {
            present,
            powers: Powers::load().map_err(AppError::internal)?,
            books: HashMap::new(),
            snapshot: Snapshot::default(),
            edge: Edge::new(suite),
            tally: Tally::default(),
            gone: BTreeSet::new(),
            uncounted: false,
            report: ReplayReport {
                entries: 0,
                acts: 0,
                calls: 0,
                failed: 0,
                erased: 0,
                charged_fen: 0,
                root: String::new(),
                difference: None,
            },
            proposal,
        })
    }

    /// Derives everything until the first difference, which the report then names, and compares totals and root.
    pub(crate) async fn run(&mut self, store: &Store, progress: &mut (dyn FnMut(u64) + Send)) -> Result<(), AppError> {
        self.derive(store, progress).await?;
        if self.report.difference.is_none() {
            self.finish(store).await?;
        }
        Ok(())
    }

    /// Derives everything until the first difference.
    pub(crate) async fn derive(
        &mut self,
        store: &Store,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), AppError> {
        self.derive_to(u64::MAX, store, progress).await
    }

    /// Derives what the ledger had at this edge, and compares the root. Totals are those of now, and are not compared.
    pub(crate) async fn derive_until(&mut self, store: &Store, edge: &Edge) -> Result<(), AppError> {
        self.derive_to(edge.size(), store, &mut |_| {}).await?;
        self.report.root = self.edge.root().to_string();
        if self.report.difference.is_none() && self.edge.root() != edge.root() {
            let (recorded, derived) = (edge.root().to_string(), self.report.root.clone());
            self.report.difference = difference(self.report.entries, "root", &recorded, &derived);
        }
        Ok(())
    }

    async fn derive_to(
        &mut self,
        end: u64,
        store: &Store,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), AppError> {
        loop {
            let from = self.report.entries;
            let count = u32::try_from(end.saturating_sub(from)).map_or(PAGE_ENTRIES, |left| left.min(PAGE_ENTRIES));
            let entries = store.entries(from, count).await?;
            if entries.is_empty() {
                return Ok(());
            }
            self.report.difference = self.page(store, from, &entries).await?;
            if self.report.difference.is_some() {
                return Ok(());
            }
            let suite = self.edge.suite();
            let leaves: Vec<_> = entries.iter().map(|entry| suite.hash_leaf(entry)).collect();
            self.edge = self.edge.append(&leaves).into_edge();
            self.report.entries = from + entries.len() as u64;
            progress(self.report.entries);
        }
    }

    async fn page(&mut self, store: &Store, from: u64, entries: &[Vec<u8>]) -> Result<Option<Difference>, AppError> {
        let end = from + entries.len() as u64;
        let acts = store.acts(from, PAGE_ENTRIES).await?.into_iter();
        let calls = store.calls(from, PAGE_ENTRIES).await?.into_iter();
        let acts = acts.filter(|act| act.index < end).map(|act| (act.index, act));
        let calls = calls.filter(|call| call.index < end).map(|call| (call.index, call));
        let (mut acts, mut calls): (HashMap<u64, ActRecord>, HashMap<u64, CallRecord>) =
            (acts.collect(), calls.collect());
        for (index, entry) in (from..).zip(entries) {
            let found = match (acts.remove(&index), calls.remove(&index)) {
                (Some(act), None) => self.act(store, &act, entry).await?,
                (None, Some(call)) => self.call(store, &call, entry).await?,
                _ => difference(
                    index,
                    "record",
                    "an entry of the ledger",
                    "one act or call with this index",
                ),
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The rules by which something was decided: those that its packs had for its day.
    async fn rules(&mut self, store: &Store, hash: &str, at: Timestamp) -> Result<Arc<Rules>, AppError> {
        if let Some(book) = self.books.get(hash) {
            return Ok(book.at(at).clone());
        }
        let packs = store.rule_pack(hash).await?;
        let packs = packs.ok_or_else(|| AppError::Internal(format!("the rule pack {hash} is not in the store")))?;
        let texts: Vec<&str> = packs.iter().map(String::as_str).collect();
        let book = RuleBook::of_record(&texts, &self.present).map_err(AppError::internal)?;
        if book.hash() != hash {
            return Err(AppError::Internal(format!(
                "the rule pack stored as {hash} has another hash"
            )));
        }
        let rules = book.at(at).clone();
        self.books.insert(hash.to_owned(), book);
        Ok(rules)
    }

    /// The totals and the root must be what the entries lead to.
    pub(crate) async fn finish(&mut self, store: &Store) -> Result<(), AppError> {
        // The events are derived by now.
        let loaded = store.load_after(self.snapshot.state.sequence).await?;
        self.report.root = self.edge.root().to_string();
        let index = self.report.entries;
        if loaded.size != self.report.entries || loaded.edge.root() != self.edge.root() {
            let recorded = format!("{} entries, root {}", loaded.size, loaded.edge.root());
            let derived = format!("{} entries, root {}", self.report.entries, self.edge.root());
            self.report.difference = difference(index, "root", &recorded, &derived);
        }
        self.report.difference = self.report.difference.take().or_else(|| self.erasures_differ());
        if !self.uncounted
            && let Some((group, recorded, derived)) = persons_differ(&loaded.meters, &self.snapshot)
        {
            self.report.difference = difference(index, &group, &recorded, &derived);
        }
        for meter in loaded.meters.iter().filter(|meter| person_of(&meter.key).is_none()) {
            let derived = self.snapshot.meter(&meter.key);
            let counted = !self.uncounted || !meter.key.starts_with(EXPORTED);
            if counted && (derived.calls, derived.fen) != (meter.calls, meter.fen) {
                let recorded = format!("{meter:?}");
                self.report.difference = difference(index, "totals", &recorded, &format!("{derived:?}"));
            }
        }
        Ok(())
    }
}

impl Auditor {
    /// What calls carried is gone where an erasure ordered it, and nowhere else.
    fn erasures_differ(&mut self) -> Option<Difference> {
        let erased = &self.snapshot.state.erased;
        if let Some(entry) = self.gone.iter().find(|entry| !erased.contains_key(entry)) {
            return difference(*entry, "payload", "gone", "kept: no erasure on record names it");
        }
        self.report.erased = self.gone.len() as u64;
        if erased.size() == self.gone.len() {
            return None;
        }
        let kept = erased.keys().filter(|entry| !self.gone.contains(entry)).min();
        kept.and_then(|entry| difference(*entry, "payload", "kept", "gone: an erasure on record names it"))
    }
}

fn salt_of(text: &str) -> Result<[u8; 16], AppError> {
    let mut salt = [0; 16];
    hex::decode_to_slice(text, &mut salt).map_err(AppError::internal)?;
    Ok(salt)
}

fn leaf_differs(index: u64, recorded: &[u8], derived: &[u8]) -> Option<Difference> {
    let (recorded, derived) = (String::from_utf8_lossy(recorded), String::from_utf8_lossy(derived));
    difference(index, "leaf", &recorded, &derived)
}

#[expect(clippy::unnecessary_wraps, reason = "a finding is optional where it is made")]
fn difference(index: u64, what: &str, recorded: &str, derived: &str) -> Option<Difference> {
    Some(Difference {
        index,
        what: what.to_owned(),
        recorded: recorded.to_owned(),
        derived: derived.to_owned(),
    })
}
