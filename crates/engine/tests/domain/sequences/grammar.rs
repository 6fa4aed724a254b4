//! Random queries with parameters, over columns of every type: what steers rows, what casts, what takes days apart.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

/// What a query makes use of, so that a test can tell whether enough of its kind pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Construct {
    ParameterInFilter,
    ParameterInKey,
    ParameterInOrder,
    ParameterInLimit,
    ParameterInCase,
    ParameterInList,
    ParameterInHaving,
    ParameterInJoin,
    ParameterInSubquery,
    TryCast,
    Cast,
    DatePart,
    DateTrunc,
    Overflow,
    NullIf,
    Coalesce,
    Like,
}

/// All of them.
pub const CONSTRUCTS: [Construct; 17] = [
    Construct::ParameterInFilter,
    Construct::ParameterInKey,
    Construct::ParameterInOrder,
    Construct::ParameterInLimit,
    Construct::ParameterInCase,
    Construct::ParameterInList,
    Construct::ParameterInHaving,
    Construct::ParameterInJoin,
    Construct::ParameterInSubquery,
    Construct::TryCast,
    Construct::Cast,
    Construct::DatePart,
    Construct::DateTrunc,
    Construct::Overflow,
    Construct::NullIf,
    Construct::Coalesce,
    Construct::Like,
];

/// A part of a query.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    pub sql: String,
    pub uses: BTreeSet<Construct>,
}

impl Piece {
    /// The same, which makes use of this.
    fn using(mut self, construct: Construct) -> Self {
        self.uses.insert(construct);
        self
    }

    /// The same, which makes use of this where a parameter stands in it.
    fn steering(self, construct: Construct) -> Self {
        match self.sql.contains('$') {
            true => self.using(construct),
            false => self,
        }
    }
}

type Made = BoxedStrategy<Piece>;

/// The template with a part for each `#`.
fn made(template: &'static str, parts: Vec<Made>) -> Made {
    let fill = move |parts: Vec<Piece>| {
        let mut whole = Piece::default();
        let mut texts = template.split('#');
        whole.sql.push_str(texts.next().unwrap_or_default());
        for (part, text) in parts.into_iter().zip(texts) {
            whole.sql.push_str(&part.sql);
            whole.sql.push_str(text);
            whole.uses.extend(part.uses);
        }
        whole
    };
    parts.prop_map(fill).boxed()
}

fn using(construct: Construct, template: &'static str, parts: Vec<Made>) -> Made {
    made(template, parts)
        .prop_map(move |piece| piece.using(construct))
        .boxed()
}

fn steering(construct: Construct, made: Made) -> Made {
    made.prop_map(move |piece| piece.steering(construct)).boxed()
}

fn one_of(texts: &'static [&'static str]) -> Made {
    let piece = |text: &str| Piece {
        sql: text.to_owned(),
        ..Piece::default()
    };
    select(texts).prop_map(piece).boxed()
}

/// The types of the world's columns.
#[derive(Debug, Clone, Copy)]
enum Type {
    Whole,
    Text,
    Day,
    Number,
}

const TYPES: [Type; 4] = [Type::Whole, Type::Text, Type::Day, Type::Number];

impl Type {
    fn column(self) -> Made {
        one_of(match self {
            Self::Whole => &["a", "a", "b", "big"],
            Self::Text => &["t"],
            Self::Day => &["day"],
            Self::Number => &["f"],
        })
    }

    fn constant(self) -> Made {
        one_of(match self {
            Self::Whole => &["0", "1", "2", "9223372036854775807"],
            Self::Text => &["'rare'", "'0'", "''", "'2020-02-29'"],
            Self::Day => &["DATE '1970-01-01'", "DATE '2020-02-29'"],
            Self::Number => &["CAST(1.5 AS DOUBLE)", "CAST(0 AS DOUBLE)"],
        })
    }

    fn parameter(self) -> Made {
        one_of(match self {
            Self::Whole => &["$1"],
            Self::Text => &["$2"],
            Self::Day => &["$3"],
            Self::Number => &["$4"],
        })
    }
}

/// Names of types that values are cast into.
fn cast_type() -> Made {
    one_of(&[
        "BIGINT",
        "INT",
        "DOUBLE",
        "VARCHAR",
        "DATE",
        "TIMESTAMP",
        "TIME",
        "BOOLEAN",
        "DECIMAL(10, 2)",
        "INTERVAL",
    ])
}

/// A value of any type that a column has.
fn any_value(depth: u32) -> Made {
    prop::strategy::Union::new(TYPES.map(|of| value(of, depth))).boxed()
}

