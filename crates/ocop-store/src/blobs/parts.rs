//! Files that come in pieces: `parts/ID` holds what has come of one. The folder needs no backup: whoever misses a
//! part sends the file again.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use ocop_core::id::UploadId;

use super::Blobs;
use crate::db::StoreError;

impl Blobs {
    /// How many bytes of a file have come, 0 before the first.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub async fn part_size(&self, id: &UploadId) -> Result<u64, StoreError> {
        let path = self.part_path(id);
        on_disk(move || missing(std::fs::metadata(path)).map(|meta| meta.map_or(0, |meta| meta.len()))).await
    }

    /// Puts bytes behind the `at` bytes that have come; how many have come then. `None` when more or fewer have
    /// come, and nothing is written: two connections about the same file cannot mix it up. What was written
    /// survives a power cut.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub async fn add_to_part(
        &self,
        id: &UploadId,
        at: u64,
        bytes: Vec<u8>,
    ) -> Result<Option<u64>, StoreError> {
        let path = self.part_path(id);
        on_disk(move || append(&path, at, &bytes)).await
    }

    /// Everything that has come of a file.
    ///
    /// # Errors
    /// When nothing has.
    pub async fn part(&self, id: &UploadId) -> Result<Vec<u8>, StoreError> {
        let path = self.part_path(id);
        on_disk(move || std::fs::read(path)).await
    }

    /// Throws away what has come of a file.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub async fn drop_part(&self, id: &UploadId) -> Result<(), StoreError> {
        let path = self.part_path(id);
        on_disk(move || missing(std::fs::remove_file(path)).map(drop)).await
    }

    /// The files of which something has come.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub async fn parts(&self) -> Result<Vec<UploadId>, StoreError> {
        let folder = self.parts.to_path_buf();
        on_disk(move || {
            let Some(entries) = missing(std::fs::read_dir(folder))? else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            for entry in entries {
                found.extend(entry?.file_name().to_str().and_then(|name| name.parse().ok()));
            }
            Ok(found)
        })
        .await
    }

    fn part_path(&self, id: &UploadId) -> PathBuf {
        self.parts.join(id.as_str())
    }
}

/// Waiting for the disk is done apart from the threads that answer requests.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)??)
}

/// `None` for what is not there.
fn missing<T>(found: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The lock of the file holds between looking at its length and writing behind it; it ends with the file's handle.
fn append(path: &Path, at: u64, bytes: &[u8]) -> std::io::Result<Option<u64>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file: File = OpenOptions::new().append(true).create(true).open(path)?;
    file.lock()?;
    if file.metadata()?.len() != at {
        return Ok(None);
    }
    file.write_all(bytes)?;
    file.sync_data()?;
    Ok(Some(file.metadata()?.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_grows_only_where_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let files = Blobs::folder(folder.path()).unwrap();
        let id: UploadId = "0192d3b0-7c1e-7abc-8def-000000000001".parse().unwrap();
        assert_eq!(files.parts().await.unwrap(), vec![]);
        assert_eq!(files.part_size(&id).await.unwrap(), 0);
        assert_eq!(files.add_to_part(&id, 0, b"0123".to_vec()).await.unwrap(), Some(4));
        assert_eq!(files.add_to_part(&id, 0, b"0123".to_vec()).await.unwrap(), None, "sent twice");
        assert_eq!(files.add_to_part(&id, 9, b"9".to_vec()).await.unwrap(), None, "a gap");
        assert_eq!(files.add_to_part(&id, 4, b"45".to_vec()).await.unwrap(), Some(6));
        let opened_again = Blobs::folder(folder.path()).unwrap();
        assert_eq!(opened_again.part(&id).await.unwrap(), b"012345");
        assert_eq!(opened_again.parts().await.unwrap(), vec![id.clone()]);
        files.drop_part(&id).await.unwrap();
        files.drop_part(&id).await.unwrap();
        assert_eq!(files.part_size(&id).await.unwrap(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_connections_about_one_file_do_not_mix_it_up() {
        let folder = tempfile::tempdir().unwrap();
        let files = Blobs::folder(folder.path()).unwrap();
        let id: UploadId = "0192d3b0-7c1e-7abc-8def-000000000001".parse().unwrap();
        let both = [b'a', b'b'].map(|letter| {
            let (files, id) = (files.clone(), id.clone());
            tokio::spawn(async move { files.add_to_part(&id, 0, vec![letter; 200_000]).await.unwrap() })
        });
        let mut taken = 0;
        for one in both {
            taken += usize::from(one.await.unwrap().is_some());
        }
        let part = files.part(&id).await.unwrap();
        assert_eq!((taken, part.len()), (1, 200_000));
        assert!(part.iter().all(|letter| *letter == part[0]));
    }
}
