//! These tests let another system listen: it is told of its cases with a signature, and again until it takes them.

use super::*;

/// A small server that answers with these statuses, one connection each, and gives what it was sent.
fn listener(statuses: &'static [u16]) -> (String, std::sync::mpsc::Receiver<String>) {
    use std::io::{BufRead, BufReader, Read, Write};
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/in", server.local_addr().unwrap());
    let (sender, arrived) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = server.accept().unwrap();
            let (mut reader, mut head) = (BufReader::new(stream.try_clone().unwrap()), String::new());
            while !head.ends_with("\r\n\r\n") {
                assert!(reader.read_line(&mut head).unwrap() > 0);
            }
            let head = head.to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            sender.send(head + &String::from_utf8(body).unwrap()).unwrap();
        }
    });
    (address, arrived)
}

/// A system that sees the cases of a place and listens at an address: its identity and the secret.
fn listens(house: &House, place: &PlacePath, url: &str) -> (Uuid, String) {
    let grant = Grant {
        post: Uuid::nil(),
        role: "operator".to_owned(),
        place: house.city.places.tree().root().unwrap().path.clone(),
        department: None,
        permissions: [identity::May::AccountManage].into_iter().collect(),
    };
    let actor = Actor { account: None, name: "赵建军".to_owned(), kind: ActorKind::Staff, grants: vec![grant] };
    let new = exchange::NewSystem {
        id: Uuid::now_v7(),
        name: "城管平台".to_owned(),
        place: place.clone(),
        department: None,
        scopes: [exchange::ApiScope::CaseRead].into_iter().collect(),
        calls_per_minute: 60,
    };
    let (exchange, now) = (house.city.exchange.clone(), house.clock.now());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let id = exchange.register(new, &actor, now).await.unwrap();
        let secret = exchange.listen(&actor, id, Some(url), now).await.unwrap().unwrap();
        (id, secret)
    })
}

#[test]
fn a_system_is_told_of_its_cases_signed_and_again_until_it_takes_them() {
    for house in House::each() {
        let runner = house.runner();
        let (address, arrived) = listener(&[503, 200]);
        let community = house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone();
        let elsewhere = {
            let tree = house.city.places.tree();
            let other = tree.of_level(Level::District).find(|place| !place.path.contains(&community)).unwrap();
            other.path.clone()
        };
        let (_, secret) = listens(&house, &community, &address);
        listens(&house, &elsewhere, "http://127.0.0.1:9/never");
        let case = house.opened(4, None);
        runner.run_due().unwrap();
        let wait = std::time::Duration::from_secs(20);
        let first = arrived.recv_timeout(wait).unwrap();
        house.clock.plus_seconds(3_600);
        runner.run_due().unwrap();
        let second = arrived.recv_timeout(wait).unwrap();
        for request in [&first, &second] {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let header = |name: &str| {
                let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
                found.unwrap_or_else(|| panic!("no {name}: {head}")).to_owned()
            };
            let expected =
                jobs::channels::signature(secret.as_bytes(), &header("x-lianglin-timestamp"), body.as_bytes());
            assert_eq!(format!("hmac-{}", header("x-lianglin-signature")), expected.unwrap(), "{}", house.store.name);
            let told: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(told["number"], case.number.as_str());
            assert_eq!((&told["type"], &told["state"]), (&"case.moved".into(), &case.state.as_str().into()));
            assert_eq!(told["id"], header("idempotency-key").as_str());
            assert_eq!(told.as_object().unwrap().len(), 5, "nothing else, nothing personal: {body}");
        }
        runner.run_due().unwrap();
        assert!(arrived.try_recv().is_err(), "{}: taken once, sent no more", house.store.name);
    }
}

#[test]
fn a_name_that_leads_inside_the_network_is_not_followed_unless_it_is_listed() {
    for house in House::each_reaching("10.0.0.0/8") {
        let runner = house.runner();
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        server.set_nonblocking(true).unwrap();
        let address = format!("http://localhost:{}/in", server.local_addr().unwrap().port());
        let community = house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone();
        listens(&house, &community, &address);
        house.opened(5, None);
        runner.run_due().unwrap();
        assert!(server.accept().is_err(), "{}: nobody came", house.store.name);
    }
}
