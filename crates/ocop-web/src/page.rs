//! What every page is made of: the frame's data, refusals beside their fields, error pages.

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use ocop_app::AppError;
use ocop_app::download::Download;
use ocop_core::people::{Actor, RoleKind};

use crate::viewer::Viewer;

/// Data of the frame around every page (STYLE.md).
pub struct Page {
    /// Title of the window and usually the heading.
    pub title: String,
    /// Who is signed in.
    pub user: Option<PageUser>,
    /// The main menu of this person.
    pub nav: Vec<NavItem>,
    /// How many notifications the person has not read.
    pub unread: i64,
    /// A message above the content.
    pub notice: Option<Notice>,
    /// `?v=…`: changes with the assets, so that browsers may keep them long.
    pub assets: &'static str,
}

/// The signed-in person as the header shows them.
pub struct PageUser {
    /// Name.
    pub name: String,
    /// Role in words.
    pub place: String,
}

/// An entry of the main menu.
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// A message above the content.
pub struct Notice {
    /// `good`, `info` or `bad`.
    pub kind: &'static str,
    /// The sentence.
    pub text: String,
}

impl Page {
    /// The frame for this viewer.
    pub fn new(title: impl Into<String>, viewer: &Viewer) -> Self {
        let actor = viewer.actor.as_ref();
        Self {
            title: title.into(),
            user: actor.map(|actor| PageUser { name: actor.name.clone(), place: place(actor) }),
            nav: actor.map(|actor| nav(actor, &viewer.path)).unwrap_or_default(),
            unread: viewer.unread,
            notice: viewer.done.as_deref().and_then(done_notice),
            assets: crate::assets::VERSION_QUERY,
        }
    }

    /// The same frame with a refusal on top.
    pub fn refused(mut self, error: &AppError) -> Self {
        if !matches!(error, AppError::Invalid(_)) {
            self.notice = Some(Notice { kind: "bad", text: error.to_string() });
        }
        self
    }
}

fn place(actor: &Actor) -> String {
    match actor.roles.first() {
        Some(role) => role.kind.name().to_owned(),
        None if actor.producers.is_empty() => "Tài khoản".to_owned(),
        None => "Chủ thể OCOP".to_owned(),
    }
}

fn nav(actor: &Actor, path: &str) -> Vec<NavItem> {
    let has = |kind: RoleKind| actor.roles.iter().any(|role| role.kind == kind);
    let mut items = vec![("/home", "Việc cần làm")];
    if has(RoleKind::CommuneOfficer) {
        items.push(("/commune", "Hồ sơ của xã"));
    }
    if has(RoleKind::ProvincialOfficer) || has(RoleKind::CentralOfficer) {
        items.extend([("/rounds", "Đợt đánh giá"), ("/councils", "Hội đồng")]);
        // The plan of a year is a province's; the centre inspects from a product's certificate.
        if has(RoleKind::ProvincialOfficer) {
            items.push(("/inspections", "Kiểm tra"));
        }
        items.extend([("/complaints", "Khiếu nại"), ("/accounts", "Cán bộ")]);
    } else if !actor.seats.is_empty() {
        items.push(("/councils", "Hội đồng"));
    }
    if has(RoleKind::CommuneOfficer) || has(RoleKind::ProvincialOfficer) {
        items.extend([("/registry", "Sổ đăng ký"), ("/papers", "Văn bản đi"), ("/reports", "Số liệu")]);
    }
    if has(RoleKind::CentralOfficer) {
        items.push(("/papers", "Văn bản đi"));
    }
    if actor.roles.is_empty() || !actor.producers.is_empty() {
        items.push(("/producers", "Cơ sở và sản phẩm"));
    }
    // Officers have the register, which shows more than the public list.
    if !items.iter().any(|(href, _)| *href == "/registry") {
        items.push(("/products", "Sản phẩm OCOP"));
    }
    items.push(("/account", "Tài khoản"));
    items
        .into_iter()
        .map(|(href, label)| NavItem {
            href: href.to_owned(),
            label: label.to_owned(),
            current: path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
        })
        .collect()
}

