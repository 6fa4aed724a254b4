//! The form of every command can be filled in by a clerk: each field and each choice has a Chinese name, and each
//! field a meaning.

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
fn every_field_and_choice_has_a_chinese_name() {
    let mut nameless = BTreeSet::new();
    for form in forms() {
        nameless_below(&form.schema, &mut nameless);
    }
    assert!(nameless.is_empty(), "add these to src/command/names.toml: {nameless:?}");
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
        let untitled = properties.iter().filter(|(_, property)| property["title"].is_null());
        nameless.extend(untitled.map(|(name, _)| format!("fields.{name}")));
    }
    if let (Some(choice), true) = (schema["const"].as_str(), schema["title"].is_null()) {
        nameless.insert(format!("choices.{choice}"));
    }
    match schema {
        Value::Object(object) => object.values().for_each(|value| nameless_below(value, nameless)),
        Value::Array(items) => items.iter().for_each(|item| nameless_below(item, nameless)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
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
