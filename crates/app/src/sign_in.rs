//! Identifying people and machines.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use gongshu_governance::identifier::{CredentialId, PartyId, PersonId};
use gongshu_governance::party::{Credential, IssueCredential};
use gongshu_governance::{Actor, Command};
use gongshu_store::AccountRecord;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::act::ActReceipt;
use crate::district::District;
use crate::error::AppError;

/// Failed sign-ins after which a login has to wait.
pub const FAILED_SIGN_INS_MAX: u32 = 5;
/// How long it has to wait, in seconds.
pub const SIGN_IN_WAIT_SECONDS: u64 = 60;
/// What every API key starts with, so that leaked ones can be found.
pub const KEY_PREFIX: &str = "gsk_";
/// Fewest characters of a password.
pub const PASSWORD_CHARACTERS_MIN: usize = 8;

/// Failed sign-ins by login.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<String, (u32, Timestamp)>>);

impl Attempts {
    fn check(&self, login: &str, now: Timestamp) -> Result<(), AppError> {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.retain(|_, (_, last)| elapsed_seconds(*last, now) < SIGN_IN_WAIT_SECONDS);
        match attempts.get(login) {
            Some((count, last)) if *count >= FAILED_SIGN_INS_MAX => Err(AppError::TooManySignIns(
                SIGN_IN_WAIT_SECONDS - elapsed_seconds(*last, now),
            )),
            _ => Ok(()),
        }
    }

    fn failed(&self, login: &str, now: Timestamp) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = attempts.entry(login.to_owned()).or_insert((0, now));
        *entry = (entry.0 + 1, now);
    }

    fn passed(&self, login: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(login);
    }
}

fn elapsed_seconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_second() - from.as_second()).unwrap_or(0)
}

/// A freshly issued API key; shown once.
pub struct IssuedKey {
    /// The key.
    pub key: String,
    /// The act that issued it.
    pub act: ActReceipt,
}

impl District {
    /// Who signs in with this login and password.
    ///
    /// # Errors
    /// When they do not match, after too many failures, and when the party is off the register.
    pub async fn sign_in(&self, login: &str, password: String) -> Result<AccountRecord, AppError> {
        let now = self.now();
        self.0.attempts.check(login, now)?;
        let account = self.0.store.account_by_login(login).await?;
        // An unknown login costs as much time as a wrong password.
        let hash = account
            .as_ref()
            .map_or_else(|| UNKNOWN_HASH.to_owned(), |account| account.password_hash.clone());
        let check = move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        };
        let matches = tokio::task::spawn_blocking(check).await.map_err(AppError::internal)?;
        match account.filter(|_| matches) {
            Some(account) => {
                self.0.attempts.passed(login);
                let party = PartyId::new(&account.party);
                self.snapshot().state.check_present(&party, self.rules())?;
                Ok(account)
            }
            None => {
                self.0.attempts.failed(login, now);
                Err(AppError::Login)
            }
        }
    }

    /// Opens an account for a person of a party.
    ///
    /// # Errors
    /// When the login is taken or the password too short.
    pub async fn open_account(
        &self,
        party: &PartyId,
        login: &str,
        name: &str,
        password: String,
    ) -> Result<AccountRecord, AppError> {
        if password.chars().count() < PASSWORD_CHARACTERS_MIN {
            return Err(self
                .rules()
                .input(
                    gongshu_governance::Text::new("密码太短", "the password is too short"),
                    gongshu_governance::Text::new(
                        format!("至少 {PASSWORD_CHARACTERS_MIN} 个字符"),
                        format!("use at least {PASSWORD_CHARACTERS_MIN} characters"),
                    ),
                )
                .into());
        }
        let salt: [u8; 16] = self.0.entropy.bytes();
        let hash = move || {
            Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        };
        let password_hash = tokio::task::spawn_blocking(hash)
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)?;
        let account = AccountRecord {
            person: self.new_id(PersonId::PREFIX),
            party: party.to_string(),
            login: login.to_owned(),
            name: name.to_owned(),
            password_hash,
        };
        self.0.store.put_account(&account).await?;
        Ok(account)
    }

    /// The party to which an API key belongs; none where it is unknown or revoked.
    #[must_use]
    pub fn party_of_key(&self, key: &str) -> Option<PartyId> {
        let snapshot = self.0.snapshot.load();
        snapshot
            .state
            .party_by_key(&hash_of_key(key))
            .map(|(_, party)| party.id.clone())
    }

    /// Issues an API key to the actor's own party. Only its hash is kept.
    ///
    /// # Errors
    /// As [`District::act`].
    pub async fn issue_key(&self, actor: Actor, label: &str) -> Result<IssuedKey, AppError> {
        let secret: [u8; 32] = self.0.entropy.bytes();
        let key = format!(
            "{KEY_PREFIX}{}",
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret)
        );
        let credential = Credential {
            id: CredentialId::new(self.new_id(CredentialId::PREFIX)),
            party: actor.party.clone(),
            key_hash: hash_of_key(&key),
            label: label.to_owned(),
        };
        let act = self
            .act(actor, Command::IssueCredential(IssueCredential { credential }), None)
            .await?;
        Ok(IssuedKey { key, act })
    }
}

fn hash_of_key(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// A hash that no password has, with the default cost.
const UNKNOWN_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$zGQ+5dEKQWVkRTLXt4GXTdKCAjZ2aGCrT5SnmN4h2yk";
