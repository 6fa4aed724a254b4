//! Indicators with their weights, and the grades that points come to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figure::Figure;

/// An indicator of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Its name.
    pub name: String,
    /// The most points.
    pub weight: u32,
    /// What the record says of it, where it can be computed; otherwise evidence shows it.
    pub figure: Option<Figure>,
}

/// What an assessment comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 不合格.
    Failed,
    /// 合格.
    Passed,
    /// 良好.
    Good,
    /// 优秀.
    Excellent,
}

impl Grade {
    /// The grade that points come to: the least points of passed, good and excellent, in this order.
    #[must_use]
    pub fn of(points: u32, [passed, good, excellent]: [u32; 3]) -> Self {
        match points {
            points if points >= excellent => Self::Excellent,
            points if points >= good => Self::Good,
            points if points >= passed => Self::Passed,
            _ => Self::Failed,
        }
    }

    /// The grade in Chinese and English.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Failed => ("不合格", "failed"),
            Self::Passed => ("合格", "passed"),
            Self::Good => ("良好", "good"),
            Self::Excellent => ("优秀", "excellent"),
        }
    }
}

/// Reads indicators written as `name=weight` or, where the record says something of it, `name=weight=figure`.
/// `None` where one is not of that form, is named twice, or the weights are not `points` together.
pub(crate) fn read_indicators(lines: &[String], points: u32) -> Option<Vec<Indicator>> {
    let indicators: Vec<Indicator> = lines.iter().map(|line| read(line, points)).collect::<Option<_>>()?;
    let total: u64 = indicators.iter().map(|it| u64::from(it.weight)).sum();
    let names: std::collections::BTreeSet<&String> = indicators.iter().map(|it| &it.name).collect();
    (total == u64::from(points) && names.len() == indicators.len()).then_some(indicators)
}

fn read(line: &str, points: u32) -> Option<Indicator> {
    let mut parts = line.split('=');
    let name = parts.next().filter(|name| !name.trim().is_empty())?.to_owned();
    let weight = parts
        .next()?
        .parse()
        .ok()
        .filter(|weight| (1..=points).contains(weight))?;
    let figure = match parts.next() {
        None => None,
        Some(id) => Some(Figure::read(id)?),
    };
    parts.next().is_none().then_some(Indicator { name, weight, figure })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_read_and_add_up() {
        let read_of = |lines: &[&str], points| {
            let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            read_indicators(&lines, points)
        };
        let read = |lines: &[&str]| read_of(lines, 100);
        assert!(read_of(&["数据使用=120", "服务水平=30"], 150).is_some());
        assert_eq!(read_of(&["数据使用=40", "服务水平=60"], 150), None);
        let sound = read(&["数据使用=40=calls", "服务水平=60"]).unwrap();
        assert_eq!((sound[0].weight, sound[0].figure), (40, Some(Figure::Calls)));
        assert_eq!((sound[1].weight, sound[1].figure), (60, None));
        for lines in [
            &["数据使用=40"][..],
            &["数据使用=40", "数据使用=60"],
            &["=100"],
            &["数据使用=100=weather"],
            &["数据使用=100=calls=1"],
            &["数据使用=很多"],
            &["数据使用=0", "服务水平=100"],
        ] {
            assert_eq!(read(lines), None, "{lines:?}");
        }
    }

    #[test]
    fn grades_begin_at_their_least_points() {
        let of = |points| Grade::of(points, [60, 75, 90]);
        assert_eq!(
            [59, 60, 74, 75, 89, 90, 100].map(of),
            [
                Grade::Failed,
                Grade::Passed,
                Grade::Passed,
                Grade::Good,
                Grade::Good,
                Grade::Excellent,
                Grade::Excellent,
            ]
        );
    }
}
