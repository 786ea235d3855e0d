//! Tests the channels against small servers that the tests start.

use crate::channels::{Email, EmailSettings, Encryption, Webhook, WebhookSettings, signature};
use crate::{Channel, DeliveryError, Envelope, Notice};
use kernel::time::Instant;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use uuid::Uuid;

fn notice() -> Notice {
    Notice {
        id: Uuid::from_u128(7),
        channel: "webhook".into(),
        recipient: "person:7".into(),
        template: "cases-decided".into(),
        arguments: json!({ "number": "1" }),
        not_before: Instant::from_micros(0),
        attempts: 0,
        last_error: None,
        sent_at: None,
        receipt: None,
        failed_at: None,
        read_at: None,
    }
}

fn envelope(to: &str) -> Envelope {
    Envelope { to: to.into(), subject: "办件有结果了".into(), text: "您的办件已办结。".into() }
}

/// Serves that many connections, one after the other, and returns what each of them sent.
fn serve(times: usize, talk: impl Fn(usize, TcpStream) -> String + Send + 'static) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (said, heard) = channel();
    std::thread::spawn(move || {
        for number in 0..times {
            let (stream, _) = listener.accept().unwrap();
            said.send(talk(number, stream)).unwrap();
        }
    });
    (address, heard)
}

/// Reads one HTTP request and answers it.
fn http(mut stream: &TcpStream, answer: &str) -> String {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0);
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(answer.as_bytes()).unwrap();
    head + &String::from_utf8(body).unwrap()
}

#[test]
fn the_gateway_gets_a_signed_post_with_one_key_for_all_attempts() {
    let answers = [
        "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{\"id\":\"m-9\"}",
        "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ];
    let (address, heard) = serve(3, move |number, stream| http(&stream, answers[number]));
    let webhook = Webhook::new(WebhookSettings {
        url: format!("http://{address}/sms"),
        key: b"secret".to_vec(),
        timeout_seconds: 5,
    });
    let now = Instant::from_micros(0).plus_seconds(1_795_399_200);
    let send = || webhook.deliver(&notice(), &envelope("13800130412"), now);
    assert!(matches!(send(), Err(DeliveryError::Retry(text)) if text.contains("503")));
    assert_eq!(send().unwrap().reference, "m-9");
    assert!(matches!(send(), Err(DeliveryError::Retry(text)) if text.contains("302")), "redirects are not followed");
    for _ in 0..3 {
        let request = heard.recv().unwrap();
        let (start, body) = request.split_once("\r\n\r\n").unwrap();
        let headers: BTreeMap<String, &str> = start
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect();
        assert!(start.starts_with("POST /sms "), "{start}");
        assert_eq!(headers["idempotency-key"], Uuid::from_u128(7).to_string());
        assert_eq!(headers["lianglin-timestamp"], "1795399200");
        assert_eq!(headers["lianglin-signature"], signature(b"secret", "1795399200", body.as_bytes()).unwrap());
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&body["to"], &body["text"]), (&json!("13800130412"), &json!("您的办件已办结。")));
    }
}

#[test]
fn a_gateway_that_is_away_or_silent_is_tried_again() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (silent, _heard) = serve(1, |_, stream| {
        std::thread::sleep(std::time::Duration::from_secs(3));
        drop(stream);
        String::new()
    });
    for address in [gone, silent] {
        let settings = WebhookSettings { url: format!("http://{address}/"), key: vec![1], timeout_seconds: 1 };
        let outcome = Webhook::new(settings).deliver(&notice(), &envelope("13800130412"), Instant::from_micros(0));
        assert!(matches!(&outcome, Err(DeliveryError::Retry(text)) if !text.contains("138")), "{outcome:?}");
    }
}

#[test]
fn a_mail_server_that_gives_each_answer_just_in_time_is_not_waited_for() {
    let (address, _heard) = serve(1, |_, mut stream| {
        for answer in ["220 test", "250 test", "250 ok", "250 ok", "354 go on", "250 queued", "221 bye"] {
            std::thread::sleep(std::time::Duration::from_millis(700));
            if stream.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
                break;
            }
        }
        String::new()
    });
    let settings = EmailSettings {
        host: "127.0.0.1".into(),
        port: address.port(),
        encryption: Encryption::None,
        credentials: None,
        from: "Lianglin <noreply@city.test>".into(),
        domain: "city.test".into(),
        // Each answer comes in time by itself: the deadline of the whole ends it, and nothing else.
        answer_seconds: 5,
        delivery_seconds: 1,
    };
    let outcome =
        Email::new(&settings).unwrap().deliver(&notice(), &envelope("wang@city.test"), Instant::from_micros(0));
    assert!(matches!(&outcome, Err(DeliveryError::Retry(text)) if text.contains("no answer")), "{outcome:?}");
}

/// Talks SMTP until QUIT and refuses the recipient `unknown@`.
fn smtp(stream: TcpStream) -> String {
    let mut writer = stream.try_clone().unwrap();
    let mut said = String::new();
    writer.write_all(b"220 test\r\n").unwrap();
    let mut in_data = false;
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { break };
        said.push_str(&line);
        said.push('\n');
        let answer = match (in_data, line.as_str()) {
            (true, ".") => {
                in_data = false;
                "250 queued"
            }
            (true, _) => continue,
            (false, line) if line.starts_with("EHLO") => "250 test",
            (false, line) if line.starts_with("RCPT TO:<unknown") => "550 unknown@city.test is unknown",
            (false, line) if line.starts_with("RCPT TO:<locked") => "535 locked@city.test may not",
            (false, line) if line.starts_with("RCPT TO:<later") => "451 later@city.test: try again",
            (false, "DATA") => {
                in_data = true;
                "354 go on"
            }
            (false, "QUIT") => "221 bye",
            _ => "250 ok",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).unwrap();
    }
    said
}

#[test]
fn mail_is_handed_in_and_refusals_tell_no_address() {
    let (address, heard) = serve(4, |_, stream| smtp(stream));
    let settings = EmailSettings {
        host: "127.0.0.1".into(),
        port: address.port(),
        encryption: Encryption::None,
        credentials: None,
        from: "Lianglin <noreply@city.test>".into(),
        domain: "city.test".into(),
        answer_seconds: 5,
        delivery_seconds: 5,
    };
    let send = |to: &str| Email::new(&settings).unwrap().deliver(&notice(), &envelope(to), Instant::from_micros(0));
    let receipt = send("wang@city.test").unwrap();
    assert_eq!(receipt.reference, format!("<{}@city.test> 250", Uuid::from_u128(7)));
    let mail = heard.recv().unwrap();
    assert!(
        mail.contains("RCPT TO:<wang@city.test>")
            && mail.contains(&format!("Message-ID: <{}@city.test>", Uuid::from_u128(7)))
    );
    assert!(
        matches!(send("unknown@city.test"), Err(DeliveryError::Never(text)) if text.contains("550") && !text.contains('@'))
    );
    assert!(
        matches!(send("later@city.test"), Err(DeliveryError::Retry(text)) if text.contains("451") && !text.contains('@'))
    );
    let locked = send("locked@city.test");
    assert!(matches!(locked, Err(DeliveryError::Retry(_))), "a wrong password is not the message's fault");
    assert!(matches!(send("no address"), Err(DeliveryError::Never(_))));
    assert!(Email::new(&EmailSettings { from: "nobody".into(), ..settings.clone() }).is_err());
    assert_eq!(format!("{settings:?}"), format!("EmailSettings(127.0.0.1:{}, None)", address.port()));
}
