//! The paths of the law beside the first evaluation, walked in the demonstration province: its products
//! have stars already, so each path begins where it begins in life.

mod calendar;
mod centre;
mod complaint;
mod inspection;
mod renewal;
mod revocation;
mod samples;
mod upgrade;
mod withdrawal;
mod work;

use crate::stage::{Person, Stage};

const fn somebody(email: &'static str) -> Person {
    Person { name: "", email, title: "" }
}

const OFFICE: Person = somebody("van-phong@demo.ocop.example");
const CENTRE: Person = somebody("trung-uong@demo.ocop.example");
const COMMUNE: Person = somebody("xa-binh-lieu@demo.ocop.example");
/// Honey of 3 stars, recognised a month ago: wants the fourth.
const BEEKEEPERS: Person = somebody("chu-the@demo.ocop.example");
/// Tea with the commune, noodles of 4 stars.
const NOODLE_MAKERS: Person = somebody("htx-ban-chuong@demo.ocop.example");
/// A dietary supplement of 4 stars.
const CAPSULE_MAKERS: Person = somebody("htx-viet-hoang@demo.ocop.example");
/// Soy sauce in the round, not yet with a council.
const SAUCE_MAKERS: Person = somebody("htx-tuong-dong-trieu@demo.ocop.example");
/// Tea that the province approved for 5 stars.
const TEA_MAKERS: Person = somebody("quy-hoa@demo.ocop.example");
const CHAIR: Person = somebody("chu-tich@demo.ocop.example");
const SECRETARY: Person = somebody("thu-ky@demo.ocop.example");
const MEMBER: Person = somebody("so-cong-thuong@demo.ocop.example");
const ADVISOR: Person = somebody("tu-van-1@demo.ocop.example");

const HONEY: &str = "Mật ong rừng Bình Liêu";
const TEA: &str = "Trà dây thìa canh Bình Liêu";
const NOODLES: &str = "Miến dong Bản Chuồng Bình Liêu";
const CAPSULES: &str = "Đông trùng hạ thảo – Vietcor (viên nang)";
const SAUCE: &str = "Tương nếp Đông Triều";
const GOLDEN_TEA: &str = "Trà hoa vàng Quy Hoa";

/// The round that takes dossiers now.
const NEXT_ROUND: &str = "Đợt 1 năm 2027";

/// Every path once. Some begin where another ended: the tea that was taken back comes again for its old
/// star, and what a buyer reports ends in a withdrawal.
pub async fn walk(stage: &Stage) -> anyhow::Result<()> {
    samples::keep(stage).await?;
    withdrawal::take_back(stage).await?;
    let honey = upgrade::ask_for_more(stage).await?;
    renewal::hold_a_star_on_paper(stage).await?;
    calendar::remember(stage).await?;
    renewal::walk(stage, &honey).await?;
    complaint::about_a_result(stage).await?;
    let product = complaint::about_a_product(stage).await?;
    let visit = inspection::walk(stage).await?;
    revocation::walk(stage, &visit, &product).await?;
    centre::walk(stage).await?;
    stage.ocop.run(&["journal", "verify"])?.success()?;
    stage.ocop.run(&["check"])?.success()?;
    Ok(())
}
