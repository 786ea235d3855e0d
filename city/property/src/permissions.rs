//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `property`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Keep the owners' register and enter what belongs to owners' votes (业主名册和业主表决).
        PropertyEdit = "property.edit", "登记业主名册、办业主表决", "keep owners' registers and votes";
        /// Read which registers, votes and three-party tables there are, without names (查看名册、表决、联席情况).
        PropertyRead = "property.read", "查看业主名册、表决和三方联席的情况（不含姓名）", "read which owners' registers, votes and three-party tables there are, without names";
        /// Register companies, their contracts and what is on record of them (登记物业企业).
        PropertyCompany = "property.company", "登记物业企业、合同和信用记录", "register property companies, their contracts and records";
        /// Answer the appeals of companies (答复物业企业申诉).
        PropertyAppeal = "property.appeal", "答复物业企业的申诉", "answer appeals of property companies";
        /// Call the three-party table and enter what it agrees (召集三方联席).
        PropertyTable = "property.table", "召集三方联席、登记承诺", "call the three-party table and enter commitments";
        /// Prepare a first owners' meeting (筹备首次业主大会).
        PropertyFirst = "property.first", "筹备首次业主大会", "prepare a first owners' meeting";
        /// Enter uses of the maintenance fund and follow them (登记维修资金使用).
        PropertyFund = "property.fund", "登记维修资金使用", "enter uses of the maintenance fund and follow them";
        /// Publish the income of shared parts (公布共有部分收益).
        PropertyIncome = "property.income", "公布小区共有部分收益", "publish the income of shared parts";
    }
}
