//! The numbers of the programme as reports: read, printed, exported, frozen.
//!
//! Whoever may look through the registers may read their numbers: an officer of the province all of
//! it, an officer of a commune that commune's. Functions that end in `_by_system` serve the command
//! line, whose user holds the data.

mod export;
mod frozen;
mod ptnt;
mod round;
mod scope;
mod tables;
mod tail;
#[cfg(test)]
mod tests;
mod view;

use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::reports::{ReportKind, Summary, summary};
use ocop_core::time::date;

pub use export::{as_csv, as_text, as_workbook};
pub use frozen::{FrozenPage, freeze, frozen, frozen_list};
pub use ptnt::{PtntBook, ptnt_by_system, ptnt_ocop};
pub use round::{RoundReport, RoundTold, find_round, round_by_system, round_report};
pub(crate) use scope::regime_on;
pub use scope::{Choices, ReportQuery, Scope, choices};
pub use tail::{TailList, TailRow, tail};
pub use view::{Cell, Figure, Frozen, Line, Report, Section, Shape};

use self::scope::{Ground, scope_of};
use crate::{App, AppError};

/// A report on a province or commune as of a day. [`ReportKind::Round`] has a verb of its own,
/// [`round_report`].
///
/// # Errors
/// [`AppError::Denied`] for everybody but officers; [`AppError::Invalid`] for a day that is none or
/// has not come.
pub async fn report(
    app: &App,
    actor: &Actor,
    kind: ReportKind,
    query: &ReportQuery,
) -> Result<Report, AppError> {
    let mut tx = app.db.read().await?;
    let scope = scope_of(app, &mut tx, actor, Action::ReadRegistry, query).await?;
    Ok(told(&Ground::read(app, &mut tx, scope).await?, kind))
}

/// The same for the command line.
pub async fn report_by_system(app: &App, scope: Scope, kind: ReportKind) -> Result<Report, AppError> {
    let mut tx = app.db.read().await?;
    Ok(told(&Ground::read(app, &mut tx, scope).await?, kind))
}

/// The summary of a scope, with the names of its units.
pub async fn summary_by_system(app: &App, scope: Scope) -> Result<Summary, AppError> {
    let mut tx = app.db.read().await?;
    let ground = Ground::read(app, &mut tx, scope).await?;
    let mut told = summary(&ground.register);
    for unit in &mut told.units {
        unit.name = ground.place(&unit.code);
    }
    Ok(told)
}

fn told(ground: &Ground<'_>, kind: ReportKind) -> Report {
    let told = summary(&ground.register);
    let (lede, sections) = match kind {
        ReportKind::Leader => (String::new(), leader(ground, &told)),
        ReportKind::Stars | ReportKind::Round => (
            "Sản phẩm đã đăng ký và sao đang có hiệu lực vào ngày báo cáo.".to_owned(),
            vec![
                tables::industries(ground),
                tables::sets(ground),
                tables::kinds(ground),
                tables::places(ground, &told, Shape::Table),
            ],
        ),
        ReportKind::Years => {
            (String::new(), vec![tables::trend(ground, &told.years), tables::happenings(ground, &told.years)])
        }
        ReportKind::Expiring => (
            "Giấy chứng nhận đang có hiệu lực, theo tháng hết hạn: tháng này và 11 tháng tiếp theo."
                .to_owned(),
            vec![tables::months(ground, &told.expiring)],
        ),
        ReportKind::People => (
            String::new(),
            vec![tables::people(&told.led_by_women, &told.led_by_minorities, told.producers.total)],
        ),
        ReportKind::Revenue => (String::new(), vec![tables::revenue(ground, &told.revenue)]),
        ReportKind::Map => (
            "Vòng tròn đặt ở giữa mỗi xã, càng lớn càng nhiều sản phẩm. Đây không phải bản đồ địa giới. \
             Tính theo xã, phường, đặc khu hiện nay."
                .to_owned(),
            vec![tables::map(ground)],
        ),
    };
    Report {
        kind,
        title: title(ground, kind),
        province: ground.scope.province.clone(),
        place: ground.covered(),
        commune: ground.scope.commune.clone(),
        district: ground.scope.district.clone(),
        round: None,
        on: ground.scope.on,
        lede,
        sections,
    }
}

fn title(ground: &Ground<'_>, kind: ReportKind) -> String {
    match kind {
        ReportKind::Leader => format!("Chương trình OCOP ngày {}", date(ground.scope.on)),
        ReportKind::Stars => "Sản phẩm theo hạng sao".to_owned(),
        ReportKind::Years => "Chương trình qua các năm".to_owned(),
        ReportKind::Expiring => "Sao sắp hết hạn".to_owned(),
        ReportKind::People => "Phụ nữ và người dân tộc thiểu số đứng đầu chủ thể".to_owned(),
        ReportKind::Revenue => "Doanh thu sản phẩm".to_owned(),
        ReportKind::Round => "Đợt đánh giá".to_owned(),
        ReportKind::Map => "Bản đồ sản phẩm".to_owned(),
    }
}

/// The leader's page: one section for each question.
fn leader(ground: &Ground<'_>, told: &Summary) -> Vec<Section> {
    let filter = tables::all(ground);
    let star = ocop_core::registry::Standing::Starred.code();
    let figures = vec![
        Line::new("sản phẩm đã đăng ký", vec![tables::products(told.products.registered, &filter, |_| {})]),
        Line::new(
            "sản phẩm đang có sao",
            vec![tables::products(told.products.starred, &filter, |one| one.standing = star.to_owned())],
        ),
        Line::new("chủ thể", vec![tables::producers_cell(ground, told.producers.total, |_| {})]),
        Line::new(
            "chủ thể có sản phẩm đạt sao",
            vec![tables::producers_cell(ground, told.producers.starred, |one| {
                one.starred = "yes".to_owned();
            })],
        ),
        Line::new("sao hết hạn trong 12 tháng", vec![tables::expiring_cell(ground, &told.expiring)]),
    ];
    vec![
        Section::new("figures", "Tổng quan", Shape::Figures, &["", "Số lượng"], figures),
        tables::stars(ground, told),
        tables::producers(ground, told),
        tables::this_year(ground, told),
        tables::months(ground, &told.expiring),
        tables::trend(ground, &told.years),
        tables::industries_shortly(ground),
        tables::places(ground, told, Shape::Bars),
        tables::digital(ground, told),
        tables::revenue(ground, &told.revenue),
        tables::people(&told.led_by_women, &told.led_by_minorities, told.producers.total),
    ]
}
