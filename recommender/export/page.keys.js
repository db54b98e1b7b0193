// How keys move through the links of the left panel, in the exported page and in the live one. A link has the row of its
// article, data-row, or its id, data-id.
const links = () => [...panel.querySelectorAll("a[data-row], a[data-id]")];

// Puts the link read last, or else the first one, into the tab order; arrow keys reach the others.
function mark() {
  const all = links();
  for (const link of all) {
    if (link.tabIndex === 0) link.tabIndex = -1;
    link.removeAttribute("aria-current");
  }
  const link = all.find((each) => (each.dataset.id ?? each.dataset.row) === String(state.last));
  if ((state.id ?? state.row ?? null) !== null) link?.setAttribute("aria-current", "true");
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
  const stops = [...panel.querySelectorAll("a[data-row], a[data-id], button.more:not([hidden])")];
  const at = stops.indexOf(link);
  if (key === "ArrowDown") return stops[at + 1];
  if (key === "ArrowUp") return stops[at - 1] ?? input;
  const all = links();
  return { Home: all[0], End: all.at(-1) }[key];
}

// Moves the focus by an arrow key, Home or End, from a link of the left panel, or from its button. False if it is another key.
function moved(event) {
  const link = document.activeElement?.closest(".view a[data-row], .view a[data-id], .view .more");
  if (!link || !/^(ArrowDown|ArrowUp|Home|End)$/.test(event.key)) return false;
  event.preventDefault();
  const to = step(event.key, link);
  if (to === input || to?.className === "more") to.focus();
  else move(links().find((other) => other.tabIndex === 0), to);
  return true;
}
