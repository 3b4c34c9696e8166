// The picture as seen, as an SVG file.
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
  const { width, height } = store.view.value;
  const svg = from.cloneNode(true);
  svg.querySelector('.all').removeAttribute('transform');
  svg.querySelectorAll('.touch').forEach((e) => e.remove());
  svg.querySelectorAll('[tabindex]').forEach((e) => e.removeAttribute('tabindex'));
  const style = getComputedStyle(document.documentElement);
  svg.querySelectorAll('[style]').forEach((e) => {
    e.setAttribute('style', e.getAttribute('style').replace(/var\((--[\w-]+)\)/g, (_, n) => style.getPropertyValue(n).trim()));
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('viewBox', `-10 -26 ${width + 20} ${height + 36}`);
  svg.setAttribute('width', width + 20);
  svg.setAttribute('height', height + 36);
  const sheet = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  sheet.textContent = svgRules(from);
  svg.prepend(sheet);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [k, v] of Object.entries({ x: -10, y: -26, width: width + 20, height: height + 36, fill: style.getPropertyValue('--ground').trim() })) ground.setAttribute(k, v);
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
