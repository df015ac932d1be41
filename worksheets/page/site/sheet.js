// The view of single sheets: chosen on the ladder, shown blank beside solved, saved and printed.
import { by, offerPages, offerThemes, pageOf, said } from "./choice.js";
import { centred, ladder, mark } from "./ladder.js";
import { Pages } from "./pages.js";
import { ask } from "./python.js";
import { t } from "./texts.js";

const FIRST = { paper: "a4", large_print: false, grey: false, fade: "" }; // the page of samples
const NUMBERS = 2 ** 20; // four letters of an ID; each level has at least as many sheets

export class SheetView {
  constructor() {
    this.kind = "";
    this.level = 1;
    this.number = 1;
    this.language = "en";
    this.asked = 0;
    this.blank = new Pages(by("blank"), "Blank");
    this.solved = new Pages(by("solved"), "Solved");
    this.theme = /** @type {HTMLSelectElement} */ (by("theme"));
    this.paper = /** @type {HTMLSelectElement} */ (by("paper"));
    this.look = /** @type {HTMLSelectElement} */ (by("look"));
    this.id = /** @type {HTMLInputElement} */ (by("id"));
    for (const one of [this.theme, this.paper, this.look])
      one.addEventListener("change", () => this.choose());
    by("another").addEventListener("click", () => {
      this.number = crypto.getRandomValues(new Uint32Array(1))[0] % NUMBERS;
      this.choose();
    });
    by("choice").addEventListener("submit", (event) => {
      event.preventDefault();
      this.show({ id: this.id.value, ...this.page() });
    });
    by("before").addEventListener("click", () => this.turn(-1));
    by("after").addEventListener("click", () => this.turn(1));
    by("shown").addEventListener("keydown", (event) => {
      const by = { PageUp: -1, PageDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) {
        event.preventDefault();
        this.turn(by);
      }
    });
    by("print").addEventListener("click", () => this.print());
    addEventListener("resize", () => this.redraw());
  }

  /** Show everything in a language, and the sheet in it.
   * @param {string} language @param {import("./choice.js").Ladder} data */
  async speak(language, data) {
    this.language = language;
    this.data = data;
    const names = data.kinds.map((kind) => kind.name);
    if (!names.includes(this.kind)) this.kind = names.includes("rlhf") ? "rlhf" : names[0];
    offerThemes(this.theme, data);
    by("ladder").replaceChildren(ladder(data, this.kind, (name) => this.choose({ kind: name })));
    centred(by("ladder"));
    await this.choose();
  }

  get chosen() {
    const found = this.data?.kinds.find((kind) => kind.name === this.kind);
    if (!found) throw new Error(this.kind);
    return found;
  }

  /** Take another kind or level, offer what there is of it, and show its sheet.
   * @param {{kind?: string, level?: number}} more */
  async choose(more = {}) {
    Object.assign(this, more);
    const levels = this.chosen.levels;
    const level = levels.find((one) => one.level === this.level) ?? levels[0];
    this.level = level.level;
    mark(by("ladder"), this.kind);
    this.offer(levels, level);
    await this.show({
      kind: this.kind,
      level: this.level,
      number: this.number,
      language: this.language,
      theme: this.chosen.words ? this.theme.value : "",
      ...this.page(),
    });
  }

  /** Go on from a sheet whose ID was asked for, if the page has its kind and level.
   * @param {{kind: string, level: number, number: number}} found */
  adopt({ kind, level, number }) {
    const levels = this.data?.kinds.find((one) => one.name === kind)?.levels ?? [];
    const same = levels.find((one) => one.level === level);
    if (!same) return;
    Object.assign(this, { kind, level, number });
    mark(by("ladder"), kind);
    this.offer(levels, same);
  }

