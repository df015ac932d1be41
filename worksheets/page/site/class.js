// The view of class sets: a list of students in, an archive of everything to print and mark out.
import { by, droppable, offer, offerPages, offerThemes, pageOf, refill, said, saved } from "./choice.js";
import { Ladder } from "./course.js";
import { ask, Refused } from "./python.js";
import { t } from "./texts.js";

const ANY = "HEADING"; // stands for whichever column it is

export class ClassView {
  constructor() {
    this.language = "en";
    /** @type {{name: string, content: Uint8Array, columns: Record<string, string>} | null} */
    this.list = null;
    /** @type {AbortController | null} */
    this.running = null;
    /** @type {[any, BlobPart[]] | null} what was made last, and its archive */
    this.made = null;
    this.kind = /** @type {HTMLSelectElement} */ (by("class-kind"));
    this.level = /** @type {HTMLSelectElement} */ (by("class-level"));
    this.theme = /** @type {HTMLSelectElement} */ (by("class-theme"));
    this.look = /** @type {HTMLSelectElement} */ (by("class-look"));
    this.paper = /** @type {HTMLSelectElement} */ (by("class-paper"));
    for (const one of [this.kind, this.level, this.look]) one.addEventListener("change", () => this.choose());
    const list = /** @type {HTMLInputElement} */ (by("list"));
    list.addEventListener("change", () => this.take(list.files));
    droppable(by("list-drop"), list);
    by("class-order").addEventListener("submit", (event) => {
      event.preventDefault();
      this.make();
    });
    by("class-stop").addEventListener("click", () => this.running?.abort());
    const titled = (/** @type {string} */ name) => this.data?.kinds.find((one) => one.name === name)?.title ?? name;
    this.course = new Ladder(() => this.rung(), titled);
  }

  /** The sheet in the fields, as a rung of a course. */
  rung() {
    const { fade } = pageOf(this.look, this.paper);
    const theme = by("class-theme-field").hidden ? "" : this.theme.value;
    return { kind: this.kind.value, level: Number(this.level.value), fade, theme };
  }

  /** @param {string} language @param {import("./choice.js").Ladder} data */
  speak(language, data) {
    this.language = language;
    this.data = data;
    offer(this.kind, data.kinds.map((one) => [one.name, one.title]));
    offerThemes(this.theme, data);
    Object.assign(this.course, { language, data });
    this.course.show();
    this.choose();
    if (this.list) this.read();
    if (this.made) this.done(...this.made);
  }

  choose() {
    const kind = this.data?.kinds.find((one) => one.name === this.kind.value);
    if (!kind) return;
    offer(this.level, kind.levels.map((one) => [String(one.level), t("Level {level}: {does}", { ...one, looks: "" })]));
    const level = kind.levels.find((one) => String(one.level) === this.level.value) ?? kind.levels[0];
    offerPages(this.look, this.paper, level);
    by("class-theme-field").hidden = !kind.words;
  }

  /** Begin with the sheet that is chosen elsewhere. @param {{kind: string, level: number, theme: HTMLSelectElement}} sheet */
  begin({ kind, level, theme }) {
    this.kind.value = kind;
    this.choose();
    this.level.value = String(level);
    this.theme.value = theme.value;
    this.choose();
    by("list").focus();
  }

  /** @param {FileList | null} files */
  async take(files) {
    const file = files?.[0];
    if (!file) return;
    this.list = { name: file.name, content: new Uint8Array(await file.arrayBuffer()), columns: {} };
    by("list-columns").replaceChildren();
    this.made = null; // what was made of another list
    refill(by("class-done"));
    by("class-fault").textContent = "";
    await this.read();
  }

  /** Read the list, and return whether it can be read, or a choice of columns helps. */
  async read() {
    if (!this.list) return false;
    by("list-fault").textContent = "";
    by("list-said").replaceChildren();
    by("class-make").toggleAttribute("disabled", true);
    try {
      this.tell(await ask("roster", { ...this.list, more: true }));
      by("list-columns").replaceChildren();
      by("class-make").toggleAttribute("disabled", false);
      return true;
    } catch (error) {
      by("list-fault").textContent = said(error);
      const helps = error instanceof Refused && error.remedy === "columns";
      if (helps) by("list-columns").replaceChildren(...error.values.map((value) => this.choice(value)));
      return helps;
    }
  }

