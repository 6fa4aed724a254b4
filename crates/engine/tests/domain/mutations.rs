//! Mutations: the texts of the attack suite cut, doubled, swapped and spliced, token by token. Whatever comes of it, the
//! check answers in time, nothing on the way panics, and what a refusal proposes passes.
//!
//! `GONGSHU_TORTURE_TEXTS` asks for more of them, `GONGSHU_TORTURE_SEED` for others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use gongshu_engine::{Config, Engine, FieldType};

use crate::{attacks, world};

/// Longest check in a build without optimization, with the proposals it tries.
const CHECK_MAX: Duration = Duration::from_secs(5);
/// Most tokens of a text: within all limits, so that none of them hides a panic.
const TOKENS_MAX: usize = 160;
/// Constants that attacks live on.
const EXTREMES: &[&str] = &[
    "-1",
    "0",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "'NaN'",
    "NULL",
    "''",
    "'\u{202e}年'",
    "$1",
    "*",
    "()",
    "1 / 0",
    "INTERVAL '1' MONTH",
    "DATE '9999-12-31'",
    "true",
    "[]",
    "x'00'",
];
/// Panics in threads that plan.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A source of numbers that the same seed repeats (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

fn number(name: &str, usual: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The tokens of each attack as texts.
fn seeds() -> Vec<Vec<String>> {
    let families = attacks::families();
    let attacks = families.iter().flat_map(|(_, family)| &family.attack);
    let tokens = |sql: &str| {
        let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().ok()?;
        let told = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_)));
        let texts: Vec<String> = told.map(Token::to_string).collect();
        (texts.len() < TOKENS_MAX / 2).then_some(texts)
    };
    attacks.filter_map(|attack| tokens(&attack.sql)).collect()
}

fn mutated(seeds: &[Vec<String>], dice: &mut Dice) -> String {
    let mut tokens = seeds[dice.below(seeds.len())].clone();
    let own = tokens.clone();
    for _ in 0..=dice.below(2) {
        let other = &seeds[dice.below(seeds.len())];
        match dice.below(6) {
            0 => rearrange(&mut tokens, other, dice),
            1 | 2 => replace(&mut tokens, other, dice),
            // Its own words are more likely to be known where they are put.
            _ => replace(&mut tokens, &own, dice),
        }
    }
    tokens.truncate(TOKENS_MAX);
    tokens.join(" ")
}

/// A name for a name and a sign for a sign, so that much of it still parses; a constant for an extreme one.
fn replace(tokens: &mut [String], other: &[String], dice: &mut Dice) {
    let at = dice.below(tokens.len());
    let Some(token) = tokens.get_mut(at) else { return };
    let kind = kind(token);
    let alike: Vec<&String> = other.iter().filter(|other| self::kind(other) == kind).collect();
    if kind == Kind::Constant && dice.below(2) == 0 {
        EXTREMES[dice.below(EXTREMES.len())].clone_into(token);
    } else if let Some(other) = alike.get(dice.below(alike.len())) {
        (*other).clone_into(token);
    }
}

/// Cuts, doubles, swaps or splices a few tokens.
fn rearrange(tokens: &mut Vec<String>, other: &[String], dice: &mut Dice) {
    let (at, length) = (dice.below(tokens.len()), 1 + dice.below(4));
    let end = (at + length).min(tokens.len());
    match dice.below(4) {
        0 => drop(tokens.drain(at..end)),
        1 => {
            let part = tokens[at..end].to_vec();
            tokens.splice(at..at, part).for_each(drop);
        }
        2 if !tokens.is_empty() => {
            let with = dice.below(tokens.len());
            tokens.swap(at, with);
        }
        _ => {
            let from = dice.below(other.len());
            let part = &other[from..(from + 2 * length).min(other.len())];
            tokens.splice(at..end, part.iter().cloned()).for_each(drop);
        }
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Keyword,
    Name,
    Constant,
    Sign,
}

fn kind(token: &str) -> Kind {
    match token.chars().next() {
        // The suite writes keywords in capitals.
        Some(first) if first.is_ascii_uppercase() => Kind::Keyword,
        Some(first) if first.is_alphabetic() || first == '_' || first == '"' => Kind::Name,
        Some(first) if first.is_ascii_digit() || first == '\'' || first == '$' => Kind::Constant,
        _ => Kind::Sign,
    }
}

/// A check runs on the thread that asks for it, or on one for large queries.
fn count_panics_of_planning() {
    let (usual, asking) = (std::panic::take_hook(), std::thread::current().id());
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        if thread.id() == asking || thread.name() == Some(gongshu_engine::PLANNING_THREAD) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        usual(panic);
    }));
}

#[tokio::test]
async fn mutated_attacks_are_answered_in_time_and_without_panic() {
    count_panics_of_planning();
    let (seeds, mut dice) = (seeds(), Dice(number("GONGSHU_TORTURE_SEED", 1)));
    let (engine, access) = (
        Engine::new(Config::default()).unwrap(),
        world::access(&world::tables(), false),
    );
    let (mut passed, mut planned, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    let cases = number("GONGSHU_TORTURE_TEXTS", 1_500);
    for _ in 0..cases {
        let sql = mutated(&seeds, &mut dice);
        let begun = Instant::now();
        let checked = engine.check(&sql, &access, world::tables(), &[FieldType::Text]).await;
        let took = begun.elapsed();
        assert_eq!(PANICS.load(Ordering::SeqCst), 0, "panicked: {sql}");
        assert!(took < CHECK_MAX, "took {took:?}: {sql}");
        slowest = slowest.max(took);
        passed += u64::from(checked.is_ok());
        let Err(refusal) = checked else { continue };
        planned += u64::from(refusal.rule != "flow.not-a-query");
        if let Some(proposal) = refusal.proposal {
            let again = engine
                .check(&proposal, &access, world::tables(), &[FieldType::Text])
                .await;
            assert!(again.is_ok(), "{proposal} was proposed for {sql}");
        }
    }
    println!("{cases} texts: {passed} passed, {planned} refused for a flow, the slowest took {slowest:?}");
    assert!(
        passed > cases / 50 && planned > cases / 50,
        "mutations miss what they are for"
    );
}
