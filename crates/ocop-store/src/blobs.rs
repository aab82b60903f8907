//! Files by their content: the name of a file is its SHA-256, so the same bytes stand once and a
//! changed file shows.

mod parts;

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use ocop_core::journal::sha256_hex;

use crate::db::StoreError;

/// The folder of files.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// When each file that was found whole had been written last: a film that is asked for in a hundred
    /// pieces is read through once.
    whole: Arc<Mutex<HashMap<String, String>>>,
    /// Where the files lie that have not come in full yet.
    parts: Arc<Path>,
}

/// `ab/abcdef…`: 256 folders keep each of them small.
fn place(hash: &str) -> object_store::path::Path {
    let folder = hash.get(..2).unwrap_or("00");
    object_store::path::Path::from(format!("{folder}/{hash}"))
}

/// `made/…`: a folder that may be emptied at any time and needs no backup.
fn made_place(name: &str) -> object_store::path::Path {
    object_store::path::Path::from(format!("made/{name}"))
}

impl Blobs {
    /// Opens (and creates) a folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn folder(path: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path)?;
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), whole: Arc::default(), parts: path.join("parts").into() })
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

    /// The size of a file in bytes when its bytes still are those that its name tells; `None` when they have
    /// changed. A file is read through the first time, and again only after it was written to.
    ///
    /// # Errors
    /// When there is no such file.
    pub async fn whole(&self, hash: &str) -> Result<Option<u64>, StoreError> {
        let meta = self.store.head(&place(hash)).await?;
        let written = format!("{:?} {}", meta.last_modified, meta.size);
        let seen = self.whole.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned();
        if seen.as_ref() == Some(&written) {
            return Ok(Some(meta.size));
        }
        if sha256_hex(&self.get(hash).await?) != hash {
            return Ok(None);
        }
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), written);
        Ok(Some(meta.size))
    }

    /// A piece of a file.
    ///
    /// # Errors
    /// When there is no such file, or it is shorter.
    pub async fn piece(&self, hash: &str, bytes: Range<u64>) -> Result<Vec<u8>, StoreError> {
        Ok(self.store.get_range(&place(hash), bytes).await?.to_vec())
    }

    /// What was made of a file before and is kept beside the files, such as the picture of a page.
    pub async fn made(&self, name: &str) -> Option<Vec<u8>> {
        let found = self.store.get(&made_place(name)).await.ok()?;
        Some(found.bytes().await.ok()?.to_vec())
    }

    /// Keeps what was made of a file. It can be made again at any time.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn keep_made(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.store.put(&made_place(name), PutPayload::from(bytes)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_in_pieces_and_a_changed_one_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let files = Blobs::folder(folder.path()).unwrap();
        let hash = files.put(b"0123456789".to_vec()).await.unwrap();
        assert_eq!(files.whole(&hash).await.unwrap(), Some(10));
        assert_eq!(files.whole(&hash).await.unwrap(), Some(10));
        assert_eq!(files.piece(&hash, 2..5).await.unwrap(), b"234");
        assert!(files.piece("00", 0..1).await.is_err());

        std::fs::write(folder.path().join(&hash[..2]).join(&hash), b"changed").unwrap();
        assert_eq!(files.whole(&hash).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_was_made_of_a_file_stands_apart() {
        let folder = tempfile::tempdir().unwrap();
        let files = Blobs::folder(folder.path()).unwrap();
        assert_eq!(files.made("ab/1-page").await, None);
        files.keep_made("ab/1-page", b"picture".to_vec()).await.unwrap();
        assert_eq!(files.made("ab/1-page").await, Some(b"picture".to_vec()));
        assert!(folder.path().join("made").join("ab").join("1-page").exists());
    }
}
