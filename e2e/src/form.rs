//! Forms as they stand in a page, to be filled in and sent as a browser without scripts would.
//!
//! Understands the HTML that the product writes: quoted attributes, no comments with tags in them.

use anyhow::Context as _;

/// A form of a page with what its fields hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Its fields in their order. Radio buttons of one name are one field.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What it holds; `None` when a box is not ticked or no radio button is chosen.
    pub value: Option<String>,
}

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sent along, not seen.
    Hidden,
    /// One line or many, typed.
    Text,
    /// One of several: radio buttons or a list.
    Choice,
    /// A box to tick.
    Box,
    /// A password.
    Password,
    /// A file.
    File,
}

impl Form {
    /// All forms of a page that are sent by POST.
    #[must_use]
    pub fn all(page: &str) -> Vec<Self> {
        let mut forms: Vec<Self> = Vec::new();
        let mut open = false;
        // The list whose options are being read, and whether one of them is chosen.
        let mut list: Option<(usize, bool)> = None;
        for (tag, rest) in tags(page) {
            let attribute = |name: &str| attribute(tag, name);
            let named = attribute("name");
            match name_of(tag) {
                "form" => {
                    open = attribute("method").as_deref() == Some("post");
                    if open {
                        let action = attribute("action").unwrap_or_default();
                        forms.push(Self { action, fields: Vec::new() });
                    }
                }
                "/form" => open = false,
                "/select" => list = None,
                name => {
                    let Some(form) = forms.last_mut().filter(|_| open) else { continue };
                    match (name, named) {
                        ("input", Some(named)) => form.add_input(tag, named),
                        ("textarea", Some(named)) => {
                            let text = rest.split_once("</textarea>").map_or("", |(text, _)| text);
                            let text = unescape(text.strip_prefix('\n').unwrap_or(text));
                            form.fields.push(Field { name: named, kind: Kind::Text, value: Some(text) });
                        }
                        ("select", Some(named)) => {
                            form.fields.push(Field { name: named, kind: Kind::Choice, value: None });
                            list = Some((form.fields.len() - 1, false));
                        }
                        ("option", _) => {
                            let Some((at, chosen)) = &mut list else { continue };
                            let selected = has(tag, "selected");
                            let Some(field) = form.fields.get_mut(*at) else { continue };
                            // Without a chosen option a browser sends the first.
                            if selected && !*chosen || field.value.is_none() {
                                field.value = attribute("value");
                                *chosen |= selected;
                            }
                        }
                        (_, _) => {}
                    }
                }
            }
        }
        forms
    }

    /// The form of a page that is sent to this path, whatever its query.
    ///
    /// # Errors
    /// When there is none; the message names those there are.
    pub fn to(page: &str, path: &str) -> anyhow::Result<Self> {
        let forms = Self::all(page);
        let actions: Vec<_> = forms.iter().map(|form| form.action.clone()).collect();
        let found = forms.into_iter().find(|form| form.action.split('?').next() == Some(path));
        found.with_context(|| format!("no form to {path}; there are {actions:?}"))
    }

    /// What a field holds.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name)?.value.as_deref()
    }

    /// The form with another value in a field. A field that it does not have is added, as a forger would.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.value = Some(value.to_owned()),
            None => self.fields.push(Field {
                name: name.to_owned(),
                kind: Kind::Hidden,
                value: Some(value.to_owned()),
            }),
        }
        self
    }

    /// What is sent: names and values of everything that holds something.
    #[must_use]
    pub fn sent(&self) -> Vec<(&str, &str)> {
        let values = self.fields.iter().filter(|field| field.kind != Kind::File);
        values.filter_map(|field| Some((field.name.as_str(), field.value.as_deref()?))).collect()
    }

    fn add_input(&mut self, tag: &str, name: String) {
        let value = attribute(tag, "value");
        let kind = attribute(tag, "type").unwrap_or_default();
        let checked = has(tag, "checked");
        match kind.as_str() {
            "radio" => {
                let known =
                    self.fields.iter_mut().find(|field| field.kind == Kind::Choice && field.name == name);
                match known {
                    Some(field) if checked => field.value = value,
                    Some(_) => {}
                    None => {
                        self.fields.push(Field { name, kind: Kind::Choice, value: value.filter(|_| checked) })
                    }
                }
            }
            "checkbox" => {
                let value = checked.then(|| value.unwrap_or_else(|| "on".to_owned()));
                self.fields.push(Field { name, kind: Kind::Box, value });
            }
            "hidden" => self.fields.push(Field { name, kind: Kind::Hidden, value }),
            "file" => self.fields.push(Field { name, kind: Kind::File, value: None }),
            "password" => self.fields.push(Field { name, kind: Kind::Password, value }),
            _ => self.fields.push(Field { name, kind: Kind::Text, value }),
        }
    }
}

/// Every tag of a page without its brackets, and what comes after it.
fn tags(page: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = page;
    std::iter::from_fn(move || {
        let start = rest.find('<')? + 1;
        let after = rest.get(start..)?;
        let end = end_of_tag(after)?;
        let tag = after.get(..end)?;
        rest = after.get(end + 1..)?;
        Some((tag, rest))
    })
}

/// Where the tag ends: the first `>` outside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, letter)| {
        quoted ^= letter == '"';
        (letter == '>' && !quoted).then_some(at)
    })
}

fn name_of(tag: &str) -> &str {
    tag.split(|letter: char| letter.is_whitespace()).next().unwrap_or_default()
}

/// The value of an attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(unescape(value))
}

/// Whether a tag has an attribute without a value. Values are taken out first: a text may hold the word.
fn has(tag: &str, name: &str) -> bool {
    let bare: String = tag.split('"').step_by(2).collect();
    bare.split(|letter: char| letter.is_whitespace() || letter == '/').any(|word| word == name)
}

/// Text as a reader sees it.
#[must_use]
pub fn unescape(text: &str) -> String {
    let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    named.iter().fold(text.to_owned(), |text, (escaped, letter)| text.replace(escaped, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<form method="get" action="/find"><input name="q" value="x"></form>
<form method="post" action="/products/new?p=22" novalidate>
<input type="hidden" name="version" value="7">
<label for="name">Tên</label><input class="input" id="name" name="name" type="text" value="Mật &#60;ong&#62; &#38;#39; checked">
<textarea id="story" name="story" rows="4">
dòng 1
dòng 2</textarea>
<select name="set_no"><option value="">Chọn</option><option value="4" selected>Bộ 4</option></select>
<select name="kind"><option value="a">A</option><option value="b">B</option></select>
<input type="radio" name="gender" value="male"><input type="radio" name="gender" value="female" checked>
<input type="radio" name="choice" value="1:1"><input type="checkbox" name="old"><input type="checkbox" name="new" value="1" checked>
<input type="file" name="file"><button name="then" value="next">Lưu</button></form>"##;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let form = Form::to(PAGE, "/products/new").unwrap();
        assert_eq!(
            form.sent(),
            [
                ("version", "7"),
                ("name", "Mật <ong> &#39; checked"),
                ("story", "dòng 1\ndòng 2"),
                ("set_no", "4"),
                ("kind", "a"),
                ("gender", "female"),
                ("new", "1"),
            ]
        );
        assert!(Form::to(PAGE, "/find").is_err());
        let changed = form.with("story", "khác").with("forged", "1");
        assert_eq!((changed.value("story"), changed.value("forged")), (Some("khác"), Some("1")));
    }
}
