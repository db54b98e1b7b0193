// The map: a canvas with one point per article, and lines for the list of the open article. It has no animations.
const HUES = 10; // the largest sections have their own colour; the others share one
const hueOf = new Map([...sectionOf.options].filter((option) => option.value)
  .map((option) => +option.value)
  .map((at) => [at, listed.reduce((count, row) => count + (data.sections[row] === at), 0)])
  .sort((a, b) => b[1] - a[1]).slice(0, HUES).map(([at], hue) => [at, hue]));
const hue = (row) => hueOf.get(data.sections[row]) ?? (hueOf.size ? HUES : 0);
const byHue = Array.from({ length: HUES + 1 }, (_, at) => listed.filter((row) => hue(row) === at));

const atlas = {
  canvas: null, tip: null, sides: [1, 1], x: 0.5, y: 0.5, zoom: 1, at: null, drag: null, rows: new Set(),

  // Position of an article on the canvas in CSS pixels.
  spot(row) {
    const [wide, high] = atlas.sides;
    return [
      wide / 2 + (data.map[2 * row] / 9999 - atlas.x) * atlas.scale(0),
      high / 2 + (1 - data.map[2 * row + 1] / 9999 - atlas.y) * atlas.scale(1),
    ];
  },
  // Width and height of the map in pixels. It may be stretched by up to half to fill the canvas.
  scale: (axis) => (Math.min(atlas.sides[axis], 1.5 * Math.min(...atlas.sides)) - 40) * atlas.zoom,

  paint() {
    if (!atlas.canvas || atlas.awaited) return;
    atlas.awaited = true;
    requestAnimationFrame(atlas.draw);
  },

  draw() {
    atlas.awaited = false;
    const { canvas } = atlas;
    if (!canvas?.isConnected || !canvas.clientWidth) return;
    const [wide, high] = atlas.sides = [canvas.clientWidth, canvas.clientHeight];
    const dense = devicePixelRatio || 1;
    if (canvas.width !== Math.round(wide * dense) || canvas.height !== Math.round(high * dense)) {
      [canvas.width, canvas.height] = [Math.round(wide * dense), Math.round(high * dense)];
    }
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const ink = (name) => style.getPropertyValue(name).trim();
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, wide, high);
    const radius = Math.min(7, (data.lists < 500 ? 4.5 : data.lists < 4000 ? 2.8 : 1.7) * Math.sqrt(atlas.zoom));
    const open = state.row !== null && state.row < data.lists ? state.row : null;
    atlas.points(false, 0.12, radius, pen, ink);
    atlas.points(true, open === null ? 0.85 : 0.4, radius, pen, ink);
    if (open !== null) atlas.list(open, radius, pen, ink);
    atlas.pointed(radius, pen, ink);
  },

  // The articles that match the search, or those that do not.
  points(within, alpha, radius, pen, ink) {
    const [wide, high] = atlas.sides;
    pen.globalAlpha = alpha;
    byHue.forEach((rows, at) => {
      pen.fillStyle = ink(`--s${at}`);
      pen.beginPath();
      for (const row of rows) {
        if (atlas.rows.has(row) !== within) continue;
        const [x, y] = atlas.spot(row);
        if (x < -9 || y < -9 || x > wide + 9 || y > high + 9) continue;
        if (radius < 2) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius); // faster, and looks the same at this size
        else { pen.moveTo(x + radius, y); pen.arc(x, y, radius, 0, 7); }
      }
      pen.fill();
    });
    pen.globalAlpha = 1;
  },

  list(open, radius, pen, ink) {
    const related = data.related[open].filter((row) => row < data.lists);
    pen.strokeStyle = ink("--ink");
    pen.lineWidth = 1.2;
    for (const row of related) {
      pen.beginPath();
      pen.moveTo(...atlas.spot(open));
      pen.lineTo(...atlas.spot(row));
      pen.setLineDash(isFallback(open, row) ? [3, 5] : []);
      pen.stroke();
    }
    pen.setLineDash([]);
    for (const row of [...related, open]) {
      pen.beginPath();
      pen.arc(...atlas.spot(row), radius + (row === open ? 4 : 1.5), 0, 7);
      pen.fillStyle = ink(`--s${hue(row)}`);
      pen.lineWidth = row === open ? 2.5 : 1.2;
      pen.fill();
      pen.stroke();
    }
    atlas.ranks(open, related, radius, pen, ink);
  },

  // Draws the rank of each entry next to its point if there is room.
  ranks(open, related, radius, pen, ink) {
    const taken = [];
    pen.font = `600 12px ${getComputedStyle(document.documentElement).fontFamily}`;
    pen.lineWidth = 3;
    pen.strokeStyle = ink("--card");
    pen.fillStyle = ink("--ink");
    for (const row of related) {
      const [x, y] = atlas.spot(row);
      if (taken.some(([a, b]) => Math.abs(a - x) < 16 && Math.abs(b - y) < 12)) continue;
      taken.push([x, y]);
      const rank = `${data.related[open].indexOf(row) + 1}`;
      pen.strokeText(rank, x + radius + 4, y - 3);
      pen.fillText(rank, x + radius + 4, y - 3);
    }
  },

  // Marks the article selected by pointer or keyboard with a ring and shows its title.
  pointed(radius, pen, ink) {
    const { tip, at } = atlas;
    tip.hidden = at === null;
    if (at === null) return;
    const [x, y] = atlas.spot(at);
    pen.strokeStyle = ink("--accent");
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.arc(x, y, radius + 6, 0, 7);
    pen.stroke();
    tip.replaceChildren(title(at), meta(at, `in ${plural(data.shown[at], "list")}`));
    const [wide, high] = atlas.sides;
    tip.style.left = `${Math.max(4, Math.min(x + 14, wide - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 16 + tip.offsetHeight > high ? y - 16 - tip.offsetHeight : y + 16}px`;
  },

  nearest(x, y, reach) {
    let [best, closest] = [null, reach];
    for (const row of atlas.rows) {
      const [a, b] = atlas.spot(row);
      const away = Math.hypot(a - x, b - y);
      if (away < closest) [best, closest] = [row, away];
    }
    return best;
  },

  // The next article in the direction of an arrow key. Sideways distance counts double.
  next(from, [right, down]) {
    const [x, y] = atlas.spot(from);
    let [best, least] = [from, Infinity];
    for (const row of atlas.rows) {
      const [a, b] = atlas.spot(row);
      const ahead = (a - x) * right + (b - y) * down;
      const across = Math.abs((a - x) * down + (b - y) * right);
      if (ahead > 0 && across <= ahead && ahead + 2 * across < least) [best, least] = [row, ahead + 2 * across];
    }
    return best;
  },

  choose(row) {
    atlas.at = row;
    if (row !== null) {
      const [x, y] = atlas.spot(row);
      const [wide, high] = atlas.sides;
      if (x < 8 || y < 8 || x > wide - 8 || y > high - 8) {
        atlas.x += (x - wide / 2) / atlas.scale(0);
        atlas.y += (y - high / 2) / atlas.scale(1);
      }
    }
    found.textContent = row === null ? atlas.status : [nameOf(row), section(row), data.published[row]].filter(Boolean).join(" · ");
    atlas.paint();
  },

  // Zooms to the open article and its list.
  frameList() {
    if (state.row === null || state.row >= data.lists) return;
    const rows = [state.row, ...data.related[state.row]].filter((row) => row < data.lists);
    const [xs, ys] = [0, 1].map((axis) => rows.map((row) => data.map[2 * row + axis] / 9999));
    const span = (values) => Math.max(...values) - Math.min(...values);
    const middle = (values) => (Math.max(...values) + Math.min(...values)) / 2;
    atlas.zoom = Math.max(1, Math.min(40, 0.8 / Math.max(0.01, span(xs), span(ys))));
    [atlas.x, atlas.y] = [middle(xs), 1 - middle(ys)];
    atlas.paint();
  },

  magnify(times, x = atlas.sides[0] / 2, y = atlas.sides[1] / 2) {
    const zoom = Math.max(1, Math.min(60, atlas.zoom * times));
    const [wide, high] = atlas.sides;
    const [across, down] = [atlas.scale(0), atlas.scale(1)];
    atlas.zoom = zoom;
    atlas.x += (x - wide / 2) * (1 / across - 1 / atlas.scale(0));
    atlas.y += (y - high / 2) * (1 / down - 1 / atlas.scale(1));
    if (zoom === 1) [atlas.x, atlas.y] = [0.5, 0.5];
    atlas.paint();
  },
};

