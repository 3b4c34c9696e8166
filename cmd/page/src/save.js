// The picture as seen, as an SVG file.
import { extent } from './scene.js';
import * as store from './store.js';

const svgRules = (root) => {
  const style = getComputedStyle(document.documentElement);
  const rules = [];
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!rule.selectorText || /hover|focus/.test(rule.selectorText)) continue;
      try { if (root.querySelector(rule.selectorText)) rules.push(rule.cssText); } catch { /* a selector for other things */ }
    }
  }
  return rules.filter((r) => !r.startsWith(':root') && !r.startsWith('*')).join('\n')
    .replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
};

/** picture returns the SVG of the whole view, with the style that it needs. */
export const picture = () => {
  const from = document.querySelector('.picture > svg');
  const { x, y, w, h } = extent(store.view.value);
  const box = { x: x - 10, y: y - 6, width: w + 20, height: h + 16 };
  const svg = from.cloneNode(true);
  svg.querySelector('.all').removeAttribute('transform');
  svg.querySelectorAll('.touch').forEach((e) => e.remove());
  svg.querySelectorAll('[tabindex]').forEach((e) => e.removeAttribute('tabindex'));
  const style = getComputedStyle(document.documentElement);
  svg.querySelectorAll('[style]').forEach((e) => {
    e.setAttribute('style', e.getAttribute('style').replace(/var\((--[\w-]+)\)/g, (_, n) => style.getPropertyValue(n).trim()));
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('viewBox', Object.values(box).join(' '));
  svg.setAttribute('width', box.width);
  svg.setAttribute('height', box.height);
  const sheet = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  sheet.textContent = svgRules(from);
  svg.prepend(sheet);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [k, v] of Object.entries({ ...box, fill: style.getPropertyValue('--ground').trim() })) ground.setAttribute(k, v);
  sheet.after(ground);
  return new XMLSerializer().serializeToString(svg);
};

/** save offers the picture as a file. */
export const save = () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([picture()], { type: 'image/svg+xml' }));
  link.download = `${store.about.value.name.replace(/[^\w.,=-]+/g, '-') || 'circuit'}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
