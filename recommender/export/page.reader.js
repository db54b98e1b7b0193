// The list of the open article, or the description of the view if no article is open.
function read(row) {
  const url = data.urls[row] && element("a", { href: data.urls[row], target: "_blank", rel: "noopener noreferrer" }, "open the article");
  const heading = title(row, "h2");
  heading.tabIndex = -1;
  const short = row < data.lists && data.related[row].length < data.k && shortness(row);
  const parts = [heading, meta(row, `in ${plural(data.shown[row], "list")}`, short, data.ids[row], url)];
  if (data.descriptions[row]) parts.push(description(row));
  const copies = (groupOf.get(row) ?? []).filter((other) => other !== row);
  if (copies.length) {
    parts.push(element("p", { class: "copies" }, badge(copyNote(row)), ...copies.slice(0, 5).flatMap((other) => [" ",
      element("a", { href: address(other) }, title(other))]), copies.length > 5 && ` and ${number(copies.length - 5)} more`));
  }
  if (row >= data.lists) parts.push(element("p", { class: "none" }, "This article’s own list is not on this page."));
  else if (!data.related[row].length) parts.push(element("p", { class: "none" }, "No related articles were found: the list is empty."));
  else parts.push(element("ol", { class: "related" }, ...data.related[row].map((_, at) => entry(row, at))));
  if (data.links?.[row]?.length) parts.push(suggested(data.links[row]));
  const within = data.related.flatMap((related, other) => (related.includes(row) ? [other] : []));
  if (within.length) parts.push(shownUnder(within));
  reader.replaceChildren(...parts);
  return heading;
}

function entry(row, at) {
  const other = data.related[row][at];
  const score = data.scores[row][at];
  const parts = data.parts?.[row][at] ?? [];
  const terms = data.terms?.[row][at] ?? [];
  const source = sourceOf(row, at);
  const spoken = language(other) !== language(row) && language(other);
  const items = dotted(source !== "related" && badge(SOURCES[source] ?? source, source === "pinned" ? "pinned" : "fallback"), spoken && badge(spoken),
    section(other), date(other), gap(row, other), `in ${plural(data.shown[other], "list")}`);
  return element("li", {},
    element("span", { class: "rank" }, `${at + 1}`),
    element("div", {}, element("a", { href: address(other) }, title(other)), description(other), items),
    element("div", {}, element("div", { class: "score", title: "score" }, bar(score, parts), score.toPrecision(3)), picture(other)),
    parts.length || terms.length ? element("div", { class: "why" }, reasons(parts), common(terms)) : null);
}

// Age difference of an entry, if it is a month or more.
function gap(row, other) {
  const days = Math.round((Date.parse(data.published[other]) - Date.parse(data.published[row])) / 864e5);
  if (!(Math.abs(days) >= 30)) return null;
  const [count, unit] = Math.abs(days) < 365 ? [Math.floor(Math.abs(days) / 30.4), "month"] : [Math.floor(Math.abs(days) / 365.2) || 1, "year"];
  return `${plural(Math.max(1, count), unit)} ${days < 0 ? "older" : "newer"}`;
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
  const items = parts.flatMap((value, at) =>
    value ? [element("li", { class: `p${at % 6}` }, element("b", {}, data.part_names[at]), ` ${value.toPrecision(2)}`)] : []);
  return items.length ? element("ul", { class: "parts", "aria-label": "Parts of the score" }, ...items) : null;
}

function common(terms) {
  const items = [];
  for (let at = 0; at < terms.length; at += 2) {
    items.push(element("li", {}, element("b", { dir: "auto" }, data.term_names[terms[at]]), ` ${terms[at + 1].toPrecision(2)}`));
  }
  return items.length ? element("ul", { "aria-label": "Terms in common" }, element("li", { "aria-hidden": "true" }, "in common"), ...items) : null;
}

// Phrases of the article's text that name another article.
function suggested(links) {
  const items = links.map(([other, strength, before, phrase, after]) => element("li", {},
    element("p", { dir: "auto" }, before, element("mark", {}, phrase), after),
    element("p", { class: "meta" }, "to ", element("a", { href: address(other) }, title(other)), ` ${strength.toPrecision(2)}`)));
  return element("section", { class: "links" }, element("h3", {}, "Links for the text"), element("ul", { class: "few-words" }, ...items));
}

function shownUnder(rows) {
  const first = rows.slice(0, PAGE).map((row) => linked(row));
  const rest = rows.length - first.length;
  if (rest) first.push(element("li", { class: "none" }, `and ${number(rest)} more`));
  const summary = element("summary", {}, `Shown under ${plural(rows.length, "article")}`);
  return element("details", {}, summary, element("ul", { class: "few-words" }, ...first));
}

function linked(row, ...rest) {
  return element("li", {}, element("a", { href: address(row) }, title(row)), meta(row, ...rest));
}

function welcome(text) {
  const { about } = VIEWS[state.view];
  const keys = "The key / searches, arrows move, Enter opens, Escape goes back.";
  const top = state.view ? [] : [...data.ids.keys()].filter((row) => data.shown[row]).sort(ORDERS.shown).slice(0, 10);
  reader.replaceChildren(
    element("h2", { tabindex: "-1" }, text),
    element("p", { class: "hints" }, about),
    element("p", { class: "hints" }, keys),
    ...(top.length ? [element("h3", {}, "Shown most often")] : []),
    element("ol", { class: "few-words" }, ...top.map((row) => linked(row, `in ${plural(data.shown[row], "list")}`))));
}
