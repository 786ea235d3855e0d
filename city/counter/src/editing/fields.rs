//! An item as the fields of a form, and a form as an item: what an editor types is kept even where it is no item yet.

use std::collections::{BTreeMap, BTreeSet};

use kernel::calendar::{Limit, Unit};
use kernel::identifier::IdentityKind;
use kernel::language::Bilingual;
use kernel::place::Level;
use kernel::procedure::Telling;
use vault::PersonField;
use web::Form;

use super::writing::{applicant, issued};
use crate::catalogue::{
    Applicant, Asked, Aspect, Custody, Decides, Department, Guide, Issued, IssuedKind, Item, Keywords, MaterialUse,
    ReadyReason,
};

/// The most papers of one item.
pub const MOST_PAPERS: usize = 30;
/// The most rules and the most questions of one guide.
pub const MOST_ROWS: usize = 20;

/// The texts of a row of reasons kept ready, by the end of their fields' names.
const READY_PARTS: [&str; 4] = ["title", "reason", "basis", "remedy"];

/// The form of an item with its guide.
#[must_use]
pub fn fields(item: &Item, guide: &Guide) -> Form {
    let mut form = Form::default();
    for (name, value) in single(item) {
        form.add(name, value);
    }
    let none = Bilingual::default();
    for (name, text) in [
        ("name", &item.name),
        ("summary", &item.summary),
        ("note", item.limit_note.as_ref().unwrap_or(&none)),
        ("result", &item.result.name),
        ("cost", guide.cost.as_ref().unwrap_or(&none)),
    ] {
        add_both(&mut form, name, text);
    }
    add_all(&mut form, "route", item.route.iter().map(|level| level.code()));
    add_all(&mut form, "fields", item.fields.iter().map(|field| field.code()));
    add_all(&mut form, "identity", item.identity.iter().map(|kind| kind.code()));
    add_all(&mut form, "life_events", item.life_events.iter().map(String::as_str));
    add_all(&mut form, "provisional", item.provisional.iter().map(|aspect| aspect.code()));
    if item.confidential {
        form.add("confidential", "1");
    }
    for (at, paper) in item.materials.iter().enumerate() {
        add_paper(&mut form, at, paper);
    }
    for (at, law) in guide.law.iter().enumerate() {
        add_both(&mut form, &format!("law{at}"), law);
    }
    for (at, asked) in guide.faq.iter().enumerate() {
        add_both(&mut form, &format!("asked{at}"), &asked.question);
        add_both(&mut form, &format!("answer{at}"), &asked.answer);
    }
    for (at, ready) in guide.reasons.iter().enumerate() {
        form.add(format!("ready{at}"), ready.told.code());
        add_both(&mut form, &format!("ready{at}_title"), &ready.title);
        for (part, said) in [("reason", &ready.reason), ("basis", &ready.basis), ("remedy", &ready.remedy)] {
            add_both(&mut form, &format!("ready{at}_{part}"), said.as_ref().unwrap_or(&none));
        }
    }
    form
}

/// The form of a new item: what every item of that department has.
#[must_use]
pub fn blank(code: &str, department: &Department) -> Form {
    let form = Form::default().with("code", code).with("department", &department.code);
    let form = form.with("decides_department", &department.code).with("decides_level", Level::District.code());
    let form = form.with("custody", Custody::Separate.code()).with("procedure", "separate").with("type", "20");
    let form = form.with("promised_unit", Unit::WorkingDay.code()).with("legal_unit", Unit::WorkingDay.code());
    let form = form.with("route", Level::Community.code()).with("route", Level::District.code());
    let form = form.with("limit_source", "T").with("result_type", issued(IssuedKind::Service));
    let asked = [PersonField::Name, PersonField::ResidentId, PersonField::Telephone];
    let form = asked.iter().fold(form, |form, field| form.with("fields", field.code()));
    Aspect::ALL.iter().fold(form, |form, aspect| form.with("provisional", aspect.code()))
}

