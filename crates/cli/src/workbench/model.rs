//! Models trained inside the domain: asked for, and shown with their lineage.

use anyhow::{Context, Result};
use serde_json::Value;

use super::scenario_id;
use crate::remote::{Remote, word};
use crate::site::say;

/// Asks for a training, and tells what may be told of it.
pub(super) async fn train(scenario: &str, asked: &Value, remote: &Remote) -> Result<()> {
    let path = format!("workbench/scenarios/{}/models", scenario_id(scenario, remote).await?);
    let text = remote.send(remote.post(&path)?.json(asked)).await?;
    let response: Value = serde_json::from_str(&text)?;
    say(&format!("{} · {}", word(&response["function"]), word(&response["id"])));
    say(&word(&response["check"]["text"]["zh"]));
    say(&fit(&response["fit"]));
    say(&format!("SHA-256 {}", word(&response["module_sha256"])));
    say(&format!(
        "收据 receipt #{} · 待审查 waits for its review",
        response["recorded"]["receipt"]["index"]
    ));
    Ok(())
}

/// Shows a model by its id or its function.
pub(super) async fn show(model: &str, remote: &Remote, whole: bool) -> Result<()> {
    let models = remote.list("models").await?;
    let wanted = |item: &&Value| item["id"] == model || item["function"] == model;
    let found = models.iter().find(wanted);
    let found = found.with_context(|| format!("there is no model `{model}`"))?;
    if whole {
        say(&serde_json::to_string_pretty(found)?);
        return Ok(());
    }
    say(&format!(
        "{} · {} · {}",
        word(&found["function"]),
        word(&found["summary"]),
        word(&found["status"]["state"])
    ));
    say(&format!("SHA-256 {}", word(&found["module_sha256"])));
    let lineage = &found["lineage"];
    if lineage.is_null() {
        say("外部带入 brought in");
        return Ok(());
    }
    for source in lineage["sources"].as_array().into_iter().flatten() {
        let standing = match source["stands"].as_bool() {
            Some(true) => "在用 stands",
            _ => "已销毁 destroyed",
        };
        say(&format!(
            "衍生自 derived from {} {} ({standing})",
            word(&source["resource"]["name"]),
            word(&source["version"])
        ));
    }
    say(&format!("算法 algorithm {}", lineage["algorithm"]));
    say(&fit(&lineage["fit"]));
    say(&format!("推导 derivation {}", word(&lineage["derivation_sha256"])));
    say(&format!(
        "训练查询 training query SHA-256 {}",
        word(&lineage["sql_sha256"])
    ));
    Ok(())
}

fn fit(fit: &Value) -> String {
    format!(
        "主体 subjects {} · 解释 explained {}% · 单一主体影响 influence of one {}%",
        fit["subjects"], fit["explained_percent"], fit["influence_percent"]
    )
}
