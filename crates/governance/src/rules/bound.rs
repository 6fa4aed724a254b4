//! What a lower layer may make of a parameter of a binding rule: only something stricter.

use super::pack::Value;
use super::rule::Rule;
use crate::text::Text;

/// Which way a parameter is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stricter {
    /// A smaller number.
    Down,
    /// A larger number.
    Up,
    /// A longer list.
    More,
    /// No way is known: it stays as it is.
    Neither,
}

/// A name tells the way by its end, as all names of limits do; the others are named here.
fn stricter(rule: Rule, parameter: &str) -> Stricter {
    if parameter.ends_with("_max") || parameter.starts_with("hours") {
        return Stricter::Down;
    }
    if parameter.ends_with("_min") {
        return Stricter::Up;
    }
    match rule {
        Rule::ErasureRetention => Stricter::Up,
        Rule::AgreementClauses | Rule::PlanSections | Rule::RegistrationRequired => Stricter::More,
        _ => Stricter::Neither,
    }
}

/// What `lower` has to be where `upper` binds it; nothing where it is.
pub(super) fn broken(rule: Rule, parameter: &str, upper: &Value, lower: &Value) -> Option<Text> {
    match (stricter(rule, parameter), upper, lower) {
        (Stricter::Down, Value::Integer(most), Value::Integer(given)) => {
            (given > most).then(|| Text::new(format!("不大于 {most}"), format!("at most {most}")))
        }
        (Stricter::Up, Value::Integer(least), Value::Integer(given)) => {
            (given < least).then(|| Text::new(format!("不小于 {least}"), format!("at least {least}")))
        }
        (Stricter::More, Value::List(needed), Value::List(given)) => {
            let missing = needed.iter().find(|name| !given.contains(name));
            missing.map(|name| Text::new(format!("列有“{name}”"), format!("a list with `{name}`")))
        }
        // What is of another kind is told where parameters are read.
        (_, Value::Integer(_), Value::List(_)) | (_, Value::List(_), Value::Integer(_)) => None,
        _ => (upper != lower).then(|| Text::new("与上位规则包相同", "as above")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, Text, Value, broken};

    #[test]
    fn a_limit_is_tightened_its_own_way() {
        let number = Value::Integer;
        let told = |bound: Option<Text>| bound.map(|bound| bound.en);
        let check = |rule, name, upper, lower| told(broken(rule, name, &number(upper), &number(lower)));
        assert_eq!(check(Rule::AgreementTerm, "years_max", 5, 4), None);
        assert_eq!(
            check(Rule::AgreementTerm, "years_max", 5, 6),
            Some("at most 5".to_owned())
        );
        assert_eq!(check(Rule::Threshold, "subjects_min", 5, 10), None);
        assert_eq!(
            check(Rule::Threshold, "subjects_min", 10, 5),
            Some("at least 10".to_owned())
        );
        assert_eq!(check(Rule::IncidentClock, "hours_operator", 4, 2), None);
        let list = |names: &[&str]| Value::List(names.iter().map(|&name| name.to_owned()).collect());
        let clauses = |lower| told(broken(Rule::AgreementClauses, "list", &list(&["甲", "乙"]), &lower));
        assert_eq!(clauses(list(&["乙", "丙", "甲"])), None);
        assert_eq!(clauses(list(&["甲"])), Some("a list with `乙`".to_owned()));
        let purposes = |lower| told(broken(Rule::Purpose, "list", &list(&["甲"]), &lower));
        assert_eq!(purposes(list(&["乙"])), Some("as above".to_owned()));
        assert_eq!((purposes(list(&["甲"])), purposes(number(1))), (None, None));
    }
}
