//! Reading a C2SP tile log over HTTP.

use std::time::Duration;

use anyhow::{Result, ensure};
use gongshu_ledger::Tile;
use gongshu_ledger::note::NOTE_BYTES_MAX;
use gongshu_ledger::tile::{ENTRY_BYTES_MAX, TILE_WIDTH};
use reqwest::{Client, StatusCode};

/// The longest bundle: 256 of the longest entries with their lengths.
const TILE_BYTES_MAX: usize = TILE_WIDTH * (ENTRY_BYTES_MAX + 2);
/// Longest wait for a part of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a request is made before the log counts as unreachable.
const TRIES_MAX: u32 = 3;
/// The wait before the second try.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(300);

/// A log at its prefix.
pub(crate) struct LogReader {
    client: Client,
    prefix: String,
}

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The log says that there is no such thing.
    #[error("the log does not serve `{0}`")]
    Missing(String),
    /// The log answers with another status.
    #[error("the log answers `{path}` with {status}")]
    Status { path: String, status: StatusCode },
    /// The answer is longer than such a thing can be.
    #[error("`{0}` is longer than the format allows")]
    TooLong(String),
    /// It is no UTF-8 text.
    #[error("`{0}` is no text")]
    NoText(String),
    /// The connection failed.
    #[error("`{path}` cannot be fetched: {source}")]
    Connection { path: String, source: reqwest::Error },
}

impl LogReader {
    pub(crate) fn new(url: &str) -> Result<Self> {
        ensure!(
            url.starts_with("http://"),
            "`{url}` is no plain HTTP address; put a TLS proxy on this machine in front of other logs"
        );
        Ok(Self {
            client: Client::builder().read_timeout(READ_TIMEOUT).build()?,
            prefix: url.trim_end_matches('/').to_owned(),
        })
    }

    /// The text of the checkpoint.
    pub(crate) async fn checkpoint(&self) -> Result<String, ReadError> {
        let bytes = self.get("checkpoint", NOTE_BYTES_MAX).await?;
        String::from_utf8(bytes).map_err(|_| ReadError::NoText("checkpoint".to_owned()))
    }

    /// The bytes of a tile or bundle. A log that has grown may serve the full one in place of a partial one.
    pub(crate) async fn tile(&self, tile: Tile) -> Result<Vec<u8>, ReadError> {
        let full = Tile::new(tile.kind(), tile.index(), TILE_WIDTH as u16).filter(|full| *full != tile);
        match (self.get(&tile.path(), TILE_BYTES_MAX).await, full) {
            (Err(ReadError::Missing(path)), Some(full)) => {
                let served = self.get(&full.path(), TILE_BYTES_MAX).await;
                served.map_err(|error| match error {
                    ReadError::Missing(_) => ReadError::Missing(path),
                    other => other,
                })
            }
            (served, _) => served,
        }
    }

    async fn get(&self, path: &str, bytes_max: usize) -> Result<Vec<u8>, ReadError> {
        let mut tried = 1;
        loop {
            match self.get_once(path, bytes_max).await {
                Err(ReadError::Connection { .. }) if tried < TRIES_MAX => {
                    tokio::time::sleep(TRY_AGAIN_AFTER * tried).await;
                    tried += 1;
                }
                read => return read,
            }
        }
    }

    async fn get_once(&self, path: &str, bytes_max: usize) -> Result<Vec<u8>, ReadError> {
        let failed = |source| ReadError::Connection {
            path: path.to_owned(),
            source,
        };
        let sent = self.client.get(format!("{}/{path}", self.prefix)).send().await;
        let mut response = sent.map_err(failed)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(ReadError::Missing(path.to_owned())),
            status => {
                return Err(ReadError::Status {
                    path: path.to_owned(),
                    status,
                });
            }
        }
        let mut bytes = Vec::new();
        while let Some(part) = response.chunk().await.map_err(failed)? {
            if bytes.len() + part.len() > bytes_max {
                return Err(ReadError::TooLong(path.to_owned()));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }
}
