//! A board of figures: how many reports were filed and closed, by kind and by street, beside the total that was counted
//! apart. Parts that do not add up to the total are said to differ, never hidden. And a score of weighted shares.

use crate::words::MERGED;

/// The weights of a score, in thousandths, make this.
const WHOLE: i64 = 1_000;
/// Steps at which a report is not filed: nobody looked yet, or it was not there, no matter for the street, or joined to
/// another. Without a step it came before steps were kept.
pub const NOT_FILED: [&str; 5] = ["", "reported", "not_there", "not_a_case", MERGED];
/// The step at which it is put right, checked and over.
pub const CLOSED: &str = "closed";

/// How many were filed, and how many closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Filed.
    pub filed: i64,
    /// Closed.
    pub closed: i64,
}

impl Pair {
    /// What is left of it without another.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self { filed: self.filed.saturating_sub(other.filed), closed: self.closed.saturating_sub(other.closed) }
    }

    /// The sum of some.
    fn sum<'p>(pairs: impl Iterator<Item = &'p Self>) -> Self {
        pairs.fold(Self::default(), |sum, one| Self {
            filed: sum.filed.saturating_add(one.filed),
            closed: sum.closed.saturating_add(one.closed),
        })
    }
}

/// What a report at a step counts for on a board.
#[must_use]
pub fn counted(stage: &str) -> Pair {
    Pair { filed: i64::from(!NOT_FILED.contains(&stage)), closed: i64::from(stage == CLOSED) }
}

/// By what a board is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// By kind.
    Kinds,
    /// By street.
    Streets,
}

/// A board: the total and its parts, from both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// The total as it was counted.
    pub total: Pair,
    /// By kind.
    pub kinds: Vec<Pair>,
    /// By street.
    pub streets: Vec<Pair>,
}

impl Board {
    /// The sum of the parts of a side.
    #[must_use]
    pub fn sum(&self, side: Side) -> Pair {
        let parts = match side {
            Side::Kinds => &self.kinds,
            Side::Streets => &self.streets,
        };
        Pair::sum(parts.iter())
    }

    /// The sides that do not add up to the total, with what is missing in their parts: less than nothing where they are
    /// more than the total.
    #[must_use]
    pub fn gaps(&self) -> Vec<(Side, Pair)> {
        let gap = |side: Side| {
            let sum = self.sum(side);
            let gap = self.total.less(sum);
            (gap != Pair::default()).then_some((side, gap))
        };
        [Side::Kinds, Side::Streets].into_iter().filter_map(gap).collect()
    }
}

/// A share in hundredths of a percent, rounded half up; none of nothing.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<i64> {
    let scaled = i128::from(part).checked_mul(10_000)?.checked_add(i128::from(whole) / 2)?;
    (whole > 0).then(|| scaled.div_euclid(i128::from(whole))).and_then(|share| i64::try_from(share).ok())
}

/// A share as it is told before both its numbers: `63.72 %`; none of nothing.
#[must_use]
pub fn percent(part: i64, whole: i64) -> Option<String> {
    share(part, whole).map(|share| format!("{}.{:02} %", share / 100, share % 100))
}

