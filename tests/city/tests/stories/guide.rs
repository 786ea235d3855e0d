//! In these stories the guide asks a few questions and tells whom to ask and what is not needed. The answers go along
//! with the application.

use city_stories::{Resident, Story, Town, chosen};
use lianglin::demonstration::Seed;
use testkit::Reply;

#[test]
fn an_answer_that_leads_elsewhere_says_where_to() {
    for town in Town::each() {
        let mut visitor = town.visitor();
        let guide = visitor.open("/items/FC-01").expect(200);
        assert!(guide.words().contains("先看看能不能办"), "{}", guide.words());
        let form = guide.forms().into_iter().find(|form| form.action.starts_with("/items/FC-01")).unwrap();
        let partly = visitor.submit(form.set("want", "flat")).expect(200);
        assert!(partly.words().contains("还有问题没有答"), "{}", partly.words());
        let elsewhere = visitor.open("/items/FC-01?want=subsidy&home=rented").expect(200);
        assert!(elsewhere.links().contains(&"/items/FC-02".to_owned()));
        let odd = visitor.open("/items/FC-01?want=%3Cb%3E&home=").expect(200);
        assert!(!odd.body().contains("<b>") || odd.words().contains("先看看"), "an unknown answer is none");
    }
}

#[test]
fn papers_that_an_answer_makes_unneeded_are_not_asked_for() {
    for town in Town::each() {
        let home = town.named("华炉社区");
        let resident = Resident::next(&mut Seed::new(51));
        let mut visitor = town.visitor();
        let found = visitor.open("/items/FC-01?want=flat&home=relatives").expect(200);
        assert!(found.words().contains("看起来可以办"), "{}", found.words());
        assert!(found.links().iter().any(|link| link.starts_with("/apply/FC-01?")), "{:?}", found.links());
        let form = visitor.to_check_from(&town, "/apply/FC-01", "?home=relatives&want=flat", &resident, &home);
        let receipt = visitor.submit(form).expect(200);
        let mut story = Story::new(&town, 52);
        story.number = receipt.address.strip_prefix("/receipt/").unwrap().to_owned();
        let case = story.case();
        assert!(!case.papers().contains_key("PR") && case.papers().contains_key("HK"), "{:?}", case.papers());
        assert_eq!(case.fields.get("home").map(String::as_str), Some("relatives"));
        let mut worker = town.staff("takes.it", "community_worker", &town.named("文安路社区"), None);
        let desk = worker.open("/desk?item=FC-01&home=relatives").expect(200);
        let form = desk.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post").unwrap();
        assert_eq!(form.get("check_home"), Some("relatives"));
        let form = resident.fill(form).set("residence_words", "华炉社区");
        let reply = worker.submit(form);
        let reply = if reply.status == 422 {
            let form = reply.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post").unwrap();
            worker.submit(chosen(resident.fill(form), "residence", &home.id().0.to_string()))
        } else {
            reply
        };
        // She applied from home a moment ago. The desk says so, and takes the application if it is told to.
        assert!(reply.words().contains("仍然受理"), "{}", reply.words());
        let form = reply.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post").unwrap();
        let reply = worker.submit(form.set("once_more", "1"));
        story.number =
            reply.address.strip_prefix("/receipt/").unwrap_or_else(|| panic!("{}", reply.words())).to_owned();
        assert!(!story.case().papers().contains_key("PR"));
    }
}

#[test]
fn what_was_said_of_the_check_and_of_home_goes_along() {
    for town in Town::each() {
        let home = town.named("文安路社区");
        let _ground = town.lays_ground(std::slice::from_ref(&home), 3);
        let mut she = town.visitor();
        let found = she.open("/items/FC-01?want=flat&home=relatives&near=文安路社区").expect(200);
        let on = format!("/apply/FC-01?home=relatives&want=flat&place={}", home.id());
        assert!(found.links().contains(&on), "{}: {:?}", town.engine, found.links());
        let check = |page: &Reply| page.form("/items/FC-01#check");
        assert_eq!(check(&found).get("place"), Some(home.id().to_string().as_str()), "{}", town.engine);

        let several = she.open("/items/FC-01?want=flat&home=relatives&near=和平区文安路18号").expect(200);
        let link = format!("/items/FC-01?place={}&home=relatives&want=flat#nearest", home.id());
        assert!(several.links().contains(&link), "{}: {:?}", town.engine, several.links());
        let browse = "/items/FC-01?place=all&home=relatives&want=flat#nearest".to_owned();
        assert!(several.links().contains(&browse), "{}: {:?}", town.engine, several.links());
        assert_eq!(check(&several).get("near"), Some("和平区文安路18号"), "{}", town.engine);
        let forms = several.forms();
        let asked = forms.iter().find(|form| form.action == "/items/FC-01#nearest").unwrap();
        assert_eq!((asked.get("want"), asked.get("home")), (Some("flat"), Some("relatives")), "{}", town.engine);
    }
}
