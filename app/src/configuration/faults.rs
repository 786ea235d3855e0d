//! Says everything that is wrong with the settings at once, so that a server is not started again for each of them.

use jobs::channels::Email;

use super::Configuration;

/// Databases that are known by their scheme.
const DATABASES: [&str; 3] = ["postgres", "postgresql", "sqlite"];

impl Configuration {
    /// Looks at every setting before anything is opened. Returns a sentence for each fault: the setting and what to do.
    /// No sentence repeats a secret.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = [self.places(), self.outside(), self.programs()].concat();
        for listed in [self.trusted(), self.targets()] {
            faults.extend(listed.err().map(|fault| fault.to_string()));
        }
        if self.webhooks_private_http && self.allowed_targets.is_empty() {
            faults.push(
                "webhooks_private_http: it allows nothing without allowed_targets. List there the addresses inside the \
                 network to which messages may go."
                    .to_owned(),
            );
        }
        faults
    }

    /// What is wrong with where the server is found and where its data lie.
    fn places(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let scheme = self.database.split_once("://").map(|(scheme, _)| scheme);
        if self.database.is_empty() || scheme.is_some_and(|scheme| !DATABASES.contains(&scheme)) {
            faults.push("database: write the name of a file, or postgres://USER@HOST/DATABASE.".to_owned());
        }
        if !is_listened_on(&self.listen) {
            faults.push(format!("listen: \"{}\" is no address with a port. Write 127.0.0.1:8010.", self.listen));
        }
        if !is_web_address(&self.public_url) {
            faults.push("public_url: write the whole address, https://HOST.".to_owned());
        }
        if let Some(data) = self.data.as_deref().filter(|data| !data.is_dir()) {
            faults.push(format!("data: there is no folder {}. Correct it, or leave it out.", data.display()));
        }
        faults
    }

    /// What is wrong with what goes out.
    fn outside(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.message_gateway.as_deref().is_some_and(|gateway| !is_web_address(gateway)) {
            faults.push("message_gateway: write the whole address, https://HOST/PATH or http://HOST/PATH.".to_owned());
        }
        match self.mail_server(1) {
            Ok(Some(server)) => {
                faults.extend(Email::new(&server).err().map(|fault| format!("mail, mail_from: {fault}.")));
            }
            Ok(None) => {}
            Err(fault) => faults.push(format!("{fault}.")),
        }
        faults
    }

    /// What is wrong with the program that lays out letters and with its fonts.
    fn programs(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(print) = self.print.as_deref().filter(|print| !print.is_file()) {
            faults.push(format!(
                "print: there is no program {}. Put lianglin-print there, correct the path, or leave it out.",
                print.display()
            ));
        }
        let missing = self.fonts.iter().filter(|folder| !folder.is_dir());
        faults.extend(missing.map(|folder| format!("fonts: there is no folder {}. Correct it.", folder.display())));
        faults
    }
}

/// Whether this is a host with a port.
fn is_listened_on(text: &str) -> bool {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
    port.is_some_and(|port| port.parse::<u16>().is_ok())
}

/// Whether this is a whole address of the web.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.starts_with(':') && text.chars().all(|letter| !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Changes settings that are sound.
    type Change = fn(&mut Configuration);

    #[test]
    fn each_setting_that_cannot_be_used_is_named_with_what_to_do() {
        let table: [(Change, &str); 19] = [
            (|_| (), ""),
            (|settings| settings.database = "mysql://li:hunter2@localhost/city".to_owned(), "database: "),
            (|settings| settings.database = "postgres://li:hunter2@localhost/city".to_owned(), ""),
            (|settings| settings.database = String::new(), "database: "),
            (|settings| settings.listen = "8010".to_owned(), "listen: "),
            (|settings| settings.listen = "127.0.0.1:80100".to_owned(), "listen: "),
            (|settings| settings.listen = "[::]:8010".to_owned(), ""),
            (|settings| settings.public_url = "lianglin.example".to_owned(), "public_url: "),
            (|settings| settings.public_url = "https://".to_owned(), "public_url: "),
            (|settings| settings.data = Some(PathBuf::from("/nowhere/data")), "data: "),
            (|settings| settings.message_gateway = Some("ftp://li:hunter2@sms.test".to_owned()), "message_gateway: "),
            (|settings| settings.message_gateway = Some("sms.test/hunter2".to_owned()), "message_gateway: "),
            (|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned()), ""),
            (|settings| settings.mail = Some("mail://li:hunter2@city.test:25".to_owned()), "mail: "),
            (|settings| settings.print = Some(PathBuf::from("/nowhere/lianglin-print")), "print: "),
            (|settings| settings.fonts = vec![PathBuf::from("/nowhere/fonts")], "fonts: "),
            (|settings| settings.trusted_proxies = Some(vec!["proxy".to_owned()]), "trusted_proxies: "),
            (|settings| settings.allowed_targets = vec!["10.0.0.7/8".to_owned()], "allowed_targets: "),
            (|settings| settings.webhooks_private_http = true, "webhooks_private_http: "),
        ];
        let mut all = Configuration::default();
        for (change, named) in table {
            let mut settings = Configuration::default();
            change(&mut settings);
            let faults = settings.faults();
            assert_eq!(faults.len(), usize::from(!named.is_empty()), "{named} {faults:?}");
            assert!(faults.iter().all(|fault| fault.starts_with(named) && !fault.contains("hunter2")), "{faults:?}");
            change(&mut all);
        }
        assert!(all.faults().len() > 5, "every fault is told at once: {:?}", all.faults());
    }
}
