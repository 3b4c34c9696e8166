// The panel beside the picture: what was clicked on, in numbers.
import { html } from './html.js';
import * as store from './store.js';

const minus = (text) => String(text).replace('-', '−');
const Bit = ({ of }) => html`<span class=${`value${of ? ' one' : ''}`}>${of ? 1 : 0}</span>`;
const GateLink = ({ gate, name }) =>
  html`<button class="link" onClick=${() => store.findGate(gate)}>${name || `g${gate}`}</button>`;
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

const Flips = ({ flips, gate }) => {
  if (!flips) return html`<p><button onClick=${store.findFlips}>Find the inputs that flip it</button></p>`;
  if (!flips.inputs?.length) {
    return html`<p>No single input flips it (${store.count(flips.tried, 'input')} tried, one at a time).</p>`;
  }
  return html`<p>Each of these ${store.count(flips.inputs.length, 'input')} alone makes it ${gate.value ? 0 : 1}:</p>
    <ul class="flips">${flips.inputs.slice(0, 64).map((n, i) => html`<li><button data-flip=${n} onClick=${() => store.toggle(n)}>
      toggle ${flips.names?.[i] ?? `input ${n}`}</button></li>`)}</ul>
    ${flips.inputs.length > 64 && html`<p>and ${store.count(flips.inputs.length - 64)} more</p>`}`;
};

const margin = (g) => {
  if (g.margin === undefined || g.margin === '') return null;
  const m = minus(g.margin);
  if (g.threshold === undefined || g.threshold === '') return html`<p>Margin ${m}: ${m === '1' ? 'one term has' : `${m} terms have`} to change before it flips.</p>`;
  const short = g.margin.startsWith('-');
  return html`<p>Margin <b>${m}</b>: ${short ? `the sum lacks ${minus(g.margin).slice(1)} to the threshold` : `the sum may fall by ${m} and stay at the threshold or above`}.</p>`;
};

const Origin = ({ text }) => text && html`<h3>operations of the program that made the stage</h3><p class="origin">${text}</p>`;

/** meaning says what an output wire of a thermometer tells: y[0,0].2 is 1 if y[0,0] ≥ 1. */
const meaning = (text) => {
  const [, not, name, wire] = /^(¬?)(.+)\.(\d+)$/.exec(text) ?? [];
  const port = store.about.value.outputPorts.find((p) => p.name === name && p.format === 'thermometer');
  if (!port) return text;
  const bound = BigInt(port.least) + BigInt(wire) + 1n;
  return `${text}: ${name} ${not ? '<' : '≥'} ${minus(bound)}`;
};

const Gate = ({ d }) => {
  const g = d.gate;
  const not = d.of?.kind === 'output' && d.of.not;
  return html`<h2>${g.name || d.of?.label || `Gate ${g.gate}`}</h2>
    ${not && html`<p>This output is the complement of g${g.gate}, which is shown here.</p>`}
    <dl><dt>is</dt><dd data-value=${g.gate}><${Bit} of=${g.value} /></dd>
      <dt>kind</dt><dd>${g.kind}</dd><dt>number</dt><dd>g${g.gate}</dd><dt>level</dt><dd>${g.level}</dd>
      ${g.path && html`<dt>stage</dt><dd><button class="link" onClick=${() => store.find({ item: `s${g.stage}`, open: [] })}>${g.path}</button></dd>`}
      ${g.outputs?.length > 0 && html`<dt>output</dt><dd>${g.outputs.map(meaning).join(', ')}</dd>`}</dl>
    ${g.text && html`<p class="sumline">${g.text}</p>`}
    ${g.sum !== undefined && g.sum !== '' && html`<p class="sumline">sum ${minus(g.sum)}${g.threshold !== undefined && g.threshold !== ''
      ? html` ${g.value ? '≥' : '<'} ${minus(g.threshold)} threshold, so it is ${g.value ? 1 : 0}` : g.modulus ? html`, mod ${g.modulus}` : ''}</p>`}
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
      ${n.gates > 0 && html`<dt>gates</dt><dd>${store.count(n.gates)}, of which ${store.count(n.ones ?? 0)} are 1</dd>`}
      ${n.wires > 0 && html`<dt>wires</dt><dd>${store.count(n.wires)}</dd>`}
      ${n.levels && html`<dt>levels</dt><dd>${n.levels[0] === n.levels[1] ? n.levels[0] : `${n.levels[0]} to ${n.levels[1]}`}</dd>`}
      ${store.change.value?.ports?.[n.label] && html`<dt>number</dt><dd>${store.change.value.ports[n.label]}</dd>`}</dl>
    ${n.kinds && html`<h3>gates by kind</h3><table><tbody>${Object.entries(n.kinds).map(([k, c]) => html`<tr><td>${k}</td>
      <td class="number">${store.count(c)}</td></tr>`)}</tbody></table>`}
    <${Origin} text=${n.origin} />
    ${(can || open) && html`<p><button onClick=${() => (open ? store.fold(n.id) : store.unfold(n.id))}>${open ? 'Fold' : 'Unfold'}</button></p>`}`;
};

const Wires = ({ d }) => html`<h2>${store.count(d.count, 'wire')}</h2>
  <p>from ${label(d.from)} to ${label(d.to)}</p>
  <table><thead><tr><th>from</th><th>to</th><th class="number">weight</th></tr></thead>
  <tbody>${d.wires.map((w) => html`<tr><td>${w.not && 'not '}<${GateLink} gate=${w.from} /></td><td><${GateLink} gate=${w.to} /></td>
    <td class="number">${minus(w.weight ?? '1')}</td></tr>`)}</tbody></table>
  ${d.more && html`<p>and more</p>`}`;

const label = (id) => [...store.view.value.items, ...store.view.value.frames].find((i) => i.id === id)?.label ?? id;

const Chain = ({ chain }) => html`<h2>One longest path</h2>
  <p>${store.count(chain.depth, 'gate')} of depth, one after another from an input to an output: the depth of the circuit.</p>
  <ol data-path=${chain.depth}>${chain.gates.map((g) => html`<li><${GateLink} gate=${g} /></li>`)}</ol>`;

const Outputs = () => {
  const values = store.change.value?.ports ?? {};
  const ports = store.about.value.outputPorts.filter((p) => p.codec.kind !== 'image').map((p) => [p.name, values[p.name] ?? '']);
  const labels = new Map(store.about.value.outputPorts.map((p) => [p.name, p.codec?.labels]));
  return html`<h2>Outputs</h2><table data-outputs><tbody>${ports.slice(0, 80).map(([name, text]) => html`<tr><td>${name}</td>
    <td class="number value">${text === '' ? 'no code' : minus(text)}${labels.get(name)?.[text] !== undefined && ` (${labels.get(name)[text]})`}</td></tr>`)}</tbody></table>
    ${ports.length > 80 && html`<p>and ${store.count(ports.length - 80)} more</p>`}`;
};

/** Panel tells about what is selected. */
export const Panel = () => {
  const d = store.detail.value;
  return html`<aside class="right" aria-label="Details" tabindex="0">
    ${!d && html`<h2>Details</h2><p>Click a box to unfold it, and a gate, a wire or a port to see it here.</p>`}
    ${d?.kind === 'gate' && html`<${Gate} d=${d} />`}
    ${d?.kind === 'item' && html`<${Item} info=${d.info} />`}
    ${d?.kind === 'wires' && html`<${Wires} d=${d} />`}
    ${store.chain.value && html`<hr /><${Chain} chain=${store.chain.value} />`}
    <hr /><${Outputs} /></aside>`;
};
