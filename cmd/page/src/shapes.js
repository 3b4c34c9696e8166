// The shapes of items, as in the figures: circles for logic, hexagons for parity, boxes for thresholds.
import { html } from './html.js';

const looks = {
  AND: 'logic', OR: 'logic', NAND: 'logic', NOR: 'logic', NOT: 'logic', BUF: 'logic',
  XOR: 'parity', XNOR: 'parity', MOD: 'parity', THRESHOLD: 'threshold', MAJORITY: 'threshold',
  INPUT: 'port', CONST: 'const', CONST0: 'const', CONST1: 'const',
};

/** look names the class of an item, which decides shape and colour. */
export const look = (item) => {
  switch (item.kind) {
    case 'gate': return looks[item.type?.toUpperCase()] ?? 'logic';
    case 'sum': return 'sum';
    case 'stage': case 'row': case 'block': return 'stage';
    default: return 'port';
  }
};

const box = (w, h, r) => `M${r},0H${w - r}A${r},${r} 0 0 1 ${w},${r}V${h - r}A${r},${r} 0 0 1 ${w - r},${h}H${r}A${r},${r} 0 0 1 0,${h - r}V${r}A${r},${r} 0 0 1 ${r},0Z`;

/** outline is the path of a shape in the rectangle from 0,0 to w,h, in SVG and on a canvas. */
export const outline = (kind, w, h) => {
  const d = Math.min(h / 2, w / 4);
  switch (kind) {
    case 'logic': case 'sum': return box(w, h, Math.min(w, h) / 2);
    case 'parity': return `M${d},0H${w - d}L${w},${h / 2}L${w - d},${h}H${d}L0,${h / 2}Z`;
    case 'threshold': case 'const': return `M0,0H${w}V${h}H0Z`;
    default: return box(w, h, 5);
  }
};

/** shape draws an outline in SVG. */
export const shape = (kind, w, h) => html`<path class=${`shape k-${kind}`} d=${outline(kind, w, h)} />`;
