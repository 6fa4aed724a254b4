//! Acts: a command is decided, recorded, and answered with a receipt.

use gongshu_governance::power::Act;
use gongshu_governance::{Actor, Command};
use tokio::sync::oneshot;

use crate::district::District;
use crate::error::AppError;
use crate::receipt::ReceiptFile;
use crate::sequencer::{ActItem, Item};

/// An act that is on record.
#[derive(Debug, Clone)]
pub struct ActReceipt {
    /// Id of the act.
    pub act: &'static str,
    /// The thing it changed.
    pub stream: String,
    /// Its receipt; the events are opened to the actor.
    pub receipt: ReceiptFile,
}

/// Whether an act's events are opened to its own actor. What the platform measures of an output is for its reviewers: it
/// tells of subjects what the result itself may not.
pub(crate) fn opens_to_actor(act: &str) -> bool {
    act != Act::SubmitOutput.id()
}

impl District {
    /// Does an act for `actor`.
    ///
    /// # Errors
    /// With the refusal of the rule that does not hold; nothing has changed then.
    pub async fn act(
        &self,
        actor: Actor,
        command: Command,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        self.check_person(&actor.party, &command).await?;
        let act = command.act().id();
        let stream = command.stream().to_owned();
        let (reply, answer) = oneshot::channel();
        let item = ActItem {
            command,
            actor,
            seen_revision,
        };
        self.0
            .queue
            .send(Item::Act(Box::new(item), reply))
            .await
            .map_err(AppError::internal)?;
        let done = answer.await.map_err(AppError::internal)??;
        let opened = opens_to_actor(act).then(|| ("events".to_owned(), done.events.opening()));
        let openings = opened.into_iter().collect();
        Ok(ActReceipt {
            act,
            stream,
            receipt: done.committed.receipt(openings)?,
        })
    }
}
