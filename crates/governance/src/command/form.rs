//! Forms: what each command asks for, as a JSON Schema with the Chinese name of every field, so that a page or a
//! command line can ask a clerk for it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Command;
use crate::power::Act;

/// The Chinese names of fields and choices; a test asks for each.
const NAMES: &str = include_str!("names.toml");

/// Chinese names by their word on the wire.
#[derive(Debug, Default, Deserialize)]
struct Names {
    fields: BTreeMap<String, String>,
    choices: BTreeMap<String, String>,
}

/// What a command asks for.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The command, as the wire writes it: `apply_scenario`.
    pub command: String,
    /// The act it asks for.
    pub act: Act,
    /// JSON Schema (2020-12) of what it carries. `title` of a field is its Chinese name, `description` its meaning in
    /// English; `format` is `id:<prefix>`, `date`, `date-time`, `money` or `credit-code` where the text is one.
    pub schema: Value,
}

/// The format of a text that is the hash of a file.
const FILE: &str = "file";

impl Form {
    /// What the id of the new thing starts with, where the command makes one: it carries that id as `id`.
    #[must_use]
    pub fn new_thing(&self) -> Option<&str> {
        self.schema["properties"]["id"]["format"].as_str()?.strip_prefix("id:")
    }
}

/// The form of every command, in the order of the table of commands.
#[must_use]
pub fn forms() -> &'static [Form] {
    static FORMS: LazyLock<Vec<Form>> = LazyLock::new(made);
    &FORMS
}

fn made() -> Vec<Form> {
    let names: Names = toml::from_str(NAMES).unwrap_or_default();
    let form = |(name, act, schema): (&str, Act, schemars::Schema)| {
        let mut schema = schema.to_value();
        entitle(&mut schema, &names);
        Form {
            command: snake_case(name),
            act,
            schema,
        }
    };
    Command::shapes().into_iter().map(form).collect()
}

/// Gives every field and every choice below this schema its Chinese name.
fn entitle(schema: &mut Value, names: &Names) {
    match schema {
        Value::Object(object) => {
            entitle_choice(object, names);
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, property) in properties {
                    entitle_field(name, property, names);
                    mark_file(name, property);
                }
            }
            object.values_mut().for_each(|value| entitle(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| entitle(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn entitle_field(name: &str, property: &mut Value, names: &Names) {
    if let (Some(title), Value::Object(property)) = (names.fields.get(name), property) {
        property.insert("title".to_owned(), Value::String(title.clone()));
    }
}

/// What names a document is asked for as a file, of which the hash is what the command carries.
fn mark_file(name: &str, property: &mut Value) {
    let mark = |text: &mut Value| {
        if let Value::Object(text) = text {
            text.insert("format".to_owned(), Value::String(FILE.to_owned()));
        }
    };
    if crate::file::DOCUMENT.contains(&name) {
        mark(property);
    } else if crate::file::DOCUMENTS.contains(&name)
        && let Some(value) = property.get_mut("additionalProperties")
    {
        mark(value);
    }
}

/// A choice is a constant text beside others.
fn entitle_choice(object: &mut Map<String, Value>, names: &Names) {
    let title = object
        .get("const")
        .and_then(Value::as_str)
        .and_then(|choice| names.choices.get(choice));
    if let Some(title) = title {
        object.insert("title".to_owned(), Value::String(title.clone()));
    }
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
