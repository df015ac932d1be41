// The ladder of a course: rungs that are added one by one, or a teacher's own TOML file.
import { by, droppable, said, saved } from "./choice.js";
import { ask } from "./python.js";
import { t } from "./texts.js";

/** @typedef {{kind: string, level: number, fade?: string, theme?: string, edition?: string}} Rung */

export class Ladder {
  /** @param {() => Rung} chosen the sheet in the fields, as a rung
   * @param {(kind: string) => string} titled */
  constructor(chosen, titled) {
    /** @type {Rung[]} */
    this.rungs = [];
    this.language = "en";
    this.data = /** @type {import("./choice.js").Ladder | null} */ (null);
    this.titled = titled;
    this.title = /** @type {HTMLInputElement} */ (by("course-title"));
    by("course-add").addEventListener("click", () => this.add([chosen()]));
    by("course-path").addEventListener("click", () => this.add(this.path(chosen())));
    by("course-none").addEventListener("click", () => this.take([]));
    this.title.addEventListener("change", () => this.show());
    const file = /** @type {HTMLInputElement} */ (by("course-file"));
    file.addEventListener("change", () => file.files?.[0] && this.read(file.files[0]));
    droppable(by("course"), file);
  }

  /** What the kind builds on, each at its first level, below it. @param {Rung} last @returns {Rung[]} */
  path(last) {
    const kinds = this.data?.kinds ?? [];
    const below = new Set([last.kind]);
    for (const kind of [...kinds].reverse()) if (below.has(kind.name)) kind.builds_on.forEach((one) => below.add(one));
    const under = kinds.filter((one) => below.has(one.name) && one.name !== last.kind);
    return [...under.map((one) => ({ kind: one.name, level: one.levels[0].level })), last];
  }

  /** Add rungs, without what is there already. @param {Rung[]} more */
  add(more) {
    const same = (/** @type {Rung} */ one) =>
      this.rungs.some((other) => ["kind", "level", "fade", "edition"].every((key) => (other[/** @type {keyof Rung} */ (key)] ?? "") === (one[/** @type {keyof Rung} */ (key)] ?? "")));
    return this.take([...this.rungs, ...more.filter((one) => !same(one))]);
  }

  /** @param {Rung[]} rungs */
  take(rungs) {
    this.rungs = rungs;
    return this.show();
  }

  /** The ladder as the command line reads it. */
  toml() {
    const text = (/** @type {unknown} */ value) => (typeof value === "string" ? JSON.stringify(value) : String(value));
    const rungs = this.rungs.map((one) => {
      const lines = Object.entries(one).filter(([key, value]) => ["kind", "level", "edition", "fade", "theme"].includes(key) && value !== "");
      return `\n[[rung]]\n${lines.map(([key, value]) => `${key} = ${text(value)}\n`).join("")}`;
    });
    return `title = ${text(this.title.value || t("Worksheets"))}\n${rungs.join("")}`;
  }

  /** @param {File} file */
  async read(file) {
    const found = await this.asked(await file.text());
    if (!found) return;
    this.title.value = found.title;
    await this.take(found.rungs);
  }

  /** @param {string} ladder @returns {Promise<{title: string, rungs: Rung[]} | null>} */
  async asked(ladder) {
    by("course-fault").textContent = "";
    try {
      return await ask("ladder", { ladder, language: this.language, more: true });
    } catch (error) {
      by("course-fault").textContent = said(error);
      return null;
    }
  }

  /** Show the rungs, and say what is wrong with them. */
  async show() {
    by("course-rungs").replaceChildren(...this.rungs.map((one, place) => this.row(one, place)));
    by("course-made").hidden = this.rungs.length === 0;
    by("course-save").replaceChildren();
    if (!this.rungs.length) {
      by("course-fault").textContent = "";
      return;
    }
    const ladder = this.toml();
    if (await this.asked(ladder)) by("course-save").replaceChildren(saved("ladder.toml", [ladder], "application/toml"));
  }

  /** @param {Rung} one @param {number} place */
  row(one, place) {
    const row = document.createElement("li");
    const name = t("{title}, level {level}", { title: this.titled(one.kind), level: one.level });
    row.append([name, one.fade, one.edition, one.theme].filter(Boolean).join(" · "), " ");
    const without = this.rungs.filter((_, other) => other !== place);
    row.append(button("Take it out", name, () => this.take(without)));
    if (place > 0) row.append(" ", button("Move it up", name, () => this.take([...without.slice(0, place - 1), one, ...without.slice(place - 1)])));
    return row;
  }
}

/** @param {string} text @param {string} what @param {() => void} act */
function button(text, what, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = t(text);
  made.setAttribute("aria-label", `${t(text)}: ${what}`);
  made.addEventListener("click", act);
  return made;
}
