//! `gongshu call` and `gongshu act` against a served district, and `gongshu rules`.

use std::fs;
use std::process::{Command, Output};

use crate::served::Served;

fn call(served: &Served, key: &str, arguments: &[&str]) -> Output {
    remote("call", served, key, arguments)
}

fn remote(command: &str, served: &Served, key: &str, arguments: &[&str]) -> Output {
    let server = served.base.replace("/api/v1", "");
    Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args([command, "--server", &server, "--key", key])
        .args(arguments)
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_answer_verifies_and_a_refusal_names_rule_source_and_remedy() {
    let served = Served::start();
    let key = served.machine().await.key.unwrap();
    let out = served.data().join("answer.json");
    let asked = [
        "空气质量日均指标",
        "from=2014-01-01",
        "until=2014-01-03",
        "--out",
        out.to_str().unwrap(),
    ];
    let answered = call(&served, &key, &asked);
    let said = String::from_utf8_lossy(&answered.stdout).into_owned();
    assert!(
        answered.status.success(),
        "{}",
        String::from_utf8_lossy(&answered.stderr)
    );
    assert!(said.contains("2014-01-02") && said.contains("receipt #"), "{said}");
    let verified = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["verify", out.to_str().unwrap(), "--key", &served.log_key().to_string()])
        .output()
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );

    let refused = call(&served, &key, &["企业登记核验", "code=91440300X", "name=x"]);
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success());
    for part in ["[chain.consent]", "source:", "remedy:"] {
        assert!(error.contains(part), "{error}");
    }
    let unknown = call(&served, &key, &["没有的产品"]);
    assert!(
        String::from_utf8_lossy(&unknown.stderr).contains("企业登记核验"),
        "the products are named"
    );
    let stranger = call(
        &served,
        "gsk_wrong",
        &["空气质量日均指标", "from=2014-01-01", "until=2014-01-03"],
    );
    assert!(String::from_utf8_lossy(&stranger.stderr).contains("401"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_record_is_shown_as_lists_and_thing_by_thing() {
    let served = Served::start();
    let machine = served.machine().await;
    let key = machine.key.clone().unwrap();
    let show = |arguments: &[&str]| {
        let output = remote("show", &served, &key, arguments);
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    let (listed, said) = show(&[]);
    assert!(listed, "{said}");
    for list in ["agreements ", "work-orders ", "reports ", "workbench/outputs "] {
        assert!(said.lines().any(|line| line.starts_with(list)), "{said}");
    }
    assert!(!said.contains('{') && !said.contains("feed"), "{said}");
    let (listed, said) = show(&["products"]);
    let line = said
        .lines()
        .find(|line| line.contains("企业登记核验"))
        .unwrap_or_else(|| panic!("{said}"));
    assert!(listed && said.starts_with("id ") && line.contains("listed"), "{said}");
    let id = line.split_whitespace().next().unwrap();
    for arguments in [&["products", id][..], &[id][..]] {
        let (shown, said) = show(arguments);
        assert!(
            shown && said.contains(&format!("id: {id}")) && said.contains("企业登记核验"),
            "{said}"
        );
    }
    let (_, json) = show(&[id, "--json"]);
    let thing: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(thing["id"], *id);
    let stranger = remote("show", &served, "gsk_wrong", &[id]);
    assert!(
        String::from_utf8_lossy(&stranger.stderr).contains("401"),
        "not that there is no such thing"
    );
    for (arguments, says) in [
        (&["products", "prd_none"][..], "`gongshu show products`"),
        (&["prd_none"][..], "`gongshu show`"),
        (&["nothing"][..], "`gongshu show`"),
    ] {
        let (shown, said) = show(arguments);
        assert!(!shown && said.contains(says), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_are_listed_shown_and_done_from_the_command_line() {
    let served = Served::start();
    let machine = served.machine().await;
    let key = machine.key.clone().unwrap();
    let act = |arguments: &[&str]| {
        let output = remote("act", &served, &key, arguments);
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    let (listed, said) = act(&[]);
    assert!(
        listed && said.contains("grant_scenario") && said.contains("批准"),
        "{said}"
    );
    let (shown, said) = act(&["subscribe", "--form"]);
    assert!(
        shown && said.contains("quota_calls_max\t") && said.contains("必填"),
        "{said}"
    );
    assert!(!said.contains("  id\t"), "{said}");

    for (arguments, told) in [
        (vec!["grant_scenari"], "`gongshu act` lists them"),
        (vec!["unsubscribe", "subscripton=x"], "it has: [\"subscription\"]"),
        (
            vec!["subscribe", "quota_calls_max=many"],
            "`quota_calls_max` is written as JSON",
        ),
        (vec!["submit_product"], "POST /products"),
        (vec!["grant_scenario", "scenario=scn_x"], "[power.act]"),
    ] {
        let (done, said) = act(&arguments);
        assert!(!done && said.contains(told), "{arguments:?}: {said}");
    }
    let subscriptions = machine.get("subscriptions").await.ok();
    let id = subscriptions["items"][0]["id"].as_str().unwrap();
    let (done, said) = act(&["unsubscribe", &format!("subscription={id}")]);
    assert!(done && said.contains(id) && said.contains("receipt #"), "{said}");
    let (again, said) = act(&["unsubscribe", &format!("subscription={id}")]);
    assert!(!again && said.contains("remedy:"), "{said}");
}

fn rules(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .arg("rules")
        .args(arguments)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_rule_is_explained_with_its_source_and_two_packs_are_told_apart() {
    let (code, text) = rules(&["explain", "agreement.term"]);
    assert_eq!(code, Some(0), "{text}");
    for part in ["第十四条", "27号", "years_max = 5", "confidence: H"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for (day, layer) in [("2025-10-31", "layer: 国家规则"), ("2025-11-01", "layer: 广东省规则")] {
        let (_, text) = rules(&["explain", "incident.clock", "--on", day]);
        assert!(text.contains(layer) && text.contains(day), "{text}");
    }
    let (code, text) = rules(&["explain", "agreement.trm"]);
    assert!(code != Some(0) && text.contains("lists the ids"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let pack = |name: &str, years: u32| {
        let path = folder.path().join(name);
        let text = format!(
            "[pack]\nid = \"x\"\ntitle = \"x\"\n[rules.\"agreement.term\"]\nsource = \"27号\"\narticle = \"第十四条\"\n\
             confidence = \"H\"\nzh = \"x\"\nen = \"x\"\nparameters = {{ years_max = {years} }}\n"
        );
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (_, text) = rules(&["explain", "incident.clock"]);
    let own = text.split("hours_remedy").nth(1).unwrap();
    assert!(own.contains("区县自定") && own.contains("confidence: L"), "{text}");
    // A district's pack is read where its folder is given.
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    let (data, own) = (folder.path().to_str().unwrap(), pack("rules/x.toml", 4));
    let (_, text) = rules(&["explain", "agreement.term", "--data", data]);
    assert!(text.contains("years_max = 4") && text.contains("layer: x"), "{text}");
    std::fs::remove_file(own).unwrap();
    let (five, three) = (pack("five.toml", 5), pack("three.toml", 3));
    assert_eq!(rules(&["diff", &five, &five]), (Some(0), String::new()));
    let (code, text) = rules(&["diff", &five, &three]);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(text.trim(), "~ agreement.term: parameters.years_max");
    let (code, text) = rules(&["check"]);
    assert!(code == Some(0) && text.contains("2025-11-01 起"), "{text}");
    let (code, text) = rules(&["check", &five]);
    assert!(
        code == Some(1) && text.contains("pack `x`") && text.contains("cites the source `27号`"),
        "{text}"
    );
    std::fs::write(&three, "[pack]\nid = 3").unwrap();
    let (code, text) = rules(&["check", &three]);
    assert!(code == Some(1) && text.contains("three.toml is no rule pack"), "{text}");
}

/// What a clerk writes when the notice for a year is out.
const NEXT_YEAR: &str = r#"[pack]
id = "calendar-2027"
title = "2027年工作日历"

[[years]]
year = 2027
source = "节假日安排的通知"
confidence = "L"
holidays = [{ name = "元旦", from = "2027-01-01", until = "2027-01-03" }]
make_up = ["2027-02-20"]
"#;

#[test]
fn a_year_of_the_calendar_is_a_pack_of_the_districts_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (data, pack) = (folder.path().to_str().unwrap(), folder.path().join("2027.toml"));
    let check = |text: &str| {
        fs::write(&pack, text).unwrap();
        rules(&["check", "--data", data, pack.to_str().unwrap()])
    };
    let (code, text) = check(NEXT_YEAR);
    assert!(code == Some(0) && text.contains("2025, 2026, 2027"), "{text}");
    let mistakes = [
        ("2027-02-20", "2027-02-22", "a make-up day is a weekend day"),
        ("2027-01-03", "2026-12-31", "the holiday ends before it begins"),
        ("\"calendar-2027\"", "\"calendar\"", "two rule packs `calendar`"),
        ("make_up", "makeup", "2027.toml is no rule pack"),
    ];
    for (before, after, said) in mistakes {
        let (code, text) = check(&NEXT_YEAR.replace(before, after));
        assert!(code != Some(0) && text.contains(said), "{said} is not in {text}");
    }
    // In the folder, it is the district's.
    let own = folder.path().join("rules");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("2027.toml"), NEXT_YEAR).unwrap();
    let (code, text) = rules(&["check", "--data", data]);
    assert!(code == Some(0) && text.contains("2025, 2026, 2027"), "{text}");
}
