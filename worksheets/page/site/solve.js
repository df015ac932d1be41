// The view in which a learner fills a sheet in: cells over the page, checks, hints, the solved page.
import { by, said, saved } from "./choice.js";
import { Pages, opened, passOver, picture } from "./pages.js";
import { ask } from "./python.js";
import { keep, kept } from "./keep.js";
import { t } from "./texts.js";

/** @typedef {{name: string, page: number, box: [number, number, number, number], to_do: boolean, step: number, label: string, words: string[], shown: string}} Cell */

const SIGNS = { right: "✓", follows: "↪", wrong: "✗", unreadable: "?" };
const SAID = {
  right: "right",
  follows: "follows from your own earlier numbers",
  wrong: "not right yet",
  unreadable: "cannot be read as a number or word of the sheet",
};

export class SolveView {
  constructor() {
    /** @type {any} */
    this.sheet = null;
    /** @type {Map<string, HTMLInputElement>} */
    this.inputs = new Map();
    /** @type {Map<string, HTMLElement[]>} */
    this.boxes = new Map();
    /** @type {HTMLInputElement | null} */
    this.at = null;
    this.page = {};
    /** @type {import("./choice.js").Ladder | null} */
    this.data = null;
    /** @type {((kind: string, level: number) => void) | null} */
    this.go = null;
    this.solved = new Pages(by("solve-solved"), "Solved");
    by("solve-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin(/** @type {HTMLInputElement} */ (by("solve-id")).value, {});
    });
    by("check-cell").addEventListener("click", () => this.at && this.check([this.at.name]));
    by("check-step").addEventListener("click", () => this.at && this.check(this.inStep(this.at)));
    by("check-all").addEventListener("click", () => this.check([...this.inputs.keys()]));
    by("hint").addEventListener("click", () => this.hint());
    by("solve-again").addEventListener("click", () => this.clear());
    by("solve-pages").addEventListener("keydown", (event) => this.key(event));
    addEventListener("resize", () => this.draw());
  }

  /** The view is seen: draw its pages, or go on with the sheet that was worked on last. */
  show() {
    if (this.sheet) return this.draw();
    const last = JSON.parse(kept("sheet") ?? "null");
    if (last && !by("solve-work").hasAttribute("aria-busy")) this.begin(last.id, last.page, false);
  }

  /** Begin the sheet of an ID, or go on where it was left.
   * @param {string} id @param {object} page its paper and look
   * @param {boolean} [arrive] whether the first cell that is left to do takes the focus */
  async begin(id, page, arrive = true) {
    by("solve-fault").textContent = "";
    by("solve-work").setAttribute("aria-busy", "true");
    try {
      this.page = page;
      this.sheet = await ask("begin", { id, ...page });
      /** @type {HTMLInputElement} */ (by("solve-id")).value = this.sheet.id;
      this.pdf = await opened(this.sheet.blank);
      this.build();
      by("solve-work").hidden = false; // what is hidden has no width, and no picture of it
      await this.draw();
      this.restore();
      if (arrive) this.first()?.focus();
      by("solve-work").dataset.id = this.sheet.id;
      keep("sheet", JSON.stringify({ id: this.sheet.id, page }));
    } catch (error) {
      by("solve-fault").textContent = said(error);
    } finally {
      by("solve-work").removeAttribute("aria-busy");
    }
  }

  /** Lay the cells over the pages: fields to fill in, and boxes that hints light up. */
  build() {
    this.inputs.clear();
    this.boxes.clear();
    this.at = null;
    by("solve-end").hidden = true;
    by("solve-said").replaceChildren();
    const pages = Array.from({ length: this.pdf.numPages }, (_, place) => {
      const page = document.createElement("div");
      page.className = "sheet-page";
      page.setAttribute("role", "group");
      page.setAttribute("aria-label", t("page {page} of {pages}", { page: place + 1, pages: this.pdf.numPages }));
      page.append(document.createElement("canvas"));
      return page;
    });
    for (const cell of /** @type {Cell[]} */ (this.sheet.cells)) {
      const box = cell.to_do && !this.inputs.has(cell.name) ? this.field(cell) : shown(cell);
      box.dataset.box = cell.box.join(" ");
      pages[cell.page].append(box);
      this.boxes.set(cell.name, [...(this.boxes.get(cell.name) ?? []), box]);
    }
    by("solve-pages").replaceChildren(...pages, ...this.lists());
  }

  /** @param {Cell} cell */
  field(cell) {
    const input = document.createElement("input");
    input.name = cell.name;
    input.dataset.step = String(cell.step);
    input.dataset.label = cell.label;
    input.setAttribute("aria-label", cell.label);
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("autocapitalize", "off");
    if (cell.words.length) input.setAttribute("list", `words-${cell.words.join("-")}`);
    input.addEventListener("focus", () => this.arrive(input));
    input.addEventListener("input", () => this.change(input));
    this.inputs.set(cell.name, input);
    return input;
  }

  /** What cells with words may hold, once for each choice. */
  lists() {
    const found = new Map();
    for (const { words } of /** @type {Cell[]} */ (this.sheet.cells)) {
      if (!words.length) continue;
      const list = document.createElement("datalist");
      list.id = `words-${words.join("-")}`;
      list.append(...words.map((word) => new Option(word, word)));
      found.set(list.id, list);
    }
    return found.values();
  }

  draw() {
    return this.drawn().catch(passOver);
  }

  async drawn() {
    if (!this.sheet) return;
    const pages = Array.from(by("solve-pages").querySelectorAll(".sheet-page"));
    for (const [place, page] of pages.entries()) {
      const [canvas, size] = await picture(this.pdf, place, page.clientWidth);
      if (!page.isConnected) return; // another sheet was begun
      canvas.setAttribute("aria-hidden", "true");
      page.querySelector("canvas")?.replaceWith(canvas);
      for (const one of page.querySelectorAll("[data-box]")) {
        const [left, top, right, bottom] = (/** @type {HTMLElement} */ (one).dataset.box ?? "").split(" ").map(Number);
        const style = /** @type {HTMLElement} */ (one).style;
        style.left = `${(100 * left) / size.width}%`;
        style.top = `${(100 * top) / size.height}%`;
        style.width = `${(100 * (right - left)) / size.width}%`;
        style.height = `${(100 * (bottom - top)) / size.height}%`;
        style.fontSize = `${((0.62 * (bottom - top)) / size.width) * 100}cqw`;
      }
    }
  }

  /** @param {HTMLInputElement} input */
  arrive(input) {
    this.at = input;
    by("solve-at").textContent = input.dataset.label ?? "";
    for (const id of ["check-cell", "check-step", "hint"]) /** @type {HTMLButtonElement} */ (by(id)).disabled = false;
    this.light([]);
  }

  /** @param {HTMLInputElement} input */
  change(input) {
    this.mark(input, "");
    for (const box of this.boxes.get(input.name) ?? []) if (box !== input) box.textContent = input.value;
    this.save();
    this.count();
  }

  /** @param {HTMLInputElement} input @param {string} mark */
  mark(input, mark) {
    input.dataset.mark = mark;
    const sign = SIGNS[/** @type {keyof typeof SIGNS} */ (mark)];
    const words = SAID[/** @type {keyof typeof SAID} */ (mark)];
    input.setAttribute("aria-label", words ? `${input.dataset.label}: ${t(words)}` : (input.dataset.label ?? ""));
    input.setAttribute("aria-invalid", String(mark === "wrong" || mark === "unreadable"));
    input.title = sign ? `${sign} ${t(words)}` : "";
  }

  /** @param {HTMLInputElement} one */
  inStep(one) {
    return [...this.inputs.values()].filter((other) => other.dataset.step === one.dataset.step).map((other) => other.name);
  }

  /** The first cell that is not right yet. */
  first() {
    return [...this.inputs.values()].find((one) => !isGood(one.dataset.mark));
  }

  answers() {
    return Object.fromEntries([...this.inputs].map(([name, input]) => [name, input.value]));
  }

  /** Check these cells, of those that are filled in.
   * @param {string[]} names */
  async check(names) {
    const found = await this.asked("check", { answers: this.answers() });
    if (!found) return;
    const tried = names.filter((name) => found.marks[name]);
    for (const name of tried) this.mark(/** @type {HTMLInputElement} */ (this.inputs.get(name)), found.marks[name]);
    const steps = new Set(tried.filter((name) => found.marks[name] !== "right").map((name) => this.inputs.get(name)?.dataset.step));
    const titles = new Map(this.sheet.title);
    const remarks = found.remarks.filter((/** @type {any} */ one) => steps.has(String(one.step)));
    this.tell(
      line(tried.length ? this.sum(tried, found.marks) : t("Nothing is filled in there yet.")),
      ...remarks.map((/** @type {any} */ one) => {
        const text = line("");
        const head = document.createElement("strong");
        head.textContent = t("Step {step}, {title}: {what}.", { step: one.step, title: String(titles.get(one.step)), what: one.what });
        text.append(head, " ", one.advice.join(" "));
        return text;
      }),
    );
    this.save();
    if (this.count()) by("solve-done").focus(); // it stands below the pages
  }

  /** Say something in the bar, and keep the cell in view, as the bar may grow. @param {...Node} lines */
  tell(...lines) {
    by("solve-said").replaceChildren(...lines);
    this.at?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {string[]} names @param {Record<string, string>} marks */
  sum(names, marks) {
    if (names.length === 1) return `${SIGNS[/** @type {keyof typeof SIGNS} */ (marks[names[0]])]} ${t(SAID[/** @type {keyof typeof SAID} */ (marks[names[0]])])}`;
    const good = names.filter((name) => isGood(marks[name])).length;
    return t("Checked: {tried}. Right: {good}.", { good, tried: names.length });
  }

  async hint() {
    const at = this.at;
    if (!at) return;
    const found = await this.asked("hint", { cell: at.name });
    if (!found) return;
    this.light(found.cells);
    at.focus();
    this.light(found.cells);
    const how = found.formula ? t("{place}: {formula}", found) : found.place;
    const where = found.cells.length ? t("The cells that meet here are framed on the page.") : "";
    this.tell(line(how), line(where));
  }

  /** @param {string[]} names */
  light(names) {
    for (const one of document.querySelectorAll("#solve-pages .lit")) one.classList.remove("lit");
    for (const name of names) for (const box of this.boxes.get(name) ?? []) box.classList.add("lit");
  }

  /** @param {string} question @param {object} more @returns {Promise<any>} */
  async asked(question, more) {
    by("solve-fault").textContent = "";
    try {
      return await ask(question, { id: this.sheet.id, more: true, ...this.page, ...more });
    } catch (error) {
      by("solve-fault").textContent = said(error);
      return null;
    }
  }

  /** Say how many cells are right, and return whether all are. */
  count() {
    const inputs = [...this.inputs.values()];
    const good = inputs.filter((one) => isGood(one.dataset.mark)).length;
    by("solve-count").textContent = t("{good} of {all} cells are right", { good, all: inputs.length });
    const all = good === inputs.length && good > 0;
    by("solve-end").hidden = !all;
    if (all) this.end();
    return all;
  }

  /** All of it is right: show the solved page, and where the ladder goes on. */
  async end() {
    by("solve-save").replaceChildren();
    const found = await this.asked("solved", {});
    if (!found) return;
    by("solve-save").replaceChildren(saved(found.name, [found.solved], "application/pdf"));
    by("solve-next").replaceChildren(...this.next());
    await this.solved.show(found.solved);
  }

  /** What to try next: a higher level, else the kinds that build on this one. */
  next() {
    const kinds = this.data?.kinds ?? [];
    const kind = kinds.find((/** @type {any} */ one) => one.name === this.sheet.kind);
    const higher = kind?.levels.find((/** @type {any} */ one) => one.level > this.sheet.level);
    const above = kinds.filter((/** @type {any} */ one) => one.builds_on.includes(this.sheet.kind));
    const offered = [
      ...(higher ? [{ kind, level: higher.level }] : []),
      ...above.map((/** @type {any} */ one) => ({ kind: one, level: one.levels[0].level })),
    ];
    return offered.map((one) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = t("{title}, level {level}", { title: one.kind.title, level: one.level });
      button.addEventListener("click", () => this.go?.(one.kind.name, one.level));
      item.append(button);
      return item;
    });
  }

  save() {
    const marks = Object.fromEntries([...this.inputs].map(([name, one]) => [name, one.dataset.mark ?? ""]));
    keep(`work ${this.sheet.id}`, JSON.stringify({ answers: this.answers(), marks }));
  }

  restore() {
    const found = JSON.parse(kept(`work ${this.sheet.id}`) ?? '{"answers": {}, "marks": {}}');
    for (const [name, input] of this.inputs) {
      input.value = found.answers[name] ?? "";
      this.mark(input, found.marks[name] ?? "");
      for (const box of this.boxes.get(name) ?? []) if (box !== input) box.textContent = input.value;
    }
    this.count();
  }

  clear() {
    keep(`work ${this.sheet.id}`, null);
    by("solve-said").replaceChildren();
    this.restore();
  }

  /** Arrows go to the nearest cell that way, Enter checks the cell, ? asks for a hint.
   * @param {KeyboardEvent} event */
  key(event) {
    if (!(event.target instanceof HTMLInputElement)) return;
    const input = event.target;
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (event.key === "Enter") this.check(event.ctrlKey ? [...this.inputs.keys()] : [input.name]);
    else if (event.key === "?") this.hint();
    else if (way && (way[1] || atEdge(input, way[0]))) nearest(input, way, this.inputs.values())?.focus();
    else return;
    event.preventDefault();
  }
}

