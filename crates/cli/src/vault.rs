//! Where a district's vault is: the folder `vault` beside its keys, or the bucket that `vault.toml` names.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gongshu_app::vault::{Bucket, VaultPlace};
use serde::{Deserialize, Serialize};

/// Names the bucket; belongs to the district's folder.
pub(crate) const FILE: &str = "vault.toml";
/// The vault's folder, in a district's folder as in a backup.
pub(crate) const FOLDER: &str = "vault";
/// Variables of the environment that say how to reach the store and as whom. Others are left alone.
const SETTINGS: [&str; 13] = [
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ALLOW_HTTP",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";
/// Either of these says as whom.
const IDENTITIES: [&str; 4] = [
    ACCESS_KEY,
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// What the file says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VaultFile {
    /// `s3://bucket` or `s3://bucket/prefix`.
    url: String,
}

/// The address of the bucket, where the vault is in one.
pub(crate) fn bucket(data: &Path) -> Result<Option<String>> {
    let path = data.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let file = toml::from_str(&text).with_context(|| format!("{} cannot be read", path.display()));
            file.map(|file: VaultFile| Some(file.url))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Puts the vault of a new district into a bucket.
pub(crate) fn set_bucket(data: &Path, url: &str) -> Result<()> {
    let text = toml::to_string(&VaultFile { url: url.to_owned() })?;
    let path = data.join(FILE);
    fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// Connects to where the vault is.
pub(crate) async fn place(data: &Path) -> Result<VaultPlace> {
    let folder = data.join(FOLDER);
    let Some(url) = bucket(data)? else {
        return Ok(VaultPlace::Folder(folder));
    };
    let holds_files = fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
    if holds_files {
        bail!(
            "{FILE} 指定了存储桶 {url}，但 {0} 中还有数据：请先把该目录的内容原样复制到存储桶，再移走该目录\n{FILE} names \
             the bucket {url}, but {0} holds data: copy its content as it is to the bucket, then move the folder away",
            folder.display()
        );
    }
    let settings = settings()?;
    let connect = move || Bucket::connect(&url, settings);
    Ok(VaultPlace::Bucket(tokio::task::spawn_blocking(connect).await??))
}

fn settings() -> Result<Vec<(String, String)>> {
    if IDENTITIES.iter().all(|name| std::env::var_os(name).is_none()) {
        bail!(
            "未提供对象存储的凭据：请设置环境变量 {ACCESS_KEY} 与 AWS_SECRET_ACCESS_KEY\nthe object store's credentials \
             are missing: set {ACCESS_KEY} and AWS_SECRET_ACCESS_KEY in the environment"
        );
    }
    let set = |name: &str| Some((name.to_owned(), std::env::var(name).ok()?));
    Ok(SETTINGS.iter().filter_map(|name| set(name)).collect())
}
