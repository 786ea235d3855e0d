//! Tables of units and owners that can be taken, and those that cannot.

use super::*;
use kernel::place::PlacePath;
use tables::{Limits, Wanted};

fn ground() -> Ground {
    Ground {
        id: 7,
        path: PlacePath::parse("1.4.40.400.").unwrap(),
        name: "华炉小区".to_owned(),
        buildings: vec![(70, "1号楼".to_owned()), (71, "2号楼".to_owned())],
    }
}

fn words() -> SheetWords {
    SheetWords {
        purposes: BTreeMap::from([("住宅".to_owned(), Purpose::Dwelling), ("其他".to_owned(), Purpose::Other)]),
        unsold: BTreeSet::from(["未售".to_owned()]),
    }
}

/// Reads rows below the head `building,stair,unit,purpose,area,owner,telephone,share,stated`.
fn taken(rows: &str) -> Result<Vec<BuildingDraft>, Vec<RowFault>> {
    let text = format!("building,stair,unit,purpose,area,owner,telephone,share,stated\n{rows}");
    let column = |title: &str| COLUMNS.into_iter().find(|column| *column == title);
    let wanted = Wanted {
        limits: Limits { rows: 100, columns: 20, bytes: 1 << 20 },
        required: &REQUIRED,
        column: &column,
        called: &|column| column.to_owned(),
    };
    read(&tables::read(text.as_bytes(), &wanted).unwrap(), &ground(), &words())
}

fn codes(rows: &str) -> Vec<(usize, Code)> {
    taken(rows).err().unwrap_or_default().iter().map(|fault| (fault.line, fault.refusal.code)).collect()
}

#[test]
fn units_are_read_with_their_owners() {
    let read = taken(
        "1号楼,1,101,住宅,89.50,李岺,13800000302,1/2,179\n\
         1号楼,1,101,住宅,89.5,王𠮷䶮,,1/2,\n\
         1号楼,1,102,,89.5,未售,,,179.00\n\
         2号楼,,门面,其他,20,古丽米热•艾比布力,13800000412,,",
    );
    let read = read.unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].units.len(), read[0].stated), (2, Some(Area(1_790_000))));
    let [first, second] = &read[0].units[0].owners[..] else { panic!("two owners") };
    assert_eq!((first.name.as_str(), first.part, first.whole), ("李岺", 1, 2));
    assert_eq!((second.name.as_str(), second.telephone.as_str()), ("王𠮷䶮", ""), "rare characters survive");
    assert!(read[0].units[1].owners.is_empty(), "not sold yet");
    assert_eq!(read[1].units[0].owners[0].name, "古丽米热·艾比布力");
    assert_eq!(read[1].units[0].purpose, Purpose::Other);
    assert_eq!(format!("{first:?}"), "OwnerDraft(1/2)", "nothing of her is printed");
}

#[test]
fn what_is_wrong_is_named_by_its_row() {
    for (rows, expected) in [
        ("3号楼,1,101,,80,李岺,,,", vec![(2, Why::PropertyBuildingUnknown)]),
        ("1号楼,1,,,80,李岺,,,", vec![(2, Code::FormMissing)]),
        ("1号楼,1,101,,,李岺,,,", vec![(2, Code::FormMissing)]),
        ("1号楼,1,101,,八十,李岺,,,", vec![(2, Why::PropertyArea)]),
        ("1号楼,1,101,厂房,80,李岺,,,", vec![(2, Code::FormChoice)]),
        ("1号楼,1,101,,80,,,,", vec![(2, Why::PropertyOwnerMissing)]),
        ("1号楼,1,101,,80,李？,,,", vec![(2, Code::FormGarbled)]),
        ("1号楼,1,101,,80,李岺,12,,", vec![(2, Code::FormTelephone)]),
        ("1号楼,1,101,,80,李岺,,2/1,", vec![(2, Why::PropertyShareForm)]),
        ("1号楼,1,101,,80,李岺,,一半,", vec![(2, Why::PropertyShareForm)]),
        ("1号楼,1,101,,80,李岺,,1/2,", vec![(2, Why::PropertySharesLess)]),
        // Two owners claim one unit.
        ("1号楼,1,101,,80,李岺,,,\n1号楼,1,101,,80,王芳,,,", vec![(2, Why::PropertySharesMore)]),
        ("1号楼,1,101,,80,李岺,,2/3,\n1号楼,1,101,,80,王芳,,2/3,", vec![(2, Why::PropertySharesMore)]),
        ("1号楼,1,101,,80,李岺,,1/2,\n1号楼,1,101,,80,王芳,,2/4,", vec![(2, Why::PropertyShareParts)]),
        (
            "1号楼,1,101,,80,李岺,,1/2,\n1号楼,1,101,,81,王芳,,1/2,",
            vec![(2, Why::PropertySharesLess), (3, Why::PropertyUnitDiffers)],
        ),
        ("1号楼,1,101,,80,李岺,,,\n1号楼,1,101,,80,李 岺,,,", vec![(3, Why::PropertyOwnerTwice)]),
        ("1号楼,1,101,,80,未售,,,\n1号楼,1,101,,80,未售,,,", vec![(3, Why::PropertyUnitTwice)]),
        ("1号楼,1,101,,80,李岺,,,100", vec![(2, Why::PropertyAreasDiffer)]),
        ("1号楼,1,101,,80,李岺,,,160\n1号楼,1,102,,80,王芳,,,161", vec![(3, Why::PropertyStatedTwice)]),
    ] {
        let found = codes(rows);
        assert_eq!(found, expected, "{rows}");
    }
}

#[test]
fn the_same_owners_are_one_head_in_any_order() {
    let (li, wang) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(head(7, &[li, wang]), head(7, &[wang, li]));
    assert_ne!(head(7, &[li]), head(7, &[li, wang]), "alone and together are two buyers");
    assert_ne!(head(7, &[li]), head(8, &[li]), "each compound counts for itself");
    assert_eq!(head(7, &[]), head(7, &[]), "the developer is one");
}

#[test]
fn heads_with_an_owner_in_common_are_one_family() {
    let owners = |ids: &[u128]| ids.iter().copied().map(Uuid::from_u128).collect::<BTreeSet<Uuid>>();
    let table: [(&[&[u128]], usize); 6] = [
        (&[], 0),
        (&[&[1]], 1),
        (&[&[1], &[2], &[3], &[4]], 4),
        (&[&[1], &[1, 2]], 1),
        (&[&[1], &[3], &[1, 2], &[2, 3]], 1),
        (&[&[1], &[1, 2], &[3]], 2),
    ];
    for (heads, expected) in table {
        let heads: Vec<BTreeSet<Uuid>> = heads.iter().map(|ids| owners(ids)).collect();
        assert_eq!(unrelated(&heads), expected, "{heads:?}");
    }
}
