//! Limits of a district: `limits.toml` in its folder, where it wants others than the usual ones.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use gongshu_app::engine::{Config, Limits as QueryLimits, ModelLimits};
use gongshu_app::vault::VERSION_BYTES_MAX;
use gongshu_server::Settings;
use serde::Deserialize;

const FILE: &str = "limits.toml";

/// What the file says; what it leaves out stays as usual.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    query: Query,
    model: Model,
    server: Server,
    vault: Vault,
}

/// Of queries.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Query {
    seconds_max: Option<u64>,
    rows_max: Option<usize>,
    answer_bytes_max: Option<usize>,
    /// Of one query.
    memory_bytes_max: Option<usize>,
    /// Of all queries together.
    memory_bytes_total_max: Option<usize>,
    /// Of a version's encrypted file, for its columns to be kept in memory.
    held_version_bytes_max: Option<u64>,
    sql_characters_max: Option<usize>,
    sql_operators_max: Option<usize>,
    sql_nesting_max: Option<usize>,
    /// Of queries.
    checks_at_once_max: Option<usize>,
}

/// Of models.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Model {
    module_bytes_max: Option<usize>,
    /// Of an ONNX model.
    operators_max: Option<usize>,
    /// Fuel.
    instructions_per_row_max: Option<u64>,
    memory_bytes_max: Option<usize>,
    /// Over one batch of rows.
    batch_milliseconds_max: Option<u64>,
    /// Subjects of one training.
    training_rows_max: Option<usize>,
    /// Of one fit.
    training_seconds_max: Option<u64>,
}

/// Of requests and sessions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Server {
    body_bytes_max: Option<usize>,
    upload_bytes_max: Option<usize>,
    /// Of a rule pack that is tried on the record.
    proposed_pack_bytes_max: Option<usize>,
    /// Of trying one.
    proposed_pack_seconds_max: Option<u64>,
    session_idle_seconds: Option<u64>,
}

/// Of stored versions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Vault {
    version_bytes_max: Option<u64>,
}

/// The limits of the district in this folder.
pub(crate) fn read(data: &Path) -> Result<Limits> {
    let path = data.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("{} cannot be read", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Limits::default()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

impl Limits {
    /// How the engine runs.
    pub(crate) fn engine(&self) -> Config {
        let (query, usual) = (&self.query, Config::default());
        let limits = QueryLimits {
            time: query.seconds_max.map_or(usual.limits.time, Duration::from_secs),
            rows: query.rows_max.unwrap_or(usual.limits.rows),
            bytes: query.answer_bytes_max.unwrap_or(usual.limits.bytes),
            memory_bytes: query.memory_bytes_max.unwrap_or(usual.limits.memory_bytes),
            sql_characters: query.sql_characters_max.unwrap_or(usual.limits.sql_characters),
            sql_operators: query.sql_operators_max.unwrap_or(usual.limits.sql_operators),
            sql_nesting: query.sql_nesting_max.unwrap_or(usual.limits.sql_nesting),
        };
        Config {
            models: self.models(&usual.models),
            memory_bytes: query.memory_bytes_total_max.unwrap_or(usual.memory_bytes),
            threads: usual.threads,
            checks_at_once: query.checks_at_once_max.unwrap_or(usual.checks_at_once),
            held_version_bytes_max: query.held_version_bytes_max.unwrap_or(usual.held_version_bytes_max),
            limits,
        }
    }

    fn models(&self, usual: &ModelLimits) -> ModelLimits {
        let model = &self.model;
        ModelLimits {
            code_bytes: model.module_bytes_max.unwrap_or(usual.code_bytes),
            operators: model.operators_max.unwrap_or(usual.operators),
            fuel_per_row: model.instructions_per_row_max.unwrap_or(usual.fuel_per_row),
            memory_bytes: model.memory_bytes_max.unwrap_or(usual.memory_bytes),
            time: model.batch_milliseconds_max.map_or(usual.time, Duration::from_millis),
            training_rows: model.training_rows_max.unwrap_or(usual.training_rows),
            training_time: model
                .training_seconds_max
                .map_or(usual.training_time, Duration::from_secs),
        }
    }

    /// Length of the encrypted file of a version.
    pub(crate) fn version_bytes_max(&self) -> u64 {
        self.vault.version_bytes_max.unwrap_or(VERSION_BYTES_MAX)
    }

    /// What the server takes.
    pub(crate) fn server(&self) -> Settings {
        let (server, usual) = (&self.server, Settings::default());
        Settings {
            body_bytes_max: server.body_bytes_max.unwrap_or(usual.body_bytes_max),
            upload_bytes_max: server.upload_bytes_max.unwrap_or(usual.upload_bytes_max),
            proposed_pack_bytes_max: server.proposed_pack_bytes_max.unwrap_or(usual.proposed_pack_bytes_max),
            proposed_pack_time_max: server
                .proposed_pack_seconds_max
                .map_or(usual.proposed_pack_time_max, Duration::from_secs),
            session_idle: server
                .session_idle_seconds
                .map_or(usual.session_idle, Duration::from_secs),
            ..usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_states_the_usual_limits() {
        let readme = include_str!("../../../README.md");
        let section = readme.split("## Limits").nth(1).unwrap();
        let block: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("    ")).collect();
        let block = &block[..block
            .iter()
            .rposition(|line| line.starts_with("version_bytes_max"))
            .unwrap()
            + 1];
        let stated: Limits = toml::from_str(&block.join("\n")).unwrap();
        assert!(
            stated.query.rows_max.is_some()
                && stated.model.memory_bytes_max.is_some()
                && stated.server.body_bytes_max.is_some()
                && stated.vault.version_bytes_max.is_some()
        );
        let shown = |limits: &Limits| {
            let (engine, server) = (limits.engine(), limits.server());
            format!("{engine:?} {server:?} {}", limits.version_bytes_max())
        };
        assert_eq!(shown(&stated), shown(&Limits::default()));
    }

    #[test]
    fn an_unknown_limit_is_named_and_a_stated_one_counts() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| fs::write(folder.path().join(FILE), text).unwrap();
        write("[query]\nrows_mx = 3\n");
        let error = format!("{:#}", read(folder.path()).unwrap_err());
        assert!(error.contains("limits.toml") && error.contains("rows_mx"), "{error}");
        write("[query]\nrows_max = 3\n");
        assert_eq!(read(folder.path()).unwrap().engine().limits.rows, 3);
    }
}
