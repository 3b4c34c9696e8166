// What is in view as a tree that the keyboard walks: the same things as the picture, in words.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { html } from './html.js';
import { memo } from './memo.js';
import { value } from './scene.js';
import * as store from './store.js';

/** forest orders frames and items of a view under their parents. */
const forest = (view) => {
  const frames = new Set(view.frames.map((f) => f.id));
  const of = new Map();
  const put = (node) => {
    const parent = frames.has(node.parent) && node.parent !== node.id ? node.parent : '';
    if (!of.has(parent)) of.set(parent, []);
    of.get(parent).push(node);
  };
  view.frames.forEach((f) => put({ ...f, open: true }));
  view.items.forEach((i, index) => put({ ...i, index }));
  for (const list of of.values()) list.sort((a, b) => a.x - b.x || a.y - b.y);
  return of;
};

const words = (node, paint, level) => {
  if (node.open) return '';
  const v = value(node, node.index, paint, level);
  return v.text;
};

const name = (node) => (node.kind === 'gate' && node.note !== node.label ? `${node.label} ${node.note}` : node.label).replace('-', '−');

/** rows lists the nodes from top to bottom, each with its level and its place among those beside it. */
const rows = (of, parent = '', level = 1) => {
  const list = of.get(parent) ?? [];
  return list.flatMap((node, i) => [{ node, level, at: i + 1, all: list.length }, ...(node.open ? rows(of, node.id, level + 1) : [])]);
};

const Row = memo(({ row: { node, level, at, all }, text, tab, selected }) => {
  const can = node.open || node.fold;
  const click = () => store.show(node.id);
  const sign = (e) => { e.stopPropagation(); if (node.open) store.fold(node.id); else if (node.fold) store.unfold(node.id); else click(); };
  return html`<li role="treeitem" class="leaf" data-node=${node.id} tabindex=${tab ? 0 : -1} aria-level=${level} aria-posinset=${at}
    aria-setsize=${all} aria-expanded=${can ? String(!!node.open) : undefined} aria-selected=${String(selected)}
    style=${`padding-left:${0.2 + (level - 1) * 0.95}rem`} onClick=${click}>
    <span class="sign" aria-hidden="true" onClick=${sign}>${node.open ? '▾' : node.fold ? '▸' : '·'}</span>
    <span class="what">${name(node)}</span> <span class="count">${text}</span></li>`;
});

const [long, spare] = [400, 25]; // rows: of more, only those near the window are on the page

const rowHeight = () => 1.6 * parseFloat(getComputedStyle(document.documentElement).fontSize); // as page.css says

/** useWindow returns which rows are on the page: [first, end]. */
const useWindow = (root, length) => {
  const [from, setFrom] = useState(0);
  useEffect(() => {
    if (length <= long) return undefined;
    const scrolled = () => setFrom(Math.max(0, Math.floor(-root.current.getBoundingClientRect().top / rowHeight() / spare) - 1) * spare);
    scrolled();
    addEventListener('scroll', scrolled, { capture: true, passive: true });
    return () => removeEventListener('scroll', scrolled, { capture: true });
  }, [length]);
  return length <= long ? [0, length] : [Math.min(from, length), Math.min(length, from + Math.ceil(innerHeight / rowHeight()) + 3 * spare)];
};

/** later returns what gives an element the focus, unless somebody has gone elsewhere since: then theirs stays. */
const later = (find) => {
  const from = document.activeElement;
  return () => { if ([from, document.body].includes(document.activeElement)) find()?.focus(); };
};

/** Tree walks by arrows, Home and End; Right unfolds, Left folds, Enter selects. */
export const Tree = () => {
  const root = useRef();
  const view = store.view.value;
  const list = useMemo(() => rows(forest(view)), [view]);
  const [from, to] = useWindow(root, list.length);
  const here = list.slice(from, to);
  const chosen = store.state.value.select;
  const tab = here.some(({ node }) => node.id === chosen) ? chosen : here[0]?.node.id;
  const rowOf = (id) => root.current.querySelector(`[data-node="${id}"]`);
  const focus = (i) => {
    if (!list[i]) return;
    const element = rowOf(list[i].node.id);
    if (element) { element.tabIndex = 0; element.focus(); return; }
    const room = root.current.closest('.left');
    const top = root.current.getBoundingClientRect().top + i * rowHeight();
    (room.scrollHeight > room.clientHeight ? room : document.scrollingElement).scrollBy(0, top - innerHeight / 2);
    setTimeout(later(() => rowOf(list[i].node.id)), 100);
  };
  const onKeyDown = (e) => {
    const here = e.target.closest('[role=treeitem]');
    if (!here) return;
    const id = here.dataset.node;
    const at = list.findIndex(({ node }) => node.id === id);
    const open = here.getAttribute('aria-expanded');
    const kept = later(() => rowOf(id));
    const again = () => requestAnimationFrame(kept);
    const keys = {
      ArrowDown: () => focus(at + 1), ArrowUp: () => focus(at - 1), Home: () => focus(0), End: () => focus(list.length - 1),
      ArrowRight: () => (open === 'false' ? store.unfold(id).then(again) : open === 'true' && focus(at + 1)),
      ArrowLeft: () => (open === 'true' ? store.fold(id).then(again) : focus(list.findLastIndex((row, i) => i < at && row.level < list[at].level))),
      Enter: () => store.show(id).then(again), ' ': () => store.show(id).then(again),
    };
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  };
  return html`<section><h2 id="tree-name">In view</h2>
    <ul class=${list.length > long ? 'tree long' : 'tree'} role="tree" aria-labelledby="tree-name" ref=${root} onKeyDown=${onKeyDown}
      style=${list.length > long ? `padding:${1.6 * from}rem 0 ${1.6 * (list.length - to)}rem` : undefined}>
      ${here.map((row) => html`<${Row} key=${row.node.id} row=${row} text=${words(row.node, store.paint.value, store.level.value)}
        tab=${row.node.id === tab} selected=${row.node.id === chosen} />`)}</ul></section>`;
};
