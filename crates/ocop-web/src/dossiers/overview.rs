//! The page of a dossier, for everybody concerned.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::dossiers::{self, Overview, StageMark};
use ocop_app::rounds::Due;
use ocop_core::dossiers::{DossierForm, State as Step};
use ocop_core::id::DossierId;
use ocop_core::papers::PaperKind;
use ocop_core::policy::Action;
use ocop_core::text::thousands;
use ocop_core::time::date;

use super::assessment::next_sentence;
use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "dossiers/overview.html")]
struct OverviewPage {
    page: Page,
    view: Overview,
    /// Where the acts of this reader lead; the first is the main one.
    acts: Vec<Act>,
    /// Papers as PDF.
    papers: Vec<Act>,
    /// Numbers and signed copies of the reader's office.
    office_papers: Vec<(String, String)>,
    /// What is missing for the next star, for the draft.
    next: String,
    /// Boxes and texts of forms 01 and 02, as submitted.
    form: Vec<(&'static str, String)>,
    registered_on: String,
    /// Whether the producer can work on it now.
    open: bool,
}

/// A link.
struct Act {
    href: String,
    label: &'static str,
}

/// The page.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    let view = dossiers::overview(&app, &signed.actor, &id).await?;
    let page = Page::new(view.head.product.clone(), &signed.viewer);
    let submitted = view.submitted.as_ref();
    Ok(html(OverviewPage {
        page,
        acts: acts(&view),
        papers: papers(&view),
        office_papers: office_papers(&view),
        next: view.draft.as_ref().map(next_sentence).unwrap_or_default(),
        form: submitted.map(|kept| form_rows(&kept.form)).unwrap_or_default(),
        registered_on: submitted.and_then(|kept| kept.producer.registered_on).map(date).unwrap_or_default(),
        open: view.own && view.head.state.is_with_producer(),
        view,
    }))
}

fn acts(view: &Overview) -> Vec<Act> {
    let certificate = view.certificate.as_ref().map(|id| format!("/certificates/{id}"));
    let certificate = certificate.map(|href| Act { href, label: "Giấy chứng nhận" });
    let mut acts: Vec<Act> = certificate.into_iter().collect();
    for action in &view.can {
        if let Some(act) = act(view, *action).filter(|act| acts.iter().all(|known| known.href != act.href)) {
            acts.push(act);
        }
    }
    acts
}

/// Where an action is done. The producer's own work has its place on the page itself; an act that
/// shares its page with another one is named there.
fn act(view: &Overview, action: Action) -> Option<Act> {
    let id = &view.head.id;
    let under = |place: &str, label| Some(Act { href: format!("/dossiers/{id}/{place}"), label });
    let council = |place: &str, label| {
        view.council.as_ref().map(|council| Act { href: format!("/councils/{council}{place}"), label })
    };
    match action {
        Action::WriteCommuneReport => under("commune-report", "Kiểm tra, viết báo cáo mẫu 03"),
        Action::ProposeToProvince => under("commune-report/propose", "Đề nghị tỉnh"),
        Action::ReturnFromCommune => under("commune-report/return", "Trả lại hồ sơ"),
        Action::AcceptDossier => under("reception", "Tiếp nhận hoặc yêu cầu bổ sung"),
        Action::AssignDossier => {
            Some(Act { href: format!("/rounds/{}", view.head.round_id), label: "Phân cho hội đồng" })
        }
        Action::WriteFinding => under("advice", "Đọc hồ sơ và ghi nhận xét"),
        Action::ReadFindings if view.renewal => {
            under("renewal-check", "Báo cáo kiểm tra của cơ quan tham mưu")
        }
        Action::ReadFindings => under("advice", "Nhận xét của Tổ tư vấn"),
        Action::OpenSession => council("/session", "Mở phiên họp"),
        Action::SaveBallot => council("", "Vào hội đồng để chấm"),
        Action::WatchProgress => under("scoring", "Theo dõi niêm phiếu"),
        Action::ExcuseMember => under("excuse", "Cho thành viên rời phiên"),
        Action::ReopenBallot => under("reopen", "Mở lại phiếu đã niêm"),
        Action::LeadDiscussion => under("scoring", "Thảo luận, quyết định lần chấm"),
        Action::ConfirmResult => under("scoring", "Xem và xác nhận kết quả"),
        Action::ReadTally => under("scoring", "Bảng chấm điểm"),
        Action::ReadResult => under("result", "Kết quả"),
        Action::RecordDecision => council("/decision", "Ghi quyết định"),
        Action::CheckRenewal => under("renewal-check", "Kiểm tra hồ sơ, gửi báo cáo"),
        Action::SendToCentre => under("centre", "Gửi lên trung ương, ghi kết quả"),
        Action::DecideAfterCentre => under("centre", "Xử lý sau kết quả của trung ương"),
        Action::DeclareConflict => under("conflict", "Khai xung đột lợi ích"),
        Action::NoteConflict => council("/conflicts", "Xung đột lợi ích"),
        Action::ManageOwnAccount
        | Action::KeepAssistance
        | Action::DeclareAssistance
        | Action::DeclareRelatives
        | Action::RegisterProducer
        | Action::ManageAccounts
        | Action::EditProducer
        | Action::EditProduct
        | Action::ReadEvidence
        | Action::EditEvidence
        | Action::OpenDossier
        | Action::EditDossier
        | Action::ReadDossier
        | Action::SubmitDossier
        | Action::ManageMail
        | Action::ManageRounds
        | Action::ReadBoard
        | Action::ReturnFromProvince
        | Action::ManageCouncil
        | Action::ReplaceMember
        | Action::RequestEvidence
        | Action::AnswerRequest
        | Action::FileAdvisoryReport
        | Action::SealBallot
        | Action::ReviseBallot
        | Action::ManageWording
        | Action::InviteMember
        | Action::AcceptInvitation
        | Action::RecordFacts
        | Action::ReadRegistry
        | Action::ImportRegister
        | Action::MergeRecords
        | Action::RecordEvaluation
        | Action::FreezeReport
        | Action::ReadPapers
        | Action::IssuePaper
        | Action::Inspect
        | Action::ReadInspection
        | Action::FileComplaint
        | Action::ReadComplaint
        | Action::HandleComplaint
        | Action::AnswerInspection
        // At the foot of the page: nobody's first act.
        | Action::WithdrawDossier
        | Action::ReceiveSamples
        | Action::HandleSamples
        | Action::VerifyCertificate
        | Action::ProposeRevocation
        | Action::DeclineRevocation
        | Action::ConfirmProductionEnded
        | Action::ReadVerification
        | Action::RevokeCertificate => None,
    }
}

