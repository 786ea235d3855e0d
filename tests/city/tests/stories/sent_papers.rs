//! These stories show papers as people meet them: a picture from home, data instead of a paper, a paper that follows,
//! and an original that goes from hand to hand.

use crate::photos::{on, with_photos};
use city_stories::{Browser, PICTURE, Story, Town, all_values, chosen, form_for};
use papers::{Check, CheckFault, CheckRequest, Checks, Registry, RegistryKey, Reply, Source};
use std::sync::Arc;
use testkit::Form;
use vault::PersonField;

fn offers(browser: &Browser, action: &str) -> bool {
    browser.page().forms().iter().any(|form| form.action == action)
}

/// Returns everything in a folder and below it.
fn stored(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut open = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                found.push(std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_picture_from_home_is_seen_by_the_office_for_a_purpose_alone() {
    for town in Town::each() {
        let mut story = Story::new(&town, 81);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            佟建国 is organiser_district at 大东区
            she applies for MZ-11 living in 华炉社区
            she follows it
            ",
        );
        let number = story.number.clone();
        let (own, files) = (format!("/follow/{number}/papers"), format!("/cases/{number}/files"));
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        for (odd, said) in [(&b"\0\0\0\x18ftypheic"[..], "HEIC"), (b"MZ", "不是照片"), (b"", "没有选择文件")]
        {
            let reply = she.uploads(&form_for(she, &own, "HK"), &[("file", "a.jpg", odd)]).expect(422);
            assert!(reply.words().contains(said), "{}", reply.words());
        }
        let form = form_for(she, &own, "HK");
        let page = she.uploads(&form, &[("file", "关岺的户口簿.png", PICTURE)]).expect(200);
        assert!(page.words().contains("已收电子件"), "{}", page.words());
        let again = she.uploads(&form, &[("file", "关岺的户口簿.png", PICTURE)]).expect(200);
        let shown: Vec<String> =
            again.links().into_iter().filter(|link| link.starts_with(&format!("{own}/"))).collect();
        assert_eq!(shown.len(), 1, "{}: sent twice, kept once", town.engine);
        let before = town.counts().looks;
        let picture = she.get(&shown[0]).expect(200);
        assert!(picture.bytes.starts_with(b"\x89PNG"));
        for (header, value) in [
            ("content-type", "image/png"),
            ("content-disposition", "inline; filename=\"HK-1.png\""),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(picture.header(header), Some(value));
        }
        assert!(picture.header("content-security-policy").unwrap().contains("sandbox"));
        assert_eq!(town.counts().looks, before, "her own");
        assert_eq!(town.visitor().get(&shown[0]).status, 404);

        let file = shown[0].replace(&own, &files);
        let office = story.at("孙海燕");
        assert_eq!(office.get(&shown[0]).status, 404, "staff look through their own page");
        drop(office.open(&files).expect(200));
        assert_eq!(office.get(&file).location(), Some(files.as_str()), "a purpose first");
        drop(office.post(&format!("{files}/open"), &[("purpose", " ")]).expect(422));
        assert_eq!(town.counts().looks, before);
        let form = office.open(&files).expect(200).form(&format!("{files}/open"));
        let page = office.submit(form.set("purpose", "handling").set("purpose_word", "核对户籍")).expect(200);
        assert!(page.links().contains(&file), "{}", page.words());
        assert!(office.get(&file).expect(200).bytes.starts_with(b"\x89PNG"));
        assert_eq!(town.counts().looks, before + 1);
        let organiser = story.at("佟建国");
        drop(organiser.open(&files).expect(200));
        assert_eq!(organiser.post(&format!("{files}/open"), &[("purpose", "好奇")]).status, 403);
        assert_eq!(organiser.get(&file).status, 403);
        story.tell("she follows it").tell("she reads 核对户籍");
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        assert!(!offers(she, &format!("{own}/remove")), "the office has looked");
        let kept = stored(&town.opening.configuration.files_folder());
        assert!(!kept.is_empty() && !kept.iter().any(|bytes| bytes.windows(4).any(|window| window == b"\x89PNG")));
        town.verify();
    }
}

#[test]
fn what_nobody_looked_at_can_be_taken_back() {
    for town in Town::each() {
        let mut story = Story::new(&town, 82);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let own = format!("/follow/{}/papers", story.number);
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let form = form_for(she, &own, "BK");
        drop(she.uploads(&form, &[("file", "a.png", PICTURE), ("file", "b.png", PICTURE)]).expect(200));
        let remove = she.page().form(&format!("{own}/remove"));
        let page = she.submit(remove).expect(200);
        assert_eq!(page.links().iter().filter(|link| link.starts_with(&format!("{own}/"))).count(), 1);
    }
}

#[test]
fn a_paper_that_is_altered_or_lost_on_the_shelf_is_found() {
    let threads = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for town in Town::each() {
        let mut story = Story::new(&town, 84);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let own = format!("/follow/{}/papers", story.number);
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let form = form_for(she, &own, "BK");
        drop(she.uploads(&form, &[("file", "a.png", PICTURE)]).expect(200));
        let looked = || threads.block_on(town.city.papers.inspect("", 100)).unwrap();
        let whole = looked();
        assert_eq!((whole.looked, whole.missing.len(), whole.altered.len()), (1, 0, 0), "{}", town.engine);
        let digest = whole.last.unwrap();
        let file = town.opening.configuration.files_folder().join(digest.get(..2).unwrap()).join(&digest);
        std::fs::write(&file, b"another").unwrap();
        assert_eq!(looked().altered, [digest.as_str()]);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(looked().missing, [digest.as_str()]);
        let none = threads.block_on(town.city.papers.inspect(&digest, 100)).unwrap();
        assert_eq!((none.looked, none.last), (0, None), "nothing comes after the last one");
    }
}

#[test]
fn photos_of_reports_are_looked_at_on_the_shelf_beside_papers() {
    let threads = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for town in Town::each() {
        let mut story = Story::new(&town, 85);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let own = format!("/follow/{}/papers", story.number);
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let form = form_for(she, &own, "BK");
        drop(she.uploads(&form, &[("file", "a.png", PICTURE)]).expect(200));
        let looked = |after: &str, limit: i64| threads.block_on(town.city.papers.inspect(after, limit)).unwrap();
        let paper = looked("", 100).last.unwrap();
        let mut reporter = town.visitor();
        let page = with_photos(&mut reporter, &[PICTURE]);
        assert_eq!(looked("", 100).looked, 2, "{}: it waits in a tray", town.engine);
        drop(reporter.submit(on(&page, "send")).expect(200));
        assert_eq!(looked("", 100).looked, 2, "{}: it came with the report", town.engine);
        // One after the other, in the order of the digests, whoever keeps them.
        let first = looked("", 1).last.unwrap();
        let second = looked(&first, 1).last.unwrap();
        assert!(first < second && looked(&second, 1).last.is_none(), "{}: {first} {second}", town.engine);
        let photo = if first == paper { second } else { first };
        let file = town.opening.configuration.files_folder().join(photo.get(..2).unwrap()).join(&photo);
        std::fs::write(&file, b"another").unwrap();
        assert_eq!(looked("", 100).altered, [photo.as_str()], "{}", town.engine);
        std::fs::remove_file(&file).unwrap();
        let found = looked("", 100);
        assert_eq!((found.missing.as_slice(), found.altered.len()), ([photo].as_slice(), 0), "{}", town.engine);
    }
}

/// Returns a PDF whose one object stream, which is not packed, holds an object with these entries.
fn pdf(entries: &str) -> String {
    let stream = format!("<< /Type /ObjStm /N 1 /First 4 /Length 99 >>\nstream\n5 0 << {entries} >>\nendstream");
    format!("%PDF-1.7\n1 0 obj\n{stream}\nendobj\nstartxref\n9\n%%EOF\n")
}

#[test]
fn a_pdf_that_acts_is_refused_with_what_to_do_instead() {
    for town in Town::each() {
        let mut story = Story::new(&town, 86);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let own = format!("/follow/{}/papers", story.number);
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let form = form_for(she, &own, "BK");
        for active in ["/S /J#61vaScript", "/S /URI", "/FT /Tx", "/Names << /EmbeddedFiles 4 0 R >>", "/Encrypt 5 0 R"]
        {
            let reply = she.uploads(&form, &[("file", "a.pdf", pdf(active).as_bytes())]).expect(422);
            assert!(reply.words().contains("这个 PDF 带有"), "{active}: {}", reply.words());
        }
        let sealed = pdf("/Type /Page /FT /Sig");
        let page = she.uploads(&form, &[("file", "a.pdf", sealed.as_bytes())]).expect(200);
        assert_eq!(page.links().iter().filter(|link| link.starts_with(&format!("{own}/"))).count(), 1);
    }
}

/// Is a source that does not answer.
struct Away;

impl Check for Away {
    fn name(&self) -> &'static str {
        "away"
    }

    fn ask(&self, _request: &CheckRequest) -> Result<Reply, CheckFault> {
        Err(CheckFault("away".to_owned()))
    }
}

