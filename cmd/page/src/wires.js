// Where wires begin and end, and how they run.

/** ends lists all that a wire may end at: the items, then the frames; its index of one end of an edge is end(index). */
export const ends = (view) => [...view.items, ...view.frames];
export const end = (view, index) => (index >= 0 ? index : view.items.length - 1 - index);

/** routes gives each edge of a view its line: {d, points, curve, ex, ey, room}: a path; the points that it goes through; the path as numbers,
    x,y and then for each piece the six of a cubic curve; its end, and the room that a number has there. */
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
  const free = edges.length <= mostRouted && !view.crowd ? gaps(view) : () => [];
  return edges.map((_, i) => {
    const [a, b] = [all[from[i]], all[to[i]]];
    const points = [[a.x + a.w, start[i]], ...free(a, b, start[i], stop[i]), [b.x, stop[i]]];
    let d = `M${r(points[0][0])},${r(points[0][1])}`;
    const curve = [...points[0]];
    for (let k = 1; k < points.length; k++) {
      const [[x1, y1], [x2, y2]] = [points[k - 1], points[k]];
      const bend = x2 > x1 ? Math.max(8, (x2 - x1) / 2) : 60;
      curve.push(x1 + bend, y1, x2 - bend, y2, x2, y2);
      d += y1 === y2 && x2 > x1 ? `H${r(x2)}` : `C${r(x1 + bend)},${r(y1)} ${r(x2 - bend)},${r(y2)} ${r(x2)},${r(y2)}`;
    }
    return { d, points, curve, ex: b.x, ey: r(stop[i]), room: b.h * 0.76 / (into[to[i]].length + 1) };
  });
};

const mostRouted = 2500; // edges that are led around boxes; of more, nobody can follow one by eye

/** gaps returns how wires pass the boxes of columns between their ends: through the nearest gap of each. */
const gaps = ({ items, columns }) => {
  const width = 120; // of a box in one column
  const taken = columns.map((c) => items.filter((i) => i.x < c.x + width && i.x + i.w > c.x)
    .map((i) => [i.y - 5, i.y + i.h + 5]).sort((p, q) => p[0] - q[0]));
  const nearest = (list, y) => {
    const at = list.findIndex(([lo, hi]) => lo < y && y < hi);
    if (at < 0) return y;
    let [up, down] = [at, at]; // boxes that touch leave no gap
    while (up > 0 && list[up - 1][1] > list[up][0]) up--;
    while (down + 1 < list.length && list[down + 1][0] < list[down][1]) down++;
    return y - list[up][0] < list[down][1] - y ? list[up][0] : list[down][1];
  };
  return (a, b, y1, y2) => {
    const points = [];
    const [x1, x2] = [a.x + a.w, b.x];
    columns.forEach((c, k) => {
      if (c.x <= x1 || c.x + width >= x2) return;
      const y = nearest(taken[k], y1 + (y2 - y1) * (c.x + width / 2 - x1) / (x2 - x1));
      points.push([c.x, y], [c.x + width, y]);
    });
    return points;
  };
};

const r = (x) => Math.round(x * 10) / 10;
