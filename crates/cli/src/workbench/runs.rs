//! Attempts at the workbench: what was asked under a scenario, and what refused it.

use anyhow::Result;
use serde_json::Value;

use super::scenario_id;
use crate::remote::{Remote, word};
use crate::site::say;

/// Lists the attempts that the party may see, the newest first.
pub(super) async fn list(scenario: &str, remote: &Remote, whole: bool) -> Result<()> {
    let path = format!("workbench/scenarios/{}/runs", scenario_id(scenario, remote).await?);
    let parties = remote.list(&path).await?;
    if whole {
        say(&serde_json::to_string_pretty(&parties)?);
        return Ok(());
    }
    for of in &parties {
        let (tally, today) = (&of["tally"], &of["today"]);
        say(&format!(
            "{} · 尝试 attempts {} · 应答 answered {} · 未结束 open {} · 读取数据后被拒绝 refused on data {}",
            word(&of["party"]["name"]),
            tally["attempts"],
            tally["answered"],
            tally["open"],
            tally["refused_on_data"]
        ));
        say(&format!(
            "今日 today {}/{} · 未读取即被拒绝 refused before reading {}/{}",
            today["runs"], today["runs_max"], today["refusals"], today["refusals_max"]
        ));
        for run in of["newest"].as_array().into_iter().flatten() {
            say(&line(run));
        }
    }
    Ok(())
}

fn line(run: &Value) -> String {
    let mut line = format!(
        "{} {} {} {}",
        word(&run["at"]),
        word(&run["id"]),
        word(&run["kind"]),
        word(&run["state"])
    );
    let refused = &run["refused"];
    if !refused.is_null() {
        line.push_str(&format!(" {} {}", word(&refused["control"]), word(&refused["rule"])));
        if !refused["column"].is_null() {
            line.push_str(&format!(" {}", word(&refused["column"])));
        }
        if !refused["location"].is_null() {
            let place = &refused["location"];
            line.push_str(&format!(" {}:{}", place["line"], place["column"]));
        }
    }
    line
}
