//! Running a query: checked, computed, put on record, then answered.

use gongshu_engine::Derivation;
use gongshu_governance::identifier::ScenarioId;
use gongshu_governance::workbench::{AttemptKind, Ran, RunKind, RunQuery, workplace};
use gongshu_governance::{Actor, Command};
use gongshu_ledger::OpeningText;

use super::attempt::{Attempting, Stopped};
use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

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
    /// The SQL, as it was run.
    pub sql: OpeningText,
    /// Salt of the answer, lower-case hex.
    pub answer_salt: String,
}

impl District {
    /// Runs a query under control.
    ///
    /// # Errors
    /// Refuses whoever may not work under the scenario, a query whose flows break a release rule, one that reads what
    /// needs consent, a spent privacy budget, and more runs than a day has. Of what it refuses under the scenario the
    /// refusal is on record.
    pub async fn run_query(&self, actor: Actor, scenario: &ScenarioId, sql: &str) -> Result<RunAnswer, AppError> {
        let snapshot = self.snapshot();
        let work = workplace(&snapshot.state, scenario, &self.context(&actor))?;
        let attempt = self.attempt(actor, scenario, AttemptKind::Query, sql);
        let checked = self.check_here(&snapshot.state, work, sql).await;
        let checked = self.or_refused(&attempt, checked.map_err(Stopped::by_check)).await?;
        self.begin(&attempt).await?;
        let run = self.run_checked(checked).await;
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

    /// Puts a run on record, charging the privacy it cost in the same transaction.
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
