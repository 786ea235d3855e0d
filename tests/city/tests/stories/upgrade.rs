//! A city that an earlier version of the product has written is brought up by today's migrations, on both engines:
//! every
//! chain verifies, every row is the fold of its events, every page of an old case reads the same.

use cases::Step;
use city_stories::Town;
use hall::Fault;
use kernel::case::{Case, Command, Relation, SERVICE};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::Level;
use kernel::refusal::Code;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use uuid::Uuid;
use zip::ZipArchive;

/// The minute in which the pages were served.
const SERVED: &str = "2026-11-30 06:30";
/// How many cases it has.
const CASES: usize = 132;

/// What is kept of that city.
struct Kept {
    backup: String,
    key: String,
    passwords: BTreeMap<String, String>,
    /// Number, login and words of each page.
    pages: Vec<(String, String, String)>,
}

fn kept() -> Kept {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/before_kinds.zip");
    let mut archive = ZipArchive::new(File::open(file).unwrap()).unwrap();
    let mut text = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let (pages, passwords) = (text("pages.txt"), text("passwords.json"));
    let page = |part: &str| {
        let (head, words) = part.split_once('\n').unwrap();
        let (number, login) = head.split_once(' ').unwrap();
        (number.to_owned(), login.to_owned(), words.to_owned())
    };
    let pages = format!("\n{pages}").split("\n# ").filter(|part| !part.is_empty()).map(page).collect();
    Kept {
        backup: text("city.backup"),
        key: text("lianglin.key"),
        passwords: serde_json::from_str(&passwords).unwrap(),
        pages,
    }
}

#[test]
fn a_city_written_before_there_were_kinds_is_brought_up() {
    let kept = kept();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("city.backup");
    std::fs::write(&backup, &kept.backup).unwrap();
    for store in testkit::stores() {
        let town = Town::brought_up(store, &backup, &kept.key, SERVED);
        old_rows_have_their_kind(&town);
        town.verify_chains();
        town.recount_rows();
        let before = town.counts();
        pages_read_the_same(&town, &kept);
        assert_eq!(town.counts(), before, "{}: looking changes nothing", town.engine);
        deadlines_hold(&town);
    }
}

fn old_rows_have_their_kind(town: &Town) {
    let read = town.store().read_blocking(|tx| {
        let mut rows = Vec::new();
        for folded in cases::records::page(tx, Uuid::nil(), 10_000)? {
            rows.extend(cases::records::row(tx, folded.district, folded.id)?);
        }
        Ok::<_, store::StoreError>(rows)
    });
    let rows = read.unwrap();
    assert_eq!(rows.len(), CASES);
    for row in rows {
        let whole = row.kind == SERVICE && row.person.is_some() && !row.item.is_empty();
        assert!(whole, "{}: {}", town.engine, row.number);
    }
}

/// Nobody is refused for papers before the day named in her letter is over, even in a case that was opened before
/// procedures knew.
fn deadlines_hold(town: &Town) {
    let desk = town.city.cases.clone();
    let answers =
        |text: &str| [("reason", text), ("basis", text), ("remedy", text)].map(|(k, v)| (k.to_owned(), v.to_owned()));
    let rows = town.store().read_blocking(|tx| cases::records::page(tx, Uuid::nil(), 10_000)).unwrap();
    let (mut held, mut read) = (0, false);
    for folded in rows {
        let known = town.store().read_blocking({
            let desk = desk.clone();
            move |tx| desk.known(tx, folded.district, folded.id)
        });
        let case = known.unwrap().case;
        if case.state != "correction" {
            continue;
        }
        let command = Command::Act {
            action: "close_uncorrected".to_owned(),
            fields: answers("逾期未补正").into_iter().collect(),
            papers: Vec::new(),
            counter: None,
            on_behalf: false,
        };
        let step = Step { district: folded.district, id: folded.id, command, once: "early".to_owned() };
        let (desk, actor, now) = (desk.clone(), decider(&case), town.clock.now());
        let (hall, asked) = (desk.hall.clone(), case.entered_at);
        let limit = hall.rulebook.get(cases::CASE_SUPPLY_MISSING, &case.place, hall.day(asked)).unwrap();
        let over = hall.day(now) > hall.calendar().deadline_of_applicant(asked, limit, &[], asked).due_on;
        let done = town.store().write_blocking(move |tx| desk.step(tx, &step, &actor, &Relation::default(), now));
        match done {
            Err(Fault::Refused(refusal)) => {
                assert!(!over, "{}", case.number);
                assert_eq!(refusal.code, Code::CaseDayNotOver, "{}", case.number);
            }
            other => assert!(over && other.is_ok(), "{}", case.number),
        }
        if !over && !read && case.office.department.is_some() {
            reads_from_when(town, &case);
            read = true;
        }
        held += usize::from(!over);
    }
    assert!(held > 0, "{}: some old cases wait for papers", town.engine);
}