fn value(of: Type, depth: u32) -> Made {
    let plain = prop_oneof![6 => of.column(), 1 => of.constant(), 1 => of.parameter()].boxed();
    if depth == 0 {
        return plain;
    }
    let inner = || value(of, depth - 1);
    let chosen = made(
        "CASE WHEN # THEN # ELSE # END",
        vec![condition(depth - 1), inner(), inner()],
    );
    prop_oneof![
        4 => plain,
        2 => typed(of, depth - 1),
        1 => using(Construct::Coalesce, "coalesce(#, #)", vec![inner(), inner()]),
        1 => using(Construct::NullIf, "nullif(#, #)", vec![inner(), inner()]),
        1 => steering(Construct::ParameterInCase, chosen),
    ]
    .boxed()
}

/// What gives this type alone.
fn typed(of: Type, depth: u32) -> Made {
    let part = one_of(&["year", "month", "dow", "hour", "epoch", "week", "second"]);
    let try_cast = |to: &'static str| using(Construct::TryCast, to, vec![any_value(depth)]);
    let cast = |to: &'static str| using(Construct::Cast, to, vec![any_value(depth)]);
    match of {
        Type::Whole => prop_oneof![
            try_cast("TRY_CAST(# AS BIGINT)"),
            cast("CAST(# AS BIGINT)"),
            using(
                Construct::DatePart,
                "date_part('#', #)",
                vec![part.clone(), value(Type::Day, depth)]
            ),
            using(
                Construct::DatePart,
                "extract(year FROM #)",
                vec![value(Type::Day, depth)]
            ),
            using(
                Construct::DatePart,
                "date_part('#', TRY_CAST(# AS TIME))",
                vec![part.clone(), value(Type::Text, depth)]
            ),
            using(
                Construct::DatePart,
                "date_part('#', TRY_CAST(# AS TIMESTAMP))",
                vec![part, value(Type::Text, depth)]
            ),
            using(Construct::Overflow, "# + 9223372036854775807", vec![value(of, depth)]),
            using(Construct::Overflow, "# * #", vec![value(of, depth), value(of, depth)]),
            using(Construct::Overflow, "abs(#)", vec![value(of, depth)]),
        ]
        .boxed(),
        Type::Text => prop_oneof![try_cast("TRY_CAST(# AS VARCHAR)"), cast("CAST(# AS VARCHAR)")].boxed(),
        Type::Day => prop_oneof![
            try_cast("TRY_CAST(# AS DATE)"),
            cast("CAST(# AS DATE)"),
            using(
                Construct::DateTrunc,
                "CAST(date_trunc('month', #) AS DATE)",
                vec![value(of, depth)]
            ),
            using(
                Construct::DateTrunc,
                "CAST(date_trunc('year', #) AS DATE)",
                vec![value(of, depth)]
            ),
            using(Construct::Overflow, "(# + INTERVAL '1' MONTH)", vec![value(of, depth)]),
        ]
        .boxed(),
        Type::Number => prop_oneof![
            try_cast("TRY_CAST(# AS DOUBLE)"),
            cast("CAST(# AS DOUBLE)"),
            using(Construct::Overflow, "(# / #)", vec![value(of, depth), value(of, depth)]),
        ]
        .boxed(),
    }
}

fn condition(depth: u32) -> Made {
    let sign = || one_of(&["=", "<>", "<=", ">"]);
    let of_type = move |of: Type| {
        prop_oneof![
            4 => made("# # #", vec![of.column(), sign(), of.constant()]),
            4 => made("# = #", vec![of.column(), of.parameter()]),
            1 => made("# # #", vec![of.column(), sign(), of.parameter()]),
            1 => made("# # #", vec![value(of, depth), sign(), value(of, depth)]),
            1 => using(Construct::ParameterInList, "# IN (#, #)", vec![of.column(), of.constant(), of.parameter()]),
            1 => made("# IS NULL", vec![value(of, depth)]),
        ]
    };
    let simple = prop::strategy::Union::new(TYPES.map(of_type));
    let tried = using(
        Construct::TryCast,
        "TRY_CAST(# AS #) IS NULL",
        vec![prop::strategy::Union::new(TYPES.map(Type::column)).boxed(), cast_type()],
    );
    let pattern = one_of(&["'r%'", "'%0'", "'_'", "'2020-%'", "$2"]);
    let leaf = prop_oneof![
        8 => simple,
        1 => tried,
        1 => using(Construct::Like, "t LIKE #", vec![pattern]),
        1 => using(Construct::Like, "t NOT LIKE '%a%'", vec![]),
        1 => using(Construct::DatePart, "date_part('year', day) = $1 + 1970", vec![]),
        1 => using(Construct::DatePart, "extract(month FROM day) <= 6", vec![]),
        2 => using(Construct::DatePart, "date_part('#', TRY_CAST(t AS TIME)) = 12", vec![one_of(&["year", "month", "hour"])]),
        2 => using(Construct::TryCast, "TRY_CAST(day AS VARCHAR) <> 'x'", vec![]),
        1 => using(Construct::NullIf, "nullif(a, 1) IS NULL", vec![]),
        1 => using(Construct::Coalesce, "coalesce(t, '') <> 'rare'", vec![]),
        2 => steering(Construct::ParameterInSubquery, made("b IN (#)", vec![list()])),
    ]
    .boxed();
    if depth == 0 {
        return leaf;
    }
    let inner = || condition(depth - 1);
    prop_oneof![
        5 => leaf,
        2 => made("(# AND #)", vec![inner(), inner()]),
        1 => made("(# OR #)", vec![inner(), inner()]),
        1 => made("NOT #", vec![inner()]),
    ]
    .boxed()
}

