// The picture of a view as SVG, with pan and zoom.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { select as d3select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';
import { html } from './html.js';
import { memo } from './memo.js';
import { look, shape } from './shapes.js';
import { places } from './labels.js';
import { end, ends, routes } from './wires.js';
import * as store from './store.js';

export const most = 150; // edges that have their numbers written

/** value says what an item is for the inputs, as far as the slider has come: {state, text}. */
export const value = (item, i, paint, level) => {
  if (!paint || paint.ones[i] < 0 || item.levels[0] > level) return { state: 'later', text: 'not computed yet' };
  if (item.kind === 'sum') return { state: 'known', text: `sum ${paint.sums?.[item.id] ?? '?'}` };
  const ones = paint.ones[i];
  if (item.kind === 'gate' || item.kind === 'output') {
    return { state: ones ? 'one' : 'known', text: ones ? '1' : '0' };
  }
  const all = item.gates ? Math.min(item.gates, item.in) : item.in; // what a filter leaves
  return { state: '', text: `${store.count(ones)} of ${store.count(all)} ${ones === 1 ? 'is' : 'are'} 1${item.levels[1] > level ? ' so far' : ''}` };
};

/** sign is the first line on an item: of an output of a thermometer its bound. */
const sign = (item) => (item.means ? item.means.slice(item.means.lastIndexOf(' ≥ ') + 1) : item.label);

/** lines are what is written on an item: a sign and a bit on a gate, up to three lines on a box. */
const lines = (item, v) => {
  const bit = item.kind !== 'sum' && (v.state === 'one' || v.state === 'known') ? v.text : '';
  return (item.h < 40 ? [sign(item), bit] : [item.label, item.note?.replace(/^\d+/, (n) => store.count(Number(n))), v.text]).map((text) => (text ?? '').replace('-', '−'));
};

/** says is what a screen reader hears of an item: what is written on it, and what colour and shape say. */
export const says = (item, v) => [lines(item, v).join(' ').trim(), item.type ?? item.kind, item.means, item.note, item.kind === 'sum' && v.text,
  v.state === 'later' && v.text, item.fold && 'folded'].filter(Boolean).join(', ');

/** cut shortens a text to what fits in a width. */
export const cut = (text, width, size) => {
  const fits = Math.max(2, Math.floor(width / (size * 0.58)));
  return text.length > fits ? `${text.slice(0, fits - 1)}…` : text;
};

/** tail is cut, but of a wire of a port, such as y[0,0].1, the number is what tells it from its neighbours. */
const tail = (text, width, size) => (text.length * size * 0.58 > width && /\.\d+$/.test(text) ? /\.\d+$/.exec(text)[0] : cut(text, width, size));

const farthest = 150; // from the left side of a wide box, so that its label is in sight with its beginning

/** written lists the texts on an item and where they stand in it: a sign and a bit in a gate, and up to three lines in a box. */
export const written = (item, v) => {
  const x = Math.min(item.w / 2, farthest);
  const [first, ...others] = lines(item, v);
  const y = item.h / 2;
  if (item.h < 40) {
    const size = first.length === 1 ? 16 : first.length > 4 ? 9.5 : 12;
    if (item.kind === 'sum') return [{ x, y, size, text: first }];
    return [{ x: x - 6, y, size, text: tail(first, item.w - 16, size) }, { x: item.w - 8, y, size: 12, weight: 700, text: others[0] }];
  }
  const rest = others.filter(Boolean);
  const [top, size] = [y - rest.length * 8, first.length > 13 ? 12 : 14];
  return [{ x, y: top, size, weight: 600, text: cut(first, 2 * x, size) },
    ...rest.map((line, i) => ({ x, y: top + 16 * (i + 1), size: 12, small: true, text: cut(line, 2 * x - 4, 11) }))];
};

const Label = ({ item, v }) => written(item, v).map((t, i) => html`${i > 0 && ' '}<text class=${t.small && 'small'} x=${t.x} y=${t.y}
  font-size=${t.size} font-weight=${t.weight}>${t.text}</text>`);

export const act = (item) => (item.fold ? store.unfold(item.id) : store.select(item.id));

