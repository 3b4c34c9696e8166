// What the page knows, in signals, and what can be done.
import { signal, computed, batch } from '@preact/signals';
import { ask, first } from './api.js';

export const about = signal(null);
export const state = signal({ open: [] });
export const view = signal(null); // of that state
export const paint = signal(null); // the values of the items of that view
export const change = signal(null); // the inputs, and what the last change of them did
export const detail = signal(null); // what the panel shows: {kind, ...}
export const wire = signal(null); // the wire that is selected: {from, to}, ids of items
export const chain = signal(null); // a longest path, gate by gate
export const trouble = signal('');
export const busy = signal(0);
export const told = signal(''); // for screen readers
export const density = signal(false); // tiles instead of items
export const crowd = signal(''); // why density is shown although nobody asked for it
export const shown = signal(null); // {from, to}: the part of the width that is in sight

/** The level up to which values are shown; all of them without a slider. */
export const level = computed(() => state.value.level ?? Infinity);

/** known tells whether a port has its number at that level; notYet is what is said of one that has not. */
export const known = (port) => port.level <= level.value;
export const notYet = (port) => `not yet: level ${port.level}`;

/** whole gives a view its lists where they are empty. */
const whole = (v) => ({ ...v, frames: v.frames ?? [], edges: v.edges ?? [], items: v.items ?? [] });

const numbers = new Intl.NumberFormat('en'); // made once: a crowd has thousands

/** Numbers as people read them. */
export const count = (n, word) =>
  `${numbers.format(n)}${word ? ` ${word}${n === 1 ? '' : 's'}` : ''}`;

/** clean leaves out of a state what is not set. */
const clean = (s) => Object.fromEntries(Object.entries(s).filter(([, v]) => v !== undefined && v !== null));

export const attempt = async (act) => {
  busy.value++;
  try {
    const result = await act();
    trouble.value = '';
    return result;
  } catch (error) {
    trouble.value = error.message.replace(/\b(explore|circuit): /g, ''); // names of packages say nothing here
    return undefined;
  } finally {
    busy.value--;
  }
};

let turn = 0; // of the last move: an answer to an older one comes too late
let looked; // the item that was looked up last, for the panel
let owed = false; // other items were asked for, and are not shown yet

/** go shows another state: {open, filter, select, level}, of which only what changes is given. */
export const go = (changes) => {
  const next = clean({ ...state.value, ...changes });
  const mine = ++turn;
  // Without a change of what is open or left out, the items stay.
  const same = view.value && !owed && !('open' in changes) && !('filter' in changes) && !('bits' in changes);
  state.value = next;
  return attempt(async () => {
    if (same) {
      const p = 'level' in changes ? await ask('paint', next) : paint.value;
      const { hash } = await ask('hash', next);
      if (mine !== turn) return;
      paint.value = p;
      keep(hash);
    } else {
      owed = true; // also for the next move, if that comes before the answer, or instead of it
      const v = await ask('view', next);
      const p = await ask('paint', next);
      if (mine !== turn) return;
      owed = false;
      batch(() => { view.value = whole(v); paint.value = p; crowded(v); });
      keep(v.hash);
      if (v.full?.length) told.value = v.full[0];
    }
    if ('select' in changes || looked !== next.select) await look(next.select);
  });
};

export const kept = signal(''); // the address of the state
/** crowded goes over to density where an item has more in it than boxes can show, and back where none has. */
const crowded = (v) => {
  const full = v.full?.find((line) => line.includes('stays folded')) ?? '';
  if (full || crowd.value) density.value = full !== '';
  crowd.value = full;
};

/** setDensity shows density, or boxes. */
export const setDensity = (on) => batch(() => { density.value = on; crowd.value = ''; });

const keep = (hash) => {
  kept.value = hash;
  if (hash !== location.hash.slice(1)) history.replaceState(null, '', `#${hash}`);
};

/** look fills the panel with an item. */
const look = async (id) => {
  looked = id;
  if (!id) { detail.value = null; return; }
  const found = await describe(id);
  if (state.value.select === id) batch(() => { detail.value = found; wire.value = null; });
};

const describe = async (id) => {
  const item = view.value.items.find((i) => i.id === id);
  const number = /^g(\d+)$/.exec(id)?.[1] ?? (item?.kind === 'output' ? item.gate : undefined);
  if (number === undefined) return { kind: 'item', info: await ask('item', { item: id }) };
  const gate = await ask('gate', { gate: Number(number) });
  const quick = about.value.gates <= 20000;
  return { kind: 'gate', gate, of: item, flips: quick ? await ask('flips', { gate: gate.gate }) : null };
};

export const findFlips = () => attempt(async () => {
  const d = detail.value;
  const flips = await ask('flips', { gate: d.gate.gate });
  if (detail.value === d) detail.value = { ...d, flips };
});

/** unfold opens an item where it stands; fold closes it, with what is open in it. */
export const unfold = (id) => go({ open: [...new Set([...state.value.open ?? [], id])], select: id });
export const fold = (id) => go({ open: (state.value.open ?? []).filter((o) => o !== id), select: id });
export const select = (id) => go({ select: id });

/** show selects an item in view, and brings it into sight if it is out of it. */
export const show = async (id) => {
  await select(id);
  const item = view.value.items.find((i) => i.id === id) ?? view.value.frames.find((f) => f.id === id);
  if (item) askSight({ at: item });
};

