//! One firm.

use crate::code::credit_code;
use crate::random::Random;

const STREETS: [&str; 6] = ["观湖街道", "民治街道", "龙华街道", "大浪街道", "福城街道", "观澜街道"];
const FIRST: [&str; 24] = [
    "华", "鑫", "瑞", "恒", "宏", "盛", "嘉", "鹏", "智", "云", "龙", "泰", "永", "新", "德", "创", "海", "天", "金",
    "启", "优", "明", "科", "凯",
];
const SECOND: [&str; 24] = [
    "达", "源", "丰", "信", "诚", "辉", "腾", "安", "联", "通", "芯", "润", "和", "捷", "兴", "晟", "远", "博", "维",
    "展", "星", "禾", "亿", "越",
];
const THIRD: [&str; 12] = ["", "", "", "一", "光", "航", "美", "佳", "易", "东", "南", "凌"];
const TRADES: [(&str, &str); 10] = [
    ("电子科技", "制造业"),
    ("精密制造", "制造业"),
    ("供应链管理", "批发和零售业"),
    ("贸易", "批发和零售业"),
    ("软件技术", "信息传输、软件和信息技术服务业"),
    ("数据服务", "信息传输、软件和信息技术服务业"),
    ("餐饮管理", "住宿和餐饮业"),
    ("建筑工程", "建筑业"),
    ("物流", "交通运输、仓储和邮政业"),
    ("文化传播", "文化、体育和娱乐业"),
];

/// An invented firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firm {
    /// Unified social credit code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Street.
    pub street: &'static str,
    /// Section of GB/T 4754.
    pub industry: &'static str,
    /// Registered capital in 万元, two places.
    pub capital: String,
    /// Registration status.
    pub status: &'static str,
    /// Day of founding.
    pub founded: String,
    /// Day of the latest approval.
    pub approved: String,
}

/// Firm number `number` of a seed.
#[must_use]
pub fn firm(seed: u64, number: u64) -> Firm {
    let mut random = Random::new(seed.wrapping_mul(0x1000_0000_01B3) ^ number);
    let trade = random.below(TRADES.len() as u64);
    let (trade, industry) = TRADES[usize::try_from(trade).unwrap_or(0)];
    let name = format!(
        "深圳市{}{}{}{trade}有限公司",
        random.pick(&FIRST),
        random.pick(&SECOND),
        random.pick(&THIRD)
    );
    let status = match random.below(100) {
        0..82 => "存续",
        82..88 => "在业",
        88..92 => "吊销",
        92..98 => "注销",
        _ => "迁出",
    };
    let founded = 1992 + random.below(34);
    let approved = founded + random.below(2027 - founded).min(9);
    let day = |random: &mut Random| (1 + random.below(6), 1 + random.below(28));
    let (month, date) = day(&mut random);
    let (later_month, later_date) = day(&mut random);
    Firm {
        // Multiplying by an odd number modulo 10^8 keeps codes different.
        code: credit_code(number.wrapping_mul(48_271).wrapping_add(seed) % 100_000_000),
        name,
        street: random.pick(&STREETS),
        industry,
        capital: format!("{}.{:02}", 10 * (1 + random.below(500)), random.below(100)),
        status,
        founded: format!("{founded}-{month:02}-{date:02}"),
        approved: format!("{approved}-{:02}-{later_date:02}", later_month + 6),
    }
}

impl Firm {
    /// The columns in the order of the file.
    pub(crate) fn columns(self) -> [String; 8] {
        let (street, industry, status) = (self.street.to_owned(), self.industry.to_owned(), self.status.to_owned());
        [
            self.code,
            self.name,
            street,
            industry,
            self.capital,
            status,
            self.founded,
            self.approved,
        ]
    }
}