/** nearest finds the item to walk to from one by an arrow key. */
const nearest = (items, from, key) => {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const centre = (i) => [i.x + i.w / 2, i.y + i.h / 2];
  const [x, y] = centre(from);
  let best = null;
  let least = Infinity;
  for (const item of items) {
    const [dx, dy] = [centre(item)[0] - x, centre(item)[1] - y];
    const ahead = dx * way[0] + dy * way[1];
    if (item === from || ahead < 4) continue;
    const cost = ahead + 3 * Math.abs(dx * way[1] + dy * way[0]);
    if (cost < least) [best, least] = [item, cost];
  }
  return best;
};

export const marks = (item, i, v, flips, chain) => {
  const s = store.state.value;
  const marked = s.filter?.kind === 'path' && item.in > 0;
  return ['item', v.state, item.id === s.select && 'selected', marked && 'path', chain.has(i) && 'chain', flips?.has(item.id) && 'flips',
    store.paint.value?.differ?.[i] > 0 && 'differs'].filter(Boolean).join(' ');
};

export const flipping = () => new Set(Object.keys(store.detail.value?.flips?.items ?? {}));

/** Shape draws an item again only where its values or marks are others. */
const Shape = memo(({ item, c, state, text, tab, selected }) => {
  const v = { state, text };
  return html`<g class=${c} data-id=${item.id} data-gate=${item.gate}
    data-value=${state === 'one' || state === 'known' ? text : undefined} data-fold=${item.fold || undefined} role="button"
    transform=${`translate(${item.x},${item.y})`} tabindex=${tab ? 0 : -1}
    aria-label=${says(item, v)} aria-pressed=${String(selected)} onClick=${() => act(item)}>
    ${item.means && html`<title>${item.means}</title>`}${shape(look(item), item.w, item.h)}<${Label} item=${item} v=${v} /></g>`;
});

const Items = ({ view, tab }) => {
  const [paint, level, flips, chain] = [store.paint.value, store.level.value, flipping(), new Set(view.chain)];
  return view.items.map((item, i) => {
    const v = value(item, i, paint, level);
    return html`<${Shape} key=${item.id} item=${item} c=${marks(item, i, v, flips, chain)} state=${v.state} text=${v.text}
      tab=${item.id === tab} selected=${item.id === store.state.value.select} />`;
  });
};

/** links are the edges of the one path that is listed: from an item of it to the next, straight or through a sum. */
export const links = (view) => {
  const { chain = [], edges, items } = view;
  const found = new Set();
  for (let k = 1; k < chain.length; k++) {
    const [a, b] = [chain[k - 1], chain[k]];
    const through = new Set(edges.filter((e) => e.to === b && items[e.from]?.kind === 'sum').map((e) => e.from));
    edges.forEach((e, i) => {
      const first = e.from === a && (e.to === b || through.has(e.to));
      const second = e.to === b && through.has(e.from) && edges.some((f) => f.from === a && f.to === e.from);
      if (first || second) found.add(i);
    });
  }
  return found;
};

const Wire = memo(({ line, c, not, text, at, a, b, wires }) => html`<g><path class=${c} d=${line.d} />
  <path class="touch" d=${line.d} data-wire=${`${a} ${b}`} onClick=${() => store.selectWire(a, b, wires)} />
  ${not && html`<circle class="wire" cx=${line.ex - 3} cy=${line.ey} r="2.6" style="fill:var(--ground)" />`}
  ${text && at && html`<text class="times" x=${at.x} y=${at.y}>${text}</text>`}</g>`);

/** times is the number on a wire: how many it stands for, or its weight. */
export const times = (e) => (e.wires > 1 ? `×${store.count(e.wires)}` : e.weight && e.weight !== '1' ? e.weight.replace('-', '−') : '');

/** strands says of each edge how it is drawn: {a, b, c}, its ends and its classes. */
export const strands = (view, chain) => {
  const [paint, level] = [store.paint.value, store.level.value];
  const [chosen, chosenItem] = [store.wire.value, store.state.value.select];
  const path = store.state.value.filter?.kind === 'path';
  const all = ends(view);
  return view.edges.map((e, i) => {
    const [a, b] = [all[end(view, e.from)], all[end(view, e.to)]];
    const v = e.from >= 0 && a.kind !== 'sum' ? value(a, e.from, paint, level).state : '';
    const at = chosen ? chosen.from === a.id && chosen.to === b.id : a.id === chosenItem || b.id === chosenItem;
    let c = 'wire';
    if (e.weight?.startsWith('-')) c += ' negative';
    if (v === (e.not ? 'known' : 'one')) c += ' one';
    if (path && a.in > 0 && b.in > 0) c += ' path';
    if (chain.has(i)) c += ' chain';
    if (at) c += ' selected';
    return { a: a.id, b: b.id, c };
  });
};

