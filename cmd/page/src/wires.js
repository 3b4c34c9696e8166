// Where wires begin and end, and how they run.

/** routes gives each edge of a view its line: {d, x, y} with the place of its number. */
export const routes = ({ items, edges }) => {
  const out = items.map(() => []);
  const into = items.map(() => []);
  edges.forEach((e, i) => { out[e.from].push(i); into[e.to].push(i); });
  const middle = (i) => items[i].y + items[i].h / 2;
  const start = new Float64Array(edges.length);
  const end = new Float64Array(edges.length);
  // Along the side of an item, in the order of the other ends, so that they do not cross at it.
  const spread = (lists, places, other) => lists.forEach((list, i) => {
    list.sort((a, b) => middle(edges[a][other]) - middle(edges[b][other]) || a - b);
    const { y, h } = items[i];
    list.forEach((e, k) => { places[e] = y + h * (0.2 + 0.6 * (k + 1) / (list.length + 1)); });
  });
  spread(out, start, 'to');
  spread(into, end, 'from');
  return edges.map((e, i) => {
    const a = items[e.from];
    const b = items[e.to];
    const [x1, y1, x2, y2] = [a.x + a.w, start[i], b.x, end[i]];
    const bend = Math.max(14, Math.abs(x2 - x1) / 2);
    const d = `M${x1},${r(y1)}C${r(x1 + bend)},${r(y1)} ${r(x2 - bend)},${r(y2)} ${x2},${r(y2)}`;
    // The number stands near the end, where lines to one gate lie apart.
    const t = 0.78;
    const u = 1 - t;
    const at = (p0, p1, p2, p3) => u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
    return { d, x: r(at(x1, x1 + bend, x2 - bend, x2)), y: r(at(y1, y1, y2, y2)), ex: x2, ey: r(y2) };
  });
};

const r = (x) => Math.round(x * 10) / 10;
