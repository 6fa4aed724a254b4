//! Every paper of what is on record: made, typeset on as many threads as there are, and read again.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use gongshu_app::{NoticeOf, SheetOf, agreement_paper, certificate_paper};
use gongshu_document::{Paper, SheetPaper, Typesetter};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::{Event, State};
use jiff::Timestamp;

use crate::district::rules;
use crate::life::Life;

pub(crate) const PLATFORM: &str = "示范区";

/// Acts in their order, each with who did it, when, and its events.
pub(crate) struct Acts {
    pub(crate) all: Vec<(PartyId, Timestamp, Vec<Event>)>,
    /// Indices of the acts that changed a thing.
    by_stream: BTreeMap<String, Vec<u64>>,
}

impl Acts {
    pub(crate) fn new(all: Vec<(PartyId, Timestamp, Vec<Event>)>) -> Self {
        let mut by_stream: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (index, (_, _, events)) in (0..).zip(&all) {
            for event in events {
                by_stream.entry(event.stream().to_owned()).or_default().push(index);
            }
        }
        Self { all, by_stream }
    }

    /// The acts of a life.
    pub(crate) fn of(life: &Life) -> Self {
        let mut events = life.district.events.iter();
        let taken = life.taken.iter().map(|taken| {
            let of_it = events.by_ref().take(taken.events).cloned().collect();
            (PartyId::new(&taken.party), taken.at, of_it)
        });
        Self::new(taken.collect())
    }

    fn on(&self, stream: &str) -> Vec<(u64, Timestamp)> {
        let indices = self.by_stream.get(stream).into_iter().flatten();
        indices.map(|index| (*index, self.at(*index))).collect()
    }

    fn at(&self, index: u64) -> Timestamp {
        self.all[usize::try_from(index).unwrap()].1
    }

    /// What happened to the things of an act after it.
    fn later(&self, index: u64, events: &[Event]) -> Vec<(u64, Timestamp, Event)> {
        let mut later = Vec::new();
        for event in events {
            for (number, at) in self.on(event.stream()) {
                let of = &self.all[usize::try_from(number).unwrap()].2;
                if number > index {
                    later.extend(of.iter().map(|event| (number, at, event.clone())));
                }
            }
        }
        later
    }
}

/// Papers by the name of their kind.
#[derive(Default)]
pub(crate) struct Papers {
    pub(crate) kinds: BTreeMap<String, Vec<Paper>>,
}

impl Papers {
    fn add(&mut self, kind: &str, paper: Paper) {
        self.kinds.entry(kind.to_owned()).or_default().push(paper);
    }

    /// A sheet bears its entries, its issuer and its day, whatever its kind.
    fn sheet(&mut self, kind: &str, paper: SheetPaper) {
        for said in [&paper.title, &paper.number, &paper.day, &paper.issuer, &paper.entries] {
            assert!(!said.is_empty(), "{kind}: {paper:?}");
        }
        let cells = paper
            .sections
            .iter()
            .flat_map(|it| it.rows.iter().map(|row| (row.len(), it.columns.len())));
        assert!(cells.into_iter().all(|(cells, columns)| cells == columns), "{kind}");
        self.add(kind, Paper::Sheet(Box::new(paper)));
    }

    pub(crate) fn total(&self) -> usize {
        self.kinds.values().map(Vec::len).sum()
    }
}

/// Everything that is on record and has a paper.
fn things(state: &State) -> Vec<SheetOf> {
    let mut all: Vec<SheetOf> = Vec::new();
    all.extend(state.plans.keys().cloned().map(SheetOf::Plan));
    all.extend(state.selections.keys().cloned().map(SheetOf::Selection));
    all.extend(state.scenarios.keys().cloned().map(SheetOf::Scenario));
    all.extend(state.assessments.keys().cloned().map(SheetOf::Assessment));
    all.extend(state.incidents.keys().cloned().map(SheetOf::Incident));
    all.extend(state.exits.keys().cloned().map(SheetOf::Exit));
    all.extend(state.disputes.keys().cloned().map(SheetOf::Dispute));
    all.extend(state.disclosures.keys().cloned().map(SheetOf::Disclosure));
    all.extend(state.reports.keys().cloned().map(SheetOf::Report));
    all.extend(state.parties.keys().cloned().map(SheetOf::Statement));
    all.extend(state.revenues.keys().cloned().map(SheetOf::Revenue));
    all.extend(state.engagements.keys().cloned().map(SheetOf::Engagement));
    for (id, period) in &state.periods {
        all.push(SheetOf::Period(id.clone(), None));
        let consumers = period.invoices.values().map(|billed| billed.invoice.consumer.clone());
        let consumers: std::collections::BTreeSet<PartyId> = consumers.collect();
        all.extend(
            consumers
                .into_iter()
                .map(|consumer| SheetOf::Period(id.clone(), Some(consumer))),
        );
    }
    all
}

