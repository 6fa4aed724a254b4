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
#[path = "../../../governance/tests/governance/altered.rs"]
mod altered;
#[path = "../../../governance/tests/governance/district.rs"]
#[expect(dead_code, reason = "what the governance tests use")]
mod district;
#[path = "../../../governance/tests/governance/two_years/life/mod.rs"]
#[expect(dead_code, reason = "what the governance tests use")]
mod life;
mod made;
#[path = "../../../governance/tests/governance/steps/mod.rs"]
mod steps;
mod waits;

use std::time::Instant;

use gongshu_app::NoticeOf;
use gongshu_document::Paper;
use gongshu_governance::Event;
use gongshu_governance::identifier::PartyId;

use crate::district::{District, path};
use crate::made::{Acts, PLATFORM, made, read_again, typeset};

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
        "report",
        "revenue",
        "scenario",
        "selection",
        "settlement",
        "statement",
        "年度运营报告接受通知书",
        "投诉答辩通知书",
        "投诉处理决定书",
        "投诉办结通知书",
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
    typeset(&papers, 1, read_again);
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

/// What concerns one operator another does not read.
#[test]
fn a_notice_about_one_operator_is_not_for_another() {
    let (district, acts) = walked();
    let own = [
        "退出事项安排通知书",
        "退出办结通知书",
        "年度评估结果通知书",
        "最高准许收入核定通知书",
        "红字账单（冲销通知单）",
        "退款通知单",
        "冲正通知单",
        "产品退订通知书",
    ];
    let mut seen = std::collections::BTreeSet::new();
    for (index, (by, at, events)) in (0..).zip(&acts.all) {
        let of = NoticeOf {
            index,
            at: *at,
            by,
            events,
            later: &[],
        };
        let Some(notice) = of.notice(PLATFORM, &district.state) else {
            continue;
        };
        let title = notice.paper.title.as_str();
        let Some(title) = own.iter().find(|it| **it == title) else {
            continue;
        };
        seen.insert(*title);
        let reads = |party: &str| notice.is_for(&PartyId::new(party), by, &district.state);
        assert_eq!(
            ["pty_operator", "pty_operator2", "pty_supervisor"].map(reads),
            [true, false, true],
            "{title}"
        );
    }
    assert_eq!(seen, own.into_iter().collect());
}

#[test]
fn every_paper_of_two_years_is_made() {
    let asked = std::env::var("GONGSHU_LIFE_CALLS").ok();
    let life = life::lived(asked.map_or(2_000, |text| text.parse().unwrap()));
    let acts = Acts::of(&life);
    let started = Instant::now();
    let papers = made(&life.district.state, &acts);
    let contents = started.elapsed();
    typeset(&papers, usize::MAX, read_again);
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
