//! Says when others on this machine can read the secrets that stand in the file of settings.

use std::path::Path;

use super::Configuration;

/// The bit of a file's mode by which others read it.
const READ: u32 = 0o004;
/// The bit of a file's mode by which others write into it.
const WRITE: u32 = 0o002;

impl Configuration {
    /// Remembers the file from which these settings were read, if a secret stands in it and others can read it, or if
    /// others can write into it.
    pub(super) fn kept_in(self, file: &Path) -> Self {
        let rights = rights_of_others(file);
        let exposed = rights & WRITE != 0 || (rights & READ != 0 && self.holds_secrets());
        Self { exposed: exposed.then(|| file.to_owned()), ..self }
    }

    /// Says what is wrong with the file of the settings itself.
    pub(super) fn exposure(&self) -> Option<String> {
        let file = self.exposed.as_ref()?.display();
        Some(format!(
            "{file}: others on this machine can read the secrets in it, or change it. Run: chmod o-rwx {file}"
        ))
    }

    /// Whether a secret stands in the settings: a key, an address with a password, or an address of tiles that goes on
    /// behind its path, where keys stand.
    fn holds_secrets(&self) -> bool {
        let addresses = [Some(&self.database), self.mail.as_ref(), self.message_gateway.as_ref()];
        let in_address = self.map.as_ref().and_then(|map| map.url.as_deref()).is_some_and(|url| url.contains('?'));
        self.check_key.is_some()
            || in_address
            || self.message_gateway_key.is_some()
            || addresses.into_iter().flatten().any(|address| has_password(address))
    }
}

/// Whether an address carries a password: `scheme://user:password@host`, or `password=` among its options.
fn has_password(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    rest.rsplit_once('@').is_some_and(|(who, _)| who.contains(':')) || rest.contains("password=")
}

/// Returns the rights at a file of those who are neither its owner nor in its group.
#[cfg(unix)]
fn rights_of_others(file: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).map(|found| found.permissions().mode()).unwrap_or_default() & (READ | WRITE)
}

#[cfg(not(unix))]
fn rights_of_others(_file: &Path) -> u32 {
    0
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    const MAP: &str = "[map]\nbase = \"wmts\"\nzooms = [1, 2]\nweb_mercator = true\n\
        credit = { zh = \"图\", en = \"Map\" }\nurl = \"https://map.test/{z}/{x}/{y}";

    #[test]
    fn a_file_with_secrets_that_others_can_read_is_a_fault_with_its_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lianglin.toml");
        for (text, mode, told) in [
            ("listen = \"127.0.0.1:8010\"\n", 0o644, false),
            ("listen = \"127.0.0.1:8010\"\n", 0o646, true),
            ("check_key = \"hunter2\"\n", 0o644, true),
            ("check_key = \"hunter2\"\n", 0o640, false),
            ("check_key = \"hunter2\"\n", 0o600, false),
            ("message_gateway_key = \"hunter2\"\n", 0o604, true),
            ("database = \"postgres://li:hunter2@localhost/city\"\n", 0o644, true),
            ("database = \"postgres://localhost/city?user=li&password=hunter2\"\n", 0o644, true),
            ("database = \"postgres://li@localhost/city\"\n", 0o644, false),
            ("database = \"sqlite:/srv/a@b.db\"\n", 0o644, false),
            ("mail = \"smtps://li:hunter2@mail.city.test:465\"\nmail_from = \"li@city.test\"\n", 0o644, true),
            ("message_gateway = \"https://li:hunter2@sms.test/\"\n", 0o644, true),
            ("message_gateway = \"https://sms.test:8443/\"\n", 0o644, false),
            (&format!("{MAP}?tk=hunter2\"\n"), 0o644, true),
            (&format!("{MAP}\"\n"), 0o644, false),
        ] {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            let faults = Configuration::read(Some(&file)).unwrap().faults();
            assert_eq!(faults.len(), usize::from(told), "{text} {mode:o}: {faults:?}");
            let helps = |fault: &String| fault.contains("chmod o-rwx") && fault.contains("lianglin.toml");
            assert!(faults.iter().all(|fault| helps(fault) && !fault.contains("hunter2")), "{text}: {faults:?}");
        }
    }
}
