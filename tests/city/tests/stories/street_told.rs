//! These stories are about what people are told before they report: what the grid does for them, and what a photo must
//! show.

use city_stories::Town;
use serde_json::Value;

const PLACE: &str = "华炉社区";

#[test]
fn everybody_sees_the_services_of_the_grid_by_category_and_which_are_still_to_be_confirmed() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = she.open("/report").expect(200);
        assert!(page.links().contains(&"/report/services".to_owned()), "{}: {:?}", town.engine, page.links());
        let shown = she.open("/report/services").expect(200);
        let words = shown.words();
        assert!(words.contains("8 类，185 项"), "{}: {words}", town.engine);
        for told in ["党的建设", "宣传教育", "信息采集与服务", "城市管理", "平安建设", "矛盾化解", "应急响应"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert_eq!(words.matches("类名暂定").count(), 4, "{}: four are provisional: {words}", town.engine);
        let asks: Vec<String> =
            shown.links().into_iter().filter(|link| link.starts_with("/report/new?what=")).collect();
        assert_eq!(asks.len(), 185, "{}: each leads to where it is asked for", town.engine);
        let said = she.open(&asks[0]).expect(200);
        let form = said.forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
        assert_eq!(form.get("what"), Some("党群服务中心开放时间告知"), "{}", town.engine);
        let english = she.open("/report/services?lang=en").expect(200).words();
        assert!(english.contains("8 categories, 185 services"), "{}: {english}", town.engine);
        assert!(english.contains("provisional"), "{}: {english}", town.engine);
    }
}

#[test]
fn a_city_without_a_catalogue_of_services_says_so_and_what_to_do() {
    for town in Town::each_with(&[("catalogue/grid/categories.toml", "")]) {
        let page = town.visitor().open("/report/services").expect(200);
        assert!(page.words().contains("还没有定网格服务的目录"), "{}: {}", town.engine, page.words());
        assert!(page.links().contains(&"/report/new".to_owned()), "{}: {:?}", town.engine, page.links());
    }
}

#[test]
fn whoever_handles_a_report_reads_its_full_code() {
    for town in Town::each() {
        let mut zhao = town.staff("zhao.code", "community_worker", &town.named(PLACE), None);
        for (what, kind, code) in [
            ("楼下垃圾没人收", "event/0102/heap", "2101040102"),
            ("井盖丢了", "component/0129/missing", "2101040129，后面是这个部件自己的 6 位编号"),
        ] {
            let mut she = town.visitor();
            let last = crate::street::before_sending(&mut she, what, kind);
            let receipt = she.submit(crate::street::last(&last)).expect(200);
            let number = receipt.address.trim_start_matches("/receipt/").to_owned();
            let words = zhao.open(&format!("/cases/{number}")).expect(200).words();
            assert!(words.contains("完整编码") && words.contains(code), "{}: {code}: {words}", town.engine);
        }
    }
}

#[test]
fn what_a_photo_must_show_is_said_where_it_is_first_asked_for_and_of_the_kind_once_it_is_known() {
    for town in Town::each() {
        let mut she = town.visitor();
        let first = she.open("/report/new").expect(200);
        assert!(first.words().contains("要看得出是什么、坏成什么样、在什么地方"), "{}", first.words());
        let last = crate::street::before_sending(&mut she, "井盖丢了", "component/0129/missing");
        assert!(last.words().contains("拍清井口和周围的路面"), "{}: {}", town.engine, last.words());
        let receipt = she.submit(crate::street::last(&last)).expect(200);
        let number = receipt.address.trim_start_matches("/receipt/").to_owned();
        let mut zhao = town.staff("zhao.shows", "community_worker", &town.named(PLACE), None);
        let told: Value = serde_json::from_slice(&zhao.open("/field/tasks.json").expect(200).bytes).unwrap();
        let task = told["tasks"].as_array().unwrap().iter().find(|task| task["number"] == number.as_str()).unwrap();
        let shows = task["shows"].as_str().unwrap();
        assert!(
            shows.starts_with("拍清井口和周围的路面") && shows.contains("处置后的照片至少要有 1 张"),
            "{}",
            town.engine
        );
        let page = zhao.open("/field").expect(200);
        let body = page.body();
        let option = |key: &str| {
            let from = body.split_once(&format!("<option value=\"{key}\"")).unwrap_or_else(|| panic!("{key}")).1;
            from.split_once("</option>").unwrap().0.to_owned()
        };
        let missing = option("component/0129/missing");
        assert!(missing.contains("data-shows=\"拍清井口和周围的路面\""), "{}: {missing}", town.engine);
        assert!(!option("event/0102/heap").contains("data-call"), "{}: nothing is dangerous", town.engine);
        let smell = option("event/0403/smell");
        assert!(
            smell.contains("data-call=\"119 110\"") && smell.contains("到外面再打电话"),
            "{}: {smell}",
            town.engine
        );
        assert!(body.contains("id=\"field-stop\"") && body.contains("name=\"called\""), "{}", town.engine);
        assert!(page.words().contains("要看得出是什么"), "{}: {}", town.engine, page.words());
    }
}
