//! This file says what stands below the options of `lianglin plan`.

/// What stands below the options: which tables and columns are read.
const TABLES: &str = "\
Tables are XLSX, CSV (UTF-8, UTF-16, GBK) or Parquet files of any name, in one folder with an extract of OpenStreetMap
(*.osm.pbf). Each sheet of a workbook that is a table is read, hidden ones never; an extract of another town is refused.
A task needs only what it names; the rest is derived, written to OUT/tables, and told:
  buildings   楼栋 name, 地址 address, 户数 households, 社区 community, 小区 compound, 经度 lon, 纬度 lat or x, y or 坐标
  stations    驿站 name, 地址 address, 经度 lon, 纬度 lat, 开门 opens, 关门 closes
  candidates  候选点 name, 地址 address, 经度 lon, 纬度 lat (or one for each gate, or for each compound)
  volunteers  编号 id, 经度 lon, 纬度 lat, skills, shifts (or 志愿者人数 in buildings or communities)
  compounds   小区 name, 社区 community, 最少人数 min_vol, 最多人数 max_vol, 医护 min_medical (or of the buildings)
  gates       小区 compound, 经度 lon, 纬度 lat (or where a way is nearest)
  adjacency   a, b, border_m (or who stands side by side, parted by water, railways, streets and walls of the map)
  nodes, edges  id, x, y; from, to, length_m or src, dst, t_ds, cls (in place of an extract)
`lianglin plan look FOLDER` says what was found, what is missing, and draws it.";

/// An example of looking at a town.
pub(super) const LOOK: &str = "Example: lianglin plan look town";
/// An example of dividing grids.
pub(super) const GRIDS: &str = "\
Examples: lianglin plan grids town --out town/plan
          lianglin plan grids city --out plan --old plan/grids.bin";
/// An example of sending volunteers.
pub(super) const MOBILIZE: &str = "Example: lianglin plan mobilize city --out plan --slots";
/// An example of finding who is reached.
pub(super) const REACH: &str = "Example: lianglin plan reach city --out plan --walker elderly";
/// An example of finding sites.
pub(super) const SITE: &str = "Example: lianglin plan site city --out plan --open 10";

/// What stands in the file that proves step by step what was tried.
pub(super) const STEPS: &str = "\
site_proof.csv shows step by step that no choice of sites is better, where trying proved more than the prices:
  step     start, cut, prices, small, split or end
  open     candidates that open in every choice that is better, counted from 0 in the order of the table
  closed   candidates that stay closed in every such choice
  numbers  of start: a price for each demand, as in site_prices.csv; of prices: one for each set of candidates, 1048576
           to a household (with --walking, to a household walking a tenth of a second); of cut: its price, then the
           sets of which half, rounded up, must be met; cuts stand before the prices to which they belong
Sets are the candidates that share demands (with --walking, one for each gain of a demand), in order, without those that
are known at the start or at the last small.
split takes one candidate both ways: the rows of the way in whose column it stands come first, up to their end.";

/// Returns an example with the tables below it.
pub(super) fn with_tables(example: &str) -> String {
    format!("{example}\n\n{TABLES}")
}
