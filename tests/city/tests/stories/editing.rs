//! In these stories the city edits its catalogue: a draft with faults, its effect on past cases, a release from
//! tomorrow, and a department's list as a table.

use crate::two_people::alone;
use cases::Items;
use city_stories::{Browser, Story, Town, cells, wait};
use testkit::{Form, Reply};

const EDIT: &str = "/catalogue/MZ-11/edit";
const RELEASE: &str = "/catalogue/MZ-11/release";
/// Names a document and a clause of the rulebook's register.
const BASIS: &str = "platform-operation/12";

fn editor(town: &Town) -> Browser {
    town.staff("edits", "catalogue_editor", &town.named("沈阳市"), None)
}

/// Is the colleague who releases what the other wrote.
fn second(town: &Town) -> Browser {
    town.staff("releases", "catalogue_editor", &town.named("沈阳市"), None)
}

fn form(browser: &mut Browser, address: &str) -> Form {
    browser.open(address).expect(200).form(address)
}

/// Saves a draft that promises that many working days and no longer asks for a picture.
fn drafted(browser: &mut Browser, days: &str) -> Reply {
    let form = form(browser, EDIT).set("promised", days).set("paper3", "");
    browser.submit(form).expect(200)
}

fn released(browser: &mut Browser, from: &str) -> Reply {
    let form = form(browser, RELEASE).set("from", from).set("basis", BASIS);
    browser.submit(form)
}

fn version(town: &Town) -> (i64, u32) {
    let catalogue = town.city.counter.catalogue();
    let item = catalogue.get("MZ-11").unwrap();
    (item.version, item.promised.amount)
}

#[test]
fn a_draft_with_a_fault_says_what_to_do_and_is_not_released() {
    for town in Town::each() {
        let mut editor = editor(&town);
        let form = form(&mut editor, EDIT).set("promised", "40");
        let page = editor.submit(form).expect(422);
        assert!(page.words().contains("承诺时限不能比法定时限长"), "{}", page.words());
        assert!(!page.words().contains("Promise at most the statutory limit"), "one language: {}", page.words());
        assert_eq!(page.form(EDIT).get("promised"), Some("40"), "what was typed stays");
        let refused = released(&mut editor, "2026-11-24").expect(422);
        assert!(refused.words().contains("还有要改的地方"), "{}", refused.words());
        let words = page.form(EDIT).set("promised", "两周");
        drop(editor.open(EDIT).expect(200));
        let page = editor.submit(words).expect(422);
        assert!(page.words().contains("时限写整数"), "{}", page.words());
        assert_eq!(version(&town), (1, 15));
    }
}

#[test]
fn two_editors_of_one_draft_do_not_overwrite_each_other_unseen() {
    for town in Town::each() {
        let mut first = editor(&town);
        let mut second = town.staff("alsoedits", "catalogue_editor", &town.named("沈阳市"), None);
        let early = form(&mut first, EDIT).set("promised", "10");
        let late = form(&mut second, EDIT).set("promised", "12");
        drop(first.submit(early.clone()).expect(200));
        town.clock.set_local("2026-11-23 10:05");
        let refused = second.submit(late).expect(422);
        assert!(refused.words().contains("别人刚刚改过这份草稿"), "{}", refused.words());
        assert_eq!(refused.form(EDIT).get("promised"), Some("12"), "what was typed stays");
        assert_eq!(form(&mut first, EDIT).get("promised"), Some("10"), "and the other draft too");
        drop(first.submit(early).expect(200));
        drop(second.submit(refused.form(EDIT)).expect(200));
        assert_eq!(form(&mut first, EDIT).get("promised"), Some("12"));
    }
}

