//! Submitting an output, collecting it, taking it back. The content waits in the vault under a key of its own; whatever
//! does not leave is destroyed with its key.

use std::collections::BTreeMap;

use gongshu_governance::identifier::{ModelId, OutputId, QueryId};
use gongshu_governance::output::{
    CollectOutput, Content, Figures, OutputKind, OutputSource, ReviewOutput, SubmitOutput, WithdrawOutput,
};
use gongshu_governance::product::CheckedQuery;
use gongshu_governance::workbench::{AttemptKind, Ran, workplace};
use gongshu_governance::{Actor, Command, State, Text};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::attempt::{Attempting, Stopped};
use super::content;
use super::run::text_of;
use crate::act::ActReceipt;
use crate::call::check_input;
use crate::district::District;
use crate::error::AppError;

/// An output as its submitter describes it; the platform makes and measures the content.
#[derive(Debug, Clone)]
pub struct NewOutput {
    /// What it is.
    pub kind: OutputKind,
    /// What it is made from.
    pub made_from: OutputSource,
    /// What it is called.
    pub title: String,
    /// Who needs it outside the domain, and what for.
    pub justification: String,
    /// The output that it replaces.
    pub previous: Option<OutputId>,
    /// The values of the query's parameters, by name.
    pub values: BTreeMap<String, Value>,
}

/// A released output on its way out.
#[derive(Debug, Clone)]
pub struct Collected {
    /// The content.
    pub content: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// A name for the file.
    pub file_name: String,
    /// The receipt of its leaving.
    pub receipt: ActReceipt,
}

/// A content with what was found and measured while it was made.
struct Made {
    content: Vec<u8>,
    ran: Ran,
    figures: Figures,
    /// The attempt that began; none where no data was read.
    attempt: Option<Attempting>,
}

impl District {
    /// Submits an output for review: runs its query under control, keeps the result in the domain, measures it.
    ///
    /// # Errors
    /// As [`District::run_query`]; and what [`gongshu_governance::output::decide_submit`] refuses.
    pub async fn submit_output(&self, actor: Actor, output: NewOutput) -> Result<ActReceipt, AppError> {
        let made = match &output.made_from {
            OutputSource::Query(query) => self.made_from_query(&actor, query, &output).await?,
            OutputSource::Model(model) => self.made_from_model(&actor, model)?,
        };
        let id = OutputId::new(self.new_id(OutputId::PREFIX));
        let command = SubmitOutput {
            id: id.clone(),
            kind: output.kind,
            made_from: output.made_from,
            title: output.title,
            justification: output.justification,
            previous: output.previous,
            values: made.attempt.as_ref().map(|_| words(&output.values)).unwrap_or_default(),
            content: Content {
                sha256: hex::encode(Sha256::digest(&made.content)),
                bytes: made.content.len() as u64,
            },
            ran: made.ran,
            figures: made.figures,
            attempt: made.attempt.as_ref().map(|attempt| attempt.id.clone()),
        };
        self.keep(id.as_str(), made.content).await?;
        let command = Command::SubmitOutput(Box::new(command));
        let done = match &made.attempt {
            Some(attempt) => self.end(attempt, command).await,
            None => self.act(actor, command, None).await,
        };
        if done.is_err() {
            self.discard(id.as_str()).await;
        }
        done
    }

    async fn made_from_query(&self, actor: &Actor, id: &QueryId, output: &NewOutput) -> Result<Made, AppError> {
        let snapshot = self.snapshot();
        let query = snapshot
            .state
            .queries
            .get(id)
            .filter(|query| query.by.party == actor.party);
        let query = query.ok_or_else(|| {
            self.rules()
                .unknown(&Text::new("保存的查询", "saved query"), id.as_str())
        })?;
        let scenario = workplace(&snapshot.state, &query.saved.scenario, &self.context(actor))?;
        let (sql, parameters) = (query.saved.sql.as_str(), query.saved.parameters.as_slice());
        let computes = output.kind != OutputKind::ProductQuery;
        let values = match computes {
            true => check_input(parameters, &output.values, self.rules())?,
            false => Vec::new(),
        };
        let text = text_of(sql, &output.values);
        let attempt = self.attempt(actor.clone(), &query.saved.scenario, AttemptKind::Output, &text);
        let checked = self.check_here(&snapshot.state, scenario, (sql, parameters)).await;
        let checked = self.or_refused(&attempt, checked.map_err(Stopped::by_check)).await?;
        // A query's text leaves without a result, so none is computed.
        if !computes {
            let (checked, ran) = checked;
            return Ok(Made {
                content: content::product_query(query, checked.derivation())?,
                ran: Ran {
                    losses: [].into(),
                    charged: false,
                    ..ran
                },
                figures: Figures::default(),
                attempt: None,
            });
        }
        self.begin(&attempt, &checked.1.losses).await?;
        let run = self.run_checked(checked, &values).await;
        let run = self
            .or_refused(&attempt, run.map_err(|error| Stopped::running(&error)))
            .await?;
        let answer = run.answer.to_json();
        let content = match output.kind {
            OutputKind::Report => content::report(output, query, &run, &answer),
            OutputKind::DataSet | OutputKind::ProductQuery | OutputKind::Model => content::data_set(&answer)?,
        };
        Ok(Made {
            content,
            figures: run.answer.figures(run.derivation.is_guarded()),
            ran: run.ran,
            attempt: Some(attempt),
        })
    }

