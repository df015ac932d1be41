// Asks Python, which runs in a worker, and waits for its answers.

/** @typedef {{message: {id: number, question: string, asked: object}, resolve: (answer: any) => void, reject: (error: Error) => void, progress?: (done: any) => void}} Waiting */

/** Something that was asked for is wrong, in words for whoever asked. */
export class Refused extends Error {
  /** @param {{error: string, remedy: string, values: string[]}} answer */
  constructor(answer) {
    super(answer.error);
    this.name = "Refused";
    this.remedy = answer.remedy;
    this.values = answer.values;
  }
}

/** Python was stopped, with whatever it was at. */
export class Stopped extends Error {}

const LARGEST = 800_000_000; // bytes of memory, which Python never gives back, before it starts anew

/** @type {Worker | null} */
let worker = null;
let number = 0;
/** @type {Map<number, Waiting>} */
const waiting = new Map();
/** @type {(stage: string, error?: string) => void} */
let tellStage = () => {};

/** Start Python, and ask what waits for it; `tell` is told of each stage: core, program, ready, failed.
 * @param {(stage: string, error?: string) => void} tell */
export function start(tell) {
  tellStage = tell;
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    if (data.stage) return tellStage(data.stage, data.error);
    const asked = waiting.get(data.id);
    if (!asked) return;
    if ("progress" in data) return asked.progress?.(data.progress);
    waiting.delete(data.id);
    if (data.fault) {
      asked.reject(new Error(data.fault));
      restart(); // nobody knows what state it is in
    } else if (data.memory > LARGEST && !waiting.size) restart();
    if (data.fault) return;
    if (data.answer.error) asked.reject(new Refused(data.answer));
    else asked.resolve(data.answer);
  });
  worker.addEventListener("error", (event) => tellStage("failed", event.message));
  for (const asked of waiting.values()) worker.postMessage(asked.message);
}

/** Stop Python whatever it is at, and start it anew; what has waited is asked again. */
function restart() {
  worker?.terminate();
  start(tellStage);
}

/** Give a question up, and stop Python if it is at it. @param {string} question */
export function giveUp(question) {
  const [running] = waiting.values(); // they are answered one after the other
  for (const [id, asked] of waiting) {
    if (asked.message.question !== question) continue;
    waiting.delete(id);
    asked.reject(new Stopped());
  }
  if (running?.message.question === question) restart();
}

/** Ask a question of worksheets/page/desk.py, and return its answer.
 * @param {string} question
 * @param {object} asked
 * @param {(done: any) => void} [progress]
 * @param {AbortSignal} [stop] stops it, where it tells of its progress
 * @returns {Promise<any>} */
export async function ask(question, asked, progress, stop) {
  const go = stop && URL.createObjectURL(new Blob(["go"]));
  if (go) stop.addEventListener("abort", () => URL.revokeObjectURL(go));
  try {
    return await new Promise((resolve, reject) => {
      const id = (number += 1);
      const spoken = document.documentElement.lang; // in which Python tells what is wrong
      const message = { id, question, asked: { ...asked, go, spoken } };
      waiting.set(id, { message, resolve, reject, progress });
      worker?.postMessage(message);
    });
  } finally {
    if (go) URL.revokeObjectURL(go);
  }
}
