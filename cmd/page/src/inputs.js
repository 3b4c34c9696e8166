// The inputs: integers to type, bits to toggle, tokens to choose, a digit to draw.
import { useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { memo } from './memo.js';
import { Bit, pictured } from './pictures.js';
import * as store from './store.js';

const some = 48; // ports of a group that are shown at first

/** groups are the input ports, in order, by the group that they are of. */
export const groups = (ports) => {
  const list = [];
  for (const p of ports) {
    if (list.at(-1)?.name !== p.group) list.push({ name: p.group, codec: p.codec, ports: [] });
    list.at(-1).ports.push(p);
  }
  return list;
};

const differs = (port, differ) => {
  for (let i = port.first; i < port.first + port.wires; i++) if (differ.has(i)) return true;
  return false;
};

/** part is what a set says of the wires of a port, as a text of 0 and 1. */
const part = (port, set) => Array.from({ length: port.wires }, (_, i) => (set.has(port.first + i) ? '1' : '0')).join('');

const Bits = ({ port, bits, differ, flips }) => html`<span class="bits" role="group" aria-label=${`bits of ${port.name}`}>
  ${Array.from({ length: port.wires }, (_, i) => html`<${Bit} key=${i} input=${port.first + i} name=${port.wires > 1 ? `${port.name}.${i}` : port.name}
    one=${bits[i] === '1'} changed=${differ[i] === '1'} flips=${flips[i] === '1'} />`)}</span>`;

const Integer = ({ port, text, changed }) => {
  const set = async (e) => {
    const typed = e.target;
    if (typed.value === text) return;
    const wanted = typed.value.trim().replace('−', '-');
    await store.setValues({ [port.name]: wanted });
    if (store.trouble.value) typed.value = text; // it was refused, and a message says why
  };
  const range = `${port.least} to ${port.most}`.replaceAll('-', '−');
  return html`<span class=${changed ? 'changed' : ''}><input type="text" inputmode="numeric" size="6" value=${text} onChange=${set}
    aria-label=${`${port.name}, ${range}${changed ? ', not as at the start' : ''}`} title=${`${port.name}: ${range}`} /></span>`;
};

const Token = ({ port, text, vocabulary, changed }) => html`<span class=${changed ? 'changed' : ''}>
  <select aria-label=${`${port.name}${changed ? ', not as at the start' : ''}`} value=${text}
    onChange=${(e) => store.setValues({ [port.name]: e.target.value })}>
    ${vocabulary.map((word, i) => html`<option value=${String(i)}>${word === ' ' ? '␣' : word}</option>`)}</select></span>`;

const integral = (p) => p.wires > 1 && p.format !== 'weighted' && p.least !== undefined && p.most !== undefined;

/** Port is drawn again only where one of its bits is another: bits, differ and flips are texts, a sign a wire. */
const Port = memo(({ port, codec, bits, differ, flips, value }) => {
  const changed = differ.includes('1');
  const asToken = codec?.kind === 'tokens' && codec.vocabulary?.length;
  const row = html`<${Bits} port=${port} bits=${bits} differ=${differ} flips=${flips} />`;
  return html`<div class="port"><header><span class="name">${port.name}</span>
    ${asToken ? html`<${Token} port=${port} text=${value} vocabulary=${codec.vocabulary} changed=${changed} />`
    : integral(port) && html`<${Integer} port=${port} text=${value} changed=${changed} />`}
    ${integral(port) && html`<span class="range">${port.least.replace('-', '−')} … ${port.most.replace('-', '−')}, ${port.format}</span>`}
    ${value === '' && html`<span class="tag">its bits are no code</span>`}
    ${changed && html`<span class="tag">changed</span>`}</header>
    ${asToken ? html`<details><summary>bits</summary>${row}</details>` : row}</div>`;
});

/** Later has its content made once it is opened. */
const Later = ({ summary, children }) => {
  const [open, setOpen] = useState(false);
  return html`<details open=${open} onToggle=${(e) => setOpen(e.currentTarget.open)}><summary>${summary}</summary>${open && children()}</details>`;
};

/** Image is a picture of integers that a pen draws on. */
const Image = ({ group, values, flips }) => {
  const { rows, columns } = group.codec;
  const size = 16;
  const pen = useRef(null); // what is drawn before the pen is lifted
  const [ink, setInk] = useState(true);
  const [focus, setFocus] = useState(0);
  const shade = (p) => {
    const [v, lo, hi] = [Number(pen.current?.[p.name] ?? values[p.name]), Number(p.least), Number(p.most)];
    return hi > lo ? Math.round(255 * (v - lo) / (hi - lo)) : 0;
  };
  const [, redraw] = useState(0);
  const dab = (e) => {
    const box = e.currentTarget.getBoundingClientRect();
    const column = Math.floor((e.clientX - box.left) / box.width * columns);
    const row = Math.floor((e.clientY - box.top) / box.height * rows);
    const port = group.ports[row * columns + column];
    if (row < 0 || column < 0 || row >= rows || column >= columns || !port) return;
    pen.current[port.name] = ink ? port.most : port.least;
    redraw((n) => n + 1);
  };
  const down = (e) => { pen.current = {}; e.currentTarget.setPointerCapture(e.pointerId); dab(e); };
  const up = () => {
    if (!pen.current) return;
    const drawn = pen.current;
    store.setValues(drawn).then(() => { pen.current = null; redraw((n) => n + 1); });
  };
  const key = (e) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[e.key];
    if (step) { e.preventDefault(); setFocus((f) => Math.min(Math.max(f + step, 0), rows * columns - 1)); }
    if (e.key === ' ' || e.key === 'Enter') {
      e.preventDefault();
      const p = group.ports[focus];
      store.setValues({ [p.name]: values[p.name] === p.most ? p.least : p.most });
    }
  };
  const flipping = (p) => { for (let i = p.first; i < p.first + p.wires; i++) if (flips.has(i)) return true; return false; };
  const marked = group.ports.filter(flipping).length;
  const all = (v) => store.setValues(Object.fromEntries(group.ports.map((p) => [p.name, p[v]])));
  return html`<svg class="drawn" viewBox=${`0 0 ${columns * size} ${rows * size}`} shape-rendering="crispEdges" role="application" tabindex="0" onKeyDown=${key}
      aria-label=${`${group.name}, a picture of ${rows} by ${columns}; arrow keys move, space draws; now at row ${Math.floor(focus / columns)}, column ${focus % columns}: ${values[group.ports[focus]?.name]}${marked && flipping(group.ports[focus]) ? ', flips the gate in the panel' : ''}`}
      onPointerDown=${down} onPointerMove=${(e) => pen.current && e.buttons && dab(e)} onPointerUp=${up}>
      ${group.ports.map((p, i) => html`<rect key=${p.name} x=${i % columns * size} y=${Math.floor(i / columns) * size} width=${size}
        height=${size} fill=${`rgb(${shade(p)},${shade(p)},${shade(p)})`} stroke=${i === focus ? 'var(--accent)' : 'none'} stroke-width="2" />`)}
      ${group.ports.map((p, i) => flipping(p) && html`<rect key=${`f${i}`} class="flip" data-flips=${p.name} x=${i % columns * size + 1.5} y=${Math.floor(i / columns) * size + 1.5}
        width=${size - 3} height=${size - 3} />`)}</svg>
    <p class="range" data-marked=${marked}>${marked ? `Red: ${marked === 1 ? 'a pixel' : `${store.count(marked)} pixels`} of which one bit flips the gate.` : 'Draw here; all values follow.'}</p>
    <p><button aria-pressed=${String(ink)} onClick=${() => setInk(true)}>Draw</button>${' '}
      <button aria-pressed=${String(!ink)} onClick=${() => setInk(false)}>Rub out</button>${' '}
      <button onClick=${() => all('least')}>Clear</button></p>`;
};

