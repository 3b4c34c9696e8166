// Questions to the session: by requests to the server that this page came from, or, where the page is one file, to the
// core in a worker.

const part = (id) => document.getElementById(id)?.textContent.trim();

/** The first answer that stands in the file, or null. */
export const first = () => JSON.parse(part('first') || 'null');

const bytes = (base64) => {
  const text = atob(base64);
  const list = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) list[i] = text.charCodeAt(i);
  return list;
};

let worker;
const open = new Map(); // promises of questions that are asked, by number
let count = 0;

const startWorker = () => {
  const code = new Blob([part('worker')], { type: 'text/javascript' });
  worker = new Worker(URL.createObjectURL(code));
  worker.onmessage = ({ data: { id, text } }) => {
    const { done, fail } = open.get(id);
    open.delete(id);
    const answer = JSON.parse(text);
    if ('error' in answer) fail(new Error(answer.error));
    else done(answer.ok);
  };
  worker.onerror = (e) => {
    const error = new Error(e.message || 'the WebAssembly of this page did not start');
    for (const { fail } of open.values()) fail(error);
    open.clear();
  };
  const [core, circuit] = [bytes(part('core')), bytes(part('circuit'))];
  worker.postMessage({ core, circuit }, [core.buffer, circuit.buffer]);
};

const askWorker = (method, args) => {
  if (!worker) startWorker();
  return new Promise((done, fail) => {
    open.set(++count, { done, fail });
    worker.postMessage({ id: count, method, args: JSON.stringify(args) });
  });
};

// Pages of one server have inputs of their own: each says which it is.
const id = [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('');

const askServer = async (method, args) => {
  let response;
  try {
    response = await fetch(`do/${method}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'Tc0-Page': id }, body: JSON.stringify(args),
    });
  } catch {
    throw new Error('tc0 view has stopped; start it again');
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
};

/** ask(method, args) promises the answer of the session, or fails with its one line. */
export const ask = part('core') ? askWorker : askServer;
