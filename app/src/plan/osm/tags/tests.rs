//! These tests are tables: tags of a way and how people walk it, durations, and tags of a node and whether people pass.

use super::*;

/// Reads tags that are written as `key=value key=value`. A `+` stands for a blank.
fn tags(text: &str) -> Vec<(String, String)> {
    let pair = |tag: &str| {
        let (key, value) = tag.split_once('=').unwrap();
        (key.to_owned(), value.replace('+', " "))
    };
    text.split_whitespace().map(pair).collect()
}

fn held(tags: &[(String, String)]) -> Tags<'_> {
    tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// Returns the arrow of a walk: `both`, `there`, `back` or `none`, with its class.
fn walked(text: &str) -> (&'static str, u8) {
    let tags = tags(text);
    match walk(&held(&tags)) {
        None => ("none", 0),
        Some(Walk { forward: true, backward: true, class, .. }) => ("both", class),
        Some(Walk { forward: true, class, .. }) => ("there", class),
        Some(Walk { class, .. }) => ("back", class),
    }
}

fn all_are(expected: (&str, u8), ways: &[&str]) {
    for way in ways {
        assert_eq!(walked(way), expected, "{way}");
    }
}

#[test]
fn people_walk_on_streets_paths_and_what_else_carries_them() {
    for kind in OPEN.split(' ').filter(|kind| *kind != "steps") {
        assert_eq!(walked(&format!("highway={kind}")), ("both", 0), "{kind}");
    }
    all_are(("both", STAIRS), &["highway=steps", "highway=steps oneway=yes", "highway=steps conveying=no"]);
    all_are(
        ("both", 0),
        &[
            "highway=pedestrian area=yes",
            "railway=platform",
            "public_transport=platform",
            "man_made=pier",
            "highway=residential sidewalk=no",
            "highway=primary sidewalk=separate",
            "highway=path disused=no",
            "highway=path abandoned:railway=rail",
            "highway=footway bridge=yes layer=2",
            "highway=service construction=minor",
        ],
    );
    all_are(
        ("none", 0),
        &[
            "building=yes",
            "railway=rail",
            "barrier=wall",
            "area:highway=footway",
            "disused:highway=footway",
            "razed:highway=footway foot=yes",
            "proposed:man_made=pier",
            "highway=bus_stop",
            "highway=never_heard_of",
        ],
    );
}

#[test]
fn nobody_walks_where_there_is_no_way_whatever_foot_says() {
    for kind in NO_WAY.split(' ') {
        assert_eq!(walked(&format!("highway={kind} foot=yes")), ("none", 0), "{kind}");
    }
    for key in GONE.split(' ') {
        for thing in ["highway=footway", "railway=platform", "route=ferry"] {
            assert_eq!(walked(&format!("{thing} {key}=yes foot=designated")), ("none", 0), "{key}");
        }
    }
}

#[test]
fn roads_for_vehicles_are_walked_where_foot_or_a_sidewalk_lets_people_in() {
    for kind in FOR_VEHICLES.split(' ') {
        let with = |more: &str| walked(&format!("highway={kind} {more}"));
        assert_eq!(
            (with(""), with("access=yes"), with("foot=unknown")),
            (("none", 0), ("none", 0), ("none", 0)),
            "{kind}"
        );
        for value in LET_IN.split(' ') {
            assert_eq!(with(&format!("foot={value}")), ("both", 0), "{kind} {value}");
        }
    }
    all_are(
        ("both", 0),
        &[
            "highway=trunk sidewalk=right",
            "highway=trunk_link sidewalk:left=yes",
            "highway=trunk motorroad=yes foot=designated",
            "highway=primary motorroad=yes foot=yes",
            "highway=primary motorroad=no",
            "highway=never_heard_of foot=yes",
        ],
    );
    all_are(
        ("none", 0),
        &[
            "highway=trunk sidewalk=no",
            "highway=trunk sidewalk=separate",
            "highway=trunk sidewalk=both foot=use_sidepath",
            "highway=motorway sidewalk=both",
            "highway=primary motorroad=yes",
            "highway=trunk motorroad=yes sidewalk=both",
            "highway=trunk motorroad=yes access=yes",
        ],
    );
}

