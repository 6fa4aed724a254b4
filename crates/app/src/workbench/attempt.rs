//! Attempts: put on record before they read data, and when they give nothing. A refusal is answered once it is durable.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongshu_engine::{Algorithm, ExecuteError, TrainError};
use gongshu_governance::identifier::{PartyId, ResourceId, RunId, ScenarioId};
use gongshu_governance::party::Role;
use gongshu_governance::power::Act;
use gongshu_governance::workbench::{AttemptKind, AttemptStep, Control, Recipe, RecordAttempt, RefusedAttempt, Runs};
use gongshu_governance::{Actor, Command, Refusal};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;
use crate::receipt::Sealed;

/// An attempt under way.
pub(super) struct Attempting {
    actor: Actor,
    pub(super) id: RunId,
    pub(super) scenario: ScenarioId,
    kind: AttemptKind,
    pub(super) sql: Sealed,
    training: Option<Box<Recipe>>,
}

impl Attempting {
    /// The same, of a training.
    pub(super) fn of_training(self, name: &str, algorithm: Algorithm) -> Self {
        let recipe = Recipe {
            name: name.to_owned(),
            sql: self.sql.value.clone(),
            algorithm,
        };
        Self {
            training: Some(Box::new(recipe)),
            ..self
        }
    }

    fn step(&self, step: AttemptStep) -> Command {
        Command::RecordAttempt(Box::new(self.recorded(step)))
    }

    fn recorded(&self, step: AttemptStep) -> RecordAttempt {
        RecordAttempt {
            id: self.id.clone(),
            scenario: self.scenario.clone(),
            kind: self.kind,
            sql_commitment: self.sql.commitment(),
            training: self.training.clone(),
            losses: BTreeMap::new(),
            step,
        }
    }
}

/// What stopped an attempt.
pub(super) struct Stopped {
    control: Control,
    column: Option<String>,
    error: AppError,
}

impl Stopped {
    /// By the check, before anything was read.
    pub(super) fn by_check(error: AppError) -> Self {
        let column = match &error {
            AppError::Refused { column, .. } => column.clone(),
            _ => None,
        };
        Self {
            control: Control::Check,
            column,
            error,
        }
    }

    /// By a rule that the sequencer asks.
    fn by_record(error: AppError) -> Self {
        Self {
            control: Control::Record,
            column: None,
            error,
        }
    }

    /// While it ran.
    pub(super) fn running(error: &ExecuteError) -> Self {
        let control = match error {
            ExecuteError::Time(_) | ExecuteError::ClusterTime(_) => Control::Time,
            ExecuteError::Rows(_) => Control::Rows,
            ExecuteError::Bytes(_) => Control::Bytes,
            ExecuteError::Memory => Control::Memory,
            ExecuteError::Model(_) => Control::Model,
            ExecuteError::Cluster(_) | ExecuteError::Storage(_) | ExecuteError::Failed(_) => Control::Execution,
        };
        Self {
            control,
            column: None,
            error: AppError::not_computed(error),
        }
    }

    /// By what a training must keep to.
    pub(super) fn training(error: &TrainError, refusal: Refusal) -> Self {
        let (control, column) = match error {
            TrainError::Subjects(_) => (Control::Subjects, None),
            TrainError::Rest(_) => (Control::Rest, None),
            TrainError::Differ(_) | TrainError::Labels(_) => (Control::Difference, None),
            TrainError::Apart { column, .. } => (Control::Apart, Some(column.clone())),
            TrainError::Influence(_) => (Control::Influence, None),
            TrainError::Label(_) => (Control::Label, None),
            TrainError::Failed => (Control::Fit, None),
            TrainError::Time(_) => (Control::Time, None),
            TrainError::Model(_) => (Control::Model, None),
            TrainError::Execute(error) => return Self::running(error),
        };
        Self {
            control,
            column,
            error: refusal.into(),
        }
    }

