//! Where somebody meets a case, tried in every list that could show it.

use city_stories::Browser;

/// Returns where somebody meets a case: o opens it, q is the queue, Q its export, s supervision, S its export, d the
/// desk. It fails if a list holds a case that she cannot open, or if that case answers anything but "not found".
pub(super) fn shown(browser: &mut Browser, number: &str, opens: bool) -> String {
    let mut cell = String::new();
    cell.push(if opens { 'o' } else { '-' });
    for (mark, address) in
        [('q', "/queue"), ('Q', "/queue.xlsx"), ('s', "/supervise"), ('S', "/supervise.xlsx"), ('d', "/desk")]
    {
        let reply = browser.get(address);
        let body = match reply.header("content-type") {
            Some(kind) if kind.contains("sheet") => city_stories::cells(&reply.bytes),
            _ => reply.body(),
        };
        let there = reply.status == 200 && body.contains(number);
        cell.push(if there { mark } else { '-' });
        assert!(!there || opens, "{address} shows {number}, which is not hers to open");
    }
    if !opens {
        for (method, address) in [("GET", ""), ("POST", "/act"), ("POST", "/person"), ("POST", "/do/supervise")] {
            let address = format!("/cases/{number}{address}");
            let fields = [("action", "grant"), ("purpose", "好奇"), ("note", "快"), ("field_basis", "x")];
            let reply = if method == "GET" { browser.get(&address) } else { browser.post(&address, &fields) };
            assert!(matches!(reply.status.as_u16(), 403 | 404), "{method} {address}: {}", reply.words());
            assert!(!reply.body().contains("**"), "{method} {address} shows a person");
        }
        assert_eq!(browser.get(&format!("/receipt/{number}")).status, 404);
        assert!(browser.get(&format!("/follow/{number}")).status.is_redirection());
    }
    cell
}
