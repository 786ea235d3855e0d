//! Tests of a city's own sheet: rows as cities write them, what is told of them, and the file that comes of them.

use super::*;
use crate::catalogue::tests::shipped;
use crate::catalogue::{Area, Editions, Released, Severity};
use kernel::calendar::{Limit, Unit};
use kernel::refusal::Code;
use rust_xlsxwriter::Workbook;

const HEAD: &str = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限";

fn looked_at(bytes: &[u8], system: Option<&str>) -> Result<Sheet, Refusal> {
    let catalogue = shipped();
    let taken = |key: &str| match catalogue.kind(key) {
        Some(kind) => kind.conditions.iter().map(|condition| condition.code.clone()).collect(),
        None => BTreeSet::new(),
    };
    let read = read(bytes, &Asked { catalogue: &catalogue, system, document: "沈城管〔2026〕12号", taken: &taken });
    read.map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal,
        other => panic!("{other}"),
    })
}

fn sheet(rows: &[&str]) -> Sheet {
    looked_at(format!("{HEAD}\n{}\n", rows.join("\n")).as_bytes(), Some("event")).unwrap()
}

/// The catalogue with the files of a sheet in force.
fn in_force(sheet: &Sheet) -> Editions {
    let editions = Editions::new(crate::catalogue::tests::files()).unwrap();
    let day = "2026-12-01".parse().unwrap();
    let released = (1_i64..).zip(&sheet.files);
    let released = released.map(|(number, (system, text))| Released {
        number,
        system: system.clone(),
        text: text.clone(),
        from: day,
    });
    editions.renew(&released.collect::<Vec<_>>(), day).unwrap();
    editions
}

/// What is told of a row: the codes of its remarks, and the cells that they name.
fn told(row: &Told) -> Vec<(Code, &str)> {
    row.notes.iter().map(|note| (note.code, note.detail.get("cell").map(String::as_str).unwrap_or_default())).collect()
}

#[test]
fn one_small_class_has_several_conditions_and_empty_cells_mean_the_same_as_above() {
    let sheet = sheet(&[
        "01,市容环境,0102,暴露垃圾,环卫中心,城市管理局,垃圾成堆、满溢,已清走,4工作时",
        ",,,,,,沿街散落,,2工作时",
        ",,03,积存渣土,,,有渣土,已清运,",
    ]);
    let verdicts: Vec<&Verdict> = sheet.rows.iter().map(|row| &row.verdict).collect();
    let changed = Verdict::Changed(vec![Field::Supervisor]);
    assert_eq!(verdicts, [&changed, &Verdict::NewCondition, &Verdict::NewCondition], "{:?}", sheet.rows);
    assert_eq!(sheet.rows[2].key, "event/0103");
    let editions = in_force(&sheet);
    let (kind, heap) = editions.condition("event/0102/heap").unwrap();
    assert_eq!((kind.unit.as_str(), kind.supervisor.as_str(), kind.provisional), ("sanitation", "城市管理局", false));
    assert_eq!(
        (heap.when.en.as_str(), kind.words.first().unwrap().as_str()),
        ("A heap of rubbish, or bins running over", "垃圾")
    );
    let (_, scattered) = editions.condition("event/0102/c1").unwrap();
    assert_eq!((scattered.closes.zh.as_str(), scattered.limit), ("已清走", Limit::new(2, Unit::WorkingHour)));
    let (earth, there) = editions.condition("event/0103/c1").unwrap();
    assert_eq!((earth.name.zh.as_str(), earth.unit.as_str()), ("积存渣土", "sanitation"), "the unit is that above");
    assert_eq!(there.limit, Limit::new(2, Unit::WorkingHour), "so is the limit");
    assert!(editions.kind("event/0101").is_none() && editions.kind_ever("event/0101").is_some());
    assert!(editions.kind("component/0101").is_some(), "another system is not touched");
}

#[test]
fn the_row_of_the_city_of_yuncheng_is_read_as_it_is_printed() {
    let rows = [
        "01,公用设施,0129,园林井盖,园林中心,,缺失、移位，或开裂有危险,已恢复原状,2紧急工作时",
        ",,,,,,破损超过 25 平方厘米,已更换或修好,4工作时",
        ",,,,,,松动、响动或翻转,,2工作日",
        ",,,,,,周围 150 × 150 厘米内路面下沉或凸起,已修好,5工作日",
    ];
    let bytes = format!("{HEAD}\n{}\n", rows.join("\n"));
    let sheet = looked_at(bytes.as_bytes(), Some("component")).unwrap();
    assert!(sheet.rows.iter().all(|row| row.verdict == Verdict::Same && row.notes.is_empty()), "{:?}", sheet.rows);
    let editions = in_force(&sheet);
    for code in ["missing", "broken", "rattling", "sunk"] {
        let key = format!("component/0129/{code}");
        let (before, after) = (shipped(), editions.condition(&key).unwrap());
        assert_eq!(before.condition(&key).unwrap().1, after.1, "photo, English and code stay");
    }
    assert_eq!(sheet.removed.len(), 85, "all other components go");
    let calls = sheet.removed.iter().filter(|removed| removed.calls_first).count();
    assert!(calls > 0 && sheet.files.len() == 1);
}

