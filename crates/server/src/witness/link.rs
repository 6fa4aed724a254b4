//! The way from a log to its witnesses: plain HTTP, since a cosignature vouches for itself.

use async_trait::async_trait;
use gongshu_app::{LinkReply, WitnessLink};
use reqwest::{Client, header};

/// Longest reply that is read.
const REPLY_BYTES_MAX: usize = 64 << 10;

/// Posts to witnesses over connections that are kept open.
#[derive(Debug, Clone, Default)]
pub struct HttpLink(Client);

#[async_trait]
impl WitnessLink for HttpLink {
    async fn add_checkpoint(&self, url: &str, body: String) -> Result<LinkReply, String> {
        let url = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let sent = self.0.post(url).body(body).send().await;
        let response = sent.map_err(|error| root_cause(&error))?;
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, content_type) = (response.status().as_u16(), content_type.to_owned());
        let body = read_limited(response, REPLY_BYTES_MAX).await?;
        Ok(LinkReply {
            status,
            content_type,
            body: String::from_utf8(body).map_err(|error| error.to_string())?,
        })
    }
}

/// The body of a response, unless it is longer than it can be.
pub(crate) async fn read_limited(mut response: reqwest::Response, bytes_max: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| root_cause(&error))? {
        if body.len() + part.len() > bytes_max {
            return Err(format!("the reply is longer than {bytes_max} bytes"));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// What stands at the bottom of an error: `connection refused` rather than `error sending request`.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
