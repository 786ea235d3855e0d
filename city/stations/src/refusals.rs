//! This file lists the reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `stations`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        StationHours = "station.hours",
            "开放时间“{given}”看不懂。", "每行写一段，例如：周一至周五 08:30-17:30。",
            "We don’t understand the opening hours “{given}”.", "Write one period per line, for example: Mon-Fri 08:30-17:30.";
    }
}
