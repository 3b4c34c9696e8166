// The picture of a view of many items on a canvas: what scene.js draws as SVG, in the same shapes, colours and places.
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { zoomTransform } from 'd3-zoom';
import { html } from './html.js';
import { bounds, grid, nearestLine } from './hits.js';
import { ink, onTheme } from './inks.js';
import { look, outline } from './shapes.js';
import { act, columnNames, cut, flipping, links, marks, most, says, strands, times, useSight, value, written } from './scene.js';
import { routes } from './wires.js';
import * as store from './store.js';

const family = 'system-ui, "DejaVu Sans", sans-serif';
const legible = 5; // pixels: smaller text is left out
const solid = 2.5; // pixels: a lower shape is a spot of the colour of its line
const hair = 0.4; // pixels: no line is thinner
const thick = 600; // wires in sight: of more, those that are not marked fade
const haze = 2500; // plain wires in sight: of more, which nobody can tell apart, some are left out

/** fixed is what a view has whatever the values are. */
const fixed = (view) => {
  const lines = routes(view);
  return {
    view, lines, boxes: bounds(lines), at: grid(view.items), chain: links(view), onChain: new Set(view.chain), names: columnNames(view),
    byID: new Map(view.items.map((i) => [i.id, i])), pairs: new Set(view.edges.map((e) => `${view.items[e.from]?.id} ${view.items[e.to]?.id}`)),
  };
};

/** gather puts the indices of a list into groups that are drawn alike. */
const gather = (list, key) => {
  const groups = new Map();
  list.forEach((one, i) => {
    const k = key(one, i);
    const group = groups.get(k);
    if (group) group.push(i);
    else groups.set(k, [i]);
  });
  return groups;
};

/** own lists the wires of the selected gate that edges between frames stand for: from what it reads, to what reads it. */
const own = ({ byID, pairs }) => {
  const gate = store.detail.value?.gate;
  const here = gate && byID.get(`g${gate.gate}`);
  if (!here) return [];
  const list = [...(gate.terms ?? []).map((t) => [byID.get(`g${t.gate}`), here]), ...(gate.readers ?? []).map((g) => [here, byID.get(`g${g}`)])];
  return list.filter(([a, b]) => a && b && !pairs.has(`${a.id} ${b.id}`));
};

/** worn is how all of it looks for the values and what is selected: the classes that SVG would have. */
const worn = (still) => {
  const { view, chain, onChain } = still;
  const [paint, level, flips] = [store.paint.value, store.level.value, flipping()];
  const values = view.items.map((item, i) => value(item, i, paint, level));
  const classes = view.items.map((item, i) => marks(item, i, values[i], flips, onChain));
  const items = [...gather(view.items, (item, i) => `${look(item)} ${item.w} ${item.h}/${classes[i]}`)].map(([key, list]) => {
    const [first] = list;
    const { w, h } = view.items[first];
    const kind = look(view.items[first]);
    return { list, kind, h, c: classes[first], path: new Path2D(outline(kind, w, h)) };
  });
  const edges = strands(view, chain);
  return { values, classes, items, edges, own: own(still), wires: [...gather(edges, (e) => e.c)] };
};

/** sticks says where the name of a frame stands: in it at the top, and of one that lies in no other where the window begins. */
const sticks = (f, t) => (f.depth ? f.y + 11 : Math.max(f.y + 11, Math.min(f.y + f.h - 11, (30 - t.y) / t.k)));

/** seen tells whether a rectangle is in sight. */
const seen = (s, x, y, w, h) => x <= s.right && x + w >= s.left && y <= s.bottom && y + h >= s.top;

const use = (g, { fill, stroke, width, dash }, k) => {
  g.fillStyle = fill;
  g.strokeStyle = stroke;
  g.lineWidth = Math.max(width, hair / k);
  g.setLineDash(width * k < hair ? [] : dash);
};

const font = (g, size, weight) => {
  const text = `${weight ?? 400} ${size}px ${family}`;
  if (g.now !== text) g.font = g.now = text;
};

const drawFrames = (g, view, t, sight) => {
  for (const f of view.frames) {
    if (!seen(sight, f.x, f.y, f.w, f.h)) continue;
    use(g, ink('frame', `group${f.depth % 2 ? ' odd' : ''}`), t.k);
    g.beginPath();
    g.roundRect(f.x, f.y, f.w, f.h, 6);
    g.fill();
    g.stroke();
  }
};