#[test]
fn a_release_waits_for_its_day_and_running_cases_keep_theirs() {
    for town in Town::each() {
        let mut story = Story::new(&town, 301);
        story.tell("worker is community_worker at 文安路社区\nworker takes MZ-11 for a resident of 华炉社区");
        let mut editor = editor(&town);
        let effect = drafted(&mut editor, "10");
        assert_eq!(effect.address, "/catalogue/MZ-11/preview");
        for said in ["提前 7 天：1 件", "不再要的", "作出决定的单位不变"] {
            assert!(effect.words().contains(said), "{said}: {}", effect.words());
        }
        assert!(!effect.body().contains(&story.number), "no number that she may not open");
        assert!(editor.open(RELEASE).expect(200).words().contains("要由另一个人发布。请有权限的同事"));
        let alone = released(&mut editor, "2026-11-24").expect(422);
        assert!(alone.words().contains("要由另一个人发布"), "{}", alone.words());
        let mut second = second(&town);
        drop(released(&mut second, "2026-11-22").expect(422));
        let history = released(&mut second, "2026-11-24").expect(200);
        assert_eq!(history.address, "/catalogue/MZ-11");
        assert!(history.words().contains("待生效"), "{}", history.words());
        wait(town.city.counter.renew(town.clock.now())).unwrap();
        assert_eq!(version(&town), (1, 15), "not before its day");
        town.clock.set_local("2026-11-24 00:01");
        wait(town.city.counter.renew(town.clock.now())).unwrap();
        assert_eq!(version(&town), (2, 10));
        let old = story.case();
        assert_eq!((old.item_version(), old.promised().unwrap().limit.amount), (1, 15));
        let papers = |version| town.city.counter.book.facts_of("MZ-11", version).unwrap().materials.len();
        assert_eq!((papers(1), papers(2)), (4, 3), "an old case is shown with the papers of its day");
        town.clock.set_local("2026-11-24 10:00");
        let mut next = Story::new(&town, 302);
        next.tell("worker is community_worker at 文安路社区\nworker takes MZ-11 for a resident of 华炉社区");
        let new = next.case();
        assert_eq!((new.item_version(), new.promised().unwrap().limit.amount), (2, 10));
        let held = editor.open("/catalogue/MZ-11").expect(200);
        assert!(held.words().contains("在用 第 2 版"), "{}", held.words());
        town.verify();
    }
}

#[test]
fn a_release_can_be_withdrawn_before_its_day_only() {
    for town in Town::each() {
        let (mut editor, mut second) = (editor(&town), second(&town));
        drop(drafted(&mut editor, "10"));
        let history = released(&mut second, "2026-12-01").expect(200);
        drop(drafted(&mut editor, "9"));
        let waiting = released(&mut second, "2026-12-02").expect(422);
        assert!(waiting.words().contains("请先撤回那个版本"), "{}", waiting.words());
        let withdraw = history.form("/catalogue/MZ-11/withdraw");
        drop(second.open("/catalogue/MZ-11").expect(200));
        let after = second.submit(withdraw.clone()).expect(200);
        assert!(after.words().contains("已撤回"), "{}", after.words());
        let today = released(&mut second, "2026-11-23").expect(200);
        assert!(today.words().contains("在用 第 3 版"), "a version is never given twice: {}", today.words());
        assert_eq!(version(&town), (3, 9));
        town.verify();
    }
}

#[test]
fn where_the_city_lets_one_person_she_releases_her_own_draft() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook/platform.toml"));
    let rules = alone(&rules.unwrap(), "catalogue.four_eyes");
    for town in Town::each_with(&[("rulebook/platform.toml", rules.as_str())]) {
        let mut editor = editor(&town);
        drop(drafted(&mut editor, "10"));
        drop(released(&mut editor, "2026-11-24").expect(200));
        town.verify();
    }
}

#[test]
fn a_list_is_reported_row_by_row_and_kept_only_on_demand() {
    for town in Town::each() {
        let mut editor = editor(&town);
        let form = form(&mut editor, "/catalogue/import");
        let table =
            "\u{feff}编号,承诺时限,承诺单位\nMZ-11,10,工作日\nMZ-12,三,工作日\nZZ-01,1,工作日\nMZ-11,9,工作日\n";
        let report = editor.uploads(&form, &[("file", "民政.csv", table.as_bytes())]).expect(200);
        let words = report.words();
        for said in ["有改动", "时限写整数", "编号不认识", "出现了两次", "把这 1 行存为草稿"] {
            assert!(words.contains(said), "{said}: {words}");
        }
        assert!(!editor.open("/catalogue?q=MZ-11").expect(200).words().contains("草稿："), "nothing is kept yet");
        let keep = report.form("/catalogue/import/drafts");
        let list = editor.uploads(&keep, &[]).expect(200);
        assert_eq!(list.address, "/catalogue");
        assert_eq!(editor.open(EDIT).expect(200).form(EDIT).get("promised"), Some("10"));
        drop(editor.open("/catalogue/import").expect(200));
        let tables: [(&[u8], &str); 4] = [
            (b"code,promised\nMZ-11,=5+5\n", "B2"),
            (b"promised\n5\n", "找不到“编号”这一列"),
            (b"PK\x03\x04 no workbook", "读不出来"),
            (b"", "没有收到表格，或者表格是空的"),
        ];
        for (table, said) in tables {
            let page = editor.uploads(&form, &[("file", "a.csv", table)]).expect(422);
            assert!(page.words().contains(said), "{said}: {}", page.words());
        }
    }
}

