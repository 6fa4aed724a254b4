//! A district: everything that is open while the platform runs.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use gongshu_engine::Engine;
use gongshu_governance::authorization::check_serves;
use gongshu_governance::power::Powers;
use gongshu_governance::product::Product;
use gongshu_governance::rules::{RuleBook, Rules};
use gongshu_governance::{Actor, Context, State, Text};
use gongshu_ledger::stamp::StampAuthority;
use gongshu_ledger::{NoteSigner, SignedCheckpoint, Suite, VerifierKey};
use gongshu_store::Store;
use gongshu_vault::{KeyService, Vault, VaultPlace};
use tokio::sync::{Semaphore, mpsc, watch};

use crate::certificate_authority::{Certifier, Named, PublicAddress};
use crate::documents::Papers;
use crate::domain::Domain;
use crate::error::AppError;
use crate::exported::{Veil, with_persons_hidden};
use crate::feed::Feed;
use crate::metrics::Metrics;
use crate::saved_state::{self, Keeper, Keeping};
use crate::sequencer::{Head, Item, QUEUE_ITEMS_MAX, RecordTime, Sequencer, rebuild};
use crate::sign_in::Attempts;
use crate::site_lock::SiteLock;
use crate::snapshot::Snapshot;
use crate::statistics::Released;
use crate::witnessing::Board;
use crate::world::{Clock, Entropy};

/// Longest wait for what other servers have written.
const CATCH_UP_MAX: Duration = Duration::from_secs(5);

/// What a district is opened with.
pub struct Opening {
    /// Its name, such as `深圳市龙华区`.
    pub name: String,
    /// Where events, ledger and metering are: `sqlite:///…` or `postgres://…`.
    pub store_url: String,
    /// Where the vault is.
    pub vault: VaultPlace,
    /// Most bytes of the encrypted file of a version.
    pub version_bytes_max: u64,
    /// A file that servers of the district lock, so that one of them tidies up.
    pub site_lock: PathBuf,
    /// Where the state is saved, so that a start need not apply every event; none where it always does.
    pub saved_state: Option<Keeping>,
    /// Wraps the vault's data keys.
    pub keys: Arc<dyn KeyService>,
    /// Rule packs, national first.
    pub packs: Vec<String>,
    /// Signs checkpoints; its name is the log's origin.
    pub signer: NoteSigner,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Entropy,
    /// How the engine runs.
    pub engine: gongshu_engine::Config,
    /// The cluster that reads and aggregates for it; everything runs in process where there is none.
    pub cluster: Option<gongshu_engine::ClusterSettings>,
    /// Where anybody reaches the platform: certificates name it, and codes on papers lead there, if there is one.
    pub address: Option<PublicAddress>,
}

/// An open district. Cheap to clone; closes when the last clone is gone.
#[derive(Clone)]
pub struct District(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) name: String,
    pub(crate) store: Store,
    pub(crate) domain: Domain,
    pub(crate) book: Arc<RuleBook>,
    pub(crate) powers: Arc<Powers>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<Entropy>,
    pub(crate) snapshot: Arc<ArcSwap<Snapshot>>,
    pub(crate) head: Arc<ArcSwap<Head>>,
    pub(crate) feed: Feed,
    metrics: Metrics,
    pub(crate) statistics: Released,
    pub(crate) grown: watch::Receiver<u64>,
    saved: Option<u64>,
    pub(crate) final_checkpoint: ArcSwapOption<SignedCheckpoint>,
    pub(crate) witnesses: OnceLock<Arc<Board>>,
    pub(crate) stamp_authority: OnceLock<StampAuthority>,
    pub(crate) papers: Papers,
    lock: OnceLock<SiteLock>,
    pub(crate) log_key: VerifierKey,
    pub(crate) certifier: Arc<Certifier>,
    pub(crate) address: Option<PublicAddress>,
    pub(crate) attempts: Attempts,
    /// One proposed rule pack is tried at a time.
    pub(crate) tries: Arc<Semaphore>,
    pub(crate) queue: mpsc::Sender<Item>,
}

