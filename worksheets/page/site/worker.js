// Python, in a worker of its own: loads it, then answers questions one after the other.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const CORE = ["numpy.zip", "program.zip"]; // what every question needs
const LATER = ["more.zip"]; // what class lists and marking need as well
const SITE = "/lib/python3.12/site-packages";

/** @param {string} name @returns {Promise<ArrayBuffer>} */
async function bytes(name) {
  const found = await fetch(name);
  if (!found.ok) throw new Error(`${name}: ${found.status}`);
  return found.arrayBuffer();
}

/** @param {string} stage */
const tell = (stage) => postMessage({ stage });

async function start() {
  tell("core");
  const archives = CORE.map(bytes); // on their way while Python itself starts
  const python = await loadPyodide({
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

async function more() {
  const { python } = await started;
  for (const one of await Promise.all(LATER.map(bytes)))
    python.unpackArchive(one, "zip", { extractDir: SITE });
}

/** @param {string} question @param {object} asked @param {number} id */
async function answer(question, asked, id) {
  const { python, desk } = await started;
  if (asked.more) await (later ??= more());
  const given = python.toPy(asked);
  const found = desk.answer(question, given);
  const plain = found.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  found.destroy();
  given.destroy();
  postMessage({ id, answer: plain });
}

let waiting = started.then(() => {});
waiting.catch((error) => postMessage({ stage: "failed", error: String(error) }));

addEventListener("message", ({ data: { id, question, asked } }) => {
  waiting = waiting
    .then(() => answer(question, asked, id))
    .catch((error) => postMessage({ id, fault: String(error) }));
});
