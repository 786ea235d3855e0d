//! The reasons for which a table is not read, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `tables`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        TableEmpty = "table.empty",
            "没有收到表格，或者表格是空的。", "请选择一个有内容的 XLSX 或 CSV 文件，再试一次。",
            "No table arrived, or it is empty.", "Choose an XLSX or CSV file with something in it and try again.";
        TableUnreadable = "table.unreadable",
            "表格读不出来。", "请存成 XLSX，或用 UTF-8、GBK 编码的 CSV，再试一次。",
            "We couldn’t read the table.", "Save it as XLSX, or as CSV in UTF-8 or GBK, and try again.";
        TableLineUnreadable = "table.line_unreadable",
            "表格第 {line} 行读不出来。", "请检查这一行的引号是否成对，再试一次。",
            "We couldn’t read line {line} of the table.", "Check that its quotation marks come in pairs, then try again.";
        TableTooLarge = "table.too_large",
            "表格太大：最多 {rows} 行、{columns} 列，解压后不超过 {megabytes} MB。", "请分成几个表格上传。",
            "The table is too large: the limit is {rows} rows, {columns} columns and {megabytes} MB unpacked.", "Split it into several tables.";
        TableFormula = "table.formula",
            "表格里有公式（{cell}），没有读取。", "请把公式改成数值或文字：复制后选择性粘贴为值。",
            "The table has a formula ({cell}), so we didn’t read it.", "Turn formulas into plain values: copy, then paste as values.";
        TableCellLong = "table.cell_long",
            "单元格 {cell} 里的内容太长：一格最多 {limit} 字节，没有读取。", "请检查引号是否成对、是不是把几行并成了一格，改短再试一次。",
            "Cell {cell} holds too much: the limit is {limit} bytes, so we didn’t read the table.", "Check that quotation marks come in pairs and that no lines ran together into one cell, shorten it, and try again.";
        TableErrorCell = "table.error_cell",
            "单元格 {cell} 里是表格软件的错误（{value}）。", "请改成正确的内容，或者清空，再试一次。",
            "Cell {cell} shows a spreadsheet error ({value}).", "Correct it or empty the cell, then try again.";
        TableMerged = "table.merged",
            "单元格 {cell} 横着合并了，分不清是哪一列。", "请取消合并，每一列各填各的，再试一次。",
            "The cells {cell} are merged across columns, so it isn’t clear which column they belong to.", "Unmerge them, fill in each column, and try again.";
        TableDigitsLost = "table.digits_lost",
            "单元格 {cell} 里的长号码被表格软件当成了数字，后几位已经丢失。", "请把这一列设为文本格式，重新填写号码。",
            "The spreadsheet treated the long code in cell {cell} as a number and lost its last digits.", "Format the column as text and type the codes again.";
        TableHead = "table.head",
            "表格里找不到“{column}”这一列。", "请下载模板，照第一行的列名填写。",
            "The table has no column “{column}”.", "Download the template and keep the column names of its first row.";
        TableHidden = "table.hidden",
            "表格在隐藏的工作表“{sheet}”里，没有读取。", "请取消隐藏这张工作表（在工作表标签上点右键），或把表格放到看得见的工作表里，再试一次。",
            "The table stands in the hidden sheet “{sheet}”, so we didn’t read it.", "Unhide the sheet (right-click the tabs) or move the table to one that can be seen, then try again.";
        TableColumnTwice = "table.column_twice",
            "“{column}”这一列出现了两次（{cell}）。", "请只留一列，再试一次。",
            "The column “{column}” appears twice ({cell}).", "Keep one of them and try again.";
    }
}
