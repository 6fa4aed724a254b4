//! `gongshu call` against a served district.

use std::process::{Command, Output};

use crate::served::Served;

fn call(served: &Served, key: &str, arguments: &[&str]) -> Output {
    let server = served.base.replace("/api/v1", "");
    Command::new(env!("CARGO_BIN_EXE_gongshu"))
        .args(["call", "--server", &server, "--key", key])
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
