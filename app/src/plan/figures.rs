//! This file says what the figures of a summary are called in each language. Programs know them by their names.

use kernel::language::Lang;

/// What figures and tables are called in Chinese, each behind its name. The English name is the name itself.
const NAMES: [(&str, &str); 65] = [
    ("objective", "目标值"),
    ("bound", "界限"),
    ("gap", "和界限的差距"),
    ("violations", "不合要求之处"),
    ("cpu_seconds", "处理器秒数"),
    ("grids", "网格"),
    ("border_cut_m", "切开的边界（米）"),
    ("households_off_the_mean", "偏离平均数的户数"),
    ("disconnected", "不相连的网格"),
    ("crossing_communities", "跨社区的网格"),
    ("above_the_most", "超过上限的网格"),
    ("below_the_least", "不是整片却不足下限的网格"),
    ("excused_small_pieces", "整片都不足下限的网格"),
    ("unavoidable_large_buildings", "一栋楼就超过上限的网格"),
    ("small_grids", "不足下限的网格，按原因"),
    ("community_too_small", "社区户数不够"),
    ("touches_no_building", "和哪栋都不相邻"),
    ("touches_other_communities_only", "只和别的社区相邻"),
    ("part_of_its_own", "单独的一片"),
    ("proven_unavoidable", "已证明不能避免"),
    ("not_proven", "没有证明"),
    ("compound_splits", "切开小区的次数"),
    ("pieces", "片区"),
    ("pieces_proven_best", "已证明为最优的片区"),
    ("households_moved", "换网格的户数"),
    ("covered_households", "走得到的户数"),
    ("households", "户数"),
    ("covered_per_mille", "走得到的户数（千分之）"),
    ("stations", "驿站"),
    ("cut_off_households", "没有路通到的户数"),
    ("buildings_far_off", "离路远的楼栋"),
    ("buildings_on_islands", "路不相连的楼栋"),
    ("volunteers_far_off", "离路远的志愿者"),
    ("volunteers_on_islands", "路不相连的志愿者"),
    ("sites", "新点位"),
    ("spared_household_minutes", "全部住户共省分钟"),
    ("spared_seconds_each", "每户平均省秒"),
    ("gained_households", "增加的户数"),
    ("covered_before", "现在走得到的户数"),
    ("covered_after", "新开以后走得到的户数"),
    ("walking_ds", "步行总时间（十分之一秒）"),
    ("longest_walk_ds", "最远的一趟（十分之一秒）"),
    ("at_home", "留在家里的人"),
    ("short", "还缺的人"),
    ("pairs_looked_at", "比较过的人和小区"),
    ("rows_read", "读到的行数"),
    ("parts_of_the_ways", "路网分成的块数"),
    ("nodes_outside_the_largest_part", "不在最大一块上的节点"),
    ("nodes_on_no_way", "不在任何路上的节点"),
    ("buildings_that_touch_none", "和哪栋都不相邻的楼栋"),
    ("nodes", "路口"),
    ("edges", "路段"),
    ("compounds", "小区"),
    ("buildings", "楼栋"),
    ("volunteers", "志愿者"),
    ("adjacency", "相邻"),
    ("candidates", "候选点"),
    ("gates", "出入口"),
    ("communities", "社区"),
    ("map", "地图"),
    ("reach", "驿站步行圈"),
    ("site", "驿站选址"),
    ("mobilize", "就近动员"),
    ("geography", "导入地理"),
    ("sample", "样例"),
];

/// How wide the names stand before the figures, in signs of the Latin script.
const WIDE: usize = 32;

/// Returns what a figure or a table is called.
pub fn name_of(name: &str, lang: Lang) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == name);
    match (lang, known) {
        (Lang::Zh, Some((_, zh))) => (*zh).to_owned(),
        _ => name.replace('_', " "),
    }
}

/// Returns a line with a figure behind its name.
pub fn line(name: &str, figure: &str, lang: Lang) -> String {
    format!("{}{figure}", padded(&name_of(name, lang), WIDE))
}

/// Returns a text with blanks behind it, up to so many signs of the Latin script. A Chinese sign is as wide as two.
pub fn padded(text: &str, wide: usize) -> String {
    let taken: usize = text.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(wide.saturating_sub(taken).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_behind_its_name_in_each_language() {
        assert_eq!(line("border_cut_m", "20", Lang::En), format!("{:<32}20", "border cut m"));
        assert_eq!(line("border_cut_m", "20", Lang::Zh), format!("切开的边界（米）{}20", " ".repeat(16)));
        let mut names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert!(names.array_windows().all(|[one, other]| one != other), "{names:?}");
    }
}