const drawWires = (g, { boxes, lines, view }, { wires }, t, sight) => {
  const inSight = (i) => boxes[4 * i] <= sight.right && boxes[4 * i + 1] <= sight.bottom && boxes[4 * i + 2] >= sight.left && boxes[4 * i + 3] >= sight.top;
  const all = wires.map(([c, list]) => ({ c, how: ink('wire', c), list: list.filter(inSight) }));
  all.sort((a, b) => a.how.width - b.how.width); // what is marked lies above
  const faint = Math.min(1, Math.max(0.1, thick / all.reduce((n, { list }) => n + list.length, 0)));
  for (const { how, c, list } of all) {
    use(g, how, t.k);
    g.globalAlpha = /selected|chain|path/.test(c) ? 1 : c === 'wire' ? faint : Math.sqrt(faint);
    const step = c === 'wire' ? Math.ceil(list.length / haze) : 1;
    g.beginPath();
    for (const i of list) {
      if (i % step) continue;
      const { curve } = lines[i];
      g.moveTo(curve[0], curve[1]);
      for (let n = 2; n < curve.length; n += 6) g.bezierCurveTo(curve[n], curve[n + 1], curve[n + 2], curve[n + 3], curve[n + 4], curve[n + 5]);
    }
    g.stroke();
  }
  g.globalAlpha = 1;
  if (11 * t.k < legible) return;
  const [ring, number] = [{ ...ink('wire', 'wire'), fill: getComputedStyle(document.body).backgroundColor, dash: [] }, ink('text', 'times')];
  use(g, ring, t.k);
  for (const { list } of all) for (const i of list) if (view.edges[i].not) {
    g.beginPath();
    g.arc(lines[i].ex - 3, lines[i].ey, 2.6, 0, 7);
    g.fill();
    g.stroke();
  }
  use(g, number, t.k);
  font(g, 11);
  g.textAlign = 'end';
  const few = all.reduce((n, { list }) => n + list.length, 0) <= most;
  for (const { c, list } of all) for (const i of few || c.includes('selected') ? list : []) {
    const { ex, ey, room } = lines[i];
    const text = room > 6 && times(view.edges[i]);
    if (!text) continue;
    const x = ex - (view.edges[i].not ? 10 : 6);
    g.strokeText(text, x, ey - 2);
    g.fillText(text, x, ey - 2);
  }
};

const drawItems = (g, { view }, looks, t, sight) => {
  for (const { list, kind, c, path, h } of looks.items) {
    const how = ink('item', c, kind);
    use(g, how, t.k);
    const spot = h * t.k < solid;
    const shapes = new Path2D();
    for (const i of list) {
      const item = view.items[i];
      if (!seen(sight, item.x, item.y, item.w, item.h)) continue;
      if (spot) shapes.rect(item.x, item.y, item.w, item.h);
      else shapes.addPath(path, { e: item.x, f: item.y });
    }
    if (spot) g.fillStyle = how.stroke;
    g.fill(shapes);
    if (!spot) g.stroke(shapes);
  }
};

const drawOwn = (g, looks, t) => {
  use(g, ink('wire', 'wire selected'), t.k);
  g.lineWidth = Math.max(1.4, 1 / t.k);
  g.beginPath();
  for (const [a, b] of looks.own) {
    const [x1, y1, x2, y2] = [a.x + a.w, a.y + a.h / 2, b.x, b.y + b.h / 2];
    const bend = Math.max(8, (x2 - x1) / 2);
    g.moveTo(x1, y1);
    g.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  }
  g.stroke();
};

const drawTexts = (g, { view }, looks, t, sight) => {
  if (16 * t.k < legible) return;
  const [plain, small] = [ink('text', 'item').fill, ink('text', 'item small').fill];
  g.textAlign = 'center';
  view.items.forEach((item, i) => {
    if (!seen(sight, item.x, item.y, item.w, item.h)) return;
    const texts = written(item, looks.values[i]);
    texts.forEach(({ x, y, size, weight, text, small: soft }, k) => {
      if (!text || size * t.k < legible) return;
      font(g, size, weight);
      g.fillStyle = soft ? small : plain;
      g.fillText(text, item.x + x, item.y + y);
      if (k < texts.length - 1 || !looks.classes[i].includes('differs')) return;
      const { width } = g.measureText(text); // underlined, as in page.css
      g.fillRect(item.x + x - width / 2, item.y + y + 0.45 * size, width, 1);
    });
  });
};

