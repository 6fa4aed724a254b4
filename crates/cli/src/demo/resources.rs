//! The sample district's resources: four files and how they are read.

use gongshu_app::governance::resource::{AggregateFunction, Field, FieldType, ReleaseRule};
use gongshu_app::vault::{Check, ColumnSpec, ColumnType, Encoding, SourceSpec};

/// A resource of the sample district.
pub(super) struct Sample {
    pub(super) owner: &'static str,
    pub(super) name: &'static str,
    pub(super) table: &'static str,
    pub(super) area: &'static str,
    pub(super) fields: Vec<Field>,
    pub(super) subject_key: Option<&'static str>,
    pub(super) spec: SourceSpec,
}

fn field(name: &str, field_type: FieldType, meaning: &str, level: u8, release: ReleaseRule) -> Field {
    Field {
        name: name.to_owned(),
        field_type,
        meaning: meaning.to_owned(),
        level,
        release,
        nullable: true,
    }
}

fn column_type(field_type: FieldType) -> ColumnType {
    match field_type {
        FieldType::Text => ColumnType::Text,
        FieldType::Integer => ColumnType::Integer,
        FieldType::Float => ColumnType::Float,
        FieldType::Decimal => ColumnType::Decimal,
        FieldType::Date => ColumnType::Date,
    }
}

/// 企业登记, generated, GBK.
pub(super) fn firms() -> Sample {
    use FieldType::{Date, Decimal, Text};
    let consented = || ReleaseRule::Consented;
    let fields = vec![
        field("code", Text, "统一社会信用代码", 3, consented()),
        field("name", Text, "企业名称", 3, consented()),
        field("street", Text, "所在街道", 2, ReleaseRule::Group),
        field("industry", Text, "行业门类", 2, ReleaseRule::Group),
        field(
            "capital",
            Decimal,
            "注册资本（万元）",
            3,
            ReleaseRule::Aggregate {
                functions: [AggregateFunction::Sum, AggregateFunction::Mean].into(),
            },
        ),
        field("status", Text, "登记状态", 3, consented()),
        field("founded", Date, "成立日期", 3, consented()),
        field("approved", Date, "核准日期", 3, consented()),
    ];
    let headers = [
        "统一社会信用代码",
        "企业名称",
        "街道",
        "行业",
        "注册资本",
        "状态",
        "成立日期",
        "核准日期",
    ];
    let columns = fields.iter().zip(headers).map(|(field, header)| {
        let column = ColumnSpec::new(&field.name, column_type(field.field_type)).from_header(header);
        if field.name == "code" {
            column.unique().checked(Check::UnifiedSocialCreditCode)
        } else {
            column
        }
    });
    let spec = SourceSpec::csv(columns.collect())
        .with_encoding(Encoding::Gbk)
        .quarantining();
    Sample {
        owner: "market",
        name: "企业登记",
        table: "firms",
        area: "金融服务",
        fields,
        subject_key: Some("code"),
        spec,
    }
}

/// 空气质量小时值.
pub(super) fn air() -> Sample {
    use FieldType::{Float, Integer};
    let open = |name, kind, meaning| field(name, kind, meaning, 1, ReleaseRule::Open);
    let fields = vec![
        open("year", Integer, "年"),
        open("month", Integer, "月"),
        open("day", Integer, "日"),
        open("hour", Integer, "时"),
        open("pm2_5", Float, "PM2.5 浓度（微克/立方米）"),
    ];
    let headers = ["year", "month", "day", "hour", "pm2.5"];
    let columns = fields.iter().zip(headers).map(|(field, header)| {
        let column = ColumnSpec::new(&field.name, column_type(field.field_type)).from_header(header);
        if field.name == "pm2_5" {
            column.nullable()
        } else {
            column
        }
    });
    let spec = SourceSpec::csv(columns.collect()).with_null_markers(["NA"]);
    Sample {
        owner: "ecology",
        name: "空气质量小时值",
        table: "air_quality",
        area: "生态环境",
        fields,
        subject_key: None,
        spec,
    }
}

/// 疫情日报.
pub(super) fn covid() -> Sample {
    use FieldType::{Date, Integer, Text};
    let open = |name, kind, meaning| field(name, kind, meaning, 1, ReleaseRule::Open);
    let fields = vec![
        open("date", Date, "日期"),
        open("city", Text, "城市"),
        open("confirmed", Integer, "累计确诊"),
        open("cured", Integer, "累计治愈"),
        open("dead", Integer, "累计死亡"),
    ];
    let columns = fields.iter().map(|field| {
        let column = ColumnSpec::new(&field.name, column_type(field.field_type)).from_header(&field.name);
        if field.name == "city" {
            column.nullable()
        } else {
            column
        }
    });
    let spec = SourceSpec::csv(columns.collect()).with_null_markers([""]);
    Sample {
        owner: "health",
        name: "疫情日报",
        table: "covid_daily",
        area: "卫生健康",
        fields,
        subject_key: None,
        spec,
    }
}

/// 人口收入抽样.
pub(super) fn census() -> Sample {
    use FieldType::{Integer, Text};
    let mean = || ReleaseRule::Aggregate {
        functions: [AggregateFunction::Mean].into(),
    };
    let fields = vec![
        field("age", Integer, "年龄", 3, mean()),
        field("education", Text, "教育程度", 2, ReleaseRule::Group),
        field("occupation", Text, "职业", 4, ReleaseRule::Closed),
        field("sex", Text, "性别", 2, ReleaseRule::Group),
        field("hours_per_week", Integer, "每周工时", 3, mean()),
        field("income", Text, "收入档", 3, ReleaseRule::Group),
        field("record", Integer, "记录号", 4, ReleaseRule::Closed),
    ];
    let positions = [1_u32, 4, 7, 10, 13, 15];
    let columns = fields.iter().zip(positions).map(|(field, position)| {
        ColumnSpec::new(&field.name, column_type(field.field_type))
            .at(position)
            .nullable()
    });
    let spec = SourceSpec::csv(columns.collect())
        .without_header()
        .trimmed()
        .with_null_markers(["?"])
        .with_row_id("record");
    Sample {
        owner: "statistics",
        name: "人口收入抽样",
        table: "census",
        area: "就业社保",
        fields,
        subject_key: Some("record"),
        spec,
    }
}
