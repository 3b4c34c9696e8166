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

const hexagon = (w, h) => {
  const d = Math.min(h / 2, w / 4);
  return `M${d},0H${w - d}L${w},${h / 2}L${w - d},${h}H${d}L0,${h / 2}Z`;
};

/** shape draws an outline in the rectangle from 0,0 to w,h. */
export const shape = (kind, w, h) => {
  const c = `shape k-${kind}`;
  switch (kind) {
    case 'logic': case 'sum': return html`<rect class=${c} width=${w} height=${h} rx=${Math.min(w, h) / 2} />`;
    case 'parity': return html`<path class=${c} d=${hexagon(w, h)} />`;
    case 'threshold': case 'const': return html`<rect class=${c} width=${w} height=${h} />`;
    default: return html`<rect class=${c} width=${w} height=${h} rx="5" />`;
  }
};