#[test]
fn what_labels_opinions_or_faith_is_left_out_and_told() {
    let sheet = sheet(&[
        "04,突发事件,0409,群体性事件,街道办,,有人聚集,已疏散,2紧急工作时",
        ",,,,,,人数很多,,",
        "05,街面秩序,0590,邪教宣传品,街道,,发现宣传品,已清理,4工作时",
        "05,街面秩序,0599,其他街面秩序事件,街道,,发现聚集上访,已劝返,4工作时",
        ",,,,,,现场仍有,已处理,1工作日",
    ]);
    let verdicts: Vec<&Verdict> = sheet.rows.iter().map(|row| &row.verdict).collect();
    let left = &Verdict::LeftOut;
    assert_eq!(verdicts, [left, left, left, left, &Verdict::Same], "{:?}", sheet.rows);
    assert_eq!(told(&sheet.rows[0]), [(Why::GridSheetLeftOut, "D2")]);
    assert!(sheet.rows[0].notes[0].sentence(kernel::language::Lang::En).contains("opinions"));
    let editions = in_force(&sheet);
    assert!(editions.kind("event/0409").is_none() && editions.kind("event/0599").is_some());
}

#[test]
fn what_cannot_be_taken_is_told_with_its_cell() {
    let table: [(&[&str], usize, Code, &str); 16] = [
        (&["1,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetCode, "A2"),
        (&["01,市容环境,102,暴露垃圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetCode, "C2"),
        (&["01,市容环境,2101020102000001,暴露垃圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetCode, "C2"),
        (&["01,市容环境,2101020202,暴露垃圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetClass, "C2"),
        (&["01,市容环境,0202,暴露垃圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetClass, "C2"),
        (&["01,市容环境,0102,暴露垃圾,清洁大队,,成堆,已清走,4工作时"], 0, Why::GridSheetUnit, "E2"),
        (&["01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,尽快"], 0, Why::GridSheetLimit, "I2"),
        (&["01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,"], 0, Why::GridSheetMissing, "I2"),
        (&["01,市容环境,0102,暴露垃圾,,,成堆,已清走,4工作时"], 0, Why::GridSheetMissing, "E2"),
        (&["01,市容环境,0102,暴露垃圾,环卫,,,已清走,4工作时"], 0, Why::GridSheetNoCondition, "G2"),
        (
            &["01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,4工作时", ",,0103,积存渣土,,,,,"],
            1,
            Why::GridSheetNoCondition,
            "G3",
        ),
        (
            &["01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,4工作时", ",,,,,, 成 堆 ,已清走,2工作日"],
            1,
            Why::GridSheetTwice,
            "G3",
        ),
        (
            &["01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,4工作时", ",,0102,生活垃圾,,,散落,已清走,4工作时"],
            1,
            Why::GridSheetNamed,
            "D3",
        ),
        (
            &["01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,4工作时", ",,,生活垃圾,,,散落,已清走,4工作时"],
            1,
            Why::GridSheetMissing,
            "C3",
        ),
        (&["01,市容环境,0102,暴露?圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetDamaged, "D2"),
        (&[",,0102,暴露垃圾,环卫,,成堆,已清走,4工作时"], 0, Why::GridSheetMissing, "A2"),
    ];
    for (rows, at, code, cell) in table {
        let sheet = sheet(rows);
        assert_eq!(sheet.rows[at].verdict, Verdict::Faulty, "{rows:?}");
        assert!(told(&sheet.rows[at]).contains(&(code, cell)), "{rows:?}: {:?}", sheet.rows[at].notes);
        assert_eq!(sheet.faulty(), 1, "{rows:?}: {:?}", sheet.rows);
    }
}

#[test]
fn words_that_are_too_long_or_hide_something_are_told_with_their_cell() {
    let row =
        |when: &str, closes: &str, limit: &str| format!("01,市容环境,0102,暴露垃圾,环卫,,{when},{closes},{limit}");
    let (long, fits) = ("长".repeat(501), "长".repeat(500));
    let table = [
        (row(&long, "已清走", "4工作时"), Why::GridSheetLong, "G2"),
        (row("成堆", &long, "4工作时"), Why::GridSheetLong, "H2"),
        (row("成\u{202E}堆", "已清走", "4工作时"), Why::GridSheetHidden, "G2"),
        (row("成堆", "已\u{200B}清走", "4工作时"), Why::GridSheetHidden, "H2"),
    ];
    for (row, code, cell) in table {
        let sheet = sheet(&[row.as_str()]);
        assert_eq!(sheet.rows[0].verdict, Verdict::Faulty, "{row}");
        assert!(told(&sheet.rows[0]).contains(&(code, cell)), "{row}: {:?}", sheet.rows[0].notes);
    }
    assert_eq!(sheet(&[row(&fits, "已清走", "4工作时").as_str()]).faulty(), 0);
}

#[test]
fn full_width_codes_a_type_beside_and_other_titles_are_read() {
    let head = "大类编码;大类;小类编码;小类;责任主体;监管主体;立案标准;结案标准;处置时间;时限类型;备注";
    let row = "０１;市容环境;０１０２;暴露垃圾;环境卫生;;垃圾成堆、满溢;已清走;2紧急工作时;work_hour;急";
    let (gbk, _, lost) = encoding_rs::GBK.encode(head);
    assert!(!lost);
    let (row, ..) = encoding_rs::GBK.encode(row);
    let bytes = [&*gbk, b"\r\n", &*row, b"\r\n"].concat();
    let sheet = looked_at(&bytes, Some("event")).unwrap();
    assert_eq!(sheet.rows[0].verdict, Verdict::Changed(vec![Field::Limit]), "{:?}", sheet.rows);
    assert_eq!(told(&sheet.rows[0]), [(Why::GridSheetTypeLoses, "I2")]);
    assert_eq!(in_force(&sheet).condition("event/0102/heap").unwrap().1.limit, Limit::new(2, Unit::UrgentHour));
    assert_eq!(sheet.untaken, ["备注"]);
}

/// A workbook with these sheets, each with its rows.
fn workbook(sheets: &[(&str, &[&str])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (line, row) in (0..).zip(*rows) {
            for (at, cell) in (0..).zip(row.split(',')).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(line, at, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn each_sheet_of_a_workbook_is_of_the_system_that_its_name_says() {
    let by_severity = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,A类紧急,B类重大,C类一般";
    let by_area =
        "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限,A类核心区域,C类其他区域";
    let bytes = workbook(&[
        ("说明", &["立案标准", "由城市管理局编制"]),
        ("部件", &[HEAD, "01,公用设施,0101,上水井盖,供水,,缺失,已恢复,2紧急工作时"]),
        ("部件扩展", &[by_severity, "90,扩展部件,9001,充电桩,供电,,漏电,已修好,1紧急工作时,4工作时,2天"]),
        ("事件", &[by_area, "04,突发事件,0407,道路积雪结冰,环卫,,雪停后没有清,已清,8工作时,4紧急工作时,2工作日"]),
        ("服务事项", &[HEAD, "01,家门口的事,0101,楼道照明,物业,,不亮,已亮,2工作日"]),
    ]);
    let sheet = looked_at(&bytes, None).unwrap();
    let keys: Vec<(&str, &str)> = sheet.rows.iter().map(|row| (row.sheet.as_str(), row.key.as_str())).collect();
    let expected = [
        ("部件", "component/0101"),
        ("部件扩展", "component/9001"),
        ("事件", "event/0407"),
        ("服务事项", "service/0101"),
    ];
    assert_eq!((keys.as_slice(), sheet.faulty()), (expected.as_slice(), 0), "{:?}", sheet.rows);
    assert_eq!((sheet.unread.as_slice(), sheet.files.len()), (["说明".to_owned()].as_slice(), 3));
    let editions = in_force(&sheet);
    let (_, charger) = editions.condition("component/9001/c1").unwrap();
    let day = |amount| Limit::new(amount, Unit::WorkingDay);
    assert_eq!(
        (charger.limit_at(Some(Severity::Major), None), charger.limit),
        (Limit::new(4, Unit::WorkingHour), day(2))
    );
    let (_, snow) = editions.condition("event/0407/c1").unwrap();
    assert_eq!(snow.limit_at(None, Some(Area::Other)), day(2));
    assert_eq!(snow.limit_at(None, Some(Area::General)), Limit::new(8, Unit::WorkingHour));
    let only = looked_at(&bytes, Some("service")).unwrap();
    assert_eq!((only.rows.len(), only.files.len(), only.unread.len()), (1, 1, 4), "one system is asked for");
}

#[test]
fn odd_titles_codes_that_became_numbers_and_merged_cells_are_read() {
    let head = [
        "序号",
        "事件大类编码",
        "事件大类名称（一级）",
        "事件小类编码",
        "事件小类名称",
        "责任部门",
        "监管单位",
        "立案情形",
        "结案要求",
        "处置时限（工作日）",
    ];
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("事件").unwrap();
    for (at, title) in (0..).zip(head) {
        sheet.write_string(0, at, title).unwrap();
    }
    let plain = rust_xlsxwriter::Format::new();
    for (column, text) in [(2, "市容环境"), (4, "暴露垃圾"), (5, "环卫"), (6, "")] {
        sheet.merge_range(1, column, 2, column, text, &plain).unwrap();
    }
    for line in [1, 2] {
        sheet.write_number(line, 0, f64::from(line)).unwrap();
        sheet.write_number(line, 1, 1).unwrap();
        sheet.write_number(line, 3, 102).unwrap();
    }
    for (line, when, closes) in [(1, "垃圾成堆、满溢", "已清走"), (2, "沿街散落", "")] {
        sheet.write_string(line, 7, when).unwrap();
        sheet.write_string(line, 8, closes).unwrap();
    }
    sheet.write_number(1, 9, 2).unwrap();
    sheet.write_string(2, 9, "当日").unwrap();
    let sheet = looked_at(&book.save_to_buffer().unwrap(), None).unwrap();
    assert_eq!((sheet.faulty(), sheet.untaken.as_slice()), (0, ["序号".to_owned()].as_slice()), "{:?}", sheet.rows);
    assert!(sheet.rows.iter().all(|row| row.key == "event/0102"), "{:?}", sheet.rows);
    let editions = in_force(&sheet);
    let limit = |key: &str| editions.condition(key).unwrap().1.limit;
    assert_eq!(limit("event/0102/heap"), Limit::new(2, Unit::WorkingDay));
    assert_eq!(limit("event/0102/c1"), Limit::new(0, Unit::WorkingDay), "what is put in force reads 当日 again");
}

#[test]
fn what_a_table_does_not_say_of_itself_is_not_guessed() {
    let row = "01,市容环境,0102,暴露垃圾,环卫,,成堆,已清走,4工作时";
    let refused = |bytes: &[u8], system| looked_at(bytes, system).unwrap_err().code;
    assert_eq!(refused(format!("{HEAD}\n{row}\n").as_bytes(), None), Why::GridSheetSystem);
    let bytes = workbook(&[("Sheet1", &[HEAD, row])]);
    assert_eq!(refused(&bytes, None), Why::GridSheetSystem);
    assert_eq!(looked_at(&bytes, Some("event")).unwrap().rows.len(), 1);
    let letters = HEAD.replace("处置时限", "A类,B类,C类");
    assert_eq!(refused(format!("{letters}\n{row},1天,2天\n").as_bytes(), Some("event")), Why::GridSheetLetter);
    assert_eq!(refused(b"a,b\n1,2\n", Some("event")), tables::Why::TableHead);
    assert_eq!(refused(b"", Some("event")), tables::Why::TableEmpty);
}

#[test]
fn the_whole_catalogue_written_as_a_sheet_changes_nothing() {
    let catalogue = shipped();
    let mut rows = vec![format!("{HEAD}")];
    let quoted = |text: &str| format!("\"{text}\"");
    for kind in catalogue.kinds().iter().filter(|kind| kind.system == "event") {
        let class = catalogue.system("event").unwrap().classes.iter().find(|class| class.code == kind.class()).unwrap();
        for one in &kind.conditions {
            let cells = [
                kind.class(),
                &class.name.zh,
                &kind.code,
                &kind.name.zh,
                &kind.unit,
                "",
                &quoted(&one.when.zh),
                &quoted(&one.closes.zh),
                &said(one.limit).zh,
            ];
            rows.push(cells.join(","));
        }
    }
    let sheet = looked_at((rows.join("\n") + "\n").as_bytes(), Some("event")).unwrap();
    let told: Vec<&Told> = sheet.rows.iter().filter(|row| row.verdict != Verdict::Same).collect();
    // The limits of snow differ by area, and a sheet without such columns says one for all.
    assert!(told.len() == 1 && told[0].key == "event/0407", "{told:?}");
    assert!(sheet.removed.is_empty() && sheet.files.len() == 1);
    let editions = in_force(&sheet);
    for kind in catalogue.kinds().iter().filter(|kind| kind.key() != "event/0407") {
        let after = editions.kind(&kind.key()).unwrap();
        assert_eq!((&kind.conditions, &kind.name, &kind.words), (&after.conditions, &after.name, &after.words));
    }
}