/// A list of free numbers; what a parameter does to it decides which of them are there.
fn list() -> Made {
    let free = one_of(&[
        "SELECT x FROM (VALUES (0), (1), (2)) v(x)",
        "SELECT x FROM (VALUES (0), (1), (2)) v(x) ORDER BY x LIMIT 2",
        "SELECT max(x) FROM (VALUES (0), (1), (2)) v(x) GROUP BY x > 1",
    ]);
    let steered = one_of(&[
        "SELECT x FROM (VALUES (0), (1), (2)) v(x) WHERE x <> $1",
        "SELECT x FROM (VALUES (0), (1), (2)) v(x) ORDER BY x = $1, x LIMIT 2",
        "SELECT x FROM (VALUES (0), (1), (2)) v(x) ORDER BY x LIMIT CASE WHEN $1 > 1 THEN 1 ELSE 2 END",
        "SELECT max(x) FROM (VALUES (0), (1), (2)) v(x) GROUP BY x = $1",
        "SELECT max(x) FROM (VALUES (0), (1), (2)) v(x) GROUP BY x HAVING max(x) <> $1",
        "SELECT x FROM (VALUES (0), (1), (2)) v(x) JOIN (VALUES (0), (1), (2)) w(y) ON x = y AND y <> $1",
        "SELECT x FROM (VALUES (0), (1), (2)) v(x) EXCEPT SELECT $1",
        "SELECT first_value(x) OVER (ORDER BY x = $1, x) FROM (VALUES (0), (1), (2)) v(x)",
    ]);
    prop_oneof![3 => free, 6 => steered, 4 => counted()].boxed()
}

/// A list that is as long as there are different values, of which a parameter decides: one number or two.
fn counted() -> Made {
    one_of(&[
        "SELECT x FROM (VALUES (0), (1)) v(x) JOIN (SELECT count(*) AS n FROM (SELECT DISTINCT y = $1 AS same FROM (VALUES (0), (1)) w(y)) d) c ON x < n",
        "SELECT x FROM (VALUES (0), (1)) v(x) JOIN (SELECT count(*) AS n FROM (SELECT y FROM (VALUES (1)) w(y) UNION SELECT $1) d) c ON x < n",
    ])
}

/// ` WHERE …`, or nothing.
fn filter() -> Made {
    let filter = made(" WHERE #", vec![condition(1)]);
    prop_oneof![1 => one_of(&[""]), 4 => steering(Construct::ParameterInFilter, filter)].boxed()
}

/// A query of groups of people; `s` is the sum that tells who stands in a group.
fn groups() -> Made {
    let column = || prop::strategy::Union::new(TYPES.map(Type::column)).boxed();
    let key = prop_oneof![3 => column(), 2 => any_value(1)].boxed();
    let key = || steering(Construct::ParameterInKey, key.clone());
    let having = || {
        let having = one_of(&["", "", " HAVING count(*) > 6", " HAVING count(*) > $1 + 4"]);
        steering(Construct::ParameterInHaving, having)
    };
    let order = || {
        steering(
            Construct::ParameterInOrder,
            one_of(&["", " ORDER BY n, s", " ORDER BY n = $1, s DESC"]),
        )
    };
    let limit = || {
        steering(
            Construct::ParameterInLimit,
            one_of(&["", "", " LIMIT 2", " LIMIT $1 + 1"]),
        )
    };
    let tail = || made("###", vec![having(), order(), limit()]);
    let computed = steering(
        Construct::ParameterInCase,
        one_of(&["CASE WHEN count(*) > $1 THEN 'many' END", "1"]),
    );
    prop_oneof![
        2 => made("SELECT sum(d) AS s FROM people#", vec![filter()]),
        3 => made("SELECT # AS k, count(*) AS n, sum(d) AS s FROM people# GROUP BY 1#", vec![key(), filter(), tail()]),
        1 => made("SELECT a, count(*) AS n, sum(d) AS s, # AS v FROM people# GROUP BY a#", vec![computed, filter(), tail()]),
        1 => made("SELECT kind, count(*) AS n, sum(d) AS s FROM people JOIN members ON j = m# GROUP BY kind#", vec![filter(), tail()]),
        1 => made("SELECT a, sum(d) AS s FROM people# GROUP BY a UNION ALL SELECT a, sum(d) AS s FROM people# GROUP BY a", vec![filter(), filter()]),
    ]
    .boxed()
}

