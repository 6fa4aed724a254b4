//! Every paper of a district's life: of two years under a virtual clock, and of a path on which every act is done once.
//! What stands on them is made for every thing on record. Each paper of the two years is typeset and read, and of the path
//! one of each kind. `GONGSHU_LIFE_CALLS` says how many calls the two years have.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests may fail; the lint's own exception ends at test functions"
)]

// The path and the life are those of the governance tests.
#[path = "../../governance/tests/governance/altered.rs"]
mod altered;
#[path = "../../governance/tests/governance/district.rs"]
#[expect(dead_code, reason = "what the governance tests use")]
mod district;
#[path = "../../governance/tests/governance/two_years/life/mod.rs"]
#[expect(dead_code, reason = "what the governance tests use")]
mod life;
#[path = "../../governance/tests/governance/steps/mod.rs"]
mod steps;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use gongshu_app::{NoticeOf, SheetOf, agreement_paper, certificate_paper};
use gongshu_document::{Paper, SheetPaper, Typesetter};
use gongshu_governance::identifier::PartyId;
use gongshu_governance::{Event, State};
use jiff::Timestamp;

use crate::district::{District, path, rules};

const PLATFORM: &str = "示范区";

/// Acts in their order, each with who did it, when, and its events.
struct Acts {
    all: Vec<(PartyId, Timestamp, Vec<Event>)>,
    /// Indices of the acts that changed a thing.
    by_stream: BTreeMap<String, Vec<u64>>,
}

impl Acts {
    fn new(all: Vec<(PartyId, Timestamp, Vec<Event>)>) -> Self {
        let mut by_stream: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (index, (_, _, events)) in (0..).zip(&all) {
            for event in events {
                by_stream.entry(event.stream().to_owned()).or_default().push(index);
            }
        }
        Self { all, by_stream }
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
struct Papers {
    kinds: BTreeMap<String, Vec<Paper>>,
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

    fn total(&self) -> usize {
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
        SheetOf::Period(_, None) => "settlement",
        SheetOf::Period(_, Some(_)) => "bill",
        SheetOf::Statement(_) => "statement",
        SheetOf::Revenue(_) => "revenue",
        SheetOf::Engagement(_) => "engagement",
    }
}

/// All papers of a state, made.
fn made(state: &State, acts: &Acts) -> Papers {
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

/// So many of each kind are typeset, the last ones, on as many threads as there are, and what stands on them can be read
/// again.
fn typeset(papers: &Papers, of_each: usize) {
    let typesetter = Typesetter::open(None).unwrap();
    let chosen = |(kind, all): (_, &'_ Vec<Paper>)| -> Vec<_> {
        let last = all.iter().rev().take(of_each);
        last.map(|paper| (kind, paper.clone())).collect()
    };
    let all: Vec<(&String, Paper)> = papers.kinds.iter().flat_map(chosen).collect();
    let next = AtomicUsize::new(0);
    let (all, next, typesetter) = (&all, &next, &typesetter);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(move || {
                while let Some((kind, paper)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    read_again(kind, paper, typesetter);
                }
            });
        }
    });
}

