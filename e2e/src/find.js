// Finds things on a page the way a person does: by what can be read.
// Called with (what, words, scope, tag); returns an element, null when there is none (yet), or a list of
// readable names for "seen".
const [what, words, scope, tag] = arguments;
const squeeze = (text) => (text || "").normalize("NFC").replace(/\s+/g, " ").trim();
const wanted = squeeze(words);

const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";

const dialogs = [...document.querySelectorAll("dialog[open]")];
const ground = dialogs.length > 0 ? dialogs[dialogs.length - 1] : document.body;

// The exact words win over words that contain them; the main content wins over header and footer;
// the shorter text wins, since a longer one only happens to contain the words.
function best(candidates, nameOf) {
  const rank = (element) => {
    const names = nameOf(element).map((name) => squeeze(name).replace(/\s*[*:]+$/, ""));
    const target = wanted.replace(/\s*[*:]+$/, "");
    const exact = names.some((name) => name === target);
    const partial = names.filter((name) => name.includes(target)).map((name) => name.length);
    if (!exact && partial.length === 0) return null;
    return { element, order: [exact ? 0 : 1, element.closest("main, dialog") ? 0 : 1, exact ? 0 : Math.min(...partial)] };
  };
  const ranked = candidates.map(rank).filter((entry) => entry !== null);
  ranked.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1] || a.order[2] - b.order[2]);
  return ranked.length > 0 ? ranked[0].element : null;
}

// The smallest row, card or group that holds the scope's words and something of the wanted kind.
function grounds(selector) {
  if (scope === null) return ground;
  const boxes = [...ground.querySelectorAll("tr, li, article, section, fieldset, form, details, dl, [data-scope]")].filter(
    (box) => shown(box) && squeeze(box.innerText).includes(squeeze(scope)) && box.querySelector(selector) !== null,
  );
  boxes.sort((a, b) => a.innerText.length - b.innerText.length);
  return boxes.length > 0 ? boxes[0] : null;
}

function namesOfControl(control) {
  const labels = [...(control.labels || [])].map((label) => label.innerText);
  const labelledBy = (control.getAttribute("aria-labelledby") || "")
    .split(" ")
    .filter((id) => id !== "")
    .map((id) => document.getElementById(id)?.innerText);
  // A label often carries a hint under its first line.
  const firstLines = labels.map((label) => label.trim().split("\n")[0]);
  return [...labels, ...firstLines, ...labelledBy, control.getAttribute("aria-label"), control.getAttribute("placeholder")].filter(
    (name) => name,
  );
}

const pressable = "a[href], button, summary, input[type=submit], input[type=button], [role=button], [role=tab], [role=menuitem]";
const kinds = {
  press: pressable,
  text: "input:not([type=radio]):not([type=checkbox]):not([type=file]):not([type=hidden]):not([type=submit]), textarea",
  choice: "input[type=radio], input[type=checkbox]",
  select: "select",
  file: "input[type=file]",
  control: "input:not([type=hidden]), textarea, select",
};

if (what === "seen") {
  const names = [...ground.querySelectorAll(`${pressable}, ${kinds.control}`)]
    .filter((element) => shown(element) || (element.labels || []).length > 0)
    .map((element) => squeeze(element.matches(pressable) ? element.innerText || element.value : namesOfControl(element)[0]));
  return [...new Set(names.filter((name) => name))];
}

const selector = tag || kinds[what];
const place = grounds(selector);
if (place === null) return null;
const all = [...place.querySelectorAll(selector)];
if (what === "css") return all.find(shown) || all[0] || null;
const found =
  what === "press"
    ? best(all.filter(shown), (element) => [element.innerText, element.value, element.getAttribute("aria-label")].filter((name) => name))
    : best(all, namesOfControl);
if (found === null) return null;
found.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
return found;
