// The views of the left side. Each returns a promise of { status, parts }.
const VIEWS = {
  "": { label: "Articles", draw: drawArticles, title: "All lists", about: "Choose an article to see its related list, and to pin and block." },
  meaning: {
    label: "By meaning", draw: drawMeaning, title: "Search by meaning",
    about: "Articles that are related to a draft, although they may share no word with its title. The draft is not kept.",
  },
  copies: {
    label: "Near copies", draw: drawCopies, title: "Near copies",
    about: "Articles with almost the same text form a group. A list holds at most one of a group. The first is preferred where nothing else decides.",
  },
  shown: {
    label: "Orphans and hubs", draw: drawShown, title: "Orphans and hubs",
    about: "Orphans appear in no list of another article. Hubs appear in far more lists than most.",
  },
  short: { label: "Short lists", draw: drawShort, title: "Short lists", about: "Articles whose lists are not full, shortest first." },
  decisions: {
    label: "Decisions", draw: drawDecisions, title: "Decisions",
    about: "Who pinned and blocked what, the latest first. Undo restores the rule as it was before.",
  },
  health: { label: "Health", draw: drawHealth, title: "Health", about: "How the lists are now." },
};

const unseen = (text) => element("h2", { class: "unseen" }, text);

function articlesFrom(values, note, kind = "ul") {
  const load = async (offset) => {
    const answer = await ask(queried("articles", { ...values, offset, limit: PAGE }));
    return { total: answer.total, things: answer.articles };
  };
  return paged(element(kind, { class: "articles" }), load, (article) => item(article, note(article)));
}

const filters = () => ({ q: input.value, section: sectionOf.value, language: languageOf.value });
const some = (total) => (total < state.site.articles ? ` of ${number(state.site.articles)}` : "");

async function drawArticles() {
  const { total, parts } = await articlesFrom({ ...filters(), show: show.value, order: order.value }, lengthOf);
  return { status: plural(total, "article") + some(total), parts: [unseen("Articles"), parts] };
}

async function drawShown() {
  const hubs = await articlesFrom({ ...filters(), show: "hubs", order: "shown" }, inLists, "ol");
  const orphans = await articlesFrom({ ...filters(), show: "orphans" }, lengthOf);
  return {
    status: `${plural(orphans.total, "article")} in no list${some(orphans.total)}`,
    parts: [unseen("Orphans and hubs"), element("h3", {}, `In no list (${number(orphans.total)})`), orphans.parts, element("h3", {}, "Shown most often"), hubs.parts],
  };
}

async function drawShort() {
  const { total, parts } = await articlesFrom({ ...filters(), show: "short", order: "shortest" }, lengthOf);
  return { status: `${plural(total, "list")} with fewer than ${plural(state.site.k, "entry", "entries")}`, parts: [unseen("Short lists"), parts] };
}

async function drawCopies() {
  const load = async (offset) => {
    const answer = await ask(queried("copies", { offset, limit: 20 }));
    return { total: answer.total, things: answer.groups };
  };
  const { total, parts } = await paged(element("ul", { class: "groups" }), load, copyGroup);
  return { status: total ? plural(total, "group") : "No near copies", parts: [unseen("Near copies"), parts] };
}

function copyGroup(group) {
  const members = group.articles.map((article, at) => item(article, inLists(article), at === 0 && badge("preferred")));
  const rest = group.size - group.articles.length;
  if (rest) members.push(element("li", { class: "none" }, `and ${number(rest)} more`));
  return element("li", {}, element("ul", { class: "articles", "aria-label": `${group.size} near copies` }, ...members));
}

async function draw() {
  const turn = (state.turn += 1);
  const view = VIEWS[state.view];
  find(".finder").setAttribute("aria-label", view.label);
  controls.hidden = ["meaning", "copies", "decisions", "health"].includes(state.view);
  meaning.hidden = state.view !== "meaning";
  for (const select of [order, show]) select.closest("label").hidden = state.view !== "";
  for (const link of document.querySelectorAll(".views a")) {
    if (link.hash === place(state.view).replace(/^#$/, "")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.body.dataset.view = state.view || "articles";
  try {
    const { status, parts } = await view.draw();
    if (turn !== state.turn) return; // another view was opened meanwhile
    found.textContent = status;
    panel.replaceChildren(...parts.flat(2).filter(Boolean));
    mark()?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (turn === state.turn) report(error, button("Try again", draw));
  }
}
