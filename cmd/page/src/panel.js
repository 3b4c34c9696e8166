// The panel beside the picture: what was clicked on, in numbers.
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { groups } from './inputs.js';
import { pictured } from './pictures.js';
import * as store from './store.js';

/** minus writes numbers below 0 with their own sign; a hyphen between letters or digits stays. */
const minus = (text) => String(text).replace(/(?<![\w.])-(?=\d)/g, '−');
const Bit = ({ of }) => html`<span class=${`value${of ? ' one' : ''}`}>${of ? 1 : 0}</span>`;
const GateLink = ({ gate, name }) =>
  html`<button class="link" data-link=${gate} onClick=${() => store.findGate(gate)}>${name || `g${gate}`}</button>`;
const Links = ({ gates, total }) => html`${gates.slice(0, 60).map((g, i) => html`${i > 0 && ', '}<${GateLink} gate=${g} />`)}
  ${(total ?? gates.length) > Math.min(60, gates.length) && ` and ${store.count((total ?? gates.length) - Math.min(60, gates.length))} more`}`;

const Terms = ({ gate }) => {
  const weighted = gate.terms.some((t) => t.weight !== '1') || gate.threshold !== undefined;
  return html`<h3>${store.count(gate.termCount ?? gate.terms.length, 'term')}</h3>
    <table><thead><tr><th>reads</th>${weighted && html`<th class="number">weight</th>`}<th class="number">is</th>
      ${weighted && html`<th class="number">adds</th>`}</tr></thead>
    <tbody>${gate.terms.map((t) => html`<tr><td>${t.not && 'not '}<${GateLink} gate=${t.gate} name=${t.name} /></td>
      ${weighted && html`<td class="number">${minus(t.weight)}</td>`}
      <td class="number"><${Bit} of=${t.value} /></td>
      ${weighted && html`<td class="number">${t.value ? minus(t.weight) : '0'}</td>`}</tr>`)}</tbody></table>
    ${gate.termCount > gate.terms.length && html`<p>and ${store.count(gate.termCount - gate.terms.length)} more</p>`}`;
};

/** alone says how many inputs flip a gate, each by itself. */
const alone = (n, gate) => `${n === 1 ? 'This input alone makes' : `Each of these ${store.count(n)} inputs alone makes`} it ${gate.value ? 0 : 1}:`;

const Flips = ({ flips, gate }) => {
  if (!flips) return html`<p><button onClick=${store.findFlips}>Find the inputs that flip it</button></p>`;
  if (!flips.inputs?.length) {
    return html`<p>No input flips it alone (${store.count(flips.tried, 'input')} ${flips.tried === 1 ? 'was' : 'were'} tried).</p>`;
  }
  return html`<p>${alone(flips.inputs.length, gate)}</p>
    <ul class="flips">${flips.inputs.slice(0, 64).map((n, i) => html`<li><button data-flip=${n} onClick=${() => store.toggle(n)}>
      toggle ${flips.names?.[i] ?? `input ${n}`}</button></li>`)}</ul>
    ${flips.inputs.length > 64 && html`<p>and ${store.count(flips.inputs.length - 64)} more</p>`}`;
};

const margin = (g) => {
  if (g.margin === undefined || g.margin === '') return null;
  const m = minus(g.margin);
  const says = g.margin === '0' ? 'the sum is just at the threshold, and any fall flips the gate'
    : reaches(g) ? `the sum may fall by ${m} and the gate stays as it is` : `the sum lacks ${m.slice(1)} to the threshold`;
  return html`<p data-margin>Margin <b>${m}</b>: ${says}.</p>`;
};

/** reaches tells whether the sum of a gate is at its threshold or above. */
const reaches = (g) => !g.margin.startsWith('-');

const compared = (g) => {
  if (g.threshold === undefined || g.threshold === '') return g.modulus ? `, mod ${g.modulus}` : '';
  return ` ${reaches(g) ? '≥' : '<'} ${minus(g.threshold)} threshold, so it is ${g.value ? 1 : 0}`;
};

/** title names a gate: an input by its name, an output by what it means, another by its number and its sign. */
const title = (d) => {
  const g = d.gate;
  if (d.of?.kind === 'output') return d.of.means || d.of.label;
  return g.name === `g${g.gate}` ? minus(`Gate ${g.name}${d.of?.label && d.of.label !== g.name ? `: ${d.of.label}` : ''}`) : g.name;
};

const Origin = ({ text }) => text && html`<details><summary>Operations of the program that made the stage</summary><p class="origin">${text}</p></details>`;

/** bound is what an output wire of a thermometer says: its number is that or more. */
const bound = (port, wire) => minus(BigInt(port.least) + BigInt(wire) + 1n);

/** meaning says what an output wire of a thermometer tells: y[0,0].2 is 1 if y[0,0] ≥ 1. */
const meaning = (text) => {
  const [, not, name, wire] = /^(¬?)(.+)\.(\d+)$/.exec(text) ?? [];
  const port = store.about.value.outputPorts.find((p) => p.name === name && p.format === 'thermometer');
  if (!port) return text;
  return `${text}: ${name} ${not ? '<' : '≥'} ${bound(port, wire)}`;
};

