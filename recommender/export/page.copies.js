// The view of near copies. The preferred copy comes first in each group.
function drawCopies(matched) {
  const heading = element("h2", { class: "unseen" }, "Near copies");
  if (data.groups === null) {
    const text = "This site was built without detecting near copies. Build it again to see them here.";
    return { status: "", parts: [heading, element("p", { class: "none" }, text)] };
  }
  const rows = new Set(matched);
  const groups = data.groups.filter((group) => group.some((row) => rows.has(row)));
  const articles = groups.reduce((sum, group) => sum + group.length, 0);
  const status = groups.length ? `${plural(groups.length, "group")}, ${plural(articles, "article")}` : "No near copies";
  return { status, parts: [heading, paged("groups", groups, copyGroup, 50)] };
}

function copyGroup(group) {
  const members = group.slice(0, PAGE).map((row, at) => item(row, `in ${plural(data.shown[row], "list")}`, at === 0 && badge("preferred")));
  if (group.length > PAGE) members.push(element("li", { class: "none" }, `and ${number(group.length - PAGE)} more`));
  return element("li", {}, element("ul", { class: "articles", "aria-label": `${group.length} near copies` }, ...members));
}

const badge = (text, kind = "") => element("span", { class: `badge ${kind}`.trim() }, text);