    /// A model was reviewed before it ran; what leaves is its module, and what it was made for are its inputs.
    fn made_from_model(&self, actor: &Actor, id: &ModelId) -> Result<Made, AppError> {
        let snapshot = self.snapshot();
        let model = snapshot
            .state
            .models
            .get(id)
            .filter(|model| model.registrar.party == actor.party);
        let model = model.ok_or_else(|| self.rules().unknown(&Text::new("模型", "model"), id.as_str()))?;
        let registration = &model.registration;
        let lineage = json!({"input": registration.input, "module_sha256": registration.module_sha256});
        let fields = registration.input.fields.iter().cloned().collect();
        let checked = CheckedQuery {
            derivation_sha256: hex::encode(Sha256::digest(lineage.to_string())),
            fields: [(registration.input.resource.clone(), fields)].into(),
            consented: [].into(),
            models: [(id.clone(), registration.module_sha256.clone())].into(),
        };
        Ok(Made {
            content: registration.code().unwrap_or_default(),
            ran: Ran {
                versions: super::versions(&snapshot.state, &checked),
                checked,
                losses: [].into(),
                charged: false,
            },
            figures: Figures::default(),
            attempt: None,
        })
    }

    /// Reviews an output; what is refused or returned is destroyed.
    ///
    /// # Errors
    /// As [`District::act`].
    pub async fn review_output(
        &self,
        actor: Actor,
        review: ReviewOutput,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let id = review.output.clone();
        let done = self.act(actor, Command::ReviewOutput(review), seen_revision).await?;
        self.discard_ended(id.as_str()).await;
        Ok(done)
    }

    /// Takes an output back; its content is destroyed.
    ///
    /// # Errors
    /// As [`District::act`].
    pub async fn withdraw_output(
        &self,
        actor: Actor,
        withdrawal: WithdrawOutput,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let id = withdrawal.output.clone();
        let done = self
            .act(actor, Command::WithdrawOutput(withdrawal), seen_revision)
            .await?;
        self.discard_ended(id.as_str()).await;
        Ok(done)
    }

    /// Takes a released output out of the domain.
    ///
    /// # Errors
    /// As [`District::act`]; and where the content is not what was reviewed.
    pub async fn collect_output(&self, actor: Actor, id: &OutputId) -> Result<Collected, AppError> {
        let command = CollectOutput { output: id.clone() };
        let receipt = self.act(actor, Command::CollectOutput(command), None).await?;
        let snapshot = self.snapshot();
        let output = snapshot.state.outputs.get(id);
        let output = output.ok_or_else(|| AppError::internal("a collected output is not on record"))?;
        let (media_type, ending) = content::media(output.submission.kind);
        Ok(Collected {
            content: self.kept_content(id, &output.submission.content.sha256).await?,
            media_type,
            file_name: format!("{id}.{ending}"),
            receipt,
        })
    }

    /// The content that waits, byte for byte as it was submitted.
    pub(super) async fn kept_content(&self, id: &OutputId, sha256: &str) -> Result<Vec<u8>, AppError> {
        let (vault, name) = (self.0.domain.vault.clone(), id.to_string());
        let read = tokio::task::spawn_blocking(move || vault.kept(&name)).await;
        let content = read.map_err(AppError::internal)?.map_err(AppError::internal)?;
        match hex::encode(Sha256::digest(&content)) == sha256 {
            true => Ok(content),
            false => Err(AppError::internal(format!(
                "the content of `{id}` is not what was submitted"
            ))),
        }
    }

    pub(super) async fn keep(&self, id: &str, content: Vec<u8>) -> Result<(), AppError> {
        let (vault, name, mut rng) = (self.0.domain.vault.clone(), id.to_owned(), self.0.entropy.fork());
        let kept = tokio::task::spawn_blocking(move || vault.keep(&name, &content, &mut rng)).await;
        kept.map_err(AppError::internal)?.map_err(AppError::internal)
    }

    /// Destroys the content of an output that does not leave, or the weights of a model that is withdrawn. What fails
    /// now is done at the next start.
    pub(super) async fn discard_ended(&self, id: &str) {
        if is_ended(&self.snapshot().state, id) {
            self.discard(id).await;
        }
    }

    pub(super) async fn discard(&self, id: &str) {
        let (vault, name) = (self.0.domain.vault.clone(), id.to_owned());
        let discarded = tokio::task::spawn_blocking(move || vault.discard(&name)).await;
        if !matches!(discarded, Ok(Ok(()))) {
            tracing::warn!(%id, "what is kept of it is destroyed at the next start");
        }
    }

    /// Destroys what a crash has left of outputs that do not leave, and of models that are withdrawn or not on record.
    pub(crate) fn discard_leftovers(&self) -> Result<(), AppError> {
        let snapshot = self.snapshot();
        let vault = &self.0.domain.vault;
        for name in vault.kept_names().map_err(AppError::internal)? {
            if is_ended(&snapshot.state, &name) {
                vault.discard(&name).map_err(AppError::internal)?;
            }
        }
        Ok(())
    }
}

/// Values as texts, for the record and its readers.
fn words(values: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.iter().map(|(name, value)| (name.clone(), word(value))).collect()
}

/// Whether nothing is to be kept of an output or a trained model.
fn is_ended(state: &State, id: &str) -> bool {
    if let Some(model) = state.models.get(&ModelId::new(id)) {
        return !model.is_sealed();
    }
    let output = state.outputs.get(&OutputId::new(id));
    output.is_none_or(|output| !output.status.keeps_content())
}
