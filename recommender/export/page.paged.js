// Draws long lists one page at a time. One link of the left panel is in the tab order; arrow keys reach the others.
const PAGE = 200;

function paged(kind, things, draw, size = PAGE) {
  const list = element(kind === "ol" ? "ol" : "ul", { class: kind === "groups" ? "groups" : "articles" });
  const more = element("button", { class: "more", type: "button" }, "Show more");
  let drawn = 0;
  function next() {
    const rest = things.slice(drawn, drawn + size);
    drawn += rest.length;
    list.append(...rest.map(draw));
    more.hidden = drawn === things.length;
  }
  more.addEventListener("click", () => {
    const at = drawn;
    next();
    move(links().find((link) => link.tabIndex === 0), list.children[at]?.querySelector("a"));
  });
  next();
  return [list, more];
}

function item(row, ...rest) {
  return element("li", {},
    element("a", { href: address(row), tabindex: "-1", "data-row": String(row) }, title(row), meta(row, ...rest)));
}

const links = () => [...panel.querySelectorAll("a[data-row]")];

// Puts the link read last, or else the first one, into the tab order.
function mark() {
  const all = links();
  for (const link of all) {
    if (link.tabIndex === 0) link.tabIndex = -1;
    link.removeAttribute("aria-current");
  }
  const link = panel.querySelector(`[data-row="${state.last}"]`);
  if (state.row !== null) link?.setAttribute("aria-current", "true");
  const entry = link ?? all[0];
  if (entry) entry.tabIndex = 0;
  return link;
}

function move(from, to) {
  if (!to) return;
  if (from) from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

// The target of an arrow key from a link of the left panel. The button "Show more" follows the last link.
function step(key, link) {
  const stops = [...panel.querySelectorAll("a[data-row], button.more:not([hidden])")];
  const at = stops.indexOf(link);
  if (key === "ArrowDown") return stops[at + 1];
  if (key === "ArrowUp") return stops[at - 1] ?? input;
  const all = links();
  return { Home: all[0], End: all.at(-1) }[key];
}