/// A file to save under its own name.
pub fn saved(file: Download) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", file.file_name);
    let heads = [
        (header::CONTENT_TYPE, file.format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (heads, file.bytes).into_response()
}

/// The message after a successful step, by the code in `?done=`.
fn done_notice(code: &str) -> Option<Notice> {
    let text = match code {
        "saved" => "Đã lưu.",
        "registered" => "Đã tạo tài khoản. Bước tiếp theo: khai báo cơ sở của bạn.",
        "submitted" => "Đã nộp hồ sơ. Xã sẽ xem xét trong thời hạn ghi bên dưới.",
        "opened" => "Đã mở.",
        "uploaded" => "Đã tải lên.",
        "proposed" => "Đã gửi đề nghị lên tỉnh.",
        "returned" => "Đã trả lại hồ sơ kèm lý do.",
        "accepted" => "Đã tiếp nhận hồ sơ vào đợt.",
        "assigned" => "Đã phân hồ sơ cho hội đồng.",
        "requested" => "Đã gửi yêu cầu bổ sung cho chủ thể.",
        "answered" => "Đã gửi phần bổ sung.",
        "filed" => "Đã gửi báo cáo tư vấn cho Chủ tịch Hội đồng.",
        "declared" => "Đã ghi nhận xung đột lợi ích. Hồ sơ này đã đóng với bạn.",
        "noted" => "Đã ghi nhận xung đột lợi ích. Hồ sơ đã đóng với người đó.",
        "sealed" => "Đã niêm phiếu. Phiếu không sửa được nữa.",
        "replaced" => {
            "Đã thay thành viên. Người thay vào việc ngay; phiếu của người được thay ở lần đang chấm không tính nữa."
        }
        "booked" => "Đã ghi tệp vào phiếu của bạn. Xem lại từng phiếu rồi niêm.",
        "excused" => {
            "Đã ghi nhận thành viên rời phiên. Phiếu đã niêm vẫn được tính, phiếu chưa niêm được đóng lại."
        }
        "reopened" => "Đã ghi nhận. Phiếu đã niêm của người đó được mở lại để sửa và niêm lại.",
        "revised" => "Đã sửa tiêu chí. Kết quả được tính lại từ mức mới.",
        "turn" => "Đã mở lần chấm tiếp theo.",
        "confirmed" => "Đã xác nhận kết quả.",
        "decided" => "Đã ghi quyết định và cấp giấy chứng nhận.",
        "notified" => "Đã thông báo kết quả cho chủ thể.",
        "revoked" => "Đã thu hồi giấy chứng nhận.",
        "verifying" => "Đã mở xác minh. Sao vẫn hiện cho đến khi có quyết định thu hồi.",
        "concluded" => "Đã ghi kết luận xác minh.",
        "to_minister" => {
            "Đã gửi đề nghị thu hồi. Bộ trưởng quyết định; sao vẫn hiện cho đến khi có quyết định thu hồi."
        }
        "declined" => "Đã ghi việc không thu hồi. Giấy chứng nhận giữ nguyên.",
        "ended" => "Đã gửi xác nhận ngừng sản xuất lên tỉnh.",
        "granted" => "Đã cấp tài khoản.",
        "password" => "Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất.",
        "read" => "Đã đánh dấu tất cả là đã đọc.",
        "resent" => "Thư sẽ được gửi lại trong ít phút.",
        "addressed" => "Đã tạo địa chỉ lịch mới. Địa chỉ cũ, nếu có, không dùng được nữa.",
        "removed" => "Đã gỡ.",
        "joined" => "Bạn đã là người quản lý của cơ sở này.",
        "merged" => "Đã gộp hai bản ghi. Nếu nhầm, tách lại ở mục Đã gộp.",
        "parted" => "Đã tách lại. Mọi thứ như trước khi gộp.",
        "frozen" => "Đã chốt báo cáo. Báo cáo này không đổi nữa, dù số liệu có thay đổi.",
        "reported" => "Đã gửi phản ánh. Cơ quan OCOP của tỉnh sẽ xem xét.",
        "complained" => "Đã gửi khiếu nại. Bạn theo dõi việc giải quyết ở trang này.",
        "withdrawn" => "Đã rút hồ sơ. Cán bộ đang xử lý thấy lý do của bạn.",
        "checked" => "Đã gửi báo cáo kiểm tra cho Chủ tịch Hội đồng.",
        "closed" => "Đã đóng đợt.",
        "sent_to_centre" => "Đã gửi hồ sơ lên trung ương.",
        "issued" => "Đã cấp số và ghi vào sổ. Bước tiếp theo: gắn bản đã ký.",
        "attached" => "Đã gắn bản ký. Từ bây giờ mọi người tải bản này thay cho bản in từ phần mềm.",
        "worded" => "Đã nhập lời văn chính thức. Người dùng của tỉnh đọc lời văn mới từ bây giờ.",
        _ => return None,
    };
    Some(Notice { kind: "good", text: text.to_owned() })
}

/// Faults of a form, in the order of its fields.
#[derive(Debug, Default)]
pub struct Errors(pub Vec<FieldError>);

/// A fault beside its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The control's id, which is its name.
    pub field: String,
    /// What to do.
    pub text: String,
}

