//! What makes a call the same: a key, the identity of an update, and a report's name in the system that sends it. Each
//! of them has a space of its own.

use super::client::{Client, error, json};
use super::{HEAP, id, program};
use city_stories::Town;

#[test]
fn a_name_is_no_key_that_happens_to_read_the_same() {
    for town in Town::each() {
        let she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let mut keyed = Client { browser: town.visitor().with_header("idempotency-key", "7001"), key: she.key.clone() };
        let mut plain = Client { browser: town.visitor(), key: she.key.clone() };
        let number = id(&keyed.send("requests", &HEAP));
        let named = [&HEAP[..], &[("attribute[external_id]", "7001")]].concat();
        let other = id(&plain.send("requests", &named));
        assert_ne!(other, number, "{}: another report that its system calls 7001", town.engine);
        let after = town.counts();
        // A bare name says the same.
        let bare = [&HEAP[..], &[("external_id", "7001")]].concat();
        assert_eq!(id(&plain.send("requests", &bare)), other, "{}", town.engine);
        assert_eq!(id(&keyed.send("requests", &HEAP)), number, "{}", town.engine);
        assert_eq!(town.counts(), after, "{}: sent twice, there once", town.engine);

        let says = |client: &mut Client, fields: &[(&str, &str)], words: &str| {
            let all = [("service_request_id", number.as_str()), ("status", "open"), ("description", words)];
            client.sends("servicerequestupdates", "json", &[&all[..], fields].concat())
        };
        let update = [("update_id", "7001")];
        let reply = says(&mut keyed, &[], "五单元也有");
        assert!(reply.status.is_success(), "{}: {}", town.engine, reply.body());
        let reply = says(&mut plain, &update, "六单元也有");
        assert!(reply.status.is_success(), "{}: another key: {}", town.engine, reply.body());
        let after = town.counts();
        assert!(says(&mut plain, &update, "六单元也有").status.is_success(), "{}: sent twice", town.engine);
        assert_eq!(town.counts(), after, "{}: done once", town.engine);
        let reply = says(&mut plain, &update, "七单元也有");
        assert_eq!(error(&reply, &json(&reply)).0, 400, "{}: {}", town.engine, reply.body());
        town.verify();
    }
}
