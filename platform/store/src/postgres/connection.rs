//! Connecting to the server and setting the session up.

use std::collections::HashMap;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls, Statement};

use crate::error::StoreError;
use crate::options::Options;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Write,
    Read,
}

impl Use {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Write => "store-write",
            Self::Read => "store-read",
        }
    }

    const fn session(self) -> &'static str {
        match self {
            Self::Write => {
                "set default_transaction_isolation = 'read committed'; set default_transaction_read_only = off; \
                 set client_min_messages = warning; set idle_in_transaction_session_timeout = '5min'"
            }
            Self::Read => {
                "set default_transaction_isolation = 'read committed'; set default_transaction_read_only = on; \
                 set client_min_messages = warning"
            }
        }
    }
}

/// A connection and the statements prepared on it.
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) statements: HashMap<String, Statement>,
}

/// The address, understood; refuses what would silently go without encryption.
pub(super) fn configuration(address: &str, options: &Options) -> Result<Config, StoreError> {
    let fault = |message: String| StoreError::Address { message };
    let mut config: Config = address.parse().map_err(|error| {
        fault(format!("the address of the database cannot be read ({error}); write postgres://USER@HOST/DATABASE"))
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(fault(
            "sslmode=require is asked for, but this program speaks to PostgreSQL without TLS. Use a unix socket or a \
             tunnel and sslmode=disable"
                .to_owned(),
        ));
    }
    config.connect_timeout(options.patience);
    if config.get_application_name().is_none() {
        config.application_name("lianglin");
    }
    Ok(config)
}

pub(super) fn open(config: &Config, purpose: Use) -> Result<Connection, StoreError> {
    let connected = config.connect(NoTls).and_then(|mut client| {
        client.batch_execute(purpose.session())?;
        Ok(Connection { client, statements: HashMap::new() })
    });
    connected.map_err(|error| {
        let message = error.as_db_error().map_or_else(|| error.to_string(), |inner| inner.message().to_owned());
        StoreError::Unreachable { message }
    })
}
