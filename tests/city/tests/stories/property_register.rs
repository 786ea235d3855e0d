//! These stories are about the owners' register: a table is imported or answered row by row, names stay masked until
//! somebody says why she needs them, and an owner links her account with the code of her letter, which is printed once.

use city_stories::{Browser, Town};
use testkit::Reply;

pub const PLACE: &str = "华炉社区";
const STREET: &str = "大北街道";
const HEAD: &str = "楼栋,单元,房号,用途,面积,权利人,电话,份额,楼栋总面积";

/// Is a compound with its buildings.
pub struct Compound {
    pub id: i64,
    pub buildings: Vec<String>,
}

impl Compound {
    pub fn address(&self) -> String {
        format!("/property/compounds/{}", self.id)
    }
}

/// Lays the ground, and returns the first compound of the community.
pub fn compound(town: &Town) -> Compound {
    let ground = town.lays_ground(&[town.named(STREET)], 5);
    let at = ground.inside(&town.city.places.tree(), &town.named(PLACE)).compounds[0];
    let buildings = ground.buildings.iter().filter(|one| one.compound == at).map(|one| one.name.clone());
    Compound { id: ground.compounds[at as usize].id, buildings: buildings.collect() }
}

/// Brings rows below the head of the table, and returns what they would change, or what is wrong with them.
pub fn brings(keeper: &mut Browser, compound: &Compound, rows: &str) -> Reply {
    let address = compound.address();
    let form = keeper.open(&address).expect(200).form(&address);
    keeper.uploads(&form, &[("file", "owners.csv", format!("{HEAD}\n{rows}").as_bytes())])
}

/// Brings rows below the head of the table, and confirms what they change, also that units go.
pub fn imports(keeper: &mut Browser, compound: &Compound, rows: &str) -> Reply {
    let page = brings(keeper, compound, rows);
    if page.status != 200 {
        return page;
    }
    let form = page.form(&compound.address());
    let form = if form.offers.iter().any(|name| name == "drop") { form.set("drop", "1") } else { form };
    keeper.uploads(&form, &[])
}

/// Prints the letters of the building that is shown, and returns what they say.
pub fn letters(keeper: &mut Browser, compound: &Compound) -> String {
    let address = compound.address();
    let form = keeper.open(&address).expect(200).form(&format!("{address}/letters"));
    keeper.submit(form).expect(200).words()
}

/// The code for a unit on printed letters.
pub fn code_on(words: &str, unit: &str) -> String {
    let rest = words.split_once(unit).unwrap_or_else(|| panic!("no letter for {unit}: {words}")).1;
    let is_code = |word: &&str| word.len() == 14 && word.matches('-').count() == 2;
    rest.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code: {rest}")).to_owned()
}

/// Prints the letters of the building that is shown, and returns the code for a unit.
pub fn code_for(keeper: &mut Browser, compound: &Compound, unit: &str) -> String {
    code_on(&letters(keeper, compound), unit)
}

/// The page of the first unit of a compound.
pub fn first_unit(keeper: &mut Browser, compound: &Compound) -> String {
    let page = keeper.open(&compound.address()).expect(200);
    page.links().into_iter().find(|link| link.starts_with("/property/units/")).unwrap()
}

/// Prints the letter of a unit on its page, or releases or confirms its account.
pub fn does(keeper: &mut Browser, unit: &str, deed: &str) -> Reply {
    let form = keeper.open(unit).expect(200).forms().into_iter().rfind(|form| form.action == unit).unwrap();
    keeper.submit(form.set("deed", deed)).expect(200)
}

/// Links the account of a browser with a code.
pub fn links(she: &mut Browser, code: &str) -> Reply {
    let form = she.open("/property/link").expect(200).form("/property/link");
    she.submit(form.set("code", code))
}

#[test]
fn a_register_is_imported_and_names_stay_masked() {
    for town in Town::each() {
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        assert!(keeper.open("/property").expect(200).words().contains("还没有小区建立名册"));
        let rows = format!(
            "{building},1,101,住宅,89.50,李岺,13800000302,1/2,259.50\n\
             {building},1,101,住宅,89.50,王𠮷䶮,,1/2,\n\
             {building},1,102,住宅,80,李岺,13800000302,,\n\
             {building},1,103,,90,未售,,,"
        );
        // Sent twice it is the same register.
        for _ in 0..2 {
            let words = imports(&mut keeper, &compound, &rows).expect(200).words();
            assert!(words.contains("259.50") && words.contains("王**"), "{}: {words}", town.engine);
            assert!(!words.contains("李岺") && !words.contains("13800000302"), "{}: {words}", town.engine);
        }
        let list = keeper.open("/property").expect(200);
        assert!(list.words().contains("259.50"), "{}", list.words());
        // A unit with two owners, one of them alone in another, and the developer: three heads.
        let page = keeper.open(&compound.address()).expect(200);
        assert!(page.words().contains("业主人数 3"), "{}: {}", town.engine, page.words());
        let unit = page.links().into_iter().find(|link| link.starts_with("/property/units/")).unwrap();
        let form = keeper.open(&unit).expect(200).form(&unit);
        assert_eq!(keeper.send(form.clone()).status, 422, "a look needs a purpose");
        let words = keeper.submit(form.set("purpose", "handling")).expect(200).words();
        assert!(words.contains("李岺") && words.contains("王𠮷䶮"), "{}: {words}", town.engine);
        let mut other = town.staff("other", "community_worker", &town.named("永顺社区"), None);
        drop(other.open(&compound.address()).expect(404));
        drop(other.open(&unit).expect(404));
        assert!(!other.open("/property").expect(200).words().contains("259.50"));
        town.verify();
    }
}

