//! What a served district shows: every list of its API as a table, and one thing as a whole.

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use crate::remote::{Remote, word};
use crate::site::say;

/// Most columns of a table beside the id, and most columns of the screen that a cell takes.
const COLUMNS_MAX: usize = 6;
const CELL_WIDTH_MAX: usize = 36;
/// Lists that are of a thing or without an end.
const FOLLOWED: [&str; 2] = ["feed", "notices"];

/// What to show.
#[derive(Args)]
pub(crate) struct Options {
    /// A list, such as `agreements`, or the id of a thing, such as `agr_…`; without either, what there is.
    what: Option<String>,
    /// One thing of the list, by its id.
    id: Option<String>,
    #[command(flatten)]
    remote: Remote,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Shows it.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let lists = lists()?;
    let (list, id) = match (&options.what, &options.id) {
        (None, _) => {
            lists
                .iter()
                .for_each(|list| say(&format!("{:<24}{}", list.name, list.says)));
            return Ok(());
        }
        (Some(what), id) => match lists.iter().find(|list| list.name == *what) {
            Some(list) => (list, id.as_ref()),
            None => return anywhere(&lists, what, options).await,
        },
    };
    let items = options.remote.list(&list.name).await?;
    let Some(id) = id else {
        return print(&items, options.json);
    };
    match items.iter().find(|item| is(item, id)) {
        Some(item) => whole(item, options.json),
        None => bail!(
            "`{}` 中没有 `{id}`；`gongshu show {0}` 列出全部 / `{0}` has no `{id}`; `gongshu show {0}` lists them",
            list.name
        ),
    }
}

/// A list that the API has.
struct List {
    /// Its path, such as `work-orders`.
    name: String,
    /// What it is, in a sentence.
    says: String,
}

/// Every list that is asked for without a parameter that has to be there, in the order of names.
fn lists() -> Result<Vec<List>> {
    let api = serde_json::to_value(gongshu_server::openapi())?;
    let list = |(path, item): (&String, &Value)| {
        let get = item.get("get")?;
        let name = path.strip_prefix("/api/v1/")?.to_owned();
        let listed = word(&get["operationId"]).starts_with("list_");
        let plain = listed && !path.contains('{') && !FOLLOWED.contains(&name.as_str());
        let says = get["summary"]
            .as_str()
            .or(get["description"].as_str())
            .unwrap_or_default();
        let says = says.lines().next().unwrap_or_default().to_owned();
        plain.then_some(List { name, says })
    };
    let mut lists: Vec<List> = api["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(list)
        .collect();
    lists.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(lists)
}

/// The thing of this id, in whichever list it is.
async fn anywhere(lists: &[List], id: &str, options: &Options) -> Result<()> {
    // Many lists are open to all: that a key is wrong is known by what everybody has of its own.
    options.remote.list("tasks").await?;
    for list in lists.iter().filter(|_| id.contains('_')) {
        // A list that the party may not read has nothing for it.
        let items = options.remote.list(&list.name).await.unwrap_or_default();
        if let Some(item) = items.iter().find(|item| is(item, id)) {
            return whole(item, options.json);
        }
    }
    bail!(
        "没有名为 `{id}` 的列表或事项；`gongshu show` 列出全部列表 / there is no list and no thing `{id}`; `gongshu show` names the lists"
    )
}

fn is(item: &Value, id: &str) -> bool {
    ["id", "index", "sha256", "query_code"]
        .iter()
        .any(|name| word(&item[*name]) == id)
}

fn whole(item: &Value, json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string_pretty(item)?);
    } else {
        lines(item, 0).iter().for_each(|line| say(line));
    }
    Ok(())
}

/// A thing as lines: a member each, what is inside of one under it.
fn lines(value: &Value, depth: usize) -> Vec<String> {
    let margin = "  ".repeat(depth);
    let Value::Object(members) = value else {
        return vec![format!("{margin}{}", cell(value))];
    };
    let line = |(name, value): (&String, &Value)| match value {
        Value::Null => Vec::new(),
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Array(items) if items.iter().any(|item| item.is_object() && named(item).is_none()) => {
            let inside = items.iter().flat_map(|item| {
                let mut lines = lines(item, depth + 2);
                if let Some(first) = lines.first_mut() {
                    first.replace_range(2 * depth + 2..2 * depth + 3, "-");
                }
                lines
            });
            std::iter::once(format!("{margin}{name}:")).chain(inside).collect()
        }
        Value::Object(_) if named(value).is_none() => {
            let inside = lines(value, depth + 1);
            std::iter::once(format!("{margin}{name}:")).chain(inside).collect()
        }
        _ => vec![format!("{margin}{name}: {}", cell(value))],
    };
    members.iter().flat_map(line).collect()
}

