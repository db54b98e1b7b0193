// The views of orphans and hubs, and of short lists.
function drawShown(matched) {
  const hubs = matched.filter((row) => data.shown[row]).sort(ORDERS.shown);
  const orphans = matched.filter((row) => !data.shown[row]);
  const copies = orphans.filter((row) => copyNote(row) === "near copy").length;
  const times = (row) => `in ${plural(data.shown[row], "list")}, ${(data.shown[row] / data.mean).toFixed(1)} × the mean`;
  const status = `${plural(orphans.length, "article")} in no list${copies ? `, ${number(copies)} of them near copies` : ""}${some(matched)}`;
  return { status, parts: [
    element("h2", { class: "unseen" }, "Orphans and hubs"),
    histogram("Articles by the number of lists they are in", doubling(matched.map((row) => data.shown[row]))),
    element("h3", {}, "Shown most often"),
    paged("ol", hubs, (row) => item(row, times(row)), 20),
    element("h3", {}, `In no list (${number(orphans.length)})`),
    paged("ul", orphans, (row) => item(row, copyNote(row))),
  ] };
}

// Bars of a histogram with doubling ranges: 0, 1, 2, 3–4, 5–8 and so on.
function doubling(counts) {
  const bin = (count) => (count < 2 ? count : 1 + Math.ceil(Math.log2(count)));
  const bars = Array.from({ length: 1 + Math.max(1, ...new Set(counts.map(bin))) }, (_, at) =>
    ({ count: 0, label: at < 3 ? `${at}` : `${2 ** (at - 2) + 1}–${2 ** (at - 1)}` }));
  for (const count of counts) bars[bin(count)].count += 1;
  return bars;
}

function drawShort(matched) {
  const size = (row) => data.related[row].length;
  const rows = matched.filter((row) => size(row) < data.k).sort((a, b) => size(a) - size(b) || a - b);
  const empty = rows.filter((row) => !size(row)).length;
  const status = `${plural(rows.length, "list")} with fewer than ${plural(data.k, "entry").replace("entrys", "entries")}, ${number(empty)} empty`;
  const bars = Array.from({ length: data.k + 1 }, (_, count) => ({ count: 0, label: `${count}` }));
  for (const row of matched) bars[Math.min(size(row), data.k)].count += 1;
  return { status, parts: [
    element("h2", { class: "unseen" }, "Short lists"),
    data.k <= 20 && histogram("Lists by the number of their entries", bars),
    paged("ul", rows, (row) => item(row, shortness(row), sourceNote(row))),
  ].filter(Boolean) };
}

const shortness = (row) => element("span", { class: "few" }, data.related[row].length ? `${data.related[row].length} of ${data.k}` : "empty list");

// Number of entries of a list that do not come from the ranking.
function sourceNote(row) {
  const count = data.related[row].filter((other) => isFallback(row, other)).length;
  return count ? `${count} by fallback` : null;
}
