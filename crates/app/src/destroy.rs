//! Destroying a version: the order goes on record, then the key is destroyed, then its certificate
//! goes on record. A crash in between is finished at the next start.

use gongshu_governance::identifier::{ResourceId, VersionId};
use gongshu_governance::resource::{OrderDestruction, RecordDestruction, VersionStatus};
use gongshu_governance::{Actor, Command};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

impl District {
    /// Destroys a version for certain.
    ///
    /// # Errors
    /// As [`District::act`]; and when the vault cannot destroy the key, which is then tried again
    /// at the next start, while the ordered destruction already ends every use.
    pub async fn destroy_version(
        &self,
        actor: Actor,
        order: OrderDestruction,
        seen_revision: Option<u64>,
    ) -> Result<ActReceipt, AppError> {
        let (resource, version) = (order.resource.clone(), order.version.clone());
        self.act(actor.clone(), Command::OrderDestruction(order), seen_revision)
            .await?;
        self.finish_destruction(actor, resource, version).await
    }

    async fn finish_destruction(
        &self,
        actor: Actor,
        resource: ResourceId,
        version: VersionId,
    ) -> Result<ActReceipt, AppError> {
        self.0.domain.forget(&version);
        let vault = self.0.domain.vault.clone();
        let (id, at) = (version.to_string(), self.now());
        let destroy = move || vault.destroy(&id, at);
        let certificate = tokio::task::spawn_blocking(destroy).await.map_err(AppError::internal)?;
        let certificate = certificate.map_err(AppError::internal)?;
        let certificate = serde_json::to_value(certificate).map_err(AppError::internal)?;
        let command = RecordDestruction {
            resource,
            version,
            at,
            certificate,
        };
        self.act(actor, Command::RecordDestruction(command), None).await
    }

    /// Finishes what a crash interrupted, in the name of the resource's provider.
    pub(crate) async fn finish_destructions(&self) -> Result<(), AppError> {
        let snapshot = self.snapshot();
        for resource in snapshot.state.resources.values() {
            let ordered = |status: &VersionStatus| matches!(status, VersionStatus::DestructionOrdered { .. });
            for version in resource.versions.iter().filter(|version| ordered(&version.status)) {
                let actor = Actor {
                    party: resource.registration.provider.clone(),
                    person: None,
                };
                self.finish_destruction(actor, resource.registration.id.clone(), version.id.clone())
                    .await?;
            }
        }
        Ok(())
    }
}
