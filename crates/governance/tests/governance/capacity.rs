//! How much of an agreement's scale is used, as far as the record knows.

use gongshu_governance::agreement::{Measure, Use, used};
use gongshu_governance::identifier::AgreementId;
use jiff::civil::date;
use serde_json::json;

use crate::altered::{altered, with};
use crate::district::District;

/// The agreement of the path with each amount, so many calls into the day.
fn of(district: &District, calls: u64) -> Vec<Use> {
    let agreement = &district.state.agreements[&AgreementId::new("agr_1")];
    used(&district.state, agreement, date(2026, 4, 1), calls)
}

fn text(all: &[Use], measure: Measure) -> Option<(String, u64)> {
    let of = all.iter().find(|it| it.amount.measure == measure).unwrap();
    Some((of.text()?, of.percent()?))
}

/// The path until an act, with an agreement that fixes every amount.
fn until(act: &str) -> District {
    let capacity = json!([
        {"measure": "resources", "quantity": 4}, {"measure": "data_gigabytes_per_year", "quantity": 3},
        {"measure": "calls_per_day", "quantity": 1_000}, {"measure": "storage_gigabytes", "quantity": 4},
        {"measure": "compute_cores", "quantity": 64}
    ]);
    let mut district = District::empty();
    for (party, command) in crate::district::path() {
        if command.act().id() == act {
            break;
        }
        let command = match command.act().id() {
            "agreement.propose" => altered(&command, &[("/of/capacity", capacity.clone())]),
            "agreement.seal" | "agreement.sign" => {
                let terms = district.state.agreements[&AgreementId::new("agr_1")].terms.sha256();
                altered(&command, &[("/of/document/terms_sha256", json!(terms))])
            }
            _ => command,
        };
        district.must(party, &command);
    }
    district
}

#[test]
fn what_the_record_knows_is_counted_and_computing_is_not() {
    let mut district = until("scenario.apply");
    let all = of(&district, 850);
    let expected = |used: &str, percent| Some((used.to_owned(), percent));
    assert_eq!(text(&all, Measure::Resources), expected("1", 25));
    assert_eq!(text(&all, Measure::DataPerYear), expected("1.500000", 50));
    assert_eq!(text(&all, Measure::CallsPerDay), expected("850", 85));
    assert_eq!(text(&all, Measure::Storage), expected("2.000000", 50));
    assert_eq!(text(&all, Measure::Compute), None, "nothing on record tells of it");
    // Another version adds to both; one from before bytes were counted is told as such.
    let (_, market, record) = District::before("version.record");
    let second = [
        ("/of/version/id", json!("ver_2")),
        ("/of/version/stored_bytes", json!(1_234_567_890)),
        ("/of/version/source_bytes", json!(null)),
    ];
    district.must(market, &altered(&record, &second));
    let all = of(&district, 0);
    assert_eq!(text(&all, Measure::Storage), expected("3.234567", 80));
    assert_eq!(text(&all, Measure::DataPerYear), expected("1.500000", 50));
    let unmeasured = |measure| all.iter().find(|it| it.amount.measure == measure).unwrap().unmeasured;
    assert_eq!((unmeasured(Measure::Storage), unmeasured(Measure::DataPerYear)), (0, 1));
}

/// What is destroyed takes no room any more, and was supplied all the same.
#[test]
fn destroyed_versions_leave_the_storage() {
    let mut district = until("scenario.apply");
    for act in ["version.destroy", "version.destroyed"] {
        assert_eq!(
            text(&of(&district, 0), Measure::Storage),
            Some(("2.000000".to_owned(), 50)),
            "{act}"
        );
        let (_, party, command) = District::before(act);
        district.must(party, &with(&command, &[]));
    }
    assert_eq!(
        text(&of(&district, 0), Measure::Storage),
        Some(("0.000000".to_owned(), 0))
    );
    assert_eq!(
        text(&of(&district, 0), Measure::DataPerYear),
        Some(("1.500000".to_owned(), 50))
    );
}
