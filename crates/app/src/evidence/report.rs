//! The report of a package, in Chinese, for people: what each entry says and how to check it.

use std::fmt::Write;

use gongshu_governance::State;
use gongshu_governance::authorization::CallFailure;
use gongshu_governance::identifier::{PartyId, ProductId, ScenarioId};
use gongshu_governance::money::Money;
use gongshu_governance::power::Act;
use gongshu_governance::rules::Rule;
use gongshu_store::{ActRecord, CallRecord};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::{NamedFile, Record};
use crate::district::District;
use crate::private::Private;

/// What the report begins with.
pub(super) struct Head<'a> {
    pub(super) purpose: &'a str,
    pub(super) by: &'a PartyId,
    pub(super) at: Timestamp,
    pub(super) named: &'a [NamedFile],
}

impl District {
    /// The report; lines of text in Markdown.
    pub(super) fn report(&self, head: &Head<'_>, records: &[(u64, Record)]) -> String {
        let snapshot = self.snapshot();
        let mut lines = vec![
            format!("# {}公共数据授权运营证据包", self.name()),
            String::new(),
            format!("- 用途：{}", head.purpose),
            format!("- 申请主体：{}", party(&snapshot.state, head.by)),
            format!("- 制作时间：{}", beijing(head.at)),
            format!("- 账本：{}", self.log_key().name()),
            format!("- 账本公钥：`{}`", self.log_key()),
            format!("- 条目：{} 条", records.len()),
            String::new(),
        ];
        for (index, record) in records {
            match record {
                Record::Act(act) => self.act_lines(&mut lines, &snapshot.state, *index, act),
                Record::Call(call, private) => {
                    self.call_lines(&mut lines, &snapshot.state, *index, call, private.as_ref());
                }
            }
        }
        named_lines(&mut lines, head.named);
        lines.extend(HOW_TO_CHECK.iter().map(|line| (*line).to_owned()));
        let mut text = String::new();
        for line in lines {
            // Writing into a text does not fail.
            let _ = writeln!(text, "{line}");
        }
        text
    }

    fn act_lines(&self, lines: &mut Vec<String>, state: &State, index: u64, act: &ActRecord) {
        let name = Act::ALL
            .iter()
            .find(|known| known.id() == act.act)
            .map_or("治理事项", |act| act.zh());
        lines.push(format!("## 第 {index} 条：{name}（`{}`）", act.act));
        lines.push(String::new());
        lines.push(format!("- 时间：{}", beijing(act.at)));
        lines.push(format!("- 办理主体：{}", party(state, &act.actor.party)));
        if let Some(person) = &act.actor.person {
            lines.push(format!("- 办理人编号：{person}"));
        }
        lines.push(format!("- 规则包：`{}`", act.rules_hash));
        lines.push(String::new());
    }

    fn call_lines(
        &self,
        lines: &mut Vec<String>,
        state: &State,
        index: u64,
        call: &CallRecord,
        private: Option<&Private>,
    ) {
        let product = state.products.get(&ProductId::new(&call.product));
        let product = product.map_or("未登记的产品", |product| product.submission.name.as_str());
        let scenario = state.scenarios.get(&ScenarioId::new(&call.scenario));
        lines.push(format!("## 第 {index} 条：调用 {product}（`{}`）", call.id));
        lines.push(String::new());
        lines.push(format!("- 时间：{}", beijing(call.at)));
        lines.push(format!("- 数据使用方：{}", party(state, &PartyId::new(&call.consumer))));
        if let Some(scenario) = scenario {
            lines.push(format!("- 场景：{}（`{}`）", scenario.application.name, call.scenario));
        }
        lines.push(format!("- 结果：{}", self.outcome(call)));
        lines.push(format!("- 费用：{} 元", Money::from_fen(call.fee_fen)));
        if private.is_none() {
            let by = state
                .erased
                .get(&index)
                .map_or_else(|| "未记录的处置".to_owned(), ToString::to_string);
            lines.push(format!("- 调用内容：已依法删除（`{by}`），凭据仍可核验"));
        }
        lines.push(String::new());
    }

    /// What became of a call; where it was refused, by which rule of which source.
    fn outcome(&self, call: &CallRecord) -> String {
        if call.refused_by.is_empty() {
            let failure = CallFailure::of(&call.failure);
            return failure.map_or_else(
                || "已答复".to_owned(),
                |failure| format!("未能得出结果：{}", failure.text().zh),
            );
        }
        let rule = Rule::ALL.iter().find(|rule| rule.id() == call.refused_by);
        let said = rule.and_then(|rule| {
            let held = self.rules_at(call.at).in_force(*rule)?;
            Some(format!("{}（{}，{}）", held.text.zh, held.source, held.text.article))
        });
        format!("拒绝，依据 `{}`：{}", call.refused_by, said.unwrap_or_default())
    }
}

/// The files that the entries name, those that are missing included.
fn named_lines(lines: &mut Vec<String>, named: &[NamedFile]) {
    if named.is_empty() {
        return;
    }
    lines.extend(["## 条目所引用的文件".to_owned(), String::new()]);
    for file in named {
        let entries: Vec<String> = file.entries.iter().map(|index| format!("第 {index} 条")).collect();
        let there = match &file.name {
            Some(name) => format!("“{name}”，见 `files/{}`", file.sha256),
            None => "平台未存有该文件，或申请主体不得查阅，请向引用它的主体索取".to_owned(),
        };
        lines.push(format!("- {}：SHA-256 `{}`，{there}", entries.join("、"), file.sha256));
    }
    lines.push(String::new());
}

const HOW_TO_CHECK: [&str; 12] = [
    "## 如何核验",
    "",
    "在任何一台装有 `gongshu` 的机器上离线执行，账本公钥须从平台以外的渠道取得：",
    "",
    "    gongshu verify 证据包.zip --key 账本公钥",
    "",
    "核验内容：各文件与清单一致；清单与账本中的制作记录一致；每个条目在账本签名的检查点之下；",
    "所附内容与条目中的承诺一致；条目所依规则包与其摘要一致。本报告由平台按记录生成，供人阅读，",
    "其所述以 `entries/` 中的条目为准。`time-stamp/` 中的检查点带有 RFC 3161 时间戳：",
    "",
    "    openssl ts -verify -data checkpoint -in reply.tsr -CAfile authority.pem",
    "",
];

fn party(state: &State, id: &PartyId) -> String {
    match state.parties.get(id) {
        Some(party) => format!("{}（{}，`{id}`）", party.name, party.role.zh()),
        None => format!("`{id}`"),
    }
}

/// The instant as people in the district read it.
fn beijing(at: Timestamp) -> String {
    let local = Offset::constant(8).to_datetime(at);
    format!("北京时间 {}", local.strftime("%Y-%m-%d %H:%M:%S"))
}