const drawNames = (g, { view, names }, t, sight) => {
  if (12 * t.k >= legible) {
    g.textAlign = 'start';
    font(g, 12, 600);
    g.fillStyle = ink('text', 'group').fill;
    for (const f of view.frames) {
      if (!seen(sight, f.x, f.y, f.w, f.h)) continue;
      g.lineWidth = 4;
      g.setLineDash([]);
      g.strokeStyle = ink('frame', `group${f.depth % 2 ? ' odd' : ''}`).fill;
      const y = sticks(f, t);
      const name = cut(`− ${f.w < 120 ? f.label.replace('row of ', '') : f.label}`, f.w - 8, 12);
      g.strokeText(name, f.x + 6, y);
      g.fillText(name, f.x + 6, y);
    }
  }
  // The names of columns stay in sight, as large as they are legible.
  const scale = Math.min(1, Math.max(t.k, 0.9));
  g.setTransform(g.ratio * scale, 0, 0, g.ratio * scale, 0, 0);
  g.textAlign = 'center';
  font(g, 12);
  Object.assign(g, { lineWidth: 4, strokeStyle: getComputedStyle(document.body).backgroundColor, fillStyle: ink('text', 'ruler').fill });
  let free = -Infinity;
  view.columns.forEach((column, i) => {
    const [x, y] = [(t.k * (column.x + (column.w ?? 120) / 2) + t.x) / scale, Math.max(9, (t.y - 10 * t.k) / scale)];
    const half = g.measureText(names[i]).width / 2;
    if (x - half < free) return;
    free = x + half + 6;
    g.strokeText(names[i], x, y);
    g.fillText(names[i], x, y);
  });
};

/** ready clears a canvas for a frame, and returns what it is drawn with: {g, t, sight}. */
const ready = (canvas, t) => {
  const ratio = devicePixelRatio;
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const g = canvas.getContext('2d');
  Object.assign(g, { ratio, now: '' });
  g.setTransform(1, 0, 0, 1, 0, 0);
  g.clearRect(0, 0, width, height);
  g.setTransform(ratio * t.k, 0, 0, ratio * t.k, ratio * t.x, ratio * t.y);
  Object.assign(g, { textBaseline: 'middle', lineJoin: 'round' });
  return { g, t, sight: { left: t.invertX(0) - 4, top: t.invertY(0) - 4, right: t.invertX(clientWidth) + 4, bottom: t.invertY(clientHeight) + 4 } };
};

/** drawUnder draws frames and wires, and drawOver the rest: a toggle that turns no wire draws only that. */
const drawUnder = (canvas, still, looks, transform) => {
  const { g, t, sight } = ready(canvas, transform);
  drawFrames(g, still.view, t, sight);
  drawWires(g, still, looks, t, sight);
};

const drawOver = (canvas, still, looks, transform) => {
  const { g, t, sight } = ready(canvas, transform);
  drawItems(g, still, looks, t, sight);
  drawOwn(g, looks, t);
  drawTexts(g, still, looks, t, sight);
  drawNames(g, still, t, sight);
};

/** found is what a point of the window is on: {item}, {frame}, {edge} or nothing. */
const found = (canvas, still, e) => {
  const [box, t, { view }] = [canvas.getBoundingClientRect(), zoomTransform(canvas), still];
  const [x, y] = t.invert([e.clientX - box.left, e.clientY - box.top]);
  const named = view.frames.findLast((f) => x >= f.x && x <= f.x + Math.min(f.w, 26 + 7.4 * f.label.length) && Math.abs(y - sticks(f, t)) <= 9);
  if (named && 12 * t.k >= legible) return { frame: named };
  const i = still.at(x, y);
  if (i >= 0) return { item: view.items[i], index: i };
  const edge = nearestLine(still.lines, still.boxes, x, y, Math.min(4.5 / t.k, 40));
  return edge >= 0 ? { edge } : {};
};