#[test]
fn what_is_sold_and_not_handed_over_counts_with_the_developer() {
    for town in Town::each() {
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let row = |unit: &str, owner: &str| format!("{building},1,{unit},住宅,80,{owner},,,\n");
        let rows: String = [("101", "李岺"), ("102", "未售"), ("103", "未交付"), ("104", "Not handed over")]
            .map(|(unit, owner)| row(unit, owner))
            .concat();
        drop(imports(&mut keeper, &compound, &rows).expect(200));
        let words = keeper.open(&compound.address()).expect(200).words();
        assert!(words.contains("业主人数 2") && words.contains("320.00"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_table_with_mistakes_is_answered_row_by_row_and_changes_nothing() {
    for town in Town::each() {
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let rows = format!(
            "{building},1,101,住宅,80,李岺,13800000302,,\n\
             {building},1,101,住宅,80,王芳,13800000402,,\n\
             {building},1,102,住宅,八十,赵敏,,,\n\
             没有这栋,1,103,住宅,80,陈静,,,"
        );
        let words = imports(&mut keeper, &compound, &rows).expect(422).words();
        for told in ["超过了整套", "面积“八十”看不懂", "没有叫“没有这栋”的楼栋", "一行也没有导入"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let rows = format!("{building},1,101,住宅,80,李岺,,,100");
        let words = imports(&mut keeper, &compound, &rows).expect(422).words();
        assert!(words.contains("80.00") && words.contains("100.00"), "{}: {words}", town.engine);
        let words = keeper.open(&compound.address()).expect(200).words();
        assert!(words.contains("这个小区还没有名册"), "{}: {words}", town.engine);
    }
}

#[test]
fn an_account_is_linked_with_the_code_of_a_letter() {
    for town in Town::each() {
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let rows = format!("{building},1,101,住宅,80,李岺,13800000302,,\n{building},1,102,住宅,80,王芳,,,");
        drop(imports(&mut keeper, &compound, &rows).expect(200));
        let first = format!("{building} 1 101");
        let code = code_for(&mut keeper, &compound, &first);
        let words = letters(&mut keeper, &compound);
        assert!(words.contains("都打印过了") && !words.contains(&code), "{}: shown once: {words}", town.engine);
        let refused = links(&mut keeper, &code).expect(422).words();
        assert!(refused.contains("业主名册由您管"), "{}: {refused}", town.engine);
        let (mut she, _) = town.neighbour(611);
        assert!(links(&mut she, "ABCD-EFGH-JKLM").expect(422).words().contains("没有这个业主码"));
        let page = links(&mut she, &code.to_lowercase()).expect(200);
        let words = page.words();
        assert!(words.contains(&first), "{}: {words}", town.engine);
        // What was promised in her compound is one step away.
        let near = format!("/property/near?place={}", town.named(PLACE).id());
        assert!(page.links().contains(&near), "{}: {:?}", town.engine, page.links());
        assert!(she.open(&near).expect(200).words().contains("三方联席"), "{}", town.engine);
        assert!(words.contains("2026年11月26日起可以在网上表决"), "{}: not at once: {words}", town.engine);
        let (mut he, _) = town.neighbour(612);
        assert!(links(&mut he, &code).expect(422).words().contains("已经由另一个账号用了"));
        // The community releases it. The old code is void, a new letter links, and the owner reads who did it.
        let unit = first_unit(&mut keeper, &compound);
        drop(does(&mut keeper, &unit, "release"));
        assert!(links(&mut he, &code).expect(422).words().contains("没有这个业主码"), "{}", town.engine);
        let told = she.open("/follow").expect(200).words();
        assert!(told.contains("您的账号不再为") && told.contains(&first), "{}: she is told: {told}", town.engine);
        let second = code_on(&does(&mut keeper, &unit, "letter").words(), &first);
        assert_ne!(second, code, "{}", town.engine);
        let words = links(&mut he, &second).expect(200).words();
        assert!(words.contains(&first) && words.contains("解除网上账号，业主码作废"), "{}: {words}", town.engine);
        let told = she.open("/follow").expect(200).words();
        assert!(told.contains("另一个账号连上了"), "{}: whoever was linked before is told: {told}", town.engine);
        // Printed again, a link that was never used is void, and so is the code before.
        let third = code_on(&does(&mut keeper, &unit, "letter").words(), &first);
        assert!(!he.open("/property/link").expect(200).words().contains(&first), "{}", town.engine);
        assert!(links(&mut she, &second).expect(422).words().contains("没有这个业主码"), "{}", town.engine);
        let words = links(&mut she, &third).expect(200).words();
        assert!(words.contains("重新打印业主码，旧的作废"), "{}: she reads it: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn an_account_votes_for_few_strangers_and_codes_are_not_guessed() {
    for town in Town::each() {
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let owners = [("101", "李岺"), ("102", "王芳"), ("103", "赵敏"), ("104", "陈静")];
        let rows = owners.map(|(unit, owner)| format!("{building},1,{unit},住宅,80,{owner},,,\n")).concat();
        drop(imports(&mut keeper, &compound, &rows).expect(200));
        let words = letters(&mut keeper, &compound);
        let (mut he, _) = town.neighbour(613);
        for unit in ["101", "102", "103"] {
            drop(links(&mut he, &code_on(&words, &format!("{building} 1 {unit}"))).expect(200));
        }
        let fourth = code_on(&words, &format!("{building} 1 104"));
        let refused = links(&mut he, &fourth).expect(422).words();
        assert!(refused.contains("最多为 3 家"), "{}: {refused}", town.engine);
        let (mut guesser, _) = town.neighbour(614);
        let slowed = (0..60).any(|_| links(&mut guesser, "ABCD-EFGH-JKLM").status == 429);
        assert!(slowed, "{}: guesses wait", town.engine);
        town.verify();
    }
}
