//! This file says what stands below the options of `lianglin plan`, in both languages.

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

/// An example of making a town.
pub(super) const SAMPLE: &str = "Example: lianglin plan sample --size M --out city";

/// What the exit codes of all these commands mean.
pub(super) const EXITS: &str = "\
Exit code 0: there is an answer within bounds, or it is proven that they cannot be kept (look: something can be done);
1: an answer is refused by the check, or something cannot be written; 2: the command line, the tables or the map are
wrong, so there is no answer; 3: an answer breaks bounds and nobody proved that this cannot be avoided, or a check does
not prove all that is claimed.";

/// Says in Chinese what the exit codes of all these commands mean.
pub(super) const EXITS_ZH: &str = "\
退出码 0：有结果，都在范围里，或者证明了不能都在范围里（look 是有能做的）；1：核对不接受这个结果，或者写不进去；
2：命令、表格或地图有错，没有结果；3：有的超出范围，又没有证明避免不了，或者核对没有证明它说的全部。";

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

/// Says in Chinese which tables and columns are read.
pub(super) const TABLES_ZH: &str = "\
表格是 XLSX、CSV（UTF-8、UTF-16、GBK）或者 Parquet，名称随意，和一个 OpenStreetMap 地图文件（*.osm.pbf）放在
一个文件夹里。一个工作簿里是表格的工作表都读，隐藏的一律不读；别的城市的地图不收。
一项任务只要它写明的表；其余的自己做出来，写在结果的 tables 里，并且说明：
  buildings   楼栋 name，地址 address，户数 households，社区 community，小区 compound，
              经度 lon、纬度 lat，或者 x、y，或者坐标
  stations    驿站 name，地址 address，经度 lon，纬度 lat，开门 opens，关门 closes
  candidates  候选点 name，地址 address，经度 lon，纬度 lat（没有的，每个出入口一个，或者每个小区一个）
  volunteers  编号 id，经度 lon，纬度 lat，skills，shifts（或者楼栋表、社区表里的志愿者人数）
  compounds   小区 name，社区 community，最少人数 min_vol，最多人数 max_vol，医护 min_medical（没有的，从楼栋来）
  gates       小区 compound，经度 lon，纬度 lat（没有的，是离路最近的地方）
  adjacency   a、b、border_m（没有的，看谁挨着谁，地图上的水、铁路、街道、墙把它们隔开）
  nodes、edges  id、x、y；from、to、length_m，或者 src、dst、t_ds、cls（代替地图文件）
`lianglin plan look 文件夹` 说明找到了什么、缺什么，并且画出来。";

/// Says in Chinese what stands in the file that proves step by step what was tried.
pub(super) const STEPS_ZH: &str = "\
site_proof.csv 一步一步说明没有更好的选法，试出来的比价格证明的多的才有：
  step     start、cut、prices、small、split、end 之一
  open     更好的选法里都开的候选点，按表里的顺序从 0 数
  closed   这些选法里都不开的候选点
  numbers  start：每处需求一个价格，和 site_prices.csv 一样；prices：每组候选点一个价格，一户是 1048576
           （加 --walking 的，是一户走十分之一秒）；cut：它的价格，再是至少要占到一半（进一）的那些组；
           cut 写在它们所属的 prices 前面
组是需求相同的候选点（加 --walking 的，一处需求每省下一段是一组），按顺序写，不写一开始或者上一个 small 已经知道的。
split 把一个候选点开和不开两种都走一遍：先写它所在那一列的那一种，到它的 end 为止。";

/// Returns an example with the tables and the exit codes below it.
pub(super) fn with_tables(example: &str) -> String {
    format!("{example}\n\n{TABLES}\n\n{EXITS}")
}
