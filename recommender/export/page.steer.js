// Pointer and keyboard control of the map.
function listen(canvas) {
  const here = (event) => [event.offsetX, event.offsetY];
  canvas.addEventListener("pointermove", (event) => {
    if (atlas.drag) {
      const [x, y] = here(event);
      atlas.x = atlas.drag.x - (x - atlas.drag.at[0]) / atlas.scale(0);
      atlas.y = atlas.drag.y - (y - atlas.drag.at[1]) / atlas.scale(1);
      atlas.drag.far ||= Math.hypot(x - atlas.drag.at[0], y - atlas.drag.at[1]) > 4;
    } else atlas.at = atlas.nearest(...here(event), 12);
    atlas.paint();
  });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    atlas.drag = { at: here(event), x: atlas.x, y: atlas.y, far: false };
  });
  canvas.addEventListener("pointerleave", () => { if (!atlas.drag) atlas.choose(null); });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => setTimeout(() => { atlas.drag = null; }));
  canvas.addEventListener("click", (event) => {
    const row = atlas.drag?.far ? null : atlas.nearest(...here(event), 14);
    if (row !== null) location.hash = address(row);
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    atlas.magnify(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...here(event));
  }, { passive: false });
  canvas.addEventListener("focus", () => {
    if (atlas.at !== null || !canvas.matches(":focus-visible")) return;
    const start = atlas.rows.has(state.last) ? state.last : atlas.nearest(...atlas.sides.map((side) => side / 2), Infinity);
    atlas.choose(start);
  });
  canvas.addEventListener("blur", () => atlas.choose(null));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const zoom = { "+": 1.6, "=": 1.6, "-": 1 / 1.6, 0: 0 }[event.key];
    if (way && atlas.at !== null) atlas.choose(atlas.next(atlas.at, way));
    else if (zoom !== undefined) atlas.magnify(zoom);
    else if (event.key === "Enter" && atlas.at !== null) location.hash = address(atlas.at);
    else return;
    event.preventDefault();
  });
}
