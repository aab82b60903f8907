//! The draft decision of a council's results, and its record after signing.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::recognition::{
    DecisionInput, DecisionLine, DraftDecision, draft_decision, notify_results, record_decision,
};
use ocop_app::{App, AppError};
use ocop_core::id::CouncilId;
use ocop_core::people::Actor;
use ocop_core::time::date;
use ocop_core::units::CENTRE;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "recognition/decision.html")]
struct DecisionPage {
    page: Page,
    draft: DraftDecision,
    form: DecisionInput,
    errors: Errors,
}

/// A group of results with the same outcome.
struct Group<'draft> {
    title: &'static str,
    about: &'static str,
    lines: &'draft [DecisionLine],
}

/// A decision recorded before.
struct RecordedLine<'draft> {
    /// Address of the PDF.
    href: String,
    number: &'draft str,
    day: String,
    signer: &'draft str,
    /// Its paper in the register, and what is to be done there.
    paper: Option<String>,
    next: &'static str,
    /// Address of the briefing that it was signed with.
    briefing: String,
}

impl DecisionPage {
    fn at_centre(&self) -> bool {
        self.draft.council.province == CENTRE
    }

    /// The groups that have results.
    fn groups(&self) -> Vec<Group<'_>> {
        let at_centre = self.at_centre();
        [
            Group {
                title: "Công nhận, cấp giấy chứng nhận",
                about: if at_centre {
                    "Đạt 5 sao: có trong quyết định của Bộ trưởng, được cấp giấy chứng nhận."
                } else {
                    "Đạt 3 sao và 4 sao: có trong quyết định, được cấp giấy chứng nhận."
                },
                lines: &self.draft.certificates,
            },
            Group {
                title: "Phê duyệt kết quả, trình trung ương",
                about: "Từ 90 điểm và đủ mọi điều kiện 5 sao: phê duyệt kết quả để trình trung ương đánh giá.",
                lines: &self.draft.centre,
            },
            Group {
                title: "Thông báo kết quả",
                about: if at_centre {
                    "Chưa đạt 5 sao: thông báo cho Ủy ban nhân dân tỉnh, tỉnh xem xét tiếp."
                } else {
                    "Dưới 3 sao: không có trong quyết định, chỉ thông báo cho xã và chủ thể."
                },
                lines: &self.draft.notices,
            },
        ]
        .into_iter()
        .filter(|group| !group.lines.is_empty())
        .collect()
    }

    /// Whether results wait for the leader.
    fn waits(&self) -> bool {
        self.draft.has_decision() || !self.draft.notices.is_empty()
    }

    /// Decisions recorded before.
    fn recorded(&self) -> Vec<RecordedLine<'_>> {
        let council = &self.draft.council.id;
        (1..)
            .zip(&self.draft.decisions)
            .map(|(no, recorded): (usize, _)| RecordedLine {
                briefing: format!("/councils/{council}/briefing.pdf?no={no}"),
                href: format!("/decisions/{}.pdf", recorded.decision.id),
                number: &recorded.decision.number,
                day: date(recorded.decision.decided_on),
                signer: &recorded.decision.signed_by,
                paper: recorded.paper.as_ref().map(|id| format!("/papers/{id}")),
                next: if recorded.has_copy { "Đã có bản ký" } else { "Gắn bản ký" },
            })
            .collect()
    }
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &CouncilId) -> Result<DecisionPage, AppError> {
    let draft = draft_decision(app, actor, id).await?;
    let page = Page::new("Quyết định công nhận", viewer);
    Ok(DecisionPage { page, draft, form: DecisionInput::default(), errors: Errors::none() })
}

/// The draft.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Records the signed decision.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<DecisionInput>,
) -> Outcome {
    match record_decision(&app, &actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/councils/{id}/decision?done=decided"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let errors = Errors::from(&error);
            let page = fresh.page.refused(&error);
            Ok(html_with(status_of(&error), DecisionPage { page, draft: fresh.draft, form, errors }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells results below 3 stars when there is nothing to decide.
pub async fn notices(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    notify_results(&app, &actor, &id).await?;
    Ok(see_other(&format!("/councils/{id}/decision?done=notified")))
}
