//! Producers by group, as reports and newspapers count them.

use crate::coded;
use crate::producers::ProducerKind;

coded! {
    /// A group of kinds of producers. The code is also a value of the filter `kind`.
    ProducerGroup {
        /// Companies and private enterprises.
        Enterprise = "enterprise", "Doanh nghiệp";
        /// Cooperatives.
        Cooperative = "cooperative", "Hợp tác xã";
        /// Cooperative groups.
        CooperativeGroup = "cooperative_group", "Tổ hợp tác";
        /// Producing households.
        Household = "household", "Hộ sản xuất";
        /// Farms.
        Farm = "farm", "Trang trại";
        /// Associations and operating centres of tourism.
        Association = "association", "Hội, trung tâm điều hành";
    }
}

impl ProducerGroup {
    /// The group of a kind.
    pub fn of(kind: ProducerKind) -> Self {
        match kind {
            ProducerKind::LimitedCompany
            | ProducerKind::JointStockCompany
            | ProducerKind::PrivateEnterprise => Self::Enterprise,
            ProducerKind::Cooperative => Self::Cooperative,
            ProducerKind::CooperativeGroup => Self::CooperativeGroup,
            ProducerKind::Household => Self::Household,
            ProducerKind::Farm => Self::Farm,
            ProducerKind::Association => Self::Association,
        }
    }
}
