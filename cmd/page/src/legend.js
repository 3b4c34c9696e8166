// The legend: every colour, dash and shape that the picture draws, in words, as far as it is in view.
import { html } from './html.js';
import { value } from './scene.js';
import { look, shape } from './shapes.js';
import * as store from './store.js';

/** The signs: by classes of page.css, what they say. */
const signs = [
  [['k-logic'], 'AND, OR, NOT'],
  [['k-parity'], 'XOR, MOD'],
  [['k-threshold'], 'THRESHOLD, MAJORITY'],
  [['k-sum'], 'shared sum'],
  [['k-const'], 'constant'],
  [['k-stage'], 'folded'],
  [['k-port'], 'input, output'],
  [['group'], 'dashed frame: unfolded'],
  [['group.odd'], 'shaded frame: inside another'],
  [['item.one', 'wire.one'], 'green and heavy: 1'],
  [['item.later'], 'dotted: no value yet'],
  [['item.selected', 'wire.selected'], 'blue: selected'],
  [['item.flips'], 'dashed red: inputs that flip the gate'],
  [['item.differs'], 'underlined: not as at the start'],
  [['item.path', 'wire.path'], 'violet: on a longest path'],
  [['item.chain', 'wire.chain'], 'wide and pink: the path in the panel'],
  [['wire'], 'wire; ×n: n of them; a number: weight'],
  [['wire.negative'], 'dashed: negative weight (red; green where it carries a 1)'],
  [['wire.not'], 'ring: complement'],
];

/** drawn is the set of classes that the picture has for what the store says. */
const drawn = () => {
  const [view, paint, level, state] = [store.view.value, store.paint.value, store.level.value, store.state.value];
  const set = new Set();
  const path = state.filter?.kind === 'path';
  const single = view.items.map((item, i) => {
    const v = value(item, i, paint, level).state;
    set.add(`k-${look(item)}`);
    if (v === 'one' || v === 'later') set.add(`item.${v}`);
    if (item.id === state.select) set.add('item.selected');
    if (store.detail.value?.flips?.items?.[item.id]) set.add('item.flips');
    if (paint?.differ?.[i] > 0) set.add('item.differs');
    if (path && item.in > 0) set.add('item.path');
    return item.kind !== 'sum' && (v === 'one' || v === 'known') ? v === 'one' : undefined;
  });
  if (view.chain?.length > 0) set.add('item.chain');
  for (const f of view.frames) set.add('group').add(f.depth % 2 ? 'group.odd' : 'group');
  for (const e of view.edges) {
    set.add('wire');
    if (e.weight?.startsWith('-')) set.add('wire.negative');
    if (e.not) set.add('wire.not');
    if (single[e.from] !== undefined && single[e.from] !== !!e.not) set.add('wire.one');
  }
  return set;
};

/** Sample is a small picture of a sign. */
const Sample = ({ sign }) => {
  const [of, mark] = sign.split('.');
  if (of === 'wire') {
    return html`<path class=${`wire ${mark ?? ''}`} d="M0,9H24" />${mark === 'not' && html`<circle class="wire" cx="20" cy="9" r="3" style="fill:var(--ground)" />`}`;
  }
  if (of === 'group') return html`<g class=${`group ${mark ?? ''}`}><rect width="24" height="18" rx="4" /></g>`;
  if (of === 'item') {
    return html`<g class=${`item ${mark}`}>${shape('stage', 24, 18)}${mark === 'differs' && html`<text x="12" y="9" font-size="12">1</text>`}</g>`;
  }
  const kind = of.slice(2);
  return shape(kind, kind === 'logic' || kind === 'sum' ? 18 : 24, 18);
};

/** Legend says what is drawn in view; on a narrow page when it is asked. */
export const Legend = () => {
  const set = drawn();
  return html`<details class="legend-box" open=${innerWidth > 640}><summary>Legend</summary><ul class="legend" tabindex="0" aria-label="Legend">
    ${signs.filter(([classes]) => classes.some((c) => set.has(c))).map(([classes, text]) => html`<li key=${text} data-signs=${classes.join(' ')}>
      <svg viewBox="-2 -2 28 22" aria-hidden="true"><${Sample} sign=${classes[0]} /></svg> ${text}</li>`)}</ul></details>`;
};
