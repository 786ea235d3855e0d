//! Every template in both languages, usual and elder view; written to `LIANGLIN_GALLERY` for somebody to look at.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use askama::Template;
use kernel::language::{Bilingual, Lang};
use kernel::money::Fen;
use kernel::permission::{Actor, ActorKind};
use kernel::procedure::ClockState;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use std::sync::Arc;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{
    Choice, Crumb, Duty, Frame, Heading, Light, Page, Pager, Preferences, Problem, Service, Step, Texts, Theme, Visitor,
};

const SERVICES: (&str, &str) = (
    "demo-figures = 公开数据\ndemo-figures-for = 每月办了多少\ndemo-rules = 制度\ndemo-rules-for = 依据哪一条\ndemo-places = 地方\n",
    "demo-figures = Figures\ndemo-figures-for = What was done each month\ndemo-rules = Rules\ndemo-rules-for = By which clause\ndemo-places = Places\n",
);

const DUTIES: &[Duty] = &[Duty {
    held: |_| true,
    headings: &[Heading::Window, Heading::Today, Heading::Tasks, Heading::Community, Heading::Find],
}];

fn frame() -> Arc<Frame> {
    let item =
        |key, purpose, href, order| Service { heading: Heading::Foot, key, purpose, href, permission: None, order };
    Arc::new(Frame {
        services: vec![
            item("demo-rules", "demo-rules-for", "/rulebook", 2),
            item("demo-figures", "demo-figures-for", "/figures", 1),
        ],
        duties: DUTIES,
        ..Frame::sample(
            Texts::new(&[web::LOCALES, SERVICES]).unwrap_or_else(|faults| panic!("{faults:?}")),
            Arc::new(|| Instant::from_micros(1_795_401_720_000_000)),
        )
    })
}

fn worker() -> Visitor {
    Visitor {
        actor: Actor {
            account: Some(uuid::Uuid::from_u128(1)),
            name: "王芳".to_owned(),
            kind: ActorKind::Staff,
            grants: Vec::new(),
        },
        session: Some("secret".to_owned()),
        place_name: Some(Bilingual::new("和平区 · 南湖街道 · 文安路社区", "Wen'anlu Community, Heping")),
        role_title: Some(Bilingual::new("全科社工", "community worker")),
        login: Some("wang".to_owned()),
        warning: None,
    }
}

struct Row {
    light: Light,
    item: &'static str,
    number: &'static str,
    state: &'static str,
    days: i64,
}

macro_rules! gallery {
    ($name:ident, $path:literal, { $($field:ident: $kind:ty),* }) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name { page: Page, $($field: $kind),* }

        impl $name {
            fn w(&self, zh: &'static str, en: &'static str) -> &'static str {
                self.page.lang.pick(zh, en)
            }
        }
    };
}

gallery!(Home, "gallery/home.html", {});
gallery!(Filling, "gallery/form.html", { crumbs: Vec<Crumb>, problems: Vec<Problem>, places: Vec<Choice>, relations: Vec<Choice>, scores: Vec<Choice>, papers: Vec<Choice> });
gallery!(Receipt, "gallery/receipt.html", { due: Date, steps: Vec<Step> });
gallery!(Desk, "gallery/desk.html", { papers: Vec<Choice>, places: Vec<Choice>, rows: Vec<Row>, pager: Pager });
gallery!(Tables, "gallery/table.html", { problem: Option<Problem>, problems: Vec<Problem>, list: Table });
gallery!(Words, "gallery/words.html", {});

fn choices(lang: Lang, list: &[(&str, &str, &str)], chosen: &str) -> Vec<Choice> {
    list.iter().map(|(value, zh, en)| Choice::new(*value, lang.pick(zh, en), chosen)).collect()
}

fn places(lang: Lang) -> Vec<Choice> {
    choices(lang, &[("1", "文安路社区", "Wen'anlu Community"), ("2", "八王寺社区", "Bawangsi Community")], "1")
}

fn papers(lang: Lang) -> Vec<Choice> {
    choices(
        lang,
        &[("a", "身份证", "Identity card"), ("b", "银行卡", "Bank card"), ("c", "收入证明", "Proof of income")],
        "a",
    )
}

