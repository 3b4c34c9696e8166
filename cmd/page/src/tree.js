// What is in view as a tree that the keyboard walks: the same things as the picture, in words.
import { useMemo, useRef } from 'preact/hooks';
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

/** Tree walks by arrows, Home and End; Right unfolds, Left folds, Enter selects. */
export const Tree = () => {
  const root = useRef();
  const view = store.view.value;
  const list = useMemo(() => rows(forest(view)), [view]);
  const all = [...view.frames, ...view.items];
  const chosen = store.state.value.select;
  const tab = all.some((n) => n.id === chosen) ? chosen : list[0]?.node.id;
  const focus = (element) => { if (element) { element.tabIndex = 0; element.focus(); } };
  const onKeyDown = (e) => {
    const here = e.target.closest('[role=treeitem]');
    if (!here) return;
    const leaves = [...root.current.querySelectorAll('[role=treeitem]')];
    const at = leaves.indexOf(here);
    const id = here.dataset.node;
    const open = here.getAttribute('aria-expanded');
    const again = () => requestAnimationFrame(() => focus(root.current.querySelector(`[data-node="${id}"]`)));
    const keys = {
      ArrowDown: () => focus(leaves[at + 1]), ArrowUp: () => focus(leaves[at - 1]), Home: () => focus(leaves[0]), End: () => focus(leaves.at(-1)),
      ArrowRight: () => (open === 'false' ? store.unfold(id).then(again) : open === 'true' && focus(leaves[at + 1])),
      ArrowLeft: () => (open === 'true' ? store.fold(id).then(again) : focus(leaves.slice(0, at).findLast((e) => e.ariaLevel < here.ariaLevel))),
      Enter: () => store.show(id).then(again), ' ': () => store.show(id).then(again),
    };
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  };
  return html`<section><h2 id="tree-name">In view</h2>
    <ul class="tree" role="tree" aria-labelledby="tree-name" ref=${root} onKeyDown=${onKeyDown}>
      ${list.map((row) => html`<${Row} key=${row.node.id} row=${row} text=${words(row.node, store.paint.value, store.level.value)}
        tab=${row.node.id === tab} selected=${row.node.id === chosen} />`)}</ul></section>`;
};
