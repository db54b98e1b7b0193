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
