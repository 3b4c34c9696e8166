// A guided tour beside the circuit: a text for each step, and the state of the page that belongs to it.
import { useEffect, useRef } from 'preact/hooks';
import { html } from './html.js';
import * as store from './store.js';

/** The tour that stands in the page, or null. */
export const tour = JSON.parse(document.getElementById('tour')?.textContent || 'null');

const at = () => Math.min(Math.max(store.state.value.step ?? 1, 1), tour.steps.length) - 1;

/** show goes to a step: the page follows its address. */
const show = (i) => { if (tour.steps[i]) location.hash = `#${tour.steps[i].hash}`; };

/** begin makes the first step what the page shows, unless its address says more. */
export const begin = () => {
  if (tour && location.hash.length < 2) history.replaceState(null, '', `#${tour.steps[0].hash}`);
};

/** Prose writes a paragraph, with its `code` and *stress*. */
const Prose = ({ text }) => html`<p>${text.split(/(`[^`]+`|\*[^*\s](?:[^*]*[^*\s])?\*)/).map((part, i) => (i % 2 === 0 ? part
  : part[0] === '`' ? html`<code>${part.slice(1, -1)}</code>` : html`<em>${part.slice(1, -1)}</em>`))}</p>`;

const keys = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

/** Tour shows the step of the state. Its keys work where nothing else has the focus. */
export const Tour = () => {
  const room = useRef();
  const i = at();
  const step = tour.steps[i];
  useEffect(() => {
    const press = (e) => {
      const way = keys[e.key];
      const free = document.activeElement === document.body || document.activeElement === room.current;
      if (!way || !free || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      show(at() + way);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  useEffect(() => {
    room.current.scrollTop = 0;
    store.told.value = `Step ${i + 1} of ${tour.steps.length}: ${step.title}`;
  }, [i]);
  const strayed = store.kept.value !== '' && store.kept.value !== step.hash;
  return html`<section class="tour" ref=${room} tabindex="0" aria-label="Tour" data-step=${i + 1}>
    <h2>${i + 1}. ${step.title}</h2>
    ${step.text.map((text) => html`<${Prose} key=${text} text=${text} />`)}
    <nav class="row" aria-label="Steps of the tour">
      <button data-act="previous" disabled=${i === 0} onClick=${() => show(i - 1)}>Back</button>
      <select aria-label="Step" value=${String(i)} onChange=${(e) => show(Number(e.target.value))}>
        ${tour.steps.map((s, k) => html`<option value=${String(k)}>${k + 1} of ${tour.steps.length}: ${s.title}</option>`)}</select>
      <button class="on" data-act="next" disabled=${i === tour.steps.length - 1} onClick=${() => show(i + 1)}>Next</button></nav>
    ${strayed && html`<p><button data-act="again" onClick=${() => show(i)}>Back to what the step shows</button></p>`}
  </section>`;
};
