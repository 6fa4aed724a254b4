//! The real files of the demo district, with the defects they came with.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used)]

mod support;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Date32Type, Float64Type, Int64Type};
use gongshu_vault::{ColumnProfile, ColumnSpec, ColumnType, SourceSpec};
use support::{Domain, demo, integer, text};

fn read(domain: &Domain, version: &str, columns: Option<&[&str]>) -> RecordBatch {
    let batches = domain.vault.read_batches(version, columns).unwrap();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

fn profile<'a>(profiles: &'a [ColumnProfile], name: &str) -> &'a ColumnProfile {
    profiles.iter().find(|profile| profile.name == name).unwrap()
}

#[test]
fn hourly_air_of_beijing_keeps_its_missing_values() {
    let float = |name| ColumnSpec::new(name, ColumnType::Float);
    let spec = SourceSpec::csv(vec![
        integer("no").from_header("No").unique(),
        integer("year"),
        integer("month"),
        integer("day"),
        integer("hour"),
        integer("pm2_5").from_header("pm2.5").nullable(),
        integer("dewp").from_header("DEWP"),
        float("temp").from_header("TEMP"),
        text("cbwd"),
        float("iws").from_header("Iws"),
    ])
    .with_null_markers(["NA"]);
    let mut domain = Domain::new();
    let ingested = domain
        .ingest("air-1", &spec, &demo("beijing_pm25_hourly.csv.gz"))
        .unwrap();

    assert_eq!(
        (ingested.rows, ingested.rows_read, ingested.quarantined_rows),
        (43_824, 43_824, 0)
    );
    assert_eq!(
        ingested.source_sha256,
        "ae74d528f52cd98c8781f76ed94be9cf4a086cb5e3f6f7cffd804c50c8d96627"
    );
    assert_eq!(ingested.columns_ignored, ["PRES", "Is", "Ir"]);
    let pm = profile(&ingested.profile, "pm2_5");
    assert_eq!(
        (pm.nulls, pm.min.as_deref(), pm.max.as_deref()),
        (2_067, Some("0"), Some("994"))
    );
    assert!(profile(&ingested.profile, "no").unique && !pm.unique);
    assert_eq!(profile(&ingested.profile, "cbwd").distinct, Some(4));
    assert_eq!(domain.vault.profile("air-1").unwrap(), ingested.profile);

    let rows = read(&domain, "air-1", Some(&["iws", "pm2_5"]));
    assert_eq!(
        (rows.num_rows(), rows.schema().field(0).name().as_str()),
        (43_824, "iws")
    );
    assert_eq!(rows.column(1).null_count(), 2_067);
    assert_eq!(rows.column(0).as_primitive::<Float64Type>().value(38), 31.73);
    assert_eq!(rows.column(1).as_primitive::<Int64Type>().value(38), 158);
}

#[test]
fn covid_counts_of_guangdong_keep_their_chinese_text() {
    let spec = SourceSpec::csv(vec![
        ColumnSpec::new("date", ColumnType::Date),
        text("province"),
        text("city").nullable(),
        text("city_code").from_header("cityCode").nullable(),
        integer("confirmed"),
        integer("dead"),
    ]);
    let mut domain = Domain::new();
    let ingested = domain
        .ingest("covid-1", &spec, &demo("covid_guangdong_2020.csv.gz"))
        .unwrap();
    assert_eq!(ingested.rows, 7_422);
    let date = profile(&ingested.profile, "date");
    assert!(date.min.as_deref().unwrap() >= "2020-01-01" && date.max.as_deref().unwrap() <= "2020-12-31");

    let rows = read(&domain, "covid-1", None);
    assert_eq!(rows.schema(), domain.vault.version("covid-1").unwrap().schema());
    assert_eq!(rows.column(0).as_primitive::<Date32Type>().value(0), 18_280);
    assert!(rows.column(2).is_null(0));
    assert_eq!(rows.column(2).as_string::<i32>().value(1), "深圳市");
}

fn adult() -> SourceSpec {
    let names = "age:i workclass fnlwgt:i education education_num:i marital_status occupation relationship race sex \
                 capital_gain:i capital_loss:i hours_per_week:i native_country income";
    let column = |(place, name): (usize, &str)| {
        let place = u32::try_from(place).unwrap() + 1;
        match name.strip_suffix(":i") {
            Some(name) => integer(name).at(place).nullable(),
            None => text(name).at(place).nullable(),
        }
    };
    SourceSpec::csv(names.split_whitespace().enumerate().map(column).collect())
        .without_header()
        .trimmed()
        .with_null_markers(["?"])
        .with_row_id("person")
}

#[test]
fn census_extract_is_trimmed_numbered_and_its_blank_line_counted() {
    let mut domain = Domain::new();
    let ingested = domain
        .ingest("adult-1", &adult(), &demo("adult_census.csv.gz"))
        .unwrap();
    assert_eq!(
        (ingested.rows, ingested.rows_read, ingested.blank_lines),
        (32_561, 32_561, 1)
    );
    assert_eq!(profile(&ingested.profile, "workclass").nulls, 1_836);
    assert_eq!(profile(&ingested.profile, "person").max.as_deref(), Some("32561"));
    assert_eq!(profile(&ingested.profile, "sex").distinct, Some(2));

    let stored = domain.vault.version("adult-1").unwrap();
    assert_eq!(stored.unique_columns().collect::<Vec<_>>(), ["person"]);
    let rows = read(&domain, "adult-1", Some(&["income", "person", "workclass"]));
    assert_eq!(rows.column(0).as_string::<i32>().value(0), "<=50K");
    assert_eq!(rows.column(1).as_primitive::<Int64Type>().value(32_560), 32_561);
    let with_missing = read(&domain, "adult-1", Some(&["workclass", "occupation", "native_country"]));
    let missing = |row| (0..3).any(|column| with_missing.column(column).is_null(row));
    assert_eq!((0..with_missing.num_rows()).filter(|row| missing(*row)).count(), 2_399);
}

#[test]
fn streets_and_credits_are_read() {
    let streets = SourceSpec::csv(vec![
        text("code").unique(),
        text("name"),
        text("area").from_header("areaCode"),
    ]);
    let mut domain = Domain::new();
    let ingested = domain
        .ingest("streets-1", &streets, &demo("guangdong_streets.csv.gz"))
        .unwrap();
    assert_eq!(ingested.rows, 1_757);
    let rows = read(&domain, "streets-1", Some(&["name"]));
    assert_eq!(rows.column(0).as_string::<i32>().value(0), "沙面街道");

    let credits = SourceSpec::csv(vec![
        text("status").at(1),
        integer("amount").at(5),
        integer("class").at(21),
    ])
    .without_header();
    assert_eq!(
        domain
            .ingest("credit-1", &credits, &demo("german_credit.csv.gz"))
            .unwrap()
            .rows,
        1_000
    );
}
