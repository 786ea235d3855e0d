//! These targets read tables and networks for the planners.

use std::path::Path;
use std::sync::Arc;

use lianglin::plan::table::{self, Ids, Kind, column};
use parquet::data_type::Int64Type;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::{Target, must};

pub fn targets() -> Vec<Target> {
    vec![
        Target::new(
            "plan_csv",
            &["a,b,border_m\n", "\"", "9999999999999999999", "-1", "\u{feff}"],
            csv_seeds,
            table_csv,
        ),
        Target::new("plan_parquet", &["PAR1"], parquet_seeds, table_parquet),
        Target::new("plan_osm", &["OSMHeader", "OSMData"], osm_seeds, network),
    ]
}

fn in_folder(file: &str, bytes: &[u8], look: impl FnOnce(&Path) -> Result<String, String>) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|fault| fault.to_string())?;
    std::fs::write(folder.path().join(file), bytes).map_err(|fault| fault.to_string())?;
    look(folder.path())
}

/// Checks what is read: each number fits its column, and all columns are equally long. A refusal must name the file.
fn table(folder: &Path) -> Result<String, String> {
    let buildings = Ids::numbered("buildings", 6);
    let building = Kind::Row(&buildings);
    let wanted = [column("a", building), column("b", building), column("border_m", Kind::Whole(0, 1_000))];
    match table::table(folder, "adjacency", &wanted) {
        Ok(found) => {
            let (rows, columns) = (found.rows, found.columns);
            must(columns.iter().all(|column| column.len() == rows), "columns are equally long")?;
            let inside = columns.iter().take(2).flatten().all(|value| (0..6).contains(value));
            must(inside, "no row that is not there is named")?;
            Ok(format!("{} rows", rows.min(3)))
        }
        Err(faults) => {
            must(!faults.is_empty() && faults.len() <= 21, "some faults are told, not all")?;
            must(faults.iter().all(|fault| fault.to_string().contains("adjacency.")), "the file is named")?;
            Ok("refused".to_owned())
        }
    }
}

fn table_csv(bytes: &[u8]) -> Result<String, String> {
    in_folder("adjacency.csv", bytes, table)
}

fn table_parquet(bytes: &[u8]) -> Result<String, String> {
    in_folder("adjacency.parquet", bytes, table)
}

fn csv_seeds() -> Vec<Vec<u8>> {
    let texts = ["a,b,border_m\n0,1,20\n1,2,20\n", "b,a,dist_m,border_m\r\n1,0,7,20\r\n", "a,b,border_m\n"];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn parquet_seeds() -> Vec<Vec<u8>> {
    vec![written("required"), written("optional")].into_iter().flatten().collect()
}

fn written(kind: &str) -> Option<Vec<u8>> {
    let schema = format!("message table {{ {kind} int64 a; {kind} int64 b; {kind} int64 border_m; }}");
    let schema = Arc::new(parse_message_type(&schema).ok()?);
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).ok()?;
    let mut group = writer.next_row_group().ok()?;
    for values in [[0, 1, 2], [1, 2, 3], [20, 20, 20]] {
        let mut column = group.next_column().ok()??;
        let levels = (kind == "optional").then_some([1i16; 3]);
        column.typed::<Int64Type>().write_batch(&values, levels.as_ref().map(<[i16; 3]>::as_slice), None).ok()?;
        column.close().ok()?;
    }
    group.close().ok()?;
    writer.into_inner().ok()
}

fn network(bytes: &[u8]) -> Result<String, String> {
    in_folder("network.osm.pbf", bytes, |folder| match lianglin::plan::osm::read(&folder.join("network.osm.pbf")) {
        Ok(found) => {
            let nodes = found.nodes.len();
            let known = |node: u32| usize::try_from(node).is_ok_and(|node| node < nodes);
            must(found.edges.iter().all(|edge| known(edge.from) && known(edge.to)), "edges name nodes that are there")?;
            Ok("a network".to_owned())
        }
        Err(said) => {
            must(!said.en.is_empty(), "it is said why")?;
            Ok("refused".to_owned())
        }
    })
}

/// Returns the smallest possible extracts: a head that says what the file is, and one way over two nodes, once as it is
/// and once packed with LZ4.
fn osm_seeds() -> Vec<Vec<u8>> {
    let head = blob("OSMHeader", &field(4, b"OsmSchema-V0.6"));
    let strings: Vec<u8> = ["", "highway", "path"].iter().flat_map(|text| field(1, text.as_bytes())).collect();
    let dense = [field(1, &[10, 4]), field(8, &[0, 20]), field(9, &[0, 0])].concat();
    let way = field(3, &[vec![8, 1], field(2, &[1]), field(3, &[2]), field(8, &[10, 4])].concat());
    let block = [field(1, &strings), field(2, &[field(2, &dense), way].concat())].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap_or(127);
    let packed = [&[0xF0, length(&block).saturating_sub(15)], block.as_slice()].concat();
    let body = [vec![6 << 3 | 2, length(&packed)], packed, vec![16, length(&block)]].concat();
    let packed = framed("OSMData", &body);
    vec![head.clone(), [head.clone(), blob("OSMData", &block)].concat(), [head, packed].concat()]
}

/// Writes a field of a protocol buffer whose content is short.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap_or(127);
    [&[number << 3 | 2, length], content].concat()
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap_or(127);
    framed(kind, &[field(1, content), vec![16, length]].concat())
}

fn framed(kind: &str, body: &[u8]) -> Vec<u8> {
    let header = [field(1, kind.as_bytes()), vec![24, u8::try_from(body.len()).unwrap_or(127)]].concat();
    [&[0, 0, 0, u8::try_from(header.len()).unwrap_or(127)], header.as_slice(), body].concat()
}
