// The search, whose filters apply to every view, and the view of all articles.
let keys = null; // folded texts to search in, computed at the first search
function matching(query) {
  keys ??= data.ids.slice(0, data.lists).map((id, row) => fold(`${data.titles[row]} ${section(row)} ${id}`));
  const words = fold(query).split(/\s+/).filter(Boolean);
  return (row) => words.every((word) => keys[row].includes(word));
}

const collator = new Intl.Collator("en", { numeric: true });
const ORDERS = {
  site: null,
  newest: (a, b) => (data.published[b] > data.published[a]) - (data.published[b] < data.published[a]) || a - b,
  title: (a, b) => collator.compare(data.titles[a], data.titles[b]) || a - b,
  shown: (a, b) => data.shown[b] - data.shown[a] || a - b,
};
const SHOWS = {
  all: () => true,
  orphans: (row) => data.shown[row] === 0,
  empty: (row) => data.related[row].length === 0,
  short: (row) => data.related[row].length < data.k,
};

// Labels of the sources of entries that do not come from the ranking.
const SOURCES = { pinned: "pinned", section: "fallback: same section", newest: "fallback: newest", popular: "fallback: popular", orphan: "in no other list" };
const sourceOf = (row, at) => data.source_names[data.sources[row][at]] ?? "related";
const isFallback = (row, other) => !["related", "pinned"].includes(sourceOf(row, data.related[row].indexOf(other)));
data.source_names.forEach((source, at) => {
  SHOWS[`source-${at}`] = (row) => data.sources[row].includes(at);
  show.append(element("option", { value: `source-${at}` }, `With “${SOURCES[source] ?? source}”`));
});

function choices(select, names, columns) {
  const counts = names.map(() => 0);
  for (const row of listed) if (columns[row] >= 0) counts[columns[row]] += 1;
  const order = [...names.keys()].filter((at) => counts[at]).sort((a, b) => collator.compare(names[a], names[b]));
  select.append(...order.map((at) => element("option", { value: String(at) }, `${names[at]} (${number(counts[at])})`)));
  select.closest("label").hidden = order.length < 2;
}
choices(sectionOf, data.section_names, data.sections);
choices(languageOf, data.language_names, data.languages);

function search() {
  const matches = input.value.trim() ? matching(input.value) : () => true;
  const [of, spoken] = [sectionOf.value, languageOf.value];
  state.rows = listed.filter((row) =>
    (!of || data.sections[row] === +of) && (!spoken || data.languages[row] === +spoken) && matches(row));
  redraw();
}

function redraw() {
  const { draw, label } = VIEWS[state.view];
  find(".finder").setAttribute("aria-label", label);
  for (const select of [order, show]) select.closest("label").hidden = state.view !== "";
  for (const link of document.querySelectorAll(".views a")) {
    if (link.hash === place(state.view).replace(/^#$/, "")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.body.dataset.view = state.view || "articles";
  const { status, parts } = draw(state.rows);
  found.textContent = status;
  panel.replaceChildren(...parts.flat());
  mark();
}

const some = (rows) => (rows.length < data.lists ? ` of ${number(data.lists)}` : "");

function drawArticles(matched) {
  const rows = matched.filter(SHOWS[show.value]);
  if (ORDERS[order.value]) rows.sort(ORDERS[order.value]);
  const heading = element("h2", { class: "unseen" }, "Articles");
  return { status: plural(rows.length, "article") + some(rows), parts: [heading, paged("ul", rows, (row) => item(row, lengthOf(row)))] };
}

function lengthOf(row) {
  const count = data.related[row].length;
  return element("span", { class: count < data.k ? "few" : "" }, count ? `${count} related` : "empty list");
}
