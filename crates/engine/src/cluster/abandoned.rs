//! Tasks that an executor gives up because the scheduler says that nobody wants their job any longer.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use ballista_core::serde::protobuf::executor_grpc_server::ExecutorGrpc;
use ballista_core::serde::protobuf::{
    CancelTasksParams, CancelTasksResult, LaunchMultiTaskParams, LaunchMultiTaskResult, LaunchTaskParams,
    LaunchTaskResult, RemoveJobDataParams, RemoveJobDataResult, StopExecutorParams, StopExecutorResult,
};
use tokio::sync::oneshot;
use tonic::{Request, Response, Status};

/// Job, stage and number of a task.
pub(super) type Task = (String, usize, usize);

/// The tasks that run, each with what tells it to stop.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<HashMap<Task, oneshot::Sender<()>>>>);

impl Running {
    /// Runs a task until it ends; none where it was told to stop.
    pub(super) async fn run<T>(&self, task: Task, run: impl Future<Output = T>) -> Option<T> {
        let (stop, stopped) = oneshot::channel();
        self.tasks(|tasks| tasks.insert(task.clone(), stop));
        let entry = Entry { running: self, task };
        let ended = tokio::select! {
            ended = run => Some(ended),
            Ok(()) = stopped => None,
        };
        drop(entry);
        ended
    }

    fn stop(&self, task: &Task) -> bool {
        let stop = self.tasks(|tasks| tasks.remove(task));
        stop.is_some_and(|stop| stop.send(()).is_ok())
    }

    fn tasks<T>(&self, with: impl FnOnce(&mut HashMap<Task, oneshot::Sender<()>>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A task on the list, for as long as it runs.
struct Entry<'a> {
    running: &'a Running,
    task: Task,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.running.tasks(|tasks| tasks.remove(&self.task));
    }
}

/// What a scheduler may tell an executor that fetches its work itself: to stop tasks, and nothing else.
#[tonic::async_trait]
impl ExecutorGrpc for Running {
    async fn cancel_tasks(&self, request: Request<CancelTasksParams>) -> Result<Response<CancelTasksResult>, Status> {
        let tasks = request.into_inner().task_infos;
        let stopped = tasks.into_iter().map(|task| {
            let task = (task.job_id, task.stage_id as usize, task.task_id as usize);
            self.stop(&task)
        });
        // All of them are told, whatever becomes of one.
        let cancelled = stopped.fold(true, |all, one| all & one);
        Ok(Response::new(CancelTasksResult { cancelled }))
    }

    async fn launch_task(&self, _: Request<LaunchTaskParams>) -> Result<Response<LaunchTaskResult>, Status> {
        Err(not_told())
    }

    async fn launch_multi_task(
        &self,
        _: Request<LaunchMultiTaskParams>,
    ) -> Result<Response<LaunchMultiTaskResult>, Status> {
        Err(not_told())
    }

    async fn stop_executor(&self, _: Request<StopExecutorParams>) -> Result<Response<StopExecutorResult>, Status> {
        Err(not_told())
    }

    async fn remove_job_data(&self, _: Request<RemoveJobDataParams>) -> Result<Response<RemoveJobDataResult>, Status> {
        Err(not_told())
    }
}

fn not_told() -> Status {
    Status::unimplemented("this executor fetches its work")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(number: usize) -> Task {
        ("job".to_owned(), 1, number)
    }

    #[tokio::test]
    async fn a_task_that_is_told_to_stop_gives_nothing_and_leaves_the_list() {
        let running = Running::default();
        assert_eq!(running.run(task(1), async { 7 }).await, Some(7));
        assert!(!running.stop(&task(1)), "it has ended");
        let (other, endless) = (running.clone(), std::future::pending::<()>());
        let stopping = async {
            tokio::task::yield_now().await;
            (other.stop(&task(2)), other.stop(&task(3)))
        };
        let (ended, stopped) = tokio::join!(running.run(task(2), endless), stopping);
        assert_eq!((ended, stopped), (None, (true, false)));
        assert!(running.tasks(|tasks| tasks.is_empty()));
    }
}
