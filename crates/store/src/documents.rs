//! Documents that were signed, and their signatures: bytes by their SHA-256.

use sqlx::Row;

use crate::error::StoreError;
use crate::open::Store;

impl Store {
    /// Keeps the bytes under their SHA-256 (lower-case hex), all or none. What is there already stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_documents(&self, documents: &[(&str, &[u8])]) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for (sha256, content) in documents {
            let text = "INSERT INTO documents (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING";
            let query = sqlx::query(text).bind(*sha256).bind(*content);
            query.execute(&mut *transaction).await.map_err(StoreError::of_write)?;
        }
        transaction.commit().await.map_err(StoreError::of_write)
    }

    /// The bytes with this SHA-256.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query("SELECT content FROM documents WHERE sha256 = $1").bind(sha256);
        let row = query.fetch_optional(&self.pool).await?;
        Ok(row.map(|row| row.try_get("content")).transpose()?)
    }
}
