// Offers what sheets there are: kinds, levels, looks and papers, in fields of a form.
import { t } from "./texts.js";

/** @typedef {{level: number, does: string, minutes: number, cells: number, looks: Record<string, string[]>, sample: string}} Level */
/** @typedef {{name: string, title: string, summary: string, box: number[], lines: string[], words: boolean, builds_on: string[], by_sympy: boolean, levels: Level[]}} Kind */
/** @typedef {{kinds: Kind[], size: number[], arrows: number[][][], themes: {name: string, title: string}[]}} Ladder */

const LOOKS = {
  "": "usual",
  "one-cell": "one cell left to do",
  "one-matrix": "one matrix left to do",
  alternate: "every other step shown",
  large: "large print",
  grey: "without colours",
};
const PAPERS = { a4: "A4", letter: "US Letter" };

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
export const by = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {HTMLSelectElement} select @param {string[][]} every value and text of each */
export function offer(select, every) {
  const before = select.value;
  select.replaceChildren(...every.map(([value, text]) => new Option(text, value)));
  if (every.some(([value]) => value === before)) select.value = before;
}

/** @param {HTMLSelectElement} select @param {Ladder} data */
export function offerThemes(select, data) {
  offer(select, [["", t("any")], ...data.themes.map((one) => [one.name, one.title])]);
}

/** @param {HTMLSelectElement} look @param {HTMLSelectElement} paper @param {Level} level */
export function offerPages(look, paper, level) {
  const looks = Object.entries(LOOKS).filter(([name]) => name in level.looks);
  offer(look, looks.map(([name, text]) => [name, t(text)]));
  const papers = Object.entries(PAPERS).filter(([name]) => level.looks[look.value]?.includes(name));
  offer(paper, papers.map(([name, text]) => [name, t(text)]));
}

/** The page that two fields say. @param {HTMLSelectElement} look @param {HTMLSelectElement} paper */
export function pageOf(look, paper) {
  const large = look.value === "large";
  const grey = look.value === "grey";
  return { paper: paper.value, large_print: large, grey, fade: large || grey ? "" : look.value };
}

/** What is said of an error: whoever asked is told what was wrong, or that the page failed.
 * @param {unknown} error */
export function said(error) {
  const text = /** @type {Error} */ (error).message;
  return /** @type {Error} */ (error).name === "Refused" ? text : t("Something failed: {error}", { error: text });
}

/** Take files that are dropped as if they were chosen. @param {HTMLElement} area @param {HTMLInputElement} input */
export function droppable(area, input) {
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation(); // an area may lie within another
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
}

/** Take what is in an element away, and what its links have to save, and put others there.
 * @param {HTMLElement} holder @param {Node[]} kids */
export function refill(holder, ...kids) {
  for (const link of holder.querySelectorAll("a")) URL.revokeObjectURL(link.href);
  holder.replaceChildren(...kids);
}

/** @param {string} name @param {BlobPart[]} parts @param {string} type */
export function saved(name, parts, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.textContent = t("Download {name}", { name });
  return link;
}