#[test]
fn foot_counts_for_more_than_access() {
    for value in KEPT_OUT.split(' ') {
        assert_eq!(walked(&format!("highway=service access={value}")), ("none", 0), "{value}");
        assert_eq!(walked(&format!("highway=service foot={value}")), ("none", 0), "{value}");
        assert_eq!(walked(&format!("highway=service access=yes foot={value}")), ("none", 0), "{value}");
        for let_in in LET_IN.split(' ') {
            assert_eq!(
                walked(&format!("highway=service access={value} foot={let_in}")),
                ("both", 0),
                "{value} {let_in}"
            );
        }
    }
    all_are(
        ("both", 0),
        &[
            "highway=service access=destination",
            "highway=service access=customers",
            "highway=service access=unknown",
            "highway=track access=agricultural;yes",
            "highway=track motor_vehicle=no vehicle=private",
            "highway=path bicycle=no",
            "highway=track access=no foot=agricultural;+permissive",
            "highway=path foot:conditional=no+@+(22:00-06:00)",
            "man_made=pier access=private foot=yes",
        ],
    );
    all_are(
        ("none", 0),
        &[
            "highway=track access=agricultural;forestry",
            "highway=track access=no foot=unknown",
            "railway=platform access=private",
            "man_made=pier foot=no",
            "highway=cycleway foot=no",
        ],
    );
}

#[test]
fn walks_are_one_way_only_where_something_says_so_of_people() {
    all_are(
        ("both", 0),
        &[
            "highway=residential oneway=yes",
            "highway=footway oneway=yes",
            "highway=path oneway=-1 oneway:foot=no",
            "highway=pedestrian oneway:bicycle=yes",
            "highway=footway conveying=reversible oneway=yes",
            "highway=footway conveying=yes",
            "highway=path foot:forward=yes",
            "highway=footway oneway:foot=yes foot:backward=yes",
        ],
    );
    all_are(
        ("there", 0),
        &[
            "highway=footway oneway:foot=yes",
            "highway=footway oneway:foot=1 oneway=no",
            "highway=path foot:backward=no",
            "highway=path foot=designated foot:backward=private",
            "highway=path access:backward=no",
            "highway=service access=private foot:forward=yes",
            "highway=steps conveying=forward",
            "highway=footway conveying=yes oneway=yes",
            "highway=steps conveying=forward incline=up foot=yes",
        ],
    );
    all_are(
        ("back", 0),
        &[
            "highway=footway oneway:foot=-1",
            "highway=path foot:forward=no",
            "highway=steps conveying=backward",
            "highway=steps conveying=yes oneway=-1",
            "highway=motorway foot:backward=yes",
        ],
    );
    assert_eq!(walked("highway=steps foot:forward=no"), ("back", STAIRS));
    all_are(
        ("none", 0),
        &["highway=path foot:forward=no foot:backward=no", "highway=footway conveying=forward foot:forward=no"],
    );
}

#[test]
fn ferries_take_people_unless_they_say_otherwise() {
    all_are(
        ("both", RIDE),
        &[
            "route=ferry",
            "route=ferry foot=yes",
            "route=ferry motor_vehicle=yes",
            "route=ferry access=no foot=designated",
        ],
    );
    all_are(
        ("there", RIDE),
        &["route=ferry oneway=yes", "route=ferry oneway:foot=yes", "route=ferry foot:backward=no"],
    );
    all_are(("both", RIDE), &["route=ferry oneway=yes oneway:foot=no"]);
    all_are(
        ("none", 0),
        &["route=ferry foot=no", "route=ferry access=private", "route=bus", "route=ferry disused=yes"],
    );
}