/// Whoever may refuse a case for want of papers reads on its page from which day on.
fn reads_from_when(town: &Town, case: &Case) {
    let role = match case.office.place.level() {
        Level::City => "city_handler",
        Level::Street => "street_handler",
        _ => "district_handler",
    };
    let mut browser = town.staff("decides", role, &case.office.place, case.office.department.as_deref());
    let words = browser.open(&format!("/cases/{}", case.number)).expect(200).words();
    assert!(words.contains("到期没补材料，不批准”要等给当事人的期限过完"), "{}: {words}", case.number);
}

/// Somebody who may decide a case.
fn decider(case: &Case) -> Actor {
    let grant = Grant {
        post: Uuid::nil(),
        role: "district_handler".to_owned(),
        place: case.office.place.clone(),
        department: case.office.department.clone(),
        permissions: [Permission::CaseHandle, Permission::CaseDecide].into_iter().collect(),
    };
    Actor { account: None, name: "孙海燕".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}

fn pages_read_the_same(town: &Town, kept: &Kept) {
    let (mut browsers, questions) = (BTreeMap::new(), questions());
    for (number, login, before) in &kept.pages {
        let browser = browsers.entry(login).or_insert_with(|| {
            let mut browser = town.visitor();
            browser.sign_in(login, &kept.passwords[login]);
            browser
        });
        let page = browser.open(&format!("/cases/{number}")).expect(200);
        let now = without_what_is_new(without_colleagues(&squeezed(&words(&page.body()))));
        let now = without_ready(&now);
        let before = without_ready(&without_colleagues(&of_today(&squeezed(before))));
        let before = without_what_is_over(before, &now);
        let [now, before] = [now, before].map(|text| without_questions(&without_year(&text), &questions));
        let [now, before] = [now, before].map(|text| without_whose_desk(&text));
        let differs = now.chars().zip(before.chars()).position(|(one, other)| one != other);
        let differs =
            differs.or_else(|| (now.len() != before.len()).then(|| now.chars().count().min(before.chars().count())));
        if let Some(place) = differs {
            let around = |text: &str| text.chars().skip(place.saturating_sub(60)).take(160).collect::<String>();
            panic!("{}: {number} for {login}\nwas {}\nis  {}", town.engine, around(&before), around(&now));
        }
    }
}

/// The text without the year of its days: today's pages say it, as somebody may read them in another one.
fn without_year(text: &str) -> String {
    text.replace("2026年", "")
}

/// The text without whose desk a case waits at: whoever works there reads today that it is hers.
fn without_whose_desk(text: &str) -> String {
    let told = ["等窗口", "等承办单位", "等您的窗口", "等您的单位", "等您办"];
    told.iter().fold(text.to_owned(), |text, desk| text.replace(desk, "等"))
}

/// What the procedures ask with a step, as its way names it before the answer, the longest first.
fn questions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/procedures");
    let mut found = vec!["申请人是怎么说的：".to_owned()];
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let procedure = kernel::procedure::load(&path.display().to_string(), &text).unwrap();
        for need in procedure.actions.values().flat_map(|action| &action.needs) {
            let asked = need.title.get(Lang::Zh).split(['（', '：', '；']).next().unwrap();
            found.push(format!("{asked}："));
        }
    }
    found.sort_by_key(|question| std::cmp::Reverse(question.len()));
    found
}

/// The text without the questions that today's pages print before the answers of a step.
fn without_questions(text: &str, questions: &[String]) -> String {
    questions.iter().fold(text.to_owned(), |text, question| text.replace(question.as_str(), ""))
}

/// The words of the main part of a page, without its menus.
fn words(html: &str) -> String {
    let (_, main) = html.split_once("<main").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    let (mut rest, mut kept) = (main, String::new());
    while let Some((before, menu)) = rest.split_once("<nav") {
        kept.push_str(before);
        rest = menu.split_once("</nav>").unwrap().1;
    }
    kept.push_str(rest);
    while let Some((before, print)) = kept.split_once("<span class=\"onlyprint\">") {
        kept = format!("{before}{}", print.split_once("</span>").unwrap().1);
    }
    let words: Vec<&str> = kept.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    marks.iter().fold(words.join("\n"), |text, (mark, sign)| text.replace(mark, sign))
}