fn single(item: &Item) -> Vec<(&'static str, String)> {
    vec![
        ("code", item.code.clone()),
        ("type", item.kind.clone()),
        ("department", item.department.clone()),
        ("applicant", applicant(item.applicant).to_owned()),
        ("decides_level", item.decides.level.code().to_owned()),
        ("decides_department", item.decides.department.clone()),
        ("custody", item.custody.code().to_owned()),
        ("procedure", item.procedure.clone()),
        ("promised", item.promised.amount.to_string()),
        ("promised_unit", item.promised.unit.code().to_owned()),
        ("legal", item.legal.amount.to_string()),
        ("legal_unit", item.legal.unit.code().to_owned()),
        ("limit_source", item.limit_source.join(" ")),
        ("name_source", item.name_source.join(" ")),
        ("reference", item.reference.clone().unwrap_or_default()),
        ("result_type", issued(item.result.kind).to_owned()),
        ("keywords_zh", item.keywords.zh.join("\n")),
        ("keywords_en", item.keywords.en.join("\n")),
    ]
}

fn add_both(form: &mut Form, name: &str, text: &Bilingual) {
    form.add(format!("{name}_zh"), &text.zh);
    form.add(format!("{name}_en"), &text.en);
}

fn add_all<'a>(form: &mut Form, name: &str, values: impl Iterator<Item = &'a str>) {
    values.for_each(|value| form.add(name, value));
}

fn add_paper(form: &mut Form, at: usize, paper: &MaterialUse) {
    form.add(format!("paper{at}"), &paper.code);
    form.add(format!("paper{at}_or"), paper.alternatives.join(" "));
    if paper.needed {
        form.add(format!("paper{at}_needed"), "1");
    }
    add_both(form, &format!("paper{at}_note"), paper.note.as_ref().unwrap_or(&Bilingual::default()));
}

/// The item, with its guide, that a form describes. `before` is the guide in force; its questions and what is paid are
/// kept, because the form does not show them.
///
/// # Errors
/// The columns that hold something other than they may, such as a limit that is no number.
pub fn item(form: &Form, version: i64, before: Option<&Guide>) -> Result<(Item, Guide), BTreeSet<&'static str>> {
    let mut wrong = BTreeSet::new();
    let promised = limit(form, "promised", &mut wrong);
    let legal = limit(form, "legal", &mut wrong);
    let level = known("decides", Level::parse(form.get("decides_level")), Level::City, &mut wrong);
    let custody = Custody::ALL.into_iter().find(|mode| mode.code() == form.get("custody"));
    let custody = known("custody", custody, Custody::Separate, &mut wrong);
    if form.all("fields").into_iter().any(|field| PersonField::parse(field).is_none()) {
        wrong.insert("fields");
    }
    let item = Item {
        code: form.get("code").to_uppercase(),
        version,
        name: both(form, "name").unwrap_or_default(),
        summary: both(form, "summary").unwrap_or_default(),
        kind: form.get("type").to_owned(),
        department: form.get("department").to_owned(),
        applicant: if form.get("applicant") == "organisation" { Applicant::Organisation } else { Applicant::Resident },
        decides: Decides { level, department: form.get("decides_department").to_owned() },
        route: route(form),
        custody,
        procedure: form.get("procedure").to_owned(),
        promised,
        legal,
        limit_note: both(form, "note"),
        limit_source: words(form.get("limit_source")),
        materials: papers(form),
        fields: form.all("fields").into_iter().filter_map(PersonField::parse).collect(),
        identity: form.all("identity").into_iter().filter_map(IdentityKind::parse).collect(),
        confidential: form.has("confidential"),
        result: Issued {
            name: both(form, "result").unwrap_or_default(),
            kind: known("result", kind(form.get("result_type")), IssuedKind::Service, &mut wrong),
        },
        life_events: form.all("life_events").into_iter().map(str::to_owned).collect(),
        keywords: Keywords { zh: phrases(form.get("keywords_zh")), en: phrases(form.get("keywords_en")) },
        provisional: Aspect::ALL.into_iter().filter(|one| form.all("provisional").contains(&one.code())).collect(),
        name_source: words(form.get("name_source")),
        reference: form.opt("reference").map(str::to_owned),
    };
    let guide = guide(form, &item.code, before, &mut wrong);
    if wrong.is_empty() { Ok((item, guide)) } else { Err(wrong) }
}

