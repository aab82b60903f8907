//! Chromium, driven by what a person can read: words on buttons, labels of fields.
//!
//! Every action waits up to [`PATIENCE`] for what it needs; when it does not come, the error says what the
//! page offered instead, and a screenshot `failed` is kept.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use fantoccini::Client;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::driver::{DESKTOP, Driver, PHONE, Window, decode_base64};
use crate::fetch::Fetch;

/// How long an action waits for what it needs.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The script that finds an element by what can be read.
const FIND: &str = include_str!("find.js");

/// The key of an element in an answer of the WebDriver protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Typed characters beyond this many are inserted at once, as pasting does.
const TYPED: usize = 500;

/// A browser window of one person, with the screenshots of one journey.
pub struct Browser {
    client: Client,
    driver: Driver,
    album: PathBuf,
    taken: AtomicUsize,
}

impl Browser {
    /// A phone: 390 × 844, touch. `None` when there is no browser and none is required.
    ///
    /// # Errors
    /// When the browser does not start, or is missing while `OCOP_REQUIRE_BROWSER=1`.
    pub async fn phone(journey: &str) -> anyhow::Result<Option<Self>> {
        Self::open(journey, PHONE).await
    }

    /// A desktop: 1440 × 900. `None` when there is no browser and none is required.
    ///
    /// # Errors
    /// As [`Browser::phone`].
    pub async fn desktop(journey: &str) -> anyhow::Result<Option<Self>> {
        Self::open(journey, DESKTOP).await
    }

    async fn open(journey: &str, window: Window) -> anyhow::Result<Option<Self>> {
        let Some((driver, client)) = Driver::open(window).await? else { return Ok(None) };
        let album = crate::target_dir()?.join("screenshots").join(journey).join(window.width.to_string());
        let _ = std::fs::remove_dir_all(&album);
        std::fs::create_dir_all(&album)?;
        Ok(Some(Self { client, driver, album, taken: AtomicUsize::new(0) }))
    }

    /// The WebDriver client, for what these methods do not offer.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When nothing answers there.
    pub async fn goto(&self, url: &str) -> anyhow::Result<()> {
        self.client.goto(url).await.with_context(|| format!("open {url}"))
    }