impl District {
    /// Opens a district: reads its events, checks its ledger, starts the sequencer, finishes
    /// destructions that a crash interrupted.
    ///
    /// # Errors
    /// When rule packs, store, ledger or vault cannot be used; the message says which and why.
    pub async fn open(opening: Opening) -> Result<Self, AppError> {
        let packs: Vec<&str> = opening.packs.iter().map(String::as_str).collect();
        let book = Arc::new(RuleBook::load(&packs).map_err(AppError::internal)?);
        let powers = Arc::new(Powers::load().map_err(AppError::internal)?);
        let store = Store::open(&opening.store_url).await?;
        store.put_suite(opening.signer.suite()).await?;
        store.put_rule_pack(book.hash(), &opening.packs).await?;
        let keys = opening.keys.clone();
        let vault = Vault::open(opening.vault, opening.keys).map_err(AppError::internal)?;
        let vault = Arc::new(vault.with_version_bytes_max(opening.version_bytes_max));
        let mut lock = SiteLock::take(&opening.site_lock)?;
        if lock.alone() {
            vault.sweep().map_err(AppError::internal)?;
            saved_state::tidy_up(opening.saved_state.as_ref());
        }
        let state = saved_state::read(&store, opening.saved_state.as_ref()).await?;
        let saved = state.as_ref().map(|state| state.sequence);
        let loaded = store.load_after(saved.unwrap_or(0)).await?;
        let checkpoint = loaded.checkpoint.as_deref().map(SignedCheckpoint::parse).transpose();
        let checkpoint = checkpoint.map_err(AppError::internal)?.map(Arc::new);
        let snapshot = rebuild(state.unwrap_or_default(), &loaded.events, &loaded.meters);
        let entropy = Arc::new(opening.entropy);
        let secret = vault.record_secret(&mut entropy.fork()).map_err(AppError::internal)?;
        let veil = Arc::new(Veil::new(&secret));
        let snapshot = with_persons_hidden(&store, snapshot, loaded.newest, &veil).await?;
        let snapshot = Arc::new(ArcSwap::from_pointee(snapshot));
        let mut keeper = Keeper::start(opening.saved_state, saved.unwrap_or(0));
        keeper.see(&snapshot.load().state, &loaded.edge);
        let head = Arc::new(ArcSwap::from_pointee(Head {
            edge: loaded.edge.clone(),
            checkpoint,
        }));
        let final_checkpoint = read_final(&store).await?;
        let (queue, inbox) = mpsc::channel(QUEUE_ITEMS_MAX);
        let (grows, grown) = watch::channel(loaded.edge.size());
        let feed = Feed::default();
        let metrics = Metrics::default();
        let log_key = opening.signer.verifier_key();
        let named = Named {
            platform: log_key.name().as_str(),
            address: opening.address.as_ref(),
        };
        let now = opening.clock.now();
        let certifier = Certifier::open(&store, &*keys, log_key.suite(), named, &entropy, now).await?;
        let sequencer = Sequencer {
            store: store.clone(),
            book: book.clone(),
            powers: powers.clone(),
            signer: opening.signer,
            clock: opening.clock.clone(),
            entropy: entropy.clone(),
            veil,
            snapshot: snapshot.clone(),
            head: head.clone(),
            feed: feed.clone(),
            metrics: metrics.clone(),
            edge: loaded.edge,
            time: RecordTime::new(loaded.newest, opening.clock.now(), opening.clock.elapsed()),
            unsure: false,
            grown: grows,
            keeper,
        };
        tokio::spawn(sequencer.run(inbox));
        let mut engine = Engine::new(opening.engine).map_err(AppError::internal)?;
        if let Some(cluster) = &opening.cluster {
            engine = engine.on_cluster(cluster, vault.clone()).map_err(AppError::internal)?;
        }
        let domain = Domain::new(engine, vault, secret);
        let district = Self(Arc::new(Inner {
            name: opening.name,
            store,
            domain,
            book,
            powers,
            clock: opening.clock,
            entropy,
            snapshot,
            head,
            feed,
            metrics,
            statistics: Released::default(),
            grown,
            saved,
            final_checkpoint,
            witnesses: OnceLock::new(),
            stamp_authority: OnceLock::new(),
            papers: Papers::default(),
            lock: OnceLock::new(),
            log_key,
            certifier: Arc::new(certifier),
            address: opening.address,
            attempts: Attempts::default(),
            tries: Arc::new(Semaphore::new(1)),
            queue,
        }));
        if district.0.store.is_shared() {
            district.forget_destroyed();
        }
        if lock.alone() {
            district.finish_destructions().await?;
            district.discard_leftovers()?;
            district.sweep_files()?;
        }
        lock.share()?;
        // Set once, here.
        let _ = district.0.lock.set(lock);
        Ok(district)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// In what an actor asks now, for what is decided before the sequencer decides it, or is no act.
    pub(crate) fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        let at = self.now();
        Context {
            at,
            actor,
            rules: self.rules_at(at),
            powers: self.powers(),
            seen_revision: None,
        }
    }