/// A letter that the reader's office has not sent yet.
fn draft_label(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::Proposal => "Dự thảo công văn đề nghị đánh giá",
        PaperKind::Return => "Dự thảo công văn trả lại, yêu cầu bổ sung",
        PaperKind::Forwarding => "Dự thảo công văn trình trung ương",
        PaperKind::Briefing
        | PaperKind::Decision
        | PaperKind::Revocation
        | PaperKind::RevocationProposal
        | PaperKind::Notice
        | PaperKind::Inspection
        | PaperKind::Answer => kind.name(),
    }
}

/// What the reader's office does with papers that left it, or are to leave it.
fn office_papers(view: &Overview) -> Vec<(String, String)> {
    let papers = view.papers.iter();
    papers
        .filter_map(|paper| match &paper.paper {
            Some(id) => Some((format!("/papers/{id}"), format!("{}: số và bản ký", paper.kind.name()))),
            None if paper.may_issue => Some((
                format!("/dossiers/{}/issue/{}", view.head.id, paper.kind.code()),
                format!("{}: cấp số sau khi ký", paper.kind.name()),
            )),
            None => None,
        })
        .collect()
}

fn papers(view: &Overview) -> Vec<Act> {
    let of_dossier =
        |name: &str, label| Act { href: format!("/dossiers/{}/papers/{name}.pdf", view.head.id), label };
    let state = view.head.state;
    let mut papers = Vec::new();
    if view.submitted.is_some() || view.own {
        papers.push(of_dossier("form-01", "Phiếu đăng ký (mẫu 01)"));
        papers.push(of_dossier("form-02", "Báo cáo tự đánh giá (mẫu 02)"));
    }
    let proposed = !matches!(state, Step::Draft | Step::AtCommune);
    if proposed && !view.own {
        papers.push(of_dossier("form-03", "Báo cáo của xã (mẫu 03)"));
    }
    if state.has_result() && view.can.contains(&Action::ReadTally) {
        papers.push(of_dossier("tally", "Bảng tổng hợp điểm"));
        let minutes = view.council.as_ref().map(|council| format!("/councils/{council}/minutes.pdf"));
        papers.extend(minutes.map(|href| Act { href, label: "Biên bản họp Hội đồng" }));
    }
    if matches!(state, Step::NotRecognised | Step::Disqualified) {
        papers.push(of_dossier("notice", "Thông báo kết quả"));
    }
    if view.has_advice
        && view.can.iter().any(|action| matches!(action, Action::ReadFindings | Action::ReadTally))
    {
        papers.push(of_dossier("advisory-report", "Báo cáo gửi Chủ tịch Hội đồng"));
    }
    let letters = view.papers.iter().filter(|paper| paper.kind != PaperKind::Notice);
    papers.extend(letters.map(|paper| Act {
        href: crate::papers::pdf_of(&view.head.id, paper.kind),
        label: if paper.issued { paper.kind.name() } else { draft_label(paper.kind) },
    }));
    let decision = view.decision.as_ref().map(|id| format!("/decisions/{id}.pdf"));
    papers.extend(decision.map(|href| Act { href, label: "Quyết định công nhận" }));
    let certificate = view.certificate.as_ref().filter(|_| view.may_print);
    let certificate = certificate.map(|id| format!("/certificates/{id}/certificate.pdf"));
    papers.extend(certificate.map(|href| Act { href, label: "Giấy chứng nhận" }));
    papers
}