const Wires = ({ view }) => {
  const lines = useMemo(() => routes(view), [view]);
  const chain = useMemo(() => links(view), [view]);
  const texts = useMemo(() => (view.edges.length <= most ? view.edges.map(times) : []), [view]);
  const at = useMemo(() => places(view, lines, texts), [view]);
  return strands(view, chain).map(({ a, b, c }, i) => html`<${Wire} key=${`${a} ${b}`} line=${lines[i]} c=${c} not=${!!view.edges[i].not}
    text=${texts[i]} at=${at[i]} a=${a} b=${b} wires=${view.edges[i].wires} />`);
};

const Frames = ({ view }) => view.frames.map((f) => html`<g key=${f.id} class=${`group${f.depth % 2 ? ' odd' : ''}`}>
  <rect x=${f.x} y=${f.y} width=${f.w} height=${f.h} rx="6" />
  <g class="item" data-frame=${f.id} role="button" tabindex="-1" aria-label=${`${f.label}, unfolded; Enter folds it`}
    onClick=${() => store.fold(f.id)}>
    <rect x=${f.x} y=${f.y} width=${Math.min(f.w, 26 + 7.4 * f.label.length)} height="20" style="stroke:none;fill:transparent" />
    <text x=${f.x + 6} y=${f.y + 11} font-size="12" font-weight="600" style="text-anchor:start">− ${f.label}</text></g></g>`);

/** columnNames says what stands in each column. */
export const columnNames = (view) => view.columns.map((c, i) => (i === 0 ? 'inputs' : i === view.columns.length - 1 ? 'outputs' : `level ${c.level}`));

const Ruler = ({ view }) => columnNames(view).map((text, i) => html`<text key=${i} class="ruler" x=${view.columns[i].x + 60} y="-10">${text}</text>`);

let drawn = null; // the view that was drawn last, and where: {view, transform}

/** useSight gives an element pan and zoom: moved(transform) draws. What was clicked on stays where it is in the window when the picture changes. */
export const useSight = (ref, view, moved) => {
  const zooming = useRef();
  useEffect(() => {
    const element = ref.current;
    let chosen = drawn ? null : { begin: true }; // how the page chose what is in sight, if nobody has moved it since
    zooming.current = zoom().scaleExtent([0.001, 6]).on('zoom', ({ transform, sourceEvent }) => {
      if (sourceEvent) chosen = null;
      moved(transform);
      const { width } = element.getBoundingClientRect();
      store.shown.value = { from: transform.invertX(0), to: transform.invertX(width) };
      drawn = { ...drawn, transform };
    });
    d3select(element).call(zooming.current).on('dblclick.zoom', null);
    if (drawn) d3select(element).call(zooming.current.transform, drawn.transform);
    const asked = (e) => {
      chosen = e.detail.fit || e.detail.begin ? e.detail : null;
      store.sight(element, zooming.current, e.detail);
    };
    const resized = () => chosen && store.sight(element, zooming.current, chosen);
    addEventListener('sight', asked);
    addEventListener('resize', resized);
    return () => { removeEventListener('sight', asked); removeEventListener('resize', resized); };
  }, []);
  useEffect(() => {
    const last = drawn?.view;
    drawn = { ...drawn, view };
    if (last === view) return;
    if (last && !last.crowd !== !view.crowd) { store.sight(ref.current, zooming.current, { fit: true }); return; } // all stands elsewhere
    if (!last) { store.sight(ref.current, zooming.current, { begin: true }); return; }
    const id = store.state.value.select;
    const place = (v) => v.items.find((i) => i.id === id) ?? v.frames.find((f) => f.id === id);
    const [old, now] = [place(last), place(view)];
    if (!old || !now) {
      if (now || view.width < last.width) store.sight(ref.current, zooming.current, now ? { at: now } : { fit: true });
      return;
    }
    d3select(ref.current).call(zooming.current.translateBy, old.x - now.x, old.y - now.y);
    if (now.w > old.w || now.h > old.h) store.sight(ref.current, zooming.current, { at: now }); // what it unfolds to is in sight, too
  }, [view]);
  return zooming;
};

