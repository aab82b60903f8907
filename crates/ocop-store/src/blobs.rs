//! Files by their content: the name of a file is its SHA-256, so the same bytes stand once and a
//! changed file shows.

use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use ocop_core::journal::sha256_hex;

use crate::db::StoreError;

/// The folder of files.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

/// `ab/abcdef…`: 256 folders keep each of them small.
fn place(hash: &str) -> object_store::path::Path {
    let folder = hash.get(..2).unwrap_or("00");
    object_store::path::Path::from(format!("{folder}/{hash}"))
}

impl Blobs {
    /// Opens (and creates) a folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn folder(path: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path)?;
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Keeps bytes; their SHA-256 in hex. Done before the row that names them is written: a file
    /// without a row is harmless, a row without a file is a lost paper.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String, StoreError> {
        let hash = sha256_hex(&bytes);
        let at = place(&hash);
        if self.store.head(&at).await.is_err() {
            self.store.put(&at, PutPayload::from(bytes)).await?;
        }
        Ok(hash)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When there is no such file.
    pub async fn get(&self, hash: &str) -> Result<Vec<u8>, StoreError> {
        Ok(self.store.get(&place(hash)).await?.bytes().await?.to_vec())
    }
}
