//! Sealed files lie on the shelf, outside the database, each under the digest of its sealed bytes. Nobody can read
//! anything here without the vault.

use data_encoding::HEXLOWER;
use kernel::time::Instant;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sm3::{Digest, Sm3};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Says how many parts the shelf has. The first two digits of the digest choose the part, so that no folder becomes too
/// long.
pub const PARTS: u16 = 256;

/// Says why the shelf cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ShelfFault {
    /// The folder cannot be made or opened.
    #[error("the folder of files {folder} cannot be used ({why}). Give --files a folder that this user may write to.")]
    Folder {
        /// The folder.
        folder: String,
        /// What the operating system said.
        why: String,
    },
    /// A file cannot be written, read or removed.
    #[error("the shelf of files: {0}")]
    Store(#[from] object_store::Error),
    /// The bytes are no longer those that were put there.
    #[error("a file on the shelf was altered; restore it from a backup")]
    Altered,
}

impl ShelfFault {
    /// Says whether the disk has no room, or lets nothing be written.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let mut next: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(fault) = next {
            if fault.downcast_ref::<std::io::Error>().is_some_and(|fault| is_full_kind(fault.kind())) {
                return true;
            }
            next = fault.source();
        }
        false
    }
}

const fn is_full_kind(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem)
}

/// Holds the shelf. A clone is the same shelf.
#[derive(Clone, Debug)]
pub struct Shelf {
    files: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

impl Shelf {
    /// Opens a shelf in a folder of this machine, and makes the folder if it does not exist. What is put there is on
    /// the disk before the answer.
    ///
    /// # Errors
    /// Fails if the folder cannot be made or opened.
    pub fn open(folder: &std::path::Path) -> Result<Self, ShelfFault> {
        let fault = |why: String| ShelfFault::Folder { folder: folder.display().to_string(), why };
        std::fs::create_dir_all(folder).map_err(|bad| fault(bad.to_string()))?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(|bad| fault(bad.to_string()))?;
        Ok(Self { files: Arc::new(files.with_fsync(true)), folder: folder.to_owned() })
    }

    /// Puts sealed bytes on the shelf and returns their digest, by which they are found. The same bytes twice are one
    /// file.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub async fn put(&self, sealed: Vec<u8>) -> Result<String, ShelfFault> {
        let digest = digest(&sealed);
        self.files.put(&place(&digest), sealed.into()).await?;
        Ok(digest)
    }

    /// Returns the sealed bytes of a digest, or nothing if there are none.
    ///
    /// # Errors
    /// Fails if the file cannot be read or was altered.
    pub async fn get(&self, wanted: &str) -> Result<Option<Vec<u8>>, ShelfFault> {
        let found = match self.files.get(&place(wanted)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            found => found?.bytes().await?,
        };
        if digest(&found) == wanted { Ok(Some(found.to_vec())) } else { Err(ShelfFault::Altered) }
    }

