// Starts Python: from its memory as it was after an earlier start, if the browser has kept that, which
// takes a third of the time.
import { loadPyodide, version } from "./pyodide/pyodide.mjs";

const CACHE = "python"; // apart from what the service worker keeps, which another version drops
const HASH = "X-SHA-256"; // from a memory that is not whole, Python would not start and say nothing

/** @param {{env: Record<string, string>, [name: string]: unknown}} settings @returns {Promise<any>} */
export async function load(settings) {
  const name = `memory-${version}?${new URLSearchParams(settings.env)}`; // all that it depends on
  const cache = await globalThis.caches?.open(CACHE).catch(() => undefined); // over plain HTTP there is none
  const memory = cache && (await kept(cache, name));
  if (memory) {
    try {
      return await loadPyodide({ ...settings, _loadSnapshot: memory });
    } catch {
      await cache.delete(name); // another browser's, after an update
    }
  }
  const python = await loadPyodide({ ...settings, _makeSnapshot: Boolean(cache) });
  if (cache) keep(cache, name, python.makeMemorySnapshot()).catch(() => {}); // where there is no room
  return python;
}

/** @param {Cache} cache @param {string} name @returns {Promise<Uint8Array | undefined>} */
async function kept(cache, name) {
  const before = await cache.match(name);
  if (!before) return undefined;
  const memory = new Uint8Array(await before.arrayBuffer());
  if (before.headers.get(HASH) === (await hash(memory))) return memory;
  await cache.delete(name);
  return undefined;
}

/** @param {Cache} cache @param {string} name @param {Uint8Array<ArrayBuffer>} memory */
async function keep(cache, name, memory) {
  await cache.put(name, new Response(memory, { headers: { [HASH]: await hash(memory) } }));
}

/** @param {Uint8Array<ArrayBuffer>} memory @returns {Promise<string>} */
async function hash(memory) {
  return String(new Uint8Array(await crypto.subtle.digest("SHA-256", memory)));
}
