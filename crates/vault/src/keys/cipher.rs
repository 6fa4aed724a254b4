//! What seals small pieces at rest.

/// An authenticated cipher for wrapped keys, records, profiles and quarantined rows. Columns of Parquet files are under
/// AES-256-GCM whichever it is: their format (Parquet modular encryption) knows no other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cipher {
    /// AES-256-GCM; keys are derived with SHA-256.
    #[default]
    Aes256Gcm,
    /// SM4-GCM (GB/T 32907, RFC 8998); keys are derived with SM3.
    Sm4Gcm,
}

impl Cipher {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Aes256Gcm, Self::Sm4Gcm];

    /// Its name as the mechanism of a wrapped key.
    #[must_use]
    pub const fn mechanism(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "AES-256-GCM",
            Self::Sm4Gcm => "SM4-GCM",
        }
    }

    /// The cipher of this name.
    #[must_use]
    pub fn of_mechanism(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cipher| cipher.mechanism() == name)
    }
}
