//! Tests of where somebody lives, by what she types.

use super::*;
use crate::rules::geography::{Compound, Ground};
use crate::words::Kind;
use kernel::place::PlaceId;
use planning::shape::Point;

fn tree() -> Tree {
    let table = [
        (1, "沈阳市", Kind::City, "210100000000", "1."),
        (2, "大东区", Kind::District, "210104000000", "1.2."),
        (3, "和平区", Kind::District, "210102000000", "1.3."),
        (4, "南湖街道", Kind::Street, "210102019000", "1.3.4."),
        (5, "文安路社区", Kind::Residents, "210102019001", "1.3.4.5."),
        (6, "文安里社区", Kind::Residents, "210102019002", "1.3.4.6."),
        (7, "大北街道", Kind::Street, "210104002000", "1.2.7."),
        (8, "文安路社区", Kind::Residents, "210104002001", "1.2.7.8."),
        (9, "长安社区", Kind::Residents, "210104002002", "1.2.7.9."),
        (10, "东长安社区", Kind::Residents, "210104002003", "1.2.7.10."),
        (11, "绿园社区", Kind::Residents, "210104002004", "1.2.7.11."),
    ];
    Tree::of_table(&table)
}

fn ground() -> Geography {
    let compound = |(id, community, name): (i64, i64, &str)| Compound {
        id,
        community: PlaceId(community),
        name: name.to_owned(),
        at: Point { x: 0.0, y: 0.0 },
        gates: Vec::new(),
        households: 0,
    };
    let compounds = [(1, 9, "万科新里程"), (2, 11, "金地长青湾"), (3, 8, "阳光小区"), (4, 6, "阳光小区")];
    Ground { compounds: compounds.map(compound).to_vec(), ..Ground::default() }.geography()
}

fn ids(meant: &Meant<'_>) -> Vec<i64> {
    meant.fits.iter().map(|fit| fit.place.id.0).collect()
}

#[test]
fn where_she_lives_is_found_by_whatever_she_says() {
    let (tree, ground) = (tree(), ground());
    let table: [(&str, &[i64], bool); 48] = [
        // The names of communities, in characters, pinyin, initials and English.
        ("绿园社区", &[11], true),
        ("綠園", &[11], true),
        ("lvyuan", &[11], true),
        ("Lü Yuan", &[11], true),
        ("lysq", &[11], true),
        ("Lvyuan Community", &[11], true),
        ("the Lvyuan residential community", &[11], true),
        ("长安社区", &[9, 10], true),
        ("长安", &[9, 10], false),
        ("文安路社区", &[5, 8], false),
        ("Wen An Lu", &[5, 8], false),
        ("Wenan Road, Heping", &[5], true),
        ("和平 文安路", &[5], true),
        ("Shenyang City · Heping District · Nanhu Subdistrict · Wenanlu Community", &[5], true),
        // Streets and districts.
        ("南湖街道", &[4], true),
        ("nanhu", &[4], true),
        ("Nanhu Subdistrict", &[4], true),
        ("和平区", &[3], true),
        ("Heping District", &[3], true),
        // Compounds.
        ("万科新里程", &[9], true),
        ("万科", &[9], true),
        ("wkxlc", &[9], true),
        ("阳光小区", &[6, 8], false),
        ("阳光小区 大东", &[8], true),
        // Whole addresses.
        ("辽宁省沈阳市和平区南湖街道文安路社区3号楼2单元", &[5], true),
        ("大东区金地长青湾12号楼", &[11], true),
        ("和平区文安路18号", &[5], false),
        ("和平区南湖街道科研所宿舍", &[4], true),
        ("沈阳市大东区某路1号", &[2], true),
        ("10 Wenan Road, Heping", &[5], false),
        ("No. 10 Wenan Rd, Heping District", &[5], false),
        ("Building 3, Lvyuan Community", &[11], false),
        ("12-1 Wenan Road", &[5, 8], false),
        // The number of a house cuts no name short, and a piece of another name is no name.
        ("万科新3号楼2单元", &[9], false),
        ("大东区阳光小3栋", &[8], false),
        ("绿园3号楼", &[11], false),
        ("大长安3号楼", &[], false),
        ("新绿园小区", &[], false),
        ("长安区", &[], false),
        ("和平区长安街道", &[3], true),
        ("沈阳长安", &[9], false),
        // Other cities.
        ("北京市长安区", &[], false),
        ("北京市和平区文安路18号", &[], false),
        ("河北省石家庄市长安区文安路社区", &[], false),
        ("石家庄市长安区", &[], false),
        ("沈阳市和平区文安路18号", &[5], false),
        ("没有这个地方", &[], false),
        ("", &[], false),
    ];
    for (words, expected, sure) in table {
        let meant = living(&tree, Some(&ground), words);
        assert_eq!((ids(&meant).as_slice(), meant.is_sure), (expected, sure), "{words}");
    }
    let meant = living(&tree, Some(&ground), "万科");
    assert_eq!(meant.fits[0].compound, "万科新里程");
    assert!(living(&tree, None, "万科").fits.is_empty(), "without a map nobody knows the compounds");
}

#[test]
fn an_address_says_first_in_which_city_and_district_it_is() {
    let tree = tree();
    for (address, expected) in [
        ("辽宁省沈阳市和平区南湖街道文安路社区3号楼", Some(3)),
        ("辽宁省 沈阳市 大东区", Some(2)),
        ("沈阳市文安路18号", Some(1)),
        ("沈阳大东区绿园社区", Some(2)),
        ("和平区文安路18号", Some(3)),
        ("和平区省实验小区", Some(3)),
        ("天津市和平区文安路社区", None),
        ("天津和平区文安路社区", None),
        ("吉林省长春市绿园社区", None),
        ("辽宁省鞍山市大东区", None),
        ("沈阳路18号", None),
        ("绿园社区", None),
        ("", None),
    ] {
        assert_eq!(district_of(&tree, address).map(|place| place.id.0), expected, "{address}");
    }
}

#[test]
fn a_street_stands_for_its_communities_where_only_communities_count() {
    let (tree, ground) = (tree(), ground());
    let found =
        |words: &str| -> Vec<i64> { communities(&tree, Some(&ground), words).iter().map(|place| place.id.0).collect() };
    let table: [(&str, &[i64]); 6] = [
        ("南湖街道", &[5, 6]),
        ("长安社区", &[9]),
        ("文安路", &[5, 8]),
        ("万科", &[9]),
        ("和平区", &[]),
        ("没有", &[]),
    ];
    for (words, expected) in table {
        assert_eq!(found(words), expected, "{words}");
    }
}
