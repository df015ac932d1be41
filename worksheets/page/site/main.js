// Starts the page: its language, its views, and Python behind them.
import { ClassView } from "./class.js";
import { MarkView } from "./mark.js";
import { start } from "./python.js";
import { keep, kept } from "./keep.js";
import { keepAll, watched } from "./offline.js";
import { SheetView } from "./sheet.js";
import { SolveView } from "./solve.js";
import { speak, t } from "./texts.js";

const STAGES = { core: "Python is loading.", program: "The program is loading.", ready: "Ready." };
const status = /** @type {HTMLElement} */ (document.getElementById("status"));
const language = /** @type {HTMLSelectElement} */ (document.getElementById("language"));

/** @type {string} */
let stage = "core";

function tell() {
  status.textContent = t(STAGES[/** @type {keyof typeof STAGES} */ (stage)] ?? "");
  document.documentElement.dataset.stage = stage; // for style, and for tests
}

const known = Array.from(language.options, (option) => option.value);
const wanted = kept("language") ?? navigator.language.slice(0, 2);
language.value = known.includes(wanted) ? wanted : "en";

watched().then((first) => {
  let alone = false; // whether it is known that the page works without a connection
  start((now, error) => {
    stage = now;
    tell();
    if (error) status.textContent = t("Something failed: {error}", { error });
    if (now !== "ready" || alone) return;
    alone = true;
    keepAll(() => {
      document.documentElement.dataset.kept = "all";
      if (first) status.textContent = t("Ready, and from now on without a connection too.");
    });
  });
});

const sheet = new SheetView();
const classes = new ClassView();
const solve = new SolveView();
const mark = new MarkView();

/** @type {(kind: string, level: number) => void} */
solve.go = (kind, level) => {
  location.hash = "#sheet";
  turn(); // at once, so that what comes next can be focused
  sheet.choose({ kind, level });
  document.getElementById("solve-this")?.focus();
};
document.getElementById("solve-this")?.addEventListener("click", () => {
  location.hash = "#solve";
  solve.begin(sheet.id.value, sheet.page());
});
document.getElementById("for-class")?.addEventListener("click", () => {
  location.hash = "#class";
  turn(); // at once, so that its first field can be focused
  classes.begin(sheet);
});
const views = Array.from(document.querySelectorAll("main > section"));

/** Show the view that the address names, the first if it names none. */
function turn() {
  const named = location.hash.slice(1);
  const shown = views.find((one) => one.id === named) ?? views[0];
  for (const one of views) /** @type {HTMLElement} */ (one).hidden = one !== shown;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${shown.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (stage === "ready") tell(); // what was said last is of another view
  if (shown.id === "sheet") sheet.redraw();
  if (shown.id === "solve") solve.show();
}
addEventListener("hashchange", turn);
turn();

async function spoken() {
  await speak(language.value);
  document.title = t("Worksheets");
  tell();
  const data = await (await fetch(`data/ladder-${language.value}.json`)).json();
  classes.speak(language.value, data);
  mark.speak();
  solve.data = data;
  await sheet.speak(language.value, data);
}

language.addEventListener("change", () => {
  keep("language", language.value);
  spoken();
});
spoken();
