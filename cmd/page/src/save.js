// The view as a figure for print. The session draws it, as tc0 draw --view does.
import { ask } from './api.js';
import * as store from './store.js';

/** save offers the figure as a file; format is svg or tex. */
export const save = (format) => store.attempt(async () => {
  const { text } = await ask('draw', { state: store.state.value, format });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: format === 'svg' ? 'image/svg+xml' : 'application/x-tex' }));
  link.download = `${store.about.value.name.replace(/[^\w.,=-]+/g, '-') || 'circuit'}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
