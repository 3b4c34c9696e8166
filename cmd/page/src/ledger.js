// The bar of gates by level: how deep the circuit is and where its gates are; also the map of what is in sight.
import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';
import * as store from './store.js';

/** reach gives the part of the columns, 0 to 1, that the window shows. */
const reach = (view, shown) => {
  if (!shown || !view.width) return null;
  const part = (x) => Math.min(Math.max(x / view.width, 0), 1);
  return [part(shown.from), part(shown.to)];
};

/** high is the height of a bar of n gates, of 54: logarithmic, so that a level of few gates is seen beside one of many. */
const high = (n, most) => (n ? 3 + 45 * Math.log1p(n) / Math.log1p(most) : 0);

/** ticks are 1, 10, 100 … up to the greatest bar, as many as can be told apart. */
const ticks = (most) => {
  const all = [];
  for (let n = 1; n <= most; n *= 10) all.push(n);
  const every = Math.ceil(all.length / 4);
  return all.filter((_, i) => i % every === 0);
};

const short = (n) => (n < 1000 ? `${n}` : n < 1e6 ? `${n / 1000} k` : `${n / 1e6} M`);

/** Scale says what the height of a bar is. */
const Scale = ({ most }) => html`<div class="scale" aria-hidden="true">${ticks(most).map((n) => html`<span key=${n} data-tick=${n}
  style=${`bottom:${(high(n, most) + 2) / 54 * 100}%`}>${short(n)}</span>`)}</div>`;

const Bars = () => {
  const columns = store.about.value.columns;
  const most = Math.max(...columns.map((c) => c.gates), 1);
  const [now, window] = [store.state.value.level, reach(store.view.value, store.shown.value)];
  const n = columns.length;
  const step = 1000 / n;
  const click = (c, i) => {
    const v = store.view.value;
    store.askSight({ at: { x: v.width * (i + 0.5) / n, y: v.height / 2, w: 1, h: 1 } });
    store.go({ level: c.level >= store.about.value.depth ? undefined : c.level });
  };
  return html`<div class="ledger"><${Scale} most=${most} /><svg class="bars" viewBox="0 0 1000 54" preserveAspectRatio="none" aria-hidden="true">
    ${ticks(most).map((t) => html`<line key=${`t${t}`} class="tick" x1="0" x2="1000" y1=${52 - high(t, most)} y2=${52 - high(t, most)} vector-effect="non-scaling-stroke" />`)}
    ${columns.map((c, i) => {
      const h = high(c.gates, most);
      const kind = now === undefined || c.level < now ? '' : c.level === now ? 'now' : 'ahead';
      return html`<g key=${i} onClick=${() => click(c, i)}><title>${`level ${c.level}: ${store.count(c.gates, 'gate')}`}</title>
        <rect x=${i * step} y="0" width=${step} height="54" style="fill:transparent" />
        <rect class=${kind} x=${(i + 0.08) * step} y=${52 - h} width=${step * 0.84} height=${h} /></g>`;
    })}
    ${window && html`<rect class="window" x=${window[0] * 1000 + 1} y="1" width=${Math.max(4, (window[1] - window[0]) * 1000 - 2)} height="52"
      style="fill:none;pointer-events:none" vector-effect="non-scaling-stroke" />`}</svg></div>
    <p class="range axis"><span>gates of each level, log scale</span><span>levels ${columns[0]?.level ?? 0} to ${columns.at(-1)?.level ?? 0} →</span></p>`;
};

/** Ledger has the bars and the slider, which lets values appear level by level. */
export const Ledger = () => {
  const a = store.about.value;
  const [playing, setPlaying] = useState(false);
  const now = Math.min(store.state.value.level ?? a.depth, a.depth);
  const set = (level) => store.go({ level: level >= a.depth ? undefined : level });
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setTimeout(() => (now >= a.depth ? setPlaying(false) : set(now + 1)), Math.max(60, Math.min(700, 6000 / (a.depth + 1))));
    return () => clearTimeout(timer);
  }, [playing, now]);
  const play = () => { if (!playing) store.go({ level: 0 }); setPlaying(!playing); };
  const at = a.columns.filter((c) => c.level === now).reduce((n, c) => n + c.gates, 0);
  return html`<div class="row"><label for="level">Values up to level</label>
      <input id="level" type="range" min="0" max=${a.depth} value=${now} onInput=${(e) => { setPlaying(false); set(Number(e.target.value)); }}
        aria-valuetext=${`level ${now} of ${a.depth}, ${store.count(at, 'gate')}`} />
      <output for="level"><b>${now}</b> of ${a.depth}${at ? `: ${store.count(at, 'gate')}` : ''}</output>
      <button onClick=${play}>${playing ? 'Stop' : 'Play'}</button></div>
    <${Bars} />
    <p class="hidden-text">Gates by level: ${a.columns.map((c) => `level ${c.level}: ${c.gates}`).slice(0, 200).join('; ')}</p>`;
};