fn read_again(kind: &str, paper: &Paper, typesetter: &Typesetter) {
    let text = text_of(&typesetter.pdf(paper).unwrap());
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

/// Every act once, and so every kind of notice that there is.
fn walked() -> (District, Acts) {
    let mut district = District::empty();
    let mut acts = Vec::new();
    for (party, command) in path() {
        let before = district.events.len();
        district.must(party, &command);
        acts.push((PartyId::new(party), district.now, district.events[before..].to_vec()));
    }
    (district, Acts::new(acts))
}

#[test]
fn every_kind_of_paper_is_typeset_and_read() {
    let (district, acts) = walked();
    let papers = made(&district.state, &acts);
    let kinds: Vec<&str> = papers.kinds.keys().map(String::as_str).collect();
    for kind in [
        "agreement",
        "assessment",
        "bill",
        "certificate",
        "disclosure",
        "dispute",
        "engagement",
        "exit",
        "incident",
        "plan",
        "revenue",
        "scenario",
        "selection",
        "settlement",
        "statement",
        "价格上限核定通知书",
        "价格上限统一核定通知书",
        "协议变更不予同意通知书",
        "协议变更撤回通知书",
        "场景授权冻结通知书",
        "场景授权监管异议书",
        "场景授权监管异议撤回通知书",
        "场景授权解冻通知书",
        "合作方引入通知书",
        "合作终止通知书",
        "委托撤销通知书",
        "授权协议恢复通知书",
        "授权协议暂停通知书",
        "授权协议终止通知书",
        "授权同意批量登记单",
        "授权委托书",
        "数据版本销毁决定书",
        "数据版本销毁证明",
        "最高准许收入核定通知书",
        "准许收入清算通知书",
        "数据产品价格公告",
        "数据产品恢复通知书",
        "数据产品撤回公告",
        "数据产品暂停通知书",
        "数据授权同意书",
        "数据授权同意撤回通知书",
        "登记公示",
        "登记受理通知书",
        "登记异议处理决定书",
        "红字账单（冲销通知单）",
        "退款通知单",
        "冲正通知单",
        "场景授权批准通知书",
        "数据使用同意书",
        "数据使用不同意通知书",
        "数据资源变更通知书",
        "数据资源撤回通知书",
        "资格审查结果通知书",
        "遴选结果公示",
        "遴选异议答复书",
        "遴选结果通知书",
        "遴选终止公告",
        "年度评估通知书",
        "年度评估结果通知书",
        "年度评估申诉答复书",
        "年度评估整改验收通知书",
        "争议答复通知书",
        "争议转送通知书",
        "争议保全措施通知书",
        "争议保全措施解除通知书",
        "争议办结通知书",
        "安全事件定级通知书",
        "安全事件办结通知书",
        "退出事项安排通知书",
        "退出办结通知书",
        "模型审核通过通知书",
        "模型暂停通知书",
        "模型撤回通知书",
        "成果出域准许通知书",
        "主体注销通知书",
        "出境文件终止通知书",
        "数据产品上架通知书",
        "数据质量工单",
        "数据质量工单办结通知书",
        "产品退订通知书",
        "订购额度变更通知书",
        "订购额度变更提议书",
    ] {
        assert!(kinds.contains(&kind), "no {kind} among {kinds:?}");
    }
    typeset(&papers, 1);
}

#[test]
fn an_objection_says_what_became_of_it() {
    let (district, acts) = walked();
    let papers = made(&district.state, &acts);
    let Some(Paper::Sheet(paper)) = papers.kinds["场景授权监管异议书"].last() else {
        panic!("it is a sheet");
    };
    let outcome = paper.facts.iter().find(|[name, _]| name == "处理结果").unwrap();
    assert!(
        outcome[1].contains("2026-04-01") && paper.entries.contains('–'),
        "{paper:?}"
    );
    let (index, (by, at, events)) = (0..)
        .zip(&acts.all)
        .find(|(_, (_, _, events))| format!("{events:?}").contains("objection: ObjectScenario"))
        .unwrap();
    let of = NoticeOf {
        index,
        at: *at,
        by,
        events,
        later: &[],
    };
    let open = of.notice(PLATFORM, &district.state).unwrap().paper;
    let outcome = open.facts.iter().find(|[name, _]| name == "处理结果").unwrap();
    assert!(outcome[1].contains("尚未撤回"), "{open:?}");
}

#[test]
fn a_batch_of_consents_is_for_who_gathered_it_and_the_supervisor() {
    let (district, acts) = walked();
    let gathered = (0..).zip(&acts.all).find(|(_, (_, _, events))| {
        let proven = |event: &Event| {
            matches!(
                event,
                Event::ConsentGiven {
                    proof_sha256: Some(_),
                    ..
                }
            )
        };
        events.iter().any(proven)
    });
    let (index, (by, at, events)) = gathered.unwrap();
    let of = NoticeOf {
        index,
        at: *at,
        by,
        events,
        later: &[],
    };
    let notice = of.notice(PLATFORM, &district.state).unwrap();
    let readers = district
        .state
        .parties
        .keys()
        .filter(|party| notice.is_for(party, by, &district.state));
    let mut readers: Vec<&str> = readers.map(PartyId::as_str).collect();
    readers.sort_unstable();
    assert_eq!(readers, [by.as_str(), "pty_supervisor"]);
}

#[test]
fn every_paper_of_two_years_is_made() {
    let asked = std::env::var("GONGSHU_LIFE_CALLS").ok();
    let life = life::lived(asked.map_or(2_000, |text| text.parse().unwrap()));
    let mut events = life.district.events.iter();
    let taken = life.taken.iter().map(|taken| {
        let of_it = events.by_ref().take(taken.events).cloned().collect();
        (PartyId::new(&taken.party), taken.at, of_it)
    });
    let acts = Acts::new(taken.collect());
    let started = Instant::now();
    let papers = made(&life.district.state, &acts);
    let contents = started.elapsed();
    typeset(&papers, usize::MAX);
    let typeset = started.elapsed() - contents;
    // A settlement each month, a certificate of each resource and product, a decision on each scenario.
    let count = |kind: &str| papers.kinds.get(kind).map_or(0, Vec::len);
    assert_eq!(
        (count("settlement"), count("certificate"), count("scenario")),
        (24, 100, 30)
    );
    println!(
        "two years: {} papers of {} kinds made in {:.2} s, typeset and read in {:.1} s",
        papers.total(),
        papers.kinds.len(),
        contents.as_secs_f64(),
        typeset.as_secs_f64()
    );
    for (kind, papers) in &papers.kinds {
        println!("  {:>6} {kind}", papers.len());
    }
}

/// A bill says what each amount is made of, who pays, and that it is no invoice.
#[test]
fn a_bill_explains_its_amount() {
    let (district, acts) = walked();
    let papers = made(&district.state, &acts);
    let bills = &papers.kinds["bill"];
    let Paper::Sheet(bill) = &bills[0] else {
        panic!("{bills:?}")
    };
    let code = district.state.parties[&PartyId::new("pty_bank")].code.clone().unwrap();
    assert!(
        bill.facts.contains(&["付款单位统一社会信用代码".to_owned(), code]),
        "{:?}",
        bill.facts
    );
    let detail = bill
        .sections
        .iter()
        .find(|it| it.title.starts_with("计费明细"))
        .unwrap();
    let expected = ["按次", "1.80", "2 次", "3.60", "0.00", "3.60"];
    assert_eq!(detail.rows[0][1..], expected.map(str::to_owned), "{detail:?}");
    let said: Vec<&String> = bill.sections.iter().flat_map(|it| &it.texts).collect();
    assert!(
        said.iter().any(|text| text.contains("发票由运营机构按规定另行开具")),
        "{said:?}"
    );
}
