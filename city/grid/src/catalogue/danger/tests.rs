//! Tests of what is heard as danger to life, with sentences as people write them.

use super::*;
use crate::catalogue::tests::{files, shipped, with};
use crate::catalogue::{Catalogue, Kind};

/// What people write when somebody's life is in danger, each with what is heard in it.
const DANGERS: [(&str, &str); 87] = [
    ("着火了", "fire"),
    ("三楼着火了，快来人", "fire"),
    ("楼道里电动车着火了", "fire"),
    ("我家楼下垃圾桶冒烟", "fire"),
    ("对面楼窗户往外冒黑烟", "fire"),
    ("厨房起火", "fire"),
    ("電動車自燃", "fire"),
    ("漏煤气", "gas"),
    ("屋里一股煤气味", "gas"),
    ("楼道里闻着有燃气味", "gas"),
    ("煤气罐漏了", "gas"),
    ("天然气管子好像漏了", "gas"),
    ("有人晕倒了", "hurt"),
    ("老太太在楼下晕过去了", "hurt"),
    ("大爷摔倒了起不来", "hurt"),
    ("有人躺在地上不动", "hurt"),
    ("我妈喘不上气", "hurt"),
    ("邻居口吐白沫", "hurt"),
    ("流了好多血", "hurt"),
    ("高空抛物砸到人了", "hurt"),
    ("孩子噎住了", "hurt"),
    ("有人打架", "violence"),
    ("楼下打起来了", "violence"),
    ("有个男的拿刀砍人", "violence"),
    ("隔壁打老婆", "violence"),
    ("孩子丢了", "violence"),
    ("楼上要跳楼", "suicide"),
    ("有人站在天台上", "suicide"),
    ("对门说不想活了", "suicide"),
    ("有人要跳河", "suicide"),
    ("井盖没了有人掉下去了", "water"),
    ("小孩掉水里了", "water"),
    ("有人掉河里了", "water"),
    ("老人掉进井里了", "water"),
    ("河边有人溺水", "water"),
    ("小孩在冰面上掉冰窟窿了", "water"),
    ("电梯困人", "trapped"),
    ("我被关在电梯里", "trapped"),
    ("老人被反锁在屋里", "trapped"),
    ("孩子手被夹住了", "trapped"),
    ("有人触电", "electric"),
    ("路灯杆漏电", "electric"),
    ("灯杆下面电线露在外面", "electric"),
    ("楼道里电线外露", "electric"),
    ("路灯杆要倒了", "electric"),
    ("there are exposed wires on the lamp post", "electric"),
    ("bare wires by the door", "electric"),
    ("高压线掉下来了", "electric"),
    ("电箱打火花", "electric"),
    ("房子塌了", "collapse"),
    ("路塌了一个大洞", "collapse"),
    ("围墙要倒塌了", "collapse"),
    ("楼要塌了", "collapse"),
    ("煤气罐要爆炸", "explosion"),
    ("楼下好像爆炸了", "explosion"),
    ("电动车电瓶炸了", "explosion"),
    ("着火爆炸物", "explosion fire"),
    ("出车祸了", "crash"),
    ("电动车撞了人", "crash"),
    ("老人被车撞了", "crash"),
    ("有人被撞受伤", "hurt crash"),
    ("The flat upstairs is on fire", "fire"),
    ("fire!", "fire"),
    ("there is smoke coming out of the window", "fire"),
    ("I can smell gas in the stairwell", "gas"),
    ("an old man fainted", "hurt"),
    ("someone is not breathing", "hurt"),
    ("a woman is bleeding", "hurt"),
    ("two men are fighting", "violence"),
    ("he has a knife", "violence"),
    ("a girl wants to jump from the roof", "suicide"),
    ("a child fell into the river", "water"),
    ("somebody fell down a manhole", "water"),
    ("we are stuck in the lift", "trapped"),
    ("he got an electric shock", "electric"),
    ("the wall has collapsed", "collapse"),
    ("there was an explosion", "explosion"),
    ("a boy was hit by a car", "crash"),
    ("饭店着火冒浓烟", "fire"),
    ("汽车着火了冒烟", "fire"),
    ("门口闻到漏气", "gas"),
    ("井盖没有了，有个老人掉下去了", "water"),
    ("车里有人出不来", "trapped"),
    ("a man is beating his wife", "violence"),
    ("someone is dying", "hurt"),
    ("着火了有人受伤", "fire hurt"),
    ("My child fell into the manhole", "water"),
];

