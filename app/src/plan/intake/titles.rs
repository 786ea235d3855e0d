//! This file knows how people call tables and columns, in Chinese and in English.

use std::collections::BTreeMap;

use tables::folded;

/// Lists the tables that planners know, in the order in which they are made.
pub const TABLES: [&str; 10] = [
    "nodes",
    "edges",
    "communities",
    "buildings",
    "compounds",
    "gates",
    "stations",
    "candidates",
    "volunteers",
    "adjacency",
];

/// A column: its name, and what else it is called. The words are divided by blanks, and the first that a table has is
/// taken.
pub type Called = (&'static str, &'static str);

/// How people call the columns that say where a row is. `point` holds both coordinates in one cell.
pub const POINTS: &[Called] = &[
    ("lon", "经度 lng long longitude 东经 经度坐标"),
    ("lat", "纬度 latitude 北纬 纬度坐标"),
    ("x", "x坐标 坐标x 横坐标 东坐标 east easting point_x"),
    ("y", "y坐标 坐标y 纵坐标 北坐标 north northing point_y"),
    ("point", "坐标 经纬度 经纬度坐标 坐标点 coordinates coordinate lonlat lnglat latlon latlng location"),
    ("node", ""),
    ("access_ds", ""),
];

const BUILDINGS: &[Called] = &[
    ("id", "楼栋编号 楼栋编码 楼栋代码 建筑编号 建筑编码 编号 编码 building_id buildingid fid objectid no. no 序号"),
    ("name", "楼栋名称 楼栋名 楼名 楼栋 楼号 栋号 幢号 名称 building building_name buildingname"),
    ("address", "地址 详细地址 门牌地址 门牌号 门牌 坐落 住址 addr street_address"),
    ("compound", "小区 小区名称 小区名 所属小区 院落 楼院 estate compound_name"),
    (
        "community",
        "社区 社区名称 社区名 所属社区 居委会 社区代码 社区编码 社区编号 行政村 村 village community_name community_code",
    ),
    ("households", "户数 总户数 住户数 居民户数 家庭户数 常住户数 household hh"),
    ("volunteers", "志愿者数 志愿者人数 志愿者"),
];

const COMPOUNDS: &[Called] = &[
    ("id", "小区编号 小区编码 编号 编码 compound_id"),
    ("name", "小区名称 小区名 小区 名称 院落 compound compound_name estate"),
    ("address", "地址 详细地址 addr"),
    ("community", "社区 社区名称 所属社区 社区代码 社区编码 community_name community_code"),
    ("households", "户数 总户数 household hh"),
    ("min_vol", "最少志愿者 最少人数 至少 min least"),
    ("max_vol", "最多志愿者 最多人数 至多 max most"),
    ("min_medical", "最少医护 医护人数 医护 medical"),
];

const GATES: &[Called] = &[("compound", "小区 小区名称 小区编号 所属小区 estate")];

const STATIONS: &[Called] = &[
    ("id", "驿站编号 编号 编码 序号 no station_id"),
    ("name", "驿站名称 驿站 名称 站点 station station_name"),
    ("address", "地址 详细地址 addr"),
    ("opens", "开门时间 开门 开放时间 opening"),
    ("closes", "关门时间 关门 闭馆时间 closing"),
];

const CANDIDATES: &[Called] = &[
    ("id", "候选点编号 编号 编码 序号 no candidate_id"),
    ("name", "候选点名称 候选点 名称 candidate site"),
    ("address", "地址 详细地址 addr"),
];

const VOLUNTEERS: &[Called] =
    &[("id", "志愿者编号 编号 编码 序号 no volunteer_id"), ("skills", "技能"), ("shifts", "班次")];

const COMMUNITIES: &[Called] = &[
    ("id", "社区编号"),
    ("name", "社区 社区名称 社区名 名称 community community_name"),
    ("code", "社区代码 社区编码 代码 区划代码 community_code"),
    ("volunteers", "志愿者数 志愿者人数 志愿者"),
];

const NODES: &[Called] = &[("id", "编号")];

const EDGES: &[Called] = &[
    ("from", ""),
    ("to", ""),
    ("length_m", "长度 length metres meters"),
    ("src", "source"),
    ("dst", "target"),
    ("t_ds", ""),
    ("cls", ""),
];

