//! Says everything that is wrong with the settings at once, so that a server is not started again for each of them.

use std::net::IpAddr;

use jobs::channels::{Email, Encryption, Targets};
use kernel::network::host_in_the_clear;

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
        faults.extend(self.below());
        faults.extend(self.exposure());
        faults
    }

    /// What is wrong with the map below the city's own. Its file is opened, so that one that is damaged is told here.
    fn below(&self) -> Vec<String> {
        let map = match self.base_map() {
            Ok(Some(map)) => map,
            Ok(None) => return Vec::new(),
            Err(faults) => return faults,
        };
        overview::Base::open(&map, &Targets::default()).err().into_iter().collect()
    }

    /// What is wrong with where the server is found and where its data lie.
    fn places(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let scheme = self.database.split_once("://").map(|(scheme, _)| scheme);
        if self.database.is_empty() || scheme.is_some_and(|scheme| !DATABASES.contains(&scheme)) {
            faults.push("database: write the name of a file, or postgres://USER@HOST/DATABASE.".to_owned());
        }
        if !is_listened_on(&self.listen) {
            faults.push(format!("listen: \"{}\" is not an address with a port. Write 127.0.0.1:8010.", self.listen));
        }
        if !is_web_address(&self.public_url) {
            faults.push("public_url: write the whole address, https://HOST.".to_owned());
        }
        if self.telephone.as_deref().is_some_and(|number| !is_dialled(number)) {
            faults.push("telephone: write the number that people dial, such as 024-12345678.".to_owned());
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
        } else if self.message_gateway.as_deref().and_then(host_in_the_clear).is_some_and(|host| !self.is_near(host)) {
            faults.push(
                "message_gateway: it would send names and telephone numbers without encryption. Write https://, or \
                 http:// to this machine or to the number of an address that allowed_targets lists."
                    .to_owned(),
            );
        }
        match self.mail_server(1) {
            Ok(Some(server)) => {
                faults.extend(Email::new(&server).err().map(|fault| format!("mail, mail_from: {fault}.")));
                if server.encryption == Encryption::None && !is_this_machine(&server.host) {
                    faults.push(
                        "mail: smtp:// sends everything without encryption and is for this machine alone. Write \
                         smtps:// or starttls://."
                            .to_owned(),
                    );
                }
            }
            Ok(None) => {}
            Err(fault) => faults.push(format!("{fault}.")),
        }
        faults
    }

    /// Whether a host may be reached without encryption: this machine, or an address that is listed.
    pub(super) fn is_near(&self, host: &str) -> bool {
        let listed = self.targets().unwrap_or_default();
        let is_listed = |address| listed.iter().any(|network| network.contains(address));
        is_this_machine(host) || host.parse::<IpAddr>().is_ok_and(is_listed)
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

/// Whether this is a name or an address by which a machine calls itself.
fn is_this_machine(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Whether this is a host with a port.
fn is_listened_on(text: &str) -> bool {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
    port.is_some_and(|port| port.parse::<u16>().is_ok())
}

/// Whether this is a whole address of the web.
pub(super) fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.starts_with(':') && text.chars().all(|letter| !letter.is_whitespace())
}

/// Whether a text is a number as a telephone dials it.
fn is_dialled(number: &str) -> bool {
    let sign = |sign: char| sign.is_ascii_digit() || "+-".contains(sign);
    number.chars().all(sign) && number.chars().filter(char::is_ascii_digit).count() > 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::MapSettings;
    use std::path::PathBuf;

    /// Changes settings that are sound.
    type Change = fn(&mut Configuration);

    fn mail(settings: &mut Configuration, server: &str) {
        settings.mail = Some(server.to_owned());
        settings.mail_from = Some("li@city.test".to_owned());
    }

    fn file(path: &str) -> MapSettings {
        MapSettings { base: "pmtiles".to_owned(), file: Some(PathBuf::from(path)), ..MapSettings::default() }
    }

    #[test]
    fn each_setting_that_cannot_be_used_is_named_with_what_to_do() {
        let table: [(Change, &str); 30] = [
            (|_| (), ""),
            (|settings| settings.database = "mysql://li:hunter2@localhost/city".to_owned(), "database: "),
            (|settings| settings.database = "postgres://li:hunter2@localhost/city".to_owned(), ""),
            (|settings| settings.database = String::new(), "database: "),
            (|settings| settings.listen = "8010".to_owned(), "listen: "),
            (|settings| settings.listen = "127.0.0.1:80100".to_owned(), "listen: "),
            (|settings| settings.listen = "[::]:8010".to_owned(), ""),
            (|settings| settings.public_url = "lianglin.example".to_owned(), "public_url: "),
            (|settings| settings.public_url = "https://".to_owned(), "public_url: "),
            (|settings| settings.telephone = Some("024-22720000".to_owned()), ""),
            (|settings| settings.telephone = Some("call us".to_owned()), "telephone: "),
            (|settings| settings.telephone = Some(String::new()), "telephone: "),
            (|settings| settings.data = Some(PathBuf::from("/nowhere/data")), "data: "),
            (|settings| settings.message_gateway = Some("ftp://li:hunter2@sms.test".to_owned()), "message_gateway: "),
            (|settings| settings.message_gateway = Some("sms.test/hunter2".to_owned()), "message_gateway: "),
            (|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned()), ""),
            (|settings| settings.message_gateway = Some("http://li:hunter2@sms.test/".to_owned()), "message_gateway: "),
            (|settings| settings.message_gateway = Some("http://10.1.2.3/".to_owned()), "message_gateway: "),
            (
                |settings| {
                    settings.message_gateway = Some("http://10.1.2.3/".to_owned());
                    settings.allowed_targets = vec!["10.1.0.0/16".to_owned()];
                },
                "",
            ),
            (|settings| settings.mail = Some("mail://li:hunter2@city.test:25".to_owned()), "mail: "),
            (|settings| mail(settings, "smtp://li:hunter2@mail.city.test:25"), "mail: "),
            (|settings| mail(settings, "smtp://127.0.0.1:25"), ""),
            (|settings| mail(settings, "smtp://localhost:25"), ""),
            (|settings| settings.print = Some(PathBuf::from("/nowhere/lianglin-print")), "print: "),
            (|settings| settings.fonts = vec![PathBuf::from("/nowhere/fonts")], "fonts: "),
            (|settings| settings.trusted_proxies = Some(vec!["proxy".to_owned()]), "trusted_proxies: "),
            (|settings| settings.allowed_targets = vec!["10.0.0.7/8".to_owned()], "allowed_targets: "),
            (|settings| settings.webhooks_private_http = true, "webhooks_private_http: "),
            (|settings| settings.map = Some(MapSettings::default()), "map.base: "),
            (|settings| settings.map = Some(file("/nowhere/city.pmtiles")), "map.file: /nowhere/city.pmtiles: "),
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