const summary = (view, paint, level) => {
  const gates = view.items.filter((i) => i.kind === 'gate' && i.gates).length;
  const chosen = view.items.findIndex((i) => i.id === store.state.value.select);
  return `Picture of ${store.count(view.items.length, 'item')}, of which ${gates.toLocaleString('en')} are gates, in ${store.count(view.columns.length, 'column')}.` +
    `${chosen >= 0 ? ` Selected: ${says(view.items[chosen], value(view.items[chosen], chosen, paint, level))}.` : ''} The list In view has the same in words.`;
};

/** Canvas draws the view, once a frame at most. Its element answers shown(): what is drawn, as data. */
export const Canvas = () => {
  const [canvas, under, hover] = [useRef(), useRef(), useRef()];
  const now = useRef({ frame: 0 }); // {frame: the one that is asked for, all: with the wires, still, looks}
  const view = store.view.value;
  const still = useMemo(() => fixed(view), [view]);
  const looks = worn(still);
  const wired = now.current.still === still && now.current.looks.edges.every((e, i) => e.c === looks.edges[i].c);
  Object.assign(now.current, { still, looks, all: now.current.all || !wired });
  const redraw = (all) => {
    const asked = now.current;
    asked.all ||= all;
    asked.frame ||= requestAnimationFrame(() => {
      const transform = canvas.current && zoomTransform(canvas.current);
      if (transform && asked.all) drawUnder(under.current, asked.still, asked.looks, transform);
      if (transform) drawOver(canvas.current, asked.still, asked.looks, transform);
      Object.assign(asked, { frame: 0, all: false });
    });
  };
  const leave = () => { hover.current.hidden = true; };
  useSight(canvas, view, () => { leave(); redraw(true); });
  useLayoutEffect(() => redraw(false));
  useEffect(() => {
    const watcher = new ResizeObserver(() => redraw(true));
    watcher.observe(canvas.current);
    const end = onTheme(() => redraw(true));
    canvas.current.shown = () => shown(canvas.current, now.current);
    return () => { watcher.disconnect(); end(); cancelAnimationFrame(now.current.frame); };
  }, []);

  const onClick = (e) => {
    const { item, frame, edge } = found(canvas.current, still, e);
    if (frame) store.fold(frame.id);
    else if (item) act(item);
    else if (edge !== undefined) store.selectWire(looks.edges[edge].a, looks.edges[edge].b, view.edges[edge].wires);
  };
  const onPointerMove = (e) => {
    const { item, index, frame, edge } = found(canvas.current, still, e);
    canvas.current.style.cursor = item || frame || edge !== undefined ? 'pointer' : '';
    const [t, mark] = [zoomTransform(canvas.current), hover.current];
    mark.hidden = !item;
    canvas.current.title = item ? says(item, looks.values[index]) : frame ? `${frame.label}: a click folds it` : '';
    if (!item) return;
    Object.assign(mark.style, {
      left: `${t.applyX(item.x) - 3}px`, top: `${t.applyY(item.y) - 3}px`, width: `${t.k * item.w + 6}px`, height: `${t.k * item.h + 6}px`,
    });
  };
  return html`<div class="crowd"><canvas ref=${under} aria-hidden="true" /><canvas ref=${canvas} role="img" aria-label=${summary(view, store.paint.value, store.level.value)} onClick=${onClick}
    onPointerMove=${onPointerMove} onPointerLeave=${leave} /><div ref=${hover} class="hover" hidden /></div>`;
};

/** shown lists what is drawn: items with values, classes and places in the window, wires with their middles, those of the selected gate. */
const shown = (canvas, { still: { view, lines }, looks }) => {
  const [box, t] = [canvas.getBoundingClientRect(), zoomTransform(canvas)];
  const [x, y] = [(at) => box.left + t.applyX(at), (at) => box.top + t.applyY(at)];
  return {
    items: view.items.map((item, i) => ({
      id: item.id, gate: item.gate, c: looks.classes[i], text: looks.values[i].text, x: x(item.x), y: y(item.y), w: t.k * item.w, h: t.k * item.h,
    })),
    wires: looks.edges.map(({ a, b, c }, i) => {
      const [x0, y0, x1, y1, x2, y2, x3, y3] = lines[i].curve;
      return { a, b, c, x: x((x0 + 3 * x1 + 3 * x2 + x3) / 8), y: y((y0 + 3 * y1 + 3 * y2 + y3) / 8) };
    }),
    own: looks.own.map(([a, b]) => ({ a: a.id, b: b.id })),
  };
};