const Gate = ({ d }) => {
  const g = d.gate;
  const not = d.of?.kind === 'output' && d.of.not;
  return html`<h2>${title(d)}</h2>
    ${g.when && html`<p data-when>It is ${minus(g.when)}.</p>`}
    ${g.why && html`<p class="why" data-why>${g.why}.</p>`}
    ${not && html`<p>This output is the complement of g${g.gate}, which is shown here.</p>`}
    <dl><dt>is</dt><dd data-value=${g.gate}><${Bit} of=${g.value} /></dd>
      <dt>kind</dt><dd>${g.kind}</dd><dt>number</dt><dd>g${g.gate}</dd><dt>level</dt><dd>${g.level}</dd>
      ${g.path && html`<dt>stage</dt><dd><button class="link" onClick=${() => store.find({ item: `s${g.stage}`, open: [] })}>${g.path}</button></dd>`}
      ${g.outputs?.length > 0 && html`<dt>output</dt><dd>${g.outputs.map(meaning).join(', ')}</dd>`}</dl>
    ${g.text && html`<p class="sumline">${minus(g.text)}</p>`}
    ${g.sum !== undefined && g.sum !== '' && html`<p class="sumline">sum ${minus(g.sum)}${compared(g)}</p>`}
    ${margin(g)}
    ${g.terms?.length > 0 && html`<${Flips} flips=${d.flips} gate=${g} />`}
    <p class="acts"><button onClick=${() => store.filter('cone', g.gate)}>Only what it depends on</button>${' '}
      <button onClick=${() => store.filter('fan', g.gate)}>Only what it feeds</button></p>
    ${g.terms?.length > 0 && html`<${Terms} gate=${g} />`}
    ${g.readerCount > 0 && html`<h3>read by ${store.count(g.readerCount, 'gate')}</h3><p><${Links} gates=${g.readers} total=${g.readerCount} /></p>`}
    <${Origin} text=${g.origin} />`;
};

const Item = ({ info: n }) => {
  const open = store.view.value.frames.some((f) => f.id === n.id);
  const can = store.view.value.items.some((i) => i.id === n.id && i.fold);
  return html`<h2>${n.label}</h2>
    <dl><dt>what</dt><dd>${n.kind === 'oport' ? 'output port' : n.kind === 'port' ? 'input port' : n.kind}</dd>
      ${n.path && html`<dt>path</dt><dd>${n.path}</dd>`}
      ${n.gates > 0 && html`<dt>gates</dt><dd>${store.count(n.gates)}, of which ${store.count(n.ones ?? 0)} ${n.ones === 1 ? 'is' : 'are'} 1</dd>`}
      ${n.wires > 0 && html`<dt>wires</dt><dd>${store.count(n.wires)}</dd>`}
      ${n.levels && html`<dt>levels</dt><dd>${n.levels[0] === n.levels[1] ? n.levels[0] : `${n.levels[0]} to ${n.levels[1]}`}</dd>`}
      ${store.change.value?.ports?.[n.label] && html`<dt>number</dt><dd>${store.change.value.ports[n.label]}</dd>`}</dl>
    ${Object.entries(n.reasons ?? {}).map(([k, text]) => n.kinds?.[k] && html`<p class="why">${store.count(n.kinds[k])} ${k}: ${text}.</p>`)}
    ${Object.keys(n.kinds ?? {}).length > 0 && html`<h3>gates by kind</h3><table><tbody>${Object.entries(n.kinds).map(([k, c]) => html`<tr><td>${k}</td>
      <td class="number">${store.count(c)}</td></tr>`)}</tbody></table>`}
    <${Origin} text=${n.origin} />
    ${(can || open) && html`<p><button onClick=${() => (open ? store.fold(n.id) : store.unfold(n.id))}>${open ? 'Fold' : 'Unfold'}</button></p>`}`;
};

const Wires = ({ d }) => html`<h2>${store.count(d.count, 'wire')}</h2>
  <p>from ${label(d.from)} to ${label(d.to)}${(d.more || d.wires.length > d.count) &&
    '. A wire into a sum stands here once for each gate that reads the sum'}.</p>
  <table><thead><tr><th>from</th><th>to</th><th class="number">weight</th></tr></thead>
  <tbody>${d.wires.map((w) => html`<tr><td>${w.not && 'not '}<${GateLink} gate=${w.from} /></td><td><${GateLink} gate=${w.to} /></td>
    <td class="number">${minus(w.weight ?? '1')}</td></tr>`)}</tbody></table>
  ${d.more && html`<p>and more</p>`}`;

const label = (id) => [...store.view.value.items, ...store.view.value.frames].find((i) => i.id === id)?.label ?? id;

