//! What a reviewer reads: the content, the derivation, and what is other than in the version before.

use std::sync::Arc;

use gongshu_engine::Derivation;
use gongshu_governance::identifier::{OutputId, PartyId};
use gongshu_governance::output::{Output, OutputSource, OutputStatus};
use gongshu_governance::power::Act;
use gongshu_governance::{Actor, State, Text};

use super::content;
use crate::district::District;
use crate::domain::Query;
use crate::error::AppError;
use crate::tasks::Task;

/// The derivation of an output, and how it differs from that of the version before.
#[derive(Debug, Clone)]
pub struct OutputDerivation {
    /// Readable, Chinese and English.
    pub text: Text,
    /// Lines that are new (`+`) or gone (`-`) in Chinese; none where there is no version before.
    pub changes: Option<Vec<String>>,
    /// Whether it is the one that is on record: the rules, the grant or the models have not changed since.
    pub as_recorded: bool,
}

impl District {
    /// Whether the actor may review the output: it has the power, and another party submitted it.
    #[must_use]
    pub fn may_review(&self, actor: &Actor, output: &Output) -> bool {
        let snapshot = self.snapshot();
        let Some(party) = snapshot.state.parties.get(&actor.party) else {
            return false;
        };
        let scenario = snapshot.state.scenarios.get(&output.scenario);
        let agreement = scenario.and_then(|scenario| snapshot.state.agreements.get(&scenario.application.agreement));
        let owner = agreement.map(|agreement| &agreement.terms.operator);
        let may = self.powers().allows(&party.id, party.role, Act::ReviewOutput, owner);
        may && output.by.party != actor.party
    }

    /// Outputs that wait for a review by the party.
    pub(crate) fn reviews_of(&self, party: &PartyId) -> Vec<Task> {
        let snapshot = self.snapshot();
        let actor = Actor {
            party: party.clone(),
            person: None,
        };
        let waits = |output: &&Arc<Output>| output.status == OutputStatus::Submitted && self.may_review(&actor, output);
        let task = |output: &Arc<Output>| Task {
            act: Act::ReviewOutput,
            kind: "output",
            id: output.submission.id.to_string(),
            name: output.submission.title.clone(),
            resource: None,
            revision: output.revision,
            text: Text::new(
                format!("审查出域成果“{}”第 {} 版", output.submission.title, output.number),
                format!(
                    "review the output `{}`, version {}",
                    output.submission.title, output.number
                ),
            ),
        };
        snapshot.state.outputs.values().filter(waits).map(task).collect()
    }

    /// The content of an output that waits, for its reviewers, with its media type.
    ///
    /// # Errors
    /// Refuses an output that the actor may not review, or whose content is gone, as one that is not there.
    pub async fn reviewed_content(&self, actor: &Actor, id: &OutputId) -> Result<(Vec<u8>, &'static str), AppError> {
        let snapshot = self.snapshot();
        let output = snapshot.state.outputs.get(id);
        let output = output.filter(|output| self.may_review(actor, output) && output.status.keeps_content());
        let output = output.ok_or_else(|| self.unknown_output(id))?;
        let content = self.kept_content(id, &output.submission.content.sha256).await?;
        Ok((content, content::media(output.submission.kind).0))
    }

    /// The derivation of an output, made again from the query that is on record.
    ///
    /// # Errors
    /// When the query no longer passes the check, with that refusal.
    pub async fn output_derivation(&self, output: &Output) -> Result<OutputDerivation, AppError> {
        let snapshot = self.snapshot();
        let Some(derivation) = self.derived(&snapshot.state, output).await? else {
            return Ok(of_model(output));
        };
        let recorded = &output.submission.ran.checked.derivation_sha256;
        let before = output.submission.previous.as_ref();
        let before = match before.and_then(|id| snapshot.state.outputs.get(id)) {
            Some(before) => self.derived(&snapshot.state, before).await?,
            None => None,
        };
        let changes = before.map(|before| line_changes(&before.text().zh, &derivation.text().zh));
        Ok(OutputDerivation {
            text: derivation.text(),
            changes,
            as_recorded: derivation.hash() == *recorded,
        })
    }

    /// None of a model.
    async fn derived(&self, state: &State, output: &Output) -> Result<Option<Derivation>, AppError> {
        let OutputSource::Query(id) = &output.submission.made_from else {
            return Ok(None);
        };
        let (query, scenario) = (state.queries.get(id), state.scenarios.get(&output.scenario));
        let (Some(query), Some(scenario)) = (query, scenario) else {
            return Err(self.unknown_output(&output.submission.id));
        };
        let asked = Query {
            sql: &query.saved.sql,
            parameters: &query.saved.parameters,
            subject: None,
        };
        let checked = self.0.domain.check(state, scenario, &asked, self.rules()).await?;
        Ok(Some(checked.derivation().clone()))
    }

    fn unknown_output(&self, id: &OutputId) -> AppError {
        self.rules()
            .unknown(&Text::new("待审成果", "output to review"), id.as_str())
            .into()
    }
}

/// A model's derivation is what it takes.
fn of_model(output: &Output) -> OutputDerivation {
    let fields = output.submission.ran.checked.fields.iter();
    let read = fields.flat_map(|(resource, fields)| fields.iter().map(move |field| format!("{resource}.{field}")));
    let read = read.collect::<Vec<_>>().join(", ");
    OutputDerivation {
        text: Text::new(format!("模型输入 {read}\n"), format!("inputs of the model: {read}\n")),
        changes: None,
        as_recorded: true,
    }
}

/// Lines of the text that are new, and lines of the one before that are gone; each with what it stands under.
#[must_use]
pub fn line_changes(before: &str, now: &str) -> Vec<String> {
    let (before, now) = (in_place(before), in_place(now));
    let gone = before
        .iter()
        .filter(|line| !now.contains(line))
        .map(|line| format!("- {line}"));
    let new = now
        .iter()
        .filter(|line| !before.contains(line))
        .map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

/// A line that is indented stands under the last one that is not.
fn in_place(text: &str) -> Vec<String> {
    let mut above = "";
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(below) => lines.push(format!("{above} {below}")),
            None => {
                above = line;
                lines.push(line.to_owned());
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::line_changes;

    #[test]
    fn a_line_is_compared_where_it_stands() {
        let before = "输出 a\n  └ firms.street（分组）\n输出 n\n  └ 不依赖任何数据\n";
        let now = "输出 a\n  └ firms.grade（分组）\n输出 n\n  └ 不依赖任何数据\n读取 firms.grade (group)\n";
        assert_eq!(
            line_changes(before, now),
            [
                "- 输出 a └ firms.street（分组）",
                "+ 输出 a └ firms.grade（分组）",
                "+ 读取 firms.grade (group)"
            ]
        );
        assert!(line_changes(now, now).is_empty());
    }
}
