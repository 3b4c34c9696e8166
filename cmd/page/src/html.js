import { h } from 'preact';
import htm from 'htm';

/** Elements, written as in HTML. */
export const html = htm.bind(h);
