//! Signing in and giving accounts, through the pages.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ocop_app::testing::{PASSWORD, World};

use crate::testing::Client;

#[tokio::test]
async fn signing_in_goes_on_to_a_path_of_ours_only() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    for (next, gone) in [
        ("%2Frounds%2Fnew", "/rounds/new"),
        ("%2Frounds%2F1%3Fstate%3Daccepted", "/rounds/1?state=accepted"),
        ("%2F%2Fevil.example", "/home"),
        ("https%3A%2F%2Fevil.example", "/home"),
        ("%2F%5Cevil.example", "/home"),
        ("home", "/home"),
        ("%2Fa%0D%0Ab", "/home"),
        ("%2F%20a", "/home"),
        ("", "/home"),
    ] {
        let form = format!("email=tinh%40b.vn&password={PASSWORD}&next={next}");
        let answer = nobody.post("/login", &form).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, gone), "{next}");
        let page = nobody.get(&format!("/login?next={next}")).await;
        assert!(page.text.contains(&format!("name=\"next\" value=\"{gone}\"")), "{next}");
    }
}

#[tokio::test]
async fn guessing_is_told_to_wait_and_gives_back_the_email() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    for _ in 0..7 {
        let answer = nobody.post("/login", "email=tinh%40b.vn&password=sai").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("Email hoặc mật khẩu chưa đúng"));
        assert!(answer.text.contains("value=\"tinh@b.vn\""));
        assert!(!answer.text.contains("sai\""), "a password is never sent back");
    }
    let answer = nobody.post("/login", "email=tinh%40b.vn&password=sai").await;
    assert!(answer.text.contains("hãy đợi 10 phút"), "{}", answer.text);
    let right = nobody.post("/login", &format!("email=tinh%40b.vn&password={PASSWORD}")).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_producer_registers_and_is_led_on() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let bad = nobody.post("/register", "name=&email=abc&password=ngan&phone=").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Cần sửa 3 chỗ", "href=\"#name\"", "href=\"#email\"", "href=\"#password\"", "value=\"abc\""]
    {
        assert!(bad.text.contains(words), "{words}");
    }
    let good =
        nobody.post("/register", "name=Ho%C3%A0ng+A&email=moi%40b.vn&password=mat+khau+dai&phone=").await;
    assert_eq!(
        (good.status, good.location.as_str()),
        (StatusCode::SEE_OTHER, "/producers/new?done=registered")
    );
    let twice = nobody.post("/register", "name=A&email=moi%40b.vn&password=mat+khau+dai&phone=").await;
    assert!(twice.text.contains("Email này đã có tài khoản"));
}

#[tokio::test]
async fn a_sign_in_ends_with_signing_out() {
    let world = World::new().await;
    let officer = Client::signed_in(&world, "tinh@b.vn").await;
    assert_eq!(officer.get("/home").await.status, StatusCode::OK);
    let out = officer.post("/logout", "").await;
    assert_eq!((out.status, out.location.as_str()), (StatusCode::SEE_OTHER, "/"));
    let again = officer.get("/home").await;
    assert_eq!((again.status, again.location.as_str()), (StatusCode::SEE_OTHER, "/login?next=/home"));
}

#[tokio::test]
async fn a_new_password_is_checked_and_ends_other_sign_ins() {
    let world = World::new().await;
    let (one, other) =
        (Client::signed_in(&world, "ct1@b.vn").await, Client::signed_in(&world, "ct1@b.vn").await);
    let wrong = one.post("/account", "current=sai&wanted=mat+khau+moi").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Mật khẩu hiện tại chưa đúng."));
    let right = one.post("/account", &format!("current={PASSWORD}&wanted=mat+khau+moi")).await;
    assert_eq!((right.status, right.location.as_str()), (StatusCode::SEE_OTHER, "/account?done=password"));
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_office_gives_an_account_to_a_commune() {
    let world = World::new().await;
    let officer = Client::signed_in(&world, "tinh@b.vn").await;
    let form = "role=commune_officer&commune=&email=moi%40b.vn&name=B&title=&password=mat+khau+dau";
    let missing = officer.post("/accounts", form).await;
    assert!(missing.text.contains("Chọn xã, phường, đặc khu của tỉnh."));
    let good = officer.post("/accounts", &form.replace("commune=&", "commune=06838&")).await;
    assert_eq!((good.status, good.location.as_str()), (StatusCode::SEE_OTHER, "/accounts?done=granted"));
    assert!(officer.get("/accounts?done=granted").await.text.contains("moi@b.vn"));
    let nobody = Client::nobody(&world);
    assert_eq!(nobody.post("/login", "email=moi%40b.vn&password=mat+khau+dau").await.location, "/home");
}

#[tokio::test]
async fn whoever_must_sign_in_first_comes_back_to_where_they_were() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    for (asked, login) in [
        ("/rounds", "/login?next=/rounds"),
        ("/councils/new?round=1&x=2", "/login?next=/councils/new%3Fround%3D1%26x%3D2"),
    ] {
        assert_eq!(nobody.get(asked).await.location, login);
    }
    let form = format!("email=tinh%40b.vn&password={PASSWORD}&next=%2Frounds%2Fnew%3Fa%3D1%26b%3D2");
    assert_eq!(nobody.post("/login", &form).await.location, "/rounds/new?a=1&b=2");
}

#[tokio::test]
async fn a_form_without_a_sign_in_is_said_to_be_unsaved() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let post = |referer: &'static str| {
        Request::post("/dossiers/1/reception/accept")
            .header(header::REFERER, referer)
            .body(Body::empty())
            .unwrap()
    };
    for (referer, login) in [
        (
            "http://127.0.0.1:8080/dossiers/1/reception?a=1",
            "/login?next=/dossiers/1/reception%3Fa%3D1&unsaved=1",
        ),
        ("https://evil.example//evil.example", "/login?next=//evil.example&unsaved=1"),
        ("not an address", "/login?next=/home&unsaved=1"),
    ] {
        assert_eq!(nobody.send(post(referer)).await.location, login, "{referer}");
    }
    let page = nobody.get("/login?next=//evil.example&unsaved=1").await;
    assert!(page.text.contains("chưa được lưu") && page.text.contains("name=\"next\" value=\"/home\""));
    assert!(!nobody.get("/login?next=/home").await.text.contains("chưa được lưu"));
}