/// A thing that is named by another: its name, and its id.
fn named(value: &Value) -> Option<String> {
    let members = value.as_object()?;
    let text = |name| members.get(name).and_then(Value::as_str);
    match (members.len(), text("id"), text("name"), text("zh"), text("en")) {
        (2, Some(id), Some(name), ..) => Some(format!("{name} ({id})")),
        (2, _, _, Some(zh), Some(en)) => Some(format!("{zh} / {en}")),
        _ => None,
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("、"),
        Value::Object(_) => named(value).unwrap_or_else(|| value.to_string()),
        _ => word(value),
    }
}

fn print(items: &[Value], json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string_pretty(items)?);
        return Ok(());
    }
    if items.is_empty() {
        say("没有 / none");
    }
    table(items).iter().for_each(|line| say(line));
    Ok(())
}

/// The list as a table: those members of its things that are short, in their order.
fn table(items: &[Value]) -> Vec<String> {
    let Some(first) = items.iter().find_map(Value::as_object) else {
        return items.iter().map(cell).collect();
    };
    let heads = heads(first);
    let row = |item: &Value| heads.iter().map(|head| short(&item[*head])).collect::<Vec<_>>();
    let mut rows = vec![heads.iter().map(|head| (*head).clone()).collect::<Vec<_>>()];
    rows.extend(items.iter().map(row));
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or_default())
        .collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(text, width)| {
            let pad = " ".repeat(width.saturating_sub(text.width()));
            format!("{text}{pad}")
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// The columns: members that hold one value, no hashes and no revisions.
fn heads(first: &Map<String, Value>) -> Vec<&String> {
    let single = |value: &Value| !value.is_array() && (!value.is_object() || named(value).is_some());
    let told = |(name, value): &(&String, &Value)| {
        let plain = !name.contains("sha256") && *name != "revision";
        plain && (single(value) || value.get("state").is_some())
    };
    let mut heads: Vec<&String> = first.iter().filter(told).map(|(name, _)| name).collect();
    // What a thing is and where it stands comes first, whatever the order of names.
    let rank = |name: &str| {
        ["id", "index", "name", "title", "year", "status", "state"]
            .iter()
            .position(|it| *it == name)
    };
    heads.sort_by_key(|name| rank(name).unwrap_or(usize::MAX));
    heads.truncate(COLUMNS_MAX + 1);
    heads
}

/// What fits into a cell.
fn short(value: &Value) -> String {
    let text = match value.get("state") {
        Some(state) => word(state),
        None => cell(value),
    };
    let text = text.replace('\n', " ");
    if text.width() <= CELL_WIDTH_MAX {
        return text;
    }
    let mut kept = String::new();
    for character in text.chars() {
        if kept.width() + 3 > CELL_WIDTH_MAX {
            break;
        }
        kept.push(character);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{lines, table};

    #[test]
    fn a_table_starts_with_what_a_thing_is_and_leaves_out_what_is_long() {
        let items = [
            json!({"at": "2026", "id": "wko_1", "holder": {"id": "pty_1", "name": "生态局"}, "text_sha256": "ab",
                "answers": [], "status": {"state": "open"}, "revision": 3}),
            json!({"at": "2027", "id": "wko_22", "holder": {"id": "pty_2", "name": "市场监管局".repeat(9)},
                "answers": [1], "status": {"state": "closed"}}),
        ];
        let lines = table(&items);
        assert_eq!(lines[0], "id      status  at    holder");
        assert_eq!(lines[1], "wko_1   open    2026  生态局 (pty_1)");
        assert!(
            lines[2].starts_with("wko_22  closed  2027  市场监管局") && lines[2].ends_with('…'),
            "{lines:?}"
        );
    }

    #[test]
    fn a_thing_is_told_member_by_member_and_what_is_empty_is_left_out() {
        let thing = json!({"id": "agr_1", "clauses": {"争议解决": "仲裁"}, "none": null, "nothing": [],
            "resources": [{"id": "res_1", "name": "企业"}], "shares": [{"party": "a", "share": 7}, {"party": "b", "share": 3}]});
        let expected = [
            "id: agr_1",
            "clauses:",
            "  争议解决: 仲裁",
            "resources: 企业 (res_1)",
            "shares:",
            "  - party: a",
            "    share: 7",
            "  - party: b",
            "    share: 3",
        ];
        let mut told = lines(&thing, 0);
        let mut expected: Vec<String> = expected.map(str::to_owned).to_vec();
        told.sort();
        expected.sort();
        assert_eq!(told, expected);
    }
}
