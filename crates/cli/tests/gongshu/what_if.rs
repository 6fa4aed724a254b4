//! `gongshu rules what-if` against the record of the sample district.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

const NATIONAL: &str = include_str!("../../../../rules/national.toml");

/// Exit code, the answer, and what went to standard error.
fn ask(data: &Path, pack: &str) -> (Option<i32>, Value, String) {
    let path = data.with_file_name("proposed.toml");
    std::fs::write(&path, pack).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["rules", "what-if", "--json"])
        .arg(&path)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), answer, error)
}

fn with(before: &str, after: &str) -> String {
    assert_eq!(
        NATIONAL.matches(before).count(),
        1,
        "`{before}` stands once in the pack"
    );
    NATIONAL.replace(before, after)
}

#[test]
fn a_proposed_pack_is_asked_about_every_recorded_decision() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("district");
    let lived = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["demo", "--once", "--firms", "1000", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(lived.status.success(), "{}", String::from_utf8_lossy(&lived.stderr));

    let (code, same, error) = ask(&data, NATIONAL);
    assert_eq!((code, &same["changed"]), (Some(0), &Value::Array(vec![])), "{error}");
    let (acts, calls) = (&same["history"]["acts"], &same["history"]["calls"]);
    assert!(acts.as_u64() > Some(20) && calls.as_u64() > Some(0), "{same}");

    let (code, shorter, error) = ask(&data, &with("\nyears_max = 5\n", "\nyears_max = 1\n"));
    assert_eq!(code, Some(1), "{error}");
    let changed = shorter["changed"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "one agreement was drafted: {changed:?}");
    assert_eq!(changed[0]["recorded"], "accepted");
    let refusal = &changed[0]["proposed"]["refused"];
    assert_eq!(refusal["rule"], "agreement.term", "{refusal}");
    assert_eq!(refusal["article"], "第十四条", "{refusal}");
    assert_eq!(
        shorter["history"], same["history"],
        "history stands under the rules of its day"
    );
    assert_ne!(shorter["rules"], same["rules"]);

    let (code, _, error) = ask(&data, "[pack]\nid = \"x\"\ntitle = \"x\"\n[rules.\"agreement.trm\"]\n");
    assert!(code == Some(1) && error.contains("is no rule pack"), "{code:?} {error}");
    let replayed = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["audit", "replay", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(replayed.status.success(), "asking changes nothing");
}