#[test]
fn the_template_comes_back_unchanged() {
    let town = Town::small();
    let mut editor = editor(&town);
    let form = form(&mut editor, "/catalogue/import");
    let template = editor.get("/catalogue/template?department=civil_affairs").expect(200);
    let shown = cells(&template.bytes);
    for word in ["工作日", "社区、街道", "否", "是"] {
        assert!(shown.lines().any(|cell| cell.starts_with(word)), "{word}: {shown}");
    }
    for code in ["working_day", "15"] {
        assert!(!shown.lines().any(|cell| cell == code), "{code} is no text: {shown}");
    }
    drop(editor.open("/catalogue/import").expect(200));
    let report = editor.uploads(&form, &[("file", "a.xlsx", &template.bytes)]).expect(200);
    assert_eq!(report.words().matches("没有变化").count(), 22, "{}", report.words());
    assert!(report.words().contains("没有可以存为草稿的行"));
}

#[test]
fn a_department_s_editor_edits_its_own_items_alone() {
    let town = Town::small();
    let mut health = town.staff("health", "catalogue_editor", &town.named("沈阳市"), Some("health"));
    drop(health.open(EDIT).expect(404));
    let list = health.open("/catalogue").expect(200);
    assert!(!list.links().contains(&"/catalogue/MZ-11".to_owned()));
    assert!(list.links().iter().any(|link| link.starts_with("/catalogue/WJ-")));
}

/// What the report says of a list of two columns.
fn reported(editor: &mut Browser, form: &Form, list: &str) -> Reply {
    drop(editor.open("/catalogue/import").expect(200));
    editor.uploads(form, &[("file", "民政.csv", list.as_bytes())]).expect(200)
}

#[test]
fn an_unknown_word_never_opens_a_confidential_item() {
    for town in Town::each() {
        let mut editor = editor(&town);
        let form = form(&mut editor, "/catalogue/import");
        for word in ["是", "TRUE", "Y", "1.0", "１", "真", "有", "√", "✓", "对", "yes", "on", "保密"] {
            let words = reported(&mut editor, &form, &format!("编号,保密\nMZ-17,{word}\n")).words();
            assert!(words.contains("没有变化 1 个") && !words.contains("不再保密"), "{word}: {words}");
        }
        for word in ["大概", "2", "?", "-"] {
            let words = reported(&mut editor, &form, &format!("编号;保密\nMZ-17;{word}\n")).words();
            let said = format!("B2（保密）写的是“{word}”，看不出是还是否");
            assert!(words.contains(&said) && words.contains("没有可以存为草稿的行"), "{word}: {words}");
        }
        for word in ["否", "无", "不", "N", "FALSE", "0", "０", "×"] {
            let words = reported(&mut editor, &form, &format!("编号,保密\nMZ-17,{word}\n")).words();
            assert!(words.contains("就不再保密：MZ-17"), "{word}: {words}");
        }
        let item = town.city.counter.catalogue().get("MZ-17").unwrap().confidential;
        assert!(item, "{}: nothing is kept yet", town.engine);
    }
}

#[test]
fn what_is_no_longer_confidential_is_told_and_released_by_a_second_person_always() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook/platform.toml"));
    let rules = alone(&rules.unwrap(), "catalogue.four_eyes");
    for town in Town::each_with(&[("rulebook/platform.toml", rules.as_str())]) {
        let (mut editor, mut second) = (editor(&town), second(&town));
        let upload = form(&mut editor, "/catalogue/import");
        let report = reported(&mut editor, &upload, "编号,保密\nMZ-17,否\n");
        drop(editor.uploads(&report.form("/catalogue/import/drafts"), &[]).expect(200));
        let release = "/catalogue/MZ-17/release";
        for page in ["/catalogue/MZ-17/preview", release] {
            assert!(editor.open(page).expect(200).words().contains("发布以后就不再保密"), "{page}");
        }
        let send = |browser: &mut Browser| {
            let form = form(browser, release).set("from", "2026-11-24").set("basis", BASIS);
            browser.submit(form)
        };
        assert!(send(&mut editor).expect(422).words().contains("必须由没有写过、改过草稿的人发布"));
        let confidential = |town: &Town| town.city.counter.catalogue().get("MZ-17").unwrap().confidential;
        assert!(confidential(&town));
        drop(send(&mut second).expect(200));
        town.verify();
    }
}

