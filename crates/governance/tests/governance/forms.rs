//! The form of every command can be filled in by a clerk: each act, each field and each choice has a name in Chinese and in
//! English.

use std::collections::BTreeSet;

use gongshu_governance::power::Act;
use gongshu_governance::{Form, forms};
use serde_json::Value;

#[test]
fn every_command_has_a_form_of_its_own() {
    let names: BTreeSet<String> = forms().iter().map(|form| form.command.clone()).collect();
    let acts: BTreeSet<Act> = forms().iter().map(|form| form.act).collect();
    assert_eq!((names.len(), acts.len()), (forms().len(), forms().len()));
    assert!(names.contains("apply_scenario") && acts.contains(&Act::ApplyScenario));
}

#[test]
fn every_field_and_choice_has_a_name_in_both_languages() {
    let mut nameless = BTreeSet::new();
    for form in forms() {
        nameless_below(&form.schema, &mut nameless);
    }
    assert!(nameless.is_empty(), "add these to src/command/names.toml: {nameless:?}");
}

#[test]
fn every_act_has_a_name_of_its_own_in_both_languages() {
    let chinese: BTreeSet<&str> = Act::ALL.iter().map(|act| act.zh()).collect();
    let english: BTreeSet<&str> = Act::ALL.iter().map(|act| act.en()).collect();
    assert_eq!((chinese.len(), english.len()), (Act::ALL.len(), Act::ALL.len()));
    assert!(chinese.iter().all(|name| is_chinese(name)));
    assert!(english.iter().all(|name| is_english(name)));
}

/// Every line of the names says what something is called that there is.
#[test]
fn no_name_is_left_over() {
    let named: toml::Table = toml::from_str(include_str!("../../src/command/names.toml")).unwrap();
    let mut words = BTreeSet::new();
    for form in forms() {
        words_below(&form.schema, &form.command, &mut words);
    }
    for kind in ["fields", "choices"] {
        let listed = named[kind].as_table().unwrap().keys();
        let left: Vec<String> = listed
            .map(|name| format!("{kind}.{name}"))
            .filter(|name| !words.contains(name))
            .collect();
        assert!(left.is_empty(), "nothing is called so: {left:?}");
    }
}

/// A word has a name of its own in the command or type that a line names, and its usual one elsewhere.
#[test]
fn a_name_can_hold_in_one_command_or_type_alone() {
    let title = |command: &str, pointer: &str| {
        let form = forms().iter().find(|form| form.command == command).unwrap();
        let named = form.schema.pointer(pointer).unwrap();
        (named["title"].clone(), named["x-title-en"].clone())
    };
    let text = |zh: &str, en: &str| (Value::from(zh), Value::from(en));
    assert_eq!(
        title("close_exit", "/properties/text"),
        text("办结报告结论", "Conclusion of the closing report")
    );
    assert_eq!(
        title("open_work_order", "/properties/text"),
        text("质量问题", "What is wrong")
    );
    let charging = &forms()
        .iter()
        .find(|form| form.command == "set_ceiling")
        .unwrap()
        .schema["$defs"]["Charging"]["oneOf"];
    let yearly = charging
        .as_array()
        .unwrap()
        .iter()
        .find(|choice| choice["const"] == "year")
        .unwrap();
    assert_eq!(
        (&yearly["title"], &yearly["x-title-en"]),
        (&Value::from("按年"), &Value::from("By year"))
    );
}

#[test]
fn every_command_says_what_it_does() {
    let silent = |form: &Form| form.schema["description"].as_str().is_none_or(str::is_empty);
    let silent: Vec<String> = forms()
        .iter()
        .filter(|form| silent(form))
        .map(|form| form.command.clone())
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

fn nameless_below(schema: &Value, nameless: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        let untitled = properties.iter().filter(|(_, property)| !is_named(property));
        nameless.extend(untitled.map(|(name, _)| format!("fields.{name}")));
    }
    if let (Some(choice), false) = (schema["const"].as_str(), is_named(schema)) {
        nameless.insert(format!("choices.{choice}"));
    }
    match schema {
        Value::Object(object) => object.values().for_each(|value| nameless_below(value, nameless)),
        Value::Array(items) => items.iter().for_each(|item| nameless_below(item, nameless)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The words that have names below a schema: alone, and after the command or type in which they stand.
fn words_below(schema: &Value, of: &str, words: &mut BTreeSet<String>) {
    let mut add = |kind: &str, word: &str| {
        words.insert(format!("{kind}.{word}"));
        words.insert(format!("{kind}.{of}.{word}"));
    };
    if let Some(properties) = schema["properties"].as_object() {
        properties.keys().for_each(|name| add("fields", name));
    }
    if let Some(choice) = schema["const"].as_str() {
        add("choices", choice);
    }
    match schema {
        Value::Object(object) => {
            for (member, value) in object {
                match value.as_object().filter(|_| member == "$defs") {
                    Some(types) => types.iter().for_each(|(name, value)| words_below(value, name, words)),
                    None => words_below(value, of, words),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words_below(item, of, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether it has a Chinese and an English name, each of its language. A digest's or a format's name is the same in both.
fn is_named(schema: &Value) -> bool {
    let (zh, en) = (
        schema["title"].as_str().unwrap_or_default(),
        schema["x-title-en"].as_str().unwrap_or_default(),
    );
    is_english(en) && (is_chinese(zh) || zh == en)
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// In English a name begins with a capital, and is no word of the wire.
fn is_english(text: &str) -> bool {
    text.starts_with(char::is_uppercase) && !text.contains('_')
}

#[test]
fn what_names_a_document_is_asked_for_as_a_file() {
    let form = |command: &str| {
        forms()
            .iter()
            .find(|form| form.command == command)
            .unwrap()
            .schema
            .clone()
    };
    let file = Value::String("file".to_owned());
    assert_eq!(
        form("apply_selection")["properties"]["evidence"]["additionalProperties"]["format"],
        file
    );
    for (command, member) in [
        ("order_measure", "document_sha256"),
        ("record_step", "document_sha256"),
        ("decide_plan", "minutes_sha256"),
        ("deregister_party", "evidence_sha256"),
    ] {
        assert_eq!(form(command)["properties"][member]["format"], file, "{command}");
    }
    // What the platform hashes itself is read, not chosen; nor is the number of a voucher a file.
    assert_ne!(form("accept_amendment")["properties"]["terms_sha256"]["format"], file);
    assert_ne!(form("record_payment")["properties"]["evidence"]["format"], file);
}

#[test]
fn an_instant_is_asked_for_as_one() {
    for (command, member) in [("report_incident", "discovered"), ("fulfil_duty", "done_at")] {
        let form = forms().iter().find(|form| form.command == command).unwrap();
        assert_eq!(form.schema["properties"][member]["format"], "date-time", "{command}");
    }
}