const Group = ({ group, bits, differ, flips, values }) => {
  const [open, setOpen] = useState(false);
  const image = group.codec?.kind === 'image' && group.codec.rows * group.codec.columns === group.ports.length;
  const list = open ? group.ports : group.ports.slice(0, some);
  const plain = group.ports.every((p) => p.wires === 1);
  const ports = () => html`${list.map((p) => html`<${Port} key=${p.name} port=${p} codec=${group.codec} bits=${bits.slice(p.first, p.first + p.wires)}
      differ=${part(p, differ)} flips=${part(p, flips)} value=${values[p.name] ?? ''} />`)}
    ${group.ports.length > list.length && html`<p><button onClick=${() => setOpen(true)}>Show all ${store.count(group.ports.length, 'port')}</button></p>`}`;
  if (image) return html`<h3>${group.name}</h3><${Image} group=${group} values=${values} flips=${flips} /><${Later} summary="as numbers and bits">${ports}<//>`;
  const Picture = pictured(group);
  if (Picture) {
    return html`<${Picture} group=${group} bits=${bits} differ=${differ} flips=${flips} values=${values} />
      ${group.codec.columns > 0 && plain ? '' : html`<${Later} summary="as numbers and bits">${ports}<//>`}`;
  }
  if (plain && group.ports.length > 1) {
    return html`<div class="port"><header><span class="name">${group.name}</span><span class="range">${store.count(group.ports.length, 'bit')}</span></header>
      <span class="bits">${list.map((p) => html`<${Bit} key=${p.name} input=${p.first} name=${p.name} one=${bits[p.first] === '1'}
        changed=${differ.has(p.first)} flips=${flips.has(p.first)} />`)}</span>
      ${group.ports.length > list.length && html`<p><button onClick=${() => setOpen(true)}>Show all</button></p>`}</div>`;
  }
  return ports();
};

/** Inputs shows all input ports, and loudly what differs from the input at the start. */
export const Inputs = () => {
  const [a, c] = [store.about.value, store.change.value];
  const differ = new Set(c?.differ ?? []);
  const flips = new Set(store.detail.value?.flips?.inputs ?? []);
  const names = a.inputPorts.filter((p) => differs(p, differ)).map((p) => p.name);
  return html`<section aria-label="Inputs"><h2>Inputs</h2>
    <div class="origin-box" role="status">${differ.size > 0 ? html`<p class="warning" data-differ=${differ.size}><b>${store.count(differ.size, 'bit')} not as at the start:</b>
      ${' '}${names.slice(0, 2).join(', ')}${names.length > 2 ? ` and ${store.count(names.length - 2)} more` : ''}.
      ${' '}<button onClick=${store.reset}>Back to the start</button></p>` : html`<p class="range">All inputs are as at the start. Change one, and all values follow.</p>`}</div>
    ${groups(a.inputPorts).map((g) => html`<${Group} key=${g.name} group=${g} bits=${c?.bits ?? a.bits} differ=${differ} flips=${flips} values=${c?.inputs ?? {}} />`)}
  </section>`;
};
