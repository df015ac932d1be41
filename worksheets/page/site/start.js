// Starts Python: from its memory as it was after an earlier start, if the browser has kept that, which
// takes a third of the time.
import { loadPyodide, version } from "./pyodide/pyodide.mjs";

const CACHE = "python"; // apart from what the service worker keeps, which another version drops

/** @param {{env: Record<string, string>, [name: string]: unknown}} settings @returns {Promise<any>} */
export async function load(settings) {
  const name = `memory-${version}?${new URLSearchParams(settings.env)}`; // all that it depends on
  const cache = await globalThis.caches?.open(CACHE).catch(() => undefined); // over plain HTTP there is none
  const before = await cache?.match(name);
  if (before) {
    try {
      return await loadPyodide({ ...settings, _loadSnapshot: new Uint8Array(await before.arrayBuffer()) });
    } catch {
      await cache?.delete(name); // it is no such memory, or not whole
    }
  }
  const python = await loadPyodide({ ...settings, _makeSnapshot: Boolean(cache) });
  if (cache) cache.put(name, new Response(python.makeMemorySnapshot())).catch(() => {}); // where there is no room
  return python;
}