fn filling(page: Page) -> Filling {
    let lang = page.lang;
    let relations =
        choices(lang, &[("self", "本人办", "For myself"), ("child", "替父母办", "For my parents")], "child");
    let hint = lang.pick("带上老人和您的身份证。", "Bring both identity cards.");
    let relations =
        relations.into_iter().map(|choice| if choice.value == "child" { choice.hint(hint) } else { choice }).collect();
    let scores = choices(
        lang,
        &[
            ("5", "很满意", "Very good"),
            ("4", "满意", "Good"),
            ("3", "一般", "Fair"),
            ("2", "不满意", "Poor"),
            ("1", "很不满意", "Bad"),
        ],
        "4",
    );
    let crumbs = vec![
        Crumb { text: lang.pick("办事", "Services").to_owned(), href: "/".to_owned() },
        Crumb {
            text: lang.pick("80周岁以上高龄津贴", "Allowance from the age of 80").to_owned(),
            href: "/a".to_owned(),
        },
    ];
    let problems = vec![Problem {
        field: "telephone".to_owned(),
        text: lang.pick("手机号应有 11 位，这里有 7 位。", "A mobile number has 11 digits; here are 7.").to_owned(),
        remedy: String::new(),
    }];
    Filling { crumbs, problems, places: places(lang), relations, scores, papers: papers(lang), page }
}

fn receipt(page: Page) -> Receipt {
    let lang = page.lang;
    let step = |class, zh: &str, en: &str, when: &str| Step {
        class,
        text: lang.pick(zh, en).to_owned(),
        when: when.to_owned(),
    };
    let steps = vec![
        step("done", "文安路社区收下材料", "Taken at Wen'anlu Community", &page.minute(page.now)),
        step("now", "大东区东站街道核对", "Checked by Dongzhan Street", lang.pick("预计 12月2日前", "by about 2 Dec")),
        step("", "公示 5 日", "Published for 5 days", ""),
        step("", "大东区民政局决定", "Decided by Civil Affairs, Dadong", &page.date(Date::constant(2026, 12, 14))),
        step("", "到任一社区领取，或打入银行卡", "Collected at any community, or paid to the bank card", ""),
    ];
    Receipt { due: Date::constant(2026, 12, 14), steps, page }
}

fn desk(page: Page) -> Desk {
    let lang = page.lang;
    let row = |hours: i64, state, item, number, step, days| Row {
        light: page.time_left(page.now.plus_seconds(hours * 3600), state),
        item,
        number,
        state: step,
        days,
    };
    let rows = vec![
        row(
            -24,
            ClockState::Running,
            lang.pick("困难残疾人生活补贴", "Living subsidy for disabled people"),
            "210102-2026-0000087-2",
            lang.pick("等街道核对", "street checks"),
            16,
        ),
        row(
            6,
            ClockState::Running,
            lang.pick("就业困难人员认定", "Recognition of difficulty in finding work"),
            "210105-2026-0000101-9",
            lang.pick("公示到期，可上报", "publication over, may be sent up"),
            9,
        ),
        row(
            40,
            ClockState::Stopped,
            lang.pick("公共租赁住房申请", "Public rental housing"),
            "210102-2026-0000093-5",
            lang.pick("等居民补收入证明（已停 3 天）", "resident brings proof of income (3 days)"),
            12,
        ),
        row(
            24 * 8,
            ClockState::Running,
            lang.pick("残疾人证到期换领", "Renewal of a disability card"),
            "210106-2026-0000110-4",
            lang.pick("已到，可通知来取", "arrived, may be collected"),
            2,
        ),
        row(
            24 * 16,
            ClockState::Running,
            lang.pick("高龄津贴", "Old-age allowance"),
            "210104-2026-0000123-7",
            lang.pick("等街道核对", "street checks"),
            0,
        ),
    ];
    let pager = Pager { before: Some("?before=1".to_owned()), after: Some("?after=5".to_owned()) };
    Desk { papers: papers(lang), places: places(lang), rows, pager, page }
}

fn tables(page: Page) -> Tables {
    let lang = page.lang;
    let columns = vec![
        Column::new(ColumnKind::Link, lang.pick("驿站", "Station")).sorted_by("name"),
        Column::new(ColumnKind::Number, lang.pick("户数", "Households")),
        Column::new(ColumnKind::Money, lang.pick("经费（元）", "Money (yuan)")),
        Column::new(ColumnKind::Date, lang.pick("开放", "Opened")),
        Column::new(ColumnKind::Moment, lang.pick("最近登记", "Last changed")),
        Column::new(ColumnKind::Share, lang.pick("覆盖", "Reached")),
        Column::new(ColumnKind::Text, lang.pick("状态", "State")),
        Column::new(ColumnKind::Text, lang.pick("电话", "Telephone")).in_files(),
    ];
    let light = Light { class: "ok", text: lang.pick("开着", "open").to_owned() };
    let row = vec![
        Cell::link(lang.pick("文安路驿站", "Wen'anlu"), "/stations/1"),
        12_345_i64.into(),
        Fen::new(123_456).into(),
        Date::constant(2025, 3, 1).into(),
        page.now.into(),
        Cell::Share(785),
        light.into(),
        "024-22334455".into(),
    ];
    let bare = vec![
        Cell::link("B", "/stations/2"),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Told { number: 40, text: lang.pick("40 天前", "40 days ago").to_owned() },
        "–".into(),
        Cell::Noted {
            text: lang.pick("关着", "closed").to_owned(), note: lang.pick("五月起", "since May").to_owned()
        },
        Cell::Empty,
    ];
    let list = Table::new(lang.pick("站点", "Stations"), columns).with([row, bare]);
    let problem = Some(page.problem(&Refusal::new(Code::FormChoice).field("name").with("label", "x")));
    Tables { problem, problems: page.problems("demo-", &[Refusal::new(Code::FormMissing).field("places")]), list, page }
}