function drawMap(rows) {
  const heading = element("h2", { class: "unseen" }, "Map");
  if (!data.map) {
    const text = "There is no map because the articles have no vectors. Sites of fewer than 50 articles have none.";
    return { status: "", parts: [heading, element("p", { class: "none" }, text)] };
  }
  atlas.rows = new Set(rows);
  atlas.at = atlas.rows.has(atlas.at) ? atlas.at : null;
  const label = "Map of the articles. Arrow keys move from article to article, Enter opens one.";
  if (!atlas.canvas) {
    atlas.canvas = element("canvas", { tabindex: "0", role: "application", "aria-label": label });
    atlas.tip = element("div", { class: "tip", "aria-hidden": "true" });
    atlas.tools = element("div", { class: "tools" },
      tool("+", "Closer", () => atlas.magnify(1.6)), tool("−", "Farther", () => atlas.magnify(1 / 1.6)),
      tool("List", "Show the open article and its list", atlas.frameList), tool("All", "Show all of the map", () => atlas.magnify(0)));
    atlas.frame = element("div", { class: "map" }, atlas.canvas, atlas.tip, atlas.tools);
    new ResizeObserver(atlas.draw).observe(atlas.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", atlas.paint);
    listen(atlas.canvas);
  }
  atlas.paint();
  atlas.status = plural(rows.length, "article") + some(rows);
  return { status: atlas.status, parts: [heading, atlas.frame, legend()] };
}

function tool(sign, label, act) {
  const button = element("button", { type: "button", "aria-label": label, title: label }, sign);
  button.addEventListener("click", act);
  return button;
}

// The legend of section colours. Pressing a section shows only its articles.
function legend() {
  const items = [...hueOf].map(([at, place]) => {
    const button = element("button", { type: "button", class: `s${place}`, "aria-pressed": String(sectionOf.value === String(at)) }, data.section_names[at]);
    button.addEventListener("click", () => {
      sectionOf.value = sectionOf.value === String(at) ? "" : String(at);
      search();
      panel.querySelectorAll(".legend button")[place]?.focus();
    });
    return element("li", {}, button);
  });
  if (hueOf.size && listed.some((row) => hue(row) === HUES)) items.push(element("li", { class: `s${HUES} rest` }, "others, or none"));
  return element("ul", { class: "legend", "aria-label": "Sections" }, ...items);
}
