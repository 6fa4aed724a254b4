//! Load: clients that each send the next request when the last is answered.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A request that is sent again and again.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// What was measured.
pub(crate) struct Figures {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0}/s p50 {:.2} ms p99 {:.2} ms",
            self.per_second,
            self.p50.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3
        )
    }
}

/// Drives the target with so many clients for so long. An answer other than 200 fails the run.
pub(crate) async fn drive(target: &Target, clients: usize, length: Duration) -> Result<Figures> {
    let start = Instant::now();
    let workers: Vec<_> = (0..clients)
        .map(|_| tokio::spawn(client(target.clone(), start + length)))
        .collect();
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.extend(worker.await??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    ensure!(!latencies.is_empty(), "nothing was answered");
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
    Ok(Figures {
        per_second: latencies.len() as f64 / elapsed,
        p50: at(50),
        p99: at(99),
    })
}

async fn client(target: Target, until: Instant) -> Result<Vec<Duration>> {
    let stream = TcpStream::connect(target.address)
        .await
        .context("the server is not there")?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let body = Bytes::from(target.body.clone());
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&target.path)
            .header("host", "bench")
            .header("content-type", "application/json");
        for (name, value) in &target.headers {
            request = request.header(*name, value);
        }
        let response = sender.send_request(request.body(Full::new(body.clone()))?).await?;
        let status = response.status();
        let answer = response.into_body().collect().await?.to_bytes();
        ensure!(
            status == StatusCode::OK,
            "{status}: {}",
            String::from_utf8_lossy(&answer)
        );
        latencies.push(begun.elapsed());
    }
    Ok(latencies)
}