fn draw(name: &str, page: Page) -> String {
    match name {
        "home" => Home { page }.render(),
        "form" => filling(page).render(),
        "receipt" => receipt(page).render(),
        "desk" => desk(page).render(),
        "tables" => tables(page).render(),
        _ => Words { page }.render(),
    }
    .unwrap()
}

fn keep(name: &str, html: &str) {
    let Ok(folder) = std::env::var("LIANGLIN_GALLERY") else { return };
    let assets = format!("{folder}/assets");
    std::fs::create_dir_all(&assets).unwrap();
    for asset in ui::names() {
        std::fs::write(format!("{folder}{}", ui::address(asset)), &ui::asset(asset).unwrap().bytes).unwrap();
    }
    std::fs::write(format!("{folder}/{name}.html"), html.replace("\"/assets/", "\"assets/")).unwrap();
}

#[test]
fn every_template_renders_for_everybody() {
    for name in ["home", "form", "receipt", "desk", "tables", "words"] {
        for lang in Lang::ALL {
            for (view, theme, elder) in [
                ("light", Theme::Light, false),
                ("dark", Theme::Dark, false),
                ("elder", Theme::Light, true),
                ("elderdark", Theme::Dark, true),
                ("largest", Theme::System, true),
            ] {
                let visitor = if name == "desk" || name == "words" { worker() } else { Visitor::default() };
                let size = if view == "largest" { 4 } else { 0 };
                let liked = Preferences { lang, elder, size, theme };
                let path = if name == "desk" { "/desk" } else { "/" };
                let html = draw(name, Page::sample(frame(), path, liked, visitor));
                sound(&html, lang, name);
                keep(&format!("{name}-{}-{view}", lang.code()), &html);
            }
        }
    }
}

#[test]
fn a_table_tells_each_kind_of_cell_in_its_own_way() {
    let liked = Preferences { lang: Lang::En, ..Preferences::default() };
    let html = draw("tables", Page::sample(frame(), "/", liked, Visitor::default()));
    for part in [
        "<caption class=\"hidden\">Stations</caption>",
        "<th scope=\"col\" class=\"\" aria-sort=\"none\"><a href=\"?sort=name\">Station</a></th>",
        "<th scope=\"col\" class=\"num\">Households</th>",
        "<th scope=\"row\" class=\"main\"><a href=\"/stations/1\">Wen&#39;anlu</a></th>",
        "<td class=\"num\" data-label=\"Households\">12,345</td>",
        "<td class=\"num\" data-label=\"Money (yuan)\">1,234.56</td>",
        "<td class=\"day\" data-label=\"Opened\">1 Mar 2025</td>",
        "<td class=\"num\" data-label=\"Reached\">78.5%</td>",
        "<td class=\"\" data-label=\"State\"><span class=\"light ok\">open</span></td>",
        "<td class=\"num\" data-label=\"Households\"></td>",
        "<td class=\"\" data-label=\"Last changed\">40 days ago</td>",
        "<td class=\"\" data-label=\"State\">closed <span class=\"tiny\">since May</span></td>",
        "<a href=\"#f-places\">",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("024-22334455") && !html.contains("Telephone"), "what stands in files alone");
    assert!(html.contains("Places"), "the field is called what its text says");
}

/// What must be true of any page.
fn sound(html: &str, lang: Lang, name: &str) {
    assert!(html.contains(&format!("<html lang=\"{}\"", lang.code())), "{name}");
    for banned in ["⟦", "style=", "<style", "onclick", "javascript:", "http://", "https://", "href=\"\""] {
        assert!(!html.contains(banned), "{name} has {banned}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{name}: one heading of the first order");
    assert_eq!(html.matches("<main").count(), 1, "{name}");
    let mut names: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(all, names.len(), "{name}: each id once");
    for target in html
        .split("aria-describedby=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .flat_map(str::split_whitespace)
    {
        assert!(names.contains(&target), "{name}: nothing has the id {target}");
    }
    assert!(html.len() < 24 * 1024, "{name}: {} bytes", html.len());
}
