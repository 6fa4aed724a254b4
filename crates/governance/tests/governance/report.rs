//! Yearly operating reports.

use gongshu_governance::Command;
use gongshu_governance::identifier::ReportId;
use gongshu_governance::report::{OwedReport, owed};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::altered::altered;
use crate::district::{District, rules};

fn submitted() -> (District, &'static str, Command) {
    District::before("report.submit")
}

fn rule(district: &District, party: &str, command: &Command, changes: &[(&str, Value)]) -> String {
    district
        .decide(party, &altered(command, changes))
        .unwrap_err()
        .rule
        .to_owned()
}

/// The figures are those of the closed months, whoever asks for them.
#[test]
fn a_report_has_the_figures_of_the_books_beside_what_is_stated() {
    let (mut district, operator, submit) = submitted();
    district.must(operator, &submit);
    let report = &district.state.reports[&ReportId::new("rpt_1")];
    let periods = district.state.periods.values();
    let bills: Vec<_> = periods.flat_map(|period| period.invoices.values()).collect();
    let net = bills.iter().map(|bill| bill.net()).sum();
    let calls: u64 = bills.iter().map(|bill| bill.invoice.calls).sum();
    let figures = &report.figures;
    assert!(!bills.is_empty() && calls > 0);
    assert_eq!((figures.charged, figures.calls), (net, calls));
    assert_eq!(
        figures
            .received
            .iter()
            .map(|it| it.amount)
            .sum::<gongshu_governance::money::Money>(),
        net
    );
    assert_eq!(figures.permitted.len(), 1);
    let counts = [figures.incidents, figures.disputes, figures.alerts, figures.complaints];
    assert_eq!(counts, [1; 4]);
    // The agreement has ended: what comes before the year's end is in time.
    assert!(!report.is_late());
}

#[test]
fn what_cannot_be_reported_is_refused_and_says_why() {
    let (district, operator, submit) = submitted();
    let table = [
        ("/of/year", json!(2025), "report.yearly"),
        ("/of/year", json!(2027), "report.yearly"),
        ("/of/cost", json!("-0.01"), "report.yearly"),
        ("/of/taxes", json!("-1.00"), "report.yearly"),
        ("/of/document_sha256", json!("账"), "report.yearly"),
        ("/of/summary", json!("  "), "record.input"),
        ("/of/agreement", json!("agr_none"), "record.unknown"),
    ];
    for (place, value, expected) in table {
        assert_eq!(
            rule(&district, operator, &submit, &[(place, value)]),
            expected,
            "{place}"
        );
    }
}

/// While the agreement goes on, its year has to be over and its months closed.
#[test]
fn a_year_that_goes_on_is_reported_once_it_is_over_and_closed() {
    let (mut district, ..) = District::before("exit.start");
    let (_, operator, submit) = submitted();
    let early = district.decide(operator, &submit).unwrap_err();
    assert!(
        early.rule == "report.yearly" && early.message.zh.contains("尚未结束"),
        "{early:?}"
    );
    district.now = "2027-02-01T02:00:00Z".parse().unwrap();
    let open = district.decide(operator, &submit).unwrap_err();
    assert!(
        open.rule == "report.yearly" && open.message.zh.contains("尚未结账"),
        "{open:?}"
    );
}

#[test]
fn what_was_sent_back_is_submitted_anew_and_what_is_accepted_stays() {
    let (mut district, operator, submit) = submitted();
    district.must(operator, &submit);
    assert_eq!(
        rule(&district, operator, &submit, &[("/of/id", json!("rpt_2"))]),
        "record.duplicate"
    );
    let (_, agency, review) = District::before("report.review");
    let unsaid = [("/of/accepted", json!(false)), ("/of/reason", json!(" "))];
    assert_eq!(rule(&district, agency, &review, &unsaid), "record.input");
    district.must(agency, &altered(&review, &[("/of/accepted", json!(false))]));
    assert_eq!(rule(&district, agency, &review, &[]), "record.state");
    assert_eq!(rule(&district, operator, &submit, &[]), "record.duplicate");
    district.must(operator, &altered(&submit, &[("/of/id", json!("rpt_2"))]));
    district.must(agency, &altered(&review, &[("/of/operating_report", json!("rpt_2"))]));
    assert_eq!(
        rule(&district, operator, &submit, &[("/of/id", json!("rpt_3"))]),
        "record.duplicate"
    );
}

/// What is owed is told until it comes, and late ever after where it came late.
#[test]
fn a_report_is_owed_from_the_end_of_its_year_and_late_from_its_day_on() {
    let (mut district, operator, submit) = submitted();
    assert!(owed(&district.state, rules(), date(2026, 12, 31)).is_empty());
    let late = |district: &District, day| {
        let owed = owed(&district.state, rules(), day);
        owed.iter()
            .map(|it: &OwedReport<'_>| (it.year, it.made.is_some(), it.is_late(day)))
            .collect::<Vec<_>>()
    };
    assert_eq!(late(&district, date(2027, 3, 31)), [(2026, false, false)]);
    assert_eq!(late(&district, date(2027, 4, 1)), [(2026, false, true)]);
    district.now = "2027-04-02T02:00:00Z".parse().unwrap();
    district.must(operator, &submit);
    assert_eq!(late(&district, date(2027, 4, 2)), [(2026, true, true)]);
}