/// What pages said then and what they say today in its place.
const WORDS: [(&str, &str); 38] = [
    ("最迟答复受理后当场办结内", "最迟答复受理当天办好"),
    ("已办结已办结已结束", "已办完"),
    ("已办结不予受理已结束", "不受理"),
    ("已办结已撤回已结束", "已撤回"),
    ("已办结准予，结果待", "已决定准予，结果待"),
    ("准予，结果待交付", "已批准，等领取"),
    ("准予，结果待送达", "已批准，等送达"),
    ("不予，决定待告知", "没批准，等告知"),
    ("已办结", "已办完"),
    ("当场办结", "当场办好"),
    ("已提交，待受理", "已提交，等受理"),
    ("停表待补正", "等补材料"),
    ("停表", "时限暂停"),
    ("等申请人补正材料", "等申请人补材料"),
    ("一次性告知补正", "告知要补的材料"),
    ("逾期未补正，不予", "到期没补材料，不批准"),
    ("待补正", "等补材料"),
    ("不予受理", "不受理"),
    ("不予", "不批准"),
    ("区级确认", "区里确认"),
    ("不需公示", "不用公示"),
    ("补交的材料", "补了哪几样材料"),
    ("救济途径和期限", "还可以怎么办（可不填，复议、诉讼文书上有）"),
    ("不填即按", "不填就按"),
    ("代领（已核对委托）邮寄送达电子送达已发放到账户", "代领（已核对委托）邮寄网上发送已打到账户"),
    ("电子送达结果", "网上发送结果"),
    ("领取方式本人领取", "怎么领取请选择本人领取"),
    ("已收原件", "已看原件，已退还"),
    ("申请人评价：1分", "评价：非常不满意"),
    ("申请人评价：2分", "评价：不满意"),
    ("申请人评价：3分", "评价：基本满意"),
    ("申请人评价：4分", "评价：满意"),
    ("申请人评价：5分", "评价：非常满意"),
    ("哪个部门民政人社医保卫健房产工会残联为什么转", "哪个部门请选择民政人社医保卫健房产工会残联为什么转"),
    ("为什么要看谁、什么时候、为什么看，都会记下，申请人看得到。查看完整信息", PURPOSES),
    ("撤回的原因（可不填）", "申请人为什么不办了申请人是怎么说的请选择本人当面说的本人打电话说的本人书面写的"),
    // Last, because longer words hold it too.
    ("准予", "批准"),
    ("未计时", "还没开始计时"),
];

/// What stands where a purpose was typed in words of one's own: the city's list, and a word beside it.
const PURPOSES: &str = "为什么要看谁、什么时候、为什么看，都会记下，申请人看得到。请选择办理这件事受理时核对通知、联系本人更正信息、答复本人请求\
                        打印文书邮寄送达上门服务动员联络核查投诉审计检查其他补充说明选填最多100字；选“其他”的必须写。对方看得到。查看完整信息";

/// The states in which a case has ended. Their light said so a second time then, and says nothing today.
const ENDED: [&str; 3] = ["已办结", "已撤回", "不予受理"];

/// The text of an old page in the words of today.
fn of_today(before: &str) -> String {
    let once = |text: String, state: &&str| text.replace(&format!("已办结{state}已结束"), &format!("{state}已结束"));
    let before = ENDED
        .iter()
        .fold(before.to_owned(), once)
        .replace("已结束打印回执", "打印回执")
        .replace("已结束保密件", "保密件");
    let text = WORDS.iter().fold(late(&before), |text, (then, today)| text.replace(then, today));
    let Some((head, rest)) = text.split_once(TO_ACCEPT) else { return text };
    // The light says today that its day is the one to accept by: how much is left, or by how much it is late.
    let light = head.rfind("还有").max(head.rfind("迟了")).unwrap();
    let (head, light) = head.split_at(light);
    let light = if light.starts_with("迟了") { format!("受理{light}") } else { format!("{light}受理") };
    format!("{head}{light}{TO_ACCEPT}{rest}")
}

/// By how many days something is late, as it is said today.
fn late(text: &str) -> String {
    let mut parts = text.split('超');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let counts = part.starts_with(|sign: char| sign.is_ascii_digit());
        text + if counts { "迟了" } else { "超" } + part
    })
}

