// Where wires begin and end, and how they run.

/** ends lists all that a wire may end at: the items, then the frames; its index of one end of an edge is end(index). */
export const ends = (view) => [...view.items, ...view.frames];
export const end = (view, index) => (index >= 0 ? index : view.items.length - 1 - index);

/** routes gives each edge of a view its line: {d, x, y} with the place of its number. */
export const routes = (view) => {
  const { edges } = view;
  const all = ends(view);
  const out = all.map(() => []);
  const into = all.map(() => []);
  const [from, to] = [edges.map((e) => end(view, e.from)), edges.map((e) => end(view, e.to))];
  edges.forEach((_, i) => { out[from[i]].push(i); into[to[i]].push(i); });
  const middle = (i) => all[i].y + all[i].h / 2;
  const start = new Float64Array(edges.length);
  const stop = new Float64Array(edges.length);
  // Along the side of an item, in the order of the other ends, so that they do not cross at it.
  const spread = (lists, places, other) => lists.forEach((list, i) => {
    list.sort((a, b) => middle(other[a]) - middle(other[b]) || a - b);
    const { y, h } = all[i];
    list.forEach((e, k) => { places[e] = y + h * (0.12 + 0.76 * (k + 1) / (list.length + 1)); });
  });
  spread(out, start, to);
  spread(into, stop, from);
  return edges.map((e, i) => {
    const [a, b] = [all[from[i]], all[to[i]]];
    const [x1, y1, x2, y2] = [a.x + a.w, start[i], b.x, stop[i]];
    const bend = x2 > x1 ? Math.max(14, (x2 - x1) / 2) : 60;
    const d = `M${x1},${r(y1)}C${r(x1 + bend)},${r(y1)} ${r(x2 - bend)},${r(y2)} ${x2},${r(y2)}`;
    // The number stands near the end, where lines to one gate lie apart.
    const t = 0.78;
    const u = 1 - t;
    const at = (p0, p1, p2, p3) => u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
    return { d, x: r(at(x1, x1 + bend, x2 - bend, x2)), y: r(at(y1, y1, y2, y2)), ex: x2, ey: r(y2) };
  });
};

const r = (x) => Math.round(x * 10) / 10;