    /// The browser's back button.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn back(&self) -> anyhow::Result<()> {
        Ok(self.client.back().await?)
    }

    /// Loads the page again.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn reload(&self) -> anyhow::Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// The address shown now.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn url(&self) -> anyhow::Result<String> {
        Ok(self.client.current_url().await?.to_string())
    }

    /// The path and query of the address shown now.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn path(&self) -> anyhow::Result<String> {
        let url = self.client.current_url().await?;
        Ok(url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())))
    }

    // ---- acting

    /// Presses the button, link or summary with these words.
    ///
    /// # Errors
    /// When there is none to press.
    pub async fn click(&self, words: &str) -> anyhow::Result<()> {
        self.act("press", words, None, None, Deed::Click).await
    }

    /// Presses the button, link or summary with these words in the row, card or group that shows `scope`.
    ///
    /// # Errors
    /// When there is none to press.
    pub async fn click_in(&self, scope: &str, words: &str) -> anyhow::Result<()> {
        self.act("press", words, Some(scope), None, Deed::Click).await
    }

    /// Presses the first element that matches a CSS selector.
    ///
    /// # Errors
    /// When there is none to press.
    pub async fn click_css(&self, selector: &str) -> anyhow::Result<()> {
        self.act("css", selector, None, Some(selector), Deed::Click).await
    }

    /// Presses twice before the page can answer, as an impatient hand does.
    ///
    /// # Errors
    /// When there is none to press.
    pub async fn click_twice(&self, words: &str) -> anyhow::Result<()> {
        self.act("press", words, None, None, Deed::ClickTwice).await
    }

    /// Empties the field with this label and types into it.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill(&self, label: &str, value: &str) -> anyhow::Result<()> {
        self.act("text", label, None, None, Deed::Fill(value)).await
    }

    /// Like [`Browser::fill`], in the row, card or group that shows `scope`.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill_in(&self, scope: &str, label: &str, value: &str) -> anyhow::Result<()> {
        self.act("text", label, Some(scope), None, Deed::Fill(value)).await
    }

    /// Like [`Browser::fill`], for the first field that matches a CSS selector.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill_css(&self, selector: &str, value: &str) -> anyhow::Result<()> {
        self.act("css", selector, None, Some(selector), Deed::Fill(value)).await
    }

    /// Chooses the radio button, or ticks the box, with this label.
    ///
    /// # Errors
    /// When there is no such choice.
    pub async fn choose(&self, label: &str) -> anyhow::Result<()> {
        self.act("choice", label, None, None, Deed::Choose).await
    }

    /// Chooses the radio button, or ticks the box, with this label in the group that shows `scope`
    /// (a criterion, a legend).
    ///
    /// # Errors
    /// When there is no such choice.
    pub async fn choose_in(&self, scope: &str, label: &str) -> anyhow::Result<()> {
        self.act("choice", label, Some(scope), None, Deed::Choose).await
    }

    /// Chooses the radio button, or ticks the box, that matches a CSS selector.
    ///
    /// # Errors
    /// When there is no such choice.
    pub async fn choose_css(&self, selector: &str) -> anyhow::Result<()> {
        self.act("css", selector, None, Some(selector), Deed::Choose).await
    }

    /// Picks an option of the drop-down list with this label, by the option's words.
    ///
    /// # Errors
    /// When there is no such list or option.
    pub async fn select(&self, label: &str, option: &str) -> anyhow::Result<()> {
        self.act("select", label, None, None, Deed::Select(option)).await
    }

    /// Gives a file to the file field with this label. The path must be absolute.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn upload(&self, label: &str, file: &Path) -> anyhow::Result<()> {
        self.act("file", label, None, None, Deed::Upload(file)).await
    }

    /// Gives a file to the first file field that matches a CSS selector.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn upload_css(&self, selector: &str, file: &Path) -> anyhow::Result<()> {
        self.act("css", selector, None, Some(selector), Deed::Upload(file)).await
    }

    /// Presses keys one after another where the page has its focus now, as a hand on the keyboard does.
    /// Keys without a letter are the code points of the WebDriver protocol (arrow down: `\u{E015}`).
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn press(&self, keys: &str) -> anyhow::Result<()> {
        for value in keys.chars() {
            let stroke = KeyActions::new("keyboard".to_owned())
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
            self.client.perform_actions(stroke).await?;
        }
        Ok(())
    }

    /// Says yes to the browser's own question box.
    ///
    /// # Errors
    /// When there is no question.
    pub async fn accept_dialog(&self) -> anyhow::Result<()> {
        Ok(self.client.accept_alert().await?)
    }

    /// Forgets all cookies: the next page is opened by a stranger.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn forget(&self) -> anyhow::Result<()> {
        Ok(self.client.delete_all_cookies().await?)
    }

    /// Gives this browser's cookies to a client without a browser.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn lend_cookies(&self, fetch: &mut Fetch) -> anyhow::Result<()> {
        for cookie in self.client.get_all_cookies().await? {
            fetch.set_cookie(cookie.name(), cookie.value());
        }
        Ok(())
    }

    // ---- reading

    /// All text that can be read on the page.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn text(&self) -> anyhow::Result<String> {
        self.string("return document.body ? document.body.innerText.normalize('NFC') : ''").await
    }

    /// The texts of all elements that match a CSS selector.
    ///
    /// # Errors
    /// When the selector is wrong.
    pub async fn texts(&self, selector: &str) -> anyhow::Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())";
        Ok(strings(&self.client.execute(script, vec![json!(selector)]).await?))
    }

    /// Whether these words can be read on the page now. Line breaks and letter case do not matter.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn has_text(&self, words: &str) -> anyhow::Result<bool> {
        Ok(readable(&self.text().await?).contains(&readable(words)))
    }

    /// Waits until these words can be read on the page.
    ///
    /// # Errors
    /// When they do not come; the message carries the page's text.
    pub async fn wait_for_text(&self, words: &str) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // Between two pages there may be no body to read: ask again.
            if self.has_text(words).await.unwrap_or(false) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let text = self.text().await.unwrap_or_default();
                return self.fail(&format!("{words:?} did not appear; the page says:\n{text}")).await;
            }
            pause().await;
        }
    }

    /// Waits until the address contains this.
    ///
    /// # Errors
    /// When it does not.
    pub async fn wait_for_url(&self, part: &str) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.url().await?.contains(part) {
            if Instant::now() > deadline {
                return self.fail(&format!("the address did not come to contain {part:?}")).await;
            }
            pause().await;
        }
        Ok(())
    }

    /// What the field with this label holds now.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn value(&self, label: &str) -> anyhow::Result<String> {
        let field = self.wait_for("control", label, None, None).await?;
        Ok(field.prop("value").await?.unwrap_or_default())
    }

    /// Whether the radio button or box with this label is chosen.
    ///
    /// # Errors
    /// When there is no such choice.
    pub async fn is_chosen(&self, label: &str) -> anyhow::Result<bool> {
        Ok(self.wait_for("choice", label, None, None).await?.is_selected().await?)
    }

    /// Whether the page is no wider than the window: a phone must not scroll sideways.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn fits(&self) -> anyhow::Result<bool> {
        let script = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        Ok(self.client.execute(script, vec![]).await?.as_bool().unwrap_or(false))
    }

    /// What the browser has complained of since the last call: script errors, blocked content, missing
    /// files.
    ///
    /// # Errors
    /// When the browser is gone.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        let log = self.driver.post("se/log", &json!({ "type": "browser" })).await?;
        let lines = log.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(lines
            .iter()
            .filter(|line| line["level"] == "SEVERE")
            .map(|line| line["message"].as_str().unwrap_or_default().to_owned())
            .collect())
    }

    /// Keeps a picture of the whole page as `target/screenshots/JOURNEY/WIDTH/NN-NAME.png`, and, when the
    /// page is longer than the window, of what a person sees of it as `NN-NAME.view.png`.
    ///
    /// # Errors
    /// When the picture cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> anyhow::Result<PathBuf> {
        let number = self.taken.fetch_add(1, Ordering::Relaxed) + 1;
        let path = self.album.join(format!("{number:02}-{name}.png"));
        let long = "return document.documentElement.scrollHeight > innerHeight + 1";
        if self.client.execute(long, vec![]).await?.as_bool().unwrap_or(false) {
            let view = self.album.join(format!("{number:02}-{name}.view.png"));
            std::fs::write(view, self.client.screenshot().await?)?;
        }
        let parameters = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", &parameters).await?;
        let picture = picture["data"].as_str().context("no picture came")?;
        std::fs::write(&path, decode_base64(picture).context("the picture is not base64")?)?;
        Ok(path)
    }

    /// How many sheets the page takes when it is printed as its style asks.
    ///
    /// # Errors
    /// When it cannot be printed.
    pub async fn sheets(&self) -> anyhow::Result<usize> {
        let printed = self.devtools("Page.printToPDF", &json!({ "preferCSSPageSize": true })).await?;
        let printed = printed["data"].as_str().context("nothing was printed")?;
        let printed = decode_base64(printed).context("the print is not base64")?;
        let is_page = |at: &[u8]| at.starts_with(b"/Type /Page") && !at.starts_with(b"/Type /Pages");
        Ok(printed.windows(12).filter(|at| is_page(at)).count())
    }

    // ---- inside

    /// Finds and acts until it works: a page that is still moving or has just been replaced is no fault.
    async fn act(
        &self,
        what: &str,
        words: &str,
        scope: Option<&str>,
        tag: Option<&str>,
        deed: Deed<'_>,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let element = self.wait_for(what, words, scope, tag).await?;
            match self.perform(&element, deed).await {
                Ok(()) => return Ok(()),
                Err(error) if passing(&error) && Instant::now() < deadline => pause().await,
                Err(error) => return self.fail(&format!("{deed:?} on {words:?}: {error:#}")).await,
            }
        }
    }

    async fn perform(&self, element: &Element, deed: Deed<'_>) -> anyhow::Result<()> {
        match deed {
            Deed::Click => {
                ensure!(element.is_enabled().await?, "it is disabled");
                element.click().await?;
            }
            Deed::ClickTwice => {
                self.on(element, "arguments[0].click(); arguments[0].click()", &[]).await?;
            }
            Deed::Choose => {
                ensure!(element.is_enabled().await?, "it is disabled");
                if !element.is_selected().await? {
                    self.press_choice(element).await?;
                    ensure!(element.is_selected().await?, "it stays unchosen");
                }
            }
            Deed::Fill(value) => self.fill_element(element, value).await?,
            Deed::Select(option) => {
                let chosen = self.on(element, SELECT, &[json!(option)]).await?;
                ensure!(chosen == Value::Bool(true), "no such option: {option:?}; there are {chosen}");
            }
            Deed::Upload(file) => {
                ensure!(file.is_absolute(), "{} is not an absolute path", file.display());
                element.send_keys(&file.to_string_lossy()).await?;
            }
        }
        Ok(())
    }

    /// Presses a radio button or box, or its label where the design hides the box itself.
    async fn press_choice(&self, element: &Element) -> anyhow::Result<()> {
        let visible = self.on(element, VISIBLE_CHOICE, &[]).await?;
        let target = self.element(&visible).context("the choice has neither box nor label to press")?;
        Ok(target.click().await?)
    }

    async fn fill_element(&self, element: &Element, value: &str) -> anyhow::Result<()> {
        let kind = element.prop("type").await?.unwrap_or_default();
        if ["date", "month", "time", "datetime-local", "color", "range"].contains(&kind.as_str()) {
            // What such a field takes from the keyboard depends on the browser's language.
            self.on(element, SET_VALUE, &[json!(value)]).await?;
            return Ok(());
        }
        element.clear().await?;
        // The driver types only the basic plane, and a long text key by key takes minutes.
        if value.chars().count() > TYPED || value.chars().any(|letter| letter > '\u{FFFF}') {
            self.on(element, "arguments[0].focus()", &[]).await?;
            self.devtools("Input.insertText", &json!({ "text": value })).await?;
        } else {
            element.send_keys(value).await?;
        }
        Ok(())
    }

    async fn wait_for(
        &self,
        what: &str,
        words: &str,
        scope: Option<&str>,
        tag: Option<&str>,
    ) -> anyhow::Result<Element> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found =
                self.client.execute(FIND, vec![json!(what), json!(words), json!(scope), json!(tag)]).await;
            match found {
                Ok(found) => {
                    if let Some(element) = self.element(&found) {
                        return Ok(element);
                    }
                    if Instant::now() > deadline {
                        let seen =
                            self.client.execute(FIND, vec![json!("seen"), json!(""), json!(null)]).await;
                        let seen = strings(&seen.unwrap_or_default()).join(" | ");
                        let place = scope.map(|scope| format!(" near {scope:?}")).unwrap_or_default();
                        let message = format!("no {what} {words:?}{place}; the page offers: {seen}");
                        return self.fail(&message).await;
                    }
                }
                Err(error) if Instant::now() > deadline => return Err(error.into()),
                // Between two pages scripts cannot run: ask again.
                Err(_) => {}
            }
            pause().await;
        }
    }

    /// An error that says where it happened, with a picture of it.
    async fn fail<T>(&self, message: &str) -> anyhow::Result<T> {
        let picture = self.screenshot("failed").await.map(|path| path.display().to_string());
        let url = self.url().await.unwrap_or_default();
        bail!("{message}\n  at {url}\n  picture: {}", picture.unwrap_or_else(|error| error.to_string()))
    }

    async fn string(&self, script: &str) -> anyhow::Result<String> {
        Ok(self.client.execute(script, vec![]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a script with the element as `arguments[0]`.
    async fn on(&self, element: &Element, script: &str, more: &[Value]) -> Result<Value, CmdError> {
        let mut arguments = vec![json!({ ELEMENT: element.element_id().as_ref() })];
        arguments.extend_from_slice(more);
        self.client.execute(script, arguments).await
    }

    fn element(&self, answer: &Value) -> Option<Element> {
        let id = answer.get(ELEMENT)?.as_str()?;
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned())))
    }

    async fn devtools(&self, command: &str, parameters: &Value) -> anyhow::Result<Value> {
        self.driver.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).await
    }
}

