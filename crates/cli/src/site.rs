//! A site: the folder of a district with its keys, and how it is opened and served.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use gongshu_app::governance::rules::Pack;
use gongshu_app::ledger::note::KeyName;
use gongshu_app::ledger::stamp::StampAuthority;
use gongshu_app::ledger::{NoteSigner, Suite};
use gongshu_app::vault::Cipher;
use gongshu_app::{Ahead, Clock, District, Entropy, Keeping, Opening, Stamper, SystemClock, Witnessing};
use gongshu_server::{HttpLink, HttpStamper, Tls, service};

use crate::trust::read_policy;
use crate::{certificates, cluster, limits, master_key, vault};

/// Rule packs that come with the program, national first.
pub(crate) const PACKS: [&str; 5] = [
    include_str!("../../../rules/national.toml"),
    include_str!("../../../rules/calendar.toml"),
    include_str!("../../../rules/guangdong.toml"),
    include_str!("../../../rules/shenzhen.toml"),
    include_str!("../../../rules/longhua.toml"),
];
const NAME: &str = "深圳市龙华区";
/// Events between two saved states: as many are applied in a tenth of a second.
const SAVED_STATE_EVENTS: u64 = 20_000;
/// The district's own rule packs, in its folder.
pub(crate) const OWN_PACKS: &str = "rules";
const ORIGIN: &str = "gongshu.example/longhua";

/// The rule packs of the folder's district: those that come with the program, and over them those of its folder `rules`,
/// in the order of their names. So a value or the calendar of a year is added without a new release.
pub(crate) fn packs(data: &Path) -> Result<Vec<String>> {
    let mut packs = PACKS.map(str::to_owned).to_vec();
    let folder = data.join(OWN_PACKS);
    if !folder.exists() {
        return Ok(packs);
    }
    let files = fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files: Vec<PathBuf> = files.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    for file in files {
        packs.push(pack(&file)?);
    }
    Ok(packs)
}

/// The text of a file that is a rule pack by itself.
pub(crate) fn pack(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Pack::read(&text).with_context(|| format!("{} is no rule pack", file.display()))?;
    Ok(text)
}

/// Where state and ledger are: the given address, or a file in the folder.
pub(crate) fn store_url(data: &Path, store: Option<&str>) -> Result<String> {
    if let Some(store) = store {
        return Ok(store.to_owned());
    }
    let folder = data
        .canonicalize()
        .with_context(|| format!("the folder {} cannot be opened", data.display()))?;
    Ok(format!("sqlite://{}/district.db", folder.display()))
}

/// Opens the district of a folder by the machine's clock.
pub(crate) async fn open(data: &Path, store: Option<&str>, suite: Option<Suite>) -> Result<District> {
    open_by(data, store, suite, Arc::new(SystemClock)).await
}

/// Opens the district of a folder; makes keys where there are none, of this suite. The suite of a folder that has keys
/// can't be chosen again.
pub(crate) async fn open_by(
    data: &Path,
    store: Option<&str>,
    suite: Option<Suite>,
    clock: Arc<dyn Clock>,
) -> Result<District> {
    fs::create_dir_all(data).with_context(|| format!("the folder {} cannot be made", data.display()))?;
    let log_key = data.join("log.key");
    if !log_key.exists() {
        write_key(ORIGIN, &log_key, suite.unwrap_or_default())?;
    }
    let secret = fs::read_to_string(&log_key).with_context(|| format!("{} cannot be read", log_key.display()))?;
    let signer = NoteSigner::from_secret_text(secret.trim())
        .with_context(|| format!("{} holds no signing key", log_key.display()))?;
    let chosen = signer.suite();
    if let Some(other) = suite.filter(|suite| *suite != chosen) {
        bail!(
            "{} 的密码套件是 {chosen}，不能改为 {other}；请去掉 --suite 或另选目录\nthe district in {} was set up with the \
             crypto suite {chosen}, not {other}: leave --suite out, or choose another folder",
            data.display(),
            data.display()
        );
    }
    let keys = master_key::service(data, cipher(chosen))?;
    let limits = limits::read(data)?;
    let opening = Opening {
        name: NAME.to_owned(),
        store_url: store_url(data, store)?,
        vault: vault::place(data).await?,
        version_bytes_max: limits.version_bytes_max(),
        site_lock: data.join("vault.lock"),
        saved_state: Some(Keeping {
            path: data.join("state.saved"),
            events: SAVED_STATE_EVENTS,
        }),
        keys,
        packs: packs(data)?,
        signer,
        clock,
        entropy: Entropy::from_system(),
        engine: limits.engine(),
        cluster: cluster::settings(data)?,
        address: certificates::address(data)?,
    };
    let district = District::open(opening).await?;
    district.set_stamp_authority(stamp_authority(data, district.log_key().name().as_str())?);
    if let Some(fonts) = std::env::var_os("GONGSHU_FONTS") {
        district.set_fonts(fonts.into());
    }
    Ok(district)
}

