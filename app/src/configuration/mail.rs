//! Reads where outgoing mail is handed in.

use jobs::channels::{EmailSettings, Encryption};

use super::Configuration;

impl Configuration {
    /// The mail server, if one is named: `smtp://user:password@host:port`. `smtps` speaks TLS from the first byte,
    /// `starttls` begins with STARTTLS, and `smtp` is only for a server on this machine. One answer may take so many
    /// seconds, and so may the whole delivery.
    ///
    /// # Errors
    /// Says which setting is not understood, without repeating it.
    pub fn mail_server(&self, timeout_seconds: u32) -> Result<Option<EmailSettings>, String> {
        let Some(mail) = &self.mail else { return Ok(None) };
        let wrong = || {
            "mail: it is not understood. Write smtps://user:password@host:465 or starttls://user:password@host:587"
                .to_owned()
        };
        let (scheme, rest) = mail.split_once("://").ok_or_else(wrong)?;
        let (credentials, server) =
            rest.rsplit_once('@').map_or((None, rest), |(who, server)| (who.split_once(':'), server));
        let (host, port) = server.rsplit_once(':').filter(|(host, _)| !host.is_empty()).ok_or_else(wrong)?;
        let encryption = match scheme {
            "smtps" => Encryption::Tls,
            "starttls" => Encryption::StartTls,
            "smtp" => Encryption::None,
            _ => return Err(wrong()),
        };
        let port = port.parse::<u16>().map_err(|_| wrong())?;
        let from = self.mail_from.clone();
        let from = from.ok_or_else(|| "mail_from: it is missing. Write the sender's address for mail".to_owned())?;
        let domain = from.trim_end_matches('>').rsplit_once('@').map_or(host, |(_, domain)| domain).to_owned();
        Ok(Some(EmailSettings {
            host: host.to_owned(),
            port,
            encryption,
            credentials: credentials.map(|(name, password)| (name.to_owned(), password.to_owned())),
            from,
            domain,
            answer_seconds: timeout_seconds,
            delivery_seconds: timeout_seconds,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_read_or_refused_without_its_password() {
        for (mail, from, said) in [
            (Some("smtps://li:hunter2@mail.city.test:465"), Some("两邻 <li@city.test>"), None),
            (Some("smtp://127.0.0.1:25"), Some("li@city.test"), None),
            (None, None, None),
            (Some("mail.city.test:465"), Some("li@city.test"), Some("mail: ")),
            (Some("smtps://li:hunter2@mail.city.test"), Some("li@city.test"), Some("mail: ")),
            (Some("smtps://li:hunter2@mail.city.test:x"), Some("li@city.test"), Some("mail: ")),
            (Some("smtps://li:hunter2@:465"), Some("li@city.test"), Some("mail: ")),
            (Some("https://li:hunter2@mail.city.test:465"), Some("li@city.test"), Some("mail: ")),
            (Some("smtps://li:hunter2@mail.city.test:465"), None, Some("mail_from: ")),
        ] {
            let (mail, mail_from) = (mail.map(str::to_owned), from.map(str::to_owned));
            let configuration = Configuration { mail, mail_from, ..Configuration::default() };
            match (configuration.mail_server(1), said) {
                (Ok(server), None) => assert_eq!(server.is_some(), configuration.mail.is_some()),
                (Err(fault), Some(said)) => assert!(fault.starts_with(said) && !fault.contains("hunter2"), "{fault}"),
                (found, said) => panic!("{:?}: {found:?}, not {said:?}", configuration.mail),
            }
        }
    }
}
