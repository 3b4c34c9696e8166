// The core in a worker: first a message with the WebAssembly and the circuit, then questions.
import './wasm_exec.js';

const started = new Promise((done, fail) => {
  self.onmessage = async ({ data }) => {
    self.onmessage = answer;
    try {
      const stream = new Blob([data.core]).stream().pipeThrough(new DecompressionStream('gzip'));
      const code = new Response(stream, { headers: { 'Content-Type': 'application/wasm' } });
      const go = new Go();
      const { instance } = await WebAssembly.instantiateStreaming(code, go.importObject); // compiled as it is unpacked
      go.run(instance);
      while (!self.tc0Core) await new Promise((next) => setTimeout(next));
      const loaded = JSON.parse(self.tc0Core.load(data.circuit));
      if (loaded.error) throw new Error(loaded.error);
      done();
    } catch (error) {
      fail(error);
    }
  };
});
started.catch(() => {}); // said in answer to the first question

async function answer({ data: { id, method, args } }) {
  let text;
  try {
    await started;
    text = self.tc0Core.do(method, args);
  } catch (error) {
    text = JSON.stringify({ error: String(error.message || error) });
  }
  self.postMessage({ id, text });
}