    /// Removes a file. It succeeds if there is no such file.
    ///
    /// # Errors
    /// Fails if the file cannot be removed.
    pub async fn remove(&self, digest: &str) -> Result<(), ShelfFault> {
        match self.files.delete(&place(digest)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Returns the digests in one part of the shelf that were put there before a moment.
    ///
    /// # Errors
    /// Fails if the folder cannot be read.
    pub async fn part(&self, part: u16, before: Instant) -> Result<Vec<String>, ShelfFault> {
        let listed = self.files.list_with_delimiter(Some(&Path::from(format!("{part:02x}")))).await?;
        let old = listed.objects.iter().filter(|one| one.last_modified.timestamp_micros() < before.micros());
        Ok(old.filter_map(|one| one.location.filename().map(str::to_owned)).collect())
    }

    /// Removes from one part of the shelf what was begun before a moment and never finished, and returns how many files
    /// it removed. A file is written under its name with `#` and a number behind it, and gets its name when it is
    /// whole; a process that ends in between leaves it behind.
    ///
    /// # Errors
    /// Fails if the folder cannot be read or a file cannot be removed.
    pub fn clear_unfinished(&self, part: u16, before: Instant) -> Result<u64, ShelfFault> {
        let folder = self.folder.join(format!("{part:02x}"));
        let fault =
            |bad: std::io::Error| ShelfFault::Folder { folder: folder.display().to_string(), why: bad.to_string() };
        let listed = match std::fs::read_dir(&folder) {
            Err(bad) if bad.kind() == ErrorKind::NotFound => return Ok(0),
            listed => listed.map_err(fault)?,
        };
        let before = Duration::from_micros(u64::try_from(before.micros()).unwrap_or(0));
        let mut removed = 0;
        for entry in listed {
            let entry = entry.map_err(fault)?;
            let known = entry.metadata().map_err(fault)?;
            let changed = known.modified().map_err(fault)?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            if known.is_file() && changed < before && is_unfinished(&entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).map_err(fault)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Says whether a file has the name of one that is being written.
fn is_unfinished(name: &str) -> bool {
    name.split_once('#').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|one| one.is_ascii_digit()))
}

fn digest(sealed: &[u8]) -> String {
    HEXLOWER.encode(&Sm3::digest(sealed))
}

fn place(digest: &str) -> Path {
    let part: String = digest.chars().take(2).collect();
    Path::from(format!("{part}/{digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_is_found_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(&folder.path().join("files")).unwrap();
        let digest = shelf.put(b"sealed".to_vec()).await.unwrap();
        assert_eq!(shelf.put(b"sealed".to_vec()).await.unwrap(), digest);
        assert_eq!(shelf.get(&digest).await.unwrap().as_deref(), Some(&b"sealed"[..]));
        let part = u16::from_str_radix(digest.get(..2).unwrap(), 16).unwrap();
        let late = Instant::from_micros(i64::MAX);
        assert_eq!(shelf.part(part, late).await.unwrap(), std::slice::from_ref(&digest));
        assert!(shelf.part(part, Instant::from_micros(0)).await.unwrap().is_empty(), "too young");
        assert!(shelf.part((part + 1) % PARTS, late).await.unwrap().is_empty());
        shelf.remove(&digest).await.unwrap();
        shelf.remove(&digest).await.unwrap();
        assert_eq!(shelf.get(&digest).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_was_never_finished_is_cleared_away_when_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        let digest = shelf.put(b"sealed".to_vec()).await.unwrap();
        let part = u16::from_str_radix(digest.get(..2).unwrap(), 16).unwrap();
        let place = folder.path().join(digest.get(..2).unwrap());
        std::fs::write(place.join(format!("{digest}#1")), b"sea").unwrap();
        let late = Instant::from_micros(i64::MAX);
        assert_eq!(shelf.part(part, late).await.unwrap(), std::slice::from_ref(&digest), "it is not listed");
        assert_eq!(shelf.clear_unfinished(part, Instant::from_micros(0)).unwrap(), 0, "it may be written now");
        assert_eq!(shelf.clear_unfinished(part, late).unwrap(), 1);
        assert_eq!(shelf.clear_unfinished(part, late).unwrap(), 0);
        assert_eq!(shelf.clear_unfinished((part + 1) % PARTS, late).unwrap(), 0, "a part without a folder");
        assert_eq!(shelf.get(&digest).await.unwrap().as_deref(), Some(&b"sealed"[..]), "what is whole stays");
        for (name, unfinished) in [("ab#1", true), ("ab#", false), ("ab", false), ("ab#x1", false)] {
            assert_eq!(is_unfinished(name), unfinished, "{name}");
        }
    }

    #[test]
    fn a_full_disk_is_told_apart_from_a_broken_one() {
        for (kind, full) in [
            (ErrorKind::StorageFull, true),
            (ErrorKind::QuotaExceeded, true),
            (ErrorKind::ReadOnlyFilesystem, true),
            (ErrorKind::PermissionDenied, false),
        ] {
            let source = Box::new(std::io::Error::from(kind));
            let fault = ShelfFault::from(object_store::Error::Generic { store: "disk", source });
            assert_eq!(fault.is_full(), full, "{kind}");
        }
        assert!(!ShelfFault::Altered.is_full());
    }

    #[tokio::test]
    async fn an_altered_file_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path()).unwrap();
        let digest = shelf.put(b"sealed".to_vec()).await.unwrap();
        std::fs::write(folder.path().join(digest.get(..2).unwrap()).join(&digest), b"sealeD").unwrap();
        assert!(matches!(shelf.get(&digest).await, Err(ShelfFault::Altered)));
    }
}