/** findItem shows an item by its id alone. */
export const findItem = (id) => attempt(async () => {
  if (view.value.items.some((i) => i.id === id)) return show(id);
  return find({ item: id, open: (await ask('item', { item: id })).parents });
});

/** find shows an item that may be folded away. */
export const find = ({ item, open }) => {
  if (view.value.items.some((i) => i.id === item)) return show(item);
  return go({ open: [...new Set([...state.value.open ?? [], ...open ?? []])], select: item, ...hidden(item) });
};

/** hidden ends a filter that leaves an item out. */
const hidden = (id) => {
  const on = state.value.filter?.kind === 'path' && chain.value?.all.includes(Number(id.slice(1))) && id.startsWith('g');
  return state.value.filter && !on && !view.value.items.some((i) => i.id === id) ? { filter: undefined } : {};
};

export const findGate = (gate) => findItem(`g${gate}`);

/** unfoldChain unfolds what is around the gates of the path that is listed. */
export const unfoldChain = () => attempt(async () => {
  const infos = await Promise.all(chain.value.gates.map((g) => ask('item', { item: `g${g}` })));
  return go({ open: [...new Set([...state.value.open ?? [], ...infos.flatMap((i) => i.parents)])] })
    .then(() => requestAnimationFrame(() => askSight({ fit: true })));
});

/** selectWire shows the wires between two items in the panel. */
export const selectWire = (from, to, count) => attempt(async () => {
  const found = await ask('wires', { from, to, most: 200 });
  batch(() => { wire.value = { from, to }; detail.value = { kind: 'wires', from, to, count, ...found }; });
});

/** longest shows the gates on longest paths, and lists one. */
export const longest = () => attempt(async () => {
  chain.value = await ask('path', { output: -1 });
  await go({ filter: { kind: 'path' } });
});

export const filter = (kind, gate, depth) => {
  chain.value = null;
  return go({ filter: kind ? clean({ kind, gate, depth }) : undefined });
};

/** repaint asks for a paint: only for what has changed since the one that is here. */
const repaint = async (now) => {
  const last = paint.value;
  const { paint: whole, turn, items, ones, differ, sums } = await ask('repaint', { state: now, turn: last?.turn });
  if (whole) return whole;
  const next = { turn, ones: [...last.ones], differ: [...last.differ], sums: { ...last.sums, ...sums } };
  items.forEach((item, i) => { next.ones[item] = ones[i]; next.differ[item] = differ[i]; });
  return next;
};

// A change of inputs.
const changed = async (c, what, more) => {
  const now = clean({ ...state.value, ...more, bits: c.differ?.length ? c.bits : undefined });
  state.value = now;
  const address = ask('hash', now);
  address.catch(() => {}); // said where it is awaited
  const p = await repaint(now);
  batch(() => { change.value = c; if (state.value === now) paint.value = p; }); // all at once: it is drawn once
  keep((await address).hash);
  told.value = `${what}: ${count(c.changed, 'gate')} changed`;
  if (now.select && !wire.value) await look(now.select);
};
export const toggle = (input) => attempt(async () => changed(await ask('toggle', { input }), `input ${input}`));

/** setValues gives ports other numbers, and the state what comes with them. */
export const setValues = (values, more) =>
  attempt(async () => changed(await ask('set', { values }), Object.keys(values).slice(0, 3).join(', '), more));
export const reset = () => attempt(async () => changed(await ask('reset', {}), 'the inputs of the start'));

/** fromHash restores a view from an address. */
const fromHash = () => attempt(async () => {
  const hash = location.hash.slice(1);
  const none = { open: [] };
  try {
    const next = hash ? await ask('state', { hash }) : none;
    await adopt(await ask('start', next), next);
  } catch (error) { // the address is of another circuit: show this one, and say so
    if (!about.value) await adopt(await ask('start', none), none);
    throw error;
  }
});

const adopt = async (answer, next) => {
  turn++;
  const ids = (v) => v?.items.map((i) => i.id).join();
  const same = ids(view.value) === ids(answer.view);
  owed = false;
  batch(() => {
    state.value = clean(next);
    about.value = answer.about;
    view.value = whole(answer.view);
    paint.value = answer.paint;
    change.value = answer.change;
    kept.value = answer.view.hash;
    wire.value = null;
    crowded(answer.view);
  });
  chain.value = next.filter?.kind === 'path' ? await ask('path', { output: -1 }) : null;
  await look(next.select);
  frame(same);
};

/** frame shows what a state is about, once it is drawn: where the items are those of before, only what is selected and out of sight moves the picture. */
const frame = (same) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const { step, select: id } = state.value;
  const item = view.value.items.find((i) => i.id === id);
  if (same && item) askSight({ at: item });
  else askSight(step && !id && innerWidth > 640 ? { fit: true } : { begin: true }); // a step of a tour that points at nothing shows the whole
}));

export const start = async () => {
  const answer = first();
  if (answer) await attempt(() => adopt(answer, { ...answer.view.state }));
  if (!answer || location.hash.length > 1) await fromHash();
  else await attempt(() => ask('start', answer.view.state)); // the core gets ready behind the first picture
  addEventListener('hashchange', fromHash);
  // A server keeps the inputs of the pages that asked last: who comes back to another one finds its own.
  addEventListener('focus', () => change.value && attempt(() => ask('set', { bits: change.value.bits })));
};

/** sight moves the picture; the picture says how, and others ask by an event. */
export let sight = () => {};
export const setSight = (f) => { sight = f; };
export const askSight = (what) => dispatchEvent(new CustomEvent('sight', { detail: what }));
