// The page: a bar, the inputs and the tree, the picture, the panel, the levels.
import { render } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { ask } from './api.js';
import { Canvas } from './canvas.js';
import { Help } from './help.js';
import { Inputs } from './inputs.js';
import { Ledger } from './ledger.js';
import { Legend } from './legend.js';
import { Panel } from './panel.js';
import { Chain } from './passes.js';
import { save } from './save.js';
import { Scene } from './scene.js';
import { Tiles } from './tiles.js';
import { Tour, begin, tour } from './tour.js';
import { Tree } from './tree.js';
import * as store from './store.js';

const Search = () => {
  const [hits, setHits] = useState(null);
  const timer = useRef();
  const type = (e) => {
    const text = e.target.value.trim();
    clearTimeout(timer.current);
    if (!text) { setHits(null); return; }
    timer.current = setTimeout(() => ask('search', { text, most: 40 }).then((r) => setHits(r.hits ?? []), (x) => { store.trouble.value = x.message; }), 120);
  };
  const take = (hit) => { setHits(null); store.find(hit); };
  const key = (e) => {
    if (e.key === 'Escape') setHits(null);
    if (e.key === 'Enter' && hits?.length) take(hits[0]);
  };
  return html`<div class="searchbox" role="search" onKeyDown=${key}><label class="hidden-text" for="search">Find a name, a gate number, a stage, a kind of gate</label>
    <input id="search" type="search" placeholder="Find: name, g17, XOR" autocomplete="off" onInput=${type} />
    ${hits && html`<ul class="found" aria-label="Found">${hits.map((h) => html`<li key=${h.item}><button onClick=${() => take(h)}>${h.name}
      ${' '}<small>${h.what}</small></button></li>`)}${hits.length === 0 && html`<li>nothing found</li>`}</ul>`}</div>`;
};

const Filters = () => {
  const f = store.state.value.filter;
  const text = { cone: `what g${f?.gate} depends on`, fan: `what g${f?.gate} feeds`, path: 'longest paths' }[f?.kind];
  return html`<button data-act="path" aria-pressed=${String(f?.kind === 'path')} onClick=${() => (f?.kind === 'path' ? store.filter() : store.longest())}>Longest path</button>
    ${f && html`<span class="warning">Only ${text} <button onClick=${() => store.filter()}>Show all</button></span>`}`;
};

const Theme = () => {
  const next = () => {
    const root = document.documentElement;
    const dark = (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
    root.dataset.theme = dark ? 'light' : 'dark';
  };
  return html`<button onClick=${next} aria-label="Light or dark" title="Light or dark">◐</button>`;
};

const Bar = () => {
  const a = store.about.value;
  return html`<header class="bar"><h1>${a.name}</h1>
    <span class="facts">${store.count(a.gates, 'gate')}, ${a.wires > 0 && `${store.count(a.wires, 'wire')}, `}<${Help} a=${a} /></span>
    <span class="commands"><${Filters} /><${Search} />
    <button onClick=${() => store.go({ open: [], filter: undefined, select: undefined })} disabled=${!store.state.value.open?.length}>Fold all</button>
    <button data-act="density" title="where the gates are, by level, instead of boxes" aria-pressed=${String(store.density.value)} onClick=${() => store.setDensity(!store.density.value)}>Density</button>
    <button data-act="save" onClick=${() => save('svg')} disabled=${store.density.value}>Save SVG</button>
    <button data-act="save-tex" onClick=${() => save('tex')} disabled=${store.density.value}>Save TikZ</button><${Theme} /></span></header>`;
};

const Picture = () => {
  const v = store.view.value;
  const told = store.trouble.value || (store.density.value ? (store.crowd.value && `${store.crowd.value}. So this is density; the button Density goes back to boxes. `) + 'Darker: more gates at this level and place. Green: more of them are 1.' : v.full?.[0]);
  return html`<main class="picture" aria-label="Picture" aria-busy=${String(store.busy.value > 0)}>
    ${store.density.value ? html`<${Tiles} />` : html`<${v.crowd ? Canvas : Scene} />
    <div class="tools"><button aria-label="Zoom in" onClick=${() => store.askSight({ by: 1.4 })}>+</button>
      <button aria-label="Zoom out" onClick=${() => store.askSight({ by: 1 / 1.4 })}>−</button>
      <button onClick=${() => store.askSight({ fit: true })}>Fit</button></div>`}
    ${told && html`<div class="told" role=${store.trouble.value ? 'alert' : 'status'}><span>${told}</span></div>`}</main>`;
};

const App = () => {
  if (!store.about.value) {
    return html`<p class=${`wait${store.trouble.value ? ' error' : ''}`} role="status">${store.trouble.value || 'Opening the circuit …'}</p>`;
  }
  return html`<div class=${`rooms${tour ? ' touring' : ''}`}><${Bar} />${tour && html`<${Tour} />`}
    <div class="left" tabindex="0" role="region" aria-label="Inputs and tree"><${Chain} /><${Inputs} /><hr /><${Tree} /></div>
    <${Picture} /><${Panel} />
    <footer class="levels"><${Ledger} />${!store.density.value && html`<${Legend} />`}</footer>
    <p class="hidden-text" role="status">${store.told.value}</p></div>`;
};

const root = document.getElementById('app');
root.textContent = '';
render(html`<${App} />`, root);
begin();
store.start();
