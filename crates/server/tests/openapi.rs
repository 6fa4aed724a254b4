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