/** A cell that the page shows: said to whoever does not see the page, unless it repeats a field.
 * @param {Cell} cell */
function shown(cell) {
  const box = document.createElement("span");
  box.className = "shown-cell";
  if (cell.shown) {
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", `${cell.label}: ${cell.shown}`);
  } else box.setAttribute("aria-hidden", "true");
  return box;
}

/** @param {string | undefined} mark */
function isGood(mark) {
  return mark === "right" || mark === "follows";
}

/** @param {HTMLInputElement} input @param {number} way */
function atEdge(input, way) {
  const at = input.selectionStart ?? 0;
  return at === (input.selectionEnd ?? 0) && (way < 0 ? at === 0 : at === input.value.length);
}

/** @param {HTMLInputElement} from @param {number[]} way @param {Iterable<HTMLInputElement>} others */
function nearest(from, [x, y], others) {
  const middle = (/** @type {HTMLElement} */ one) => {
    const box = one.getBoundingClientRect();
    return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  };
  const [left, top] = middle(from);
  let best = null;
  let least = Infinity;
  for (const other of others) {
    const [right, below] = middle(other);
    const along = (right - left) * x + (below - top) * y;
    const aside = Math.abs((right - left) * y) + Math.abs((below - top) * x);
    if (along > 1 && along + 3 * aside < least) [best, least] = [other, along + 3 * aside];
  }
  return best;
}

/** @param {string} text */
function line(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