/// What is done to an element once it is found.
#[derive(Debug, Clone, Copy)]
enum Deed<'a> {
    Click,
    ClickTwice,
    Choose,
    Fill(&'a str),
    Select(&'a str),
    Upload(&'a Path),
}

/// Sets a value as the field itself would, and says so to the page.
const SET_VALUE: &str = "
    const [field, value] = arguments;
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));";

/// Picks the option with these words: true, or the options there are.
const SELECT: &str = "
    const [list, words] = arguments;
    const squeeze = (text) => text.normalize('NFC').replace(/\\s+/g, ' ').trim();
    const options = [...list.options];
    const found = options.find((o) => squeeze(o.text) === squeeze(words)) ||
        options.find((o) => squeeze(o.text).includes(squeeze(words)));
    if (!found) return options.slice(0, 40).map((o) => squeeze(o.text));
    list.focus();
    list.value = found.value;
    list.dispatchEvent(new Event('input', { bubbles: true }));
    list.dispatchEvent(new Event('change', { bubbles: true }));
    return true;";

/// The box itself when it can be seen and hit, else its label.
const VISIBLE_CHOICE: &str = "
    const box = arguments[0];
    const size = box.getBoundingClientRect();
    const style = getComputedStyle(box);
    if (size.width > 4 && size.height > 4 && style.opacity !== '0' && style.visibility !== 'hidden') return box;
    return box.labels.length > 0 ? box.labels[0] : null;";

/// Faults that pass by themselves while a page settles.
fn passing(error: &anyhow::Error) -> bool {
    let Some(error) = error.downcast_ref::<CmdError>() else { return false };
    let covered = matches!(error, CmdError::Standard(fault) if fault.error() == "element click intercepted");
    covered
        || error.is_stale_element_reference()
        || error.is_element_not_interactable()
        || error.is_no_such_element()
}

pub(crate) async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// Text as it is compared: white space squeezed, letter case aside (CSS may capitalise).
fn readable(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
