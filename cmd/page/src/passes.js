// What a model does in several passes or steps: a language model token by token, a diffusion model step by step.
import { useState } from 'preact/hooks';
import { html } from './html.js';
import * as store from './store.js';

const portsOf = (ports, group) => ports.filter((p) => p.group === group);

/** Words writes tokens one after another, each on a ground of its own. */
const Words = ({ tokens, labels }) => html`<span class="words">${tokens.map((v, i) => html`<code key=${i}>${
  (labels[v] ?? '?').replaceAll(' ', '␣').replaceAll('\n', '⏎')}</code>`)}</span>`;

/** Passes appends what the circuit answers to the text that it reads: each token is one pass. */
const Passes = ({ text }) => {
  const [a, c] = [store.about.value, store.change.value];
  const [inputs, answers] = [portsOf(a.inputPorts, text.input), portsOf(a.outputPorts, text.output)];
  const most = Math.min(inputs.length, text.first + answers.length);
  const read = store.state.value.tokens ?? text.first + 1; // tokens that are the text; the rest is not read
  const [before, setDone] = useState([]); // {read, answer} of the passes before this one
  const done = before.at(-1)?.read === read - 1 ? before : []; // another address has others
  const tokens = inputs.map((p) => Number(c.inputs[p.name]));
  const at = answers[read - 1 - text.first];
  const answer = Number(c.ports[at.name]);
  const ends = answer === text.end || read === most || done.length + 1 === text.most;
  const begin = (n) => {
    setDone([]);
    store.setValues(Object.fromEntries(inputs.slice(n).map((p) => [p.name, '0'])), { tokens: n });
  };
  const append = () => {
    setDone([...done, { read, answer }]);
    store.setValues({ [inputs[read].name]: String(answer) }, { tokens: read + 1 });
  };
  return html`<section aria-label="Passes" data-pass=${done.length + 1}><h2>Token by token</h2>
    <p><label>Text: the first <input type="number" size="4" min=${text.first + 1} max=${most} value=${read}
      onChange=${(e) => begin(Math.min(Math.max(Number(e.target.value) || 0, text.first + 1), most))} /> of ${inputs.length} tokens</label></p>
    ${done.length > 0 && html`<ol class="passes">${done.map((d) => html`<li key=${d.read}>${store.count(d.read, 'token')} → <${Words} tokens=${[d.answer]} labels=${text.labels} /></li>`)}</ol>`}
    <p>Pass ${done.length + 1}: <${Words} tokens=${tokens.slice(0, read)} labels=${text.labels} /> → ${store.known(at) ? html`<b data-answer=${answer}><${Words} tokens=${[answer]} labels=${text.labels} /></b>` : store.notYet(at)}</p>
    <p><button data-act="append" disabled=${ends} onClick=${append}>Append the answer, pass ${done.length + 2}</button>
      ${done.length > 0 && html` <button onClick=${() => begin(read - done.length)}>Back to the first pass</button>`}</p>
    ${ends && html`<p>The text ends here${answer === text.end ? ', by the token that ends it' : read === most ? ': the circuit has no more positions' : ''}.</p>`}
    <p class="range">The same circuit, of depth ${a.depth}, once for each token. ${done.length === 0 ? 'Each further token is one more pass.'
      : `The passes follow one another: unrolled, ${done.length + 1} would be ${(done.length + 1) * a.depth} deep.`}</p></section>`;
};

/** Numbers is a picture of the numbers of some ports, or the numbers. */
const Numbers = ({ ports, values, name, step }) => {
  const { kind, rows, columns } = ports[0].codec;
  const [lo, hi] = [step.black, step.white];
  const known = ports.filter((p) => values[p.name] !== '');
  if (kind !== 'image' || rows * columns !== ports.length) {
    return html`<span class="value">${ports.slice(0, 12).map((p) => (values[p.name] || 'no code').replace('-', '−')).join(' ')}</span>`;
  }
  const shade = (p) => Math.round(255 * Math.min(Math.max((Number(values[p.name]) - lo) / (hi - lo), 0), 1));
  return html`<svg class="small-image" role="img" viewBox=${`0 0 ${columns} ${rows}`} shape-rendering="crispEdges"
    aria-label=${`${name}: a picture of ${rows} by ${columns}, ${known.length} numbers, black ${lo}, white ${hi}`}>
    ${ports.map((p, i) => html`<rect key=${i} x=${i % columns} y=${Math.floor(i / columns)} width="1.02" height="1.02"
      fill=${values[p.name] === '' ? 'var(--warn-fill)' : `rgb(${shade(p)},${shade(p)},${shade(p)})`} />`)}</svg>`;
};

/** Steps shows what each denoising step makes, with its depth, as far as the slider has come. */
const Steps = ({ steps }) => {
  const [a, c] = [store.about.value, store.change.value];
  const stages = steps.map((s) => a.stages.find((t) => t.path === s.stage));
  const begins = (i) => (i > 0 ? stages[i - 1].hi : 0);
  const start = portsOf(a.inputPorts, 'x');
  const level = store.level.value;
  const item = (i) => stages[i].item;
  return html`<section aria-label="Steps"><h2>Step by step</h2>
    <ol class="steps" start="0">${start.length > 0 && html`<li><button class="link" onClick=${() => store.go({ level: 0 })}>noise</button>
      <${Numbers} ports=${start} values=${c.inputs} name="noise" step=${steps[0]} /></li>`}
    ${steps.map((s, i) => html`<li key=${s.stage} data-depth=${stages[i].hi - begins(i)}>
      <button class="link" onClick=${() => store.go({ level: stages[i].hi >= a.depth ? undefined : stages[i].hi, select: item(i) })}>${s.stage}</button>
      ${stages[i].hi <= level ? html`<${Numbers} ports=${portsOf(a.outputPorts, s.output)} values=${c.ports} name=${s.stage} step=${s} />` : html`<span class="range">not computed yet</span>`}
      <span class="range">${begins(i) + 1 >= stages[i].hi ? `level ${stages[i].hi}` : `levels ${begins(i) + 1} to ${stages[i].hi}`}: depth ${stages[i].hi - begins(i)}</span></li>`)}</ol></section>`;
};

/** Chain shows what the circuit's model does in passes or in steps; nothing for other circuits. */
export const Chain = () => {
  const a = store.about.value;
  return html`${a.text && html`<${Passes} text=${a.text} /><hr />`}${a.steps && html`<${Steps} steps=${a.steps} /><hr />`}`;
};
