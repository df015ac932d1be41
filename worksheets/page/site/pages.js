// Shows a PDF's pages as pictures, one at a time, turned by buttons and keys.
import { getDocument, GlobalWorkerOptions } from "./pdfjs/pdf.min.mjs";
import { t } from "./texts.js";

GlobalWorkerOptions.workerSrc = new URL("./pdfjs/pdf.worker.min.mjs", import.meta.url).href;

/** @param {Uint8Array} content @returns {Promise<any>} */
export function opened(content) {
  return getDocument({ data: content.slice() }).promise; // a copy: the viewer takes it for itself
}

/** A page as a picture this wide, and its size in points.
 * @param {any} pdf @param {number} place @param {number} width
 * @returns {Promise<[HTMLCanvasElement, {width: number, height: number}]>} */
export async function picture(pdf, place, width) {
  const page = await pdf.getPage(place + 1);
  const whole = page.getViewport({ scale: 1 });
  const dense = Math.min(window.devicePixelRatio || 1, 3);
  const viewport = page.getViewport({ scale: (Math.max(width, 1) * dense) / whole.width });
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  await page.render({ canvas, viewport }).promise;
  return [canvas, whole];
}

/** Let a drawing be given up because another PDF is shown meanwhile. @param {Error} error */
export function passOver(error) {
  if (error.name !== "RenderingCancelledException") throw error;
}

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
    this.pdf = await opened(content);
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
    this.drawing = this.drawing.then(() => this.#draw()).catch(passOver);
    return this.drawing;
  }

  async #draw() {
    if (!this.pdf) return;
    const [canvas] = await picture(this.pdf, this.at, this.holder.clientWidth); // what is there stays until then
    canvas.setAttribute("role", "img");
    const values = { name: t(this.name), page: this.at + 1, pages: this.count };
    canvas.setAttribute("aria-label", t("{name}, page {page} of {pages}", values));
    this.canvas.replaceWith(canvas);
    this.canvas = canvas;
  }
}
