// Where the gates are, as a picture of density: columns by level, bands by place. For circuits of any size.
import { useEffect, useRef, useState } from 'preact/hooks';
import { select as d3select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';
import { html } from './html.js';
import { ask } from './api.js';
import * as store from './store.js';

const bands = 256;

/** colours returns the colours of no gate, of gates that are 0 and of gates that are 1. */
const colours = () => {
  const style = getComputedStyle(document.documentElement);
  return ['--ground', '--logic-line', '--one'].map((name) => {
    const hex = style.getPropertyValue(name).trim();
    return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  });
};

/** drawn makes an image of tiles, one pixel a tile: darker with more gates, green with more of them 1. */
const drawn = (tiles) => {
  const [ground, zero, one] = colours();
  const width = tiles.columns.length;
  const image = new ImageData(width, tiles.bands);
  const most = Math.max(1, ...tiles.columns.map((c) => Math.max(...c.counts)));
  tiles.columns.forEach((c, x) => c.counts.forEach((n, y) => {
    const part = n ? 0.25 + 0.75 * Math.log1p(n) / Math.log1p(most) : 0;
    const green = n ? c.ones[y] / n : 0;
    const at = 4 * (y * width + x);
    for (let k = 0; k < 3; k++) image.data[at + k] = ground[k] + part * (zero[k] + green * (one[k] - zero[k]) - ground[k]);
    image.data[at + 3] = 255;
  }));
  const canvas = new OffscreenCanvas(width, tiles.bands);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
};

/** Tiles draws the density, with pan and zoom; zooming in asks for finer bands of what is in sight. */
export const Tiles = () => {
  const canvas = useRef();
  const [tiles, setTiles] = useState(null);
  const [at, setAt] = useState(zoomIdentity);
  const bits = store.change.value?.bits;
  useEffect(() => {
    const z = zoom().scaleExtent([1, 4096]).on('zoom', ({ transform }) => setAt(transform));
    const resized = () => {
      const { width, height } = canvas.current.getBoundingClientRect();
      z.translateExtent([[0, 0], [width, height]]);
      Object.assign(canvas.current, { width, height });
      setAt((t) => zoomIdentity.translate(t.x, t.y).scale(t.k));
    };
    d3select(canvas.current).call(z);
    resized();
    addEventListener('resize', resized);
    return () => removeEventListener('resize', resized);
  }, []);
  useEffect(() => {
    const height = canvas.current.height || 1;
    const [from, to] = [Math.max(0, at.invertY(0) / height), Math.min(1, at.invertY(height) / height)];
    let late = false;
    const timer = setTimeout(() => ask('tiles', { bands, from, to }).then((t) => late || setTiles({ ...t, from, to, image: drawn(t) }), (e) => { store.trouble.value = e.message; }), 80);
    return () => { late = true; clearTimeout(timer); };
  }, [at, bits]);
  useEffect(() => {
    if (!tiles) return;
    const { width, height } = canvas.current;
    const g = canvas.current.getContext('2d');
    g.clearRect(0, 0, width, height);
    g.imageSmoothingEnabled = false;
    g.drawImage(tiles.image, at.x, at.y + at.k * tiles.from * height, at.k * width, at.k * (tiles.to - tiles.from) * height);
  }, [tiles, at]);
  return html`<canvas ref=${canvas} role="img" aria-label="Gates by level (left to right) and place; the bar below has the numbers." />`;
};
