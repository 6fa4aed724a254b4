//! The reasons for which a row is bad, with their codes and words.

use super::row_error::Message;
use crate::check::Check;
use crate::source::Fault;

/// Why a row is bad.
#[derive(Debug)]
pub(super) enum Reason<'a> {
    /// Its shape is.
    Shape(&'a Fault),
    /// It has too few or too many fields.
    FieldCount { expected: usize, found: usize },
    /// A value is missing.
    Missing,
    /// A value is not a whole number.
    NotInteger,
    /// A value is not a finite number.
    NotFloat,
    /// A value is not a number with at most two places.
    NotDecimal,
    /// A value is not a date.
    NotDate,
    /// A value does not pass the check of its column.
    Check(&'a Check),
    /// A value came before, on this line.
    Repeats { line: u64 },
}

impl Reason<'_> {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Shape(Fault::Malformed { .. }) => "row.malformed-text",
            Self::Shape(Fault::TooLong { .. }) => "row.too-long",
            Self::Shape(Fault::OpenQuote) => "row.open-quote",
            Self::Shape(Fault::TextAfterQuote) => "row.text-after-quote",
            Self::FieldCount { .. } => "row.field-count",
            Self::Missing => "row.value-missing",
            Self::NotInteger => "row.not-an-integer",
            Self::NotFloat => "row.not-a-number",
            Self::NotDecimal => "row.not-a-decimal",
            Self::NotDate => "row.not-a-date",
            Self::Check(Check::UnifiedSocialCreditCode) => "row.credit-code-invalid",
            Self::Check(Check::ResidentIdentityNumber) => "row.identity-number-invalid",
            Self::Check(Check::Between { .. }) => "row.out-of-bounds",
            Self::Check(Check::Digits { .. } | Check::OneOf { .. }) => "row.code-invalid",
            Self::Repeats { .. } => "row.value-repeats",
        }
    }

    pub(super) fn message(&self) -> Message {
        let (zh, en) = match self {
            Self::Shape(fault) => shape(fault),
            Self::FieldCount { expected, found } => (
                format!("应有{expected}个字段,实有{found}个;请检查分隔符,含分隔符的值须加英文双引号"),
                format!(
                    "{expected} fields expected, {found} found; check the delimiters, and quote values that contain one"
                ),
            ),
            Self::Missing => (
                "必填值为空;请补全,或将该字段登记为可空".into(),
                "a required value is missing; supply it, or register the column as nullable".into(),
            ),
            Self::NotInteger => (
                "不是整数;请去掉千分位、小数点和单位".into(),
                "not a whole number; take out thousands separators, decimal points and units".into(),
            ),
            Self::NotFloat => (
                "不是数值;请去掉千分位和单位".into(),
                "not a number; take out thousands separators and units".into(),
            ),
            Self::NotDecimal => (
                "不是至多两位小数的数值;请去掉千分位和单位,或四舍五入到两位".into(),
                "not a number with at most two decimal places; take out separators and units, or round it".into(),
            ),
            Self::NotDate => (
                "不是有效日期;请写成 2020-01-31".into(),
                "not a date that exists; write it as 2020-01-31".into(),
            ),
            Self::Check(check) => {
                let (zh, en) = check.wants();
                (format!("应为{zh};请核对该值"), format!("must be {en}; check the value"))
            }
            Self::Repeats { line } => (
                format!("与第{line}行的值重复,而该字段须唯一;请删去其一"),
                format!("repeats the value of line {line} in a column that must be unique; remove one of the two"),
            ),
        };
        Message { zh, en }
    }
}

fn shape(fault: &Fault) -> (String, String) {
    match fault {
        Fault::Malformed { character, byte } => (
            format!("该行第{character}个字符处的字节 0x{byte:02X} 不符合登记的编码;请核对文件编码或修复该字符"),
            format!(
                "byte 0x{byte:02X} at character {character} of the line does not fit the registered encoding; check the encoding of the file or mend the character"
            ),
        ),
        Fault::TooLong { bytes_max } => (
            format!("该行超过{bytes_max}字节;请检查换行符和引号"),
            format!("the line has more than {bytes_max} bytes; check line ends and quotes"),
        ),
        Fault::OpenQuote => (
            "引号未闭合;请补上结束引号,值内的引号须写两次".into(),
            "a quote is not closed; close it, and write quotes inside a value twice".into(),
        ),
        Fault::TextAfterQuote => (
            "结束引号后仍有文字;值内的引号须写两次".into(),
            "text follows a closing quote; write quotes inside a value twice".into(),
        ),
    }
}