impl Errors {
    /// No faults: a fresh form.
    pub fn none() -> Self {
        Self::default()
    }

    /// The first fault of a field, `""` when it has none.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|error| error.field == field).map_or("", |error| error.text.as_str())
    }
}

impl From<&AppError> for Errors {
    fn from(error: &AppError) -> Self {
        match error {
            AppError::Invalid(faults) => Self(
                faults
                    .iter()
                    .map(|fault| FieldError { field: fault.field.clone(), text: fault.message.clone() })
                    .collect(),
            ),
            AppError::SignInFirst
            | AppError::Denied(_)
            | AppError::NotFound
            | AppError::Stale(_)
            | AppError::Refused(_)
            | AppError::Store(_)
            | AppError::Document(_) => Self::none(),
        }
    }
}

/// The status that tells programs what the page tells people.
pub fn status_of(error: &AppError) -> StatusCode {
    match error {
        AppError::SignInFirst => StatusCode::UNAUTHORIZED,
        AppError::Denied(_) => StatusCode::FORBIDDEN,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Invalid(_) | AppError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Stale(_) => StatusCode::CONFLICT,
        AppError::Store(_) | AppError::Document(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether a refused form can be shown again with what was typed; other errors are pages of
/// their own.
pub fn is_for_the_form(error: &AppError) -> bool {
    match error {
        AppError::Invalid(_) | AppError::Refused(_) | AppError::Stale(_) => true,
        AppError::SignInFirst
        | AppError::Denied(_)
        | AppError::NotFound
        | AppError::Store(_)
        | AppError::Document(_) => false,
    }
}

/// A page as a response.
pub fn html(template: impl Template) -> Response {
    html_with(StatusCode::OK, template)
}

/// A page with another status: a refused form comes back with 422 or 409.
pub fn html_with(status: StatusCode, template: impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "template");
            (StatusCode::INTERNAL_SERVER_ERROR, "Trang này đang gặp trục trặc. Hãy thử lại sau ít phút.")
                .into_response()
        }
    }
}

/// A JSON answer for autosave.
pub fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

/// 303 after a successful POST, so that reloading does not send it again.
pub fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// What handlers give back.
pub type Outcome = Result<Response, WebError>;

/// An error that is a page of its own.
#[derive(Debug)]
pub struct WebError(pub AppError);

impl From<AppError> for WebError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

#[derive(Template)]
#[template(path = "base/error.html")]
struct ErrorPage {
    page: Page,
    message: String,
    status: u16,
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = status_of(&self.0);
        if status.is_server_error() {
            tracing::error!(error = ?self.0, "request failed");
        }
        let title = match status {
            StatusCode::FORBIDDEN => "Không có quyền",
            StatusCode::NOT_FOUND => "Không tìm thấy",
            StatusCode::UNAUTHORIZED => "Cần đăng nhập",
            StatusCode::CONFLICT => "Nội dung đã thay đổi",
            status if status.is_server_error() => "Hệ thống đang gặp trục trặc",
            _ => "Chưa làm được",
        };
        let page = Page::new(title, &Viewer::default());
        html_with(status, ErrorPage { page, message: self.0.to_string(), status: status.as_u16() })
    }
}

/// An id in the path; a malformed one is an unknown one (404), not a fault of the reader.
pub struct Id<T>(pub T);

impl<S, T> FromRequestParts<S> for Id<T>
where
    S: Send + Sync,
    T: std::str::FromStr,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| WebError(AppError::NotFound))?;
        text.parse().map(Self).map_err(|_| WebError(AppError::NotFound))
    }
}

/// Two parts of the path, the first an id, such as a dossier and a criterion's code.
pub struct IdAnd<T>(pub T, pub String);

impl<S, T> FromRequestParts<S> for IdAnd<T>
where
    S: Send + Sync,
    T: std::str::FromStr,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Path((id, other)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| WebError(AppError::NotFound))?;
        id.parse().map(|id| Self(id, other)).map_err(|_| WebError(AppError::NotFound))
    }
}