const ADJACENCY: &[Called] = &[("a", ""), ("b", ""), ("border_m", "边界长度 border")];

/// What the tables are called as files or sheets. The first whose word stands in a name is meant.
const STEMS: &[Called] = &[
    ("volunteers", "志愿者 volunteer"),
    ("stations", "驿站 站点 station"),
    ("candidates", "候选 candidate"),
    ("gates", "出入口 大门 gate"),
    ("adjacency", "相邻 邻接 adjacen"),
    ("nodes", "路口 节点 node"),
    ("edges", "道路 路段 edge"),
    ("buildings", "楼栋 楼房 楼宇 房屋 建筑 building"),
    ("compounds", "小区 院落 compound estate"),
    ("communities", "社区 communit"),
];

/// Returns what people call a column of a table.
pub fn titled<'a>(table: &str, column: &'a str) -> &'a str {
    let mut known = columns(table).iter().chain(POINTS);
    let others = known.find(|(name, _)| *name == column).map_or("", |(_, others)| *others);
    others.split(' ').next().filter(|word| !word.is_empty()).unwrap_or(column)
}

/// Returns the columns of a table without those that say where a row is.
pub fn columns(table: &str) -> &'static [Called] {
    match table {
        "nodes" => NODES,
        "edges" => EDGES,
        "communities" => COMMUNITIES,
        "buildings" => BUILDINGS,
        "compounds" => COMPOUNDS,
        "gates" => GATES,
        "stations" => STATIONS,
        "candidates" => CANDIDATES,
        "volunteers" => VOLUNTEERS,
        "adjacency" => ADJACENCY,
        _ => &[],
    }
}

/// Says whether the rows of a table are somewhere.
pub fn is_placed(table: &str) -> bool {
    !matches!(table, "edges" | "adjacency" | "communities")
}

/// Returns a title in the form in which it is compared: without its unit in brackets.
fn bare(title: &str) -> String {
    folded(title).split('(').next().unwrap_or_default().to_owned()
}

/// Says whether a text is the title of some column of some table.
pub fn is_title(text: &str) -> bool {
    let title = bare(text);
    let mut all = TABLES.iter().flat_map(|table| columns(table)).chain(POINTS);
    !title.is_empty() && all.any(|called| is_called(&title, *called))
}

fn is_called(title: &str, called: Called) -> bool {
    let (name, others) = called;
    title == name || others.split(' ').any(|other| other == title)
}

/// Says which columns of a table stand where among these titles. A column that is called by its own name comes first,
/// then the others in their order. `weight` names one more column of buildings.
pub fn mapped(table: &str, titles: &[String], weight: &str) -> BTreeMap<String, usize> {
    let bares: Vec<String> = titles.iter().map(|title| bare(title)).collect();
    let place = |word: &str| bares.iter().position(|title| title == word).filter(|_| !word.is_empty());
    let known = columns(table).iter().chain(POINTS.iter().filter(|_| is_placed(table)));
    let mut found = BTreeMap::new();
    for &(name, others) in known {
        if let Some(at) = place(name).or_else(|| others.split(' ').find_map(place)) {
            found.insert(name.to_owned(), at);
        }
    }
    if table == "buildings"
        && let Some(at) = place(&bare(weight))
    {
        found.insert(weight.to_owned(), at);
    }
    found
}

/// Returns the words by one of which the name of a file says that it is this table.
pub fn words(table: &str) -> Vec<&'static str> {
    let others = STEMS.iter().filter(|(name, _)| *name == table).flat_map(|(_, words)| words.split(' '));
    others.filter(|word| !word.is_empty()).collect()
}

/// Returns the table that a file or a sheet is by its name.
pub fn by_name(stem: &str) -> Option<&'static str> {
    let stem = folded(stem);
    let exact = TABLES.into_iter().find(|table| *table == stem);
    exact.or_else(|| {
        STEMS.iter().find(|(_, words)| words.split(' ').any(|word| stem.contains(word))).map(|(table, _)| *table)
    })
}

