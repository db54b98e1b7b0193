// The list of the open article, with what an editor can do to it.
const SOURCES = { pinned: "pinned", section: "fallback: same section", newest: "fallback: newest", popular: "fallback: popular", orphan: "in no other list", series: "part of the series" };
let opened = null; // the article that is read, as the service gave it

async function read(version = 0) {
  const { id } = state;
  try {
    const answer = await askFrom(version, queried("article", { id }));
    if (id !== state.id) return null;
    opened = answer;
  } catch (error) {
    if (id !== state.id) return null;
    opened = null;
    if (error.status === 404) welcome(`No article here has the id “${id}”.`);
    else report(error, button("Try again", () => read()));
    return null;
  }
  document.title = `${nameOf(opened.article)} · Editor’s desk`;
  return drawReader();
}

function drawReader() {
  const { article, related: entries, under } = opened;
  const heading = title(article, "h2");
  heading.tabIndex = -1;
  const url = /^https?:\/\//i.test(article.url) && element("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, "open the article");
  const list = entries.length
    ? element("ol", { class: "related" }, ...entries.map(entryOf))
    : element("p", { class: "none" }, "No article is related enough: the list is empty.");
  reader.replaceChildren(
    heading, meta(article, inLists(article), article.id, url),
    list,
    element("p", { class: "buttons" },
      button("Why these", explain, { class: "reasons" }),
      everywhere(article) ? null : button("Keep out of every list", () => decide(`${ruleAddress(article.id)}/everywhere`, {}))),
    pinForm(),
    ...ownRules(), ...shownUnder(under));
  return heading;
}

function entryOf(entry, at) {
  const rule = ruleOn(entry.id, "pin");
  const source = entry.source === "related" ? null : badge(SOURCES[entry.source] ?? entry.source, entry.source === "pinned" ? "pinned" : "fallback");
  const by = rule && (rule.by ? ["by ", rule.by, rule.at ? " " : "", rule.at && moment(rule.at)] : [rule.source]);
  return element("li", { "data-id": entry.id },
    element("span", { class: "rank" }, at + 1),
    element("div", {},
      element("a", { href: address(entry.id) }, title(entry)), meta(entry, source, by && element("span", {}, ...by)),
      entry.description ? element("p", { class: "description", dir: "auto" }, entry.description) : null,
      entryButtons(entry, at + 1, rule)),
    element("span", { class: "score" }, entry.score.toFixed(2)),
    element("div", { class: "why" }));
}

// Every button names the article that it is about, for those who hear the page.
function entryButtons(entry, rank, rule) {
  const about = (text, onclick) => button(text, onclick, { "aria-label": `${text}: ${nameOf(entry)}`, "data-key": `${text} ${entry.id}` });
  const [pin, block] = ["pins", "blocks"].map((kind) => ruleAddress(opened.article.id, kind).replace(/$/, `/${encodeURIComponent(entry.id)}`));
  return element("p", { class: "buttons" },
    rule ? about("Unpin", () => withdraw(rule)) : about("Pin here", () => decide(pin, { position: rank })),
    about("Block", () => decide(block, {})),
    about("Block in both lists", () => decide(block, { pair: true })));
}

const ruleOn = (other, action) => opened.rules.find((rule) => rule.action === action && rule.article === opened.article.id && rule.other === other);
const everywhere = (article) => opened.rules.find((rule) => rule.action === "block-everywhere" && rule.article === article.id);

function ruleText(rule, titles) {
  const name = (id) => element("a", { href: address(id), dir: "auto" }, titles[id] || id);
  const [one, other] = [name(rule.article), rule.other !== null && name(rule.other)];
  const where = rule.position ? `, position ${rule.position}` : "";
  return {
    pin: ["Pin: ", other, " under ", one, where], block: ["Block: ", other, " under ", one],
    "block-pair": ["Block: ", one, " and ", other, " in both lists"], "block-everywhere": ["Block: ", one, " in every list"],
  }[rule.action];
}

const said = (rule) => dotted(rule.by, rule.at && moment(rule.at), rule.source !== "desk" && rule.source);

function ownRules() {
  if (!opened.rules.length) return [];
  const rows = opened.rules.map((rule) => element("li", {},
    element("p", {}, ...ruleText(rule, opened.titles)), said(rule),
    button("Withdraw", () => withdraw(rule), { "aria-label": `Withdraw ${rule.action} of ${opened.titles[rule.other] ?? rule.other ?? nameOf(opened.article)}` })));
  return [element("section", { class: "rules" }, element("h3", {}, "Rules of this article"), element("ul", { class: "few-words" }, ...rows))];
}

function shownUnder({ total, articles }) {
  if (!total) return [];
  const rows = articles.map((article) => linked(article));
  if (total > articles.length) rows.push(element("li", { class: "none" }, `and ${number(total - articles.length)} more`));
  const summary = element("summary", {}, `Shown under ${plural(total, "article")}`);
  return [element("details", {}, summary, element("ul", { class: "few-words" }, ...rows))];
}

// The reasons take longer than the list, so they come when they are asked for.
async function explain() {
  try {
    const { reasons } = await ask(queried("why", { id: state.id }));
    for (const row of reader.querySelectorAll(".related > li")) {
      const { parts, terms } = reasons[row.dataset.id] ?? { parts: {}, terms: {} };
      const words = (values, label) => Object.keys(values).length && element("ul", { "aria-label": label },
        ...Object.entries(values).map(([name, value]) => element("li", {}, element("b", { dir: "auto" }, name), ` ${value}`)));
      row.querySelector(".why").replaceChildren(...[words(parts, "Parts of the score"), words(terms, "Terms in common")].filter(Boolean));
    }
  } catch (error) {
    report(error);
  }
}

function welcome(text) {
  const heading = element("h2", { tabindex: "-1" }, text);
  reader.replaceChildren(heading,
    element("p", { class: "hints" }, VIEWS[state.view].about),
    element("p", { class: "hints" }, "The key / searches, arrows move, Enter opens, Escape goes back."));
  document.title = `${state.view ? `${VIEWS[state.view].title} · ` : ""}Editor’s desk`;
  return heading;
}
