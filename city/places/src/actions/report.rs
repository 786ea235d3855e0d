//! What an import of an edition did, said in the language of whoever ran it.

use crate::rules::outcome::{Counts, Summary};
use kernel::language::Lang;
use kernel::place::Level;
use kernel::time::Date;

/// Says what an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The day of the edition.
    pub on: Date,
    /// How many rows it lists.
    pub listed: usize,
    /// Whether it had been imported before. In that case nothing was changed.
    pub again: bool,
    /// What became of the rows, by level.
    pub summary: Summary,
    /// How many places now lie elsewhere than before. Places inside a transferred place are counted too.
    pub moved: usize,
    /// Code and name of each place whose name lost a sign on its way.
    pub damaged: Vec<String>,
    /// The titles of columns of the table that are not taken.
    pub untaken: Vec<String>,
    /// Which sheet of a workbook was read.
    pub sheets: tables::Sheets,
}

impl Report {
    pub(super) fn new(on: Date, listed: usize, again: bool, summary: Summary) -> Self {
        Self {
            on,
            listed,
            again,
            summary,
            moved: 0,
            damaged: Vec::new(),
            untaken: Vec::new(),
            sheets: tables::Sheets::default(),
        }
    }

    /// Returns the counts of a level.
    pub fn of(&self, level: Level) -> Counts {
        self.summary.get(&level).copied().unwrap_or_default()
    }

    /// Says in a language what the import did, line by line.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let (on, listed) = (self.on, self.listed);
        let first = match (lang, self.again) {
            (Lang::Zh, false) => format!("{on} 的版本：列了 {listed} 个地方"),
            (Lang::Zh, true) => format!("{on} 的版本：列了 {listed} 个地方，以前导入过，什么也没有改"),
            (Lang::En, false) => format!("edition {on}: {listed} places listed"),
            (Lang::En, true) => format!("edition {on}: {listed} places listed, imported before, nothing changed"),
        };
        let levels = self.summary.iter().map(|(level, counts)| level_told(*level, counts, lang));
        let damaged = self.damaged.iter().map(|name| match lang {
            Lang::Zh => format!("  名称里有字丢了，请在原表里改正：{name}"),
            Lang::En => format!("  a character of the name is lost, correct it in the source: {name}"),
        });
        let untaken = self.untaken.iter().map(|title| match lang {
            Lang::Zh => format!("  没有用到的列：{title}"),
            Lang::En => format!("  column not used: {title}"),
        });
        let mut lines = vec![first];
        let sheets = self.sheets.told().map(|told| format!("  {}", told.get(lang)));
        lines.extend(levels.chain(damaged).chain(untaken).chain(sheets));
        lines.join("\n")
    }
}

/// Says what became of the rows of a level.
fn level_told(level: Level, counts: &Counts, lang: Lang) -> String {
    let Counts { same, recoded, renamed, transferred, created, split, abolished, merged, in_review } = counts;
    match lang {
        Lang::Zh => format!(
            "  {} 没有变化 {same}，换代码 {recoded}，改名 {renamed}，划转 {transferred}，新设 {created}（其中拆分 {split}），\
             撤销 {abolished}（其中合并 {merged}），待核对 {in_review}",
            match level {
                Level::City => "市",
                Level::District => "区县",
                Level::Street => "街道、乡镇",
                Level::Community => "社区、村",
                Level::Grid => "网格",
                Level::Building => "楼栋",
            }
        ),
        Lang::En => format!(
            "  {:<9} same {same}, recoded {recoded}, renamed {renamed}, transferred {transferred}, created {created} \
             (split {split}), abolished {abolished} (merged {merged}), to review {in_review}",
            level.code()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_in_the_language_of_its_reader() {
        let counts = Counts { same: 3, renamed: 1, ..Counts::default() };
        let mut report = Report::new(Date::constant(2023, 6, 30), 4, false, Summary::from([(Level::Street, counts)]));
        report.damaged = vec!["210102001 文?路街道".to_owned()];
        report.untaken = vec!["备注".to_owned()];
        let unread = vec!["镇".to_owned()];
        report.sheets = tables::Sheets { read: "社区".to_owned(), unread, ..tables::Sheets::default() };
        let chinese = report.told(Lang::Zh);
        assert!(chinese.starts_with("2023-06-30 的版本：列了 4 个地方\n  街道、乡镇 没有变化 3，"), "{chinese}");
        assert!(chinese.contains("改名 1") && chinese.contains("没有用到的列：备注"), "{chinese}");
        assert!(chinese.contains("读的是工作表“社区”") && chinese.contains("没有读：镇"), "{chinese}");
        assert!(!chinese.bytes().any(|byte| byte.is_ascii_lowercase()), "{chinese}");
        let english = report.told(Lang::En);
        assert!(english.starts_with("edition 2023-06-30: 4 places listed\n  street    same 3,"), "{english}");
        assert_eq!(english.lines().count(), chinese.lines().count());
        let again = Report { again: true, ..report }.told(Lang::Zh);
        assert!(again.contains("以前导入过，什么也没有改"), "{again}");
    }
}
