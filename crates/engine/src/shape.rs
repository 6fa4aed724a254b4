//! The shape of a query's text: how long it is, how many operators it has, how deep it nests. Looked at before it is
//! parsed, since what comes after goes down recursively.

use std::panic::{AssertUnwindSafe, catch_unwind};

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::engine::Limits;
use crate::flow::FlowRefusal;

/// Stack for what goes down recursively, in bytes; reserved, not filled.
pub(crate) const STACK_BYTES: usize = 256 << 20;

/// The name of threads that plan queries, as a debugger and a panic show it.
pub const PLANNING_THREAD: &str = "gongshu-planning";

/// Refuses a text that is too long, has too many operators or nests too deep. What is no text of tokens is left to
/// the parser to explain.
pub(crate) fn check(sql: &str, limits: &Limits) -> Result<(), FlowRefusal> {
    if sql.chars().count() > limits.sql_characters {
        return Err(FlowRefusal::too_long(limits.sql_characters));
    }
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, sql).tokenize() else {
        return Ok(());
    };
    let operators = tokens.iter().filter(|token| deepens(token)).count();
    if operators > limits.sql_operators {
        return Err(FlowRefusal::too_complex(limits.sql_operators));
    }
    if depth(&tokens) > limits.sql_nesting {
        return Err(FlowRefusal::too_deep(limits.sql_nesting));
    }
    Ok(())
}

/// Whether a token can make the tree of a query deeper. A comma does not: lists are flat.
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

fn depth(tokens: &[Token]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for token in tokens {
        match token {
            Token::LParen | Token::LBracket | Token::LBrace => now += 1,
            Token::RParen | Token::RBracket | Token::RBrace => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
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

/// Threads with room for what goes down recursively and waits for nothing: a check is over sooner than a thread with
/// such a stack is made.
#[derive(Debug)]
pub(crate) struct Room(ThreadPool);

impl Room {
    /// Room for so many checks at a time; more of them wait.
    pub(crate) fn new(threads: usize) -> Result<Self, ThreadPoolBuildError> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK_BYTES)
            .thread_name(|_| PLANNING_THREAD.to_owned());
        Ok(Self(pool.build()?))
    }

    /// What it gives, or nothing where it panicked.
    pub(crate) fn run<T: Send>(&self, run: impl FnOnce() -> T + Send) -> Option<T> {
        // Nothing that the closure holds is looked at after a panic.
        self.0.install(|| catch_unwind(AssertUnwindSafe(run))).ok()
    }
}
