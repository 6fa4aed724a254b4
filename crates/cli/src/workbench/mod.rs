//! The workbench of a served district: a query under control, and what has been released.

mod model;
mod runs;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::call::print_answer;
use crate::remote::{Remote, word};
use crate::site::say;

/// What is done at the workbench.
#[derive(Subcommand)]
pub(crate) enum WorkbenchCommand {
    /// Run a query under control. The run is on record, without a fee.
    Run {
        /// Id or name of the scenario.
        scenario: String,
        /// The query.
        sql: String,
        /// A parameter with its value, as `name:type=value`; `$1` in the query is the first. Types are text, integer,
        /// float, decimal and date.
        #[arg(long = "parameter", value_name = "NAME:TYPE=VALUE", value_parser = bound)]
        parameters: Vec<Bound>,
        #[command(flatten)]
        remote: Remote,
        /// Print the whole response.
        #[arg(long)]
        json: bool,
    },
    /// List what was asked under a scenario, what it came to and what refused it.
    Runs {
        /// Id or name of the scenario.
        scenario: String,
        #[command(flatten)]
        remote: Remote,
        /// Print the whole response.
        #[arg(long)]
        json: bool,
    },
    /// Train a model inside the domain. It waits for its review; its weights stay inside.
    Train {
        /// Id or name of the scenario.
        scenario: String,
        /// Name of the model; one in use makes its next version.
        name: String,
        /// The query of its training data: `SELECT inputs…, label FROM resource [WHERE …]`.
        sql: String,
        /// What it scores, and how.
        #[arg(long)]
        summary: String,
        /// How it is trained.
        #[arg(long, value_parser = ["linear_regression", "logistic_regression", "poisson_regression"])]
        algorithm: String,
        /// The penalty for each subject, in thousandths.
        #[arg(long, default_value_t = 10)]
        penalty_milli: u32,
        /// Most rounds of a fit that is not linear.
        #[arg(long, default_value_t = 50)]
        rounds_max: u32,
        #[command(flatten)]
        remote: Remote,
    },
    /// Show a model and its lineage.
    Model {
        /// Its id, or its function in SQL.
        model: String,
        #[command(flatten)]
        remote: Remote,
        /// Print the whole response.
        #[arg(long)]
        json: bool,
    },
    /// Take a released output out of the domain.
    Collect {
        /// Id of the output.
        output: String,
        /// Where to save it.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        remote: Remote,
    },
}

/// Does it; a refusal is told with its rule, source and remedy.
pub(crate) async fn run(command: &WorkbenchCommand) -> Result<()> {
    match command {
        WorkbenchCommand::Run {
            scenario,
            sql,
            parameters,
            remote,
            json,
        } => run_query(scenario, &asked(sql, parameters), remote, *json).await,
        WorkbenchCommand::Runs { scenario, remote, json } => runs::list(scenario, remote, *json).await,
        WorkbenchCommand::Train {
            scenario,
            name,
            sql,
            summary,
            algorithm,
            penalty_milli,
            rounds_max,
            remote,
        } => {
            let mut how = json!({"kind": algorithm, "penalty_milli": penalty_milli});
            if algorithm != "linear_regression" {
                how["rounds_max"] = json!(rounds_max);
            }
            let asked = json!({"name": name, "summary": summary, "sql": sql, "algorithm": how});
            model::train(scenario, &asked, remote).await
        }
        WorkbenchCommand::Model { model, remote, json } => model::show(model, remote, *json).await,
        WorkbenchCommand::Collect { output, out, remote } => collect(output, out, remote).await,
    }
}

/// A parameter of a query with its value.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    name: String,
    kind: String,
    value: String,
}

fn bound(text: &str) -> Result<Bound, String> {
    let form = "请写作 名称:类型=值，如 year:integer=2026 / write NAME:TYPE=VALUE, such as year:integer=2026";
    let (stated, value) = text.split_once('=').ok_or(form)?;
    let (name, kind) = stated.split_once(':').ok_or(form)?;
    Ok(Bound {
        name: name.to_owned(),
        kind: kind.to_owned(),
        value: value.to_owned(),
    })
}

fn asked(sql: &str, parameters: &[Bound]) -> Value {
    let stated = |bound: &Bound| json!({"name": bound.name, "type": bound.kind, "meaning": bound.name});
    let values = parameters.iter().map(|bound| (bound.name.clone(), json!(bound.value)));
    json!({"sql": sql, "parameters": parameters.iter().map(stated).collect::<Vec<_>>(),
        "values": values.collect::<serde_json::Map<_, _>>()})
}

async fn run_query(scenario: &str, asked: &Value, remote: &Remote, whole: bool) -> Result<()> {
    let path = format!("workbench/scenarios/{}/runs", scenario_id(scenario, remote).await?);
    let text = remote.send(remote.post(&path)?.json(asked)).await?;
    if whole {
        say(&text);
        return Ok(());
    }
    let response: Value = serde_json::from_str(&text)?;
    print_answer(&response["answer"]);
    say(&word(&response["check"]["text"]["zh"]));
    say(&format!("收据 receipt #{}", response["recorded"]["receipt"]["index"]));
    Ok(())
}

/// The id of a scenario that is given by its id or its name.
async fn scenario_id(scenario: &str, remote: &Remote) -> Result<String> {
    let scenarios = remote.list("scenarios").await?;
    let wanted = |item: &&Value| item["id"] == scenario || item["name"] == scenario;
    let found = scenarios.iter().find(wanted);
    let found = found.with_context(|| format!("there is no scenario `{scenario}`"))?;
    Ok(word(&found["id"]))
}

async fn collect(output: &str, out: &PathBuf, remote: &Remote) -> Result<()> {
    let path = format!("workbench/outputs/{output}/collection");
    let text = remote.send(remote.post(&path)?).await?;
    let response: Value = serde_json::from_str(&text)?;
    let content = STANDARD.decode(word(&response["content"]))?;
    fs::write(out, content).with_context(|| format!("{} cannot be written", out.display()))?;
    let index = &response["recorded"]["receipt"]["index"];
    say(&format!("{} · 收据 receipt #{index}", out.display()));
    Ok(())
}
