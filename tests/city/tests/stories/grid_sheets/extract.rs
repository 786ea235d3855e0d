//! Small extracts of OpenStreetMap, in the form of <https://wiki.openstreetmap.org/wiki/PBF_Format>.

/// A way: its points in degrees to the east and north, and its tag.
pub type Way<'a> = (&'a [(f64, f64)], &'a str, &'a str);

/// An extract with these ways.
pub fn of(ways: &[Way<'_>]) -> Vec<u8> {
    let mut nodes: [Vec<i64>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    let (mut words, mut lines) = (vec![String::new()], Vec::new());
    for (number, (points, key, value)) in (1_u64..).zip(ways) {
        let mut refs: Vec<i64> = Vec::new();
        for (east, north) in *points {
            let id = i64::try_from(nodes[0].len()).unwrap() + 1;
            refs.push(id);
            nodes[0].push(id);
            nodes[1].push(units(*north));
            nodes[2].push(units(*east));
        }
        let word = u64::try_from(words.len()).unwrap();
        words.extend([key, value].map(|word| (*word).to_owned()));
        let id = [numbers(&[1 << 3]), numbers(&[number])].concat();
        let tags = [held(2, &numbers(&[word])), held(3, &numbers(&[word + 1]))].concat();
        lines.push(held(3, &[id, tags, held(8, &differences(&refs))].concat()));
    }
    let words: Vec<u8> = words.iter().flat_map(|word| held(1, word.as_bytes())).collect();
    let [ids, latitudes, longitudes] = nodes.map(|values| differences(&values));
    let dense = held(2, &[held(1, &ids), held(8, &latitudes), held(9, &longitudes)].concat());
    file(&[held(1, &words), held(2, &dense), held(2, &lines.concat())].concat())
}

/// An extract with so many nodes at one point.
pub fn crowd(nodes: usize) -> Vec<u8> {
    file(&held(2, &held(2, &held(1, &vec![2_u8; nodes]))))
}

/// Units of 100 nanodegrees.
#[expect(clippy::cast_possible_truncation, reason = "degrees of a map have nine digits")]
fn units(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

fn file(block: &[u8]) -> Vec<u8> {
    let blob = |kind: &str, content: &[u8]| {
        let body = held(1, content);
        let size = [numbers(&[3 << 3]), numbers(&[u64::try_from(body.len()).unwrap()])].concat();
        let head = [held(1, kind.as_bytes()), size].concat();
        [&u32::try_from(head.len()).unwrap().to_be_bytes()[..], &head, &body].concat()
    };
    [blob("OSMHeader", &held(4, b"OsmSchema-V0.6")), blob("OSMData", block)].concat()
}

/// A field that holds bytes.
fn held(number: u64, content: &[u8]) -> Vec<u8> {
    let size = u64::try_from(content.len()).unwrap();
    [&numbers(&[number << 3 | 2, size])[..], content].concat()
}

/// Numbers one after another, seven bits in each byte.
fn numbers(values: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        let mut rest = *value;
        while rest > 127 {
            bytes.push(u8::try_from(rest & 127).unwrap() | 128);
            rest >>= 7;
        }
        bytes.push(u8::try_from(rest).unwrap());
    }
    bytes
}

/// Each number less the one before, with the sign in the last bit.
fn differences(values: &[i64]) -> Vec<u8> {
    let before = std::iter::once(&0).chain(values);
    let steps = values.iter().zip(before).map(|(value, before)| value - before);
    numbers(&steps.map(|step| ((step << 1) ^ (step >> 63)).cast_unsigned()).collect::<Vec<u64>>())
}