fn sources(town: &Town, resident_id: &str) -> Checks {
    let key = RegistryKey::new(town.city.vault.derive_key("papers.registry"));
    let digest = key.digest(resident_id).unwrap();
    let register = format!("digest,material,from,until\n{digest},HK,2020-01-01,\n");
    let sends = vec![PersonField::ResidentId];
    let registry: Arc<dyn Check> = Arc::new(Registry::read("r.csv", &register, key).unwrap());
    Checks::from([
        ("HK".to_owned(), Source { check: registry, sends: sends.clone() }),
        ("ID".to_owned(), Source { check: Arc::new(Away), sends }),
    ])
}

#[test]
fn data_say_it_instead_of_a_paper_and_she_has_the_last_word() {
    for town in Town::each() {
        let mut story = Story::new(&town, 83);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            佟建国 is organiser_district at 大东区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            she follows it
            ",
        );
        town.city.papers.publish(sources(&town, &story.resident.resident_id));
        let number = story.number.clone();
        let (own, files) = (format!("/follow/{number}/papers"), format!("/cases/{number}/files"));
        let check = format!("/cases/{number}/check");
        let office = story.at("孙海燕");
        drop(office.open(&files).expect(200));
        let away = office.submit(form_for(office, &check, "ID")).expect(422);
        assert!(away.words().contains("没有回答"), "{}", away.words());
        let page = office.submit(form_for(office, &check, "HK")).expect(200);
        assert!(
            page.words().contains("数据核验：相符") && page.words().contains("不用交，我们核对过了"),
            "{}",
            page.words()
        );
        assert!(story.case().papers()["HK"].waived);
        let community = town.named("华炉社区");
        assert_eq!(story.at("佟建国").adds_up(&town, &community, "papers.confirmed"), vec![1_i64]);
        let confirmed = story.at("佟建国").listed(&town.opens(&community, "papers.confirmed"));
        assert_eq!(confirmed.into_iter().collect::<Vec<_>>(), [number.as_str()]);
        story.tell("she follows it").tell("she reads 数据核验");
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let object = form_for(she, &format!("{own}/object"), "HK");
        drop(she.submit(object).expect(200));
        let form = form_for(she, &own, "HK");
        drop(she.uploads(&form, &[("file", "a.png", PICTURE)]).expect(200));
        let page = story.at("孙海燕").open(&files).expect(200);
        assert!(page.words().contains("申请人认为核验结果不对"), "{}", page.words());
        assert!(!story.case().papers()["HK"].waived, "her own paper counts");
        story.tell("孙海燕 does grant basis=按事项目录");
        town.verify();
    }
}

