//! Running a query: checked, computed, put on record, then answered.

use std::collections::BTreeMap;
use std::time::Duration;

use gongshu_engine::Derivation;
use gongshu_governance::identifier::ScenarioId;
use gongshu_governance::product::Parameter;
use gongshu_governance::workbench::{AttemptKind, Ran, RunKind, RunQuery, workplace};
use gongshu_governance::{Actor, Command};
use gongshu_ledger::OpeningText;
use serde_json::{Value, json};

use super::attempt::{Attempting, Stopped};
use crate::act::ActReceipt;
use crate::call::check_input;
use crate::district::District;
use crate::error::AppError;

/// A query as its developer asks for it.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Its text.
    pub sql: String,
    /// Its parameters; `$1` is the first.
    pub parameters: Vec<Parameter>,
    /// Their values, by name.
    pub values: BTreeMap<String, Value>,
}

/// The answer of a run that is on record.
#[derive(Debug, Clone)]
pub struct RunAnswer {
    /// The answer: `{columns, rows, suppressed}`, the exact text that the record commits to.
    pub answer: String,
    /// Why it may leave.
    pub derivation: Derivation,
    /// What opens the record's commitments.
    pub openings: Openings,
    /// The receipt of the record.
    pub receipt: ActReceipt,
}

/// What opens the commitments of a run. They are its developer's to show; the platform keeps neither.
#[derive(Debug, Clone)]
pub struct Openings {
    /// The SQL as it was run; with parameters, `{"sql", "values"}` as JSON.
    pub sql: OpeningText,
    /// Salt of the answer, lower-case hex.
    pub answer_salt: String,
}

/// What the record commits to: the SQL, with the values of its parameters where it has some.
pub(super) fn text_of(sql: &str, values: &BTreeMap<String, Value>) -> String {
    match values.is_empty() {
        true => sql.to_owned(),
        false => json!({"sql": sql, "values": values}).to_string(),
    }
}

impl District {
    /// Runs a query under control. Its parameters are bound as those of a product's call are.
    ///
    /// # Errors
    /// Refuses whoever may not work under the scenario, a query whose flows break a release rule, one that reads what
    /// needs consent, a spent privacy budget, and more runs than a day has. Of what it refuses under the scenario the
    /// refusal is on record.
    pub async fn run_query(&self, actor: Actor, scenario: &ScenarioId, asked: &NewRun) -> Result<RunAnswer, AppError> {
        let snapshot = self.snapshot();
        let work = workplace(&snapshot.state, scenario, &self.context(&actor))?;
        let values = check_input(&asked.parameters, &asked.values, self.rules())?;
        let attempt = self.attempt(actor, scenario, AttemptKind::Query, &text_of(&asked.sql, &asked.values));
        let query = (asked.sql.as_str(), asked.parameters.as_slice());
        let checked = self.check_here(&snapshot.state, work, query).await;
        let checked = self.or_refused(&attempt, checked.map_err(Stopped::by_check)).await?;
        self.begin(&attempt, &checked.1.losses).await?;
        let began = self.0.clock.elapsed();
        let run = self.run_checked(checked, &values).await;
        self.pace(began).await;
        let run = self
            .or_refused(&attempt, run.map_err(|error| Stopped::running(&error)))
            .await?;
        let answer = serde_json::to_string(&run.answer.to_json()).map_err(AppError::internal)?;
        let (openings, receipt) = self.record_run(attempt, RunKind::Query, &answer, run.ran).await?;
        Ok(RunAnswer {
            answer,
            derivation: run.derivation,
            openings,
            receipt,
        })
    }

    /// Waits for the next whole interval since a run began, so that neither the answer nor the instant of its record tells how
    /// long it took. What takes longer than an interval still tells how many it took.
    async fn pace(&self, began: Duration) {
        let interval = u128::from(self.rules().parameters().answer_interval_millis);
        if let Some(left) = left_of(interval, self.0.clock.elapsed().saturating_sub(began)) {
            tokio::time::sleep(left).await;
        }
    }

    /// Puts on record that a run gave an answer. What it cost of privacy was charged when it began.
    pub(super) async fn record_run(
        &self,
        attempt: Attempting,
        kind: RunKind,
        answer: &str,
        ran: Ran,
    ) -> Result<(Openings, ActReceipt), AppError> {
        let answer = self.seal(answer.to_owned());
        let command = RunQuery {
            id: attempt.id.clone(),
            scenario: attempt.scenario.clone(),
            kind,
            sql_commitment: attempt.sql.commitment(),
            answer_commitment: answer.commitment(),
            ran,
        };
        let receipt = self.end(&attempt, Command::RunQuery(Box::new(command))).await?;
        let openings = Openings {
            sql: attempt.sql.opening(),
            answer_salt: hex::encode(answer.salt),
        };
        Ok((openings, receipt))
    }
}

/// What is left of the interval, in milliseconds, in which this much time has passed; none where there is no interval.
fn left_of(interval: u128, passed: Duration) -> Option<Duration> {
    let nanos = interval * 1_000_000;
    let over = passed.as_nanos().checked_rem(nanos)?;
    // INVARIANT: an interval is at most a minute, which 64 bits of nanoseconds hold.
    Some(Duration::from_nanos(u64::try_from(nanos - over).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::left_of;

    #[test]
    fn an_answer_waits_for_the_next_whole_interval() {
        let left = |interval, passed| left_of(interval, Duration::from_micros(passed)).map(|left| left.as_micros());
        for (passed, waits) in [
            (0, 250_000),
            (1, 249_999),
            (249_999, 1),
            (250_000, 250_000),
            (600_500, 149_500),
        ] {
            assert_eq!(left(250, passed), Some(waits), "{passed}");
        }
        assert_eq!(left(0, 7), None);
    }
}
