//! Disclosures and statistics over HTTP, and when a year and a month are over.

use std::path::Path;

use gongshu_app::governance::Actor;
use gongshu_app::governance::Command;
use gongshu_app::governance::calendar::day_of;
use gongshu_app::governance::disclosure::{PrepareDisclosure, PublishDisclosure, ReviewDisclosure, owed};
use gongshu_app::governance::identifier::{DisclosureId, PartyId};
use gongshu_app::{District, SheetOf};
use jiff::Timestamp;
use serde_json::json;

use crate::books::{ahead, opened};
use crate::served::{Client, Served};
use crate::sheets;

fn party(client: &Client) -> PartyId {
    PartyId::new(client.party["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_that_is_over_is_disclosed_and_its_use_released() {
    let mut served = Served::start();
    let (operator, agency) = (served.person("operator").await, served.person("agency").await);
    let this_year = day_of(Timestamp::now()).year();
    let of = json!({"year": this_year, "about": "运营公司"});
    operator
        .act("prepare_disclosure", of.clone())
        .await
        .refused_by(422, "disclosure.yearly");
    let bank = served.person("bank").await;
    bank.act("prepare_disclosure", of).await.refused_by(403, "power.act");
    let anybody = Client {
        http: reqwest::Client::new(),
        ..bank
    };
    let published = anybody.get("disclosures").await.ok();
    let years: Vec<i64> = (published["items"].as_array().unwrap().iter())
        .map(|it| it["year"].as_i64().unwrap())
        .collect();
    assert_eq!(years, [i64::from(this_year) - 1], "{published}");
    anybody
        .get("disclosures/dsc_none/page")
        .await
        .refused_by(404, "record.unknown");
    let statistics = anybody.get("statistics").await.ok();
    assert_eq!(
        (&statistics["cells"], &statistics["calls"]),
        (&json!([]), &json!(0)),
        "no month is over"
    );
    served.kill();
    later(&served.data(), this_year, party(&operator), party(&agency)).await;
}

/// The same district, sixteen months on.
async fn later(data: &Path, year: i16, operator: PartyId, agency: PartyId) {
    let district = opened(data, ahead(500)).await;
    let id = DisclosureId::new("dsc_1");
    let act = |party: &PartyId, command| {
        let actor = Actor {
            party: party.clone(),
            person: None,
        };
        district.act(actor, command, None)
    };
    let prepare = PrepareDisclosure {
        id: id.clone(),
        year,
        about: "运营公司".to_owned(),
        corrects: None,
        reason: String::new(),
    };
    act(&operator, Command::PrepareDisclosure(Box::new(prepare)))
        .await
        .unwrap();
    let review = ReviewDisclosure {
        disclosure: id.clone(),
        passed: true,
        report: "一致".to_owned(),
    };
    act(&agency, Command::ReviewDisclosure(review)).await.unwrap();
    let publish = PublishDisclosure {
        disclosure: id.clone(),
        place: "网站".to_owned(),
    };
    let paper = SheetOf::Disclosure(id);
    let early = district.sheet_document(&paper).await.unwrap_err();
    assert!(format!("{early:?}").contains("record.unknown"), "{early:?}");
    act(&operator, Command::PublishDisclosure(publish)).await.unwrap();
    let paper = district.sheet_document(&paper).await.unwrap();
    sheets::bears(&paper, &["公共数据资源授权运营信息披露", &format!("{year} 年度")]);
    corrected(&district, &operator, &agency, year).await;
    let snapshot = district.snapshot();
    let today = day_of(district.now());
    let owed = owed(&snapshot.state, district.rules(), today);
    let of_year: Vec<(bool, bool)> = (owed.iter().filter(|it| it.year == year))
        .map(|it| (it.party == operator, it.is_late(today)))
        .collect();
    assert_eq!(of_year.len(), 2, "agency and operator");
    assert!(of_year.iter().all(|(_, late)| *late), "both after the end of March");

    let statistics = district.statistics(year).await.unwrap();
    assert!(statistics.until_before.is_none() && !statistics.cells.is_empty());
    let answered: u64 = snapshot
        .state
        .scenarios
        .keys()
        .map(|id| snapshot.meter(id.as_str()).calls)
        .sum();
    assert!(statistics.calls() <= answered + 5 * statistics.cells.len() as u64);
    for cell in &statistics.cells {
        assert!(
            cell.calls.is_none_or(|calls| calls >= 10 && calls.is_multiple_of(5)),
            "{cell:?}"
        );
        assert_eq!(cell.firms, None, "one bank is fewer than ten");
    }
}

/// What is public is corrected by another one; both papers say so.
async fn corrected(district: &District, operator: &PartyId, agency: &PartyId, year: i16) {
    let act = |party: &PartyId, command| {
        let actor = Actor {
            party: party.clone(),
            person: None,
        };
        district.act(actor, command, None)
    };
    let (first, second) = (DisclosureId::new("dsc_1"), DisclosureId::new("dsc_2"));
    let prepare = PrepareDisclosure {
        id: second.clone(),
        year,
        about: "运营公司（更正）".to_owned(),
        corrects: Some(first.clone()),
        reason: "本单位情况有误".to_owned(),
    };
    let review = ReviewDisclosure {
        disclosure: second.clone(),
        passed: true,
        report: "一致".to_owned(),
    };
    let publish = PublishDisclosure {
        disclosure: second.clone(),
        place: "网站".to_owned(),
    };
    act(operator, Command::PrepareDisclosure(Box::new(prepare)))
        .await
        .unwrap();
    act(agency, Command::ReviewDisclosure(review)).await.unwrap();
    act(operator, Command::PublishDisclosure(publish)).await.unwrap();
    let as_of = format!("{year}-12-31");
    for (of, said) in [
        (first, "已由dsc_2更正：本单位情况有误"),
        (second, "更正dsc_1：本单位情况有误"),
    ] {
        let paper = district.sheet_document(&SheetOf::Disclosure(of)).await.unwrap();
        sheets::bears(&paper, &[said, &as_of]);
    }
}
