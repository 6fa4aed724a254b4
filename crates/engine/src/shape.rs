//! The shape of a query's text: how long it is, how many operators it has, how deep it nests. Looked at before it is
//! parsed, since what comes after goes down recursively.

use std::panic::{AssertUnwindSafe, catch_unwind};

use datafusion::error::DataFusionError;
use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::engine::Limits;
use crate::flow::FlowRefusal;

/// Stack for what goes down recursively, in bytes; reserved, not filled.
pub(crate) const STACK_BYTES: usize = 256 << 20;

/// Stack that is left, in bytes, under which what goes down gets more: enough up to the next look at it, also in a build
/// that optimizes nothing.
const LEFT_BYTES_MIN: usize = 512 << 10;
/// How much more.
const MORE_BYTES: usize = 4 << 20;

/// Stack of a check whose query has no operators, in bytes. A build that optimizes nothing takes 290 KiB.
const CHECK_STACK_BYTES: usize = 512 << 10;
/// Stack for each operator besides, in bytes. The costliest kinds (`NOT`, a query in a query) take 38 KiB each in a build
/// that optimizes nothing.
const OPERATOR_STACK_BYTES: usize = 48 << 10;

/// The name of threads that plan queries, as a debugger and a panic show it.
pub const PLANNING_THREAD: &str = "gongshu-planning";

/// The text of a query within its limits, as the tokens it is parsed from: it is cut into them once.
pub(crate) struct Query<'a> {
    sql: &'a str,
    tokens: Vec<TokenWithSpan>,
    operators: usize,
}

impl<'a> Query<'a> {
    /// Refuses a text that is too long, has too many operators or nests too deep, or is no text of tokens.
    pub(crate) fn read(sql: &'a str, limits: &Limits) -> Result<Self, FlowRefusal> {
        if sql.chars().count() > limits.sql_characters {
            return Err(FlowRefusal::too_long(limits.sql_characters));
        }
        let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location();
        let tokens = tokens.map_err(|error| FlowRefusal::planning(sql, &ParserError::from(error).into()))?;
        let operators = operators(&tokens);
        if operators > limits.sql_operators {
            return Err(FlowRefusal::too_complex(limits.sql_operators));
        }
        if depth(&tokens) > limits.sql_nesting {
            return Err(FlowRefusal::too_deep(limits.sql_nesting));
        }
        Ok(Self { sql, tokens, operators })
    }

    /// The text.
    pub(crate) fn sql(&self) -> &'a str {
        self.sql
    }

    /// How many of its tokens can make its tree deeper.
    pub(crate) fn operators(&self) -> usize {
        self.operators
    }

    /// The one statement of the text.
    pub(crate) fn parse(self, recursion_limit: usize) -> Result<Statement, DataFusionError> {
        let parser = DFParserBuilder::new(self.tokens).with_recursion_limit(recursion_limit);
        let mut statements = parser.build()?.parse_statements()?;
        match (statements.pop_front(), statements.is_empty()) {
            (Some(statement), true) => Ok(statement),
            (Some(_), false) => Err(DataFusionError::Plan("a query is one statement".to_owned())),
            (None, _) => Err(DataFusionError::Plan("there is no statement".to_owned())),
        }
    }
}

/// How many tokens can make the tree of a query deeper. Commas do among what a query is from: each is a join.
fn operators(tokens: &[TokenWithSpan]) -> usize {
    let (mut operators, mut from) = (0, vec![false]);
    for TokenWithSpan { token, .. } in tokens {
        let here = from.last().copied().unwrap_or_default();
        operators += usize::from(deepens(token) || (here && *token == Token::Comma));
        match token {
            Token::LParen => from.push(false),
            Token::RParen => drop(from.pop()),
            Token::Word(word) if word.keyword != Keyword::NoKeyword => {
                let ends = ENDS_FROM.contains(&word.keyword);
                let inside = word.keyword == Keyword::FROM || (here && !ends);
                from.pop();
                from.push(inside);
            }
            _ => {}
        }
    }
    operators
}

/// What begins after the tables of a query.
const ENDS_FROM: [Keyword; 8] = [
    Keyword::SELECT,
    Keyword::WHERE,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::ORDER,
    Keyword::WINDOW,
    Keyword::QUALIFY,
    Keyword::LIMIT,
];

/// Whether a token can make the tree of a query deeper. A comma of a list does not: lists are flat.
fn deepens(token: &Token) -> bool {
    match token {
        Token::Word(word) => {
            !matches!(word.keyword, Keyword::NoKeyword) && word.quote_style.is_none() && word.keyword != Keyword::NULL
        }
        Token::Whitespace(_) | Token::Comma | Token::SemiColon | Token::Period | Token::EOF => false,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => false,
        Token::LParen | Token::RParen | Token::LBracket | Token::RBracket => false,
        _ => true,
    }
}

fn depth(tokens: &[TokenWithSpan]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for token in tokens {
        match token.token {
            Token::LParen | Token::LBracket | Token::LBrace => now += 1,
            Token::RParen | Token::RBracket | Token::RBrace => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// Runs what goes down recursively, on more stack where little is left.
pub(crate) fn with_more<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(LEFT_BYTES_MIN, MORE_BYTES, run)
}

/// Runs what goes down recursively, and may wait for rows, on a thread with room for it.
pub(crate) fn with_room<T: Send>(run: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name(PLANNING_THREAD.to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, run)?;
        thread.join().map_err(|_| std::io::Error::other("planning failed"))
    })
}

/// Stack for the check of a query of so many operators, in bytes.
pub(crate) const fn stack_for(operators: usize) -> usize {
    CHECK_STACK_BYTES + operators * OPERATOR_STACK_BYTES
}

/// Room on the stack for a check, which goes down recursively and waits for nothing: the caller's own where that is
/// enough for the query, and that of threads which stay where it is not. To hand a check over takes longer than a small
/// one does, and to make a thread with such a stack longer still.
#[derive(Debug)]
pub(crate) struct Room(ThreadPool);

impl Room {
    /// Room for so many checks of large queries at a time; more of them wait.
    pub(crate) fn new(threads: usize) -> Result<Self, ThreadPoolBuildError> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK_BYTES)
            .thread_name(|_| PLANNING_THREAD.to_owned());
        Ok(Self(pool.build()?))
    }

    /// What it gives for a query of so many operators, or nothing where it panicked.
    pub(crate) fn run<T: Send>(&self, operators: usize, run: impl FnOnce() -> T + Send) -> Option<T> {
        // Nothing that the closure holds is looked at after a panic.
        let run = || catch_unwind(AssertUnwindSafe(run)).ok();
        match stacker::remaining_stack() {
            Some(left) if left >= stack_for(operators) => run(),
            _ => self.0.install(run),
        }
    }
}
