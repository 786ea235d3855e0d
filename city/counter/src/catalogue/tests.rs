//! The shipped catalogue, planted faults, and questions with the item they must find first.

use super::*;
use kernel::calendar::Unit;
use std::path::Path;
use std::time::Instant;
use vault::PersonField;

/// The files of `data/catalogue`, as the platform reads them.
pub(crate) fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/catalogue");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let name = |path: &Path| format!("data/catalogue/{}", path.file_name().unwrap().display());
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// The shipped catalogue.
pub(crate) fn catalogue() -> Catalogue {
    Catalogue::load(&shipped()).unwrap_or_else(|faults| panic!("{}", told(&faults)))
}

fn told(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_shipped_catalogue_is_complete() {
    let catalogue = catalogue();
    let counts = catalogue.counts();
    assert_eq!(counts.items, 115);
    let expected = [
        ("civil_affairs", 21),
        ("disabled_federation", 12),
        ("health", 11),
        ("housing", 10),
        ("human_resources", 35),
        ("medical_insurance", 20),
        ("trade_union", 6),
    ];
    let found: Vec<(&str, usize)> = counts.by_department.iter().map(|(code, items)| (code.as_str(), *items)).collect();
    assert_eq!(found, expected);
    assert_eq!(catalogue.items().next().unwrap().code, "MZ-01");
    assert_eq!(catalogue.items().next_back().unwrap().code, "CL-12");
    assert_eq!((counts.confidential, counts.instant, counts.materials), (3, 25, 58));
}

#[test]
fn the_check_prints_its_counts() {
    let report = catalogue().check().to_string();
    for line in
        ["115 items", "   21  民政  Civil affairs", "custody: D 21, S 79, O 15", "provisional: 115", "of age: 15"]
    {
        assert!(report.contains(line), "{line} is missing in\n{report}");
    }
}

#[test]
fn an_item_is_read_as_it_is_written() {
    let catalogue = catalogue();
    let item = catalogue.get("mz-11").unwrap();
    assert_eq!(item.name.zh, "80周岁以上高龄津贴");
    assert_eq!((item.promised.amount, item.legal.amount), (15, 30));
    assert_eq!(item.promised.unit, Unit::WorkingDay);
    assert_eq!(item.custody, Custody::Separate);
    assert_eq!(
        item.fields,
        [PersonField::Name, PersonField::ResidentId, PersonField::Telephone, PersonField::BankCard]
    );
    assert!(item.provisional.contains(&Aspect::Promised) && !item.provisional.contains(&Aspect::Legal));
    assert!(catalogue.get("MZ-99").is_none());
}

#[test]
fn papers_are_named_with_what_will_do_instead() {
    let catalogue = catalogue();
    let papers = |code: &str| catalogue.materials_of(catalogue.get(code).unwrap()).cloned().collect::<Vec<_>>();
    let register = papers("YB-07").into_iter().find(|paper| paper.code == "HK").unwrap();
    assert_eq!(register.name.zh, "居民户口簿或个人承诺书");
    assert_eq!(register.name.en, "Household register booklet or signed personal declaration");
    assert!(register.waivable_by_check && register.needed);
    let marriage = papers("RS-18").into_iter().find(|paper| paper.code == "MC").unwrap();
    assert!(!marriage.needed && marriage.note.unwrap().zh.starts_with("已婚"));
    assert!(papers("WJ-09").is_empty());
    assert_eq!(catalogue.featured().next().unwrap().code, "MZ-11");
}

#[test]
fn nothing_the_catalogue_refers_to_is_unused() {
    let catalogue = catalogue();
    let papers = || catalogue.items().flat_map(|item| &item.materials);
    for code in catalogue.materials().keys() {
        let used = papers().any(|paper| paper.code == *code || paper.alternatives.contains(code));
        assert!(used, "{code} is used by no item");
    }
    for event in catalogue.life_events() {
        assert!(catalogue.by_life_event(&event.code).count() >= 3, "{} has few items", event.code);
    }
}

#[test]
fn what_the_counter_decides_alone_is_the_communitys_to_decide() {
    let catalogue = catalogue();
    let direct: Vec<&Item> = catalogue.items().filter(|item| item.procedure == "direct").collect();
    assert_eq!(direct.len(), 12);
    for item in direct {
        assert_eq!(item.decides.level, kernel::place::Level::Community, "{}", item.code);
        assert_eq!(item.custody, Custody::Direct, "{}", item.code);
    }
}

#[test]
fn procedures_are_compared_with_those_that_are_loaded() {
    let catalogue = catalogue();
    assert!(catalogue.unknown_procedures(&["direct", "separate", "levels", "online"]).is_empty());
    let faults = catalogue.unknown_procedures(&["direct", "separate", "levels"]);
    assert_eq!(faults.len(), 15);
    assert!(faults[0].line > 1 && faults[0].file.starts_with("data/catalogue/"), "{}", faults[0]);
}

/// Replaces a text in one shipped file; gives the file's new text and the faults of the whole.
fn planted(file: &str, from: &str, to: &str) -> (String, Vec<Fault>) {
    let mut files = shipped();
    let (_, text) = files.iter_mut().find(|(name, _)| name.rsplit('/').next() == Some(file)).unwrap();
    assert!(text.contains(from), "{from} is not in {file}");
    *text = text.replacen(from, to, 1);
    let text = text.clone();
    (text, Catalogue::load(&files).err().unwrap_or_default())
}

#[test]
fn every_planted_fault_is_found_where_it_stands() {
    let name = "name.en = \"Subsistence allowance: application\"";
    let fields = "\"telephone\", \"address\"]";
    let route = "\"street\", \"district\"]";
    // (replaced, by, how the line begins that the fault must name, part of its message), all in civil_affairs.toml
    let table = [
        ("department = \"civil_affairs\"", "department = \"civil\"", "department", "department \"civil\" is not known"),
        ("code = \"AU\"", "code = \"ZZ\"", "materials", "material \"ZZ\" is not known"),
        ("code = \"MZ-02\"", "code = \"MZ-01\"", "code = \"MZ-01\"", "the code MZ-01 is used twice"),
        ("code = \"MZ-01\"", "code = \"RS-99\"", "code = \"RS-99\"", "does not belong to the department"),
        (name, "name.en = \" \"", "name.zh", "name has no English text"),
        (name, "", "name.zh", "missing field `en`"),
        (
            "promised = { amount = 25,",
            "promised = { amount = 31,",
            "promised",
            "longer than the law allows (30 working_day)",
        ),
        ("unit = \"working_day\"", "unit = \"week\"", "promised", "unknown variant `week`"),
        ("life_events = [\"hardship\"]", "life_events = [\"war\"]", "life_events", "life event \"war\" is not known"),
        ("limit_source = [\"K\", \"L3\"]", "limit_source = []", "limit_source", "name no source"),
        ("type = \"05\"", "type = \"99\"", "type", "type \"99\" is not known"),
        (route, "\"district\", \"street\"]", "route", "does not end at the level"),
        (route, "\"street\", \"street\", \"district\"]", "route", "does not rise"),
        ("procedure = \"separate\"", "procedure = \"\"", "procedure", "the procedure is empty"),
        ("version = 1", "version = 0", "version", "version is 0"),
        (fields, "\"address\"]", "fields", "the telephone is not asked for"),
        (fields, "\"telephone\", \"bank_card\"]", "fields", "disagree on the bank card"),
        (fields, "\"telephone\", \"telephone\"]", "fields", "a field is asked for twice"),
        ("\"resident_id\", ", "", "fields", "the person is not asked for"),
        ("{ code = \"HK\"", "{ code = \"ID\"", "materials", "a material is asked for twice"),
        (
            "keywords.en = [\"subsistence allowance\",",
            "keywords.en = [\"\",",
            "keywords",
            "keywords has no English text",
        ),
        ("confidential = false", "confidential = false\ncolour = 1", "colour", "unknown field `colour`"),
    ];
    for (from, to, begins, message) in table {
        let (text, faults) = planted("civil_affairs.toml", from, to);
        let found = faults.iter().find(|fault| fault.message.contains(message));
        let found = found.unwrap_or_else(|| panic!("{to:?} should give {message:?}, gave\n{}", told(&faults)));
        let line = text.lines().nth(found.line - 1).unwrap_or_default();
        assert!(line.starts_with(begins), "{found} names the line {line:?}");
        assert!(found.file.ends_with("civil_affairs.toml") && !found.remedy.is_empty(), "{found}");
    }
}

#[test]
fn faults_of_the_tables_beside_the_items_are_found() {
    let table = [
        ("materials.toml", "code = \"HK\"", "code = \"ID\"", "the code ID is used twice"),
        ("materials.toml", "code = \"HK\"", "code = \"h1\"", "not made of capital letters"),
        ("departments.toml", "zh = \"民政\"", "zh = \"\"", "name has no Chinese text"),
        ("life_events.toml", "code = \"birth\"", "code = \"work\"", "the code work is used twice"),
        ("sources.toml", "seen = true", "seen = \"yes\"", "invalid type"),
        ("featured.toml", "\"MZ-11\"", "\"MZ-77\"", "featured item \"MZ-77\" is not known"),
        ("health.toml", "\"telephone\"]", "\"height\"]", "unknown field of a person `height`"),
        ("types.toml", "[[type]]", "[[kind]]", "unknown field `kind`"),
        (
            "guides_civil_affairs.toml",
            "item = \"MZ-01\"",
            "item = \"MZ-99\"",
            "a guide for \"MZ-99\", which is no item",
        ),
        ("guides_civil_affairs.toml", "item = \"MZ-01\"", "item = \"MZ-02\"", "the code MZ-02 is used twice"),
        ("guides_civil_affairs.toml", "instead = \"WJ-10\"", "instead = \"WJ-99\"", "WJ-99 is no other item"),
        ("guides_housing.toml", "unneeded = [\"PR\"]", "unneeded = [\"ZZ\"]", "ZZ is not asked for anyway"),
        ("forms.toml", "material = \"AP\"", "material = \"ZZ\"", "a form for the material \"ZZ\", which is not known"),
        ("forms.toml", "material = \"AP\"", "material = \"IN\"", "the code IN is used twice"),
        ("forms.toml", "field = \"for_whom\"", "field = \"signature\"", "which no question before it gives"),
        ("forms.toml", "is = \"relative\"", "is = \"cousin\"", "which no question before it gives"),
        ("forms.toml", "code = \"for_whom\"", "code = \"reason\"", "the code is there twice"),
        ("forms.toml", "en = \"Why you are applying\"", "en = \"\"", "a text is missing in one language"),
        ("forms.toml", "code = \"relative\", title", "code = \"self\", title", "an option has no code of its own"),
        ("forms.toml", "kind = \"choice\"", "kind = \"text\"", "options and kind do not go together"),
        ("forms.toml", "is = \"yes\" }\n\n[[form.field]]", "is = \"so\" }\n\n[[form.field]]", "later_when names"),
        ("forms.toml", "kind = \"consent\"", "kind = \"opinion\"", "unknown variant `opinion`"),
        ("proofs.toml", "source = \"P-XN\"", "source = \"P-YY\"", "the source \"P-YY\" is not known"),
    ];
    for (file, from, to, message) in table {
        let (_, faults) = planted(file, from, to);
        assert!(faults.iter().any(|fault| fault.message.contains(message)), "{to:?} gave\n{}", told(&faults));
    }
}

#[test]
fn papers_are_needed_where_they_are_passed_on() {
    let mut files = shipped();
    let (_, text) = files.iter_mut().find(|(name, _)| name.ends_with("/health.toml")).unwrap();
    *text = text.replace("custody = \"D\"", "custody = \"S\"");
    let faults = Catalogue::load(&files).unwrap_err();
    assert!(faults.iter().any(|fault| fault.message.contains("no material is named")), "{}", told(&faults));
}

#[test]
fn questions_find_their_item_first() {
    let catalogue = catalogue();
    let table = [
        (Lang::Zh, "老人补贴", "MZ-11"),
        (Lang::Zh, "岁数大补贴", "MZ-11"),
        (Lang::Zh, "耳背", "CL-07"),
        (Lang::Zh, "讨薪", "GH-06"),
        (Lang::Zh, "gljt", "MZ-11"),
        (Lang::Zh, "gaolingjintie", "MZ-11"),
        (Lang::Zh, "gao ling jin tie", "MZ-11"),
        (Lang::Zh, "GLJT", "MZ-11"),
        (Lang::Zh, "高龄", "MZ-11"),
        (Lang::Zh, "８０岁", "MZ-11"),
        (Lang::Zh, "mz11", "MZ-11"),
        (Lang::Zh, "ＭＺ－１１", "MZ-11"),
        (Lang::Zh, "低保", "MZ-01"),
        (Lang::Zh, "db", "MZ-01"),
        (Lang::Zh, "老年证", "WJ-10"),
        (Lang::Zh, "lnz", "WJ-10"),
        (Lang::Zh, "残疾证", "CL-01"),
        (Lang::Zh, "轮椅", "CL-07"),
        (Lang::Zh, "孤", "MZ-15"),
        (Lang::Zh, "社保卡丢了", "RS-33"),
        (Lang::Zh, "失业金", "RS-19"),
        (Lang::Zh, "医保", "YB-01"),
        (Lang::Zh, "没钱吃饭", "MZ-08"),
        (Lang::Zh, "我想给我爸办个轮椅", "CL-07"),
        (Lang::Zh, "公租房", "FC-01"),
        (Lang::Zh, "tiaojie", "GH-06"),
        (Lang::Zh, "独生子女证", "WJ-02"),
        (Lang::Zh, "大修基金 查询", "FC-07"),
        (Lang::Zh, "我妈八十岁了能领什么钱", "MZ-11"),
        (Lang::Zh, "老板拖欠工资怎么办", "GH-06"),
        (Lang::En, "old-age allowance", "MZ-11"),
        (Lang::En, "Allowance for old people", "MZ-11"),
        (Lang::En, "lost social security card", "RS-33"),
        (Lang::En, "report lost social security card", "RS-34"),
        (Lang::En, "reset password", "RS-34"),
        (Lang::En, "pension", "RS-25"),
        (Lang::En, "my husband died", "RS-32"),
        (Lang::En, "wheelchair", "CL-07"),
        (Lang::En, "unemployment benefit", "RS-19"),
        (Lang::En, "how do I get a senior card", "WJ-10"),
        (Lang::En, "heating", "MZ-09"),
        (Lang::En, "orphans", "MZ-15"),
        (Lang::En, "maternity", "YB-17"),
        (Lang::En, "disability certificate renewal", "CL-02"),
        (Lang::En, "MZ-11", "MZ-11"),
        (Lang::En, "dibao", "MZ-01"),
    ];
    let mut wrong = Vec::new();
    for (lang, words, expected) in table {
        let found: Vec<&str> = catalogue.search(words, lang, 5).iter().map(|item| item.code.as_str()).collect();
        if found.first() != Some(&expected) {
            wrong.push(format!("{words:?} should give {expected}, gave {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn items_are_found_by_how_their_names_are_typed() {
    let catalogue = catalogue();
    let table = [
        ("gljt", "MZ-11"),
        ("gaolingjintie", "MZ-11"),
        ("gaoling", "MZ-11"),
        ("gaol", "MZ-11"),
        ("lingjintie", "MZ-11"),
        ("zdcjr", "MZ-20"),
        ("dibao", "MZ-01"),
        ("db", "MZ-01"),
        ("lnz", "WJ-10"),
        ("canjizheng", "CL-01"),
        ("shiyejin", "RS-19"),
        ("gzf", "FC-01"),
    ];
    for (letters, code) in table {
        let found: Vec<&str> = catalogue.typed(letters).map(|item| item.code.as_str()).collect();
        assert!(found.contains(&code) && found.len() < 30, "{letters}: {found:?}");
    }
    for nothing in ["", "g", "aoling", "heping", "wenanlu", "123"] {
        assert_eq!(catalogue.typed(nothing).count(), 0, "{nothing}");
    }
}

#[test]
fn every_name_and_every_code_finds_its_item_first() {
    let catalogue = catalogue();
    for item in catalogue.items() {
        for (lang, words) in [(Lang::Zh, &item.name.zh), (Lang::En, &item.name.en), (Lang::Zh, &item.code)] {
            let found = catalogue.search(words, lang, 1);
            assert_eq!(found.first().map(|item| &item.code), Some(&item.code), "{words}");
        }
    }
}

#[test]
fn questions_without_sense_find_nothing_and_do_no_harm() {
    let catalogue = catalogue();
    for words in ["", "   ", "？？？", "qqqqzzzz", "🙂", "\u{0}", "龘"] {
        assert!(catalogue.search(words, Lang::Zh, 10).is_empty(), "{words:?}");
    }
    assert!(catalogue.search(&"低保".repeat(10_000), Lang::Zh, 10).len() <= 10);
    assert_eq!(catalogue.search("民政", Lang::Zh, 200).len(), 21);
    assert!(catalogue.search("低保", Lang::Zh, 0).is_empty());
}

#[test]
fn a_search_takes_little_time() {
    let catalogue = catalogue();
    let started = Instant::now();
    for words in ["老人补贴", "gljt", "我妈八十岁了能领什么钱", "lost social security card"].repeat(25) {
        assert!(!catalogue.search(words, Lang::Zh, 10).is_empty());
    }
    // A hundred searches. Without optimisation and on a busy machine, each may take ten times the millisecond that is
    // the aim.
    assert!(started.elapsed().as_millis() < 1_000, "{:?}", started.elapsed());
}

#[test]
fn every_item_has_its_guide_and_most_of_them_ask_first() {
    let catalogue = catalogue();
    let guides: Vec<&Guide> = catalogue.items().filter_map(|item| catalogue.guide(&item.code)).collect();
    assert_eq!(guides.len(), 115);
    assert!(guides.iter().filter(|guide| !guide.questions.is_empty()).count() > 100);
    assert!(guides.iter().filter(|guide| !guide.faq.is_empty()).count() > 100);
    assert!(guides.iter().flat_map(|guide| &guide.questions).all(|question| question.answers.len() <= 4));
}

#[test]
fn a_material_that_asks_for_a_forbidden_proof_is_refused_from_the_day_of_the_list() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    assert!(
        catalogue().forbidden_proofs(day("2026-11-25")).is_empty(),
        "{}",
        told(&catalogue().forbidden_proofs(day("2026-11-25")))
    );
    let mut files = shipped();
    let (_, text) = files.iter_mut().find(|(name, _)| name.ends_with("/materials.toml")).unwrap();
    *text = text.replace("zh = \"其他能说明就业的材料\"", "zh = \"社区出具的就业状况证明\"");
    let asked = Catalogue::load(&files).unwrap();
    assert!(asked.forbidden_proofs(day("2017-05-18")).is_empty(), "the list did not hold yet");
    let faults = asked.forbidden_proofs(day("2017-05-19"));
    assert_eq!(faults.len(), 1, "{}", told(&faults));
    assert!(faults[0].file.ends_with("materials.toml") && faults[0].line > 1 && !faults[0].remedy.is_empty());
}

/// Makes something of an item or its guide wrong.
type Spoil = fn(&mut Item, &mut Guide);

/// The faults of the shipped catalogue with MZ-11 spoilt, each as its message.
fn spoilt(spoil: Spoil) -> Vec<String> {
    let catalogue = catalogue();
    let mut item = catalogue.get("MZ-11").unwrap().clone();
    let mut guide = catalogue.guide("MZ-11").unwrap().clone();
    spoil(&mut item, &mut guide);
    let text = crate::editing::write(&item, &guide);
    let faults = Catalogue::load_over(&shipped(), &[("draft".to_owned(), text)]).err().unwrap_or_default();
    assert!(faults.iter().all(|fault| fault.file == "draft" && fault.line > 0), "{}", told(&faults));
    faults.into_iter().map(|fault| fault.message).collect()
}

#[test]
fn a_guide_that_leads_nobody_on_is_refused() {
    let table: [(&str, Spoil); 14] = [
        ("cost has no English text", |_, guide| guide.cost = Some(Bilingual::new("免费", " "))),
        ("law has no Chinese text", |_, guide| guide.law[0].zh = String::new()),
        ("question has no English text", |_, guide| guide.faq[0].question.en = String::new()),
        ("answer has no Chinese text", |_, guide| guide.faq[1].answer.zh = String::new()),
        ("the question \"age\" is there twice", |_, guide| guide.questions[1].code = "age".to_owned()),
        ("the question \"Age?\" is there twice or is no plain word", |_, guide| {
            guide.questions[0].code = "Age?".to_owned();
        }),
        ("question \"age\": a text is missing", |_, guide| guide.questions[0].text.en = String::new()),
        ("question \"age\": a text is missing", |_, guide| guide.questions[0].answers[1].title.zh = String::new()),
        ("question \"account\": a text is missing", |_, guide| {
            guide.questions[2].answers[1].note = Some(Bilingual::new("", "no Chinese"));
        }),
        ("question \"account\": nobody could go on", |_, guide| guide.questions[2].answers.truncate(1)),
        ("question \"register\": nobody could go on", |_, guide| {
            guide.questions[1].answers[0].exit = Some(Bilingual::new("不行", "no"));
        }),
        ("question \"account\": two answers have one code", |_, guide| {
            guide.questions[2].answers[1].code = "yes".to_owned();
        }),
        ("question \"age\": MZ-11 is no other item", |_, guide| {
            guide.questions[0].answers[2].instead = Some("MZ-11".to_owned());
        }),
        ("the reason kept ready \"年龄未到\" says nothing", |_, guide| {
            (guide.reasons[0].reason, guide.reasons[0].basis, guide.reasons[0].remedy) = (None, None, None);
        }),
    ];
    for (message, spoil) in table {
        let found = spoilt(spoil);
        assert!(found.len() == 1 && found[0].contains(message), "{message}: {found:?}");
    }
}

#[test]
fn an_item_that_contradicts_itself_is_refused() {
    let table: [(&[&str], Spoil); 9] = [
        (&[], |item, _| item.promised.amount = item.legal.amount),
        (&[], |item, _| item.promised.unit = Unit::CalendarDay),
        (&["what is promised (31 working_day) is longer"], |item, _| item.promised.amount = 31),
        (&["limit_note has no English text"], |item, _| item.limit_note = Some(Bilingual::new("分批", ""))),
        (&["materials has no Chinese text"], |item, _| item.materials[0].note = Some(Bilingual::new("", "a copy"))),
        (&["the material \"QQ\" is not known"], |item, _| item.materials[1].alternatives.push("QQ".to_owned())),
        (&["keywords has no Chinese text", "keywords has no English text"], |item, _| {
            item.keywords.zh.clear();
            item.keywords.en.push("  ".to_owned());
        }),
        (&["the route does not end", "the route does not rise"], |item, _| item.route.reverse()),
        (&["disagree on the bank card"], |item, _| item.materials.retain(|paper| paper.code != "BK")),
    ];
    for (messages, spoil) in table {
        let found = spoilt(spoil);
        let all = found.iter().zip(messages).all(|(found, message)| found.contains(*message));
        assert!(all && found.len() == messages.len(), "{messages:?}: {found:?}");
    }
}

#[test]
fn faults_of_a_table_that_a_city_adds_are_found() {
    let paper = "[[form]]\nmaterial = \"PH\"\ntitle = { zh = \"照片\", en = \"Photograph\" }\n";
    let field = "[[form.field]]\ntitle = { zh = \"问\", en = \"Q\" }\n";
    let list = "[[proof_list]]\ncity = \"210100000000\"\nfrom = \"2027-01-01\"\nsource = \"P-XN\"\n";
    let proof = "[[proof_list.proof]]\ninstead = { zh = \"核对\", en = \"A check\" }\n";
    let table = [
        ("[[synonym]]\nwords = [\"低保\"]\n".to_owned(), "a synonym needs two words"),
        ("[[synonym]]\nwords = [\"低保\", \" \"]\n".to_owned(), "a synonym needs two words"),
        ("[[life_event]]\ncode = \"war\"\nname = { zh = \"战争\", en = \"\" }\n".to_owned(), "name has no English"),
        ("[[type]]\ncode = \"98\"\nname = { zh = \"\", en = \"Odd\" }\n".to_owned(), "name has no Chinese"),
        (
            "[[source]]\ncode = \"Z\"\ntext = { zh = \"来源\", en = \"\" }\nseen = true\n".to_owned(),
            "text has no English",
        ),
        (
            "[[reason]]\nfor = \"grant\"\ntitle = { zh = \"空\", en = \"Empty\" }\n".to_owned(),
            "the reason kept ready \"空\" says nothing",
        ),
        (format!("{list}{proof}name = {{ zh = \"某证明\", en = \"P\" }}\nwords = []\n"), "no words to know it by"),
        (format!("{list}{proof}name = {{ zh = \"某证明\", en = \"\" }}\nwords = [\"某\"]\n"), "proof has no English"),
        (paper.to_owned(), "PH: nothing has to be answered"),
        (format!("{paper}{field}code = \"a\"\nkind = \"text\"\nrequired = false\n"), "PH: nothing has to be answered"),
        (format!("{paper}{field}code = \"paper\"\nkind = \"text\"\n"), "PH, \"paper\": the code is there twice"),
        (format!("{paper}{field}code = \"a b\"\nkind = \"text\"\n"), "PH, \"a b\": the code is there twice"),
        (format!("{paper}{field}code = \"a\"\nkind = \"choice\"\n"), "options and kind do not go together"),
    ];
    for (text, message) in table {
        let files = [shipped(), vec![("more.toml".to_owned(), text.clone())]].concat();
        let faults = Catalogue::load(&files).err().unwrap_or_default();
        assert!(faults.len() == 1 && faults[0].message.contains(message), "{text}\n{}", told(&faults));
        assert!(faults[0].file == "more.toml" && !faults[0].remedy.is_empty(), "{}", told(&faults));
    }
}

#[test]
fn reasons_of_the_item_come_before_those_of_every_item() {
    let catalogue = catalogue();
    let titles = |item: &str, told: Telling| -> Vec<String> {
        catalogue.reasons(item, told).map(|ready| ready.title.zh.clone()).collect()
    };
    let own = titles("MZ-11", Telling::Refuse);
    let general = titles("MZ-99", Telling::Refuse);
    assert_eq!(own.first().map(String::as_str), Some("年龄未到"));
    assert!(!general.is_empty() && own.len() > general.len() && own.ends_with(&general), "{own:?} {general:?}");
    assert!(catalogue.reasons("MZ-11", Telling::Grant).all(|ready| ready.told == Telling::Grant));
}