fn guide(form: &Form, code: &str, before: Option<&Guide>, wrong: &mut BTreeSet<&'static str>) -> Guide {
    let rows = |name: &str| (0..MOST_ROWS).map(move |at| format!("{name}{at}")).collect::<Vec<String>>();
    let faq = rows("asked").into_iter().zip(rows("answer")).filter_map(|(question, answer)| {
        let (question, answer) = (both(form, &question), both(form, &answer));
        (question.is_some() || answer.is_some())
            .then(|| Asked { question: question.unwrap_or_default(), answer: answer.unwrap_or_default() })
    });
    Guide {
        item: code.to_owned(),
        cost: both(form, "cost"),
        how_much: before.and_then(|guide| guide.how_much.clone()),
        when_paid: before.and_then(|guide| guide.when_paid.clone()),
        beside: before.and_then(|guide| guide.beside.clone()),
        law: rows("law").iter().filter_map(|name| both(form, name)).collect(),
        questions: before.map(|guide| guide.questions.clone()).unwrap_or_default(),
        faq: faq.collect(),
        reasons: (0..MOST_ROWS).filter_map(|at| ready(form, &format!("ready{at}"), wrong)).collect(),
    }
}

/// The reasons kept ready in one row. Whoever begins a row has to finish it: what it is used for, a title and a text,
/// in both languages.
fn ready(form: &Form, name: &str, wrong: &mut BTreeSet<&'static str>) -> Option<ReadyReason> {
    let told = Telling::ALL.into_iter().find(|told| told.code() == form.get(name));
    let [title, reason, basis, remedy] = READY_PARTS.map(|part| both(form, &format!("{name}_{part}")));
    let texts = [&title, &reason, &basis, &remedy];
    if told.is_none() && texts.iter().all(|text| text.is_none()) {
        return None;
    }
    let halved = texts.into_iter().flatten().any(|text| text.missing().is_some());
    let empty = [&reason, &basis, &remedy].iter().all(|text| text.is_none());
    if told.is_none() || title.is_none() || halved || empty {
        wrong.insert("reasons");
    }
    Some(ReadyReason { told: told?, title: title.unwrap_or_default(), reason, basis, remedy })
}

/// Whether something stands in that row of reasons kept ready.
#[must_use]
pub fn is_ready_begun(form: &Form, at: usize) -> bool {
    let name = format!("ready{at}");
    form.opt(&name).is_some() || READY_PARTS.iter().any(|part| both(form, &format!("{name}_{part}")).is_some())
}

fn papers(form: &Form) -> Vec<MaterialUse> {
    let paper = |at: usize| {
        let name = format!("paper{at}");
        Some(MaterialUse {
            code: form.opt(&name)?.to_uppercase(),
            needed: form.has(&format!("{name}_needed")),
            alternatives: words(&form.get(&format!("{name}_or")).to_uppercase()),
            note: both(form, &format!("{name}_note")),
        })
    };
    (0..MOST_PAPERS).filter_map(paper).collect()
}

/// The levels ticked, from the lowest up, as papers travel.
fn route(form: &Form) -> Vec<Level> {
    let mut levels: Vec<Level> = form.all("route").into_iter().filter_map(Level::parse).collect();
    levels.sort_by_key(|level| std::cmp::Reverse(level.depth()));
    levels.dedup();
    levels
}

fn both(form: &Form, name: &str) -> Option<Bilingual> {
    let text = Bilingual::new(form.get(&format!("{name}_zh")), form.get(&format!("{name}_en")));
    (!text.zh.is_empty() || !text.en.is_empty()).then_some(text)
}

fn limit(form: &Form, name: &'static str, wrong: &mut BTreeSet<&'static str>) -> Limit {
    let amount = known(name, form.get(name).parse().ok(), 0, wrong);
    Limit::new(amount, known(name, Unit::parse(form.get(&format!("{name}_unit"))), Unit::WorkingDay, wrong))
}

fn known<T>(column: &'static str, found: Option<T>, otherwise: T, wrong: &mut BTreeSet<&'static str>) -> T {
    found.unwrap_or_else(|| {
        wrong.insert(column);
        otherwise
    })
}

fn kind(code: &str) -> Option<IssuedKind> {
    let all = [IssuedKind::Certificate, IssuedKind::Payment, IssuedKind::Record, IssuedKind::Service];
    all.into_iter().find(|kind| issued(*kind) == code)
}

