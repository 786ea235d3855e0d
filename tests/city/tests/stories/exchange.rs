//! These stories are about other systems. An operator registers them and a token lets them in. Each call is checked,
//! done once and counted, and they see nothing that is not theirs.

use crate::shared;
use axum::http::Method;
use city_stories::{Browser, Resident, Town, chosen, request_on};
use jobs::NewJob;
use kernel::case::Event;
use kernel::place::PlacePath;
use lianglin::demonstration::Seed;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::Reply;

static OPERATORS: AtomicU32 = AtomicU32::new(1);
static KEYS: AtomicU32 = AtomicU32::new(1);

/// Returns a key that was not used before.
pub(crate) fn fresh() -> String {
    format!("key-{:08}", KEYS.fetch_add(1, Ordering::Relaxed))
}

/// Holds another system with its token, and the operator who registered it.
pub(crate) struct Hub<'t> {
    town: &'t Town,
    pub(crate) operator: Browser,
    pub(crate) id: String,
    token: String,
}

fn code_of(town: &Town, place: &PlacePath) -> String {
    town.city.places.tree().at(place).map(|place| place.code.clone()).unwrap_or_default()
}

/// Returns the secret that a page shows only this once.
pub(crate) fn secret(page: &Reply) -> String {
    let body = page.body();
    let (_, rest) = body.split_once("<code class=\"code\">").unwrap_or_else(|| panic!("no secret: {}", page.words()));
    rest.split_once('<').map(|(secret, _)| secret.to_owned()).unwrap_or_default()
}

impl<'t> Hub<'t> {
    /// Registers a system and asks for its token, as an operator does, and lets another confirm it.
    pub(crate) fn new(town: &'t Town, name: &str, place: &str, department: &str, scopes: &[&str], calls: i64) -> Self {
        let login = format!("hub.{}", OPERATORS.fetch_add(1, Ordering::Relaxed));
        let mut operator = town.staff(&login, "operator", &town.named("沈阳市"), None);
        let form = operator.open("/systems/open").expect(200).form("/systems/open");
        let form = form
            .set("name", name)
            .set("place", &code_of(town, &town.named(place)))
            .set("department", department)
            .set("calls", &calls.to_string());
        let form = scopes.iter().fold(form, |form, scope| chosen(form, "scopes", scope));
        let page = operator.submit(form).expect(200);
        let id = page.address.strip_prefix("/systems/").unwrap_or_else(|| panic!("{}", page.words())).to_owned();
        let asked = operator.submit(page.form(&format!("/systems/{id}/tokens"))).expect(200);
        let token = secret(&town.confirmed(&asked));
        assert!(!operator.open(&format!("/systems/{id}")).expect(200).body().contains(&token), "shown once");
        Self { town, operator, id, token }
    }

    /// The token, as the system keeps it.
    pub(crate) fn key(&self) -> &str {
        &self.token
    }

    pub(crate) fn browser(&self) -> Browser {
        self.town
            .visitor()
            .with_header("authorization", &format!("Bearer {}", self.token))
            .with_header("accept-language", "en")
    }

    pub(crate) fn get(&self, address: &str) -> Reply {
        self.browser().get(address)
    }

    pub(crate) fn post(&self, address: &str, key: &str, body: &Value) -> Reply {
        let mut browser = self.browser().with_header("idempotency-key", key);
        browser.sends(Method::POST, address, Some("application/json"), &body.to_string())
    }

    fn follow(&self, number: &str, code: &str) -> Reply {
        self.browser().with_header("lianglin-code", code).get(&format!("/api/v1/cases/{number}"))
    }
}

pub(crate) fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.bytes).unwrap_or_else(|fault| panic!("{}: {fault}: {}", reply.address, reply.words()))
}

/// Returns an application for the old-age allowance.
pub(crate) fn application(town: &Town, resident: &Resident, community: &str) -> Value {
    json!({
        "item": "MZ-11",
        "residence": code_of(town, &town.named(community)),
        "name": resident.name,
        "resident_id": resident.resident_id,
        "telephone": resident.telephone,
        "bank_card": resident.bank_card,
        "papers": ["ID", "HK"],
    })
}