#[test]
fn whoever_ended_confidentiality_does_not_release_it_after_a_colleague_changed_a_word() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook/platform.toml"));
    let rules = alone(&rules.unwrap(), "catalogue.four_eyes");
    for town in Town::each_with(&[("rulebook/platform.toml", rules.as_str())]) {
        let (mut editor, mut second) = (editor(&town), second(&town));
        let upload = form(&mut editor, "/catalogue/import");
        let report = reported(&mut editor, &upload, "编号,保密\nMZ-17,否\n");
        drop(editor.uploads(&report.form("/catalogue/import/drafts"), &[]).expect(200));
        town.clock.set_local("2026-11-23 10:05");
        let (edit, release) = ("/catalogue/MZ-17/edit", "/catalogue/MZ-17/release");
        let word = form(&mut second, edit).set("summary_en", "For families who need help.");
        drop(second.submit(word).expect(200));
        let send = |browser: &mut Browser| {
            let form = form(browser, release).set("from", "2026-11-24").set("basis", BASIS);
            browser.submit(form)
        };
        for browser in [&mut editor, &mut second] {
            assert!(browser.open(release).expect(200).words().contains("您写过或者改过，要由另一个人发布"));
            assert!(send(browser).expect(422).words().contains("必须由没有写过、改过草稿的人发布"));
        }
        let mut third = town.staff("thirdeditor", "catalogue_editor", &town.named("沈阳市"), None);
        drop(send(&mut third).expect(200));
        town.verify();
    }
}

#[test]
fn a_new_item_is_never_confidential_or_open_by_silence() {
    let town = Town::small();
    let mut editor = editor(&town);
    let upload = form(&mut editor, "/catalogue/import");
    for (head, cells, said) in [
        ("编号,名称", "MZ-98,新津贴", "表里没有“保密”这一列"),
        ("编号,名称,保密", "MZ-98,新津贴,", "C2（保密）空着。新事项要写明“是”或“否”。"),
        ("编号,名称,是否保密", "MZ-98,新津贴,-", "C2（保密）写的是“-”，看不出是还是否"),
    ] {
        let words = reported(&mut editor, &upload, &format!("{head}\n{cells}\n")).words();
        assert!(words.contains(said) && words.contains("新事项 0 个"), "{head}: {words}");
    }
    for head in ["是否保密", "保密性", "涉密", "Confidential?"] {
        let words = reported(&mut editor, &upload, &format!("编号,{head}\nMZ-17,否\n")).words();
        assert!(words.contains("就不再保密：MZ-17") && !words.contains("没有用到"), "{head}: {words}");
    }
    drop(editor.open("/catalogue/import").expect(200));
    let turned = editor.uploads(&upload, &[("file", "民政.csv", "编号,不涉密\nMZ-17,是\n".as_bytes())]).expect(422);
    assert!(turned.words().contains("“不涉密”这一列讲的是保密"), "{}", turned.words());
}