fn kind(of: &SheetOf) -> &'static str {
    match of {
        SheetOf::Plan(_) => "plan",
        SheetOf::Selection(_) => "selection",
        SheetOf::Scenario(_) => "scenario",
        SheetOf::Assessment(_) => "assessment",
        SheetOf::Incident(_) => "incident",
        SheetOf::Exit(_) => "exit",
        SheetOf::Dispute(_) => "dispute",
        SheetOf::Disclosure(_) => "disclosure",
        SheetOf::Report(_) => "report",
        SheetOf::Period(_, None) => "settlement",
        SheetOf::Period(_, Some(_)) => "bill",
        SheetOf::Statement(_) => "statement",
        SheetOf::Revenue(_) => "revenue",
        SheetOf::Engagement(_) => "engagement",
    }
}

/// All papers of a state, made.
pub(crate) fn made(state: &State, acts: &Acts) -> Papers {
    let mut papers = Papers::default();
    for of in things(state) {
        let paper = of.paper(PLATFORM, state, rules(), |stream| acts.on(stream));
        papers.sheet(kind(&of), paper.unwrap_or_else(|| panic!("{of:?} has no paper")));
    }
    for agreement in state.agreements.values() {
        let paper = agreement_paper(PLATFORM, state, agreement, rules());
        papers.add("agreement", Paper::Agreement(Box::new(paper)));
    }
    for registration in state.registrations.values() {
        if let Some(paper) = certificate_paper(PLATFORM, state, registration) {
            papers.add("certificate", Paper::Certificate(Box::new(paper)));
        }
    }
    for (index, (by, at, events)) in (0..).zip(&acts.all) {
        let later = acts.later(index, events);
        let of = NoticeOf {
            index,
            at: *at,
            by,
            events,
            later: &later,
        };
        if let Some(notice) = of.notice(PLATFORM, state) {
            assert!(notice.to.iter().all(|party| notice.is_for(party, by, state)));
            papers.sheet(&notice.paper.title.clone(), notice.paper);
        }
    }
    papers
}

/// So many of each kind are typeset, the last ones, on as many threads as there are, and each is handed on.
pub(crate) fn typeset(papers: &Papers, of_each: usize, check: impl Fn(&str, &Paper, &[u8]) + Sync) {
    let typesetter = Typesetter::open(None).unwrap();
    let chosen = |(kind, all): (_, &'_ Vec<Paper>)| -> Vec<_> {
        let last = all.iter().rev().take(of_each);
        last.map(|paper| (kind, paper.clone())).collect()
    };
    let all: Vec<(&String, Paper)> = papers.kinds.iter().flat_map(chosen).collect();
    let next = AtomicUsize::new(0);
    let (all, next, typesetter, check) = (&all, &next, &typesetter, &check);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(move || {
                while let Some((kind, paper)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(kind, paper, &typesetter.pdf(paper).unwrap());
                }
            });
        }
    });
}

/// What stands on a paper can be read again.
pub(crate) fn read_again(kind: &str, paper: &Paper, pdf: &[u8]) {
    let text = text_of(pdf);
    let mut said: Vec<&String> = Vec::new();
    match paper {
        Paper::Agreement(paper) => said.extend([&paper.title, &paper.number]),
        Paper::Certificate(paper) => said.extend([&paper.title, &paper.code]),
        Paper::Sheet(paper) => {
            said.extend([&paper.title, &paper.number, &paper.issuer, &paper.entries]);
            said.extend(paper.facts.iter().flatten());
            said.extend(paper.sections.iter().flat_map(|section| &section.texts));
        }
    }
    for said in said {
        let said = close(said);
        assert!(text.contains(&said), "{kind}: `{said}` is not on the paper:\n{text}");
    }
}

fn close(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of a PDF without spaces and line ends.
fn text_of(pdf: &[u8]) -> String {
    let mut command = Command::new("pdftotext");
    let mut reading = command
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, pdf) = (reading.stdin.take().unwrap(), pdf.to_vec());
    let writing = std::thread::spawn(move || input.write_all(&pdf).unwrap());
    let output = reading.wait_with_output().unwrap();
    writing.join().unwrap();
    close(&String::from_utf8_lossy(&output.stdout))
}