  /** @param {{count: number, students: [string, string, string, number][], notes: string[]}} found */
  tell(found) {
    const head = document.createElement("p");
    head.id = "list-count";
    head.textContent = t("{count} students in {name}", { count: found.count, name: this.list?.name ?? "" });
    const table = document.createElement("table");
    const row = table.createTHead().insertRow();
    for (const name of ["Row", "Identifier", "Name", "Section"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = t(name);
      row.append(cell);
    }
    const body = table.createTBody();
    for (const [identifier, name, section, place] of found.students) {
      const row = body.insertRow();
      for (const text of [place, identifier, name, section]) row.insertCell().textContent = String(text);
    }
    const more = found.count - found.students.length;
    const rest = document.createElement("p");
    if (more > 0) rest.textContent = t("and {count} more", { count: more });
    by("list-said").replaceChildren(head, table, rest, notes(found.notes));
  }

  /** Offer to take a column for what it may be. @param {string} value such as id=Number, or id=HEADING for any */
  choice(value) {
    const [what, heading] = value.split("=");
    const row = document.createElement("p");
    const button = document.createElement("button");
    button.type = "button";
    row.append(button);
    if (heading === ANY) {
      const label = document.createElement("label");
      const field = document.createElement("input");
      field.autocomplete = "off";
      label.append(t("The column that says who a student is, by its heading or letter"), field);
      row.prepend(label, " ");
      button.textContent = t("Take it");
      button.addEventListener("click", () => this.takeColumn(what, field.value));
    } else {
      button.textContent = t("Take the column {heading} as {what}", { heading, what });
      button.addEventListener("click", () => this.takeColumn(what, heading));
    }
    return row;
  }

  /** @param {string} what @param {string} heading */
  async takeColumn(what, heading) {
    if (!this.list) return;
    const before = this.list.columns;
    this.list.columns = { ...before, [what]: heading };
    if (!(await this.read())) this.list.columns = before; // there is no such column: another one may be tried
  }

  async make() {
    if (!this.list || this.running) return;
    this.running = new AbortController();
    const bar = /** @type {HTMLProgressElement} */ (by("class-progress"));
    /** @type {BlobPart[]} */
    const parts = [];
    by("class-fault").textContent = "";
    this.made = null;
    refill(by("class-done"));
    by("class-running").hidden = false;
    by("class-make").toggleAttribute("disabled", true);
    bar.value = 0;
    const secret = /** @type {HTMLInputElement} */ (by("class-secret-file")).files?.[0];
    const checked = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (by(id)).checked;
    const formats = ["pdf", "form", "xlsx"].filter((one) => checked(`class-${one}`));
    const course = this.course.rungs.length > 0;
    try {
      const asked = {
        ...this.list,
        more: true,
        set: /** @type {HTMLInputElement} */ (by("class-set")).value,
        ...pageOf(this.look, this.paper),
        ...(course ? { ladder: this.course.toml(), fade: "" } : this.rung()),
        language: this.language,
        covers: checked("class-covers"),
        proved: checked("class-proved"),
        sympy: checked("class-proved") && this.bySympy(course ? this.course.rungs : [this.rung()]),
        secret: secret ? new Uint8Array(await secret.arrayBuffer()) : checked("class-secret") ? "new" : "",
        formats,
      };
      const found = await ask(course ? "course" : "class_set", asked, (told) => this.progress(told, bar, parts), this.running.signal);
      if (found.stopped) by("class-done").textContent = t("Stopped. What is finished is kept: “Make the set” goes on.");
      else {
        this.made = [found, parts];
        this.done(...this.made).focus();
      }
    } catch (error) {
      by("class-fault").textContent = said(error);
    } finally {
      this.running = null;
      by("class-running").hidden = true;
      by("class-make").toggleAttribute("disabled", false);
    }
  }

  /** Whether a law of these is SymPy's to compute. @param {{kind: string}[]} rungs */
  bySympy(rungs) {
    return rungs.some(({ kind }) => this.data?.kinds.find((one) => one.name === kind)?.by_sympy ?? true);
  }

  /** @param {any} told @param {HTMLProgressElement} bar @param {BlobPart[]} parts */
  progress(told, bar, parts) {
    if (told.part) parts.push(new Blob([told.part])); // which the browser keeps outside of the tab's memory
    else {
      bar.max = told.of;
      bar.value = told.done;
      by("class-count").textContent = t("{done} of {of} sheets", told);
    }
  }

  /** Show what was made, and return the link to its archive.
   * @param {any} found @param {BlobPart[]} parts */
  done(found, parts) {
    const certificate = document.createElement("pre");
    certificate.textContent = found.certificate;
    const links = document.createElement("p");
    const archive = saved(`${found.name}.zip`, parts, "application/zip");
    links.append(archive);
    if (found.secret) links.append(" ", saved("exam.secret", [found.secret], "text/plain"));
    const inside = document.createElement("p");
    inside.textContent = t("In the archive: what to print and hand out, the keys, and manifest.json, by which handed-in sheets are marked.");
    refill(by("class-done"), links, inside, notes(found.notes), certificate);
    return archive;
  }
}

/** @param {string[]} texts */
function notes(texts) {
  const list = document.createElement("ul");
  list.append(
    ...texts.map((text) => {
      const one = document.createElement("li");
      one.textContent = text;
      return one;
    }),
  );
  return list;
}
