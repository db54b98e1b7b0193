// Functions shared by all views. Rows of `data` are articles. The first `data.lists` of them have a list; the others
// only appear as entries. The scripts of the page are concatenated in the order start, paged, ..., address.
const data = JSON.parse(document.querySelector("script[type='application/json']").textContent);
const find = (selector) => document.querySelector(selector);
const [input, order, show, pictures] = ["[type=search]", "[name=order]", "[name=show]", "[name=pictures]"].map(find);
const [sectionOf, languageOf] = ["[name=section]", "[name=language]"].map(find);
const [found, panel, reader] = [".found", ".view", ".reader article"].map(find);
const rowOf = new Map(data.ids.map((id, row) => [id, row]));
const listed = Array.from({ length: data.lists }, (_, row) => row);
const best = data.scores.reduce((top, scores) => Math.max(top, ...scores), 0);
const groupOf = new Map((data.groups ?? []).flatMap((group) => group.map((row) => [row, group])));
// `view` and `row` come from the address, `last` is the article read last, `rows` are the search results.
const state = { view: "", row: null, last: null, rows: listed, scroll: 0 };

// Article content enters the page only as text, through this function and `drawing`.
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) if (value || value === 0) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function fold(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[ßæœøłđı]/g, (letter) => ({ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i" })[letter]);
}

const section = (row) => data.section_names[data.sections[row]] ?? "";
const language = (row) => data.language_names[data.languages[row]] ?? "";
// Ids are escaped in addresses, so an unescaped leading slash always marks a view.
const place = (view) => (view ? `#/${view}` : "#");
const address = (row) => `${state.view ? `#/${state.view}/` : "#"}${encodeURIComponent(data.ids[row])}`;
const number = (count) => count.toLocaleString("en");
const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
const nameOf = (row) => data.titles[row] || data.ids[row];

const tag = (row) => (/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language(row)) ? language(row) : "");

function title(row, kind = "span") {
  return element(kind, { class: "title", dir: "auto", lang: tag(row) }, nameOf(row));
}

function description(row) {
  const text = data.descriptions[row];
  return text ? element("p", { class: "description", dir: "auto", lang: tag(row) }, text) : null;
}

// Pictures are the only external resources, loaded on request. Their size is fixed so that the layout does not shift.
function picture(row) {
  if (!pictures.checked || !data.images[row]) return null;
  const made = element("img", { class: "picture", width: 120, height: 80, loading: "lazy", decoding: "async", src: data.images[row] });
  made.alt = ""; // decorative, next to the title
  made.addEventListener("error", () => made.classList.add("missing"));
  return made;
}

function meta(row, ...rest) {
  return dotted(section(row), date(row), data.language_names.length > 1 && language(row), ...rest);
}

const date = (row) => data.published[row] && element("time", { datetime: data.published[row] }, data.published[row]);

function dotted(...items) {
  return element("span", { class: "meta" }, ...items.filter(Boolean).flatMap((item, at) => (at ? [" · ", item] : [item])));
}

function copyNote(row) {
  const group = groupOf.get(row);
  if (!group) return null;
  return group[0] === row ? `preferred of ${group.length} near copies` : "near copy";
}