/// Checks that the answer is a problem of that code, status and field.
pub(crate) fn refused(reply: &Reply, status: u16, code: &str, field: Option<&str>) {
    assert_eq!(reply.status.as_u16(), status, "{}: {}", reply.address, reply.words());
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.address);
    let problem = json_of(reply);
    assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{problem}");
    assert_eq!(problem["field"].as_str(), field, "{problem}");
    assert!(problem["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{problem}");
}

#[test]
fn a_case_is_applied_for_followed_and_decided_through_two_systems() {
    for town in Town::each() {
        let taking = Hub::new(&town, "掌上沈阳", "文安路社区", "", &["items.read", "case.apply", "case.follow"], 600);
        let office = Hub::new(&town, "大东民政平台", "大东区", "civil_affairs", &["case.read", "case.act"], 600);
        let resident = Resident::next(&mut Seed::new(351));
        let asked = application(&town, &resident, "华炉社区");

        let item = json_of(&taking.get("/api/v1/items/MZ-11").expect(200));
        assert_eq!(item["decides"]["level"], "district");
        let before = town.counts();
        let key = fresh();
        let opened = taking.post("/api/v1/cases", &key, &asked).expect(201);
        let case = json_of(&opened);
        let number = case["number"].as_str().unwrap().to_owned();
        assert_eq!((&case["state"]["code"], &case["promised"]["due"]), (&json!("handling"), &json!("2026-12-14")));
        assert_eq!(town.counts().cases, before.cases + 1);

        // The same call again gets the same answer, and another call under that key is refused.
        let after = town.counts();
        let again = taking.post("/api/v1/cases", &key, &asked).expect(201);
        assert_eq!(again.bytes, opened.bytes, "{}", town.engine);
        let mut other = asked.clone();
        other["telephone"] = json!("13800000000");
        refused(&taking.post("/api/v1/cases", &key, &other), 409, "request.sent_differently", None);
        assert_eq!(town.counts(), after, "{}", town.engine);

        // The code of a receipt is enough to follow it, and the office sees it in its queue.
        let address = format!("/api/v1/cases/{number}");
        refused(&taking.get(&address), 404, "case.not_found", None);
        let code = town.gives_code(&number, counter::APPLICANT);
        for wrong in ["AAAAA-AAAAA", resident.telephone.as_str()] {
            refused(&taking.follow(&number, wrong), 404, "case.not_found", None);
        }
        let followed = json_of(&taking.follow(&number, &code).expect(200));
        assert!(followed["person"]["name"].as_str().is_some_and(|name| name.contains('*')), "{followed}");
        let queue = json_of(&office.get("/api/v1/cases?state=handling").expect(200));
        assert_eq!(listed(&queue["cases"], "number"), [number.as_str()], "{}", town.engine);
        assert_eq!(json_of(&office.get("/api/v1/cases?state=correction").expect(200))["cases"], json!([]));
        let seen = json_of(&office.get(&address).expect(200));
        let offered = listed(&seen["actions"], "code");
        assert!(offered.contains(&"grant") && offered.contains(&"request_correction"), "{offered:?}");

        // A step without what it needs is refused, a step is done once, and a step that is not possible here is
        // refused.
        let actions = format!("{address}/actions");
        needs_are_asked_for(&office, &actions);
        let correction =
            json!({ "action": "request_correction", "papers": ["BK"], "fields": { "reason": "请补银行卡" } });
        let key = fresh();
        let stopped = office.post(&actions, &key, &correction).expect(200);
        assert_eq!(json_of(&stopped)["missing"][0]["code"], "BK");
        assert!(stopped.body().contains("请补银行卡") && !stopped.body().contains("sealed:"), "{}", stopped.body());
        assert!(office.get(&address).expect(200).body().contains("请补银行卡"), "{}", town.engine);
        assert!(!kept_answers(&town).contains("请补银行卡"), "{}: what is kept holds handles alone", town.engine);
        assert_eq!(office.post(&actions, &key, &correction).expect(200).bytes, stopped.bytes, "{}", town.engine);
        let grant = json!({ "action": "grant", "fields": { "basis": "按市规定" } });
        refused(&office.post(&actions, &fresh(), &grant), 409, "case.action_not_possible_here", None);
        refused(&taking.post(&actions, &fresh(), &grant), 403, "exchange.scope_missing", None);

        // Nothing of hers stands in full in any answer, and every event says who did it.
        for reply in [&opened, &stopped] {
            assert!(resident.secrets().iter().all(|secret| !reply.body().contains(secret)), "{}", reply.address);
        }
        let told = followed.to_string() + &queue.to_string() + &seen.to_string();
        assert!(resident.secrets().iter().all(|secret| !told.contains(secret)), "{told}");
        signed(&town, &number);
        town.verify();
    }
}

