// What is at a point of a view: items by a grid, wires by their distance.
const [wide, high] = [200, 160]; // of a cell

/** grid puts the items of a view into cells, and returns at(x, y), the index of the item there or −1. */
export const grid = (items) => {
  const cells = new Map();
  const column = (x) => Math.floor(x / wide);
  const row = (y) => Math.floor(y / high);
  const key = (cx, cy) => cx * 0x200000 + cy;
  items.forEach((item, i) => {
    for (let cx = column(item.x); cx <= column(item.x + item.w); cx++) {
      for (let cy = row(item.y); cy <= row(item.y + item.h); cy++) {
        const list = cells.get(key(cx, cy));
        if (list) list.push(i);
        else cells.set(key(cx, cy), [i]);
      }
    }
  });
  return (x, y) => (cells.get(key(column(x), row(y))) ?? []).findLast((i) => {
    const { x: left, y: top, w, h } = items[i];
    return x >= left && x <= left + w && y >= top && y <= top + h;
  }) ?? -1;
};

/** bounds returns the rectangles around lines, four numbers each: left, top, right, bottom. */
export const bounds = (lines) => {
  const all = new Float32Array(4 * lines.length);
  lines.forEach(({ curve }, i) => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < curve.length; k += 2) {
      left = Math.min(left, curve[k]);
      right = Math.max(right, curve[k]);
      top = Math.min(top, curve[k + 1]);
      bottom = Math.max(bottom, curve[k + 1]);
    }
    all.set([left, top, right, bottom], 4 * i);
  });
  return all;
};

const pieces = 16; // straight ones in a piece of a curve

/** nearestLine returns the index of the line that passes a point nearest, no farther than far, or −1. */
export const nearestLine = (lines, boxes, x, y, far) => {
  let [best, least] = [-1, far * far];
  for (let i = 0; i < lines.length; i++) {
    if (x < boxes[4 * i] - far || y < boxes[4 * i + 1] - far || x > boxes[4 * i + 2] + far || y > boxes[4 * i + 3] + far) continue;
    const { curve } = lines[i];
    let [ax, ay] = curve;
    for (let k = 2; k < curve.length; k += 6) {
      const [x0, y0] = [curve[k - 2], curve[k - 1]];
      for (let s = 1; s <= pieces; s++) {
        const t = s / pieces;
        const u = 1 - t;
        const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
        const bx = a * x0 + b * curve[k] + c * curve[k + 2] + d * curve[k + 4];
        const by = a * y0 + b * curve[k + 1] + c * curve[k + 3] + d * curve[k + 5];
        const [dx, dy] = [bx - ax, by - ay];
        const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
        const distance = (ax + along * dx - x) ** 2 + (ay + along * dy - y) ** 2;
        if (distance < least) [best, least] = [i, distance];
        [ax, ay] = [bx, by];
      }
    }
  }
  return best;
};