/// Codes with blanks or commas between them.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|sign: char| sign.is_whitespace() || ",，、;；".contains(sign));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Words and phrases, one a line or with a comma between them; a phrase may have blanks inside.
fn phrases(text: &str) -> Vec<String> {
    let parts = text.split(['\n', ',', '，', '、', ';', '；']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The same form with these fields, whatever was typed in them.
#[must_use]
pub fn fixed(form: &Form, values: &[(&str, &str)]) -> Form {
    let mut kept = Form::default();
    for (name, _) in form.under("").filter(|(name, _)| values.iter().all(|(fixed, _)| fixed != name)) {
        // A ticked box may carry nothing.
        let all = form.all(name);
        if all.is_empty() {
            kept.add(name, "");
        }
        add_all(&mut kept, name, all.into_iter());
    }
    values.iter().fold(kept, |form, (name, value)| form.with(*name, *value))
}

/// The fields of a form as text, to be kept with a draft. What proves the form to be ours is not kept.
#[must_use]
pub fn to_json(form: &Form) -> String {
    let names = form.under("").map(|(name, _)| name).filter(|name| !name.starts_with('_'));
    let fields: BTreeMap<&str, Vec<&str>> = names.map(|name| (name, form.all(name))).collect();
    serde_json::to_string(&fields).unwrap_or_default()
}

/// The fields kept with a draft; none where the text cannot be read.
#[must_use]
pub fn from_json(text: &str) -> Form {
    let fields: BTreeMap<String, Vec<String>> = serde_json::from_str(text).unwrap_or_default();
    let mut form = Form::default();
    for (name, values) in fields {
        // What was left blank was there all the same.
        let blank = values.is_empty().then(String::new);
        values.into_iter().chain(blank).for_each(|value| form.add(name.clone(), value));
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;

    #[test]
    fn every_item_comes_back_from_its_form_unchanged() {
        let catalogue = catalogue();
        for one in catalogue.items() {
            let bare = Guide { item: one.code.clone(), ..Guide::default() };
            let guide = catalogue.guide(&one.code).unwrap_or(&bare);
            let form = from_json(&to_json(&fields(one, guide)));
            assert_eq!(item(&form, one.version, Some(guide)), Ok((one.clone(), guide.clone())), "{}", one.code);
        }
    }

    #[test]
    fn what_is_no_number_names_its_column() {
        let catalogue = catalogue();
        let one = catalogue.get("MZ-11").unwrap();
        for (name, value, column) in [
            ("promised", "三", "promised"),
            ("legal", "-1", "legal"),
            ("legal_unit", "week", "legal"),
            ("custody", "X", "custody"),
            ("decides_level", "moon", "decides"),
            ("result_type", "", "result"),
        ] {
            let mut kept: BTreeMap<String, Vec<String>> =
                serde_json::from_str(&to_json(&fields(one, &Guide::default()))).unwrap();
            kept.insert(name.to_owned(), vec![value.to_owned()]);
            let form = from_json(&serde_json::to_string(&kept).unwrap());
            assert_eq!(item(&form, 1, None), Err(BTreeSet::from([column])), "{name}={value}");
        }
    }

    #[test]
    fn a_reason_kept_ready_that_is_begun_is_finished_or_told() {
        let catalogue = catalogue();
        let one = catalogue.get("MZ-09").unwrap();
        let whole = [("ready0", "refuse"), ("ready0_title_zh", "甲"), ("ready0_title_en", "A")];
        let said = [("ready0_reason_zh", "因为"), ("ready0_reason_en", "because")];
        let with = |rows: &[(&str, &str)]| {
            let form = fields(one, &Guide::default());
            item(&rows.iter().fold(form, |form, (name, value)| form.with(*name, *value)), 1, None)
        };
        let reasons = with(&[whole.as_slice(), &said].concat()).unwrap().1.reasons;
        assert_eq!((reasons.len(), reasons[0].told), (1, Telling::Refuse));
        for begun in [
            &said[..],
            &whole[..],
            &whole[..1],
            &[whole[0], said[0], said[1]],
            &[whole.as_slice(), &said[..1]].concat(),
        ] {
            assert_eq!(with(begun), Err(BTreeSet::from(["reasons"])), "{begun:?}");
        }
        let form = said.iter().fold(Form::default(), |form, (name, value)| form.with(*name, *value));
        assert_eq!((is_ready_begun(&form, 0), is_ready_begun(&form, 1)), (true, false));
    }

    #[test]
    fn lists_are_parted_as_people_write_them() {
        assert_eq!(words("K，L3 T"), ["K", "L3", "T"]);
        assert_eq!(phrases("老年、高龄\nold age, allowance"), ["老年", "高龄", "old age", "allowance"]);
        let form = Form::default().with("route", "city").with("route", "community").with("route", "street");
        assert_eq!(route(&form), [Level::Community, Level::Street, Level::City]);
    }
}
