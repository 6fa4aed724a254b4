//! Forms: what each command asks for, as a JSON Schema with the name of every field in Chinese and English, so that a
//! page or a command line can ask a clerk for it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Command;
use crate::power::Act;
use crate::text::Text;

/// What fields and choices are called; a test asks for each.
const NAMES: &str = include_str!("names.toml");
/// The keyword of a schema that holds an English name; `title` holds the Chinese one.
pub(crate) const TITLE_EN: &str = "x-title-en";

/// Names by their word on the wire, or by that word after the command or type in which alone it is called so.
#[derive(Debug, Default, Deserialize)]
struct Names {
    fields: BTreeMap<String, Text>,
    choices: BTreeMap<String, Text>,
}

/// The name of a word within a command or a type of its schema.
fn name_in<'a>(names: &'a BTreeMap<String, Text>, of: &str, word: &str) -> Option<&'a Text> {
    names.get(&format!("{of}.{word}")).or_else(|| names.get(word))
}

/// What a command asks for.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The command, as the wire writes it: `apply_scenario`.
    pub command: String,
    /// The act it asks for.
    pub act: Act,
    /// JSON Schema (2020-12) of what it carries. `title` of a field is its Chinese name, `x-title-en` its English one,
    /// `description` its meaning in English; `format` is `id:<prefix>`, `date`, `date-time`, `money` or `credit-code` where the text is one.
    pub schema: Value,
}

/// The member of a schema that holds the types it refers to.
const DEFINITIONS: &str = "$defs";
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
        let (command, mut schema) = (snake_case(name), schema.to_value());
        entitle(&mut schema, &command, &names);
        Form { command, act, schema }
    };
    Command::shapes().into_iter().map(form).collect()
}

/// Gives every field and every choice below this schema its names; `of` is the command or the type that it stands in.
fn entitle(schema: &mut Value, of: &str, names: &Names) {
    match schema {
        Value::Object(object) => {
            entitle_choice(object, of, names);
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, property) in properties {
                    entitle_field(name, property, of, names);
                    mark_file(name, property);
                }
            }
            for (member, value) in object {
                match (member.as_str(), value) {
                    (DEFINITIONS, Value::Object(types)) => {
                        types.iter_mut().for_each(|(name, value)| entitle(value, name, names));
                    }
                    (_, value) => entitle(value, of, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| entitle(item, of, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn entitle_field(name: &str, property: &mut Value, of: &str, names: &Names) {
    if let (Some(called), Value::Object(property)) = (name_in(&names.fields, of, name), property) {
        put_name(property, called);
    }
}

fn put_name(schema: &mut Map<String, Value>, called: &Text) {
    schema.insert("title".to_owned(), Value::String(called.zh.clone()));
    schema.insert(TITLE_EN.to_owned(), Value::String(called.en.clone()));
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
fn entitle_choice(object: &mut Map<String, Value>, of: &str, names: &Names) {
    let called = object
        .get("const")
        .and_then(Value::as_str)
        .and_then(|choice| name_in(&names.choices, of, choice));
    if let Some(called) = called {
        put_name(object, called);
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