/// What stands behind the light of a case that is not accepted yet.
const TO_ACCEPT: &str = "已提交，等受理等";

/// The text without the names of those to whom a case may be given: only whoever can work on it is offered today.
fn without_colleagues(text: &str) -> String {
    let Some((before, rest)) = text.split_once("交给同事交给谁") else { return text.to_owned() };
    let (_, after) = rest.split_once("交给同事").unwrap();
    format!("{before}{after}")
}

/// What stands before the reasons kept ready of a step, and what they are called.
const BEFORE_READY: &str = "套用备好的理由：";
const READY: [&str; 15] = [
    "符合条件",
    "看不清或缺页",
    "过了有效期",
    "缺签名",
    "条件不符",
    "核查结果与申报不一致",
    "已经享受同类待遇",
    "不归这里办",
    "不需要办",
    "明显不符合申请条件",
    "告知后没有补齐",
    "年龄未到",
    "户籍不在本地",
    "有人有能力供养",
    "银行卡不是本人的",
];

/// The text without the reasons kept ready, which stand behind the button of a step today.
fn without_ready(text: &str) -> String {
    let mut pieces = text.split(BEFORE_READY);
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let mut rest = piece;
        while let Some(behind) = READY.iter().find_map(|title| rest.strip_prefix(*title)) {
            rest = behind;
        }
        kept.push_str(rest);
    }
    kept
}

/// What the page of a case says today of its day, and of whoever may ask after a late one: what stays before it, its
/// first words and its last.
const NEW: [[&str; 3]; 9] = [
    // Nobody is offered to whom it could be given, and that is said.
    ["我来办", "这里没有能接手的同事", "能办这一件。"],
    ["", "督办这件已经超期，可以由", "的负责人催办。"],
    ["现在不需要您做什么。", "由", "督办。"],
    // The light at the head names its day.
    ["天", "（最迟", "）"],
    ["受理", "（最迟", "）"],
    ["日", "前答", "复"],
    ["", "补材料最迟", "日"],
    // Asking another office and passing a case on say what they do.
    ["", "只问别的单位的意见", "由本单位接着办。"],
    ["", "整件交给别的单位", "时限不重新算。"],
];

/// The text of a page of today without what only today's pages say.
fn without_what_is_new(text: String) -> String {
    // What an applicant is asked for stands first, with all that can be done about it.
    let text = match text.split_once("要补的材料应在") {
        Some((before, rest)) => format!("{before}办到哪一步{}", rest.split_once("办到哪一步").unwrap().1),
        None => text,
    };
    NEW.iter().fold(text, |text, [kept, from, to]| {
        let begin = format!("{kept}{from}");
        let Some((before, rest)) = text.split_once(begin.as_str()) else { return text };
        let (_, after) = rest.split_once(*to).unwrap();
        format!("{before}{kept}{after}")
    })
}

/// What the page of an ended case no longer says, from the first word up to the second: a limit from a day of
/// acceptance that never came, papers that nobody brings any more.
const OVER: [(&str, &str); 2] = [("最迟答复受理", "由谁决定"), ("还缺：", "办到哪一步")];

/// The text of an old page without what is over, where today's page, `now`, does not say it either.
fn without_what_is_over(text: String, now: &str) -> String {
    OVER.iter().filter(|(from, _)| !now.contains(from)).fold(text, |text, (from, to)| {
        let Some((before, rest)) = text.split_once(from) else { return text };
        let (_, after) = rest.split_once(to).unwrap();
        format!("{before}{to}{after}")
    })
}

/// The text without the day of a legal limit in the year after the city was written: New Year's Day of 2027 is off by
/// the regulation now, whether there is a notice or not.
fn without_legal_day(text: String) -> String {
    let Some((before, rest)) = text.split_once("法定时限：") else { return text };
    match rest.split_once("由谁决定") {
        Some((legal, after)) if legal.contains("2027年") => format!("{before}由谁决定{after}"),
        _ => text,
    }
}

/// The text without blanks and line ends, because templates may be broken into other lines, and without the hints of
/// keys: the one of a step stands where it is one's own side's, the one for taking a case on pages of today alone.
fn squeezed(text: &str) -> String {
    let text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    // What a screen reader is told of the steps.
    let heard = ["（已完成）", "（现在办到这一步）"];
    let text = heard.iter().fold(text, |text, told| text.replace(told, ""));
    let text = without_legal_day(text);
    text.replace("Ctrl+Enter", "").replace("我来办H", "我来办")
}
