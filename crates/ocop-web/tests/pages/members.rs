//! People of a producer: invited, registered, joined.

use axum::http::StatusCode;
use ocop_app::dossiers::testing::honey_in_round;
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn a_new_person_registers_on_the_way_to_the_invitation() {
    let world = World::new().await;
    let kept = honey_in_round(&world).await;
    let owner = Client::signed_in(&world, "ct1@b.vn").await;
    let members = format!("/producers/{}/members", kept.producer);
    let bad = owner.post(&members, "email=abc").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("value=\"abc\"") && bad.text.contains("Email chưa đúng"));
    let invited = owner.post(&members, "email=moi%40b.vn").await;
    let (_, rest) = invited.text.split_once("https://ocop.example").unwrap();
    let path = rest.split('"').next().unwrap();
    assert!(!owner.get(&members).await.text.contains(path), "the code is shown once");

    let nobody = Client::nobody(&world);
    let asked = nobody.get(path).await;
    assert_eq!(asked.location, format!("/login?next={path}"));
    let login = nobody.get(&asked.location).await;
    assert!(login.text.contains(&format!("/register?next={path}")), "{}", login.text);
    let form = nobody.get(&format!("/register?next={path}")).await;
    assert!(form.text.contains(&format!("name=\"next\" value=\"{path}\"")));
    let sent = format!("name=A&email=moi%40b.vn&password=mat-khau-thu&phone=&next={path}");
    assert_eq!(nobody.post("/register", &sent).await.location, path);

    let stranger = Client::signed_in(&world, "ct2@b.vn").await;
    let wrong = stranger.get(path).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("tài khoản khác") && !wrong.text.contains("Mật ong rừng Bình Liêu"));

    let new = Client::signed_in(&world, "moi@b.vn").await;
    assert!(new.get(path).await.text.contains("Hợp tác xã Mật ong rừng Bình Liêu"));
    let accepted = new.post(path, "").await;
    assert_eq!(accepted.location, format!("/producers/{}?done=joined", kept.producer));
    assert_eq!(new.get(&members).await.status, StatusCode::OK);
    assert_eq!(stranger.get(&members).await.status, StatusCode::FORBIDDEN);
}