impl OverviewPage {
    /// The class of a stage in the list of steps.
    fn stage_class(&self, mark: &StageMark) -> &'static str {
        match mark {
            StageMark::Done => "done",
            StageMark::Now => "now",
            StageMark::Stopped => "stopped",
            StageMark::Todo => "todo",
        }
    }

    /// Whether the reader may take the dossier back.
    fn may_withdraw(&self) -> bool {
        self.view.can.contains(&Action::WithdrawDossier)
    }

    /// The class of a deadline.
    fn lateness(&self, due: &Due) -> &'static str {
        if due.late { "late" } else { "" }
    }

    /// The class of the state's tag.
    fn tag(&self) -> &'static str {
        match self.view.head.state {
            Step::Recognised | Step::ForCentre | Step::FiveStars => "ok",
            Step::NotRecognised | Step::Disqualified | Step::Withdrawn => "late",
            Step::Draft | Step::Completing | Step::Fallback => "wait",
            Step::AtCommune
            | Step::AtProvince
            | Step::AtCentre
            | Step::ReferredBack
            | Step::Again
            | Step::Accepted
            | Step::Checking
            | Step::Advising
            | Step::Advised
            | Step::Scoring
            | Step::Discussion
            | Step::Tallied
            | Step::Confirmed => "info",
        }
    }
}

/// Forms 01 and 02 to be read: boxes in words, amounts in đồng, only what is filled in.
fn form_rows(form: &DossierForm) -> Vec<(&'static str, String)> {
    let boxes = [
        (form.has_registration, "Giấy đăng ký kinh doanh"),
        (form.has_quality_declaration, "Công bố chất lượng sản phẩm"),
        (form.has_food_safety_certificate, "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm"),
        (form.has_production_certificate, "Giấy chứng nhận cơ sở đủ điều kiện sản xuất"),
        (form.has_trademark, "Giấy chứng nhận đăng ký nhãn hiệu"),
        (
            form.has_geographical_right,
            "Quyền sử dụng chỉ dẫn địa lý, nhãn hiệu tập thể, nhãn hiệu chứng nhận",
        ),
        (form.has_patent, "Bằng sáng chế"),
        (form.has_industrial_design, "Bằng độc quyền kiểu dáng công nghiệp"),
        (form.has_copyright, "Giấy chứng nhận bản quyền tác giả"),
    ];
    let held: Vec<&str> = boxes.into_iter().filter_map(|(has, name)| has.then_some(name)).collect();
    let money =
        |amount: Option<i64>| amount.map(|amount| format!("{} đ", thousands(amount))).unwrap_or_default();
    let samples = if form.samples > 0 { form.samples.to_string() } else { String::new() };
    let rows = [
        ("Số mẫu sản phẩm", samples),
        ("Giấy tờ đã có (I.7)", held.join("; ")),
        ("Sở hữu trí tuệ khác", form.other_property.clone()),
        ("Lịch sử hình thành (I.8)", form.history.clone()),
        ("Cơ cấu tổ chức (I.9)", form.structure.clone()),
        ("Vùng nguyên liệu, công nghệ (II)", form.materials_and_technology.clone()),
        ("Thay đổi về chất lượng (II)", form.quality_changes.clone()),
        ("Thị trường phân phối (II)", form.markets.clone()),
        ("Kết quả kinh doanh (II)", form.business_results.clone()),
        ("Doanh thu một năm (II)", money(form.revenue)),
        ("Lợi nhuận một năm (II)", money(form.profit)),
        ("Thay đổi kể từ lần được công nhận", form.changes.clone()),
        ("Kế hoạch phát triển sản phẩm (IV)", form.plan_product.clone()),
        ("Kế hoạch tổ chức sản xuất (IV)", form.plan_production.clone()),
        ("Kế hoạch thị trường (IV)", form.plan_market.clone()),
        ("Nơi lập hồ sơ", form.place.clone()),
    ];
    rows.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}
