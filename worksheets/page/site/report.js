// Shows the class report, a page with styles of its own, within this one.
const STYLE = /<style>([^]*?)<\/style>/;

/** @param {HTMLElement} holder @param {string} html */
export function shown(holder, html) {
  const report = new DOMParser().parseFromString(html.replace(STYLE, ""), "text/html"); // nothing in it runs
  const styles = new CSSStyleSheet();
  const own = STYLE.exec(html)?.[1] ?? "";
  styles.replaceSync(own.replace(/^html /m, ":host ").replace(/\bbody \{/g, ".body {"));
  const body = document.createElement("div");
  body.className = "body";
  report.querySelector("h1")?.remove(); // the view says it
  body.append(...(report.querySelector("main") ?? report.body).childNodes);
  for (const wide of body.querySelectorAll(".wide")) wide.setAttribute("tabindex", "0"); // to be scrolled by keys
  const root = holder.shadowRoot ?? holder.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [styles];
  root.replaceChildren(body);
  holder.lang = report.documentElement.lang;
}
