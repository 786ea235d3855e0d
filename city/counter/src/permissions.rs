//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `counter`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Read the catalogue with its inner notes (查看事项目录).
        CatalogueRead = "catalogue.read", "查看事项目录", "read the catalogue";
        /// Edit items and release new versions of them (编辑事项目录).
        CatalogueEdit = "catalogue.edit", "编辑事项目录", "edit the catalogue";
    }
}
