//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `papers`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PaperFileMissing = "paper.file_missing",
            "没有选择文件。", "请拍照或选择文件后再提交。",
            "No file was chosen.", "Take a picture or choose a file, then send again.";
        PaperFileKind = "paper.file_kind",
            "这个文件不是照片，也不是PDF。", "请用 JPG、PNG 照片或 PDF 文件；Word、压缩包等请先另存为 PDF。",
            "This file is neither a picture nor a PDF.", "Use a JPG or PNG picture or a PDF; save Word files and others as PDF first.";
        PaperPhotoKind = "paper.photo_kind",
            "这个文件不是照片。", "请拍照，或选 JPG、PNG 照片。",
            "This file is not a picture.", "Take a picture, or choose a JPG or PNG.";
        PaperFileHeic = "paper.file_heic",
            "这是 HEIC 照片，窗口的电脑打不开。", "请在这一页直接拍照；或把手机相机设为“兼容性最佳”（JPG）后重拍。",
            "This is a HEIC picture, which the counters cannot open.", "Take the picture from this page, or set the camera to JPG (“most compatible”) and take it again.";
        PaperFileLarge = "paper.file_large",
            "文件太大，最多 {limit} MB。", "请把照片拍小一些，或把 PDF 分成几份。",
            "The file is too large; at most {limit} MB.", "Take a smaller picture, or split the PDF.";
        PaperFilePixels = "paper.file_pixels",
            "照片的尺寸太大，最多 {limit} 百万像素。", "请把相机的照片尺寸调小后重拍；或者打开照片截个屏，选截屏。",
            "The picture is too large; at most {limit} million pixels.", "Set the camera to smaller pictures and take it again, or choose a screenshot of the picture.";
        PaperFileBroken = "paper.file_broken",
            "文件打不开，可能没有传完整。", "请重新拍照，或在电脑上确认能打开后再传。",
            "The file cannot be opened; it may be incomplete.", "Take the picture again, or check that the file opens on your device.";
        PaperFileActive = "paper.file_active",
            "这个 PDF 带有程序、表单、附件、网页链接或加密，或者里面有看不到的内容，不能接收。", "请用“打印为 PDF”重新存一份再传；还是不行的，把每一页拍成照片上传。",
            "This PDF cannot be accepted: it contains programs, a form, attachments, web links or encryption, or parts that cannot be checked.", "Save it again with “print to PDF”; if that does not help, upload a picture of each page.";
        PaperFileMany = "paper.file_many",
            "每种材料最多 {limit} 个文件。", "请先删去不清楚的，或把几页合成一个 PDF。",
            "At most {limit} files are allowed for each paper.", "Remove unclear ones, or put several pages into one PDF.";
        PaperCaseFull = "paper.case_full",
            "这个办件的材料文件太多：最多 {files} 个，一共 {megabytes} MB。", "请先删去不清楚的，明天再传；或者把材料带到任一社区窗口。",
            "This case has too many files: at most {files}, {megabytes} MB in total.", "Remove unclear ones and upload the rest tomorrow, or bring the papers to any community counter.";
        PaperFileLooked = "paper.file_looked",
            "工作人员已经看过这个文件，不能再删。", "发错了可以再传一份正确的，并告诉承办单位。",
            "Staff have already looked at this file, so it cannot be removed.", "If it is the wrong one, upload the right one and tell the office.";
        PaperFileGone = "paper.file_gone",
            "文件已经删除，或者保存期满清除了。", "需要的话，请申请人重新提供。",
            "The file has been removed or its retention period is over.", "If you need it, ask the applicant to provide it again.";
        PaperNoCheck = "paper.no_check",
            "这种材料还不能用数据核验。", "请按材料清单收，或者约定后补日期。",
            "There is no data check for this paper yet.", "Take the paper, or agree a later date.";
        PaperCheckAway = "paper.check_away",
            "核验系统暂时没有回答。", "可以先收材料照常办理，稍后再点“核验”。",
            "The data check did not answer.", "Go on with the paper itself, or try the check again later.";
        PaperLaterDate = "paper.later_date",
            "后补日期要在明天到 {limit} 之间。", "请改一个日期。",
            "The date must be between tomorrow and {limit}.", "Choose another date.";
        PaperNotMissing = "paper.not_missing",
            "这种材料已经有了，不用后补。", "请刷新页面看最新情况。",
            "This paper is already there, so no later date is needed.", "Reload the page to see the latest.";
        PaperElsewhere = "paper.elsewhere",
            "原件不在这里，或刚刚有人登记过。", "请刷新页面，看原件现在由谁保管。",
            "The original is not here, or someone has just recorded it.", "Reload the page to see who holds it now.";
        PaperListMixed = "paper.list_mixed",
            "一张交接清单只能交给同一个单位。", "请分开选择，各打一张清单。",
            "One hand-over list can go to one office only.", "Choose them separately and make a list for each.";
        PaperListDone = "paper.list_done",
            "这张清单已经签收过了。", "不用再签；有问题请与对方单位核对。",
            "This list has already been confirmed.", "Nothing is left to do; settle any differences with the other office.";
    }
}
