// A small bar chart of counts. Its label gives all values as text.
function histogram(label, bars) {
  const [width, height, wide] = [384, 96, 384 / Math.max(1, bars.length)];
  const top = Math.max(1, ...bars.map((bar) => bar.count));
  const text = `${label}: ${bars.map((bar) => `${bar.label}: ${number(bar.count)}`).join("; ")}`;
  const drawn = bars.map((bar, at) => {
    const tall = bar.count ? Math.max(1.5, (bar.count / top) * 62) : 0;
    const middle = at * wide + wide / 2;
    return drawing("g", {},
      drawing("rect", { x: at * wide + 2, y: height - 18 - tall, width: wide - 4, height: tall, rx: 1.5 }),
      drawing("text", { x: middle, y: height - 23 - tall, class: "count" }, number(bar.count)),
      drawing("text", { x: middle, y: height - 4 }, bar.label));
  });
  return element("figure", {},
    drawing("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text }, ...drawn),
    element("figcaption", { "aria-hidden": "true" }, label));
}