#[test]
fn a_paper_follows_until_the_day_agreed() {
    for town in Town::each() {
        let mut story = Story::new(&town, 84);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            李德顺 is community_worker at 永顺社区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let number = story.number.clone();
        let (files, promise) = (format!("/cases/{number}/files"), format!("/cases/{number}/promises"));
        let worker = story.at("王晓燕");
        drop(worker.open(&files).expect(200));
        let form = form_for(worker, &promise, "HK");
        for odd in ["2026-11-23", "2027-11-23", "soon"] {
            drop(worker.send(form.clone().set("until", odd)).expect(422));
        }
        drop(worker.open(&files).expect(200));
        let page = worker.submit(form_for(worker, &promise, "HK")).expect(200);
        assert!(page.words().contains("前补交"), "{}", page.words());
        let listed = worker.open("/papers/promises").expect(200);
        assert!(listed.links().contains(&format!("/cases/{number}")), "{}", listed.words());
        assert!(!story.at("李德顺").open("/papers/promises").expect(200).words().contains(&number));
        let worker = story.at("王晓燕");
        drop(worker.open(&files).expect(200));
        let form = form_for(worker, &files, "HK");
        drop(worker.uploads(&form, &[("file", "a.png", PICTURE)]).expect(200));
        let listed = worker.open("/papers/promises").expect(200);
        assert!(!listed.words().contains(&number), "kept: {}", listed.words());
    }
}