/// What people write of other matters in words that look alike.
const HARMLESS: [&str; 70] = [
    "热火朝天",
    "广场舞跳得热火朝天，太吵",
    "楼道里堆着打架子用的木头",
    "服装店天天喊跳楼价，太吵",
    "跳楼大甩卖的喇叭吵死人了",
    "楼道里全是烟头",
    "灭火器过期了",
    "消防栓没水",
    "车停在消防通道上",
    "饭店油烟呛人",
    "烧烤摊冒烟呛人",
    "楼道堆满纸箱，容易着火",
    "电动车在楼道里充电，怕着火",
    "火灾隐患",
    "差点砸到人",
    "落水管坏了",
    "手机掉水里了",
    "井盖掉下去了",
    "外墙瓷砖掉下来了",
    "没人管，墙皮掉下来了",
    "吵死人了",
    "热死人了",
    "轮胎漏气",
    "被电动车堵了门",
    "楼道没人打扫",
    "垃圾被打翻了",
    "路灯不亮",
    "护栏被车撞坏了",
    "树倒了压着车",
    "被困扰了很久",
    "车堵门口出不来",
    "草坪打农药",
    "没有着火点",
    "狗叫一晚上睡不着",
    "晚上打牌太吵",
    "有人在楼顶搭棚子",
    "楼上漏水",
    "小区停水两天了",
    "cars parked in the fire lane",
    "fire extinguisher is out of date",
    "someone is burning rubbish",
    "cooking smoke from the restaurant",
    "the smoke alarm is broken",
    "hole in the road",
    "bins running over",
    "a tree has fallen on a car",
    "the lift is stuck",
    "stray dog",
    "床垫塌了",
    "沙发塌了没人要",
    "地面沉降",
    "天花板漏水",
    "树枝要掉下来砸车",
    "路灯杆歪了",
    "网线露在外面",
    "电话线外露",
    "电线杆上贴满小广告",
    "暖气管子爆了",
    "地砖翘起来，差点绊倒老人",
    "共享单车倒了一地",
    "广告牌要掉",
    "路面有个大坑，摔了好几个人",
    "被撬了锁",
    "雨水把路淹了",
    "人行道淹了",
    "床要塌了",
    "the lock in the door is broken",
    "trees are dying",
    "please help me with the heating",
    "loud beats at night",
];

/// What people write when it is not so, or is over.
const DENIED: [&str; 26] = [
    "没有着火",
    "没着火",
    "不是着火",
    "不是着火，是烧烤摊的烟",
    "没有冒烟",
    "已经不冒烟了",
    "没有冒烟，别担心",
    "没有漏电",
    "不漏电",
    "没有打架",
    "没有爆炸",
    "没有发生火灾",
    "没有人受伤",
    "没有受伤",
    "不是被打，是自己摔的门",
    "没有枪，是玩具",
    "没有煤气味",
    "并没有漏气",
    "not on fire",
    "it is not a fire",
    "there is no smoke",
    "the fire is out",
    "nobody is hurt",
    "no one was injured",
    "it isn't on fire",
    "no gas leak, we checked",
];

/// What looks like a denial, and is none; or is unsure, and then it speaks.
const NOT_DENIED: [&str; 20] = [
    "是不是着火了",
    "有没有着火",
    "家里没有灭火器着火了",
    "家里没人着火了",
    "楼上没人冒烟",
    "井盖没有老人掉下去",
    "护栏没有孩子掉进水里",
    "井盖没有掉进井里一个人",
    "水把路淹没有人溺水",
    "没有。着火了",
    "没有着火，是爆炸",
    "没有人救火",
    "不是没有着火",
    "没有呼吸",
    "他不喘气",
    "对门说不想活",
    "no, fire",
    "no answer and smoke from the window",
    "he is not breathing",
    "why is nobody here, the house is on fire",
];

#[test]
fn what_is_denied_raises_nothing_and_doubt_speaks() {
    let catalogue = shipped();
    for said in DENIED {
        assert!(heard(&catalogue, said).is_empty(), "{said}: {:?}", heard(&catalogue, said));
    }
    for said in NOT_DENIED {
        assert!(!heard(&catalogue, said).is_empty(), "{said}");
    }
}

fn heard(catalogue: &Catalogue, said: &str) -> Vec<String> {
    catalogue.heard(said).into_iter().map(|danger| danger.code.clone()).collect()
}

#[test]
fn danger_is_heard_in_what_people_really_write() {
    let catalogue = shipped();
    for (said, expected) in DANGERS {
        let heard = heard(&catalogue, said);
        for code in expected.split(' ') {
            assert!(heard.iter().any(|one| one == code), "{said}: {heard:?}");
        }
        for danger in catalogue.heard(said) {
            assert!(!danger.stop.call.is_empty() && !danger.stop.say.zh.contains("先打电话"), "{said}");
        }
    }
}

#[test]
fn what_only_looks_like_danger_raises_nothing() {
    let catalogue = shipped();
    for said in HARMLESS {
        assert!(heard(&catalogue, said).is_empty(), "{said}: {:?}", heard(&catalogue, said));
    }
    assert!(heard(&catalogue, "").is_empty() && heard(&catalogue, "，。！").is_empty());
}