/// The score of shares in hundredths of a percent, each with its weight in thousandths: in tenths of a point, rounded
/// half up. None where the weights do not make a whole.
#[must_use]
pub fn score(shares: &[(i64, u32)]) -> Option<i64> {
    let whole: i64 = shares.iter().map(|(_, weight)| i64::from(*weight)).sum();
    let sum: i64 = shares.iter().map(|(share, weight)| share.saturating_mul(i64::from(*weight))).sum();
    let tenth = WHOLE * 10;
    (whole == WHOLE).then(|| (sum + tenth / 2).div_euclid(tenth))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 金牛区 city management, as published: kind or street, filed, closed.
    const KINDS: &str = "非机动车乱停放 613/607, 违规标语宣传品 367/361, 乱堆物堆料 307/288, 暴露垃圾 275/266, 沿街晾挂 191/189, \
        无照经营游商 184/179, 非法小广告 107/106, 垃圾箱 102/96, 道路不洁 90/89, 店外经营 71/67, 违章接坡 55/53, 积存渣土 44/44, \
        占道经营 45/43, 占道废品收购 28/26, 废弃家具 23/22, 绿化弃料 21/20, 绿地脏乱 6/6, 擅自饲养 5/5, 机动车乱停放 4/4, \
        防撞桶 4/4, 垃圾间 2/2, 雨水井盖 3/2, 水务盖板 2/2, 树挂 2/2, 不明井盖 6/2, 餐厨垃圾 1/1, 交通护栏 5/1, 宣传栏 1/1, \
        医疗废物 1/1, 便道桩 1/1, 通信交接箱 4/1, 道路破损 6/1, 户外广告 1/1, 店面装修 1/1, 围挡 1/0, 路灯 1/0, 标志牌 1/0, \
        座椅 2/0, 花钵 3/0, 电子眼 1/0, 线缆 2/0, 通信井盖 2/0, 护树设施 3/0";
    const STREETS: &str = "凤凰山 103/97, 天回镇 224/216, 九里堤 232/221, 荷花池 195/186, 抚琴 210/194, 茶店子 193/184, \
        驷马桥 165/162, 西华 214/208, 西安路 177/168, 金泉 282/278, 沙河源 197/194, 五块石 213/202, 营门口 189/184";

    fn parts(text: &str) -> Vec<Pair> {
        let part = |text: &str| {
            let (_, pair) = text.trim().split_once(' ').unwrap();
            let (filed, closed) = pair.split_once('/').unwrap();
            Pair { filed: filed.parse().unwrap(), closed: closed.parse().unwrap() }
        };
        text.split(',').map(part).collect()
    }

    fn jinniu() -> Board {
        let total = Pair { filed: 2_594, closed: 2_494 };
        Board { total, kinds: parts(KINDS), streets: parts(STREETS) }
    }

    #[test]
    fn both_sides_of_a_real_board_add_up() {
        let board = jinniu();
        assert_eq!((board.kinds.len(), board.streets.len()), (43, 13));
        assert_eq!((board.sum(Side::Kinds), board.sum(Side::Streets)), (board.total, board.total));
        assert!(board.gaps().is_empty());
        assert_eq!(percent(board.total.closed, board.total.filed).as_deref(), Some("96.14 %"));
    }

    #[test]
    fn parts_that_do_not_add_up_show_the_difference() {
        let mut board = jinniu();
        board.kinds.pop();
        board.streets[0].closed += 4;
        let gaps = [(Side::Kinds, Pair { filed: 3, closed: 0 }), (Side::Streets, Pair { filed: 0, closed: -4 })];
        assert_eq!(board.gaps(), gaps);
        assert_eq!(Board::default().gaps(), []);
    }

    #[test]
    fn a_report_counts_from_its_filing_to_its_end() {
        for (stage, filed, closed) in [
            ("", 0, 0),
            ("reported", 0, 0),
            ("filed", 1, 0),
            ("handling", 1, 0),
            ("closed", 1, 1),
            ("merged", 0, 0),
            ("not_there", 0, 0),
            ("not_a_case", 0, 0),
        ] {
            assert_eq!(counted(stage), Pair { filed, closed }, "{stage}");
        }
        assert_eq!(counted("merged").less(counted("closed")), Pair { filed: -1, closed: -1 });
    }

    #[test]
    fn six_published_scores_come_out_of_their_weights() {
        // Closed, satisfied, fed back in time, called back; hundredths of a percent. Panjin, January to April 2023.
        let table = [
            ("大洼", [9_806, 9_900, 10_000, 10_000], 993),
            ("盘山", [9_844, 9_837, 10_000, 10_000], 992),
            ("兴隆台", [9_795, 9_844, 10_000, 9_996], 991),
            ("双台子", [9_621, 9_401, 10_000, 10_000], 974),
            ("高新", [10_000, 10_000, 10_000, 10_000], 1_000),
            ("辽滨", [9_925, 9_702, 10_000, 10_000], 990),
        ];
        for (county, [closed, satisfied, fed_back, called_back], expected) in table {
            let shares = [(closed, 200), (satisfied, 300), (fed_back, 250), (called_back, 250)];
            assert_eq!(score(&shares), Some(expected), "{county}");
            let other = [(closed, 100), (satisfied, 400), (fed_back, 250), (called_back, 250)];
            assert!(score(&other).is_some(), "the weights are parameters");
        }
        assert_eq!(score(&[(10_000, 200), (10_000, 300)]), None, "half of the weights");
    }

    #[test]
    fn a_share_is_told_to_a_hundredth_of_a_percent() {
        // Tangshan, November 2024: the published share is of the classified, not of the received.
        assert_eq!(percent(124_599, 195_532).as_deref(), Some("63.72 %"));
        assert_eq!(percent(124_599, 284_406).as_deref(), Some("43.81 %"));
        // Shenyang's hotline in 2023: every published rate keeps its two counts.
        assert_eq!(percent(2_931_000, 3_112_000).as_deref(), Some("94.18 %"));
        assert_eq!(percent(700_000, 743_000).as_deref(), Some("94.21 %"));
        assert_eq!(percent(552_000, 554_000).as_deref(), Some("99.64 %"));
        assert_eq!((percent(0, 0), percent(1, 1)), (None, Some("100.00 %".to_owned())));
    }
}