#[test]
fn a_ferry_takes_its_duration_and_nothing_else_does() {
    let seconds = |text: &str| duration(text).map(|time| f64::from(time) / 10.0);
    for (text, expected) in [
        ("20", 1_200.0),
        ("7.5", 450.0),
        ("20 min", 1_200.0),
        ("5 minutes", 300.0),
        ("0:20", 1_200.0),
        ("00:05", 300.0),
        ("1:30", 5_400.0),
        ("00:07:30", 450.0),
        ("100:00", 360_000.0),
        (" 01:00 ", 3_600.0),
        ("PT20M", 1_200.0),
        ("PT1H30M", 5_400.0),
        ("P1DT1S", 86_401.0),
        ("PT21.2S", 21.2),
    ] {
        assert_eq!(seconds(text), Some(expected), "{text}");
    }
    for text in [
        "", "0", "00:00", "-5", "+5", "soon", "1:2:3:4", "1::2", "inf", "1e3", "P1Y", "PT", "PT5", "20 knots", ".",
        "1.2.3",
    ] {
        assert_eq!(seconds(text), None, "{text}");
    }
    let of = |text: &str| walk(&held(&tags(text))).unwrap().duration;
    assert_eq!(of("route=ferry duration=00:10"), Some(6_000));
    assert_eq!(of("route=ferry duration=about+ten"), None);
    assert_eq!(of("highway=path duration=00:10"), None, "a walk takes its length");
}

#[test]
fn a_barrier_stops_people_by_its_own_tags_its_lock_and_its_kind() {
    let passage = |text: &str| passage(&held(&tags(text)));
    for kind in PASSED.split(' ') {
        assert_eq!(passage(&format!("barrier={kind}")), Passage::Open, "{kind}");
        assert_eq!(passage(&format!("barrier={kind} access=private")), Passage::Shut, "{kind}");
        assert_eq!(passage(&format!("barrier={kind} access=no foot=yes")), Passage::Open, "{kind}");
        assert_eq!(passage(&format!("barrier={kind} locked=yes")), Passage::Shut, "{kind}");
    }
    for kind in SOLID.split(' ') {
        assert_eq!(passage(&format!("barrier={kind}")), Passage::Shut, "{kind}");
        assert_eq!(passage(&format!("barrier={kind} foot=yes")), Passage::Open, "{kind}");
        assert_eq!(passage(&format!("barrier={kind} access=permissive")), Passage::Open, "{kind}");
    }
    for (text, expected) in [
        ("highway=crossing", Passage::Open),
        ("highway=crossing foot=no", Passage::Open),
        ("highway=traffic_signals access=no", Passage::Open),
        ("highway=elevator access=private", Passage::Shut),
        ("highway=elevator", Passage::Open),
        ("entrance=yes access=no", Passage::Shut),
        ("entrance=yes", Passage::Open),
        ("door=yes locked=yes", Passage::Shut),
        ("indoor=door foot=no", Passage::Shut),
        ("railway=level_crossing foot=no", Passage::Shut),
        ("railway=level_crossing", Passage::Open),
        ("barrier=gate locked=yes foot=permissive", Passage::Open),
        ("barrier=gate locked=no", Passage::Open),
        ("barrier=gate access=agricultural;forestry", Passage::Shut),
        ("barrier=gate access=permit", Passage::Shut),
        ("barrier=bollard motor_vehicle=no bicycle=yes", Passage::Open),
        ("barrier=gate;fence", Passage::Shut),
        ("barrier=gate;lift_gate", Passage::Open),
        ("barrier=yes", Passage::Unknown),
        ("barrier=yes foot=yes", Passage::Open),
        ("barrier=force_field", Passage::Unknown),
        ("disused:barrier=wall", Passage::Open),
    ] {
        assert_eq!(passage(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_seen() {
    let with = |text: &str| {
        let tags = tags(text);
        (is_unknown(&held(&tags)), is_conditional(&held(&tags)))
    };
    assert_eq!(with("highway=never_heard_of"), (true, false));
    assert_eq!(with("highway=never_heard_of foot=yes"), (false, false));
    assert_eq!(with("highway=path"), (false, false));
    assert_eq!(with("highway=razed"), (false, false));
    assert_eq!(with("highway=path foot:conditional=no+@+(Su)"), (false, true));
    assert_eq!(with("barrier=gate locked:conditional=yes+@+(20:00-06:00)"), (false, true));
}