/// Ticks every original on offer in the form that goes to an address.
fn all_ticked(browser: &Browser, action: &str) -> Form {
    let values = all_values(&browser.page().body(), "papers");
    let form = browser.page().form(action).without("papers");
    values.iter().fold(form, |form, value| chosen(form, "papers", value))
}

#[test]
fn an_original_goes_to_the_office_and_back_and_is_never_at_two_places() {
    for town in Town::each() {
        let mut story = Story::new(&town, 85);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            李德顺 is community_worker at 永顺社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let number = story.number.clone();
        let originals = format!("/cases/{number}/originals");
        let worker = story.at("王晓燕");
        let form = worker.open(&originals).expect(200).form(&originals);
        let form = chosen(chosen(form, "papers", "HK"), "papers", "PH");
        let page = worker.submit(form).expect(200);
        assert!(page.words().contains("文安路社区窗口"), "{}", page.words());
        drop(worker.open("/papers/custody").expect(200));
        let form = all_ticked(worker, "/papers/custody");
        let sheet = worker.submit(form.clone()).expect(200);
        assert!(sheet.address.starts_with("/papers/custody/JJ-"), "{}", sheet.address);
        assert_eq!(worker.send(form).location(), Some(sheet.address.as_str()), "sent twice, one list");
        assert!(!offers(worker, &sheet.address), "the sender does not confirm");
        assert_eq!(story.at("李德顺").get(&sheet.address).status, 404);

        let office = story.at("孙海燕");
        assert!(office.open("/papers/custody").expect(200).links().contains(&sheet.address));
        let form = office.open(&sheet.address).expect(200).form(&sheet.address);
        let arrived = all_values(&office.page().body(), "papers");
        assert_eq!(arrived.len(), 2);
        let form = form.without("papers").set("papers", &arrived[0]).set("note", "照片没有收到");
        let done = office.submit(form.clone()).expect(200);
        assert!(done.words().contains("没收到"), "{}", done.words());
        drop(office.send(form).expect(303));
        assert_eq!(office.post(&sheet.address, &[("_once", "another")]).status, 422, "confirmed before");
        let held = office.open("/papers/custody").expect(200);
        assert_eq!(all_values(&held.body(), "papers").len(), 1, "{}", held.words());
        let held = story.at("王晓燕").open("/papers/custody").expect(200);
        assert_eq!(all_values(&held.body(), "papers").len(), 1, "what did not arrive is here: {}", held.words());

        let office = story.at("孙海燕");
        drop(office.open("/papers/custody").expect(200));
        let back = office.submit(all_ticked(office, "/papers/custody")).expect(200).address;
        let worker = story.at("王晓燕");
        let form = worker.open(&back).expect(200).form(&back);
        drop(worker.submit(form).expect(200));
        let page = worker.open(&originals).expect(200);
        let form = page.form(&format!("{originals}/back"));
        let page = worker.submit(form).expect(200);
        assert!(page.words().contains("已退还"), "{}", page.words());
        town.verify();
    }
}
