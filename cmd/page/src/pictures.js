// Pictures of the inputs and outputs of problems: rows of lamps, tapes, boards, strings of letters.
import { useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { memo } from './memo.js';
import * as store from './store.js';

/** Bit is a bit of an input that is toggled. */
export const Bit = memo(({ input, name, one, changed, flips }) => html`<button class=${`bit${one ? ' one' : ''}${changed ? ' changed' : ''}${flips ? ' flips' : ''}`}
  data-input=${input} aria-pressed=${String(one)} title=${name}
  aria-label=${`${name}: ${one ? 1 : 0}${changed ? ', not as at the start' : ''}${flips ? ', flips the gate in the panel' : ''}`}
  onClick=${() => store.toggle(input)}>${one ? 1 : 0}</button>`);

const plain = (group, kind) => group.codec?.kind === kind && group.ports.every((p) => p.wires === 1);

/** pictured tells which picture a group of ports has: its component, or undefined. */
export const pictured = (group) => {
  const { kind, vocabulary } = group.codec ?? {};
  if (plain(group, 'lamps') || plain(group, 'tape')) return Row;
  if (kind === 'board' && group.ports.every((p) => p.wires === 9)) return Board;
  if (kind === 'tokens' && vocabulary?.length && vocabulary.every((w) => w.length <= 3)) return Letters;
  return undefined;
};

const cells = ({ columns }) => `--columns:${columns}`;

/** Row is a row or a grid of bits: lamps that are on, cells that are black. Of outputs there is nothing to toggle. */
const Row = ({ group, values, bits, differ, flips }) => {
  const { codec, ports } = group;
  const ones = ports.filter((p) => values[p.name] === '1').length;
  const row = ports.map((p) => (bits
    ? html`<${Bit} key=${p.name} input=${p.first} name=${p.name} one=${bits[p.first] === '1'} changed=${differ.has(p.first)} flips=${flips.has(p.first)} />`
    : html`<span key=${p.name} class=${`out${values[p.name] === '1' ? ' one' : ''}`} title=${p.name}>${values[p.name]}</span>`));
  return html`<div class="port"><header><span class="name">${group.name}</span>
      <span class="range">${store.count(ones)} of ${store.count(ports.length, 'bit')} ${ones === 1 ? 'is' : 'are'} 1</span></header>
    <div class=${`${codec.kind}${codec.rows === 1 ? ' row' : ''}`} role="group" aria-label=${group.name} style=${cells(codec)}>${row}</div></div>`;
};

const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const candidates = (value) => digits.filter((d) => (Number(value) >> (d - 1)) & 1);
const any = '511';

const Cell = memo(({ value, name, chosen, changed, flips, wall }) => {
  const list = candidates(value);
  const text = list.length === 1 ? String(list[0]) : list.length === 9 ? '' : list.length ? list.join('') : '×';
  const said = list.length === 9 ? 'any digit' : list.length > 1 ? `one of ${text}` : list.length ? text : '×, no digit is possible';
  return html`<button class=${`cell${list.length > 1 ? ' many' : ''}${chosen ? ' chosen' : ''}${changed ? ' changed' : ''}${flips ? ' flips' : ''}${wall}`}
    tabindex=${chosen ? 0 : -1} aria-label=${`${name}: ${said}${changed ? ', not as at the start' : ''}${flips ? ', flips the gate in the panel' : ''}`} title=${`${name}: ${said}`}>${text}</button>`;
});

/** Board is a Sudoku: a cell with one candidate shows its digit, one with more shows them small. */
const Board = ({ group, values, bits, differ, flips }) => {
  const [at, setAt] = useState(0);
  const root = useRef();
  const { columns } = group.codec;
  const set = (i, value) => store.setValues({ [group.ports[i].name]: value });
  const key = (e) => {
    const i = at;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[e.key];
    if (step && group.ports[i + step]) { e.preventDefault(); setAt(i + step); root.current.children[i + step].focus(); }
    if (!bits) return;
    if (/^[1-9]$/.test(e.key)) set(i, String(1 << (e.key - 1)));
    if (e.key === '0' || e.key === 'Delete' || e.key === 'Backspace') set(i, any);
  };
  const of = (set, p) => bits && digits.some((_, d) => set.has(p.first + d));
  const wall = (i) => `${i % columns % 3 === 0 ? ' left-wall' : ''}${Math.floor(i / columns) % 3 === 0 ? ' top-wall' : ''}`;
  return html`<h3>${group.name}</h3>
    <div class="board" role="group" aria-label=${group.name} style=${cells(group.codec)} ref=${root}
      onKeyDown=${key} onClick=${(e) => { const i = [...root.current.children].indexOf(e.target); if (i < 0) return;
        setAt(i);
        if (!bits) store.findItem(group.ports[i].item); }}>
      ${group.ports.map((p, i) => html`<${Cell} key=${p.name} value=${values[p.name]} name=${p.name} chosen=${i === at} changed=${of(differ, p)}
        flips=${of(flips, p)} wall=${wall(i)} />`)}</div>
    ${bits && html`<p class="range">Choose a cell, then a digit; 0 is any digit.</p><p class="digits">${digits.map((d) => html`<button
      aria-label=${`${d} in ${group.ports[at].name}`} onClick=${() => set(at, String(1 << (d - 1)))}>${d}</button>`)}
      <button aria-label=${`any digit in ${group.ports[at].name}`} onClick=${() => set(at, any)}>0</button></p>`}`;
};

/** Letters is a string, a letter a port. */
const Letters = ({ group, values, bits, differ, flips }) => {
  const { vocabulary } = group.codec;
  const word = (p) => { const w = vocabulary[values[p.name]] ?? '?'; return w === ' ' ? '␣' : w; };
  const of = (set, p) => { for (let i = 0; i < p.wires; i++) if (set.has(p.first + i)) return true; return false; };
  return html`<div class="port"><header><span class="name">${group.name}</span> <span class="range">${store.count(group.ports.length, 'letter')}</span></header>
    <div class="letters" role="group" aria-label=${group.name}>${group.ports.map((p) => (!bits ? html`<span class="letter">${word(p)}</span>`
    : html`<select key=${p.name} class=${`letter${of(differ, p) ? ' changed' : ''}${of(flips, p) ? ' flips' : ''}`}
      aria-label=${`${p.name}${of(differ, p) ? ', not as at the start' : ''}${of(flips, p) ? ', flips the gate in the panel' : ''}`}
      title=${p.name} value=${values[p.name]} onChange=${(e) => store.setValues({ [p.name]: e.target.value })}>
      ${values[p.name] === '' && html`<option value="">?</option>`}
      ${vocabulary.map((w, i) => html`<option value=${String(i)}>${w === ' ' ? '␣' : w}</option>`)}</select>`))}</div></div>`;
};