  /** @param {import("./choice.js").Level[]} levels @param {import("./choice.js").Level} level */
  offer(levels, level) {
    const fields = by("levels");
    const legend = /** @type {HTMLElement} */ (fields.querySelector("legend"));
    const rows = levels.map((one) => {
      const row = document.createElement("label");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = "level";
      radio.value = String(one.level);
      radio.checked = one.level === this.level;
      radio.addEventListener("change", () => this.choose({ level: one.level }));
      const does = document.createElement("span");
      does.textContent = t("Level {level}: {does}", { ...one, looks: "" });
      const minutes = document.createElement("small");
      minutes.textContent = t("about {minutes} minutes", { minutes: one.minutes });
      row.append(radio, does, " ", minutes);
      return row;
    });
    const focused = /** @type {HTMLInputElement} */ (document.activeElement)?.name === "level";
    fields.replaceChildren(legend, ...rows);
    if (focused) /** @type {HTMLElement} */ (fields.querySelector(":checked"))?.focus();
    by("theme-field").hidden = !this.chosen.words;
    offerPages(this.look, this.paper, level);
  }

  page() {
    return pageOf(this.look, this.paper);
  }

  /** @param {object} asked */
  async show(asked) {
    const turn = (this.asked += 1);
    const status = by("status");
    by("fault").textContent = "";
    by("shown").setAttribute("aria-busy", "true");
    if (document.documentElement.dataset.stage === "ready") status.textContent = t("The sheet is being made.");
    try {
      const found = (await this.sample(asked)) ?? (await ask("sheet", asked));
      if (turn !== this.asked) return; // another one has been asked for meanwhile
      const [blank, solved] = /** @type {[string, Uint8Array][]} */ (Object.entries(found.files));
      this.id.value = found.id;
      if ("id" in asked) this.adopt(found);
      this.save("save-blank", ...blank);
      this.save("save-solved", ...solved);
      await Promise.all([this.blank.show(blank[1]), this.solved.show(solved[1])]);
      this.tellPage();
      status.textContent = t("The sheet {id} is ready.", found);
      by("shown").dataset.id = found.id;
    } catch (error) {
      if (turn !== this.asked) return;
      by("fault").textContent = said(error);
      status.textContent = "";
    } finally {
      if (turn === this.asked) by("shown").removeAttribute("aria-busy");
    }
  }

  /** The sheet that is asked for, if it is one that the page carries, so that nobody waits for Python.
   * @param {object} asked */
  async sample(asked) {
    const { sample } = this.chosen.levels.find((one) => one.level === this.level) ?? this.chosen.levels[0];
    const first = { kind: this.kind, level: this.level, number: 1, language: this.language, theme: "", ...FIRST };
    if (!sample || JSON.stringify(asked) !== JSON.stringify(first)) return null;
    try {
      const names = [`${sample}-blank.pdf`, `${sample}-solved.pdf`];
      const files = await Promise.all(names.map((name) => bytes(`samples/${name}`)));
      ask("sheet", asked).catch(() => {}); // then the next one is there at once, without a connection too
      return { id: sample, files: Object.fromEntries(names.map((name, place) => [name, files[place]])) };
    } catch {
      return null; // without a connection
    }
  }

  /** @param {string} id @param {string} name @param {Uint8Array} content */
  save(id, name, content) {
    const link = /** @type {HTMLAnchorElement} */ (by(id));
    if (link.href) URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([/** @type {any} */ (content)], { type: "application/pdf" }));
    link.download = name;
  }

  print() {
    const frame = document.createElement("iframe");
    frame.className = "printed";
    frame.src = /** @type {HTMLAnchorElement} */ (by("save-blank")).href;
    frame.addEventListener("load", () => frame.contentWindow?.print());
    document.querySelector(".printed")?.remove();
    document.body.append(frame);
  }

  /** @param {number} by */
  async turn(by) {
    await Promise.all([this.blank.turn(by), this.solved.turn(by)]);
    this.tellPage();
  }

  redraw() {
    this.blank.draw();
    this.solved.draw();
  }

  tellPage() {
    const values = { page: this.blank.at + 1, pages: this.blank.count };
    by("at").textContent = t("page {page} of {pages}", values);
    /** @type {HTMLButtonElement} */ (by("before")).disabled = this.blank.at === 0;
    /** @type {HTMLButtonElement} */ (by("after")).disabled = this.blank.at + 1 >= this.blank.count;
  }
}

/** @param {string} name */
async function bytes(name) {
  const found = await fetch(name);
  if (!found.ok) throw new Error(`${name}: ${found.status}`);
  return new Uint8Array(await found.arrayBuffer());
}
