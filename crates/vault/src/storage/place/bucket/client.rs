//! The store behind a bucket, asked from code that blocks: requests run on threads of their own.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use futures::future::BoxFuture;
use futures::{FutureExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Error, ObjectStore, Result};
use tokio::runtime::Runtime;

/// Requests wait for the network, not for the processor.
const THREADS: usize = 2;

/// A store, the part of it that is ours, and the threads that speak with it.
pub(super) struct Client {
    address: String,
    prefix: Path,
    store: Arc<dyn ObjectStore>,
    runtime: Option<Runtime>,
}

impl Client {
    pub(super) fn new(address: &str, prefix: Path, store: Arc<dyn ObjectStore>) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("vault-bucket")
            .enable_all()
            .build()?;
        Ok(Self {
            address: address.trim_end_matches('/').to_owned(),
            prefix,
            store,
            runtime: Some(runtime),
        })
    }

    pub(super) fn path_of(&self, file: &str) -> PathBuf {
        format!("{}/{file}", self.address).into()
    }

    /// The store, and where in it the file is.
    pub(super) fn at(&self, file: &str) -> (Arc<dyn ObjectStore>, Path) {
        let parts = self.prefix.parts().map(|part| part.as_ref().to_owned());
        let path = Path::from_iter(parts.chain(file.split('/').map(str::to_owned)));
        (self.store.clone(), path)
    }

    /// Every object below a path from our root, by its path from there.
    pub(super) fn list(&self, below: &str) -> io::Result<Vec<String>> {
        let below = below.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
        let parts = self.prefix.parts().map(|part| part.as_ref().to_owned());
        let (store, root) = (self.store.clone(), Path::from_iter(parts.chain(below)));
        let listed = self.wait(async move { store.list(Some(&root)).try_collect::<Vec<_>>().await })?;
        let ours = |path: &Path| {
            let parts = path.prefix_match(&self.prefix)?;
            Some(parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/"))
        };
        Ok(listed.iter().filter_map(|object| ours(&object.location)).collect())
    }

    /// Runs a request to its end. May be asked from any thread, one that runs other futures included.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        request: impl Future<Output = Result<T>> + Send + 'static,
    ) -> io::Result<T> {
        landed(&self.start(request))
    }

    /// Begins a request; its answer comes by the channel.
    pub(super) fn start<T: Send + 'static>(
        &self,
        request: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Receiver<io::Result<T>> {
        let (answer, receiver) = sync_channel(1);
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                // Whoever no longer waits does not need the answer.
                let _ = answer.send(request.await.map_err(io_error));
            });
        }
        receiver
    }

    /// Runs a request on our threads, awaited on any.
    pub(super) fn run<T: Send + 'static>(
        &self,
        request: impl Future<Output = Result<T>> + Send + 'static,
    ) -> BoxFuture<'static, io::Result<T>> {
        let running = self.runtime.as_ref().map(|runtime| runtime.spawn(request));
        async move {
            match running {
                Some(running) => running.await.map_err(io::Error::other)?.map_err(io_error),
                None => Err(stopped()),
            }
        }
        .boxed()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Dropped as it is, a runtime would wait, which asynchronous callers may not.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The store's settings hold credentials.
        formatter.debug_tuple("Bucket").field(&self.address).finish()
    }
}

/// The answer of a request that was begun.
pub(super) fn landed<T>(answer: &Receiver<io::Result<T>>) -> io::Result<T> {
    answer.recv().unwrap_or_else(|_| Err(stopped()))
}

fn stopped() -> io::Error {
    io::Error::other("the connection to the object store was closed")
}

/// The error in the terms of files.
pub(super) fn io_error(error: Error) -> io::Error {
    match error {
        Error::NotFound { .. } => io::ErrorKind::NotFound.into(),
        Error::AlreadyExists { .. } | Error::Precondition { .. } => io::ErrorKind::AlreadyExists.into(),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the store refuses these credentials or denies them this bucket",
        ),
        other => io::Error::other(other),
    }
}
