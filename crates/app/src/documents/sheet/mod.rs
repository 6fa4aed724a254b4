//! Sheets: papers of facts, texts and tables, made of what is on record about one thing.
//!
//! A file a kind says what stands on it. Title, number, day and entries are put together here, the same for all.

mod assessment;
mod books;
mod disclosure;
mod dispute;
mod engagement;
mod exit;
mod incident;
mod notice;
mod plan;
mod report;
mod revenue;
mod scenario;
mod selection;

use gongshu_document::{Paper, SheetPaper, SheetSection};
use gongshu_governance::calendar::{Term, day_of};
use gongshu_governance::identifier::{
    AssessmentId, DisclosureId, DisputeId, EngagementId, ExitId, IncidentId, PartyId, PeriodId, PlanId, ReportId,
    RevenueId, ScenarioId, SelectionId,
};
use gongshu_governance::notice::NoticeEvidence;
use gongshu_governance::rules::Rules;
use gongshu_governance::{State, Text};
use jiff::Timestamp;
use jiff::tz::Offset;

pub use self::notice::{ListedNotice, Notice, NoticeOf};
use super::party;
use crate::district::District;
use crate::error::AppError;

/// What a sheet is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetOf {
    /// 实施方案, with its versions, the expert review's opinions and their answers.
    Plan(PlanId),
    /// 遴选结果.
    Selection(SelectionId),
    /// 场景授权, with the resources that are granted for it.
    Scenario(ScenarioId),
    /// 年度评估报告.
    Assessment(AssessmentId),
    /// 事件报告, a draft for the authority.
    Incident(IncidentId),
    /// 退出办结报告.
    Exit(ExitId),
    /// 争议处理结果.
    Dispute(DisputeId),
    /// 年度信息披露, once it is public.
    Disclosure(DisclosureId),
    /// 年度运营报告.
    Report(ReportId),
    /// 月度结算单; the bill of one consumer where one is given.
    Period(PeriodId, Option<PartyId>),
    /// 对账单 of a party.
    Statement(PartyId),
    /// 最高准许收入核定书, or 准许收入清算书.
    Revenue(RevenueId),
    /// 合作方引入备案表.
    Engagement(EngagementId),
}

/// What a kind says of its thing.
struct Draft {
    title: String,
    subject: String,
    number: String,
    issuer: PartyId,
    facts: Vec<[String; 2]>,
    sections: Vec<SheetSection>,
    /// The things whose entries it is made of.
    streams: Vec<String>,
}

impl District {
    /// The sheet of a thing as PDF: the same bytes as long as nothing more is recorded about it.
    ///
    /// # Errors
    /// Refuses what is not on record; and when it cannot be typeset.
    pub async fn sheet_document(&self, of: &SheetOf) -> Result<Vec<u8>, AppError> {
        self.catch_up().await?;
        let snapshot = self.snapshot();
        let state = &snapshot.state;
        let (draft, (what, id)) = drafted(state, self.rules(), of);
        let Some(draft) = draft else {
            return Err(self.rules().unknown(&what, id).into());
        };
        let mut entries = Vec::new();
        for stream in &draft.streams {
            entries.extend(self.0.store.acts_on(stream).await?);
        }
        let paper = assembled(self.name(), state, draft, entries);
        self.typeset(Paper::Sheet(Box::new(paper))).await
    }
}

impl SheetOf {
    /// What stands on the sheet; none of a thing that is not on record. `acts_on` says which entries changed a thing, and
    /// when.
    #[must_use]
    pub fn paper(
        &self,
        platform: &str,
        state: &State,
        rules: &Rules,
        acts_on: impl Fn(&str) -> Vec<(u64, Timestamp)>,
    ) -> Option<SheetPaper> {
        let draft = drafted(state, rules, self).0?;
        let entries = draft.streams.iter().flat_map(|stream| acts_on(stream)).collect();
        Some(assembled(platform, state, draft, entries))
    }
}

fn assembled(platform: &str, state: &State, draft: Draft, mut entries: Vec<(u64, Timestamp)>) -> SheetPaper {
    entries.sort_unstable();
    entries.dedup();
    let newest = entries.last().map(|(_, at)| day_of(*at).to_string());
    let numbers: Vec<u64> = entries.iter().map(|(index, _)| *index).collect();
    SheetPaper {
        platform: format!("{platform}公共数据授权运营平台"),
        title: draft.title,
        subject: draft.subject,
        number: draft.number,
        day: newest.unwrap_or_default(),
        issuer: party(state, &draft.issuer).name,
        facts: draft.facts,
        sections: draft.sections,
        entries: ranges(&numbers),
    }
}

