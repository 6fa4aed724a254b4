//! An outside time-stamp authority, by its address.

use std::time::Duration;

use async_trait::async_trait;
use gongshu_app::Stamper;
use gongshu_app::ledger::stamp::{QUERY_CONTENT_TYPE, REPLY_BYTES_MAX};
use reqwest::{Client, header};

use crate::witness::{read_limited, root_cause};

/// An authority that is asked over plain HTTP: its reply is signed.
#[derive(Debug, Clone)]
pub struct HttpStamper {
    client: Client,
    url: String,
}

impl HttpStamper {
    /// The authority at this address.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self {
            client: Client::new(),
            url,
        }
    }
}

#[async_trait]
impl Stamper for HttpStamper {
    /// An authority that others share is asked once a minute.
    fn pause(&self) -> Duration {
        Duration::from_secs(60)
    }

    async fn stamp(&self, request: Vec<u8>) -> Result<Vec<u8>, String> {
        let sent = self
            .client
            .post(&self.url)
            .header(header::CONTENT_TYPE, QUERY_CONTENT_TYPE);
        let response = sent.body(request).send().await.map_err(|error| root_cause(&error))?;
        let response = response.error_for_status().map_err(|error| error.to_string())?;
        read_limited(response, REPLY_BYTES_MAX).await
    }
}
