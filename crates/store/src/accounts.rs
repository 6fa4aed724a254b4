//! Accounts, sessions, rule packs and settings.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::StoreError;
use crate::open::Store;
use crate::records::AccountRecord;

fn account(row: &AnyRow) -> Result<AccountRecord, StoreError> {
    Ok(AccountRecord {
        person: row.try_get("person")?,
        party: row.try_get("party")?,
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        password_hash: row.try_get("password_hash")?,
    })
}

impl Store {
    /// Opens an account.
    ///
    /// # Errors
    /// [`StoreError::LoginTaken`] where the login is in use.
    pub async fn put_account(&self, account: &AccountRecord) -> Result<(), StoreError> {
        let text = "INSERT INTO accounts (person, party, login, name, password_hash) VALUES ($1, $2, $3, $4, $5)";
        let query = sqlx::query(text)
            .bind(account.person.as_str())
            .bind(account.party.as_str());
        let query = query
            .bind(account.login.as_str())
            .bind(account.name.as_str())
            .bind(account.password_hash.as_str());
        match query.execute(&self.pool).await.map_err(StoreError::of_write) {
            Err(StoreError::Conflict) => Err(StoreError::LoginTaken(account.login.clone())),
            other => other.map(|_| ()),
        }
    }

    /// The account with this login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_by_login(&self, login: &str) -> Result<Option<AccountRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM accounts WHERE login = $1")
            .bind(login)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(account).transpose()
    }

    /// All accounts, by login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError> {
        let rows = sqlx::query("SELECT * FROM accounts ORDER BY login")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(account).collect()
    }

    /// Keeps a session until it expires.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_session(&self, id: &str, data: &[u8], expires_at: Timestamp) -> Result<(), StoreError> {
        let text = "INSERT INTO sessions (id, data, expires_ms) VALUES ($1, $2, $3) \
                    ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires_ms = excluded.expires_ms";
        sqlx::query(text)
            .bind(id)
            .bind(data)
            .bind(expires_at.as_millisecond())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The data of a live session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, id: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query("SELECT data FROM sessions WHERE id = $1 AND expires_ms > $2");
        let row = query
            .bind(id)
            .bind(now.as_millisecond())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(row.try_get("data")?)).transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets expired sessions; gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE expires_ms <= $1").bind(now.as_millisecond());
        Ok(query.execute(&self.pool).await?.rows_affected())
    }

    /// Keeps rule packs under their hash, so that decisions can be derived again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_rule_pack(&self, hash: &str, packs: &[String]) -> Result<(), StoreError> {
        let text = serde_json::to_string(packs).map_err(StoreError::corrupt)?;
        let insert = "INSERT INTO rule_packs (hash, packs) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
        sqlx::query(insert).bind(hash).bind(text).execute(&self.pool).await?;
        Ok(())
    }

    /// The rule packs of this hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rule_pack(&self, hash: &str) -> Result<Option<Vec<String>>, StoreError> {
        let query = sqlx::query("SELECT packs FROM rule_packs WHERE hash = $1").bind(hash);
        let row = query.fetch_optional(&self.pool).await?;
        let parse = |row: AnyRow| -> Result<Vec<String>, StoreError> {
            let text: String = row.try_get("packs")?;
            serde_json::from_str(&text).map_err(StoreError::corrupt)
        };
        row.map(parse).transpose()
    }
}
