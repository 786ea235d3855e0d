//! These stories are about what people are told before they report: what the grid does for them, and what a photo must
//! show.

use city_stories::Town;

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
        assert_eq!(words.matches("类名待本市确认").count(), 4, "{}: four are provisional: {words}", town.engine);
        let asks: Vec<String> =
            shown.links().into_iter().filter(|link| link.starts_with("/report/new?what=")).collect();
        assert_eq!(asks.len(), 185, "{}: each leads to where it is asked for", town.engine);
        let said = she.open(&asks[0]).expect(200);
        let form = said.forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
        assert_eq!(form.get("what"), Some("党群服务中心开放时间告知"), "{}", town.engine);
        let english = she.open("/report/services?lang=en").expect(200).words();
        assert!(english.contains("8 categories, 185 services"), "{}: {english}", town.engine);
        assert!(english.contains("name to be confirmed by the city"), "{}: {english}", town.engine);
    }
}