/// One text of each thing in a list.
fn listed<'v>(list: &'v Value, what: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().filter_map(|one| one[what].as_str()).collect()
}

/// Everything that is kept for those who send again.
fn kept_answers(town: &Town) -> String {
    let read = town.store().read_blocking(|tx| {
        let rows = tx.rows("select coalesce(answer, ''), digest from store_once limit 1000", &[])?;
        let texts = rows.iter().map(|row| Ok::<_, store::StoreError>(row.get::<String>(0)? + &row.get::<String>(1)?));
        texts.collect::<Result<Vec<String>, store::StoreError>>()
    });
    read.unwrap().join("\n")
}

/// A step without what it needs, with a paper that the item does not have, or that nobody knows is refused.
fn needs_are_asked_for(office: &Hub<'_>, actions: &str) {
    let missing = json!({ "action": "request_correction", "papers": ["BK"] });
    refused(&office.post(actions, &fresh(), &missing), 422, "form.missing", Some("reason"));
    let invented = json!({ "action": "request_correction", "papers": ["ZZ"], "fields": { "reason": "少" } });
    refused(&office.post(actions, &fresh(), &invented), 422, "form.paper_unknown", Some("papers"));
    let unknown = json!({ "action": "no_such_step" });
    refused(&office.post(actions, &fresh(), &unknown), 409, "case.action_unknown", None);
}

/// Checks that the log names the systems, each under its own name.
fn signed(town: &Town, number: &str) {
    let (desk, number) = (town.city.cases.clone(), number.to_owned());
    let events = town.store().read_blocking(move |tx| {
        let known = desk.known_number(tx, &number)?;
        desk.events(tx, &known.case)
    });
    let told: Vec<(String, String)> = events
        .unwrap_or_else(|fault: hall::Fault| panic!("{fault}"))
        .iter()
        .filter(|one| matches!(one.event, Event::Opened(_) | Event::Acted { .. }))
        .map(|one| (one.by.role.clone(), one.by.name.clone()))
        .collect();
    let expected = ["掌上沈阳", "大东民政平台"].map(|name| (exchange::ROLE.to_owned(), name.to_owned()));
    assert_eq!(told, expected);
}

#[test]
fn an_online_application_through_a_system_goes_the_online_way() {
    for town in shared() {
        let hub = Hub::new(town, "政务服务网", "沈阳市", "", &["case.apply"], 600);
        let resident = Resident::next(&mut Seed::new(352));
        let mut asked = application(town, &resident, "华炉社区");
        asked["arrival"] = json!("online");
        let case = json_of(&hub.post("/api/v1/cases", &fresh(), &asked).expect(201));
        assert_eq!((&case["state"]["code"], &case["online"]), (&json!("submitted"), &json!(true)), "{case}");
        assert_eq!(case["promised"], Value::Null);
        let mut she = town.visitor();
        let number = case["number"].as_str().unwrap();
        drop(she.follows(number, &resident.telephone).expect(200));
        let code = town.gives_code(number, counter::APPLICANT);
        assert_eq!(she.follows_with(number, &code).expect(200).address, format!("/follow/{number}"));
    }
}

