//! In these stories people say what they need in their own words, and are told what there is, for whom it is, and what
//! is done elsewhere.

use crate::shared;
use testkit::Reply;

/// Returns the codes of the items that a page shows, in their order.
fn items(page: &Reply) -> Vec<String> {
    let links = page.links().into_iter().filter_map(|link| link.strip_prefix("/items/").map(str::to_owned));
    links.collect()
}

#[test]
fn a_sentence_finds_what_it_means_and_is_said_back() {
    for town in shared() {
        let mut she = town.visitor();
        let page = she.open("/items?q=给85岁的妈妈能领什么钱").expect(200);
        assert_eq!(items(&page).first().map(String::as_str), Some("MZ-11"), "{}", page.words());
        assert!(page.words().contains("为85岁的妈妈找的"), "{}", page.words());
        assert!(page.links().contains(&"/family?who=mother&age=80".to_owned()), "{:?}", page.links());
        for line in page.body().split("class=\"tiles\"").nth(1).unwrap_or_default().lines() {
            assert!(!line.contains("<span>"), "each line of a tile stands alone and in one colour: {line}");
        }
        let page = she.open("/items?q=護工").expect(200);
        assert_eq!(items(&page).first().map(String::as_str), Some("MZ-13"), "{}", page.words());
        let page = she.open("/items?q=what+can+my+85-year-old+mother+get&lang=en").expect(200);
        assert_eq!(items(&page).first().map(String::as_str), Some("MZ-11"), "{}", page.words());
        assert!(page.words().contains("your mother, aged 85"), "{}", page.words());
    }
}

#[test]
fn what_is_done_elsewhere_is_said_with_the_number_to_call() {
    for town in shared() {
        let mut she = town.visitor();
        let page = she.open("/items?q=what+do+I+need+for+a+residence+permit&lang=en").expect(200);
        assert!(page.words().contains("This is not done at a community counter"), "{}", page.words());
        assert!(page.words().contains("police station") && items(&page).is_empty(), "{}", page.words());
        let mut other = town.visitor();
        let page = other.open("/items?q=身份证丢了怎么办").expect(200);
        assert!(page.words().contains("公安派出所"), "{}", page.words());
        let page = other.open("/items?q=结婚").expect(200);
        assert!(page.words().contains("婚姻登记处"), "{}", page.words());
        assert!(!page.words().contains("还是找不到"), "who to ask is said once: {}", page.words());
        let page = other.open("/items?q=法律援助").expect(200);
        assert!(page.links().contains(&"tel:12348".to_owned()), "{:?}", page.links());
        assert_eq!(items(&page).first().map(String::as_str), Some("GH-06"), "{}", page.words());
        let found = other.open("/find?q=办护照").expect(200);
        assert!(found.words().contains("12367"), "{}", found.words());
        let found = other.open("/find?q=给85岁的妈妈能领什么钱").expect(200);
        assert!(found.words().contains("为85岁的妈妈找的"), "{}", found.words());
    }
}

#[test]
fn who_is_too_young_is_told_before_she_applies() {
    for town in shared() {
        let page = town.visitor().open("/items?q=我28岁想领高龄津贴").expect(200);
        let words = page.words();
        let (_, after) = words.split_once("年龄对不上的").unwrap_or_else(|| panic!("{words}"));
        assert!(after.contains("高龄津贴") && after.contains("要满80周岁"), "{words}");
    }
}

#[test]
fn what_nobody_understands_leads_on() {
    for town in shared() {
        let mut she = town.visitor();
        let page = she.open("/items?q=qqqqzzzz").expect(200);
        assert!(page.words().contains("没有找到"), "{}", page.words());
        for link in ["tel:12345", "/nearby", "/items?event=old_age"] {
            assert!(page.links().iter().any(|found| found == link), "{link}: {:?}", page.links());
        }
        let odd = she.open("/items?q=%3Cscript%3E85%E5%B2%81").expect(200);
        assert!(!odd.body().contains("<script>85"), "what was typed is never markup");
    }
}

#[test]
fn for_a_member_of_the_family_only_what_she_can_get_is_shown() {
    for town in shared() {
        let mut she = town.visitor();
        assert!(she.open("/").expect(200).links().contains(&"/family".to_owned()));
        let page = she.open("/family").expect(200);
        assert!(items(&page).is_empty(), "nothing before an answer");
        let form = page.form("/family").set("who", "mother").set("age", "80");
        let page = she.submit(form).expect(200);
        assert_eq!(page.address, "/family?who=mother&age=80");
        let found = items(&page);
        assert!(found.contains(&"MZ-11".to_owned()) && found.contains(&"WJ-10".to_owned()), "{found:?}");
        for never in ["MZ-15", "RS-02", "RS-10", "WJ-11"] {
            assert!(!found.contains(&never.to_owned()), "{never}: {found:?}");
        }
        let poor = she.open("/family?who=mother&age=80&now=hardship").expect(200);
        assert!(items(&poor).contains(&"MZ-12".to_owned()), "{}", poor.words());
        let child = she.open("/family?who=child&age=0&now=disability&lang=en").expect(200);
        assert!(items(&child).contains(&"CL-08".to_owned()), "{}", child.words());
        assert!(!items(&child).contains(&"MZ-11".to_owned()), "{}", child.words());
        let odd = she.open("/family?who=%3Cb%3E&age=200&now=rich&lang=zh").expect(200);
        assert!(items(&odd).is_empty(), "what is not known there is not said: {}", odd.words());
    }
}

#[test]
fn a_guide_says_how_much_is_paid_or_who_sets_it() {
    for town in shared() {
        let mut she = town.visitor();
        let guide = she.open("/items/RS-19").expect(200);
        assert!(guide.words().contains("能拿多少") && guide.words().contains("24个月"), "{}", guide.words());
        let guide = she.open("/items/MZ-11").expect(200);
        assert!(guide.words().contains("批准时会在决定书上告诉您"), "{}", guide.words());
        let guide = she.open("/items/RS-35").expect(200);
        assert!(!guide.words().contains("能拿多少"), "nothing is paid for it: {}", guide.words());
    }
}