#[test]
fn danger_is_heard_at_the_end_of_a_long_sentence_and_beside_what_is_harmless() {
    let catalogue = shipped();
    let long = format!("{}。楼上着火了", "楼道里的灯坏了半个月，".repeat(40));
    assert_eq!(heard(&catalogue, &long), ["fire"]);
    assert_eq!(heard(&catalogue, "跳楼价的店门口有人打架"), ["violence"]);
    assert_eq!(heard(&catalogue, "差点砸到人。后来有人晕倒了"), ["hurt"], "a hedge reaches to the end of its clause");
    assert!(heard(&catalogue, "路上容易撞到人").is_empty(), "it has not happened");
}

#[test]
fn the_kinds_that_a_danger_means_come_first_and_those_that_only_share_a_word_not_at_all() {
    let catalogue = shipped();
    let table = [
        ("着火了", "event/0499"),
        ("有人晕倒了", "event/0499"),
        ("有人打架", "event/0499"),
        ("楼上要跳楼", "event/0499"),
        ("漏煤气", "event/0403"),
        ("电梯困人", "service/0103"),
        ("路塌了", "event/0401"),
    ];
    for (said, key) in table {
        let found: Vec<String> = catalogue.search(said, 6).into_iter().map(Kind::key).collect();
        assert_eq!(found.first().map(String::as_str), Some(key), "{said}: {found:?}");
        let (kind, first) = catalogue.search(said, 1).first().map(|kind| (*kind, kind.conditions_by(said)[0])).unwrap();
        assert!(first.stop.is_some(), "{said}: {} {}", kind.key(), first.code);
    }
    let found = |said: &str| catalogue.search(said, 6).into_iter().map(Kind::key).collect::<Vec<_>>();
    assert!(!found("有人晕倒了").contains(&"component/0402".to_owned()), "no street tree: {:?}", found("有人晕倒了"));
    assert!(!found("有人打架").contains(&"service/0103".to_owned()), "no lift: {:?}", found("有人打架"));
    let feared = "楼下的井盖没了，怕有人掉下去";
    assert!(found(feared).join(" ").starts_with("component/0114 event/0499"), "the cover first: {:?}", found(feared));
    assert_eq!(heard(&catalogue, feared), ["water"], "and whom to call all the same");
    assert!(found("井盖没了有人掉下去了").contains(&"component/0114".to_owned()), "and the cover that is gone");
}

#[test]
fn every_word_that_is_shipped_can_be_heard_and_every_kind_that_is_meant_is_there() {
    let catalogue = shipped();
    for danger in &catalogue.dangers {
        assert!(!danger.words.is_empty() && !danger.means.is_empty(), "{}", danger.code);
        for key in &danger.means {
            assert!(catalogue.kind(key).is_some(), "{} means {key}", danger.code);
        }
    }
    let told = catalogue.report().to_string();
    assert!(told.lines().any(|line| line.starts_with("danger: ") && line.ends_with("0 mean no kind")), "{told}");
}

#[test]
fn what_is_wrong_in_the_words_of_danger_is_said_with_its_line() {
    let table = [
        ("call = [\"119\"]", "call = []", "no number to call"),
        ("call = [\"119\"]", "call = [\"one\"]", "no number to call"),
        ("code = \"gas\"", "code = \"fire\"", "the danger fire stands twice"),
        ("\"着火\", ", "\"着火\", \"着火\", ", "has the word 着火 twice"),
        ("\"着火\", ", "\"…\", ", "nobody can say"),
        ("\"着火\", ", "\"着火点\", ", "is never heard"),
        ("[\"差点\", ", "[\"，\", ", "nobody can say"),
        ("Fire: get out first", "", "missing in English"),
    ];
    for (text, other, told) in table {
        let files = if told == "missing in English" { without_english() } else { with("danger.toml", text, other) };
        let faults = Catalogue::load(&files).unwrap_err();
        let fault = faults.iter().find(|fault| fault.message.contains(told));
        let fault = fault.unwrap_or_else(|| panic!("{told}: {faults:?}"));
        assert!(fault.file == "danger.toml" && fault.line > 0, "{fault}");
    }
}

/// The files with a danger whose advice is in Chinese alone.
fn without_english() -> Vec<(String, String)> {
    let mut files = files();
    let (_, text) = files.iter_mut().find(|(name, _)| name == "danger.toml").unwrap();
    let say = "say = { zh = \"出来\", en = \"\" }";
    *text = format!("[[danger]]\ncode = \"fire\"\ncall = [\"119\"]\n{say}\nwords = [\"着火\"]\n");
    files
}

#[test]
fn a_word_is_read_by_its_characters_and_english_words() {
    let expected = ["3", "号", "楼", "着", "火", "", "it", "burn"].map(str::to_owned);
    assert_eq!(read("3号楼 着火！It burns"), expected);
    assert_eq!(read("can’t"), ["cant"]);
    assert!(Phrase::read("人…掉").is_some() && Phrase::read("").is_none() && Phrase::read("人…").is_none());
}