#[test]
fn what_is_sent_wrongly_is_named_and_changes_nothing() {
    for town in shared() {
        let hub = Hub::new(town, "网格平台", "文安路社区", "", &["items.read", "case.apply", "case.act"], 600);
        let resident = Resident::next(&mut Seed::new(353));
        let good = application(town, &resident, "华炉社区");
        let before = town.counts();
        let table: [(&str, Value, &str); 22] = [
            ("item", json!("MZ-1"), "exchange.value"),
            ("item", json!("ZZ-99"), "rule.item_unknown"),
            ("residence", json!("999999999999"), "place.unknown"),
            ("residence", json!("210104000000"), "place.not_deep_enough"),
            ("residence", json!(210_104), "exchange.value"),
            ("resident_id", json!("210104194002300010"), "identifier.date"),
            ("resident_id", json!("2101"), "exchange.value"),
            ("telephone", json!("1380000"), "form.telephone"),
            ("bank_card", json!("6217000000000000"), "identifier.unsure"),
            ("bank_card", json!("19000112233445"), "identifier.unsure"),
            ("bank_card", json!("存折"), "exchange.value"),
            ("bank_card_confirmed", json!("yes"), "exchange.value"),
            ("resident_id", json!("210102209003051087"), "identifier.birth"),
            ("resident_id", json!("170102199003051088"), "identifier.province"),
            ("identity_kind", json!("passport"), "counter.identity_kind"),
            ("identity_kind", json!("library_card"), "exchange.value"),
            ("name", json!("李?"), "form.garbled"),
            ("name", json!("名\u{7}字"), "exchange.value"),
            ("papers", json!(["ZZ"]), "form.paper_unknown"),
            ("address", json!("3号楼"), "form.field_unknown"),
            ("arrival", json!("by_post"), "exchange.value"),
            ("credit_score", json!("A"), "exchange.field_unknown"),
        ];
        for (field, value, code) in table {
            let mut asked = good.clone();
            asked[field] = value.clone();
            let reply = hub.post("/api/v1/cases", &fresh(), &asked);
            assert_eq!(reply.status.as_u16(), 422, "{field} {value}: {}", reply.words());
            let problem = json_of(&reply);
            assert_eq!(problem["field"], field, "{field} {value}: {problem}");
            if field != "telephone" {
                assert_eq!(problem["code"], code, "{field} {value}: {problem}");
            }
        }
        refused(&hub.get("/api/v1/items?page=2"), 422, "exchange.field_unknown", Some("page"));
        refused(&hub.get("/api/v1/items?q=a&q=b"), 422, "exchange.value", Some("q"));
        refused(&hub.get("/api/v1/items?q=%0A"), 422, "exchange.value", Some("q"));
        refused(&hub.get("/api/v1/items?q=%ff"), 400, "exchange.unreadable", None);
        refused(&hub.get("/api/v1/places"), 422, "form.missing", Some("q"));
        refused(&hub.get("/api/v1/items/MZ-99"), 404, "exchange.nothing_here", None);
        refused(&hub.get("/api/v1/items/x"), 404, "exchange.nothing_here", None);
        refused(&hub.get("/api/v1/nothing"), 404, "exchange.nothing_here", None);
        unreadable(&hub, &good);
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}

/// Sends bodies and headers that are no call at all.
fn unreadable(hub: &Hub<'_>, good: &Value) {
    let (address, json_kind) = ("/api/v1/cases", Some("application/json"));
    let keyed = || hub.browser().with_header("idempotency-key", &fresh());
    let text = good.to_string();
    let reply = hub.browser().sends(Method::POST, address, json_kind, &text);
    refused(&reply, 400, "exchange.key_missing", Some("Idempotency-Key"));
    refused(
        &keyed().with_header("idempotency-key", "short").sends(Method::POST, address, json_kind, &text),
        400,
        "exchange.key_missing",
        Some("Idempotency-Key"),
    );
    for broken in ["", "{", "[]", "null", "{\"item\":\"\\ud800\"}"] {
        refused(&keyed().sends(Method::POST, address, json_kind, broken), 400, "exchange.unreadable", None);
    }
    for kind in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/json; charset=gbk")]
    {
        refused(&keyed().sends(Method::POST, address, kind, &text), 415, "exchange.kind", None);
    }
    let large = json!({ "item": "长".repeat(100_000) }).to_string();
    refused(&keyed().sends(Method::POST, address, json_kind, &large), 413, "request.too_large", None);
    let reply = hub.browser().sends(Method::DELETE, address, None, "");
    refused(&reply, 405, "exchange.method", None);
    assert!(reply.header("allow").is_some_and(|allowed| allowed.contains("POST")));
}

#[test]
fn only_a_token_that_holds_lets_in() {
    for town in shared() {
        let mut hub = Hub::new(town, "信访平台", "大东区", "", &["items.read"], 600);
        let address = "/api/v1/items?q=gljt";
        for reply in [hub.get(address).expect(200), hub.get("/api/v1/nothing").expect(404)] {
            let file = reply.header("content-disposition");
            assert_eq!(file, Some("attachment; filename=\"api.json\""), "{}: {}", town.engine, reply.address);
        }
        refused(&town.visitor().get(address), 401, "exchange.token_missing", None);
        for token in ["x", "lianglin_AAAA", &hub.token.replace("lianglin_", "lianglin_A"), &format!("{}A", hub.token)] {
            let reply = town.visitor().with_header("authorization", &format!("Bearer {token}")).get(address);
            refused(&reply, 401, "exchange.token_unknown", None);
            assert!(reply.header("www-authenticate").is_some());
        }
        // The cookie of a signed-in operator counts for nothing here.
        refused(&hub.operator.get(address), 401, "exchange.token_missing", None);
        refused(&hub.get("/api/v1/cases"), 403, "exchange.scope_missing", None);
        refused(&hub.get("/api/v1/figures"), 403, "exchange.scope_missing", None);

        let page = hub.operator.open(&format!("/systems/{}", hub.id)).expect(200);
        assert!(page.words().contains("GET /api/v1/items"), "calls are counted: {}", page.words());
        let revoke = page.forms().into_iter().find(|form| form.action.ends_with("/revoke")).unwrap();
        drop(hub.operator.submit(revoke).expect(200));
        refused(&hub.get(address), 401, "exchange.token_unknown", None);

        let page = hub.operator.open(&format!("/systems/{}", hub.id)).expect(200);
        let form = page.form(&format!("/systems/{}/tokens", hub.id));
        let asked = hub.operator.submit(form.clone()).expect(200);
        let own = hub.operator.post(&format!("{}/confirm", request_on(&asked)), &[]).expect(422);
        assert!(!own.body().contains("lianglin_"), "nobody confirms what he asked for himself");
        hub.token = secret(&town.confirmed(&asked));
        drop(hub.get(address).expect(200));
        drop(hub.operator.open(&format!("/systems/{}", hub.id)).expect(200));
        let twice = hub.operator.submit(form).expect(200);
        assert_eq!(request_on(&twice), request_on(&asked), "sent twice it is asked for once");
        assert!(!twice.body().contains("lianglin_"), "a token is shown once");
        let close = hub.operator.open(&format!("/systems/{}", hub.id)).form(&format!("/systems/{}/close", hub.id));
        drop(hub.operator.submit(close).expect(200));
        refused(&hub.get(address), 401, "exchange.token_unknown", None);
        town.verify();
    }
}

#[test]
fn a_token_ends_by_its_date() {
    let town = Town::small();
    let hub = Hub::new(&town, "信访平台", "大东区", "", &["items.read"], 600);
    drop(hub.get("/api/v1/items").expect(200));
    let days = town.city.cases.hall.figure(exchange::EXCHANGE_TOKEN_DAYS, town.clock.now()).unwrap();
    town.clock.plus_days(days);
    refused(&hub.get("/api/v1/items"), 401, "exchange.token_unknown", None);
}

#[test]
fn what_is_not_theirs_is_not_there() {
    for town in shared() {
        let office =
            Hub::new(town, "大东民政", "大东区", "civil_affairs", &["case.read", "case.act", "figures.read"], 600);
        let other = Hub::new(town, "大东住建", "大东区", "housing", &["case.read", "case.act"], 600);
        let elsewhere = Hub::new(town, "沈河民政", "沈河区", "civil_affairs", &["case.read", "case.act"], 600);
        let taking = Hub::new(town, "窗口", "永顺社区", "", &["case.apply"], 600);
        let resident = Resident::next(&mut Seed::new(354));
        let asked = application(town, &resident, "华炉社区");
        let case = json_of(&taking.post("/api/v1/cases", &fresh(), &asked).expect(201));
        let address = format!("/api/v1/cases/{}", case["number"].as_str().unwrap());
        drop(office.get(&address).expect(200));
        let before = town.counts();
        for hub in [&other, &elsewhere] {
            let step = json!({ "action": "grant", "fields": { "basis": "x" } });
            // 沈河区 took the case in, so it reads the case but does not decide it. Housing has nothing to do with it.
            let (read, acted) = (hub.get(&address), hub.post(&format!("{address}/actions"), &fresh(), &step));
            if hub.id == other.id {
                refused(&read, 404, "case.not_found", None);
                refused(&acted, 404, "case.not_found", None);
            } else {
                assert!(matches!(acted.status.as_u16(), 403 | 404), "{}", acted.words());
            }
        }
        for number in ["210104-2026-9999999-8", "not-a-number", "210104-2026-0000001-1"] {
            let reply = other.get(&format!("/api/v1/cases/{number}"));
            assert_eq!(reply.status.as_u16(), 404, "{number}");
        }
        let figures = json_of(&office.get("/api/v1/figures").expect(200));
        assert!(figures["open"].as_i64().is_some_and(|open| open >= 1), "{figures}");
        let foreign = code_of(town, &town.named("沈河区"));
        refused(&office.get(&format!("/api/v1/figures?place={foreign}")), 404, "exchange.nothing_here", None);
        let month = json_of(&office.get("/api/v1/figures?month=2026-11").expect(200));
        let columns = cases::rules::figures::Month::COLUMNS.len();
        assert_eq!(month["counted"].as_object().map(serde_json::Map::len), Some(columns), "{month}");
        let long_ago = json_of(&office.get("/api/v1/figures?month=2020-01").expect(200));
        assert_eq!(long_ago["counted"]["decided"], 0, "{long_ago}");
        assert!(long_ago["counted"]["applied"].is_null(), "applications belong to no department: {long_ago}");
        refused(&office.get("/api/v1/figures?month=0000-01"), 422, "exchange.value", Some("month"));
        assert_eq!(town.counts(), before);
        // An operator of another district sees none of them.
        let mut stranger = town.staff(&fresh().replace("key", "stranger"), "operator", &town.named("和平区"), None);
        assert_eq!(stranger.get(&format!("/systems/{}", office.id)).status.as_u16(), 404);
        assert!(!stranger.open("/systems").expect(200).body().contains(&office.id));
    }
}

#[test]
fn calls_are_limited_by_the_minute() {
    for town in Town::each() {
        let hub = Hub::new(&town, "快手", "大东区", "", &["items.read"], 3);
        for _ in 0..3 {
            drop(hub.get("/api/v1/items/MZ-11").expect(200));
        }
        let reply = hub.get("/api/v1/items/MZ-11");
        refused(&reply, 429, "request.too_many", None);
        let seconds: i64 = reply.header("retry-after").unwrap().parse().unwrap();
        town.clock.plus_seconds(seconds);
        drop(hub.get("/api/v1/items/MZ-11").expect(200));
    }
}

/// Checks that a value is what a schema says, and returns where it is not.
fn conforms(schema: &Value, value: &Value, all: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        return conforms(&all[name.rsplit('/').next().unwrap_or_default()], value, all, at);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let faults: Vec<String> = choices.iter().filter_map(|one| conforms(one, value, all, at).err()).collect();
        return if faults.len() < choices.len() { Ok(()) } else { Err(faults.join(" / ")) };
    }
    let right = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    };
    let listed = schema["enum"].as_array().is_none_or(|words| words.contains(value));
    if !right || !listed {
        return Err(format!("{at}: {value} is not {schema}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        conforms(&schema["items"], item, all, &format!("{at}[{index}]"))?;
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        value.get(name).map(drop).ok_or_else(|| format!("{at}.{name} is missing"))?;
    }
    for (name, part) in value.as_object().into_iter().flatten() {
        let known =
            schema["properties"].get(name).or_else(|| schema.get("additionalProperties").filter(|one| one.is_object()));
        let known = known.ok_or_else(|| format!("{at}.{name} is not documented"))?;
        conforms(known, part, all, &format!("{at}.{name}"))?;
    }
    Ok(())
}

#[test]
fn every_answer_is_what_the_document_says() {
    for town in shared() {
        let scopes = ["items.read", "figures.read", "case.apply", "case.follow", "case.read", "case.act"];
        let hub = Hub::new(town, "总线", "沈阳市", "civil_affairs", &scopes, 600);
        let document = json_of(&town.visitor().get("/api/v1/openapi.json").expect(200));
        assert_eq!(document["openapi"], "3.1.0");
        let all = &document["components"]["schemas"];
        let fits = |reply: &Reply, name: &str| {
            let told = conforms(&all[name], &json_of(reply), all, name);
            assert_eq!(told, Ok(()), "{}", reply.address);
        };
        let resident = Resident::next(&mut Seed::new(355));
        let opened = hub.post("/api/v1/cases", &fresh(), &application(town, &resident, "华炉社区")).expect(201);
        fits(&opened, "Case");
        let number = json_of(&opened)["number"].as_str().unwrap().to_owned();
        fits(&hub.get(&format!("/api/v1/cases/{number}")).expect(200), "Case");
        let step = json!({ "action": "request_correction", "papers": ["BK"], "fields": { "reason": "少一样" } });
        fits(&hub.post(&format!("/api/v1/cases/{number}/actions"), &fresh(), &step).expect(200), "Case");
        fits(&hub.get("/api/v1/cases").expect(200), "Cases");
        fits(&hub.get("/api/v1/items").expect(200), "Items");
        for item in town.city.counter.catalogue().items() {
            fits(&hub.get(&format!("/api/v1/items/{}", item.code)).expect(200), "Item");
        }
        fits(&hub.get("/api/v1/figures").expect(200), "Figures");
        fits(&hub.get("/api/v1/places?q=wal").expect(200), "Places");
        fits(&hub.get("/api/v1/items/x"), "Problem");
        fits(&town.visitor().get("/api/v1/items"), "Problem");
        let page = town.visitor().open("/api").expect(200);
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(page.words().contains(path.as_str()), "{path} is not on the page");
        }
        assert!(page.words().contains("/open311/v2/requests.json"), "{}", page.words());
        for address in page.links().iter().filter(|link| link.starts_with("/open311/")) {
            drop(town.visitor().get(address).expect(200));
        }
    }
}