#[test]
fn a_list_is_read_as_people_bring_it() {
    let town = Town::small();
    let mut editor = editor(&town);
    let upload = form(&mut editor, "/catalogue/import");
    let text =
        "大东区民政事项清单,,,\n编号,备注,承诺时限,名称\nＭＺ－１１,急,１０,\nMZ-12,,1月15日,\nMZ-13,,,困境?童\n";
    let words = reported(&mut editor, &upload, text).words();
    for said in [
        "共 3 行：新事项 0 个，有改动 1 个，没有变化 0 个，要改的 2 行。",
        "这些列没有用到：备注。",
        "C4（承诺时限）是日期“1月15日”，这里要整数",
        "D5（名称）写的是“困境?童”，有字丢了",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let mut list = "code,promised,reference\n".to_owned();
    for number in 100..1_235_u32 {
        let code = format!("MZ-{}", number % 900 + 100);
        let reference = format!("511Z0700{number:04}-511602000000-000-11511301008778183N-1-00");
        list.extend([code.as_str(), ",5,", reference.as_str(), "\n"]);
    }
    let report = reported(&mut editor, &upload, &list);
    assert!(report.words().contains("共 1135 行"), "a long list is reported to its end");
}

#[test]
fn limits_are_read_as_spreadsheets_write_them_and_told_by_their_cell() {
    let town = Town::small();
    let mut editor = editor(&town);
    let upload = form(&mut editor, "/catalogue/import");
    let list = "编号,承诺时限,法定时限\nMZ-11,10.0,\nMZ-12,15天,\nMZ-101,15.5,20\nMZ-06,46037,\nMZ-13,,三十\n";
    let words = reported(&mut editor, &upload, list).words();
    for said in [
        "有改动 1 个",
        "B3（承诺时限）写的是“15天”。时限写整数",
        "B4（承诺时限）写的是“15.5”。时限写整数",
        "B5（承诺时限）：时限写整数；承诺时限不能比法定时限长。",
        "C6（法定时限）写的是“三十”",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert_eq!(words.matches("15.5").count(), 1, "{words}");
    assert!(!words.contains("longer") && !words.contains("working_day"), "no English on a Chinese page: {words}");
}

#[test]
fn a_release_rests_on_a_document_that_the_city_enters_there() {
    for town in Town::each() {
        let mut editor = editor(&town);
        drop(drafted(&mut editor, "10"));
        let mut second = second(&town);
        let page = second.open(RELEASE).expect(200);
        assert!(page.words().contains("第 12 条：事项目录"), "the basis is words: {}", page.words());
        let add = "/catalogue/MZ-11/document";
        let fields = [
            ("doc_title", "高龄津贴发放办法"),
            ("doc_number", "沈民发〔2026〕12号"),
            ("doc_issuer", "沈阳市民政局"),
            ("doc_date", "2026-10-01"),
            ("doc_clause", "3"),
            ("doc_words", "十个工作日内办结。"),
        ];
        let form = fields.iter().fold(page.form(add), |form, (name, value)| form.set(name, value));
        let faulty = second.submit(form.clone().set("doc_date", "2027-01-01")).expect(422);
        assert!(faulty.words().contains("发文日期在今天以后"), "{}", faulty.words());
        assert_eq!(faulty.form(add).get("doc_title"), Some("高龄津贴发放办法"), "what was typed stays");
        let entered = second.submit(form.clone()).expect(200);
        drop(second.submit(form).expect(200));
        let chosen = entered.form(RELEASE);
        assert!(chosen.get("basis").unwrap_or_default().starts_with("own:"), "{:?}", chosen.get("basis"));
        let offered = second.open(RELEASE).expect(200).words();
        assert_eq!(offered.matches("十个工作日内办结").count(), 1, "sent twice, entered once: {offered}");
        let forged = second.open(RELEASE).expect(200).form(RELEASE).set("from", "2026-11-24");
        let forged = second.submit(forged.set("basis", "own:0190b5f0-0000-7000-8000-000000000001/3")).expect(422);
        assert!(forged.words().contains("依据的文件和条款"), "{}", forged.words());
        let history = second.submit(chosen.set("from", "2026-11-24")).expect(200);
        assert_eq!(history.address, "/catalogue/MZ-11", "{}", history.words());
        assert!(history.words().contains("《高龄津贴发放办法》（沈民发〔2026〕12号）"), "{}", history.words());
    }
}

#[test]
fn the_form_of_an_item_has_parts_and_a_save_that_stays_in_sight() {
    for town in Town::each() {
        let mut editor = editor(&town);
        let page = editor.open(EDIT).expect(200).body();
        assert_eq!(page.matches("<details class=\"more part\"").count(), 10, "{page}");
        assert_eq!(page.matches("<details class=\"more part\" open").count(), 1, "the first one stands open");
        assert!(page.contains("<div class=\"kept\">"), "the save sticks to the foot of the window");
        assert!(!page.contains("name=\"limit_source\" type=\"text\""), "no codes are typed");
        let form = form(&mut editor, EDIT).set("promised", "两周");
        let faulty = editor.submit(form).expect(422).body();
        let open = faulty.split("<details class=\"more part\" open").nth(1).unwrap();
        assert!(open.contains("f-promised"), "the part with the fault stands open");
    }
}
