// How the style sheet draws a class, for a canvas: both pictures have their colours from page.css.
const inks = new Map();
let probe; // an SVG that nobody sees, in which elements get their style

const wanted = {
  item: (c, kind) => `<g class="${c}"><path class="shape k-${kind}"/></g>`,
  frame: (c) => `<g class="${c}"><rect/></g>`,
  wire: (c) => `<path class="${c}"/>`,
  text: (c) => `<g class="${c.split(' ')[0]}"><text class="${c}"></text></g>`,
};

/** ink returns {fill, stroke, width, dash} of what page.css says of an element: an item of a kind, a frame, a wire or a text. */
export const ink = (what, c, kind = '') => {
  const key = `${what} ${kind} ${c}`;
  let found = inks.get(key);
  if (found) return found;
  if (!probe) {
    probe = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    probe.setAttribute('class', 'probe');
    probe.setAttribute('aria-hidden', 'true');
    document.body.append(probe);
  }
  probe.innerHTML = wanted[what](c, kind);
  const style = getComputedStyle(probe.firstChild.firstChild ?? probe.firstChild);
  found = {
    fill: style.fill, stroke: style.stroke, width: parseFloat(style.strokeWidth),
    dash: style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(',').map(parseFloat),
  };
  probe.innerHTML = '';
  inks.set(key, found);
  return found;
};

/** onTheme calls again when light turns to dark, and returns what ends that. */
export const onTheme = (again) => {
  const forget = () => { inks.clear(); again(); };
  const media = matchMedia('(prefers-color-scheme: dark)');
  const watcher = new MutationObserver(forget);
  media.addEventListener('change', forget);
  watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => { media.removeEventListener('change', forget); watcher.disconnect(); };
};