#[test]
fn a_webhook_takes_https_alone_is_confirmed_and_its_secret_is_shown_once() {
    for town in shared() {
        let mut hub = Hub::new(town, "热线平台", "大东区", "", &["case.read"], 600);
        let (address, target) = (format!("/systems/{}", hub.id), format!("/systems/{}/webhook", hub.id));
        let inside = ["https://127.0.0.1/in", "https://10.0.0.8/in", "https://169.254.169.254/", "https://[fd00::1]/"];
        let odd = ["http://10.0.0.8/in", "ftp://hub.city.test", "hub.city.test", "https://a@hub.city.test"];
        for bad in inside.into_iter().chain(odd) {
            let form = hub.operator.open(&address).expect(200).form(&target).set("url", bad);
            let reply = hub.operator.send(form).expect(422);
            assert!(reply.links().iter().any(|link| link == "#f-url"), "{bad}: {}", reply.words());
        }
        let form = hub.operator.open(&address).expect(200).form(&target).set("url", "https://hub.city.test/in");
        let asked = hub.operator.submit(form.clone()).expect(200);
        assert_eq!(request_on(&hub.operator.submit(form).expect(200)), request_on(&asked), "sent twice, asked once");
        assert!(!hub.operator.open(&address).expect(200).body().contains("https://hub.city.test/in"), "nothing is set");
        let own = hub.operator.post(&format!("{}/confirm", request_on(&asked)), &[]).expect(422);
        assert!(own.words().contains("自己不能确认"), "{}", own.words());
        let (mut second, form) = town.second(&request_on(&asked));
        let told = second.page().words();
        for fact in ["热线平台", "大东区", "https://hub.city.test/in"] {
            assert!(told.contains(fact), "{fact}: {told}");
        }
        let shown = secret(&second.submit(form).expect(200));
        let page = hub.operator.open(&address).expect(200);
        assert!(!page.body().contains(&shown) && page.body().contains("https://hub.city.test/in"));
        let silent = hub.operator.submit(page.form(&target).set("url", "")).expect(200);
        assert!(!silent.body().contains("https://hub.city.test/in"));
    }
}

