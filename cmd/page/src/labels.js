// Where the numbers on wires stand: each on its own line, as near to its end as there is room, and none where it would
// meet a box, another number or another line. Figures of package sketch place them in a like way.
import { ends } from './wires.js';

const size = 11; // of the text, as in page.css
const [high, step] = [size + 2, 6];
const farthest = 240; // from the end of a line: farther off nobody looks for its number

/** sampled are points on the curves of a line, ten on each. */
const sampled = (points) => {
  const list = [points[0]];
  for (let k = 1; k < points.length; k++) {
    const [[x1, y1], [x2, y2]] = [points[k - 1], points[k]];
    const bend = x2 > x1 ? Math.max(8, (x2 - x1) / 2) : 60;
    for (let i = 1; i <= 10; i++) {
      const [t, u] = [i / 10, 1 - i / 10];
      list.push([u * u * u * x1 + 3 * u * u * t * (x1 + bend) + 3 * u * t * t * (x2 - bend) + t * t * t * x2, (u * u * u + 3 * u * u * t) * y1 + (3 * u * t * t + t * t * t) * y2]);
    }
  }
  const ys = list.map(([, y]) => y);
  return Object.assign(list, { top: Math.min(...ys), bottom: Math.max(...ys) });
};

/** near tells whether a line passes where a number at a point would stand: it would not say whose it is. */
const near = (line, [x, y]) => {
  if (y < line.top - size || y > line.bottom + size) return false;
  for (let k = 1; k < line.length; k++) {
    const [[ax, ay], [bx, by]] = [line[k - 1], line[k]];
    if (ax <= x && bx >= x && ax !== bx && Math.abs(ay + (by - ay) * (x - ax) / (bx - ax) - y) < size / 2) return true;
  }
  return false;
};

const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** places gives each text the middle of its place on its line, or undefined where there is no room. */
export const places = (view, lines, texts) => {
  const all = lines.map((l) => sampled(l.points));
  const taken = ends(view).slice(0, view.items.length).map(({ x, y, w, h }) => ({ x, y, w, h }));
  for (const f of view.frames) taken.push({ x: f.x, y: f.y, w: 16 + 7.4 * f.label.length, h: 22 });
  const found = texts.map(() => undefined);
  const length = (i) => all[i].at(-1)[0] - all[i][0][0];
  const order = texts.flatMap((text, i) => (text ? [i] : [])).sort((a, b) => length(a) - length(b) || a - b); // short lines have the least choice
  for (const i of order) {
    const w = texts[i].length * size * 0.62;
    let far = w / 2 + 8; // from the end along the line
    let walked = 0;
    for (let k = all[i].length - 1; k > 0 && !found[i] && walked < farthest; k--) {
      const [[bx, by], [ax, ay]] = [all[i][k], all[i][k - 1]];
      const long = Math.hypot(bx - ax, by - ay);
      for (; far <= long && !found[i]; far += step) {
        const p = [bx + far / long * (ax - bx), by + far / long * (ay - by)];
        const box = { x: p[0] - w / 2 - 1, y: p[1] - high / 2, w: w + 2, h: high };
        if (!taken.some((t) => meets(box, t)) && !all.some((line, o) => o !== i && near(line, p))) {
          taken.push(box);
          found[i] = { x: p[0], y: p[1] };
        }
      }
      far -= long;
      walked += long;
    }
  }
  return found;
};
