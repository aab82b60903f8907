//! Requests without sockets, for tests of pages.

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use ocop_app::accounts::sign_in;
use ocop_app::councils::testing::Sitting;
use ocop_app::testing::{PASSWORD, World};
use ocop_core::people::Actor;
use ocop_web::router;
use tower::ServiceExt;

/// The cookie that carries a sign-in.
const COOKIE: &str = "ocop_login";

/// The status and the text of an answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it leads, for a redirect.
    pub location: String,
    /// The text.
    pub text: String,
}

/// A browser without a screen: a world and a sign-in.
pub struct Client<'world> {
    world: &'world World,
    cookie: Option<String>,
}

impl<'world> Client<'world> {
    /// Nobody.
    pub fn nobody(world: &'world World) -> Self {
        Self { world, cookie: None }
    }

    /// Somebody of the world, by e-mail.
    pub async fn signed_in(world: &'world World, email: &str) -> Self {
        let signed = sign_in(&world.app, email, PASSWORD).await.unwrap();
        Self { world, cookie: Some(format!("{}={}", COOKIE, signed.token)) }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Asks for a page, and gives one of the answer's heads.
    pub async fn get_head(&self, path: &str, name: &str) -> Option<String> {
        let answer = self.answer(Request::get(path).body(Body::empty()).unwrap()).await;
        answer.headers().get(name).map(|head| head.to_str().unwrap().to_owned())
    }

    /// Sends a form: `a=1&b=2`, already encoded.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// Sends a file as a form does, in its field `file`.
    pub async fn send_file(&self, path: &str, name: &str, content: &[u8]) -> Answer {
        let head =
            format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Sends any request with the sign-in's cookie.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.answer(request).await;
        let status = response.status();
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|at| at.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
        Answer { status, location, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Sends any request with the sign-in's cookie; the answer with its heads.
    pub async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        router(self.world.app.clone()).oneshot(request).await.unwrap()
    }
}

/// A person's browser. In a world the name of an account is its e-mail.
pub async fn client<'a>(sitting: &'a Sitting, actor: &Actor) -> Client<'a> {
    Client::signed_in(&sitting.world, &actor.name).await
}

/// Sends a form as the page's script does while somebody types.
pub async fn autosave(client: &Client<'_>, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(form.to_owned()))
        .unwrap();
    client.send(request).await
}
