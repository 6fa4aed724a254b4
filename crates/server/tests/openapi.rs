//! The OpenAPI document in the repository is the one that the code makes.

#[test]
fn the_checked_in_openapi_file_is_fresh() {
    let made = gongshu_server::openapi().to_pretty_json().unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    if std::env::var_os("GONGSHU_UPDATE").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        made == checked_in,
        "openapi.json is stale: run `GONGSHU_UPDATE=1 cargo test --workspace --test openapi`"
    );
}

/// The page that tells people what there is tells of each path.
#[test]
fn every_path_stands_on_the_page_of_the_api() {
    let page = include_str!("../../../docs/api-design.md");
    let paths = gongshu_server::openapi().paths.paths;
    let short = paths.keys().filter_map(|path| path.strip_prefix("/api/v1"));
    let of_a_thing = |path: &str| {
        let (list, rest) = path.split_once("/{id}")?;
        Some((list.to_owned(), format!("/{{id}}{rest}")))
    };
    let told = |path: &str| {
        // `GET /things, each /{id}/document` tells of /things/{id}/document.
        let apart = of_a_thing(path);
        let in_one_row = |(list, rest): (String, String)| {
            let mut rows = page.lines();
            rows.any(|row| {
                row.contains(&format!("{list}`")) && row.contains(&format!("each `{rest}`"))
                    || row.contains(&format!("{list}`")) && row.contains(&format!("and `{rest}`"))
            })
        };
        page.contains(&format!("{path}`"))
            || page.contains(&format!("{path} "))
            || page.contains(&format!("{path}?"))
            || apart.is_some_and(in_one_row)
    };
    let untold: Vec<&str> = short.filter(|path| !told(path)).collect();
    assert_eq!(untold, [""; 0], "these paths stand nowhere in docs/api-design.md");
}