fn drafted<'o>(state: &State, rules: &Rules, of: &'o SheetOf) -> (Option<Draft>, (Text, &'o str)) {
    let what = |zh, en, id| (Text::new(zh, en), id);
    match of {
        SheetOf::Plan(id) => {
            let plan = state.plans.get(id).map(|it| plan::draft(rules, it));
            (plan, what("实施方案", "plan", id.as_str()))
        }
        SheetOf::Selection(id) => {
            let selection = state.selections.get(id).map(|it| selection::draft(state, it));
            (selection, what("遴选", "selection", id.as_str()))
        }
        SheetOf::Scenario(id) => {
            let scenario = state.scenarios.get(id).map(|it| scenario::draft(state, it));
            (scenario, what("场景", "scenario", id.as_str()))
        }
        SheetOf::Assessment(id) => {
            let assessment = state.assessments.get(id).map(|it| assessment::draft(state, it));
            (assessment, what("评估", "assessment", id.as_str()))
        }
        SheetOf::Incident(id) => {
            let incident = state.incidents.get(id).map(|it| incident::draft(state, it));
            (incident, what("安全事件", "incident", id.as_str()))
        }
        SheetOf::Exit(id) => {
            let exit = state.exits.get(id).map(|it| exit::draft(state, it));
            (exit, what("退出", "exit", id.as_str()))
        }
        SheetOf::Dispute(id) => {
            let dispute = state.disputes.get(id).map(|it| dispute::draft(state, it));
            (dispute, what("争议", "dispute", id.as_str()))
        }
        SheetOf::Disclosure(id) => {
            let disclosure = state.disclosures.get(id).and_then(|it| disclosure::draft(state, it));
            (disclosure, what("已公布的披露", "public disclosure", id.as_str()))
        }
        SheetOf::Report(id) => {
            let report = state.reports.get(id).map(|it| report::draft(state, it));
            (report, what("运营报告", "operating report", id.as_str()))
        }
        SheetOf::Period(id, consumer) => {
            let period = state.periods.get(id);
            let period = period.and_then(|it| books::period(state, it, consumer.as_ref()));
            (period, what("结算月份", "closed month", id.as_str()))
        }
        SheetOf::Statement(id) => {
            let statement = state.parties.get(id).map(|_| books::statement(state, id));
            (statement, what("主体", "party", id.as_str()))
        }
        SheetOf::Revenue(id) => {
            let revenue = state.revenues.get(id).map(|it| revenue::draft(state, it));
            (revenue, what("准许收入", "permitted revenue", id.as_str()))
        }
        SheetOf::Engagement(id) => {
            let engagement = state.engagements.get(id).map(|it| engagement::draft(state, it));
            (engagement, what("合作约定", "engagement", id.as_str()))
        }
    }
}

/// `12–15、40`, so that a long history stays short.
fn ranges(numbers: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let run = |(first, last): &(u64, u64)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    };
    runs.iter().map(run).collect::<Vec<_>>().join("、")
}

fn fact(name: &str, value: impl Into<String>) -> [String; 2] {
    [name.to_owned(), value.into()]
}

/// A hash in groups of eight, so that it may break between lines.
fn grouped(hash: &str) -> String {
    let all: Vec<char> = hash.chars().collect();
    all.chunks(8).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// What stands beside a period that came on record after it began.
fn recorded_late(days: u32, evidence: Option<&NoticeEvidence>) -> String {
    let shown = evidence.map(|it| format!("，公示件日期 {}，摘要 {}", it.published, grouped(&it.document_sha256)));
    match days {
        0 => String::new(),
        _ => format!("（迟 {days} 日补登记{}）", shown.unwrap_or_default()),
    }
}

fn span(term: &Term) -> String {
    format!("{} 至 {}", term.from, term.until)
}

/// The instant as people in the district read it.
fn beijing(at: Timestamp) -> String {
    Offset::constant(8)
        .to_datetime(at)
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn scenario_name(state: &State, id: &ScenarioId) -> String {
    let scenario = state.scenarios.get(id);
    scenario.map_or_else(|| id.to_string(), |it| it.application.name.clone())
}

fn agreement_title(state: &State, id: &gongshu_governance::identifier::AgreementId) -> String {
    let agreement = state.agreements.get(id);
    agreement.map_or_else(|| id.to_string(), |it| it.terms.title.clone())
}

/// The agency of an agreement; an empty id where there is none.
fn agency_of(state: &State, id: &gongshu_governance::identifier::AgreementId) -> PartyId {
    let agreement = state.agreements.get(id);
    agreement.map_or_else(|| PartyId::new(""), |it| it.agency.clone())
}

/// The operator of an agreement; nobody where there is none.
fn operator_under(state: &State, id: &gongshu_governance::identifier::AgreementId) -> Option<PartyId> {
    state.agreements.get(id).map(|it| it.terms.operator.clone())
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn entries_that_follow_each_other_are_one_range() {
        assert_eq!(ranges(&[3, 12, 13, 14, 40, 41]), "3、12–14、40–41");
        assert_eq!(ranges(&[]), "");
    }
}
