//! In these stories a city brings what it has: its own sheet of the grid's catalogue, and what another system handled
//! before.

use crate::street::{before_sending, last};
use city_stories::{Browser, Story, Town, code_on};
use grid::Grid;
use grid::history::{Against, Mapping, read};
use std::sync::Arc;
use testkit::{Form, Reply, ZONE};

const PAGE: &str = "/report/catalogue";
const HEAD: &str = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限";
const ROWS: [&str; 4] = [
    "01,市容环境,0102,生活垃圾,环卫,城市管理局,垃圾没人收,已清走,2紧急工作时",
    ",,,,,,垃圾桶满溢,,4工作时",
    "04,突发事件,0409,群体性事件,街道,,有人聚集,已疏散,2紧急工作时",
    "05,街面秩序,0506,非机动车乱停放,街道,,现场正在发生,秩序已恢复,4工作时",
];
const DOCUMENT: &str = "沈城管〔2026〕12号";

fn desk(town: &Town) -> Arc<Grid> {
    town.city.house.get::<Grid>().unwrap()
}

fn sheet(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

/// Sends a sheet of events with these answers.
fn sends(editor: &mut Browser, rows: &[&str], answers: &[(&str, &str)]) -> Reply {
    let page = editor.open(PAGE).expect(200);
    let form = answers.iter().fold(page.form(PAGE), |form, (name, value)| form.set(name, value));
    editor.uploads(&form, &[("file", "事件.csv", sheet(rows).as_bytes())])
}

#[test]
fn a_city_s_own_sheet_holds_from_its_day_and_open_reports_keep_what_they_were_opened_under() {
    for town in Town::each() {
        let mut story = Story::new(&town, 351);
        let mut she = town.visitor();
        let form: Form = last(&before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap"));
        let receipt = she.submit(form).expect(200);
        story.number = receipt.address.trim_start_matches("/receipt/").to_owned();
        story.code = code_on(&receipt);

        let mut editor = town.staff("sheets", "catalogue_editor", &town.named("沈阳市"), None);
        assert!(editor.open("/work").expect(200).links().contains(&PAGE.to_owned()));
        assert!(editor.open(PAGE).expect(200).words().contains("还没有本市自己的表"));
        let looked = sends(&mut editor, &ROWS, &[("system", "event")]).expect(200);
        let words = looked.words();
        for told in ["不收 1", "新立案条件", "给人的意见贴标签", "event/0403", "也一起去掉"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert_eq!(desk(&town).editions().now().number, 0, "{}: nothing is in force yet", town.engine);

        let from = [("system", "event"), ("from", "2026-11-24"), ("apply", "1")];
        let named = [from.as_slice(), &[("document", DOCUMENT)]].concat();
        let refused = sends(&mut editor, &ROWS, &from).expect(422);
        assert!(refused.words().contains("没有写明依据哪份文件"), "{}", refused.words());
        let faulty = sends(&mut editor, &["1,市容,0102,垃圾,环卫,,成堆,已清,4工作时"], &named).expect(422);
        assert!(faulty.words().contains("A2") && faulty.words().contains("一行也没有生效"), "{}", faulty.words());
        let past = [("system", "event"), ("from", "2026-11-22"), ("apply", "1"), ("document", DOCUMENT)];
        assert!(sends(&mut editor, &ROWS, &past).expect(422).words().contains("已经过去"));
        let far = [("system", "event"), ("from", "2036-11-24"), ("apply", "1"), ("document", DOCUMENT)];
        assert!(sends(&mut editor, &ROWS, &far).expect(422).words().contains("太远"));
        for (document, told) in [("字".repeat(301), "太长"), ("沈城管\u{202E}12号".to_owned(), "看不见的字符")]
        {
            let answers = [from.as_slice(), &[("document", document.as_str())]].concat();
            let refused = sends(&mut editor, &ROWS, &answers).expect(422);
            assert!(refused.words().contains(told), "{}: {told}: {}", town.engine, refused.words());
        }
        let empty = sends(&mut editor, &[], &named).expect(422);
        assert!(empty.words().contains("没有一行能用"), "{}: {}", town.engine, empty.words());
        let formula = sends(&mut editor, &["01,市容环境,0102,@SUM(1),环卫,,成堆,已清走,4工作时"], &named).expect(422);
        assert!(formula.words().contains("不能以 = + - @ 开头"), "{}: {}", town.engine, formula.words());
        for _ in 0..2 {
            let done = sends(&mut editor, &ROWS, &named).expect(200);
            let told = done.words().matches(DOCUMENT).count();
            assert_eq!(told, 2, "{}: once in the list and once to be cancelled: {}", town.engine, done.words());
        }
        assert_eq!(desk(&town).editions().now().number, 0, "{}: its day has not come", town.engine);

        story.tell("it is 2026-11-24 00:01");
        desk(&town).renew(town.clock.now()).unwrap();
        assert_eq!(desk(&town).editions().now().number, 1);
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao finds it in /queue
             zhao opens it
             zhao reads 暴露垃圾
             zhao reads 垃圾成堆
             zhao does file
             zhao does dispatch
             case is handling",
        );
        let mut other = town.visitor();
        let form = last(&before_sending(&mut other, "垃圾没人收", "event/0102/c1"));
        let receipt = other.submit(form).expect(200);
        assert!(receipt.words().contains("生活垃圾"), "{}: {}", town.engine, receipt.words());
        let mut worker = town.staff("nosheets", "community_worker", &town.named("华炉社区"), None);
        drop(worker.open(PAGE).expect(403));
        town.verify();
    }
}

#[test]
fn a_sheet_can_be_cancelled_and_whoever_cannot_say_what_it_is_always_has_a_choice() {
    for town in Town::each() {
        let mut editor = town.staff("sheets.cancel", "catalogue_editor", &town.named("沈阳市"), None);
        let row = "01,家门口,0101,楼道灯,物业,,不亮,亮了,1工作日";
        let answers = [("system", "service"), ("from", "2026-11-23"), ("apply", "1"), ("document", DOCUMENT)];
        let shown = editor.open(PAGE).expect(200);
        assert!(!shown.words().contains("取消一张表"), "{}: nothing to cancel", town.engine);
        let done = sends(&mut editor, &[row], &answers).expect(200);
        let (grid, has) = (desk(&town), |key: &str| desk(&town).editions().now().catalogue.condition(key).is_some());
        assert!(has("service/0399/look") && !has("service/0103/trapped"), "{}", town.engine);
        assert!(has("event/0102/heap"), "{}: another system stays", town.engine);

        let cancel = format!("{PAGE}/cancel");
        let form = done.form(&cancel);
        let refused = editor.submit(form.clone().set("why", " ")).expect(422);
        assert!(refused.words().contains("没有写明依据哪份文件"), "{}: {}", town.engine, refused.words());
        for _ in 0..2 {
            let done = editor.submit(form.clone().set("why", "沈城管〔2026〕13号")).expect(200);
            assert!(
                done.words().contains("沈城管〔2026〕13号"),
                "{}: as the first time: {}",
                town.engine,
                done.words()
            );
        }
        // Another one under the same key is none that was done.
        drop(editor.submit(form.clone().set("why", "沈城管〔2026〕14号")).expect(422));
        assert!(has("service/0103/trapped"), "{}: what was there before holds again", town.engine);
        assert_eq!(grid.editions().now().number, 2, "{}: cancelled once", town.engine);
        let mut worker = town.staff("nocancel", "community_worker", &town.named("华炉社区"), None);
        drop(worker.submit(form.set("why", "x")).expect(403));
        town.verify();
    }
}

const SEVERE: &str = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,A类紧急,B类重大,C类一般";

#[test]
fn a_sheet_with_limits_by_severity_lets_whoever_sends_a_report_out_say_how_severe_it_is() {
    for town in Town::each() {
        let mut story = Story::new(&town, 352);
        let mut editor = town.staff("sheets", "catalogue_editor", &town.named("沈阳市"), None);
        let page = editor.open(PAGE).expect(200);
        let answers = [("system", "event"), ("from", "2026-11-23"), ("apply", "1"), ("document", DOCUMENT)];
        let form = answers.iter().fold(page.form(PAGE), |form, (name, value)| form.set(name, value));
        let file = format!("{SEVERE}\n01,市容环境,0102,生活垃圾,环卫,,垃圾没人收,已清走,1紧急工作时,4紧急工作时,2天\n");
        drop(editor.uploads(&form, &[("file", "事件.csv", file.as_bytes())]).expect(200));
        desk(&town).renew(town.clock.now()).unwrap();

        let mut she = town.visitor();
        let form = last(&before_sending(&mut she, "垃圾没人收", "event/0102/c1"));
        let receipt = she.submit(form).expect(200);
        story.number = receipt.address.trim_start_matches("/receipt/").to_owned();
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao does file
             zhao opens it
             zhao reads 严重程度
             zhao reads 按严重程度的时限
             zhao does not take dispatch
             zhao does dispatch severity=A
             case is handling",
        );
        let case = story.case();
        let clock = case.clock("handle").unwrap();
        let minutes = (clock.due_at.unwrap().micros() - clock.started.unwrap().micros()) / 60_000_000;
        assert_eq!(minutes, 60, "{}: an urgent hour", town.engine);
        town.verify();
    }
}

const MAPPING: &str = "source = \"热线\"\n[columns]\nnumber = \"编号\"\nopened = \"受理\"\ndue = \"期限\"\nclosed = \"办结\"\n\
    kind = \"类型\"\nplace = \"社区\"\n[kinds]\n\"路灯\" = \"component/0118\"\n";

#[test]
fn what_another_system_handled_is_kept_once_as_it_was_told() {
    for town in Town::each() {
        let (grid, tree, now) = (desk(&town), town.city.places.tree(), town.clock.now());
        let mapping = Mapping::load("m.toml", MAPPING, grid.editions(), &tree).unwrap();
        let against = Against { mapping: &mapping, catalogue: grid.editions(), tree: &tree, zone: ZONE, now };
        let take = |table: &str, apply| {
            let history = read(table.as_bytes(), &against, &|_| {}).unwrap();
            let done = grid.take_in(&history.taken().collect::<Vec<_>>(), apply, &|_| {}).unwrap();
            (done.new, done.corrected, done.same)
        };
        let table = "编号,受理,期限,办结,类型,社区\n1,2026-01-01,2026-01-05,2026-01-04,路灯,华炉社区\n\
                     2,2026-01-01,2026-01-05,2026-01-06,暴露垃圾,华炉社区\n3,2026-01-01,2026-01-05,,路灯,\n\
                     4,2026-01-01,,,灯,华炉社区\n";
        assert_eq!(take(table, false), (3, 0, 0), "{}: a look ahead", town.engine);
        assert_eq!(grid.history_of("热线", now).unwrap().all, 0, "{}: keeps nothing", town.engine);
        assert_eq!(take(table, true), (3, 0, 0));
        assert_eq!(take(table, true), (0, 0, 3), "{}: sent twice, taken once", town.engine);
        let counts = grid.history_of("热线", now).unwrap();
        assert_eq!((counts.all, counts.due, counts.closed, counts.late, counts.overdue), (3, 3, 2, 1, 1));
        let closed = table.replace("3,2026-01-01,2026-01-05,,", "3,2026-01-01,2026-01-05,2026-02-01,");
        assert_eq!(take(&closed, true), (0, 1, 2), "{}: the source says more today", town.engine);
        let counts = grid.history_of("热线", now).unwrap();
        assert_eq!((counts.all, counts.closed, counts.late, counts.overdue), (3, 3, 2, 0));
    }
}
