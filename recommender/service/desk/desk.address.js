// The fragment of the address holds the open view and article, so links and the Back button work: #id, #/short,
// #/short/id. This file also handles the keys, and starts the page.
async function open() {
  const [, view, rest] = /^(?:\/(meaning|copies|shown|short|decisions|health)(?:\/|$))?(.*)$/s.exec(location.hash.slice(1));
  let id = rest;
  try { id = decodeURIComponent(rest); } catch { /* a broken escape is looked up as it stands */ }
  const changed = state.view !== (view ?? "");
  state.view = view ?? "";
  state.id = id || null;
  state.last = state.id ?? state.last;
  document.body.classList.toggle("reading", id !== "");
  find(".back a").href = place(state.view);
  if (changed) {
    find(".finder").scrollTop = 0;
    await draw();
  }
  mark()?.scrollIntoView({ block: "nearest" });
  if (state.id !== null) return read();
  opened = null;
  return welcome(VIEWS[state.view].title);
}

addEventListener("hashchange", async () => {
  const heading = await open();
  find(".reader").scrollTop = 0;
  scrollTo(0, document.body.classList.contains("reading") ? 0 : state.scroll);
  heading?.focus({ preventScroll: true });
});
panel.addEventListener("click", () => { state.scroll = scrollY; }); // scroll position to restore in a narrow window
for (const control of [sectionOf, languageOf, order, show]) control.addEventListener("change", draw);
let waiting = 0;
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 150); // one request for a word, not for each letter
});
controls.addEventListener("submit", (event) => {
  event.preventDefault();
  links()[0]?.click();
});
find("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  (reader.querySelector("h2") ?? input).focus();
});

function back() {
  if (!input.offsetParent) location.hash = place(state.view);
  else move(null, links().find((link) => link.tabIndex === 0));
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const focus = document.activeElement;
  const link = focus?.closest(".view a[data-id], .view .more");
  if (moved(event)) return;
  if (event.key === "ArrowDown" && focus === input) {
    event.preventDefault();
    links().find((other) => other.tabIndex === 0)?.focus();
  } else if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(focus?.tagName ?? "") && !controls.hidden) {
    event.preventDefault();
    document.body.classList.remove("reading"); // what is hidden cannot take the focus
    input.focus();
    input.select();
  } else if (event.key === "Escape" && account.open) {
    account.open = false;
    account.querySelector("summary").focus();
  } else if (event.key === "Escape" && focus !== input && state.id !== null && !link) back();
});

async function counts(version = 0) {
  state.site = await askFrom(version, "site");
  const { site } = state;
  const pair = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
  const most = site.most_shown && element("div", { class: "hub" }, element("dt", {}, "Most shown"),
    element("dd", {}, element("a", { href: `#${encodeURIComponent(site.most_shown.id)}`, dir: "auto" }, nameOf(site.most_shown)), element("span", {}, inLists(site.most_shown))));
  find(".counts").replaceChildren(...[pair("Articles", number(site.articles)), pair("Lists", number(site.lists)),
    pair("Mean length", site.mean_length.toFixed(1)), pair("Orphans", number(site.orphans)), most].filter(Boolean));
}

function choices(select, values) {
  while (select.options.length > 1) select.remove(1);
  select.append(...values.map(({ name, articles }) => element("option", { value: name }, `${name} (${number(articles)})`)));
  select.closest("label").hidden = values.length < 2;
}

async function begin() {
  showAccount();
  try {
    await counts();
  } catch (error) {
    report(error, button("Try again", begin));
    return;
  }
  choices(sectionOf, state.site.sections);
  choices(languageOf, state.site.languages);
  state.view = null; // so that the view of the address is drawn
  await open();
}

begin();
