//! Output controls of a resource, as its registration and the rule packs state them.

use gongshu_engine::Guarding;
use gongshu_governance::resource::Resource;
use gongshu_governance::rules::OutputParameters;
use gongshu_privacy::cell_key::RecordSecret;
use gongshu_vault::DataKey;
use sha2::{Digest, Sha256};

/// Bytes of a record secret.
const SECRET_BYTES: usize = 16;

/// What guarded answers of this resource pass: what every resource does, and what its registration adds.
pub(crate) fn guarding(resource: &Resource, output: &OutputParameters, secret: &DataKey) -> Guarding {
    let stated = &resource.registration.controls;
    Guarding {
        controls: output.every.union(stated).copied().collect(),
        secret: secret_of(resource, secret),
    }
}

/// A secret of its own for each resource, so that record keys of two do not compare.
fn secret_of(resource: &Resource, secret: &DataKey) -> RecordSecret {
    let mut hasher = Sha256::new();
    hasher.update(b"gongshu.record-secret/1/");
    hasher.update(secret.expose());
    hasher.update(resource.registration.id.as_str());
    let mut bytes = [0; SECRET_BYTES];
    bytes.copy_from_slice(&hasher.finalize()[..SECRET_BYTES]);
    RecordSecret::new(bytes)
}
