// Shows a PDF's pages as pictures, one at a time, turned by buttons and keys.
import { getDocument, GlobalWorkerOptions } from "./pdfjs/pdf.min.mjs";
import { t } from "./texts.js";

GlobalWorkerOptions.workerSrc = new URL("./pdfjs/pdf.worker.min.mjs", import.meta.url).href;

/** One PDF in an element of the page; `show` another one, `turn` its pages. */
export class Pages {
  /** @param {HTMLElement} holder @param {string} name */
  constructor(holder, name) {
    this.holder = holder;
    this.name = name;
    this.at = 0;
    /** @type {any} */
    this.pdf = null;
    this.canvas = document.createElement("canvas");
    this.holder.append(this.canvas);
    this.drawing = Promise.resolve();
  }

  /** @param {Uint8Array} content */
  async show(content) {
    const before = this.pdf;
    this.pdf = await getDocument({ data: content.slice(), isEvalSupported: false }).promise;
    before?.loadingTask.destroy();
    this.at = Math.min(this.at, this.count - 1);
    await this.draw();
  }

  get count() {
    return this.pdf?.numPages ?? 0;
  }

  /** @param {number} by */
  async turn(by) {
    this.at = Math.max(0, Math.min(this.count - 1, this.at + by));
    await this.draw();
  }

  draw() {
    this.drawing = this.drawing.then(() => this.#draw());
    return this.drawing;
  }

  async #draw() {
    if (!this.pdf) return;
    const page = await this.pdf.getPage(this.at + 1);
    const whole = page.getViewport({ scale: 1 });
    const dense = Math.min(window.devicePixelRatio || 1, 3);
    const viewport = page.getViewport({ scale: (this.holder.clientWidth * dense) / whole.width });
    const canvas = document.createElement("canvas"); // what is there stays until it is drawn
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    canvas.setAttribute("role", "img");
    const values = { name: t(this.name), page: this.at + 1, pages: this.count };
    canvas.setAttribute("aria-label", t("{name}, page {page} of {pages}", values));
    await page.render({ canvas, viewport }).promise;
    this.canvas.replaceWith(canvas);
    this.canvas = canvas;
  }
}