    /// What keeps a product from answering now, whoever calls it; none where its chain and its data hold.
    #[must_use]
    pub fn held_up(&self, state: &State, product: &Product) -> Option<Text> {
        let developer = Actor {
            party: product.developer.clone(),
            person: None,
        };
        let refusal = check_serves(state, product, &self.context(&developer)).err()?;
        Some(refusal.message)
    }

    /// The rules in force today.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        self.rules_at(self.now())
    }

    /// The rules of the day on which an instant falls.
    #[must_use]
    pub fn rules_at(&self, at: jiff::Timestamp) -> &Rules {
        self.0.book.at(at)
    }

    /// The rules of all days.
    #[must_use]
    pub fn rule_book(&self) -> &RuleBook {
        &self.0.book
    }

    /// The powers.
    #[must_use]
    pub fn powers(&self) -> &Powers {
        &self.0.powers
    }

    /// What the sequencer measures of itself.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// State and totals now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// How many events the saved state had with which the district was opened; none where every event was applied.
    #[must_use]
    pub fn saved_events(&self) -> Option<u64> {
        self.0.saved
    }

    /// The log's newest durable head.
    #[must_use]
    pub fn head(&self) -> Arc<Head> {
        self.0.head.load_full()
    }

    /// Waits until this server knows what is in the database now, where others write to it too.
    ///
    /// # Errors
    /// When the database cannot be read, or not in time.
    pub async fn catch_up(&self) -> Result<(), AppError> {
        if !self.0.store.is_shared() {
            return Ok(());
        }
        let size = self.0.store.size().await?;
        let mut grown = self.0.grown.clone();
        let caught_up = tokio::time::timeout(CATCH_UP_MAX, grown.wait_for(|seen| *seen >= size)).await;
        caught_up
            .map_err(AppError::internal)?
            .map(|_| ())
            .map_err(AppError::internal)
    }

    /// The crypto suite that it was set up with.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.0.log_key.suite()
    }

    /// The key that verifies the log's checkpoints.
    #[must_use]
    pub fn log_key(&self) -> &VerifierKey {
        &self.0.log_key
    }

    /// The live feed.
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// Where sessions and accounts are kept.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.0.clock.now()
    }

    /// A new id with this prefix.
    #[must_use]
    pub fn new_id(&self, prefix: &str) -> String {
        self.0.entropy.id(prefix, self.now())
    }
}

async fn read_final(store: &Store) -> Result<ArcSwapOption<SignedCheckpoint>, AppError> {
    let newest = store.newest_final().await?;
    let parsed = newest.map(|(_, text)| SignedCheckpoint::parse(&text)).transpose();
    Ok(ArcSwapOption::new(parsed.map_err(AppError::internal)?.map(Arc::new)))
}
