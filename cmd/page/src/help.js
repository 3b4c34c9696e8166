// What the page shows, for who has read nothing before.
import { useRef } from 'preact/hooks';
import { html } from './html.js';
import * as store from './store.js';

const codes = { unsigned: 'binary', thermometer: 'thermometer code', 'one-hot': 'one-hot code', weighted: 'weighted sums' };
const coded = {
  'thermometer code': 'Thermometer code: a wire for each number that an output may reach, which is 1 where it does.',
  'one-hot code': 'One-hot code: a wire for each number that an output may be, one of which is 1.',
  binary: 'Binary: a wire for each bit, the one that counts 1 first.',
  'weighted sums': 'Weighted sum: an output is a sum of wires, each with a weight.',
};

const codesOf = (ports) => [...new Set(ports.map((p) => (p.wires === 1 && p.format === 'unsigned' ? 'bits' : codes[p.format] ?? p.format)))];

/** defined says what a depth counts: the model, and what it does not say. */
const defined = (a) => `Depth: how many gates stand one behind another on a longest path from an input to an output. What counts is
  the ${a.depthModel} model: ${a.depthNote}. It is the depth of the circuit that was built, to its outputs in their code. It is not the
  least depth that the function could have, and one circuit is in no class: a class is of a family, for every n.`.replace(/\s+/g, ' ');

const Text = ({ a }) => html`<h2>What this page shows</h2>
  <dl><dt>Depth ${a.depth}</dt><dd>${defined(a)} ${codesOf(a.outputPorts).map((c) => coded[c]).filter(Boolean).join(' ')}</dd>
    <dt>The picture</dt><dd>Inputs are at the left, outputs at the right, and gates between them by their level: the depth at which a gate has its
      value. A box is a stage of the circuit, folded; a click unfolds it, and a click on the name of its frame folds it again. Drag to move, turn the wheel or
      use + and − to zoom; <b>Fit</b> shows all.</dd>
    <dt>A gate</dt><dd>${'∧'} is AND, ${'∨'} OR, ${'⊕'} XOR, and “≥ 3” is 1 where the sum of what it reads, each with its weight, is at least 3.
      A click shows its sum, its threshold, its margin (the sum less the threshold), and the inputs that flip it.</dd>
    <dt>The inputs</dt><dd>Toggle a bit, type a number, choose a token, draw: all values follow. Under <b>Outputs</b> a bound such as ${'“≥ 1”'} leads to the gate that decides it.</dd>
    <dt>The slider</dt><dd>“Values up to level” lets the values come level by level, as depth is. The bars are the gates of each level, on a logarithmic scale; a
      click goes there.</dd>
    <dt>Keys</dt><dd>Tab goes from part to part. Arrows walk in the picture and in the tree; Enter unfolds or selects; Backspace folds what is around.${' '}
      In a tour → and ← go on and back.</dd>
    <dt>To share it</dt><dd>The address of the page holds what you see; <b>Save SVG</b> and <b>Save TikZ</b> write it as a figure.</dd></dl>`;

/** Depth never says a depth without what counts as depth and the code of the outputs; a click defines them. */
export const Help = ({ a }) => {
  const box = useRef();
  const open = () => box.current.showModal();
  const codes = codesOf(a.outputPorts).join(', ');
  return html`<button class="link" data-depth=${a.depth} title=${`${defined(a)} Outputs: ${codes}.`}
      onClick=${open}>depth ${a.depth} (${a.depthModel} model), outputs: ${codes}</button>
    <button data-act="help" onClick=${open} aria-label="Help: what this page shows">?</button>
    <dialog class="help" ref=${box} aria-label="Help" onClick=${(e) => e.target === box.current && box.current.close()}><div>
      <p class="close"><button onClick=${() => box.current.close()}>Close</button></p><${Text} a=${a} /></div></dialog>`;
};
