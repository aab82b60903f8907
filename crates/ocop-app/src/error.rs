//! One error for all verbs: what the reader can mend, what is not theirs, and what broke.

use ocop_core::councils::NoQuorum;
use ocop_core::dossiers::NotFrom;
use ocop_core::evidence::BadUpload;
use ocop_core::policy::Denied;
use ocop_core::scoring::ScoreFault;
use ocop_store::StoreError;

use crate::fields::FieldFault;

/// Why a verb changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in.
    #[error("Hãy đăng nhập để tiếp tục.")]
    SignInFirst,
    /// Policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing, or nothing that this person may know of.
    #[error("Không tìm thấy. Có thể đường dẫn đã cũ hoặc bạn không có quyền xem.")]
    NotFound,
    /// Fields to mend.
    #[error("Có {} chỗ cần sửa.", .0.len())]
    Invalid(Vec<FieldFault>),
    /// Somebody (or another tab) has changed it since the page was loaded.
    #[error(
        "Chưa lưu: nội dung này đã được thay đổi ở nơi khác. {0} Hãy mở lại trang để xem bản mới, rồi nhập lại phần của bạn."
    )]
    Stale(String),
    /// The rules of the programme say no: what happened, why, what to do next.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database or the files.
    #[error("Hệ thống đang gặp trục trặc, chưa có gì thay đổi. Hãy thử lại sau ít phút.")]
    Store(#[from] StoreError),
    /// A paper could not be made.
    #[error("Chưa tạo được văn bản. Hãy thử lại sau ít phút.")]
    Document(#[from] ocop_documents::DocumentError),
}

/// Refusals by the rules of the programme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The workflow has no such step here.
    #[error(transparent)]
    NotFrom(#[from] NotFrom),
    /// The session cannot open.
    #[error(transparent)]
    NoQuorum(#[from] NoQuorum),
    /// The sheet does not fit its product set.
    #[error("{0}")]
    Sheet(String),
    /// E-mail or password do not fit. One sentence for both, so that nobody learns who has an account.
    #[error(
        "Email hoặc mật khẩu chưa đúng. Hãy thử lại; nếu quên mật khẩu, hãy liên hệ cơ quan cấp tài khoản."
    )]
    WrongLogin,
    /// Too many wrong passwords.
    #[error("Đã nhập sai nhiều lần. Vì an toàn, hãy đợi {0} phút rồi thử lại.")]
    LockedOut(i64),
    /// Something still lacks; the page lists it.
    #[error("Hồ sơ còn thiếu {0} nội dung bắt buộc nên chưa nộp được. Xem danh sách bên dưới.")]
    Lacks(usize),
    /// A file in pieces does not go on.
    #[error(transparent)]
    Upload(#[from] BadUpload),
    /// Any other rule, in its own words.
    #[error("{0}")]
    Because(String),
}

impl Refusal {
    /// A refusal in its own words: what happened, why, what to do next.
    pub fn because(words: impl Into<String>) -> AppError {
        AppError::Refused(Self::Because(words.into()))
    }
}

impl From<NotFrom> for AppError {
    fn from(refusal: NotFrom) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<BadUpload> for AppError {
    fn from(refusal: BadUpload) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<NoQuorum> for AppError {
    fn from(refusal: NoQuorum) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<ScoreFault> for AppError {
    fn from(fault: ScoreFault) -> Self {
        Self::Refused(Refusal::Sheet(fault.to_string()))
    }
}