/// What small pieces at rest are sealed with.
pub(crate) const fn cipher(suite: Suite) -> Cipher {
    match suite {
        Suite::International => Cipher::Aes256Gcm,
        Suite::ShangMi => Cipher::Sm4Gcm,
    }
}

/// The folder's time-stamp authority; made where there is none.
fn stamp_authority(data: &Path, origin: &str) -> Result<StampAuthority> {
    let (key, certificate) = (data.join("tsa.key"), data.join("tsa.pem"));
    if !key.exists() {
        let now = u64::try_from(SystemClock.now().as_second())?;
        let made = StampAuthority::new(&format!("{origin}/tsa"), &rand::random(), &rand::random(), now)?;
        fs::write(&certificate, made.certificate_pem()?)?;
        write_secret(&key, made.key_pem()?.trim_end())?;
    }
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()));
    StampAuthority::from_pem(&read(&key)?, &read(&certificate)?)
        .with_context(|| format!("{} and {} cannot be used", key.display(), certificate.display()))
}

/// Begins to ask the witnesses of a policy file, of the folder's own where none is given and it has one. A log that is
/// behind what they have seen is not served.
/// An outside time-stamp authority stamps what is final; without one the built-in does.
pub(crate) async fn witness(
    district: &District,
    data: &Path,
    file: Option<&Path>,
    authority: Option<&str>,
    despite: &[String],
) -> Result<()> {
    let own = data.join("witnesses.policy");
    let Some(file) = file.or_else(|| own.exists().then_some(&own)) else {
        return Ok(());
    };
    let witnessing = Witnessing {
        policy: read_policy(file)?,
        link: Arc::new(HttpLink::default()),
        stamper: authority.map(|url| Arc::new(HttpStamper::new(url.to_owned())) as Arc<dyn Stamper>),
    };
    let known = |name: &&String| {
        witnessing
            .policy
            .witnesses()
            .iter()
            .any(|witness| witness.name == **name)
    };
    if let Some(stranger) = despite.iter().find(|name| !known(name)) {
        bail!(
            "见证策略中没有 {stranger}，--despite 须写策略中的名称\nthe policy has no witness {stranger}: --despite takes a \
             name that stands there"
        );
    }
    let behind = district.behind(&witnessing).await;
    let (passed_over, believed): (Vec<_>, Vec<_>) =
        behind.into_iter().partition(|ahead| despite.contains(&ahead.witness));
    for Ahead { witness, seen, size } in passed_over {
        tracing::warn!(%witness, seen, size, "started despite what a witness says it has seen");
    }
    if let Some(ahead) = believed.first() {
        bail!(
            "见证方 {} 已为 {} 条联署，本账本只有 {} 条：数据比公开过的旧，由此续写将成分叉。请恢复更新的备份；\
             确已丢失的，用 gongshu restore --new-log 以新账本续写；确知该见证方有误的，加 --despite {}\nthe witness {} \
             says that it has cosigned {} entries, this log has {}: its data is older than what was published, and going \
             on from here would fork it. Restore a newer backup; if there is none, go on as a new log with gongshu \
             restore --new-log. Where the witness is known to be wrong, and others hold no more than this log: --despite {}",
            ahead.witness,
            ahead.seen,
            ahead.size,
            ahead.witness,
            ahead.witness,
            ahead.seen,
            ahead.size,
            ahead.witness
        );
    }
    Ok(district.start_witnessing(witnessing)?)
}

