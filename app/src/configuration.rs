//! Where the installation keeps things: one TOML file, overridden by environment and command line.

use jobs::ChannelKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The configuration of one installation. Every field has a default that works on one machine.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// SQLite file or `postgres://…` address.
    pub database: String,
    /// Address and port to listen on.
    pub listen: String,
    /// File with the master key that wraps the vault's keys.
    pub key_file: PathBuf,
    /// Folder that replaces the built-in `data/`: rulebook, catalogue, procedures, roles, calendar.
    pub data: Option<PathBuf>,
    /// Folder with the sealed files of papers; beside the database when none is named.
    pub files: Option<PathBuf>,
    /// Key that signs data checks over the network.
    pub check_key: Option<String>,
    /// True behind a proxy that speaks https: cookies are then sent over https only.
    pub https: bool,
    /// Where the platform is reached from outside, `https://…`; certificates carry it, so that anybody can verify them.
    pub public_url: String,
    /// Program that lays out letters as PDF; `lianglin-print` beside this one when none is named. Without it there are
    /// no PDFs.
    pub print: Option<PathBuf>,
    /// Folders with fonts for it; its own choice when none is named.
    pub fonts: Vec<PathBuf>,
    /// Address of a gateway that sends short messages; none sends none.
    pub message_gateway: Option<String>,
    /// Key that signs requests to the gateway.
    pub message_gateway_key: Option<String>,
    /// Messages to other systems may go to http addresses of this machine and of private networks; else https alone.
    pub webhooks_private_http: bool,
    /// Outgoing mail, `smtp://user:password@host:port`; none sends none.
    pub mail: Option<String>,
    /// Sender of mail.
    pub mail_from: Option<String>,
    /// Seconds that requests and jobs have to end after SIGTERM; then what is left is cut.
    pub stop_seconds: u64,
    /// How many connections there are at most at the same time.
    pub connections: usize,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            database: "lianglin.db".to_owned(),
            listen: "127.0.0.1:8010".to_owned(),
            key_file: PathBuf::from("lianglin.key"),
            data: None,
            files: None,
            check_key: None,
            https: false,
            public_url: "http://127.0.0.1:8010".to_owned(),
            print: None,
            fonts: Vec::new(),
            message_gateway: None,
            message_gateway_key: None,
            webhooks_private_http: false,
            mail: None,
            mail_from: None,
            stop_seconds: 20,
            connections: 768,
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationFault {
    /// The file named on the command line cannot be read.
    #[error("{file}: cannot be read ({fault}). Give --config a readable file, or leave it out to use the defaults.")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        fault: std::io::Error,
    },
    /// The file is not the TOML expected.
    #[error(
        "{file}: {fault} Known settings: database, listen, key_file, data, files, check_key, https, public_url, print, fonts, message_gateway, message_gateway_key, webhooks_private_http, mail, mail_from, stop_seconds, connections."
    )]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What the parser said, with line and column.
        fault: toml::de::Error,
    },
}

impl Configuration {
    /// Reads the file; without one named, `lianglin.toml` in the working folder if it is there, else the defaults.
    ///
    /// # Errors
    /// A named file that cannot be read, or a file that is not understood.
    pub fn read(named: Option<&Path>) -> Result<Self, ConfigurationFault> {
        let file = named.unwrap_or_else(|| Path::new("lianglin.toml"));
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(_) if named.is_none() => return Ok(Self::default()),
            Err(fault) => return Err(ConfigurationFault::Unreadable { file: file.to_owned(), fault }),
        };
        toml::from_str(&text).map_err(|fault| ConfigurationFault::Malformed { file: file.to_owned(), fault })
    }

    /// The channels that reach people outside of the platform.
    #[must_use]
    pub fn channels(&self) -> Vec<ChannelKind> {
        self.message_gateway.iter().map(|_| ChannelKind::Webhook).collect()
    }

    /// The address of the database as it may be shown: a server's without name and password.
    #[must_use]
    pub fn database_named(&self) -> &str {
        self.database.rsplit_once('@').map_or(self.database.as_str(), |(_, server)| server)
    }

    /// The file of the database; none where a server keeps it.
    #[must_use]
    pub fn database_file(&self) -> Option<&Path> {
        let file = self.database.strip_prefix("sqlite:").unwrap_or(&self.database);
        let server = ["postgres://", "postgresql://"].iter().any(|scheme| file.starts_with(scheme));
        (!server).then_some(Path::new(file))
    }

    /// The folder with the sealed files of papers. If the configuration names none, it lies beside the SQLite file and
    /// has its name; without such a file it lies in the working folder.
    #[must_use]
    pub fn files_folder(&self) -> PathBuf {
        let beside = || self.database_file().unwrap_or(Path::new("lianglin")).with_extension("files");
        self.files.clone().unwrap_or_else(beside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_setting_is_an_error_that_names_the_known_ones() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lianglin.toml");
        std::fs::write(&file, "databse = \"x\"\n").unwrap();
        let said = Configuration::read(Some(&file)).unwrap_err().to_string();
        assert!(said.contains("databse") && said.contains("key_file"), "{said}");
        std::fs::write(&file, "database = \"postgres://localhost/city\"\n").unwrap();
        assert_eq!(Configuration::read(Some(&file)).unwrap().database, "postgres://localhost/city");
    }

    #[test]
    fn files_lie_beside_the_database_unless_a_folder_is_named() {
        for (database, files, expected) in [
            ("lianglin.db", None, "lianglin.files"),
            ("sqlite:/srv/city/main.db", None, "/srv/city/main.files"),
            ("postgres://localhost/city.of.light", None, "lianglin.files"),
            ("lianglin.db", Some("/mnt/papers"), "/mnt/papers"),
        ] {
            let configuration = Configuration {
                database: database.to_owned(),
                files: files.map(PathBuf::from),
                ..Configuration::default()
            };
            assert_eq!(configuration.files_folder(), Path::new(expected), "{database}");
        }
    }
}
