//! What a district's certificates say of where they are looked up: `certificates.toml` in its folder; nothing without it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use gongshu_app::PublicAddress;
use serde::{Deserialize, Serialize};

/// Belongs to the district's folder.
pub(crate) const FILE: &str = "certificates.toml";

/// What the file says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificates {
    /// Where anybody reaches the platform, `http://…`.
    address: String,
}

/// The address that new certificates name.
pub(crate) fn address(data: &Path) -> Result<Option<PublicAddress>> {
    let path = data.join(FILE);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.with_context(|| format!("{} cannot be read", path.display()))?,
    };
    let read: Certificates = toml::from_str(&text).with_context(|| format!("{} cannot be read", path.display()))?;
    let address = PublicAddress::parse(&read.address);
    let address = address.with_context(|| {
        format!(
            "{}：`{}` 不能写入证书；请用 http:// 开头的地址，不带 ? 与 #（吊销列表和状态查询走明文 HTTP，内容均已签名）\n`{}` \
             can't stand in a certificate: give an http:// address without ? and #; lists and answers are signed, and \
             whoever needs them to check a certificate can't fetch them over TLS",
            path.display(),
            read.address,
            read.address
        )
    })?;
    Ok(Some(address))
}

/// Gives a new district's certificates an address to name.
pub(crate) fn set_address(data: &Path, address: &str) -> Result<()> {
    let text = toml::to_string(&Certificates {
        address: address.to_owned(),
    })?;
    let path = data.join(FILE);
    fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
}
