//! This file says which files lie where somebody looked for one that is missing.

use std::path::Path;

use kernel::language::Bilingual;

use super::table::both;

/// So many names are told. The rest is counted.
const TOLD: usize = 12;

/// Says which files and folders lie beside one that is missing: those of the nearest folder above it that exists. Says
/// nothing if nothing can be seen there. The English sentence begins with a blank.
pub fn around(missing: &Path) -> Bilingual {
    let is_here = |above: &Path| above.as_os_str().is_empty();
    let found = missing.ancestors().skip(1).find(|above| is_here(above) || above.is_dir());
    let Some(folder) = found.map(|above| if is_here(above) { Path::new(".") } else { above }) else {
        return Bilingual::default();
    };
    let Ok(read) = std::fs::read_dir(folder) else { return Bilingual::default() };
    let mut names: Vec<String> = read.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with(['.', '~']));
    names.sort();
    let (folder, Bilingual { zh, en }) = (folder.display(), listed(&names));
    both(format!("{folder} 里有：{zh}。"), format!(" In {folder} there are: {en}."))
}

/// Lists names, but not more than a person reads.
pub fn listed(names: &[String]) -> Bilingual {
    if names.is_empty() {
        return both("没有文件", "no files");
    }
    let shown: Vec<&str> = names.iter().take(TOLD).map(String::as_str).collect();
    let more = names.len().saturating_sub(TOLD);
    let (and_zh, and_en) =
        if more > 0 { (format!(" 等 {} 个", names.len()), format!(" and {more} more")) } else { Default::default() };
    both(format!("{}{and_zh}", shown.join("、")), format!("{}{and_en}", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_a_missing_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.xlsx", ".hidden"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let said = around(&folder.path().join("none.csv"));
        assert!(
            said.zh.ends_with(" 里有：a.xlsx、b.csv。") && said.en.ends_with(" there are: a.xlsx, b.csv."),
            "{said:?}"
        );
        assert_eq!(around(&folder.path().join("no/folder/none.csv")), said);
        let names: Vec<String> = (0..14).map(|at| format!("{at}.csv")).collect();
        let said = listed(&names);
        assert!(said.zh.ends_with("11.csv 等 14 个") && said.en.ends_with("11.csv and 2 more"), "{said:?}");
        assert_eq!(listed(&[]).en, "no files");
    }
}
