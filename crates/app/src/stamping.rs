//! Time-stamps: the built-in authority, and stamps on final checkpoints by it or by an outside one.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gongshu_ledger::SignedCheckpoint;
use gongshu_ledger::stamp::{StampAuthority, StampRequest};
use gongshu_store::StampedRecord;
use jiff::Timestamp;

use crate::district::District;
use crate::error::AppError;

/// Longest wait for an authority.
const STAMP_TIMEOUT: Duration = Duration::from_secs(5);
/// Most lines of the list of stamps.
const STAMPS_MAX: u32 = 1_000;

/// A time-stamp authority (RFC 3161).
///
/// Contract: `stamp` gives the authority's whole reply to the request, granted or not.
#[async_trait]
pub trait Stamper: Send + Sync {
    /// The rest between two requests, and after a failure.
    fn pause(&self) -> Duration;

    /// Sends a request and waits for the reply.
    async fn stamp(&self, request: Vec<u8>) -> Result<Vec<u8>, String>;
}

/// The authority of the district itself.
pub(crate) struct OwnStamper(pub(crate) District);

#[async_trait]
impl Stamper for OwnStamper {
    fn pause(&self) -> Duration {
        Duration::from_secs(1)
    }

    async fn stamp(&self, request: Vec<u8>) -> Result<Vec<u8>, String> {
        let reply = self.0.answer_stamp_request(&request);
        reply
            .map_err(|error| error.to_string())?
            .ok_or_else(|| "there is no authority".to_owned())
    }
}

impl District {
    /// Opens the built-in authority. A second one changes nothing.
    pub fn set_stamp_authority(&self, authority: StampAuthority) {
        // One that is there already goes on.
        let _ = self.0.stamp_authority.set(authority);
    }

    /// The built-in authority's certificate in PEM, if there is one.
    ///
    /// # Errors
    /// When the certificate cannot be written.
    pub fn stamp_certificate(&self) -> Result<Option<String>, AppError> {
        let authority = self.0.stamp_authority.get();
        let pem = authority.map(StampAuthority::certificate_pem).transpose();
        pem.map_err(AppError::internal)
    }

    /// The built-in authority's reply to a request; none where there is no authority.
    ///
    /// # Errors
    /// When the reply cannot be written.
    pub fn answer_stamp_request(&self, request: &[u8]) -> Result<Option<Vec<u8>>, AppError> {
        let Some(authority) = self.0.stamp_authority.get() else {
            return Ok(None);
        };
        let now = u64::try_from(self.now().as_second()).unwrap_or(0);
        let reply = authority.answer(request, now, &self.0.entropy.bytes());
        reply.map(Some).map_err(AppError::internal)
    }

    /// Sizes and times of stamped final checkpoints, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn time_stamps(&self) -> Result<Vec<(u64, Timestamp)>, AppError> {
        Ok(self.0.store.time_stamps(STAMPS_MAX).await?)
    }

    /// The stamped final checkpoint of this size.
    ///
    /// # Errors
    /// Refuses a size that carries no stamp.
    pub async fn time_stamp(&self, size: u64) -> Result<StampedRecord, AppError> {
        let found = self.0.store.time_stamp(size).await?;
        found.ok_or_else(|| {
            let what = gongshu_governance::Text::new("带时间戳的检查点", "time-stamped checkpoint");
            self.rules().unknown(&what, &size.to_string()).into()
        })
    }

    /// Lets an authority stamp a checkpoint, checks that it did, and keeps the stamp.
    pub(crate) async fn stamp(
        &self,
        stamper: &Arc<dyn Stamper>,
        checkpoint: &SignedCheckpoint,
    ) -> Result<(), AppError> {
        let text = checkpoint.to_string();
        let nonce = u64::from_be_bytes(self.0.entropy.bytes());
        let request = StampRequest::new(text.as_bytes(), nonce).map_err(AppError::internal)?;
        let sent = stamper.stamp(request.to_bytes().map_err(AppError::internal)?);
        let reply = tokio::time::timeout(STAMP_TIMEOUT, sent)
            .await
            .map_err(AppError::internal)?;
        let reply = reply.map_err(AppError::Internal)?;
        let seconds = request.read(&reply).map_err(AppError::internal)?;
        let at = i64::try_from(seconds)
            .ok()
            .and_then(|second| Timestamp::from_second(second).ok());
        let stamped = StampedRecord {
            size: checkpoint.unverified().size(),
            at: at.ok_or_else(|| AppError::Internal("the stamped time is out of range".to_owned()))?,
            checkpoint: text,
            reply,
        };
        Ok(self.0.store.put_time_stamp(&stamped).await?)
    }
}
