//! Destroying a version: the order goes on record, then the key is destroyed, then its certificate
//! goes on record. A crash in between is finished at the next start.

use std::sync::Arc;

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

    /// Forgets what is decrypted of a version as soon as its destruction is known, whichever server ordered it.
    pub(crate) fn forget_destroyed(&self) {
        let (district, mut grown) = (Arc::downgrade(&self.0), self.0.grown.clone());
        tokio::spawn(async move {
            let mut seen = 0;
            while grown.changed().await.is_ok() {
                let Some(inner) = district.upgrade() else { return };
                let snapshot = inner.snapshot.load_full();
                if snapshot.state.sequence != std::mem::replace(&mut seen, snapshot.state.sequence) {
                    let versions = snapshot
                        .state
                        .resources
                        .values()
                        .flat_map(|resource| &resource.versions);
                    let ended = versions.filter(|version| !version.status.stands());
                    ended.for_each(|version| inner.domain.forget(&version.id));
                }
            }
        });
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
