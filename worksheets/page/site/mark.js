// The view of marking: what was handed in and the set's manifest in, marks and the report out.
import { by, droppable, refill, said, saved } from "./choice.js";
import { ask, giveUp, Stopped } from "./python.js";
import { shown } from "./report.js";
import { t } from "./texts.js";

const PATIENCE = 20; // seconds that reading a file may take, as on the command line
const MANIFEST = "manifest.json";

export class MarkView {
  constructor() {
    this.files = /** @type {HTMLInputElement} */ (by("handed-in"));
    this.manifest = /** @type {HTMLInputElement} */ (by("manifest"));
    this.running = false;
    /** @type {[any, BlobPart[]] | null} what was marked last, and its archive */
    this.made = null;
    droppable(by("mark-drop"), this.files);
    by("mark-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.running) this.mark();
    });
    by("mark-stop").addEventListener("click", () => {
      this.running = false;
      giveUp("mark");
    });
    by("mark-print").addEventListener("click", () => {
      document.body.dataset.print = "report";
      window.print();
      delete document.body.dataset.print;
    });
  }

  /** Say what was marked last in another language. */
  speak() {
    if (this.made) this.done(...this.made);
  }

  async mark() {
    this.made = null;
    this.start(true);
    by("mark-fault").textContent = "";
    refill(by("mark-done"));
    by("mark-report").hidden = true;
    try {
      const every = Array.from(this.files.files ?? []);
      const manifest = this.manifest.files?.[0] ?? every.find((file) => file.name === MANIFEST);
      const handedIn = every.filter((file) => file !== manifest && file.name !== MANIFEST);
      const asked = {
        more: true,
        manifest: manifest ? (await content(manifest))[1] : null,
        feedback: /** @type {HTMLInputElement} */ (by("mark-feedback")).checked,
        secret: (await one("mark-secret"))?.[1] ?? null,
        gradebook: /** @type {HTMLSelectElement} */ (by("mark-gradebook")).value,
        export: await one("mark-export"),
        item: /** @type {HTMLInputElement} */ (by("mark-item")).value,
      };
      this.made = await this.asked(asked, await contents(handedIn));
      this.done(...this.made);
    } catch (error) {
      by("mark-fault").textContent = error instanceof Stopped ? t("Stopped.") : said(error);
    } finally {
      this.start(false);
    }
  }

  /** Mark the files; one that takes too long is set aside, and the others are asked for again.
   * @param {object} asked @param {Map<string, [Uint8Array, number]>} files @returns {Promise<[any, BlobPart[]]>} */
  async asked(asked, files) {
    /** @type {string[][]} */
    const aside = [];
    for (;;) {
      if (!this.running) throw new Stopped();
      /** @type {BlobPart[]} */
      const parts = [];
      let turn = "";
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;
      const hear = (/** @type {any} */ told) => {
        if (told.part) return parts.push(new Blob([told.part]));
        clearTimeout(timer);
        turn = told.file;
        this.tell(told);
        if (turn) timer = setTimeout(giveUp, 1000 * PATIENCE, "mark");
      };
      try {
        const found = await ask("mark", { ...asked, files: Object.fromEntries(files) }, hear);
        return [{ ...found, aside: [...aside, ...found.aside] }, parts];
      } catch (error) {
        if (!(error instanceof Stopped) || !this.running || !files.delete(turn)) throw error;
        aside.push([turn, t("reading it takes more than {count} seconds", { count: PATIENCE })]);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  /** @param {boolean} running */
  start(running) {
    this.running = running;
    by("mark-running").hidden = !running;
    by("mark-done").toggleAttribute("aria-busy", running);
    this.tell({ file: "", done: 0, of: 0 });
  }

  /** @param {{file: string, done: number, of: number}} told */
  tell({ file, done, of }) {
    const bar = /** @type {HTMLProgressElement} */ (by("mark-progress"));
    if (file) [bar.max, bar.value] = [of, done];
    else bar.removeAttribute("value");
    by("mark-count").textContent = file ? t("{done} of {of} files", { done, of }) : "";
  }

  /** @param {any} found @param {BlobPart[]} parts */
  done(found, parts) {
    const links = document.createElement("p");
    if (found.marked.length) {
      const report = saved("report.html", [found.report], "text/html");
      links.append(saved("marks.zip", parts, "application/zip"), " ", report);
      shown(by("mark-shown"), found.report);
      by("mark-report").hidden = false;
    }
    refill(
      by("mark-done"),
      links,
      table("Marked", ["Identifier", "Name", "Sheet’s ID", "Points", "of"], found.marked),
      table("Set aside", ["File", "Why"], found.aside),
      table("Superseded", ["File", "By the newer one"], found.superseded),
      table("Nothing was handed in", ["Identifier", "Name", "Sheet’s ID"], found.missing),
      table("To know", ["What"], found.notes.map((/** @type {string} */ note) => [note])),
    );
  }
}

/** @param {File} file @returns {Promise<[string, Uint8Array]>} */
async function content(file) {
  return [file.name, new Uint8Array(await file.arrayBuffer())];
}

/** The name and content of the file in a field, if there is one. @param {string} id */
async function one(id) {
  const file = /** @type {HTMLInputElement} */ (by(id)).files?.[0];
  return file ? content(file) : null;
}

/** What is in files, and when they were changed, by names; those of the same name, from two folders,
 * get numbers. @param {File[]} files */
async function contents(files) {
  /** @type {Map<string, [Uint8Array, number]>} */
  const found = new Map();
  for (const [place, [name, bytes]] of (await Promise.all(files.map(content))).entries()) {
    let other = name;
    for (let number = 2; found.has(other); number += 1) other = name.replace(/(\.[^.]*)?$/, ` (${number})$1`);
    found.set(other, [bytes, files[place].lastModified]);
  }
  return found;
}

/** @param {string} title @param {string[]} columns @param {string[][]} rows */
function table(title, columns, rows) {
  const holder = document.createElement("div");
  if (!rows.length) return holder;
  const filled = columns.map((_, place) => rows.some((row) => row[place])); // without a manifest there are no names
  const made = document.createElement("table");
  made.createCaption().textContent = `${t(title)} (${rows.length})`;
  const head = made.createTHead().insertRow();
  for (const name of columns.filter((_, place) => filled[place])) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = t(name);
    head.append(cell);
  }
  const body = made.createTBody();
  for (const texts of rows) {
    const row = body.insertRow();
    for (const text of texts.filter((_, place) => filled[place])) {
      const cell = row.insertCell();
      cell.textContent = text;
      cell.classList.toggle("whole", !text.includes(" ")); // an ID, which is not broken at its hyphens
    }
  }
  holder.className = "wide";
  holder.tabIndex = 0; // to be scrolled by keys
  holder.setAttribute("role", "region");
  holder.setAttribute("aria-label", t(title));
  holder.append(made);
  return holder;
}
