
"use strict";

// Rows of `data` are articles; the first `data.lists` of them have a list, the others are only shown in one.
const data = JSON.parse(document.querySelector("script[type='application/json']").textContent);
const PAGE = 200; // articles drawn at a time
const find = (selector) => document.querySelector(selector);
const [input, order, show] = ["input", "[name=order]", "[name=show]"].map(find);
const [list, found, more, reader] = [".articles", ".found", ".more", ".reader article"].map(find);
const rowOf = new Map(data.ids.map((id, row) => [id, row]));
const longest = Math.max(0, ...new Set(data.related.map((related) => related.length)));
const best = data.scores.reduce((top, scores) => Math.max(top, ...scores), 0);
const state = { rows: [], drawn: 0, row: null, last: null, scroll: 0 };

// Everything that comes from an article enters the page as text, here and nowhere else.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function fold(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[ßæœøłđı]/g, (letter) => ({ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i" })[letter]);
}

const section = (row) => data.section_names[data.sections[row]] ?? "";
const language = (row) => data.language_names[data.languages[row]] ?? "";
const address = (row) => "#" + encodeURIComponent(data.ids[row]);
const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

function title(row, name = "span") {
  const tag = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language(row)) ? language(row) : "";
  return element(name, { class: "title", dir: "auto", lang: tag }, data.titles[row] || data.ids[row]);
}

function meta(row, ...rest) {
  const date = data.published[row];
  const known = [section(row), date && element("time", { datetime: date }, date), data.language_names.length > 1 && language(row)];
  const shown = [...known, ...rest].filter(Boolean);
  return element("span", { class: "meta" }, ...shown.flatMap((item, at) => (at ? [" · ", item] : [item])));
}

// The list of articles

let keys = null; // what a search looks at, folded at the first search
function matching(query) {
  keys ??= data.ids.slice(0, data.lists).map((id, row) => fold(`${data.titles[row]} ${section(row)} ${id}`));
  const words = fold(query).split(/\s+/).filter(Boolean);
  return (row) => words.every((word) => keys[row].includes(word));
}

const ORDERS = {
  site: null,
  newest: (a, b) => (data.published[b] > data.published[a]) - (data.published[b] < data.published[a]) || a - b,
  title: (a, b) => collator.compare(data.titles[a], data.titles[b]) || a - b,
  shown: (a, b) => data.shown[b] - data.shown[a] || a - b,
};
const collator = new Intl.Collator("en", { numeric: true });
const SHOWS = {
  all: () => true,
  orphans: (row) => data.shown[row] === 0,
  empty: (row) => data.related[row].length === 0,
  short: (row) => data.related[row].length < longest,
};

function search() {
  const matches = input.value.trim() ? matching(input.value) : () => true;
  const rows = Array.from({ length: data.lists }, (_, row) => row).filter((row) => SHOWS[show.value](row) && matches(row));
  state.rows = ORDERS[order.value] ? rows.sort(ORDERS[order.value]) : rows;
  state.drawn = 0;
  list.replaceChildren();
  found.textContent = `${plural(rows.length, "article")}${rows.length < data.lists ? ` of ${data.lists.toLocaleString("en")}` : ""}`;
  draw();
}

function draw() {
  const rows = state.rows.slice(state.drawn, state.drawn + PAGE);
  state.drawn += rows.length;
  list.append(...rows.map(item));
  more.hidden = state.drawn === state.rows.length;
  mark();
}

function item(row) {
  const count = data.related[row].length;
  const said = element("span", { class: count < longest ? "few" : "" }, count ? `${count} related` : "empty list");
  return element("li", {}, element("a", { href: address(row), tabindex: "-1", "data-row": String(row) }, title(row), meta(row, said)));
}

// One link of the list can be tabbed to: the one read last, or the first.
function mark() {
  for (const link of list.querySelectorAll("[aria-current], [tabindex='0']")) {
    link.removeAttribute("aria-current");
    link.tabIndex = -1;
  }
  const link = list.querySelector(`[data-row="${state.last}"]`);
  if (state.row !== null) link?.setAttribute("aria-current", "true");
  const entry = link ?? list.querySelector("a");
  if (entry) entry.tabIndex = 0;
  return link;
}

