//! What a person without a browser does with pages: follow links, fill in forms, read what is said.

use anyhow::{Context as _, ensure};

use crate::fetch::{Fetch, Reply};
use crate::form::{Form, unescape};

/// What a person without a browser does with pages.
#[expect(async_fn_in_trait, reason = "only this crate's tests call it, on one thread")]
pub trait Reading {
    /// The paths on a page that begin like this and name something by its id, each once.
    async fn links(&mut self, page: &str, begin: &str) -> anyhow::Result<Vec<String>>;
    /// The first of them.
    async fn link(&mut self, page: &str, begin: &str) -> anyhow::Result<String>;
    /// The text of a page that must be there.
    async fn read(&mut self, page: &str) -> anyhow::Result<String>;
    /// The form of a page that is sent to `action`, or to the page itself where that is empty.
    async fn form(&mut self, page: &str, action: &str) -> anyhow::Result<Form>;
    /// Sends a form.
    async fn send(&mut self, form: &Form) -> anyhow::Result<Reply>;
    /// Sends a form; it must be taken.
    async fn done(&mut self, form: &Form) -> anyhow::Result<String>;
}

impl Reading for Fetch {
    async fn links(&mut self, page: &str, begin: &str) -> anyhow::Result<Vec<String>> {
        let text = self.read(page).await?;
        let mut found: Vec<String> = Vec::new();
        for part in text.split("href=\"").skip(1) {
            let link = part.split(['"', '?', '#']).next().unwrap_or_default();
            let id = link.strip_prefix(begin).and_then(|rest| rest.split('/').next());
            if id.is_some_and(|id| id.len() == 36) && !found.iter().any(|known| known == link) {
                found.push(link.to_owned());
            }
        }
        Ok(found)
    }

    async fn link(&mut self, page: &str, begin: &str) -> anyhow::Result<String> {
        let found = self.links(page, begin).await?;
        found.into_iter().next().with_context(|| format!("{page} leads to no {begin}…"))
    }

    async fn read(&mut self, page: &str) -> anyhow::Result<String> {
        let reply = self.get(page).await?;
        if let Some(next) = reply.location().filter(|_| reply.status == 303) {
            ensure!(!next.starts_with("/login"), "{page} is closed");
            let next = next.to_owned();
            return Box::pin(self.read(&next)).await;
        }
        ensure!(reply.status == 200, "{page}: {}", told(&reply));
        Ok(reply.text())
    }

    async fn form(&mut self, page: &str, action: &str) -> anyhow::Result<Form> {
        let path = if action.is_empty() { page.split('?').next().unwrap_or(page) } else { action };
        Form::to(&self.read(page).await?, path)
    }

    async fn send(&mut self, form: &Form) -> anyhow::Result<Reply> {
        self.post_form(&form.action, &form.sent()).await
    }

    async fn done(&mut self, form: &Form) -> anyhow::Result<String> {
        let reply = self.send(form).await?;
        ensure!(reply.status == 303, "{}: {}", form.action, told(&reply));
        Ok(reply.location().unwrap_or_default().to_owned())
    }
}

/// An answer in one line: its status and what can be read on it, from the summary of faults if it has one.
pub fn told(reply: &Reply) -> String {
    let text = reply.text();
    let from = ["class=\"error-summary\"", "<main"].iter().find_map(|mark| text.split_once(mark));
    let body = from.and_then(|(_, body)| body.split_once('>'));
    let words: String = readable(body.map_or(text.as_str(), |(_, body)| body)).chars().take(300).collect();
    format!("{} {} {words}", reply.status, reply.location().unwrap_or_default())
}

/// What a person reads of some HTML, in one line.
pub fn readable(html: &str) -> String {
    let mut words = String::new();
    for (no, piece) in html.split('<').enumerate() {
        let shown = if no == 0 { piece } else { piece.split_once('>').map_or("", |(_, shown)| shown) };
        words.push(' ');
        words.push_str(shown);
    }
    unescape(&words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The last part of a path.
pub fn id_of(path: &str) -> &str {
    path.split('?').next().unwrap_or(path).rsplit('/').next().unwrap_or_default()
}