/** Scene draws the view. */
export const Scene = () => {
  const svg = useRef();
  const inner = useRef();
  const view = store.view.value;
  const tab = view.items.some((i) => i.id === store.state.value.select) ? store.state.value.select : view.items[0]?.id;

  const zooming = useSight(svg, view, (transform) => inner.current.setAttribute('transform', transform));

  const onKeyDown = (e) => {
    const id = e.target.dataset?.id;
    const item = view.items.find((i) => i.id === id);
    if (e.target.dataset?.frame && (e.key === 'Enter' || e.key === ' ')) { e.preventDefault(); store.fold(e.target.dataset.frame); return; }
    if (!item) return;
    if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); act(item); return; }
    if (e.key === 'Backspace' || e.key === 'Escape') {
      if (view.frames.some((f) => f.id === item.parent)) { e.preventDefault(); store.fold(item.parent); }
      return;
    }
    if (!e.key.startsWith('Arrow')) return;
    e.preventDefault();
    const next = nearest(view.items, item, e.key);
    if (!next) return;
    store.sight(svg.current, zooming.current, { at: next });
    svg.current.querySelector(`[data-id="${next.id}"]`)?.focus();
  };

  return html`<svg ref=${svg} role="group" aria-label="The circuit. Arrow keys walk from box to box." onKeyDown=${onKeyDown}>
    <g ref=${inner} class="all"><${Frames} view=${view} /><${Wires} view=${view} /><${Items} view=${view} tab=${tab} />
      <${Ruler} view=${view} /></g></svg>`;
};

const [small, legible] = [0.6, 24 / 28]; // scales: below the first nobody reads what is written, at the other a finger meets a gate: 24 pixels

/** leastScale is that below which a picture begins at a part of itself; on a narrow page all is touched. */
const leastScale = (width) => (width <= 640 ? legible : small);

/** showSight moves the picture: {fit: true}, {begin: true}: so that it can be read, {by: factor}, {at: a rectangle to bring into sight}. */
store.setSight((element, z, { fit, begin, by, at }) => {
  const { width, height } = element.getBoundingClientRect();
  const target = d3select(element);
  const v = store.view.value;
  if (v.crowd && begin) [fit, begin] = [true, false]; // of a crowd one sees the whole first
  if (by) target.call(z.scaleBy, by);
  if (fit || begin) {
    const { x, y, w, h } = extent(v);
    const k = Math.min((width - 20) / w, (height - 20) / h, width > 1800 ? 2.6 : 1.6);
    if (begin && k < leastScale(width)) { // the inputs, or what is selected
      const chosen = v.items.find((i) => i.id === store.state.value.select);
      const first = v.items.filter((i) => i.column === 0);
      const middle = first.reduce((sum, i) => sum + i.y + i.h / 2, 0) / Math.max(first.length, 1);
      const [cx, cy] = chosen ? [chosen.x + chosen.w / 2, chosen.y + chosen.h / 2] : [x + width / 2 / legible - 12, middle];
      const high = legible * h <= height - 20;
      target.call(z.transform, zoomIdentity.translate(width / 2 - legible * cx, height / 2 - legible * (high ? y + h / 2 : cy)).scale(legible));
      return;
    }
    const t = zoomIdentity.translate((width - k * w) / 2 - k * x, Math.max(10, (height - k * h) / 2) - k * y).scale(k);
    target.call(z.transform, t);
  }
  if (at) {
    const t = zoomOf(element);
    const [dx, dy] = [into(t.applyX(at.x), t.k * at.w, width), into(t.applyY(at.y), t.k * at.h, height)];
    if (dx || dy) target.call(z.translateBy, dx / t.k, dy / t.k);
  }
});

const border = 24; // between what comes into sight and the border of the window

/** into says how far a stretch has to move to be in the window; what is in it stays, and what has no room begins at the border. */
const into = (from, long, room) => {
  if (from >= 0 && from + long <= room) return 0;
  return from < 0 || long + 2 * border > room ? border - from : room - border - from - long;
};

/** extent is the rectangle around all that a view shows, with the ruler above it. */
const extent = (v) => {
  const all = [...v.items, ...v.frames];
  const [x, y] = [Math.min(...all.map((i) => i.x)), Math.min(0, ...all.map((i) => i.y)) - 24];
  return { x, y, w: Math.max(...all.map((i) => i.x + i.w)) - x, h: Math.max(...all.map((i) => i.y + i.h)) - y };
};

const zoomOf = (element) => element.__zoom ?? zoomIdentity;
