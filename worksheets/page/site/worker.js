// Python, in a worker of its own: loads it, then answers questions one after the other.
import { load } from "./start.js";

const CORE = ["numpy.zip", "program.zip"]; // what every question needs
const LATER = "more.zip"; // what class lists and marking need as well
const PROOFS = "proofs.zip"; // SymPy, by which most laws are computed
const LARGEST = 1 << 30; // bytes of memory; 1,000 sheets take some 300 MB of it
const PAGE = 1 << 16; // bytes
const SITE = "/lib/python3.12/site-packages";

/** @param {string} name @returns {Promise<ArrayBuffer>} */
async function bytes(name) {
  const found = await fetch(name);
  if (!found.ok) throw new Error(`${name}: ${found.status}`);
  return found.arrayBuffer();
}

/** @param {string} stage */
const tell = (stage) => postMessage({ stage });

// What asks for more gets none, and Python says so: a file that is handed in, say.
const grow = WebAssembly.Memory.prototype.grow;
/** @param {number} pages */
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PAGE > LARGEST) throw new RangeError("memory");
  return grow.call(this, pages);
};

async function start() {
  tell("core");
  const archives = CORE.map(bytes); // on their way while Python itself starts
  const python = await load({
    indexURL: new URL("./pyodide/", import.meta.url).href,
    env: { HOME: "/home/pyodide", WORKSHEETS_CACHE: "/cache", PYTHONDONTWRITEBYTECODE: "1" },
    packages: [],
  });
  tell("program");
  for (const one of archives) python.unpackArchive(await one, "zip", { extractDir: SITE });
  // What is laid out and translated beforehand lies where the program keeps such things.
  python.FS.rename(`${SITE}/cache`, "/cache");
  python.FS.chmod("/cache", 0o700);
  const desk = python.pyimport("worksheets.page.desk");
  tell("ready");
  return { python, desk };
}

const started = start();
/** @type {Promise<void> | undefined} */
let later;
/** @type {Promise<void> | undefined} */
let proofs;

/** @param {string} name */
async function unpacked(name) {
  const { python } = await started;
  python.unpackArchive(await bytes(name), "zip", { extractDir: SITE });
}

/** Whether the page still has what stands under this address: it takes it away to stop Python,
 * which hears no message while it works.
 * @param {string | undefined} address */
function goesOn(address) {
  if (!address) return true;
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  try {
    request.send();
  } catch {
    return false;
  }
  return request.status === 200;
}

/** @param {string} question @param {any} asked @param {number} id */
async function answer(question, asked, id) {
  const { python, desk } = await started;
  if (asked.more) await (later ??= unpacked(LATER));
  if (asked.sympy) await (proofs ??= unpacked(PROOFS));
  const given = python.toPy(asked);
  const send = (/** @type {any} */ what) => {
    postMessage({ id, progress: what.toJs({ dict_converter: Object.fromEntries }) });
    return goesOn(asked.go);
  };
  const found = desk.answer(question, given, send);
  const plain = found.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  found.destroy();
  given.destroy();
  postMessage({ id, answer: plain, memory: python._module.HEAPU8.length });
}

let waiting = started.then(() => {});
waiting.catch((error) => postMessage({ stage: "failed", error: String(error) }));

addEventListener("message", ({ data: { id, question, asked } }) => {
  waiting = waiting
    .then(() => answer(question, asked, id))
    .catch((error) => postMessage({ id, fault: String(error) }));
});