#[test]
fn a_system_that_fails_is_told_of_and_tried_when_somebody_asks() {
    for town in Town::each() {
        let mut hub = Hub::new(&town, "热线平台", "大东区", "", &["case.read"], 600);
        let (address, tries) = (format!("/systems/{}", hub.id), format!("/systems/{}/now", hub.id));
        assert!(hub.operator.open(&address).expect(200).forms().iter().all(|form| form.action != tries));
        let (now, lane) = (town.clock.now(), format!("exchange:{}", hub.id.replace('-', "")));
        let fails = || {
            let lane = lane.clone();
            let failing = town.store().write_blocking(move |tx| {
                let key = format!("waits:{lane}");
                jobs::enqueue(tx, &NewJob::new("exchange.deliver", key, json!({}), now).in_lane(lane.as_str()))?;
                let sql =
                    "update jobs_lane set failures = 4, paused_until = $1, last_error = 'HTTP 503' where lane = $2";
                tx.exec(sql, &store::args![now.plus_seconds(600), lane.as_str()])
            });
            assert_eq!(failing, Ok::<_, store::StoreError>(1), "{}", town.engine);
        };
        let stands = || {
            let lane = lane.clone();
            let found = town.store().read_blocking(move |tx| jobs::destination(tx, &lane)).unwrap().unwrap();
            (found.failures, found.paused_until.is_some())
        };
        fails();
        let (id, system) = (uuid::Uuid::now_v7(), uuid::Uuid::parse_str(&hub.id).unwrap());
        let sql = "insert into exchange_delivery (id, system, number, state, at, attempts) \
                   values ($1, $2, '210104-2026-0000001-4', 'submitted', $3, 1)";
        town.store().write_blocking(move |tx| tx.exec(sql, &store::args![id, system, now])).unwrap();
        let page = hub.operator.open(&address).expect(200);
        assert!(page.words().contains("次没有收下消息"), "{}", page.words());
        assert!(page.words().contains("已提交，等受理") && !page.words().contains("submitted"), "{}", page.words());
        let page = hub.operator.submit(page.form(&tries)).expect(200);
        assert!(page.words().contains("现在就再发"), "{}", page.words());
        assert_eq!(stands(), (4, false), "{}: it is tried, and a failure lengthens the pause", town.engine);
        fails();
        let page = hub.operator.open("/jobs").expect(200);
        assert!(page.words().contains("没有应答的接收方") && page.words().contains("HTTP 503"), "{}", page.words());
        assert_eq!(page.words().matches("热线平台").count(), 2, "{}: as a destination and of the job", town.engine);
        let page = hub.operator.submit(page.form("/jobs/lanes/now")).expect(200);
        assert!(page.words().contains("已排队，现在就发"), "{}: {}", town.engine, page.words());
        assert_eq!(stands(), (4, false), "{}", town.engine);
        assert_eq!(hub.operator.post("/jobs/lanes/now", &[("lane", "exchange:none")]).status, 404);
        let mut elsewhere = town.staff("hub.elsewhere", "operator", &town.named("沈河区"), None);
        assert_eq!(elsewhere.post(&tries, &[]).status, 404, "{}: not hers", town.engine);
        assert_eq!(elsewhere.post("/jobs/lanes/now", &[("lane", lane.as_str())]).status, 403);
        town.verify();
    }
}
