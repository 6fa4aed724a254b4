//! The content of an output, made by the platform from what a query gave under control.

use std::fmt::Write as _;

use gongshu_engine::Derivation;
use gongshu_governance::output::OutputKind;
use gongshu_governance::workbench::SavedQuery;
use serde_json::{Value, json};

use super::QueryRun;
use super::output::NewOutput;
use crate::error::AppError;

/// What a file of this kind is: its media type and the ending of its name.
pub(super) fn media(kind: OutputKind) -> (&'static str, &'static str) {
    match kind {
        OutputKind::Report => ("text/markdown; charset=utf-8", "md"),
        OutputKind::DataSet => ("text/csv; charset=utf-8", "csv"),
        OutputKind::ProductQuery => ("application/json", "json"),
        OutputKind::Model => ("application/wasm", "wasm"),
    }
}

/// A result as a table of a CSV file (RFC 4180), its header first.
pub(super) fn data_set(answer: &Value) -> Result<Vec<u8>, AppError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(names(answer)).map_err(AppError::internal)?;
    for row in rows(answer) {
        writer.write_record(row.iter().map(cell)).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(AppError::internal)
}

/// A result as a document: what it is, from which data, why it may leave, and the table.
pub(super) fn report(output: &NewOutput, query: &SavedQuery, run: &QueryRun, answer: &Value) -> Vec<u8> {
    let (ran, derivation) = (&run.ran, &run.derivation);
    let mut text = format!("# {}\n\n", output.title);
    let _ = writeln!(
        text,
        "查询 / query：{}，第 {} 版\n",
        query.saved.name, query.saved.number
    );
    let _ = writeln!(text, "| {} |", names(answer).join(" | "));
    let _ = writeln!(text, "|{}", " --- |".repeat(names(answer).len()));
    for row in rows(answer) {
        let cells: Vec<String> = row.iter().map(|value| cell(value).replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    if !output.values.is_empty() {
        let _ = writeln!(text, "\n## 参数 / parameters\n");
    }
    for (name, value) in &output.values {
        let _ = writeln!(text, "- {name} = {}", cell(value));
    }
    let _ = writeln!(text, "\n## 数据版本 / versions\n");
    for version in &ran.versions {
        let _ = writeln!(text, "- `{}` `{}`", version.resource, version.version);
    }
    let _ = writeln!(text, "\n## 推导 / derivation\n\n```text\n{}```\n", derivation.text().zh);
    let _ = writeln!(
        text,
        "SHA-256 `{}`\n\n```sql\n{}\n```",
        derivation.hash(),
        query.saved.sql
    );
    text.into_bytes()
}

/// A query's text with its derivation.
pub(super) fn product_query(query: &SavedQuery, derivation: &Derivation) -> Result<Vec<u8>, AppError> {
    let content = json!({
        "name": query.saved.name,
        "number": query.saved.number,
        "sql": query.saved.sql,
        "parameters": query.saved.parameters,
        "derivation": derivation,
        "derivation_sha256": derivation.hash(),
    });
    serde_json::to_vec_pretty(&content).map_err(AppError::internal)
}

fn names(answer: &Value) -> Vec<&str> {
    let columns = answer["columns"].as_array().into_iter().flatten();
    columns.filter_map(|column| column["name"].as_str()).collect()
}

fn rows(answer: &Value) -> impl Iterator<Item = &Vec<Value>> {
    answer["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::data_set;

    #[test]
    fn a_data_set_quotes_what_needs_it_and_leaves_missing_values_empty() {
        let answer = json!({
            "columns": [{"name": "街道", "type": "text"}, {"name": "n", "type": "integer"}],
            "rows": [["民治, \"北\"", 12], [null, 10]],
        });
        let text = String::from_utf8(data_set(&answer).unwrap()).unwrap();
        assert_eq!(text, "街道,n\n\"民治, \"\"北\"\"\",12\n,10\n");
    }
}
