// The view of marking: what was handed in and the set's manifest in, marks and the report out.
import { by, said, saved } from "./choice.js";
import { ask } from "./python.js";
import { t } from "./texts.js";

export class MarkView {
  constructor() {
    by("mark-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.mark();
    });
  }

  async mark() {
    const files = /** @type {HTMLInputElement} */ (by("handed-in")).files ?? [];
    const manifest = /** @type {HTMLInputElement} */ (by("manifest")).files?.[0];
    /** @type {BlobPart[]} */
    const parts = [];
    by("mark-fault").textContent = "";
    by("mark-done").replaceChildren();
    by("mark-done").setAttribute("aria-busy", "true");
    try {
      const contents = await Promise.all(Array.from(files, content));
      const found = await ask(
        "mark",
        {
          more: true,
          files: Object.fromEntries(contents),
          manifest: manifest ? (await content(manifest))[1] : null,
          feedback: /** @type {HTMLInputElement} */ (by("mark-feedback")).checked,
        },
        (told) => told.part && parts.push(new Blob([told.part])),
      );
      this.done(found, parts);
    } catch (error) {
      by("mark-fault").textContent = said(error);
    } finally {
      by("mark-done").removeAttribute("aria-busy");
    }
  }

  /** @param {any} found @param {BlobPart[]} parts */
  done(found, parts) {
    const links = document.createElement("p");
    if (found.marked.length) {
      const report = saved("report.html", [found.report], "text/html");
      links.append(saved("marks.zip", parts, "application/zip"), " ", report);
    }
    by("mark-done").replaceChildren(
      links,
      table("Marked", ["Identifier", "Name", "Sheet’s ID", "Points", "of"], found.marked),
      table("Set aside", ["File", "Why"], found.aside),
      table("Nothing was handed in", ["Identifier", "Name", "Sheet’s ID"], found.missing),
      table("To know", ["What"], found.notes.map((/** @type {string} */ note) => [note])),
    );
  }
}

/** @param {File} file @returns {Promise<[string, Uint8Array]>} */
async function content(file) {
  return [file.name, new Uint8Array(await file.arrayBuffer())];
}

/** @param {string} title @param {string[]} columns @param {string[][]} rows */
function table(title, columns, rows) {
  const holder = document.createElement("div");
  if (!rows.length) return holder;
  const made = document.createElement("table");
  made.createCaption().textContent = `${t(title)} (${rows.length})`;
  const head = made.createTHead().insertRow();
  for (const name of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = t(name);
    head.append(cell);
  }
  const body = made.createTBody();
  for (const texts of rows) {
    const row = body.insertRow();
    for (const text of texts) row.insertCell().textContent = text;
  }
  holder.className = "wide";
  holder.append(made);
  return holder;
}
