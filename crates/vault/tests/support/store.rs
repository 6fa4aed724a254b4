//! An S3 server on this machine, with credentials; it stores what it is given in a folder.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub
)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;

/// Where the tests keep a vault.
pub const PLACE: &str = "s3://longhua/district/vault";
pub const ACCESS_KEY: &str = "vault-access-key";
pub const SECRET_KEY: &str = "vault-secret-key-8f2b";

/// How a store differs from a good one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Good,
    KeepsVersions,
    Unconditional,
}

pub struct Server {
    pub folder: TempDir,
    pub address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Server {
    pub fn start(store: Store) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("longhua")).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut server = Self {
            folder,
            address: listener.local_addr().unwrap(),
            runtime: None,
        };
        server.serve(listener, store);
        server
    }

    fn serve(&mut self, listener: std::net::TcpListener, store: Store) {
        let folder = self.folder.path();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        // Nothing blocks on the runtime, so that a test which is itself async can start a server.
        let runtime = Runtime::new().unwrap();
        listener.set_nonblocking(true).unwrap();
        let entered = runtime.enter();
        let listener = TcpListener::from_std(listener).unwrap();
        drop(entered);
        runtime.spawn(serve(listener, builder.build(), folder.to_owned(), store));
        self.runtime = Some(runtime);
    }

    /// Is not there until [`Self::go_on`]: whoever asks is refused the connection.
    pub fn stop(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }

    /// Is there again at the same address, with what it had.
    pub fn go_on(&mut self) {
        let bound = std::net::TcpListener::bind(self.address).unwrap();
        self.serve(bound, Store::Good);
    }

    /// Settings as they come from the environment.
    pub fn settings(&self) -> Vec<(String, String)> {
        let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            setting("AWS_ENDPOINT_URL", &format!("http://{}", self.address)),
            setting("AWS_ALLOW_HTTP", "true"),
            setting("AWS_REGION", "cn-south-1"),
            setting("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            setting("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ]
    }

    /// Where the server keeps what is in the part [`PLACE`] of its bucket.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join(PLACE.trim_start_matches("s3://"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(listener: TcpListener, service: S3Service, folder: PathBuf, store: Store) {
    let conditional = Arc::new(Mutex::new(()));
    while let Ok((socket, _)) = listener.accept().await {
        let (service, conditional, folder) = (service.clone(), conditional.clone(), folder.clone());
        tokio::spawn(async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let (service, conditional, folder) = (service.clone(), conditional.clone(), folder.clone());
                async move {
                    let asks = request.headers().contains_key("if-none-match");
                    if asks && store == Store::Unconditional {
                        let _ = std::fs::remove_file(folder.join(request.uri().path().trim_start_matches('/')));
                    }
                    // The server looks first and writes then; a store that keeps its promise does both at once.
                    let _turn = match asks {
                        true => Some(conditional.lock().await),
                        false => None,
                    };
                    let mut response = service.call(request.map(s3s::Body::from)).await?;
                    if store == Store::KeepsVersions {
                        let version = HeaderValue::from_static("3sL4kqtJlcpXroDTDmJ");
                        response.headers_mut().insert("x-amz-version-id", version);
                    }
                    Ok::<_, s3s::HttpError>(response)
                }
            });
            let _ = Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(socket), answer)
                .await;
        });
    }
}
