//! What kind of work a criterion asks for.

use crate::coded;
use crate::rules::Criterion;
use crate::text::fold;

coded! {
    /// What somebody does to raise a criterion.
    Work {
        /// Certificates, registrations, declarations, books.
        Papers = "papers", "Giấy tờ, chứng nhận";
        /// Packaging, label, stamp, story.
        Packaging = "packaging", "Bao bì, nhãn, câu chuyện";
        /// Where material comes from and goes to.
        Contracts = "contracts", "Nguyên liệu, hợp đồng";
        /// Selling and advertising.
        Market = "market", "Thị trường, quảng bá";
        /// The product itself and how it is made.
        Product = "product", "Sản phẩm, sản xuất";
    }
}

impl Work {
    /// The kind of a criterion, by the first heading of the evidence that usually proves it (form
    /// 02); a criterion that is seen on the product itself, by its name.
    pub fn of(criterion: &Criterion) -> Self {
        match criterion.evidence.first() {
            Some(1 | 2 | 4 | 5 | 6 | 7 | 11 | 14) => Self::Papers,
            Some(3) => Self::Contracts,
            Some(8 | 9) => Self::Market,
            Some(10 | 13) => Self::Packaging,
            Some(_) => Self::Product,
            None => {
                let name = fold(&criterion.name);
                let is_seen_on = |word| name.contains(word);
                if [" bao bi", " nhan ", " ghi nhan"].into_iter().any(is_seen_on) {
                    Self::Packaging
                } else if name.contains(" phan phoi") {
                    Self::Market
                } else {
                    Self::Product
                }
            }
        }
    }
}
