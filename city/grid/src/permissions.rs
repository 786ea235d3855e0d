//! This file lists what roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `grid`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Release photos and words of a report to the public, and take them back (公开反映的照片和文字).
        GridRelease = "grid.release", "公开反映的照片和文字", "release photos and words of reports";
        /// Work in the field with a phone: tasks, what was found, dwellings, rounds (现场工作).
        FieldWork = "field.work", "现场工作", "work in the field";
    }
}
