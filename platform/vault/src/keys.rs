//! The keys that a city keeps outside its database: a secret from which fixed keys are derived, and the master keys.
//!
//! The text form has one key a line, the oldest master key first. The last one seals, and all of them open:
//! ```text
//! derive  <base64 of 32 bytes>
//! 1       <base64 of 32 bytes>
//! 2       <base64 of 32 bytes>
//! ```
//! Add a line and run the rotation to wrap every record anew; then the older line may be removed. `derive` stays for
//! the life of the installation, because audit seals depend on it.

use crate::VaultError;
use crate::cipher::{self, CipherKey};
use data_encoding::BASE64;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The environment variable that holds the keys themselves, in the text form (`;` may stand for a line break).
pub const KEY_VARIABLE: &str = "LIANGLIN_MASTER_KEY";
/// The environment variable that holds the path of the key file.
pub const KEY_FILE_VARIABLE: &str = "LIANGLIN_MASTER_KEY_FILE";

const DERIVE: &str = "derive";
const SECRET_BYTES: usize = 32;
type Secret = Zeroizing<[u8; SECRET_BYTES]>;

#[derive(Clone)]
struct MasterKey {
    id: String,
    wrapping: CipherKey,
    secret: Secret,
}

impl MasterKey {
    fn new(id: String, secret: Secret) -> Self {
        Self { id, wrapping: cipher::cipher_key(&secret, "lianglin master key, wrapping"), secret }
    }
}

/// The keys of an installation 主密钥. They are never in the database and never in a log.
#[derive(Clone)]
pub struct MasterKeys {
    derive: Secret,
    keys: Vec<MasterKey>,
    newest: MasterKey,
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MasterKeys").field("ids", &self.ids()).finish_non_exhaustive()
    }
}

impl MasterKeys {
    /// Makes fresh keys for a new installation, with one master key called `1`.
    pub fn generate() -> Result<Self, VaultError> {
        let newest = MasterKey::new(String::from("1"), cipher::random()?);
        Ok(Self { derive: cipher::random()?, keys: Vec::new(), newest })
    }

    /// Returns the same keys with a fresh master key at the end, which seals from now on.
    pub fn with_new_key(&self) -> Result<Self, VaultError> {
        let highest = self.all().filter_map(|key| key.id.parse::<u64>().ok()).max().unwrap_or_default();
        let newest = MasterKey::new(highest.saturating_add(1).to_string(), cipher::random()?);
        Ok(Self { derive: self.derive.clone(), keys: self.all().cloned().collect(), newest })
    }

    /// Returns the same keys without one that no record uses any more. The newest one cannot be removed.
    #[must_use]
    pub fn without_key(&self, id: &str) -> Self {
        let keys = self.keys.iter().filter(|key| key.id != id).cloned().collect();
        Self { keys, ..self.clone() }
    }

    /// Reads the text form. Errors name the line and the remedy, never the content.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let mut derive = None;
        let mut keys: Vec<MasterKey> = Vec::new();
        for (index, line) in text.split(['\n', ';']).map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (id, secret) = parse_line(line, index + 1)?;
            if (id == DERIVE && derive.is_some()) || keys.iter().any(|key| key.id == id) {
                return Err(text_fault(index + 1, "the name stands twice; give each key a name of its own"));
            }
            if id == DERIVE {
                derive = Some(secret);
            } else {
                keys.push(MasterKey::new(id, secret));
            }
        }
        match (derive, keys.pop()) {
            (Some(derive), Some(newest)) => Ok(Self { derive, keys, newest }),
            (None, _) => Err(text_fault(0, "there is no `derive` line; restore the key file from its backup")),
            (_, None) => Err(text_fault(0, "there is no master key; restore the key file from its backup")),
        }
    }

    /// Reads a key file. On Unix only its owner may have access (mode 0600 or stricter).
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let unreadable = |message: String| VaultError::KeyFile { path: path.to_owned(), message };
        refuse_open_permissions(path)?;
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?);
        Self::parse(&text).map_err(|error| unreadable(error.to_string()))
    }

    /// Takes the keys from [`KEY_VARIABLE`] or from the file that [`KEY_FILE_VARIABLE`] names. Returns none when
    /// neither is set. `lookup` reads the environment.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, VaultError> {
        if let Some(text) = lookup(KEY_VARIABLE).map(Zeroizing::new) {
            return Self::parse(&text).map(Some);
        }
        lookup(KEY_FILE_VARIABLE).map(|path| Self::from_file(&PathBuf::from(path))).transpose()
    }

    /// Writes a new key file that only its owner can read. It never overwrites a file.
    pub fn write_file(&self, path: &Path) -> Result<(), VaultError> {
        let failed = |error: std::io::Error| VaultError::KeyFile { path: path.to_owned(), message: error.to_string() };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        file.write_all(self.render().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
    }

    /// Returns the text form, with a comment that says what the file is.
    pub fn render(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(1024));
        text.push_str("# Lianglin keys. Whoever has this file and the database can read all personal data.\n");
        text.push_str(
            "# Keep a copy in a safe place, apart from the backups of the database: without it they are void.\n",
        );
        for (id, secret) in
            std::iter::once((DERIVE, &self.derive)).chain(self.all().map(|key| (key.id.as_str(), &key.secret)))
        {
            let encoded = Zeroizing::new(BASE64.encode(secret.as_slice()));
            text.push_str(id);
            text.push(' ');
            text.push_str(&encoded);
            text.push('\n');
        }
        text
    }

    /// Returns the names of the master keys, oldest first.
    pub fn ids(&self) -> Vec<&str> {
        self.all().map(|key| key.id.as_str()).collect()
    }

    /// Returns the name of the master key that seals.
    pub fn newest_id(&self) -> &str {
        &self.newest.id
    }

    fn all(&self) -> impl Iterator<Item = &MasterKey> {
        self.keys.iter().chain(std::iter::once(&self.newest))
    }

    pub(crate) const fn newest_key(&self) -> &CipherKey {
        &self.newest.wrapping
    }

    pub(crate) fn key(&self, id: &str) -> Result<&CipherKey, VaultError> {
        let key = self.all().find(|key| key.id == id);
        key.map(|key| &key.wrapping).ok_or_else(|| VaultError::UnknownKey { id: id.to_owned() })
    }

    pub(crate) fn derive_key(&self, label: &str) -> [u8; 32] {
        cipher::mac(&self.derive, &[b"lianglin derived key", label.as_bytes()])
    }
}

