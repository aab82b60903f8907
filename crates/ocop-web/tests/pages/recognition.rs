//! Who reaches which page: routes and roles.

use axum::http::StatusCode;
use ocop_app::centre::testing::Centre;
use ocop_app::recognition::testing::{CERTIFIED, certificate_of, certified, confirmed};

use crate::testing::Client;

/// Statuses for nobody, the producer, the commune's and the province's officer.
type Row = (&'static str, [u16; 4]);

const GET: &[Row] = &[
    ("/", [200, 200, 200, 200]),
    ("/products", [200, 200, 200, 200]),
    ("/rules", [200, 200, 200, 200]),
    ("/rules/2026-26/4", [200, 200, 200, 200]),
    ("/rules/compare/2023-148/4", [200, 200, 200, 200]),
    ("/rules/2026-26/99", [404, 404, 404, 404]),
    ("/p/{product}", [200, 200, 200, 200]),
    ("/check", [200, 200, 200, 200]),
    ("/check/{code}", [200, 200, 200, 200]),
    ("/login", [200, 303, 303, 303]),
    ("/register", [200, 303, 303, 303]),
    ("/home", [303, 200, 200, 200]),
    ("/account", [303, 200, 200, 200]),
    ("/accounts", [303, 403, 403, 200]),
    ("/commune", [303, 403, 200, 403]),
    ("/dossiers/{dossier}/commune-report", [303, 403, 200, 200]),
    ("/dossiers/{dossier}/commune-report/propose", [303, 403, 422, 422]),
    ("/dossiers/{dossier}/commune-report/return", [303, 403, 422, 422]),
    ("/rounds", [303, 403, 403, 200]),
    ("/wording", [303, 403, 403, 200]),
    ("/wording/workbook", [303, 403, 403, 200]),
    ("/rounds/new", [303, 403, 403, 200]),
    ("/rounds/{round}", [303, 403, 403, 200]),
    ("/rounds/{round}/close", [303, 403, 403, 200]),
    ("/dossiers/{dossier}/reception", [303, 403, 403, 200]),
    ("/councils/{council}/decision", [303, 403, 403, 200]),
    ("/certificates/{certificate}", [303, 200, 200, 200]),
    ("/certificates/{certificate}/revoke", [303, 422, 422, 200]),
    ("/certificates/{certificate}/verification", [303, 422, 422, 200]),
    ("/certificates/{certificate}/production-ended", [303, 422, 200, 422]),
    ("/verifications/{round}", [303, 404, 404, 404]),
    ("/verifications/{round}/proposal", [303, 404, 404, 404]),
    ("/verifications/{round}/decline", [303, 404, 404, 404]),
    ("/verifications/{round}/proposal.pdf", [303, 404, 404, 404]),
    ("/inspections", [303, 403, 403, 200]),
    ("/inspections?year=2027", [303, 403, 403, 200]),
    ("/inspections?year=xa", [303, 404, 404, 404]),
    ("/certificates/{certificate}/inspection", [303, 403, 403, 200]),
    ("/inspections/{round}", [303, 404, 404, 404]),
    ("/complaints", [303, 403, 403, 200]),
    ("/complaints/{round}", [303, 404, 404, 404]),
    ("/p/{product}/complaint", [200, 200, 200, 200]),
    ("/dossiers/{dossier}/complaint", [303, 200, 403, 403]),
    ("/rounds/khong-phai-ma", [303, 404, 404, 404]),
    ("/dossiers/{round}/reception", [303, 404, 404, 404]),
    ("/dossiers/{round}/commune-report", [303, 404, 404, 404]),
    ("/councils/{round}/decision", [303, 404, 404, 404]),
    ("/certificates/{round}", [303, 404, 404, 404]),
];

/// An empty form never does anything: it is refused for who may, denied to the others.
const POST: &[Row] = &[
    ("/account", [303, 422, 422, 422]),
    ("/accounts", [303, 403, 403, 422]),
    ("/dossiers/{dossier}/commune-report", [303, 403, 422, 403]),
    ("/dossiers/{dossier}/commune-report/propose", [303, 403, 422, 403]),
    ("/dossiers/{dossier}/commune-report/return", [303, 403, 422, 403]),
    ("/wording/import", [303, 403, 403, 422]),
    ("/rounds/new", [303, 403, 403, 422]),
    ("/rounds/{round}/close", [303, 403, 403, 409]),
    ("/dossiers/{dossier}/reception/accept", [303, 403, 403, 422]),
    ("/dossiers/{dossier}/reception/return", [303, 403, 403, 422]),
    ("/councils/{council}/decision", [303, 403, 403, 422]),
    ("/councils/{council}/decision/notices", [303, 403, 403, 422]),
    ("/certificates/{certificate}/revoke", [303, 403, 403, 422]),
    ("/certificates/{certificate}/verification", [303, 403, 403, 422]),
    ("/certificates/{certificate}/production-ended", [303, 403, 422, 403]),
    ("/verifications/{round}", [303, 404, 404, 404]),
    ("/verifications/{round}/proposal", [303, 404, 404, 404]),
    ("/verifications/{round}/decline", [303, 404, 404, 404]),
    ("/inspections", [303, 403, 403, 422]),
    ("/certificates/{certificate}/inspection", [303, 403, 403, 422]),
    ("/inspections/{round}/close", [303, 404, 404, 404]),
    ("/p/{product}/complaint", [422, 422, 422, 422]),
    ("/dossiers/{dossier}/complaint", [303, 422, 403, 403]),
    ("/complaints/{round}/answer", [303, 404, 404, 404]),
];

#[tokio::test]
async fn every_route_answers_each_person_as_the_table_says() {
    let (sitting, certificate) = certified().await;
    let world = &sitting.world;
    let clients = [
        Client::nobody(world),
        Client::signed_in(world, "ct1@b.vn").await,
        Client::signed_in(world, "xa@b.vn.example").await,
        Client::signed_in(world, "tinh@b.vn").await,
    ];
    let address = |path: &str| {
        path.replace("{product}", sitting.honey.product.as_str())
            .replace("{round}", sitting.honey.round.as_str())
            .replace("{dossier}", sitting.dossier.as_str())
            .replace("{council}", sitting.council.as_str())
            .replace("{certificate}", certificate.id.as_str())
            .replace("{code}", &certificate.check_code)
    };
    let mut wrong = Vec::new();
    for (client, who) in clients.iter().zip(["nobody", "producer", "commune", "province"]) {
        let at = ["nobody", "producer", "commune", "province"].iter().position(|name| *name == who).unwrap();
        for (path, expected) in GET {
            let status = client.get(&address(path)).await.status.as_u16();
            if status != expected[at] {
                wrong.push(format!("GET {path} {who}: {status}, not {}", expected[at]));
            }
        }
        for (path, expected) in POST {
            let status = client.post(&address(path), "").await.status.as_u16();
            if status != expected[at] {
                wrong.push(format!("POST {path} {who}: {status}, not {}", expected[at]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn the_office_records_the_decision_and_prints_the_certificate() {
    let sitting = confirmed(CERTIFIED).await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let page = format!("/councils/{}/decision", sitting.council);
    assert!(officer.get("/home").await.text.contains(&page));
    let draft = officer.get(&page).await;
    assert!(
        draft.text.contains("Mật ong rừng")
            && draft.text.contains("85,00")
            && !draft.text.contains("stars gold")
    );
    let early = officer.post(&page, "number=4512%2FQ%C4%90-UBND&decided_on=01%2F11%2F2026&signed_by=A").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("không thể trước ngày") && early.text.contains("4512/QĐ-UBND"));
    let good = officer.post(&page, "number=4512%2FQ%C4%90-UBND&decided_on=02%2F11%2F2026&signed_by=A").await;
    assert_eq!(good.location, format!("{page}?done=decided"));
    let twice = officer.post(&page, "number=4512%2FQ%C4%90-UBND&decided_on=02%2F11%2F2026&signed_by=A").await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(officer.get(&page).await.text.contains("Quyết định đã ghi"));

    let certificate = certificate_of(&sitting).await.unwrap();
    let paper = officer.get(&format!("/certificates/{}", certificate.id)).await;
    assert!(paper.text.contains("001/GCN-OCOP-2026") && paper.text.contains("stars gold"));
    let revoke = format!("/certificates/{}/revoke", certificate.id);
    let bad = officer.post(&revoke, "decision_no=9%2FQ%C4%90&revoked_on=&ground=").await;
    assert!(bad.text.contains("href=\"#ground\"") && bad.text.contains("value=\"9/QĐ\""));
    let done =
        officer.post(&revoke, "decision_no=9%2FQ%C4%90&revoked_on=02%2F11%2F2026&ground=%C4%91&concluded_on=02%2F11%2F2026&basis=V%C4%83n").await;
    assert_eq!(done.location, format!("/certificates/{}?done=revoked", certificate.id));
    let after = officer.get(&format!("/certificates/{}", certificate.id)).await;
    assert!(after.text.contains("Đã bị thu hồi") && !after.text.contains("stars gold"));
}

#[tokio::test]
async fn the_province_proposes_and_the_centre_decides_on_five_stars() {
    let (centre, certificate) = Centre::five_stars().await;
    let world = &centre.sitting.world;
    let (province, ministry) =
        (Client::signed_in(world, "tinh@b.vn").await, Client::signed_in(world, "tw@b.vn").await);
    let paper = format!("/certificates/{}", certificate.id);
    let opened = "ground=b&source=inspection&found_on=02%2F11%2F2026&facts=Kh%C3%B4ng+c%C3%B2n+v%C3%B9ng";
    assert_eq!(
        province.post(&format!("{paper}/verification"), opened).await.location,
        format!("{paper}?done=verifying")
    );
    let page = province.get(&paper).await.text;
    let at = page.find("/verifications/").unwrap();
    let verification = page[at..].split('"').next().unwrap().to_owned();
    let concluded = "version=1&confirmed=yes&concluded_on=02%2F11%2F2026&conclusion=Bi%C3%AAn+b%E1%BA%A3n";
    province.post(&verification, concluded).await;
    let form = format!("{verification}/proposal");
    assert!(province.get("/home").await.text.contains(&form));
    let shown = province.get(&form).await;
    assert!(shown.text.contains("UBND-KT") && shown.text.contains("17/11/2026"), "{}", shown.status);
    assert_eq!(ministry.get(&form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bad = province.post(&form, "version=2&number=214%2FUBND-KT&signed_on=&signed_by=A").await;
    assert!(bad.text.contains("href=\"#signed_on\"") && bad.text.contains("value=\"214/UBND-KT\""));
    let good = "version=2&number=214%2FUBND-KT&signed_on=02%2F11%2F2026&signed_by=Ch%E1%BB%A7+t%E1%BB%8Bch";
    assert_eq!(province.post(&form, good).await.location, format!("{paper}?done=to_minister"));
    assert_eq!(province.get(&format!("{form}.pdf")).await.status, StatusCode::OK);
    let decline = format!("{verification}/decline");
    assert_eq!(province.get(&decline).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let seen = ministry.get(&paper).await.text;
    assert!(
        seen.contains(&decline) && seen.contains("214/UBND-KT") && seen.contains(&format!("{paper}/revoke"))
    );
    assert!(ministry.get(&format!("{paper}/revoke")).await.text.contains("Để trống: Bộ trưởng"));
    let bad = ministry.post(&decline, "version=3&declined_on=02%2F11%2F2026&reason=").await;
    assert!(bad.text.contains("href=\"#reason\""));
    let good = "version=3&declined_on=02%2F11%2F2026&reason=Ch%C6%B0a+%C4%91%E1%BB%A7";
    assert_eq!(ministry.post(&decline, good).await.location, format!("{paper}?done=declined"));
    assert!(province.get(&paper).await.text.contains("Bộ trưởng không thu hồi, ngày 02/11/2026"));
}

#[tokio::test]
async fn the_board_finds_filters_and_forgets_drafts() {
    let sitting = confirmed(CERTIFIED).await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let board = format!("/rounds/{}", sitting.honey.round);
    let has =
        async |query: &str| officer.get(&format!("{board}{query}")).await.text.contains(">Mật ong rừng</a>");
    assert!(
        has("").await && has("?q=MAT+rung").await && has("?state=confirmed").await && has("?set=4").await
    );
    assert!(!has("?q=che").await && !has("?state=scoring").await && !has("?set=26").await);
    let hostile = officer.get(&format!("{board}?q=%22%3E%3Czz%3E")).await.text;
    assert!(hostile.contains("Không có hồ sơ nào khớp") && !hostile.contains("<zz>"));
    let form = officer.get("/rounds/new").await;
    assert!(form.text.contains("value=\"02/11/2026\"") && form.text.contains("Đợt 1 năm 2027"));
    let wrong = officer
        .post("/rounds/new", "name=T&opens_on=02%2F11%2F2026&propose_by=01%2F11%2F2026&result_by=")
        .await;
    assert!(wrong.text.contains("href=\"#propose_by\"") && wrong.text.contains("href=\"#result_by\""));
    assert_eq!(
        officer.post(&format!("{board}/close"), "version=1").await.location,
        format!("{board}?done=closed")
    );
    assert_eq!(officer.get(&format!("{board}/close")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
