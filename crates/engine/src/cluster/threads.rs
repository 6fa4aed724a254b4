//! The threads of a scheduler and of an executor. Ballista reads plans, makes stages of them and reads those again, each
//! time going down recursively, so its threads have stacks like those that plan queries.

use std::io;

use tokio::runtime::{Builder, Runtime};

use super::ClusterError;
use crate::shape::STACK_BYTES;

/// A runtime of a member's own, which ends with it.
pub(super) struct Threads(Option<Runtime>);

impl Threads {
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .thread_name("gongshu-member")
            .thread_stack_size(STACK_BYTES)
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Runs on these threads until it ends, or until nobody waits for it any longer.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        member: impl Future<Output = Result<T, ClusterError>> + Send + 'static,
    ) -> Result<T, ClusterError> {
        let stopped = || ClusterError::Stopped("its threads are gone".to_owned());
        let runtime = self.0.as_ref().ok_or_else(stopped)?;
        runtime.spawn(member).await.map_err(|_| stopped())?
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