function move(from, to) {
  if (!to) return;
  if (from) from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

// One article's list

function read(row) {
  const url = data.urls[row] && element("a", { href: data.urls[row], target: "_blank", rel: "noopener noreferrer" }, "open the article");
  const heading = title(row, "h2");
  heading.tabIndex = -1;
  const parts = [heading, meta(row, `in ${plural(data.shown[row], "list")}`, data.ids[row], url)];
  if (row >= data.lists) parts.push(element("p", { class: "none" }, "This article’s own list is not on this page."));
  else if (!data.related[row].length) parts.push(element("p", { class: "none" }, "Nothing related was found: the list is empty."));
  else parts.push(element("ol", { class: "related" }, ...data.related[row].map((_, place) => entry(row, place))));
  const within = data.related.flatMap((related, other) => (related.includes(row) ? [other] : []));
  if (within.length) parts.push(shownUnder(within));
  reader.replaceChildren(...parts);
  return heading;
}

function entry(row, place) {
  const other = data.related[row][place];
  const score = data.scores[row][place];
  const parts = data.parts?.[row][place] ?? [];
  const terms = data.terms?.[row][place] ?? [];
  return element("li", {},
    element("span", { class: "rank" }, `${place + 1}`),
    element("div", {}, element("a", { href: address(other) }, title(other)), meta(other)),
    element("div", { class: "score", title: "score" }, bar(score, parts), score.toPrecision(3)),
    parts.length || terms.length ? element("div", { class: "why" }, reasons(parts), common(terms)) : null);
}

function bar(score, parts) {
  const track = element("span", { class: "bar", "aria-hidden": "true" });
  const positive = parts.some((part) => part < 0) ? [] : parts;
  (positive.length ? positive : [score]).forEach((value, at) => {
    const piece = element("i", { class: positive.length ? `p${at % 6}` : "" });
    piece.style.width = `${best > 0 ? Math.max(0, (100 * value) / best) : 0}%`;
    track.append(piece);
  });
  return track;
}

function reasons(parts) {
  const said = parts.flatMap((value, at) =>
    value ? [element("li", { class: `p${at % 6}` }, element("b", {}, data.part_names[at]), ` ${value.toPrecision(2)}`)] : []);
  return said.length ? element("ul", { class: "parts", "aria-label": "What the score is made of" }, ...said) : null;
}

function common(terms) {
  const said = [];
  for (let at = 0; at < terms.length; at += 2) {
    said.push(element("li", {}, element("b", { dir: "auto" }, data.term_names[terms[at]]), ` ${terms[at + 1].toPrecision(2)}`));
  }
  return said.length ? element("ul", { "aria-label": "Terms in common" }, element("li", { "aria-hidden": "true" }, "in common"), ...said) : null;
}

function shownUnder(rows) {
  const some = rows.slice(0, PAGE).map((row) => linked(row));
  const rest = rows.length - some.length;
  if (rest) some.push(element("li", { class: "none" }, `and ${rest.toLocaleString("en")} more`));
  const summary = element("summary", {}, `Shown under ${plural(rows.length, "article")}`);
  return element("details", {}, summary, element("ul", { class: "few-words" }, ...some));
}

function linked(row, ...rest) {
  return element("li", {}, element("a", { href: address(row) }, title(row)), meta(row, ...rest));
}

function welcome(text) {
  const hints = "Choose an article to see its related list. The key / searches, arrows move, Enter opens, Escape goes back.";
  const top = [...data.ids.keys()].filter((row) => data.shown[row]).sort(ORDERS.shown).slice(0, 10);
  reader.replaceChildren(
    element("h2", { tabindex: "-1" }, text),
    element("p", { class: "hints" }, hints),
    ...(top.length ? [element("h3", {}, "Shown most often")] : []),
    element("ol", { class: "few-words" }, ...top.map((row) => linked(row, `in ${plural(data.shown[row], "list")}`))));
}

// The address of the page says which article is open, so a link or the browser's Back goes to it.
function open() {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* a broken escape is looked up as it stands */ }
  state.row = rowOf.get(id) ?? null;
  state.last = state.row ?? state.last;
  document.body.classList.toggle("reading", id !== "");
  document.title = id && state.row !== null ? `${data.titles[state.row] || id} · Related articles` : "Related articles";
  mark()?.scrollIntoView({ block: "nearest" });
  if (state.row !== null) return read(state.row);
  welcome(id ? `No article here has the id “${id}”.` : "All lists");
  return null;
}

addEventListener("hashchange", () => {
  const heading = open();
  find(".reader").scrollTop = 0;
  scrollTo(0, document.body.classList.contains("reading") ? 0 : state.scroll);
  heading?.focus({ preventScroll: true });
});
list.addEventListener("click", () => { state.scroll = scrollY; }); // where a narrow window comes back to
input.addEventListener("input", search);
order.addEventListener("change", search);
show.addEventListener("change", search);
more.addEventListener("click", () => {
  const at = state.drawn;
  draw();
  move(list.querySelector("[tabindex='0']"), list.children[at]?.firstChild);
});
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelector("a")?.click();
});
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const link = document.activeElement?.closest(".articles a");
  const step = {
    ArrowDown: () => link?.parentElement.nextElementSibling?.firstChild ?? (link ? !more.hidden && more : null),
    ArrowUp: () => link?.parentElement.previousElementSibling?.firstChild ?? input,
    Home: () => list.querySelector("a"),
    End: () => list.lastElementChild?.firstChild,
  }[event.key];
  if (link && step) {
    event.preventDefault();
    const to = step();
    if (to === input || to === more) to.focus();
    else move(link, to || null);
  } else if (event.key === "ArrowDown" && document.activeElement === input) {
    event.preventDefault();
    move(null, list.querySelector("[tabindex='0']"));
  } else if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "")) {
    event.preventDefault();
    if (document.body.classList.contains("reading") && !input.offsetParent) location.hash = "";
    input.focus();
    input.select();
  } else if (event.key === "Escape" && document.activeElement !== input && state.row !== null && !link) {
    if (input.offsetParent) move(null, list.querySelector("[tabindex='0']"));
    else location.hash = "";
  }
});

search();
open();
