// The fragment of the address holds the open view and article, so links and the Back button work: #id, #/copies,
// #/copies/id. This file also handles the keys.
const VIEWS = {
  "": {
    label: "Articles", draw: drawArticles, title: "All lists",
    about: "Choose an article to see its related list.",
  },
  copies: {
    label: "Near copies", draw: drawCopies, title: "Near copies",
    about: "Articles with almost the same text form a group. A list holds at most one of a group. The first is preferred where nothing else decides.",
  },
  shown: {
    label: "Orphans and hubs", draw: drawShown, title: "Orphans and hubs",
    about: "Orphans appear in no list of another article. Hubs appear in far more lists than most.",
  },
  short: {
    label: "Short lists", draw: drawShort, title: "Short lists",
    about: `Articles with fewer than the ${data.k} entries of a full list, shortest first.`,
  },
  map: {
    label: "Map", draw: drawMap, title: "Map of the articles",
    about: "Each point is an article. Related articles are close together, and the colour shows the section. Choose a point to see its list drawn as lines (dashed: fallback). "
      + "Arrow keys move from point to point, + and − zoom, 0 shows the whole map.",
  },
};

function open() {
  const [, view, rest] = /^(?:\/(copies|shown|short|map)(?:\/|$))?(.*)$/s.exec(location.hash.slice(1));
  let id = rest;
  try { id = decodeURIComponent(rest); } catch { /* a broken escape is looked up as it stands */ }
  const changed = state.view !== (view ?? "");
  state.view = view ?? "";
  state.row = rowOf.get(id) ?? null;
  state.last = state.row ?? state.last;
  if (changed) { redraw(); find(".finder").scrollTop = 0; }
  document.body.classList.toggle("reading", id !== "");
  find(".back a").href = place(state.view);
  document.title = `${state.row === null ? (state.view ? `${VIEWS[state.view].title} · ` : "") : `${nameOf(state.row)} · `}Editor’s desk`;
  mark()?.scrollIntoView({ block: "nearest" });
  if (state.view === "map") atlas.paint();
  if (state.row !== null) return read(state.row);
  welcome(id ? `No article here has the id “${id}”.` : VIEWS[state.view].title);
  return null;
}

addEventListener("hashchange", () => {
  const onMap = document.activeElement?.tagName === "CANVAS";
  const heading = open();
  find(".reader").scrollTop = 0;
  scrollTo(0, document.body.classList.contains("reading") ? 0 : state.scroll);
  if (!onMap || !find("canvas")?.offsetParent) heading?.focus({ preventScroll: true });
});
panel.addEventListener("click", () => { state.scroll = scrollY; }); // scroll position to restore in a narrow window
for (const control of [sectionOf, languageOf, order, show]) control.addEventListener("change", search);
input.addEventListener("input", search);
pictures.addEventListener("change", () => { if (state.row !== null) read(state.row); });
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (state.view === "map" && state.rows.length) location.hash = address(state.rows[0]);
  else links()[0]?.click();
});

function back() {
  if (find("canvas")?.offsetParent || !input.offsetParent) {
    location.hash = place(state.view);
    find("canvas")?.focus();
  } else move(null, links().find((link) => link.tabIndex === 0));
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const focus = document.activeElement;
  const link = focus?.closest(".view a[data-row], .view .more");
  if (moved(event)) return;
  if (event.key === "ArrowDown" && focus === input) {
    event.preventDefault();
    (find("canvas") ?? links().find((other) => other.tabIndex === 0))?.focus();
  } else if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(focus?.tagName ?? "")) {
    event.preventDefault();
    if (document.body.classList.contains("reading") && !input.offsetParent) location.hash = place(state.view);
    document.body.classList.remove("reading"); // hashchange fires later, and hidden elements cannot take the focus
    input.focus();
    input.select();
  } else if (event.key === "Escape" && focus !== input && state.row !== null && !link) back();
});

search();
open();