const Chain = ({ chain }) => html`<h2>One longest path</h2>
  <p>From ${chain.names[0]} to ${chain.output} through ${store.count(chain.depth, 'gate')} that cost${chain.depth === 1 ? 's' : ''} depth: the depth of the circuit.
    ${store.view.value?.chain?.length > 0 ? 'It is wide and pink in the picture; what is on any longest path is violet.' : ''}</p>
  <ol data-path=${chain.depth} start="0">${chain.gates.map((g, i) => html`<li><${GateLink} gate=${g} name=${chain.names[i]} />${' '}
    <span class="range">${chain.kinds[i] === 'INPUT' ? 'input' : `${chain.kinds[i]}, level ${chain.levels[i]}${chain.stages[i] && `, ${chain.stages[i]}`}`}</span></li>`)}</ol>
  ${chain.gates.length <= 200 && html`<p><button data-act="unfold-path" onClick=${store.unfoldChain}>Unfold along it</button></p>`}`;

const mostBounds = 16;

/** Bounds are the wires of an output in a thermometer code, each with its value: a click says what it depends on. */
const Bounds = ({ port, text }) => store.known(port) && html`<tr data-bounds><td colspan="2">${Array.from({ length: port.wires }, (_, i) => {
  const b = BigInt(port.least) + BigInt(i) + 1n;
  const one = text !== '' && BigInt(text) >= b;
  return html`<button class=${`bound${one ? ' one' : ''}`} aria-label=${`${port.name} ≥ ${minus(b)}: ${one ? 'yes' : 'no'}`} title="which gate says so, and which inputs flip it"
    data-output=${port.first + i} onClick=${() => store.findItem(`y${port.first + i}`)}>≥ ${minus(b)}</button>`;
})}</td></tr>`;

const mostPurposes = 12;

/** Purposes say why the gates are there. */
const Purposes = () => {
  const list = store.about.value.purposes ?? [];
  if (!list.length) return null;
  return html`<hr /><h2>Why the gates are there</h2><ul class="purposes">${list.slice(0, mostPurposes).map((p) => html`<li><b>${store.count(p.gates)} ${p.kind}</b>
    ${p.item && html` in <button class="link" onClick=${() => store.findItem(p.item)} title=${p.stage}>${p.stage.replace(/ \[[^\]]*\]/g, '')}</button>`}: ${p.text}.</li>`)}</ul>
    ${list.length > mostPurposes && html`<p>and more: click a stage.</p>`}`;
};

const someOutputs = 24; // that are shown at first

const Outputs = () => {
  const [open, setOpen] = useState(false);
  const values = store.change.value?.ports ?? {};
  const { steps, outputPorts } = store.about.value;
  const ports = outputPorts.filter((p) => !steps || p.codec.kind !== 'image');
  if (!ports.length) return html`<h2>Outputs</h2><p>They are the pictures under Step by step.</p>`;
  const row = (p) => {
    const text = values[p.name] ?? '';
    const label = p.codec?.labels?.[text];
    if (!store.known(p)) {
      return html`<tr><td><button class="link" onClick=${() => store.findItem(p.item)}>${p.name}</button></td><td class="number range">${store.notYet(p)}</td></tr>`;
    }
    return html`<tr><td><button class="link" onClick=${() => store.findItem(p.item)}>${p.name}</button></td>
      <td class="number value">${text === '' ? 'no code' : minus(text)}${label !== undefined && label !== text && ` (${label})`}</td></tr>
      ${p.format === 'thermometer' && p.wires <= mostBounds && html`<${Bounds} port=${p} text=${text} />`}`;
  };
  const table = html`<table data-outputs><tbody>${(open ? ports : ports.slice(0, someOutputs)).map(row)}</tbody></table>
    ${ports.length > someOutputs && !open && html`<p><button onClick=${() => setOpen(true)}>Show all ${store.count(ports.length, 'output')}</button></p>`}`;
  return html`<h2>Outputs</h2>${groups(ports).map((g) => {
    const Picture = pictured(g);
    return Picture && g.ports.every(store.known) && html`<${Picture} group=${g} values=${values} />`;
  })}
    ${groups(ports).every((g) => pictured(g) && g.ports.every(store.known)) ? html`<details><summary>as numbers</summary>${table}</details>` : table}`;
};

/** Panel tells about what is selected. */
export const Panel = () => {
  const d = store.detail.value;
  const aside = useRef(null);
  useEffect(() => { // what is asked for is seen: the gate or the path at the top
    if (d || store.chain.value) aside.current.scrollTop = 0;
  }, [d, store.chain.value]);
  const path = store.chain.value && html`<${Chain} chain=${store.chain.value} /><hr />`;
  return html`<aside ref=${aside} class="right" aria-label="Details" tabindex="0">
    ${!d && path}${d ? html`<p class="back"><button onClick=${() => store.select(undefined)}>Whole circuit</button></p>`
    : html`<h2>Details</h2><p>Click a box to unfold it, and a gate, a wire or a port to see it here. Click a bound under Outputs, or one bit of an output, to see
      which inputs flip it. <b>Longest path</b> above marks one.</p>`}
    ${d?.kind === 'gate' && html`<${Gate} d=${d} />`}
    ${d?.kind === 'item' && html`<${Item} info=${d.info} />`}
    ${d?.kind === 'wires' && html`<${Wires} d=${d} />`}
    <hr />${d && path}<${Outputs} />${!d && html`<${Purposes} />`}</aside>`;
};
