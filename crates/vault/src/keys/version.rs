//! The keys of one version: who reads a column needs that column's key, and no other column's.

use std::collections::BTreeMap;

use rand::CryptoRng;

use super::{Cipher, DataKey, KeyError, KeyService, WrappedKey};

/// For what of a version there is a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyScope {
    /// For all of it.
    Version,
    /// For each column, and for what stands aside: the profile and the quarantine tell of all columns.
    #[default]
    Column,
}

/// The keys of a version in the making.
pub(crate) struct VersionKeys {
    /// Of the record and of the file's footer, and of all that has no key of its own.
    pub(crate) version: DataKey,
    /// Of the profile and the quarantine.
    pub(crate) aside: Option<DataKey>,
    /// Of columns, by their names.
    pub(crate) columns: BTreeMap<String, DataKey>,
}

impl VersionKeys {
    /// Draws them.
    pub(crate) fn generate<'n>(
        scope: KeyScope,
        columns: impl Iterator<Item = &'n str>,
        cipher: Cipher,
        rng: &mut dyn CryptoRng,
    ) -> Self {
        let version = DataKey::generate(cipher, rng);
        match scope {
            KeyScope::Version => Self {
                version,
                aside: None,
                columns: BTreeMap::new(),
            },
            KeyScope::Column => Self {
                version,
                aside: Some(DataKey::generate(cipher, rng)),
                columns: columns
                    .map(|column| (column.to_owned(), DataKey::generate(cipher, rng)))
                    .collect(),
            },
        }
    }

    /// The ids of the keys of columns.
    pub(crate) fn column_ids(&self) -> BTreeMap<String, String> {
        let columns = self.columns.iter();
        columns.map(|(column, key)| (column.clone(), key.id())).collect()
    }

    /// The keys of columns, wrapped.
    pub(crate) fn wrap_columns(
        &self,
        keys: &dyn KeyService,
        rng: &mut dyn CryptoRng,
    ) -> Result<BTreeMap<String, WrappedKey>, KeyError> {
        let columns = self.columns.iter();
        columns
            .map(|(column, key)| Ok((column.clone(), keys.wrap(key, rng)?)))
            .collect()
    }
}