/// A query of rows that leave as they are.
fn free_rows() -> Made {
    let order = steering(Construct::ParameterInOrder, made(" ORDER BY #, a", vec![any_value(1)]));
    let order = || prop_oneof![one_of(&["", " ORDER BY a = $1, b"]), order.clone()].boxed();
    let order = || steering(Construct::ParameterInOrder, order());
    let limit = || steering(Construct::ParameterInLimit, one_of(&["", " LIMIT 3", " LIMIT $1 + 1"]));
    let on = || one_of(&["l = r", "l = r AND l <> $1", "l = r + $1"]);
    let on = || steering(Construct::ParameterInJoin, on());
    prop_oneof![
        2 => made("SELECT # AS v FROM people#", vec![any_value(1), filter()]),
        3 => made("SELECT # AS v, a, b FROM places###", vec![any_value(2), filter(), order(), limit()]),
        2 => made("SELECT v FROM (SELECT # AS v, a AS l FROM places) p JOIN (SELECT b AS r FROM places#) q ON #", vec![any_value(1), filter(), on()]),
        1 => made("SELECT DISTINCT # AS v FROM places##", vec![any_value(1), filter(), limit()]),
        2 => made("SELECT # AS k, count(*) AS n, max(f) AS m FROM places# GROUP BY 1", vec![free_key(), filter()]),
    ]
    .boxed()
}

/// A key of free rows, which a parameter may have a part in.
fn free_key() -> Made {
    let key = prop_oneof![3 => any_value(1), 1 => one_of(&["a = $1", "t = $2", "a + $1"])].boxed();
    steering(Construct::ParameterInKey, key)
}

/// A query of those whom a list names; of few different values, so that many groups are about as large as the threshold.
fn listed() -> Made {
    let list = || {
        steering(
            Construct::ParameterInSubquery,
            prop_oneof![1 => list(), 2 => counted()].boxed(),
        )
    };
    let key = || prop::strategy::Union::new(TYPES.map(Type::column)).boxed();
    prop_oneof![
        2 => made("SELECT sum(d) AS s FROM people WHERE b IN (#)", vec![list()]),
        2 => made("SELECT # AS k, count(*) AS n, sum(d) AS s FROM people WHERE b IN (#) GROUP BY 1", vec![key(), list()]),
        1 => made("SELECT sum(d) AS s FROM people WHERE b IN (#) AND #", vec![list(), condition(0)]),
        1 => made("SELECT kind, sum(d) AS s FROM people JOIN members ON j = m WHERE b IN (#) GROUP BY kind", vec![list()]),
    ]
    .boxed()
}

/// What can fail on some value of its type, or gives none.
fn daring() -> Made {
    let column = || prop::strategy::Union::new(TYPES.map(Type::column)).boxed();
    let part = || one_of(&["year", "month", "week", "day", "hour", "epoch"]);
    let tried = |of: Made, to: Made| using(Construct::TryCast, "TRY_CAST(# AS #)", vec![of, to]);
    let moment = tried(Type::Text.column(), one_of(&["TIME", "TIMESTAMP", "INTERVAL", "DATE"]));
    prop_oneof![
        3 => tried(Type::Day.column(), one_of(&["VARCHAR", "VARCHAR", "TIMESTAMP"])),
        2 => tried(column(), cast_type()),
        3 => using(Construct::DatePart, "date_part('#', #)", vec![part(), moment]),
        1 => using(Construct::DatePart, "date_part('#', #)", vec![part(), Type::Day.column()]),
    ]
    .boxed()
}

/// A query of groups of people that may fail where somebody has an odd value, in every row or behind a condition.
fn dared() -> Made {
    prop_oneof![
        2 => made("SELECT sum(d) AS s FROM people WHERE # IS NULL", vec![daring()]),
        2 => made("SELECT sum(d) AS s FROM people WHERE # AND # IS NULL", vec![condition(0), daring()]),
        1 => made("SELECT sum(d) AS s FROM people WHERE CASE WHEN # THEN # IS NULL END", vec![condition(0), daring()]),
        2 => made("SELECT # AS k, count(*) AS n, sum(d) AS s FROM people GROUP BY 1", vec![daring()]),
    ]
    .boxed()
}

/// Queries of groups of people, many of them of those whom a list names.
pub fn grouped() -> Made {
    prop_oneof![2 => groups(), 3 => listed()].boxed()
}

/// All of them.
pub fn query() -> Made {
    prop_oneof![groups(), free_rows()].boxed()
}

/// All of them, and as many that may fail.
pub fn failing() -> Made {
    prop_oneof![query(), dared()].boxed()
}
