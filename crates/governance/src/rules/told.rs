//! Errors of packs in words for whoever proposes one: in Chinese first, as everything that people at the portal read.

use super::error::PackError;
use super::span::Span;
use crate::text::Text;

impl PackError {
    /// What is wrong, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(self.zh(), self.to_string())
    }

    fn zh(&self) -> String {
        match self {
            Self::Malformed { number, reason } => format!("第 {number} 个规则包无法读取，请按所示位置更正：{reason}"),
            Self::Calendar { pack, reason } => format!("规则包“{pack}”的工作日历有误：{reason}"),
            Self::SameId(id) => format!("有两个规则包都叫“{id}”；请给后者另取标识，或将其规则并入前者"),
            Self::UnknownRule { pack, rule } => format!("规则包“{pack}”中的规则“{rule}”平台没有，请核对拼写"),
            Self::UnknownParameter {
                pack,
                rule,
                parameter,
                known,
            } => {
                format!("规则包“{pack}”的规则“{rule}”没有参数“{parameter}”，请核对拼写；可用的参数：{known}")
            }
            Self::UnknownSource { pack, rule, source_key } => {
                format!("规则包“{pack}”的规则“{rule}”所引依据“{source_key}”未列入 [sources]")
            }
            Self::NoDay { pack, what, span } => {
                format!(
                    "规则包“{pack}”中 {what} 的施行期间（{}）没有一日，请更正 from 或 until",
                    days(*span)
                )
            }
            Self::OutsidePack {
                pack,
                rule,
                span,
                pack_span,
            } => format!(
                "规则包“{pack}”的规则“{rule}”施行期间为{}，而规则包施行期间为{}，请更正其一",
                days(*span),
                days(*pack_span)
            ),
            Self::Overlap { pack, rule, span } => format!(
                "规则包“{pack}”的规则“{rule}”在{}有两个值；请以 until 将前者止于前一日",
                days(*span)
            ),
            Self::Loosened {
                pack,
                rule,
                above,
                parameter,
                bound,
            } => format!(
                "规则包“{pack}”的规则“{rule}”受上位规则包“{above}”约束，只能从严；参数“{parameter}”应当{}",
                bound.zh
            ),
            Self::MissingRule(rule) => format!("没有规则包载有规则“{rule}”；请补充，并注明依据、条款与可信度"),
            Self::Gap { rule, span } => {
                format!(
                    "规则“{rule}”在{}没有值；请延长其 until，或补充这段时间的值",
                    days(*span)
                )
            }
            Self::Parameter { rule, parameter, kind } => {
                format!("规则“{rule}”的参数“{parameter}”缺少，或不是所要求的内容（{kind}）")
            }
            Self::Within { pack, span, error } => format!("规则包“{pack}”（{}施行）：{}", days(*span), error.zh()),
        }
    }
}

fn days(span: Span) -> String {
    match (span.from, span.until) {
        (None, None) => "任何一日".to_owned(),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(until)) => format!("{until} 止"),
        (Some(from), Some(until)) => format!("{from} 至 {until}"),
    }
}
