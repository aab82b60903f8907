//! The board of a round: where every dossier is, what is late, what to do next.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::rounds::{Board, BoardFilter, BoardRow, Due, board};
use ocop_core::dossiers::State as DossierState;
use ocop_core::id::RoundId;
use ocop_core::policy::{Action, Subject, may};
use ocop_core::time::date;

use crate::address::encoded;
use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

/// How far dossiers have come, by `State::stage`.
const FUNNEL: [&str; 6] =
    ["mở hồ sơ", "đã nộp cho xã", "xã đề nghị", "đến tổ tư vấn", "đến hội đồng", "có kết quả"];

#[derive(Template)]
#[template(path = "rounds/board.html")]
struct BoardPage {
    page: Page,
    board: Board,
    filter: BoardFilter,
    opens: String,
    propose: Due,
    result: Due,
    sets: Vec<(u16, String)>,
    /// Whether the reader may look at the round's numbers: they stand in a province's registry.
    numbers: bool,
}

impl BoardPage {
    /// Steps with how many dossiers have come so far.
    fn funnel(&self) -> Vec<(i64, &'static str)> {
        self.board.funnel.iter().copied().zip(FUNNEL).collect()
    }

    /// States to filter by: a draft is the producer's own.
    fn states(&self) -> Vec<DossierState> {
        DossierState::ALL.iter().copied().filter(|state| *state != DossierState::Draft).collect()
    }

    /// The filters in force: the label and the address without it.
    fn chips(&self) -> Vec<(String, String)> {
        let mut chips = Vec::new();
        if !self.filter.q.is_empty() {
            chips.push((format!("«{}»", self.filter.q), self.address(|filter| filter.q.clear())));
        }
        if let Ok(state) = self.filter.state.parse::<DossierState>() {
            chips.push((state.name().to_owned(), self.address(|filter| filter.state.clear())));
        }
        if let Some((no, _)) = self.sets.iter().find(|(no, _)| no.to_string() == self.filter.set) {
            chips.push((format!("Bộ {no}"), self.address(|filter| filter.set.clear())));
        }
        chips
    }

    /// Where a row leads: to the step that is the office's own, or to the dossier.
    fn target(&self, row: &BoardRow) -> String {
        let page = format!("/dossiers/{}", row.dossier.id);
        if row.dossier.state == DossierState::AtProvince { format!("{page}/reception") } else { page }
    }

    /// The address of the next page.
    fn next(&self) -> String {
        self.address(|filter| filter.after = self.board.next.clone().unwrap_or_default())
    }

    fn address(&self, change: impl Fn(&mut BoardFilter)) -> String {
        let mut filter = BoardFilter { after: String::new(), ..self.filter.clone() };
        change(&mut filter);
        let pairs =
            [("q", &filter.q), ("state", &filter.state), ("set", &filter.set), ("after", &filter.after)];
        let query: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        format!("/rounds/{}?{}", self.board.round.id, query.join("&"))
    }
}

/// The board.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<RoundId>,
    Query(filter): Query<BoardFilter>,
) -> Outcome {
    let board = board(&app, &actor, &id, &filter).await?;
    let sets = app.regime(&board.round.regime)?.sets.values().map(|set| (set.no, set.name.clone())).collect();
    let place = Subject { province: Some(board.round.province.clone()), ..Subject::default() };
    Ok(html(BoardPage {
        numbers: may(&actor, Action::ReadRegistry, &place).is_ok(),
        page: Page::new(board.round.name.clone(), &viewer),
        opens: date(board.round.opens_on),
        propose: app.due(board.round.propose_by),
        result: app.due(board.round.result_by),
        board,
        filter,
        sets,
    }))
}
