// Small behaviours on top of pages that work without them. Each one finds its elements by a
// data attribute and leaves every other page alone; STYLE.md lists the attributes.
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const actionOf = (form) => form.getAttribute("action") || location.href;

  /** Writes a text into elements; their role="status" makes it heard. */
  const say = (elements, text, bad = false) => {
    for (const element of elements) {
      element.textContent = text;
      element.classList.toggle("bad-text", bad);
    }
  };
  const announce = (text) => say($$("[data-live]"), text);

  // ---- autosave: form[data-autosave] ----

  const SAVE_AFTER_MS = 600;
  const RETRY_MS = [2000, 5000, 10000, 20000, 30000];

  /** Shows the server's totals; nothing is computed here. */
  const showTotals = (answer) => {
    const { totals, next } = answer;
    if (totals) {
      say($$("[data-total]"), String(totals.total));
      for (const part of $$("[data-part]")) {
        const points = totals[part.dataset.part];
        const meter = $("meter", part);
        const value = $("[data-value]", part);
        if (points === undefined || !value) continue;
        if (meter) meter.value = points;
        value.textContent = `${points}/${value.textContent.split("/")[1]}`;
      }
      for (const stars of $$("[data-stars]")) {
        stars.dataset.n = totals.stars;
        stars.setAttribute("aria-label", `${totals.stars} trên 5 sao`);
      }
      say($$("[data-answered]"), `${totals.answered} trên ${totals.of} tiêu chí`);
    }
    for (const element of $$("[data-next]")) {
      element.hidden = !next;
      if (next) element.replaceChildren(...nextStarSentence(next));
    }
  };

  const bold = (text) => {
    const element = document.createElement("b");
    element.textContent = text;
    return element;
  };

  /** "Còn 8 điểm và 2 điều kiện (2.3, 3.5) để đạt 4 sao." */
  const nextStarSentence = ({ stars, points_short: points, floors }) => {
    const missing = [];
    if (points > 0) missing.push([bold(`${points} điểm`)]);
    if (floors.length > 0) missing.push([bold(`${floors.length} điều kiện`), ` (${floors.join(", ")})`]);
    if (missing.length === 0) return [`Đủ điểm và điều kiện để đạt ${stars} sao.`];
    const joined = missing.length === 2 ? [...missing[0], " và ", ...missing[1]] : missing[0];
    return ["Còn ", ...joined, ` để đạt ${stars} sao.`];
  };

  /** Thrown when asking again would not help; its message is for the reader. */
  class Refused extends Error {}

  class Autosave {
    constructor(form) {
      this.form = form;
      this.dirty = false;
      this.stopped = false;
      this.failures = 0;
      this.timer = 0;
      this.running = null;
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", () => this.changed());
      window.addEventListener("online", () => this.pending && this.soon(0));
    }

    get pending() {
      return !this.stopped && (this.dirty || this.running !== null);
    }

    changed() {
      if (this.stopped) return;
      this.dirty = true;
      this.soon(SAVE_AFTER_MS);
    }

    soon(ms) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), ms);
    }

    /** Saves what is unsaved, one request at a time; resolves when it is settled either way. */
    async flush() {
      clearTimeout(this.timer);
      if (this.running) await this.running;
      if (!this.dirty || this.stopped) return;
      this.dirty = false;
      this.running = this.save();
      await this.running;
      this.running = null;
    }

    async save() {
      const status = $$("[data-saved]");
      say(status, "Đang lưu…");
      try {
        const answer = await this.send();
        this.failures = 0;
        const version = $('input[name="version"]', this.form);
        if (version && answer.version !== undefined) version.value = answer.version;
        showTotals(answer);
        say(status, `Đã lưu ${answer.saved_at}`);
      } catch (problem) {
        if (problem instanceof Refused) {
          say(status, problem.message, true);
          return;
        }
        this.dirty = !this.stopped;
        if (this.stopped) return;
        say(status, "Chưa lưu được, đang thử lại", true);
        this.soon(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
        this.failures += 1;
      }
    }

    async send() {
      const response = await fetch(this.form.dataset.autosave || actionOf(this.form), {
        method: "POST",
        body: new URLSearchParams(new FormData(this.form)),
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
        credentials: "same-origin",
        keepalive: true,
      });
      if (response.status >= 500) throw new Error(`status ${response.status}`);
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      if (!isJson) this.stop("Phiên làm việc đã hết hoặc trang đã thay đổi. Tải lại trang để tiếp tục.");
      const answer = await response.json();
      if (response.status === 409) this.stop(answer.message || "Nội dung này đã được sửa ở nơi khác.");
      if (!response.ok) throw new Refused(answer.message || "Chưa lưu: có chỗ chưa đúng.");
      return answer;
    }

    /** No more saving from this page: what it holds is out of date. */
    stop(message) {
      this.stopped = true;
      for (const note of $$("[data-conflict]")) {
        const text = document.createElement("p");
        const link = document.createElement("a");
        text.textContent = message;
        link.href = location.href;
        link.className = "tap";
        link.textContent = "Tải lại trang";
        note.replaceChildren(text, link);
        note.hidden = false;
        note.scrollIntoView({ block: "nearest" });
      }
      throw new Refused("Đã dừng lưu");
    }
  }

  const autosaves = new Map($$("form[data-autosave]").map((form) => [form, new Autosave(form)]));
  const flushAll = () => Promise.all([...autosaves.values()].map((autosave) => autosave.flush()));
  const anyPending = () => [...autosaves.values()].some((autosave) => autosave.pending);

  /** Leaves for another page after what was typed is saved (or could not be within 4 s). */
  const leaveFor = async (href) => {
    if (anyPending()) await Promise.race([flushAll(), wait(4000)]);
    location.assign(href);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !anyPending() || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.hasAttribute("download")) return;
    const samePage = link.origin === location.origin && link.pathname === location.pathname && link.search === location.search && link.hash;
    if (link.origin !== location.origin || samePage) return;
    event.preventDefault();
    leaveFor(link.href);
  });

  // ---- submitting: a save on its way first, then once only ----

  const guarded = new Set();
  const settled = new Set();
  let leaving = false;

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (anyPending() && !settled.has(form)) {
      event.preventDefault();
      const submitter = event.submitter;
      await Promise.race([flushAllBefore(form), wait(4000)]);
      // A browser ignores a submission that is asked for while this event is still on its way.
      await wait(0);
      settled.add(form);
      form.requestSubmit(submitter);
      return;
    }
    settled.delete(form);
    leaving = true;
    form.dataset.sent = "1";
    // After the browser has collected the form, so that the pressed button's value is sent.
    setTimeout(() => setButtons(form, true), 0);
  });

  /** The submitted form carries its own fields: only its running save must end; other forms are saved in full. */
  const flushAllBefore = (form) =>
    Promise.all(
      [...autosaves].map(([other, autosave]) => {
        if (other !== form) return autosave.flush();
        clearTimeout(autosave.timer);
        autosave.dirty = false;
        return autosave.running;
      }),
    );

  const setButtons = (form, busy) => {
    for (const button of form.elements) {
      if (button.type !== "submit") continue;
      button.disabled = busy;
      button.setAttribute("aria-busy", String(busy));
    }
  };

  // Back button: the page returns from the browser's memory with its buttons off.
  window.addEventListener("pageshow", () => {
    leaving = false;
    for (const form of $$("form[data-sent]")) {
      delete form.dataset.sent;
      setButtons(form, false);
    }
  });

  // ---- unsaved-change guard: form[data-guard] ----

  for (const form of $$("form[data-guard]")) {
    form.addEventListener("input", () => guarded.add(form));
    form.addEventListener("change", () => guarded.add(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (guarded.size > 0 || anyPending())) event.preventDefault();
  });

  // ---- uploads: form[data-upload] ----

  const megabytes = (bytes) => (bytes / 1048576).toLocaleString("vi-VN", { maximumFractionDigits: 1 });

  /** How much of a file is sent at once: on a slow network a broken connection costs some seconds of sending. */
  const PIECE = 1048576;

  /** One request; an answer of any status resolves, only a broken connection rejects. */
  const request = (method, url, heads, body, onProgress) =>
    new Promise((resolve, reject) => {
      const sent = new XMLHttpRequest();
      sent.open(method, url);
      for (const [name, value] of Object.entries(heads)) sent.setRequestHeader(name, value);
      if (onProgress) sent.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded, event.total));
      sent.addEventListener("load", () => resolve(sent));
      sent.addEventListener("error", () => reject(new Error("connection")));
      sent.send(body);
    });

  /** Waits for some time, or until the network is back. */
  const waitForNetwork = (ms) => Promise.race([wait(ms), new Promise((done) => window.addEventListener("online", done, { once: true }))]);

  // A browser that keeps nothing for us sends every file from its beginning.
  const remembered = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const remember = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // As if it were another browser after a reload.
    }
  };
  const forget = (key) => {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  };

  /** A file sent in pieces (tus 1.0.0): goes on where it stopped, also after the page was loaded again. */
  class Pieces {
    constructor(begin, file, show) {
      this.begin = begin;
      this.file = file;
      this.show = show;
      this.key = Pieces.key(begin, file);
    }

    /** The browser gives no path of a file; name, size and last change tell it again. */
    static key(begin, file) {
      return `ocop upload ${begin} ${file.name} ${file.size} ${file.lastModified}`;
    }

    /** The id under which the server has the whole file; null when it takes no pieces from here. */
    async sent() {
      let place = remembered(this.key);
      let failures = 0;
      for (;;) {
        try {
          if (!place) place = await this.begun();
          if (!place) return null;
          if (await this.goOn(place, () => (failures = 0))) return place.split("/").pop();
          // The server has it no more: from the beginning.
          forget(this.key);
          place = null;
        } catch (problem) {
          if (problem instanceof Refused || failures >= RETRY_MS.length) throw problem;
        }
        await waitForNetwork(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
        failures += 1;
      }
    }

    async begun() {
      const name = btoa(String.fromCharCode(...new TextEncoder().encode(this.file.name)));
      const answer = await this.ask("POST", this.begin, { "Upload-Length": this.file.size, "Upload-Metadata": `filename ${name}` });
      if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      if (answer.status !== 201) return null;
      const place = answer.getResponseHeader("Location");
      remember(this.key, place);
      return place;
    }

    /** Sends what is left; false when the server does not have the file any more. */
    async goOn(place, onPiece) {
      const asked = await this.ask("HEAD", place, {});
      if (asked.status === 404 || asked.status === 410) return false;
      let at = Pieces.offset(asked);
      while (at < this.file.size) {
        const from = at;
        const heads = { "Upload-Offset": from, "Content-Type": "application/offset+octet-stream" };
        const show = (loaded) => this.show(Math.min(from + loaded, this.file.size - 1), this.file.size);
        at = Pieces.offset(await this.ask("PATCH", place, heads, this.file.slice(from, from + PIECE), show));
        onPiece();
      }
      this.show(1, 1);
      return true;
    }

    /** How far the file has come; what is no such answer is asked for again, or told when that would not help. */
    static offset(answer) {
      if (answer.status === 204) return Number(answer.getResponseHeader("Upload-Offset"));
      if ([404, 409, 410].includes(answer.status) || answer.status >= 500) throw new Error(`status ${answer.status}`);
      throw new Refused(messageOf(answer));
    }

    async ask(method, url, heads, body, onProgress) {
      const answer = await request(method, url, { "Tus-Resumable": "1.0.0", Accept: "application/json", ...heads }, body, onProgress);
      if (answer.status === 401) throw new Refused("Phiên làm việc đã hết. Hãy đăng nhập lại rồi chọn lại tệp này để tải tiếp.");
      return answer;
    }
  }

  class Upload {
    constructor(form) {
      this.form = form;
      this.input = $('input[type="file"]', form);
      this.state = $("[data-upload-state]", form);
      this.name = $("[data-upload-name]", form);
      if (!this.input || !this.state) return;
      this.input.addEventListener("change", () => this.picked());
      form.addEventListener("submit", (event) => this.submit(event));
    }

    /** The first reason why the chosen files would be refused, or "". */
    fault() {
      const files = [...this.input.files];
      const limit = Number(this.form.dataset.max || 0);
      if (files.length === 0) return "Chưa chọn tệp nào.";
      const empty = files.find((file) => file.size === 0);
      if (empty) return `Tệp “${empty.name}” trống. Hãy chọn tệp khác.`;
      const large = files.find((file) => limit > 0 && file.size > limit);
      if (large) return `Tệp “${large.name}” nặng ${megabytes(large.size)} MB, quá mức ${megabytes(limit)} MB. Hãy nén nhỏ hoặc chia thành nhiều tệp.`;
      return "";
    }

    picked() {
      const files = [...this.input.files];
      const label = files.map((file) => `${file.name} (${megabytes(file.size)} MB)`).join(", ");
      if (this.name && files.length > 0) this.name.textContent = label;
      const fault = this.fault();
      this.tell(fault, fault !== "");
      if (fault === "" && this.form.hasAttribute("data-upload-now")) this.form.requestSubmit();
    }

    tell(text, bad) {
      this.state.replaceChildren(document.createTextNode(text));
      this.state.classList.toggle("bad-text", bad);
    }

    submit(event) {
      event.preventDefault();
      if (this.form.dataset.sent) return;
      const fault = this.fault();
      if (fault) {
        this.tell(fault, true);
        this.input.focus();
        return;
      }
      this.start();
    }

    async start() {
      const bar = document.createElement("progress");
      const words = document.createElement("span");
      bar.max = 1;
      this.state.classList.remove("bad-text");
      this.state.replaceChildren(bar, words);
      this.form.dataset.sent = "1";
      setButtons(this.form, true);
      const show = (loaded, total) => {
        bar.value = loaded / total;
        words.textContent = loaded < total ? `Đã tải ${megabytes(loaded)} trên ${megabytes(total)} MB` : "Đang kiểm tra tệp…";
      };
      const body = new FormData(this.form);
      const [file] = this.input.files;
      try {
        if (this.form.dataset.pieces && file.size > PIECE) {
          const id = await new Pieces(this.form.dataset.pieces, file, show).sent();
          // Without an id the server takes no pieces now: the file goes with the form, as without them.
          if (id) {
            body.delete(this.input.name);
            body.set("upload", id);
          }
        }
        const heads = { Accept: "application/json, text/html;q=0.9", "X-Requested-With": "fetch" };
        this.ended(await request("POST", actionOf(this.form), heads, body, body.has(this.input.name) ? show : null));
      } catch (problem) {
        const lost = "Mất kết nối khi đang tải. Tệp vẫn được chọn, hãy bấm tải lên lần nữa để tải tiếp.";
        this.failed(problem instanceof Refused ? problem.message : lost);
      }
    }

    /** JSON {location} or {message}; or a page: the one it was redirected to, or the form with its error. */
    ended(answer) {
      if (answer.status < 400) {
        announce("Đã tải lên");
        forget(Pieces.key(this.form.dataset.pieces, this.input.files[0]));
        leaving = true;
        const target = jsonOf(answer).location || answer.responseURL;
        if (new URL(target, location.href).href.split("#")[0] === location.href.split("#")[0]) location.reload();
        else location.assign(target);
        return;
      }
      this.failed(messageOf(answer));
    }

    failed(text) {
      delete this.form.dataset.sent;
      setButtons(this.form, false);
      this.tell(text, true);
    }
  }

  const readJson = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };

  const jsonOf = (answer) => ((answer.getResponseHeader("Content-Type") || "").includes("json") ? readJson(answer.responseText) : {});

  const messageOf = (answer) =>
    jsonOf(answer).message || messageOfPage(answer.responseText) || "Tệp chưa được nhận. Hãy thử lại.";

  const messageOfPage = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const message = $(".error-summary li, .error, .note.bad", page);
    return message ? message.textContent.trim() : "";
  };

  for (const form of $$("form[data-upload]")) new Upload(form);

  // ---- scoring by keyboard: [data-keys] ----

  const isTyping = (element) =>
    element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName) ||
    (element.tagName === "INPUT" && !["radio", "checkbox", "button", "submit"].includes(element.type));

  const board = $("[data-keys]");
  if (board) {
    // Arrows inside a radio group belong to the reader who came there with Tab;
    // after a mouse click or a digit they move between criteria.
    let byTab = false;
    document.addEventListener("pointerdown", () => (byTab = false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Tab") byTab = true;
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
      if (/^[0-9]$/.test(event.key)) chooseLevel(event);
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") moveOn(event);
    });

    /** Level n of the case in use (the one with a choice), else of the first case on the page. */
    const chooseLevel = (event) => {
      const options = $$(`input[type="radio"][data-digit="${event.key}"]:not(:disabled)`, board);
      const chosen = $('input[type="radio"][data-digit]:checked', board);
      const group = chosen && chosen.closest("[data-case]");
      const option = options.find((radio) => group && radio.closest("[data-case]") === group) || options[0];
      if (!option) return;
      event.preventDefault();
      byTab = false;
      option.click();
    };

    const moveOn = (event) => {
      if (byTab && event.target.type === "radio") return;
      const link = $(event.key === "ArrowDown" ? 'a[rel~="next"]' : 'a[rel~="prev"]');
      if (!link) return;
      event.preventDefault();
      leaveFor(link.href);
    };

    board.addEventListener("change", (event) => {
      const points = event.target.dataset.points;
      if (points !== undefined) say($$("[data-current-points]"), points);
    });
  }

  // The list of criteria opens at the current one; only its own pane scrolls.
  for (const current of $$(".crit-list [aria-current]")) {
    const pane = current.closest(".crit-list");
    const top = current.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (top > pane.clientHeight * 0.8) pane.scrollTop = top - pane.clientHeight / 3;
  }

  // ---- finding as one types: form[data-find] ----

  const FIND_AFTER_MS = 250;

  /** Fetches the page that the form leads to and shows its results; without it, the form is sent. */
  class Find {
    constructor(form) {
      this.form = form;
      this.timer = 0;
      this.asking = null;
      form.addEventListener("input", () => this.soon());
      // A letter of Telex or VNI is not done before its composition is.
      form.addEventListener("compositionend", () => this.soon());
    }

    soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), FIND_AFTER_MS);
    }

    get address() {
      const pairs = [...new FormData(this.form)].filter(([, value]) => value.trim() !== "");
      const query = new URLSearchParams(pairs).toString();
      return query ? `${actionOf(this.form)}?${query}` : actionOf(this.form);
    }

    async ask() {
      if (this.asking) this.asking.abort();
      const asking = new AbortController();
      this.asking = asking;
      const address = this.address;
      const place = document.getElementById(this.form.dataset.find);
      try {
        const answer = await fetch(address, { signal: asking.signal, headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok || answer.redirected || !place) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.getElementById(this.form.dataset.find);
        if (!found || asking.signal.aborted) return;
        place.replaceChildren(...found.childNodes);
        history.replaceState(null, "", address);
        const heard = $(".count", place) || $(".note, h2", place);
        announce(heard ? heard.textContent : "");
      } catch (problem) {
        // An older question, or no network: the button still works.
        if (problem.name !== "AbortError") return;
      }
    }
  }
  for (const form of $$("form[data-find]")) new Find(form);

  // ---- the rest ----

  for (const current of $$(".nav [aria-current]")) {
    const nav = current.closest(".nav");
    nav.scrollLeft = current.offsetLeft - nav.clientWidth / 3;
  }

  for (const button of $$("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const summary of $$("[data-focus]")) summary.focus();
})();