    fn refused(&self) -> RefusedAttempt {
        let location = match &self.error {
            AppError::Refused { location, .. } => *location,
            _ => None,
        };
        RefusedAttempt {
            control: self.control,
            rule: self.error.code().to_owned(),
            column: self.column.clone(),
            location,
        }
    }
}

/// The attempts of one party under a scenario.
#[derive(Debug, Clone)]
pub struct AttemptsOf {
    /// Whose.
    pub party: PartyId,
    /// What they came to.
    pub runs: Arc<Runs>,
}

impl District {
    pub(super) fn attempt(&self, actor: Actor, scenario: &ScenarioId, kind: AttemptKind, sql: &str) -> Attempting {
        Attempting {
            actor,
            id: RunId::new(self.new_id(RunId::PREFIX)),
            scenario: scenario.clone(),
            kind,
            sql: self.seal(sql.to_owned()),
            training: None,
        }
    }

    /// Puts on record that an attempt is about to read data, and charges what it loses of privacy. Nothing is read before.
    pub(super) async fn begin(&self, attempt: &Attempting, losses: &BTreeMap<ResourceId, u64>) -> Result<(), AppError> {
        let mut begun = attempt.recorded(AttemptStep::Began);
        begun.losses.clone_from(losses);
        let begun = Command::RecordAttempt(Box::new(begun));
        self.end(attempt, begun).await.map(drop)
    }

    /// Does an act of an attempt; where a rule refuses it, that ends the attempt.
    pub(super) async fn end(&self, attempt: &Attempting, command: Command) -> Result<ActReceipt, AppError> {
        let done = self.act(attempt.actor.clone(), command, None).await;
        self.or_refused(attempt, done.map_err(Stopped::by_record)).await
    }

    /// What an attempt gave; or its refusal, once that is on record.
    pub(super) async fn or_refused<T>(&self, attempt: &Attempting, outcome: Result<T, Stopped>) -> Result<T, AppError> {
        match outcome {
            Ok(given) => Ok(given),
            Err(stopped) => Err(self.refuse(attempt, stopped).await),
        }
    }

    /// What is no refusal says nothing of the data: the record can't be written, or the platform failed before it read.
    /// An attempt that began then stays open, and counts.
    async fn refuse(&self, attempt: &Attempting, stopped: Stopped) -> AppError {
        let refuses = match &stopped.error {
            AppError::Refused { .. } => true,
            error => stopped.control.follows_data() && error.outage().is_none(),
        };
        if !refuses {
            return stopped.error;
        }
        let step = attempt.step(AttemptStep::Refused(stopped.refused()));
        match self.act(attempt.actor.clone(), step, None).await {
            Ok(done) => AppError::Recorded {
                error: Box::new(stopped.error),
                receipt: Box::new(done.receipt),
                sql: Some(attempt.sql.opening()),
            },
            Err(error) => error,
        }
    }

    /// The attempts under a scenario: a party's own; all of them for whoever reviews its outputs, and for supervisors.
    ///
    /// # Errors
    /// Refuses a scenario that is not on record.
    pub fn attempts(&self, actor: &Actor, scenario: &ScenarioId) -> Result<Vec<AttemptsOf>, AppError> {
        let snapshot = self.snapshot();
        let context = self.context(actor);
        let party = snapshot.state.party(&actor.party, &context)?;
        let application = &snapshot.state.scenario(scenario, &context)?.application;
        let agreement = snapshot.state.agreement(&application.agreement, &context)?;
        let owner = Some(&agreement.terms.operator);
        let reviews = self.powers().allows(&party.id, party.role, Act::ReviewOutput, owner);
        let all = reviews || party.role == Role::Supervisor;
        let shown = snapshot.state.runs.iter();
        let shown = shown.filter(|((of, under), _)| under == scenario && (all || *of == actor.party));
        let mut attempts: Vec<AttemptsOf> = shown
            .map(|((party, _), runs)| AttemptsOf {
                party: party.clone(),
                runs: runs.clone(),
            })
            .collect();
        attempts.sort_by(|one, other| one.party.cmp(&other.party));
        Ok(attempts)
    }
}