/// Where and with what TLS is served.
pub(crate) struct TlsOptions {
    listen: SocketAddr,
    certificate: PathBuf,
    key: PathBuf,
}

impl TlsOptions {
    /// All of them, or none.
    pub(crate) fn of(listen: Option<SocketAddr>, certificate: Option<PathBuf>, key: Option<PathBuf>) -> Option<Self> {
        Some(Self {
            listen: listen?,
            certificate: certificate?,
            key: key?,
        })
    }

    fn read(&self, district: &District) -> Result<Tls> {
        let read = |path: &Path| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
        if district.suite() != Suite::International {
            bail!(
                "本区为国密套件，内置 TLS 不支持 SM2 证书；请在前置代理上启用国密 TLS\nthis district is of the suite {}; the                  TLS that is built in knows certificates of the suite international only: let a proxy speak TLS",
                district.suite()
            );
        }
        let [root, _] = district.authority_certificates()?;
        Ok(Tls::new(&read(&self.certificate)?, &read(&self.key)?, root.as_bytes())?)
    }
}

/// Serves until Ctrl-C.
pub(crate) async fn serve(district: District, data: &Path, listen: SocketAddr, tls: Option<TlsOptions>) -> Result<()> {
    let settings = limits::read(data)?.server();
    let listener = tokio::net::TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("{listen} is in use; choose another with --listen"))?;
    let secured = match &tls {
        Some(options) => {
            let tls = options.read(&district)?;
            let listener = tokio::net::TcpListener::bind(options.listen).await;
            let listener =
                listener.with_context(|| format!("{} is in use; choose another with --tls", options.listen))?;
            Some((tls, listener_told(listener, "https")?))
        }
        None => None,
    };
    let service = service(district, settings);
    let plain = gongshu_server::run(listener_told(listener, "http")?, service.clone());
    match secured {
        None => plain.await,
        Some((tls, listener)) => {
            let secured = gongshu_server::run_tls(listener, &tls, service);
            tokio::try_join!(plain, secured).map(|_| ())
        }
    }
    .context("the server stopped")
}

fn listener_told(listener: tokio::net::TcpListener, scheme: &str) -> Result<tokio::net::TcpListener> {
    say(&format!("服务地址 serving on {scheme}://{}", listener.local_addr()?));
    Ok(listener)
}

/// Makes a signing key.
pub(crate) fn keygen(origin: &str, out: &Path, suite: Suite) -> Result<()> {
    if out.exists() {
        bail!("{} exists; a signing key is never overwritten", out.display());
    }
    let signer = write_key(origin, out, suite)?;
    say(&signer.verifier_key().to_string());
    Ok(())
}

fn write_key(origin: &str, out: &Path, suite: Suite) -> Result<NoteSigner> {
    let signer = NoteSigner::from_seed(suite, key_name(origin)?, &rand::random())?;
    write_secret(out, &signer.to_secret_text())?;
    Ok(signer)
}

/// The name that a key of a log or a witness bears.
pub(crate) fn key_name(name: &str) -> Result<KeyName> {
    KeyName::new(name).with_context(|| format!("`{name}` names no key: no spaces and no plus sign"))
}

/// Writes a secret that nobody else may read, and that is never overwritten.
pub(crate) fn write_secret(out: &Path, secret: &str) -> Result<()> {
    let file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out);
    let mut file = file.with_context(|| format!("{} cannot be written", out.display()))?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    Ok(())
}

/// A line for people or programs, to standard output.
#[expect(clippy::print_stdout, reason = "this is the command line")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
