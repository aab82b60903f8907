//! The producer's papers: their kinds and the lists that ask for them, the file types accepted, how a citation names pages, and what their
//! last day means for a dossier and a certificate.

mod list;
mod pages;
mod term;
mod upload;

pub use list::{EvidenceList, Heading, Need};
pub use pages::{BadPages, first_page, pages};
pub use term::{SOON_DAYS, Term, term, term_behind};
pub use upload::{BadUpload, UPLOAD_HOURS, UPLOADS_AT_ONCE, file_name, may_add, may_begin};

use crate::coded;

coded! {
    /// The fifteen headings of the evidence table of form 02 (26/2026/QĐ-TTg, Annex III), one for anything else, and
    /// those of the eighteen papers of 2019–2023 that no heading of form 02 is the same as. Where the two lists agree,
    /// the paper has one kind in both.
    EvidenceKind {
        /// Heading 1.
        BusinessRegistration = "1", "Giấy đăng ký kinh doanh";
        /// Heading 2.
        ProductionConditions = "2", "Giấy chứng nhận cơ sở đủ điều kiện sản xuất";
        /// Heading 3.
        RawMaterialOrigin = "3", "Nguồn gốc nguyên liệu, vùng nguyên liệu, liên kết chuỗi";
        /// Heading 4.
        Environment = "4", "Bảo vệ môi trường, công nghệ bền vững";
        /// Heading 5: holds workers' personal data.
        LocalLabour = "5", "Sử dụng lao động địa phương";
        /// Heading 6.
        BusinessGrowth = "6", "Tăng trưởng sản xuất, kinh doanh";
        /// Heading 7.
        IntellectualProperty = "7", "Sở hữu trí tuệ";
        /// Heading 8.
        MarketDevelopment = "8", "Phát triển thị trường, xúc tiến thương mại";
        /// Heading 9.
        Advertising = "9", "Quảng bá sản phẩm";
        /// Heading 10.
        Story = "10", "Câu chuyện về sản phẩm";
        /// Heading 11.
        QualityDeclaration = "11", "Công bố chất lượng sản phẩm";
        /// Heading 12.
        TestReport = "12", "Phiếu kết quả kiểm nghiệm";
        /// Heading 13.
        Traceability = "13", "Mã số mã vạch, tem truy xuất nguồn gốc";
        /// Heading 14.
        QualitySystem = "14", "Hệ thống quản lý chất lượng tiên tiến";
        /// Heading 15.
        Awards = "15", "Giải thưởng, bình chọn";
        /// Nothing of the table: photos of the product, letters, others.
        Other = "other", "Tài liệu khác";
        /// Paper 1 of the eighteen.
        Registration = "18.1", "Phiếu đăng ký ý tưởng, sản phẩm";
        /// Paper 2 of the eighteen.
        BusinessPlan = "18.2", "Phương án, kế hoạch kinh doanh sản phẩm";
        /// Paper 3 of the eighteen.
        Organisation = "18.3", "Giới thiệu bộ máy tổ chức";
        /// Paper 5 of the eighteen: a thing, told of by its hand-over or a photo.
        Samples = "18.5", "Sản phẩm mẫu";
        /// Paper 8 of the eighteen.
        ProductStandard = "18.8", "Tiêu chuẩn sản phẩm";
        /// Paper 10 of the eighteen: headings 7 and 13 of form 02 in one.
        CodesAndProperty = "18.10", "Mã số mã vạch, tem truy xuất, sở hữu trí tuệ, nhãn hiệu";
        /// Paper 14 of the eighteen.
        Accounting = "18.14", "Kế toán";
        /// Paper 15 of the eighteen: headings 8 and 9 of form 02 in one.
        Market = "18.15", "Phát triển thị trường, quảng bá, xúc tiến thương mại";
        /// Paper 17 of the eighteen.
        BatchControl = "18.17", "Kế hoạch kiểm soát chất lượng, hồ sơ lô sản xuất";
    }
}

impl EvidenceKind {
    /// The kind of a heading of form 02, 1 to 15.
    pub fn of_form_02(heading: u8) -> Option<Self> {
        heading.to_string().parse().ok()
    }
}

coded! {
    /// File types taken as evidence; the name is what people call them.
    MediaType {
        /// PDF.
        Pdf = "application/pdf", "PDF";
        /// JPEG picture.
        Jpeg = "image/jpeg", "Ảnh JPEG";
        /// PNG picture.
        Png = "image/png", "Ảnh PNG";
        /// WebP picture.
        Webp = "image/webp", "Ảnh WebP";
        /// MP4 film.
        Mp4 = "video/mp4", "Phim MP4";
        /// Word text.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Văn bản Word";
        /// Excel table.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Bảng tính Excel";
    }
}

impl MediaType {
    /// Pictures that a page can show in place.
    pub fn is_image(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }

    /// The usual ending of a file name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The default limit of one file, in bytes: 50 MB.
pub const FILE_LIMIT: u64 = 50 * 1024 * 1024;
