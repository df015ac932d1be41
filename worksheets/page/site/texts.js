// Says texts in the chosen language; an English text is its own key.

/** @type {Record<string, string>} */
let known = {};

/** @param {string} language */
export async function speak(language) {
  known = await (await fetch(`data/texts-${language}.json`)).json();
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-t]")) {
    const element = /** @type {HTMLElement} */ (one);
    element.dataset.english ??= element.textContent?.trim() ?? "";
    element.textContent = t(element.dataset.english);
  }
}

/** @param {string} english @param {Record<string, string | number>} [values] @returns {string} */
export function t(english, values = {}) {
  return (known[english] ?? english).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
