//! A house with only identity in it, and a browser in front of it.

use axum::Router;
use axum::routing::get;
use data_encoding::BASE32_NOPAD;
use identity::{Identity, NewStaff, PlaceNames, Post, Roles, Rules, Settings};
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission};
use kernel::place::PlacePath;
use std::sync::Arc;
use store::Tx;
use testkit::{Client, FixedClock, Reply, TestStore, ZONE};
use uuid::Uuid;
use vault::{MasterKeys, Vault};
use web::{Cost, Frame, Need, Page, Texts};

pub const PASSWORD: &str = "lantern harbour 7";
pub const COOKIE: &str = "lianglin_session";
pub const DEVICE: &str = "lianglin_device";

struct Places;

impl PlaceNames for Places {
    fn name(&self, place: &PlacePath) -> Option<Bilingual> {
        Some(Bilingual::new(format!("地方{}", place.as_str()), format!("place {}", place.as_str())))
    }

    fn find(&self, words: &str, limit: usize) -> Vec<PlacePath> {
        let places = match words {
            "文安路社区" => vec!["1.4.5.6."],
            "新华社区" => vec!["1.4.5.7.", "1.9.8.7.", "1.4.5.9."],
            "大东区" => vec!["1.9."],
            "城" => vec!["1."],
            _ => vec![],
        };
        places.into_iter().take(limit).map(place).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        vec![("civil".into(), Bilingual::new("民政", "Civil affairs"))]
    }
}

pub fn place(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

pub fn roles() -> Roles {
    let role = |code: &str, permissions: &str, levels: &str, more: &str| {
        let title = format!(r#"{{ zh = "{code}", en = "{code}" }}"#);
        let text =
            format!("code = \"{code}\"\ntitle = {title}\npermissions = [{permissions}]\nlevels = [{levels}]\n{more}");
        (code.to_owned(), text)
    };
    let declared = [Permission::ALL, identity::May::ALL].concat();
    let files = [
        role("operator", r#""account.read", "account.manage""#, r#""city", "district""#, "gives_any = true"),
        role("chief", r#""account.read", "account.manage", "case.read", "case.accept""#, r#""street""#, ""),
        role("worker", r#""case.read", "case.accept""#, r#""community""#, ""),
        role("auditor", r#""audit.read""#, r#""city""#, "totp_required = true"),
    ];
    Roles::load(&files, &declared).unwrap()
}

pub struct House {
    pub store: TestStore,
    pub identity: Arc<Identity>,
    router: Router,
    pub clock: FixedClock,
}

/// Shows what the visitor may do, as the pages of any department see it.
async fn who(page: Page) -> String {
    let actor = &page.visitor.actor;
    let roles: Vec<&str> = actor.grants.iter().map(|grant| grant.role.as_str()).collect();
    format!("{:?} {} {}", actor.kind, actor.name, roles.join(","))
}

fn house(store: TestStore, rules: Rules) -> House {
    store::migrate(&store, &[vault::MIGRATIONS, tries::MIGRATIONS, identity::MIGRATIONS]).unwrap();
    let vault = Vault::new(MasterKeys::generate().unwrap());
    let clock = FixedClock::local("2026-11-23 10:00");
    let settings = Settings {
        home: place("1."),
        secure: false,
        staff_home: "/who".into(),
        issuer: "Lianglin".into(),
        clock: clock.clock(),
        zone: ZONE,
        demonstration: false,
    };
    let frame = Frame {
        services: identity::SERVICES.to_vec(),
        csrf_key: vault.derive_key("csrf"),
        ..Frame::sample(Texts::new(&[web::LOCALES, identity::LOCALES]).unwrap(), clock.clock())
    };
    let identity = Identity::new(store.store(), vault, roles(), rules, settings, Arc::new(Places));
    let pages = identity::routes(Arc::clone(&identity)).route("/who", Cost::page(Need::Anyone), get(who));
    let gate = Arc::clone(&identity);
    let router = web::layers_with(pages, Arc::new(frame), move |router| identity::attach(router, gate));
    let router = web::addressed(router, Arc::new(web::Proxies::default()));
    House { store, identity, router, clock }
}

pub fn houses(rules: Rules) -> Vec<House> {
    // Opening a store blocks. A thread of the runtime may do that only when it says so.
    tokio::task::block_in_place(|| testkit::stores().into_iter().map(|store| house(store, rules)).collect())
}

pub fn post(role: &str, at: &str) -> Post {
    Post {
        id: Uuid::now_v7(),
        role: role.into(),
        place: place(at),
        department: None,
        from: "2026-01-01".parse().unwrap(),
        to: None,
    }
}

impl House {
    /// Opens an account of staff with posts, as the command line does.
    pub async fn staff(&self, login: &str, posts: Vec<Post>) -> Uuid {
        let id = Uuid::now_v7();
        let password = identity::hash_password(PASSWORD, &Rules::for_tests()).unwrap();
        let staff = NewStaff {
            id,
            district: place("1.").district(),
            login: login.into(),
            name: format!("{login}氏"),
            password,
            must_change: false,
        };
        let now = self.clock.now();
        let work = move |tx: &mut dyn Tx| {
            identity::open_staff(tx, &staff, &Actor::system(), now)?;
            posts.iter().try_for_each(|post| identity::give_post(tx, id, post, &roles(), &Actor::system(), now))
        };
        self.store.write(work).await.unwrap();
        id
    }

    pub fn browser(&self) -> Client {
        Client::new(self.router.clone())
    }

    pub async fn signed_in(&self, login: &str) -> Client {
        let mut client = self.browser();
        let reply = sign_in(&mut client, login, PASSWORD).await;
        assert_eq!(reply.status, 303, "{login}: {}", reply.words());
        client
    }

    pub async fn events(&self, account: Uuid) -> Vec<String> {
        let district = place("1.").district();
        let entries = self.store.read(move |tx| store::log::read(tx, district, account)).await.unwrap();
        entries.into_iter().map(|entry| entry.kind).collect()
    }
}

pub async fn sign_in(client: &mut Client, login: &str, password: &str) -> Reply {
    let page = client.get("/sign-in").await.expect(200);
    client.submit_once(page.form("/sign-in").set("login", login).set("password", password)).await
}

/// Opens a page, fills in one of its forms and sends it.
pub async fn send(client: &mut Client, address: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
    let mut form = client.get(address).await.expect(200).form(action);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit_once(form).await
}

pub fn code_of(key: &str, at: i64) -> String {
    let secret = BASE32_NOPAD.decode(key.replace(' ', "").as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at / 1_000_000).unwrap()).to_string()
}
