//! Proposals: rewrites of a refused query that the check lets through.
//!
//! A candidate is made from the text of the query and the release rules alone, never from data, and it is a guess.
//! [`Engine::check`](crate::Engine::check) gives it to the same check, and only what passes is proposed.

mod grouped;
mod masked;
mod rules;

use datafusion::sql::sqlparser::ast::{Expr, Ident, Statement};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::access::Access;
use crate::table::Table;

use rules::Rules;

/// Rewrites that may pass, the nearest to the query first.
pub(crate) fn candidates(sql: &str, access: &Access, tables: &[Table]) -> Vec<String> {
    let Some(statement) = parse(sql) else { return vec![] };
    let rules = Rules::of(&statement, access, tables);
    let mut masked = statement.clone();
    masked::mask(&mut masked, &rules);
    let grouped = [&statement, &masked].map(|statement| grouped::group(statement.clone(), &rules));
    let mut candidates = vec![masked.to_string()];
    candidates.extend(grouped.into_iter().flatten().map(|statement| statement.to_string()));
    let asked = statement.to_string();
    candidates.retain(|candidate| *candidate != asked);
    candidates.dedup();
    candidates
}

/// The one statement of the text.
fn parse(sql: &str) -> Option<Statement> {
    let mut statements = Parser::parse_sql(&GenericDialect {}, sql).ok()?;
    let one = statements.pop()?;
    statements.is_empty().then_some(one)
}

/// An expression from its text.
fn expression(text: &str) -> Option<Expr> {
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).ok()?;
    parser.parse_expr().ok()
}

/// The name of the column that the expression is, unqualified.
fn column(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Identifier(name) => Some(&name.value),
        Expr::CompoundIdentifier(names) => names.last().map(|name| name.value.as_str()),
        _ => None,
    }
}

/// A name as it is, in quotes only where SQL would read it otherwise.
fn quoted(name: &str) -> Ident {
    let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    match name.chars().all(plain) {
        true => Ident::new(name),
        false => Ident::with_quote('"', name),
    }
}