fn parse_line(line: &str, number: usize) -> Result<(String, Secret), VaultError> {
    let shape = || text_fault(number, "expected a name, a space and 32 bytes in base64");
    let (id, encoded) = line.split_once(char::is_whitespace).ok_or_else(shape)?;
    let bytes = Zeroizing::new(BASE64.decode(encoded.trim().as_bytes()).map_err(|_| shape())?);
    let secret = bytes.as_slice().try_into().map_err(|_| shape())?;
    Ok((id.to_owned(), Zeroizing::new(secret)))
}

fn text_fault(line: usize, message: &str) -> VaultError {
    VaultError::Keys { line, message: message.to_owned() }
}

#[cfg(unix)]
fn refuse_open_permissions(path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt as _;
    let fault = |message: String| VaultError::KeyFile { path: path.to_owned(), message };
    let mode = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?.permissions().mode() & 0o777;
    if [0o700, 0o600, 0o500, 0o400].contains(&mode) {
        return Ok(());
    }
    Err(fault(format!("others on this machine can read it (mode {mode:04o}); run: chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn refuse_open_permissions(_path: &Path) -> Result<(), VaultError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text_form_and_the_newest_is_the_last() {
        let first = MasterKeys::generate().unwrap();
        let both = first.with_new_key().unwrap();
        let back = MasterKeys::parse(&both.render()).unwrap();
        assert_eq!(back.ids(), ["1", "2"]);
        assert_eq!(back.newest_id(), "2");
        assert_eq!(back.derive_key("csrf"), first.derive_key("csrf"), "derived keys outlive a rotation");
        assert_eq!(**back.key("1").unwrap(), **first.newest_key());
        let retired = back.without_key("1").without_key("2");
        assert_eq!(retired.ids(), ["2"]);
        assert!(matches!(retired.key("1"), Err(VaultError::UnknownKey { .. })));
    }

    #[test]
    fn derived_keys_differ_by_label_and_by_installation() {
        let keys = MasterKeys::generate().unwrap();
        assert_ne!(keys.derive_key("csrf"), keys.derive_key("audit"));
        assert_ne!(keys.derive_key("csrf"), MasterKeys::generate().unwrap().derive_key("csrf"));
    }

    #[test]
    fn faults_name_the_line_and_never_the_content() {
        let good = BASE64.encode(&[9; 32]);
        for (text, expected) in [
            (format!("derive {good}\n1 secret-but-short"), "line 2"),
            (format!("derive {good}\n1 {good}\n1 {good}"), "line 3"),
            (format!("1 {good}"), "no `derive` line"),
            (format!("derive {good}"), "no master key"),
            (format!("derive {good}; derive {good}; 1 {good}"), "line 2"),
            (String::from("one-word"), "line 1"),
        ] {
            let message = MasterKeys::parse(&text).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains(&good) && !message.contains("secret-but-short"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_remedy() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        MasterKeys::generate().unwrap().write_file(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(MasterKeys::from_file(&path).is_ok());
        for mode in [0o604, 0o640, 0o644, 0o660] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let message = MasterKeys::from_file(&path).unwrap_err().to_string();
            assert!(message.contains("chmod 600"), "{message}");
        }
        assert!(MasterKeys::generate().unwrap().write_file(&path).is_err(), "never overwritten");
    }

    #[test]
    fn the_environment_is_an_argument() {
        let keys = MasterKeys::generate().unwrap();
        assert!(MasterKeys::from_environment(|_| None).unwrap().is_none());
        let text = keys.render().replace('\n', ";");
        let found = MasterKeys::from_environment(|name| (name == KEY_VARIABLE).then(|| text.clone())).unwrap();
        assert_eq!(found.unwrap().derive_key("x"), keys.derive_key("x"));
        let missing = MasterKeys::from_environment(|name| (name == KEY_FILE_VARIABLE).then(|| "/nowhere/keys".into()));
        assert!(missing.unwrap_err().to_string().contains("/nowhere/keys"));
    }

    #[test]
    fn debug_shows_names_alone() {
        let keys = MasterKeys::parse(&format!("derive {0}\n1 {0}", BASE64.encode(&[9; 32]))).unwrap();
        assert_eq!(format!("{keys:?}"), r#"MasterKeys { ids: ["1"], .. }"#);
    }
}
