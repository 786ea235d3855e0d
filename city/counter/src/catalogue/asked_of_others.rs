//! What people ask any counter for and others do, and words that only look like those of an item.

use super::asked::Must::{AlsoElsewhere, Elsewhere, First};
use super::asked::{codes, holds};
use super::tests::catalogue;
use kernel::language::Lang;

/// Words of despair, and of violence: the first must lead to somebody who listens as well.
#[test]
fn who_is_in_despair_or_beaten_is_told_whom_to_call_before_anything_else() {
    let despair = [
        "我想死",
        "想死",
        "好想死",
        "女儿想自杀",
        "不想活了",
        "我不想再活下去",
        "活着没意思",
        "活得没意思",
        "活着没什么意思",
        "人生没有意义",
        "我活够了",
        "活不下去了",
        "妈妈想不开",
        "孩子割腕了",
        "爸爸喝农药了",
        "吃了一瓶安眠药",
        "我不想活下去了，活著沒意義",
        "I want to die",
        "kill myself",
        "I don't want to live anymore",
        "i dont want to live",
        "my son wants to kill himself",
        "life is not worth living",
        "end it all",
        "my daughter is cutting herself",
        "commit suicide",
    ];
    let violence = [
        "老公打我",
        "老公老打我怎么办",
        "我被老公打了",
        "我爸打我妈",
        "男朋友打我",
        "我婆婆虐待我",
        "他要杀我",
        "他把我打伤了",
        "我被性骚扰了",
        "家里进贼了",
        "有人撬门",
        "110",
        "my husband beats me",
        "my father hit my mother",
        "he threatened me with a knife",
        "someone is trying to kill me",
        "I was raped",
    ];
    let catalogue = catalogue();
    let lang = |words: &str| if words.is_ascii() { Lang::En } else { Lang::Zh };
    for words in despair.iter().chain(&violence) {
        let answer = catalogue.ask(words, lang(words), 30);
        assert!(holds(&answer, Elsewhere("danger")) && answer.hits.is_empty(), "{words}: {:?}", codes(&answer));
    }
    for words in despair {
        assert!(holds(&catalogue.ask(words, lang(words), 30), AlsoElsewhere("mind")), "{words}");
    }
    // Words that only sound alike.
    for (words, code) in [("爸爸死了好几年了能领丧葬费吗", "RS-32"), ("my husband died", "RS-32"), ("打疫苗", "WJ-11")]
    {
        let answer = catalogue.ask(words, lang(words), 30);
        assert!(answer.elsewhere.is_empty() && codes(&answer).contains(&code.to_owned()), "{words}");
    }
    for words in ["给我打电话", "打我电话", "打人工电话"] {
        assert!(catalogue.ask(words, Lang::Zh, 30).elsewhere.is_empty(), "{words}");
    }
}

#[test]
fn common_matters_of_others_are_known() {
    let table = [
        ("养狗", "dog"),
        ("遗产", "legal_aid"),
        ("爸爸的遗产怎么分", "legal_aid"),
        ("交罚款", "driving"),
        ("违章罚款怎么交", "driving"),
        ("告邻居", "court"),
        ("托儿所", "school"),
        ("社区有托班吗", "school"),
        ("kindergarten", "school"),
        ("nursery", "school"),
        ("daycare", "school"),
        ("inheritance", "legal_aid"),
        ("internet", "phone"),
        ("银行", "bank"),
        ("存钱", "bank"),
        ("举报", "complaint"),
        ("投诉", "complaint"),
        ("上访", "complaint"),
        ("选举", "election"),
        ("how to vote", "election"),
        ("志愿者", "volunteer"),
        ("donate clothes", "volunteer"),
        ("献血", "blood"),
        ("考公", "civil_service"),
        ("考事业编", "civil_service"),
        ("elevator broken", "property_manager"),
        ("elevator is not working", "property_manager"),
        ("拆迁补偿", "demolition"),
        ("入党", "party"),
        ("打车", "bus_metro"),
        ("图书馆", "food_place"),
        ("摆摊", "noise"),
        ("12345", "hotline"),
        ("12315", "consumer"),
        ("119", "fire"),
        ("120", "ambulance"),
    ];
    let catalogue = catalogue();
    for (words, code) in table {
        let lang = if words.is_ascii() { Lang::En } else { Lang::Zh };
        let answer = catalogue.ask(words, lang, 30);
        let found: Vec<&str> = answer.elsewhere.iter().map(|one| one.code.as_str()).collect();
        assert!(holds(&answer, Elsewhere(code)), "{words}: {found:?} {:?}", codes(&answer));
    }
    for words in ["will I get a pension", "贷款", "找个保姆", "护工", "送快递能领什么"] {
        assert!(!catalogue.ask(words, Lang::Zh, 30).elsewhere_first, "{words}");
    }
}

#[test]
fn a_piece_of_a_word_means_nothing() {
    let catalogue = catalogue();
    let told = [
        ("领养", "adoption"),
        ("领养一个孩子", "adoption"),
        ("收养", "adoption"),
        ("教师资格", "profession"),
        ("教师资格证", "profession"),
        ("会计证", "profession"),
        ("电工证", "profession"),
        ("teacher certificate", "profession"),
        ("社区矫正", "corrections"),
        ("快递", "post"),
    ];
    for (words, code) in told {
        let answer = catalogue.ask(words, Lang::Zh, 30);
        assert!(holds(&answer, Elsewhere(code)) && answer.hits.is_empty(), "{words}: {:?}", codes(&answer));
    }
    for words in ["舞蹈教室", "宇宙飞船", "社区团购", "社区民警", "技师证", "健身卡座", "飞行证"]
    {
        let answer = catalogue.ask(words, Lang::Zh, 30);
        assert!(answer.hits.is_empty(), "{words}: {:?}", codes(&answer));
    }
    let items = [
        ("领养老金", "RS-25"),
        ("我想领养老金", "RS-25"),
        ("快递员入会", "GH-04"),
        ("unemployment", "RS-19"),
        ("unemployment benefit", "RS-19"),
        ("就业创业证", "RS-03"),
        ("社保卡", "RS-33"),
        ("老年证", "WJ-10"),
        ("姥姥65岁能办什么证", "WJ-10"),
    ];
    for (words, code) in items {
        let lang = if words.is_ascii() { Lang::En } else { Lang::Zh };
        let answer = catalogue.ask(words, lang, 30);
        assert!(holds(&answer, First(code)), "{words}: {:?}", codes(&answer));
    }
}
