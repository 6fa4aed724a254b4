//! Where a district's master key is: the file `master.key` in its folder, or the PKCS #11 token that `keys.toml` names
//! by its address (RFC 7512).

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use gongshu_app::vault::{Cipher, FileKeyService, KeyService, Pkcs11KeyService, Pkcs11Settings};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Names the token; belongs to the district's folder.
pub(crate) const FILE: &str = "keys.toml";
/// The master key, where no token is named.
pub(crate) const KEY: &str = "master.key";
/// The user's PIN, where the address names no file with it.
const PIN: &str = "GONGSHU_PKCS11_PIN";

/// What the file says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysFile {
    /// `pkcs11:token=…;object=…?module-path=…`.
    master_key: String,
}

/// The address of the token, where the master key is in one.
pub(crate) fn token(data: &Path) -> Result<Option<String>> {
    let path = data.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let file = toml::from_str(&text).with_context(|| format!("{} cannot be read", path.display()));
            file.map(|file: KeysFile| Some(file.master_key))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Keeps the master key of a new district in a token.
pub(crate) fn set_token(data: &Path, address: &str) -> Result<()> {
    Address::parse(address)?;
    let text = toml::to_string(&KeysFile {
        master_key: address.to_owned(),
    })?;
    fs::create_dir_all(data).with_context(|| format!("the folder {} cannot be made", data.display()))?;
    let path = data.join(FILE);
    fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// The service that holds the master key; a key is made where there is none.
pub(crate) fn service(data: &Path, cipher: Cipher) -> Result<Arc<dyn KeyService>> {
    let file = data.join(KEY);
    let Some(address) = token(data)? else {
        let keys = FileKeyService::open_or_create(&file, cipher, &mut rand::rng())?;
        return Ok(Arc::new(keys));
    };
    ensure!(
        !file.exists(),
        "{} 与 {FILE} 同在：本区的密钥由 {KEY} 保护，不能改用令牌；请移走其一\n{} stands beside {FILE}: a district's keys are \
         wrapped under one master key, which is in the file or in the token. Move the one away that it is not",
        file.display(),
        file.display()
    );
    let settings = Address::parse(&address)?.settings(cipher)?;
    let keys = Pkcs11KeyService::open_or_create(&settings).with_context(|| {
        format!("{FILE} 指定的令牌无法使用 / the token that {FILE} names cannot be used: {address}")
    })?;
    Ok(Arc::new(keys))
}

/// The parts of a PKCS #11 address that name a key, its module and where the PIN is.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    token: String,
    object: String,
    module: PathBuf,
    pin_file: Option<PathBuf>,
}

impl Address {
    fn parse(text: &str) -> Result<Self> {
        let rest = text.strip_prefix("pkcs11:").with_context(|| {
            format!(
                "`{text}` 不是 PKCS #11 地址 / is no PKCS #11 address: \
                 pkcs11:token=<label>;object=<label>?module-path=<library>&pin-source=<file>"
            )
        })?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut token, mut object, mut module, mut pin_file) = (None, None, None, None);
        let parts = path.split(';').chain(query.split('&')).filter(|part| !part.is_empty());
        for part in parts {
            let (name, value) = part.split_once('=').with_context(|| format!("`{part}` has no value"))?;
            let value = percent_decode_str(value).decode_utf8()?.into_owned();
            match name {
                "token" => token = Some(value),
                "object" => object = Some(value),
                "module-path" => module = Some(PathBuf::from(value)),
                "pin-source" => pin_file = Some(PathBuf::from(value.strip_prefix("file:").unwrap_or(&value))),
                "pin-value" => bail!(
                    "口令不写在地址里：请用 pin-source 指明文件，或设环境变量 {PIN}\na PIN does not stand in an address: \
                     name a file with pin-source, or set {PIN}"
                ),
                other => bail!("地址的属性 `{other}` 不支持 / the attribute `{other}` of the address is not supported"),
            }
        }
        let named = |part: Option<String>, name: &str| {
            let part = part.filter(|value| !value.is_empty());
            part.with_context(|| format!("地址缺少 {name} / the address lacks {name}: `{text}`"))
        };
        Ok(Self {
            token: named(token, "token")?,
            object: named(object, "object")?,
            module: module.with_context(|| format!("地址缺少 / the address lacks module-path: `{text}`"))?,
            pin_file,
        })
    }

    fn settings(self, cipher: Cipher) -> Result<Pkcs11Settings> {
        let pin = match &self.pin_file {
            Some(file) => fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?,
            None => std::env::var(PIN).with_context(|| {
                format!("没有令牌的口令：请设环境变量 {PIN}，或在地址中写 pin-source / the token's PIN is missing: set {PIN}, or name its file with pin-source")
            })?,
        };
        Ok(Pkcs11Settings {
            module: self.module,
            token: self.token,
            key: self.object,
            pin: Zeroizing::new(pin.trim_end_matches(['\r', '\n']).to_owned()),
            cipher,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_token_key_module_and_pin() {
        let text =
            "pkcs11:token=%E9%BE%99%E5%8D%8E;object=master%201?module-path=/usr/lib/x.so&pin-source=file:/run/pin";
        let wanted = Address {
            token: "龙华".to_owned(),
            object: "master 1".to_owned(),
            module: "/usr/lib/x.so".into(),
            pin_file: Some("/run/pin".into()),
        };
        assert_eq!(Address::parse(text).unwrap(), wanted);
    }

    #[test]
    fn what_an_address_lacks_or_may_not_hold_is_told() {
        let told = |text: &str| Address::parse(text).unwrap_err().to_string();
        assert!(told("file:/x").contains("is no PKCS #11 address"));
        assert!(told("pkcs11:object=a?module-path=/x").contains("lacks token"));
        assert!(told("pkcs11:token=a;object=?module-path=/x").contains("lacks object"));
        assert!(told("pkcs11:token=a;object=b").contains("lacks module-path"));
        assert!(told("pkcs11:token=a;object=b?module-path=/x&pin-value=1234").contains("pin-source"));
        assert!(!told("pkcs11:token=a;object=b?module-path=/x&pin-value=1234").contains("1234"));
        assert!(told("pkcs11:slot-id=3").contains("`slot-id` of the address is not supported"));
    }
}
