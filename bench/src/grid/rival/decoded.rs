//! This file reads of a vector tile what both servers must agree on: how many reports a layer counts, and how large it
//! is. A tile that is cut off or is none at all is a fault.

use std::collections::BTreeMap;

/// Fields of the messages of Mapbox Vector Tiles 2.1.
const TILE_LAYER: u64 = 3;
const LAYER_NAME: u64 = 1;
const LAYER_FEATURE: u64 = 2;
const LAYER_KEY: u64 = 3;
const LAYER_VALUE: u64 = 4;
const FEATURE_TAGS: u64 = 2;
const VALUE_INT: u64 = 4;
const VALUE_UINT: u64 = 5;
const VALUE_SINT: u64 = 6;
/// Is the fact that says how many reports a point stands for.
const COUNT: &[u8] = b"count";

/// What is told of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The bytes of the layer.
    pub bytes: usize,
    /// How many points it has.
    pub points: usize,
    /// The sum of what they count.
    pub reports: i64,
}

enum Field<'t> {
    Number(u64),
    Bytes(&'t [u8]),
    /// A number of four or eight bytes. Nothing that is looked at here has this form.
    Fixed,
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn taken<'t>(rest: &mut &'t [u8], length: usize) -> Option<&'t [u8]> {
    let (content, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(content)
}

/// Returns the fields of a message in their order; none if it is damaged.
fn fields(mut rest: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut rest)?),
            1 => taken(&mut rest, 8).map(|_| Field::Fixed)?,
            2 => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                Field::Bytes(taken(&mut rest, length)?)
            }
            5 => taken(&mut rest, 4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        found.push((key >> 3, field));
    }
    Some(found)
}

fn packed(mut rest: &[u8]) -> Option<Vec<usize>> {
    let mut all = Vec::new();
    while !rest.is_empty() {
        all.push(usize::try_from(varint(&mut rest)?).ok()?);
    }
    Some(all)
}

/// Returns the whole number that a value says; none where it says something else.
fn whole(value: &[u8]) -> Option<i64> {
    match fields(value)?.first()? {
        (VALUE_INT | VALUE_UINT, Field::Number(number)) => i64::try_from(*number).ok(),
        (VALUE_SINT, Field::Number(number)) => Some(i64::try_from(number >> 1).ok()? ^ -i64::from(number & 1 == 1)),
        _ => None,
    }
}

/// Counts a layer of a tile. A tile without that layer counts nothing.
pub fn counted(tile: &[u8], wanted: &str) -> Result<Counted, String> {
    layer(tile, wanted.as_bytes()).ok_or_else(|| format!("a damaged tile of {} bytes", tile.len()))
}

fn layer(tile: &[u8], wanted: &[u8]) -> Option<Counted> {
    for (field, content) in fields(tile)? {
        let (TILE_LAYER, Field::Bytes(layer)) = (field, content) else { return None };
        let (mut name, mut tags, mut keys, mut values) = (&[] as &[u8], Vec::new(), Vec::new(), BTreeMap::new());
        let mut value_number = 0;
        for (field, content) in fields(layer)? {
            match (field, content) {
                (LAYER_NAME, Field::Bytes(text)) => name = text,
                (LAYER_FEATURE, Field::Bytes(feature)) => tags.push(tags_of(feature)?),
                (LAYER_KEY, Field::Bytes(key)) => keys.push(key),
                (LAYER_VALUE, Field::Bytes(value)) => {
                    values.extend(whole(value).map(|number| (value_number, number)));
                    value_number += 1;
                }
                _ => {}
            }
        }
        if name != wanted {
            continue;
        }
        let key = keys.iter().position(|key| *key == COUNT);
        let of = |tags: &Vec<usize>| -> i64 {
            let pairs = tags.chunks_exact(2).filter(|pair| pair.first().copied() == key);
            pairs.filter_map(|pair| values.get(pair.last()?)).sum()
        };
        return Some(Counted { bytes: layer.len(), points: tags.len(), reports: tags.iter().map(of).sum() });
    }
    Some(Counted::default())
}

fn tags_of(feature: &[u8]) -> Option<Vec<usize>> {
    for (field, content) in fields(feature)? {
        if let (FEATURE_TAGS, Field::Bytes(tags)) = (field, content) {
            return packed(tags);
        }
    }
    Some(Vec::new())
}

#[cfg(test)]
mod tests {
    use kernel::earth::Tile;
    use tiles::{Drawing, Value};

    use super::*;

    #[test]
    fn a_layer_is_counted_as_it_was_drawn() {
        let mut drawing = Drawing::new(Tile::new(0, 0, 0).unwrap());
        let mut reports = drawing.layer("reports");
        reports.point((0.1, 0.1), vec![("name", Value::from("井盖")), ("count", Value::from(1))]);
        reports.point((0.2, 0.2), vec![("count", Value::from(300))]);
        let mut names = drawing.layer("names");
        names.point((0.3, 0.3), vec![("count", Value::from(7))]);
        drawing.add(&names);
        drawing.add(&reports);
        let bytes = drawing.into_bytes();
        let found = counted(&bytes, "reports").unwrap();
        assert_eq!((found.points, found.reports), (2, 301));
        assert!(found.bytes < bytes.len());
        assert_eq!(counted(&bytes, "stations"), Ok(Counted::default()));
        assert_eq!(counted(&[], "reports"), Ok(Counted::default()));
        counted(bytes.get(..bytes.len() - 1).unwrap(), "reports").unwrap_err();
    }
}
