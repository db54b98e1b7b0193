// Pieces of pages: titles, meta lines, links to articles, lists that are loaded page by page, bar charts.
const PAGE = 50;
const tag = (article) => (/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(article.language ?? "") ? article.language : "");

function title(article, kind = "span") {
  return element(kind, { class: "title", dir: "auto", lang: tag(article) }, nameOf(article));
}

function dotted(...items) {
  return element("span", { class: "meta" }, ...items.filter(Boolean).flatMap((item, at) => (at ? [" · ", item] : [item])));
}

function meta(article, ...rest) {
  const date = article.published && element("time", { datetime: article.published }, article.published);
  const language = (state.site?.languages.length ?? 0) > 1 && article.language;
  return dotted(article.section, date, language, ...rest);
}

const badge = (text, kind = "") => element("span", { class: `badge ${kind}`.trim() }, text);
const inLists = (article) => (article.shown ? `in ${plural(article.shown, "list")}` : "in no list");

function lengthOf(article) {
  const text = article.length ? `${article.length} related` : "empty list";
  return element("span", { class: article.length < state.site.k ? "few" : "" }, text);
}

function item(article, ...rest) {
  return element("li", {},
    element("a", { href: address(article.id), tabindex: "-1", "data-id": article.id }, title(article), meta(article, ...rest)));
}

function linked(article, ...rest) {
  return element("li", {}, element("a", { href: address(article.id) }, title(article)), meta(article, ...rest));
}

// A list whose next page is loaded by a button. `load(offset)` returns { total, things }.
async function paged(list, load, draw) {
  const more = button("Show more", next, { class: "more" });
  let drawn = 0;
  async function next() {
    const { total, things } = await load(drawn);
    const at = drawn;
    drawn += things.length;
    list.append(...things.map(draw));
    more.hidden = drawn >= total || !things.length;
    if (at) move(links().find((link) => link.tabIndex === 0), list.children[at]?.querySelector("a"));
    return total;
  }
  more.hidden = true;
  return { total: await next(), parts: [list, more] };
}