/// Returns the table that a sheet is by its titles, where they say it.
pub fn by_titles(titles: &[String]) -> Option<&'static str> {
    let has = |table: &str, names: &[&str]| {
        let found = mapped(table, titles, "");
        names.iter().all(|name| found.contains_key(*name))
    };
    let table: [(&'static str, &[&[&str]]); 6] = [
        ("adjacency", &[&["a", "b", "border_m"]]),
        ("edges", &[&["from", "to", "length_m"], &["src", "dst", "t_ds"]]),
        ("stations", &[&["opens", "closes"]]),
        ("compounds", &[&["min_vol", "max_vol"]]),
        ("volunteers", &[&["skills", "shifts"]]),
        (
            "buildings",
            &[
                &["households", "lon", "lat"],
                &["households", "x", "y"],
                &["households", "point"],
                &["households", "address"],
                &["households", "name", "community"],
            ],
        ),
    ];
    let found = table.into_iter().find(|(name, all)| all.iter().any(|names| has(name, names)));
    let is_anywhere = ["lon", "x", "point"].into_iter().any(|name| has("gates", &[name]));
    let counts = has("communities", &["name", "volunteers"]) && !is_anywhere;
    found.map(|(name, _)| name).or_else(|| counts.then_some("communities"))
}

/// Returns the columns of a table with everything that they are called, for a person who looks for them.
pub fn told(table: &str) -> String {
    let points = POINTS.iter().take(5).filter(|_| is_placed(table));
    let all = columns(table).iter().chain(points).map(|(name, others)| {
        let some: Vec<&str> = others.split(' ').filter(|other| !other.is_empty()).take(3).collect();
        if some.is_empty() { (*name).to_owned() } else { format!("{name} ({})", some.join(" ")) }
    });
    all.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn columns_are_found_as_people_call_them() {
        let table = [
            ("buildings", "楼栋,地址,户数,社区,经度,纬度", "address 1 community 3 households 2 lat 5 lon 4 name 0"),
            (
                "buildings",
                "building,address,households,community,lon,lat",
                "address 1 community 3 households 2 lat 5 lon 4 name 0",
            ),
            ("buildings", "序号,编号,Ｘ坐标（米）,Y 坐标,总户数(户)", "households 4 id 1 x 2 y 3"),
            ("buildings", "ID,编号,LNG,Latitude,小区名称,小区", "compound 5 id 0 lat 3 lon 2"),
            ("buildings", "坐标,户数,备注", "households 1 point 0"),
            ("stations", "驿站,坐标,开门时间,关门时间", "closes 3 name 0 opens 2 point 1"),
            ("communities", "社区,志愿者人数", "name 0 volunteers 1"),
            ("adjacency", "a,b,border_m,x", "a 0 b 1 border_m 2"),
        ];
        for (name, text, wanted) in table {
            let found = mapped(name, &titles(text), "");
            let found: Vec<String> = found.iter().map(|(column, at)| format!("{column} {at}")).collect();
            assert_eq!(found.join(" "), wanted, "{text}");
        }
        assert_eq!(mapped("buildings", &titles("独居老人,户数"), "独居老人")["独居老人"], 0);
        assert!(is_title("总户数（户）") && is_title("Longitude") && !is_title("备注") && !is_title(""));
    }

    #[test]
    fn tables_are_known_by_their_names_and_by_their_titles() {
        let table = [
            ("buildings", Some("buildings")),
            ("2026年楼栋台账", Some("buildings")),
            ("社区志愿者", Some("volunteers")),
            ("红色驿站", Some("stations")),
            ("幸福里小区", Some("compounds")),
            ("Sheet1", None),
        ];
        for (stem, wanted) in table {
            assert_eq!(by_name(stem), wanted, "{stem}");
        }
        let table = [
            ("楼栋,户数,经度,纬度", Some("buildings")),
            ("地址,户数", Some("buildings")),
            ("小区,户数,最少人数,最多人数", Some("compounds")),
            ("a,b,border_m", Some("adjacency")),
            ("from,to,length_m", Some("edges")),
            ("社区,志愿者人数", Some("communities")),
            ("志愿者,社区,经度,纬度", None),
            ("名称,经度,纬度", None),
        ];
        for (text, wanted) in table {
            assert_eq!(by_titles(&titles(text)), wanted, "{text}");
        }
    }
}
