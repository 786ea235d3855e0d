//! Every kind of need has a field of its own on the page of a case, and what is typed there is kept as the procedure
//! wants it and told in words.

use cases::Recipient;
use city_stories::Town;

use super::runner;
use super::told::{Matter, place_of, register_one, unit};

const FILES: [(&str, &str); 1] = [("procedures/errand.toml", ERRAND)];

const ERRAND: &str = r#"
name = "errand"
version = 1
title = { zh = "跑腿", en = "Errand" }
start = ["ask"]

[parties.asker]
title = { zh = "请托人", en = "Asker" }
kind = "record"

[parties.helper]
title = { zh = "帮忙的单位", en = "Helper" }
kind = "unit"
min = 0

[clocks.handle]
title = { zh = "办理", en = "Handling" }
limit = { amount = 5, unit = "working_day" }

[outcomes.done]
title = { zh = "办好", en = "Done" }
counts = "done"

[states.open]
title = { zh = "办理中", en = "Being handled" }
clock = "running"
waits_for = "office"

[states.over]
title = { zh = "已办好", en = "Done" }
clock = "ended"
waits_for = "nobody"
terminal = true
outcome = "done"

[actions.ask]
title = { zh = "请托", en = "Ask" }
to = "open"
by = "office"
permission = "case.accept"
starts_clock = true

[actions.note]
title = { zh = "记下", en = "Note" }
from = ["open"]
to = "open"
by = "office"
permission = "case.handle"
notify = ["asker", "helper"]
needs = [
    { name = "where", kind = "place", required = true, title = { zh = "去哪里", en = "Where to" } },
    { name = "spot", kind = "point", title = { zh = "位置", en = "Spot" } },
    { name = "unit", kind = "unit", title = { zh = "找哪个单位", en = "Which unit" } },
    { name = "for", kind = "person", title = { zh = "为谁", en = "For whom" } },
    { name = "pieces", kind = "number", least = 1, most = 9, title = { zh = "件数", en = "Pieces" } },
    { name = "cost", kind = "money", title = { zh = "费用", en = "Cost" } },
    { name = "agreed", kind = "consent", required = true, title = { zh = "本人同意代办", en = "Agrees to it" } },
]

[actions.close]
title = { zh = "办好", en = "Close" }
from = ["open"]
to = "over"
by = "office"
permission = "case.decide"
"#;

#[test]
fn every_need_is_asked_for_in_a_field_of_its_own() {
    for town in Town::each_with(&FILES) {
        register_one(&town, "errand", 'E');
        let district = place_of(&town, "district");
        let matter = Matter::of(&town, "errand", "civil_affairs@district")
            .with_sealed("asker", "赵某")
            .with_unit("helper", "stats@city")
            .tell("2026-11-23T09:00 civil_affairs@district ask -> open");
        let number = matter.case().number.clone();
        let mut desk = town.staff("errand.desk", "district_handler", &district, Some("civil_affairs"));
        let (page, act) = (format!("/cases/{number}"), format!("/cases/{number}/act"));
        let shown = desk.open(&page).expect(200);
        for field in [
            "type=\"number\" name=\"field_pieces\"",
            "name=\"field_cost\" inputmode=\"decimal\"",
            "name=\"field_spot\" inputmode=\"decimal\"",
            "list=\"places-note-where\"",
            "type=\"checkbox\" name=\"field_agreed\" value=\"yes\"",
        ] {
            assert!(shown.body().contains(field), "{}: {field}", town.engine);
        }
        assert!(shown.body().contains(" · 文安路社区\"></option>"), "{}: places are offered", town.engine);
        let own_unit = format!("civil_affairs@{district}");
        let record = matter.record("asker").to_string();
        assert!([&own_unit, &record].iter().all(|value| shown.body().contains(&format!("value=\"{value}\""))));
        let filled = |place: &str| {
            let form = desk_form(&shown, &act);
            let form =
                form.set("field_where", place).set("field_spot", "４１.8，123.4").set("field_unit", own_unit.as_str());
            let form = form.set("field_for", record.as_str()).set("field_pieces", "３").set("field_cost", "12.50");
            form.set("field_agreed", "yes")
        };
        for unit in ["nobody@1.", &format!("civil_affairs@{}", place_of(&town, "community")), "civil_affairs@1.99999."]
        {
            let refused = desk.send(filled("文安路社区").set("field_unit", unit));
            assert_eq!(refused.status, 422, "{}: {unit}", town.engine);
        }
        for wrong in ["没有的社区", "社区", "1.99999."] {
            let refused = desk.send(filled(wrong));
            assert_eq!(refused.status, 422, "{}: {wrong}", town.engine);
            assert!(refused.words().contains("去哪里"), "{}: {}", town.engine, refused.words());
            assert!(refused.body().contains(&format!("value=\"{wrong}\"")), "what was typed stands there again");
        }
        let done = desk.submit(filled("文安路社区")).expect(200);
        let said = step_of(&done, "记下");
        assert_eq!(step_of(&shown, "记下"), "", "{}: it was not taken before", town.engine);
        for told in ["文安路社区", "41.8,123.4", "和平区民政", "请托人", "12.50 元", "本人同意代办"]
        {
            assert!(said.contains(told), "{}: {told} in {said}", town.engine);
        }
        runner(&town).run_due().unwrap();
        let helper = unit(&town, "stats@city");
        let handle = Recipient::desk(&helper.place, helper.department.as_deref()).handle();
        let told = town.store().read_blocking(move |tx| jobs::inbox(tx, &handle, 9)).unwrap();
        let templates: Vec<&str> = told.iter().map(|notice| notice.template.as_str()).collect();
        assert_eq!(templates, ["cases-notice-party"], "{}: whoever helps is told once", town.engine);
        town.verify();
    }
}

/// What the list of what happened says of a step; nothing where it was not taken. The form of the step stands
/// elsewhere.
fn step_of(page: &testkit::Reply, title: &str) -> String {
    let body = page.body();
    let (_, path) = body.split_once("<ol class=\"path\">").unwrap();
    let (path, _) = path.split_once("</ol>").unwrap();
    path.split("<li").find(|step| step.contains(title)).unwrap_or_default().to_owned()
}

/// The form of the step `note`.
fn desk_form(page: &testkit::Reply, act: &str) -> testkit::Form {
    let mut forms = page.forms().into_iter();
    forms.find(|form| form.action == act && form.get("action") == Some("note")).unwrap()
}
