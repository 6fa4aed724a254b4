//! A served district, reached through its API.

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

/// Where the district is.
#[derive(Args)]
pub(crate) struct Open {
    /// Address of the district, reached over plain HTTP: a server on this machine, or a TLS proxy beside it.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
}

/// Where the district is, and who asks.
#[derive(Args)]
pub(crate) struct Remote {
    #[command(flatten)]
    pub(crate) open: Open,
    /// API key; `POST /api/v1/keys` or the portal issues one.
    #[arg(long, env = "GONGSHU_KEY", hide_env_values = true)]
    key: String,
}

impl Open {
    /// A GET of this path of the API.
    pub(crate) fn get(&self, path: &str) -> Result<RequestBuilder> {
        Ok(Client::new().get(self.url(path)?))
    }

    /// A POST to this path of the API.
    pub(crate) fn post(&self, path: &str) -> Result<RequestBuilder> {
        Ok(Client::new().post(self.url(path)?))
    }

    /// The body of a success, as [`Remote::send`], for what is open to all.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<String> {
        body(self.sent(request).await?).await
    }

    /// The bytes at a path outside the API.
    pub(crate) async fn bytes_at(&self, path: &str) -> Result<Vec<u8>> {
        let url = self.url("")?.replace("/api/v1/", path);
        let response = self.sent(Client::new().get(url)).await?;
        if response.status().is_success() {
            return Ok(response.bytes().await?.to_vec());
        }
        body(response).await.map(String::into_bytes)
    }

    async fn sent(&self, request: RequestBuilder) -> Result<Response> {
        let sent = request.send().await;
        sent.with_context(|| format!("{} cannot be reached", self.server))
    }

    fn url(&self, path: &str) -> Result<String> {
        ensure!(
            self.server.starts_with("http://"),
            "`{}` is no plain HTTP address; put a TLS proxy on this machine in front of other servers",
            self.server
        );
        Ok(format!("{}/api/v1/{path}", self.server.trim_end_matches('/')))
    }
}

impl Remote {
    /// A POST to this path of the API.
    pub(crate) fn post(&self, path: &str) -> Result<RequestBuilder> {
        self.open.post(path)
    }

    /// The items of the list at this path.
    pub(crate) async fn list(&self, path: &str) -> Result<Vec<Value>> {
        let text = self.send(self.open.get(path)?).await?;
        let list: Value = serde_json::from_str(&text)?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    /// The body of a success; a problem becomes an error that says what to do.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<String> {
        self.open.send(request.bearer_auth(&self.key)).await
    }

    /// The bytes of a success, as [`Remote::send`].
    pub(crate) async fn bytes(&self, request: RequestBuilder) -> Result<Vec<u8>> {
        let response = self.open.sent(request.bearer_auth(&self.key)).await?;
        if response.status().is_success() {
            return Ok(response.bytes().await?.to_vec());
        }
        body(response).await.map(String::into_bytes)
    }
}

async fn body(response: Response) -> Result<String> {
    let status = response.status();
    let text = response.text().await?;
    if status.is_success() {
        return Ok(text);
    }
    let problem: Value = serde_json::from_str(&text).unwrap_or_default();
    let refusal = &problem["refusal"];
    // What was refused or failed may be on record.
    let index = problem["receipt"]["index"].as_u64();
    let receipt = index.map_or_else(String::new, |index| format!("\n收据 receipt #{index}"));
    match refusal["rule"].as_str() {
        Some(rule) => bail!(
            "拒绝 refused [{rule}] {} / {}\n依据 source: {} {}\n处理 remedy: {} / {}{receipt}",
            word(&refusal["message"]["zh"]),
            word(&refusal["message"]["en"]),
            word(&refusal["source"]),
            word(&refusal["article"]),
            word(&refusal["remedy"]["zh"]),
            word(&refusal["remedy"]["en"]),
        ),
        None => bail!("{status}: {}{receipt}", problem["detail"].as_str().unwrap_or(&text)),
    }
}

/// A value without the quotes of a text.
pub(crate) fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
