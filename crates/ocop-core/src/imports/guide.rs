//! What to write into each column of a register file, for the template.

use super::columns::Column;

impl Column {
    /// What to write into the column.
    pub fn advice(self) -> &'static str {
        match self {
            Self::ProducerName => "Tên như trong giấy đăng ký kinh doanh.",
            Self::ProducerKind => "Chọn một loại hình trong danh sách.",
            Self::RegistrationNo => "Số ghi trên giấy chứng nhận đăng ký.",
            Self::RegisteredOn => "Ngày/tháng/năm.",
            Self::TaxCode => "10, 12 hoặc 13 chữ số. Có mã số thuế thì phần mềm nhận ra đúng chủ thể đã có.",
            Self::Address => "Số nhà, đường, thôn, bản, khu.",
            Self::Commune => "Tên hoặc mã của xã, phường, đặc khu từ ngày 01/7/2025.",
            Self::District => "Tên hoặc mã đơn vị trước ngày 01/7/2025. Không rõ thì để trống.",
            Self::Phone => "Một số điện thoại.",
            Self::Email => "Một địa chỉ thư điện tử.",
            Self::Representative => "Họ và tên người đại diện pháp luật. Không hiện trên trang công khai.",
            Self::Gender => "Chọn Nam hoặc Nữ.",
            Self::Ethnicity => "Dân tộc của người đại diện. Chỉ dùng để tính số tổng hợp.",
            Self::ProductName => "Tên như trên nhãn.",
            Self::SetNo => "Số hoặc tên của bộ sản phẩm theo bộ tiêu chí đang áp dụng.",
            Self::ProductCode => {
                "Mã đã cấp, theo một trong ba dạng. Có mã thì phần mềm nhận ra đúng sản phẩm đã có."
            }
            Self::JoinedOn => "Ngày sản phẩm bắt đầu tham gia Chương trình.",
            Self::Stars => "3, 4 hoặc 5; chưa được công nhận thì để trống.",
            Self::Level => "Chọn cấp ra quyết định công nhận. Có hạng sao thì phải ghi.",
            Self::Points => "Điểm đánh giá từ 0 đến 100, nhiều nhất hai chữ số thập phân.",
            Self::DecisionNo => "Số và ký hiệu quyết định công nhận. Có hạng sao thì phải ghi.",
            Self::DecidedOn => "Ngày/tháng/năm của quyết định. Có hạng sao thì phải ghi.",
            Self::SignedBy => "Chức vụ, họ và tên người ký quyết định.",
            Self::ValidUntil => {
                "Ngày cuối giấy chứng nhận còn giá trị. Để trống: 36 tháng kể từ ngày quyết định."
            }
            Self::RevokedOn => "Chỉ ghi khi giấy chứng nhận đã bị thu hồi.",
            Self::Revocation => "Lý do ghi trong quyết định thu hồi.",
            Self::StampedSince => "Ngày bắt đầu dán tem điện tử; chưa có tem thì để trống.",
            Self::Platforms => {
                "Tên các sàn, cách nhau bằng dấu chấm phẩy; sau mỗi tên có thể ghi ngày bắt đầu bán."
            }
            Self::RevenueYear => "Năm của doanh thu ghi ở cột bên cạnh.",
            Self::Revenue => "Doanh thu của sản phẩm trong năm ấy, bằng đồng.",
        }
    }

    /// What a cell of the column may look like.
    pub fn example(self) -> &'static str {
        match self {
            Self::ProducerName => "Hợp tác xã Nông nghiệp Bình Minh",
            Self::ProducerKind => "Hợp tác xã",
            Self::RegistrationNo => "220007000123",
            Self::RegisteredOn => "22/08/2016",
            Self::TaxCode => "0123456789",
            Self::Address => "Thôn 2",
            Self::Commune => "Xã Ba Chẽ",
            Self::District => "Huyện Ba Chẽ",
            Self::Phone => "0203 1234567",
            Self::Email => "ten@gmail.com",
            Self::Representative => "Nguyễn Thị An",
            Self::Gender => "Nữ",
            Self::Ethnicity => "Dao",
            Self::ProductName => "Trà hoa vàng",
            Self::SetNo => "12",
            Self::ProductCode => "22-06838-1-2026",
            Self::JoinedOn => "15/03/2021",
            Self::Stars => "4",
            Self::Level => "Tỉnh",
            Self::Points => "83,5",
            Self::DecisionNo => "3701/QĐ-UBND",
            Self::DecidedOn => "30/12/2024",
            Self::SignedBy => "Chủ tịch Nguyễn Văn Bình",
            Self::ValidUntil => "29/12/2027",
            Self::RevokedOn => "01/06/2025",
            Self::Revocation => "Chủ thể ngừng sản xuất",
            Self::StampedSince => "05/05/2022",
            Self::Platforms => "Voso 01/03/2022; Postmart 01/04/2022; Shopee",
            Self::RevenueYear => "2024",
            Self::Revenue => "1.250.000.000",
        }
    }

    /// The texts that a cell of the column is chosen from; none when it is written freely.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::ProducerKind => &[
                "Hợp tác xã",
                "Tổ hợp tác",
                "Công ty TNHH",
                "Công ty cổ phần",
                "Doanh nghiệp tư nhân",
                "Trang trại",
                "Hộ kinh doanh",
                "Hội/hiệp hội",
            ],
            Self::Gender => &["Nam", "Nữ"],
            Self::Stars => &["3", "4", "5"],
            Self::Level => &["Huyện", "Tỉnh", "Trung ương"],
            Self::ProducerName
            | Self::RegistrationNo
            | Self::RegisteredOn
            | Self::TaxCode
            | Self::Address
            | Self::Commune
            | Self::District
            | Self::Phone
            | Self::Email
            | Self::Representative
            | Self::Ethnicity
            | Self::ProductName
            | Self::SetNo
            | Self::ProductCode
            | Self::JoinedOn
            | Self::Points
            | Self::DecisionNo
            | Self::DecidedOn
            | Self::SignedBy
            | Self::ValidUntil
            | Self::RevokedOn
            | Self::Revocation
            | Self::StampedSince
            | Self::Platforms
            | Self::RevenueYear
            | Self::Revenue => &[],
        }
    }

    /// Whether the column holds days.
    pub fn is_day(self) -> bool {
        matches!(
            self,
            Self::RegisteredOn
                | Self::JoinedOn
                | Self::DecidedOn
                | Self::ValidUntil
                | Self::RevokedOn
                | Self::StampedSince
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::record::record;

    fn mapping() -> Vec<Option<Column>> {
        Column::ALL.iter().copied().map(Some).collect()
    }

    #[test]
    fn a_row_of_all_examples_is_read() {
        let cells: Vec<String> = Column::ALL.iter().map(|column| column.example().to_owned()).collect();
        let read = record(&mapping(), &cells);
        assert!(read.is_ok(), "{read:?}");
    }

    #[test]
    fn every_choice_is_read() {
        for (at, column) in Column::ALL.iter().enumerate() {
            for choice in column.choices() {
                let mut cells: Vec<String> = Column::ALL.iter().map(|one| one.example().to_owned()).collect();
                cells[at] = (*choice).to_owned();
                assert!(record(&mapping(), &cells).is_ok(), "{choice}");
            }
            assert!(!column.advice().is_empty());
        }
    }

    #[test]
    fn examples_of_days_are_days() {
        for column in Column::ALL.iter().copied() {
            let is_day = column.example().split('/').count() == 3 && column.example().len() == 10;
            assert_eq!(column.is_day(), is_day, "{column}");
        }
    }
}
