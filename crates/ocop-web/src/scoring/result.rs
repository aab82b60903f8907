//! The result page.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::complaints::{Complaint, complaints_of};
use ocop_app::scoring::{FloorLine, MemberLine, PartMean, ResultView, result};
use ocop_core::id::DossierId;
use ocop_core::recognition::Outcome as Follows;
use ocop_core::scoring::FloorBasis;

use crate::charts::DotPlot;
use crate::dossiers::WayCard;
use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

/// A mean as a bar: its text, and its length in hundredths.
pub struct Bar {
    /// What it is the mean of.
    pub label: String,
    /// `31,22/40`.
    pub text: String,
    /// Hundredths of a point; for the length only.
    pub value: i64,
    /// The longest.
    pub max: i64,
}

impl Bar {
    /// The mean of a part, with so many decimals.
    pub fn of(part: &PartMean, decimals: u8) -> Self {
        Self {
            label: format!("{}. {}", part.code, part.name),
            text: format!("{}/{}", part.mean.vi_to(decimals), part.max),
            value: part.mean.num * 100 / part.mean.den,
            max: i64::from(part.max) * 100,
        }
    }
}

#[derive(Template)]
#[template(path = "scoring/result.html")]
struct ResultPage {
    page: Page,
    view: ResultView,
    plot: Option<DotPlot>,
    way: Option<WayCard>,
    complaints: Vec<Complaint>,
    may_complain: bool,
}

impl ResultPage {
    fn bars(&self) -> Vec<Bar> {
        self.view.parts.iter().map(|part| Bar::of(part, self.view.settings.decimals)).collect()
    }

    fn mean(&self) -> String {
        self.view.mean.map(|mean| mean.vi_to(self.view.settings.decimals)).unwrap_or_default()
    }

    fn stars(&self) -> u8 {
        self.view.stars.unwrap_or(0)
    }

    fn is_out(&self) -> bool {
        self.view.outcome == Follows::Disqualified
    }

    /// How the result's note looks: out, below a certificate, held back by a floor, or good.
    fn note_kind(&self) -> &'static str {
        match self.view.outcome {
            Follows::Disqualified => "bad",
            Follows::Notice | Follows::Refer => "warn",
            Follows::Certificate | Follows::Centre if self.view.held_back => "warn",
            Follows::Certificate | Follows::Centre | Follows::FiveStars => "good",
        }
    }

    /// The conditions star by star: those that are missed up to the next star stand open.
    fn floor_groups(&self) -> Vec<FloorGroup<'_>> {
        let groups = self.view.floors.chunk_by(|a, b| a.stars == b.stars);
        groups
            .map(|floors| {
                let stars = floors.first().map_or(0, |floor| floor.stars);
                let met = floors.iter().filter(|floor| floor.met).count();
                FloorGroup { stars, met, open: stars <= self.stars() + 1 && met < floors.len(), floors }
            })
            .collect()
    }

    fn confirmed(&self) -> String {
        self.view.confirmed_at.written()
    }

    /// Members' lines; none for readers who do not see them.
    fn members(&self) -> &[MemberLine] {
        self.view.members.as_deref().unwrap_or_default()
    }

    fn reason(&self) -> String {
        self.view.disqualified.as_ref().map(|out| out.reason.clone()).unwrap_or_default()
    }

    /// `Thấp nhất 77, cao nhất 80.`
    fn extremes(&self) -> String {
        let totals = self.members().iter().filter_map(|one| one.total);
        match (totals.clone().min(), totals.max()) {
            (Some(least), Some(most)) => format!("Thấp nhất {least}, cao nhất {most}."),
            (_, _) => String::new(),
        }
    }
}

/// The conditions of one star.
struct FloorGroup<'a> {
    stars: u8,
    met: usize,
    /// Whether it is shown at once.
    open: bool,
    floors: &'a [FloorLine],
}

/// What decided a condition: a number of ballots, a mean, a level agreed on.
fn basis(floor: &FloorLine, decimals: &u8) -> String {
    let ballots = format!("{}/{} phiếu", floor.at_or_above, floor.of);
    match floor.basis {
        None | Some(FloorBasis::Agreed(None)) => ballots,
        Some(FloorBasis::Mean(mean)) => format!("trung bình {}", mean.vi_to(*decimals)),
        Some(FloorBasis::Agreed(Some(level))) => format!("{ballots}, thống nhất mức {level}"),
    }
}

fn total(member: &MemberLine) -> String {
    member.total.map_or_else(|| "đề nghị loại".to_owned(), |total| total.to_string())
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    let view = result(&app, &actor, &id).await?;
    let totals: Vec<u16> = view.members.iter().flatten().filter_map(|one| one.total).collect();
    let plot = view.mean.as_ref().and_then(|mean| DotPlot::of(&totals, mean, view.settings.decimals));
    let way = view.way.as_ref().map(|way| WayCard::of(way, &view.evidence, None));
    let page = Page::new(format!("Kết quả: {}", view.head.product), &viewer);
    let (complaints, may_complain) = complaints_of(&app, &actor, &id).await?;
    Ok(html(ResultPage { page, view, plot, way, complaints, may_complain }))
}
