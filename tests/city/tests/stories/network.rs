//! These stories come from somewhere: through a proxy that is believed, or one that is not, and over https.

use city_stories::{Browser, Town};

/// The range in which the stories' browsers lie. Here they stand for the city's proxies.
const PROXIES: &str = "10.0.0.0/8";

/// Returns how often one address may guess before it has to wait.
fn most(town: &Town) -> i64 {
    let figure = counter::words::FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS;
    i64::from(town.city.cases.hall.figure(figure, town.clock.now()).unwrap())
}

/// Guesses at a certificate, and says whether the guess was looked at.
fn guesses(browser: &mut Browser) -> bool {
    browser.get("/verify?n=210104-2026-0000001-4&c=0123456789").status == 200
}

/// Returns a browser that comes through a proxy, which says so in its own way.
fn through(town: &Town, header: &str, line: &str) -> Browser {
    town.visitor().with_header(header, line)
}

#[test]
fn behind_a_proxy_a_guesser_locks_out_himself_and_nobody_else() {
    let behind = |settings: &mut lianglin::configuration::Configuration| {
        settings.https = true;
        settings.trusted_proxies = Some(vec![PROXIES.to_owned()]);
    };
    for town in Town::each_decided(behind) {
        for _ in 0..most(&town) {
            // Whatever he writes himself, and through whichever proxy he comes, is passed on before his own address.
            let mut guesser = through(&town, "x-forwarded-for", "198.51.100.9, 203.0.113.7, 10.9.9.9");
            assert!(guesses(&mut guesser), "{}", town.engine);
        }
        for (header, line, looked_at) in [
            ("x-forwarded-for", "203.0.113.7", false),
            ("x-forwarded-for", "203.0.113.7:4711", false),
            ("x-forwarded-for", "198.51.100.9, 203.0.113.7", false),
            ("forwarded", "for=203.0.113.7;proto=https", false),
            ("x-forwarded-for", "203.0.113.8", true),
            ("x-forwarded-for", "203.0.113.7, 203.0.113.8", true),
            ("forwarded", "for=\"[2001:db8::1]:4711\"", true),
        ] {
            assert_eq!(guesses(&mut through(&town, header, line)), looked_at, "{}: {header} {line}", town.engine);
        }
        for guess in 0..most(&town) {
            let line = format!("2001:db8:7:7::{guess:x}");
            assert!(guesses(&mut through(&town, "x-forwarded-for", &line)), "{}: {line}", town.engine);
        }
        let household = &mut through(&town, "x-forwarded-for", "2001:db8:7:7:ffff::1");
        assert!(!guesses(household), "{}: a household is one, whatever address it takes", town.engine);
        assert!(guesses(&mut through(&town, "x-forwarded-for", "2001:db8:7:8::1")), "{}", town.engine);
    }
}

#[test]
fn who_is_no_proxy_is_not_believed() {
    for town in Town::each() {
        let guesser = town.visitor();
        for guess in 0..most(&town) {
            let line = format!("198.51.100.{}", guess % 256);
            assert!(guesses(&mut guesser.clone().with_header("x-forwarded-for", &line)), "{}", town.engine);
        }
        let mut again = guesser.with_header("x-forwarded-for", "203.0.113.9");
        assert!(!guesses(&mut again), "{}: another name is not another address", town.engine);
        assert!(guesses(&mut town.visitor()), "{}", town.engine);
    }
}

#[test]
fn over_https_browsers_are_told_so_and_every_cookie_goes_that_way_alone() {
    for town in Town::each_decided(|settings| settings.https = true) {
        let mut worker = town.staff("https.worker", "operator", &town.named("沈阳市"), None);
        let mut cookies = 0;
        for address in ["/", "/?lang=en", "/sign-in", "/apply/MZ-11", "/nearby", "/nothing", "/assets/nothing.css"] {
            for reply in [town.visitor().get(address), worker.get(address)] {
                let told = reply.header("strict-transport-security").unwrap_or_default();
                assert!(told.starts_with("max-age="), "{}: {address}", town.engine);
                for line in reply.headers.get_all("set-cookie") {
                    cookies += 1;
                    let line = line.to_str().unwrap();
                    assert!(line.split("; ").any(|part| part == "Secure"), "{}: {address}: {line}", town.engine);
                    let named = line.starts_with("__Host-") || line.starts_with("__Secure-");
                    assert!(named, "{}: another host could set it: {address}: {line}", town.engine);
                }
            }
        }
        assert!(cookies > 0, "{}: some cookies were set", town.engine);
    }
    for town in crate::shared() {
        let reply = town.visitor().get("/?lang=en");
        assert_eq!(reply.header("strict-transport-security"), None, "{}", town.engine);
    }
}
