//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `hearings`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Say where and when people are heard (维护评理说事点).
        HearingsPoint = "hearings.point", "维护评理说事点", "keep the hearing point";
        /// Offer mediation, and say which dispute comes first (主动调解、排先后).
        HearingsMediate = "hearings.mediate", "主动调解、排先后", "offer mediation and say what comes first";
    }
}
