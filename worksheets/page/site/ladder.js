// Draws the ladder as a picture of which each box is a button.

const SVG = "http://www.w3.org/2000/svg";
const SCALE = 0.26; // rem a millimetre, in which letters are as large as the page's

/** @param {string} name @param {Record<string, string | number>} attributes @param {(Node | string)[]} kids */
function element(name, attributes, ...kids) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...kids);
  return made;
}

/** @param {number[][]} points */
function curve(points) {
  const [first, ...rest] = points;
  let before = first;
  let path = `M${first}`;
  for (const point of rest) {
    path += `C${before[0]} ${before[1] - 5} ${point[0]} ${point[1] + 5} ${point}`;
    before = point;
  }
  return path;
}

/** Mark the box of a kind as the chosen one, which keys come to. @param {ParentNode} holder @param {string} name */
export function mark(holder, name) {
  for (const box of holder.querySelectorAll("[data-kind]")) {
    const is = /** @type {SVGElement} */ (box).dataset.kind === name;
    box.setAttribute("aria-checked", String(is));
    box.setAttribute("tabindex", is ? "0" : "-1");
  }
}

/** Where the picture is wider than what is seen of it, move the chosen box into the middle.
 * @param {HTMLElement} holder */
export function centred(holder) {
  const box = holder.querySelector('[aria-checked="true"]')?.getBoundingClientRect();
  const seen = holder.getBoundingClientRect();
  if (box) holder.scrollLeft += (box.left + box.right - seen.left - seen.right) / 2;
}

/** @param {any} data @param {string} chosen @param {(name: string) => void} choose */
export function ladder(data, chosen, choose) {
  const [width, height, wide, high, size] = data.size;
  const arrows = data.arrows.map((/** @type {number[][]} */ points) => element("path", { d: curve(points), class: "arrow" }));
  const boxes = data.kinds.map((/** @type {any} */ kind) => {
    const [x, y] = kind.box;
    const lines = kind.lines.map((/** @type {string} */ line, /** @type {number} */ place) =>
      element("text", { x: x + wide / 2, y: y + high / 2 + size * (0.35 + 1.2 * (place - (kind.lines.length - 1) / 2)), "font-size": size }, line),
    );
    const box = element("rect", { x, y, width: wide, height: high, rx: 2 });
    const button = element(
      "g",
      { role: "radio", "data-kind": kind.name, "aria-label": `${kind.title}: ${kind.summary}` },
      element("title", {}, kind.summary),
      box,
      ...lines,
    );
    button.addEventListener("click", () => pick(kind.name));
    return button;
  });
  const picture = element("svg", { viewBox: `-1 -1 ${width + 2} ${height + 2}`, role: "radiogroup" }, ...arrows, ...boxes);
  picture.style.setProperty("--own", `${(width + 2) * SCALE}rem`); // a few boxes do not grow to fill the room
  mark(picture, chosen);

  /** @param {string} name */
  function pick(name) {
    mark(picture, name);
    boxes.find((/** @type {SVGElement} */ box) => box.dataset.kind === name)?.focus();
    choose(name);
  }

  picture.addEventListener("keydown", (event) => {
    const key = /** @type {KeyboardEvent} */ (event).key;
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[key];
    const at = boxes.findIndex((/** @type {any} */ box) => box === document.activeElement);
    if (at < 0 || !(by || key === " " || key === "Enter")) return;
    event.preventDefault();
    pick(boxes[(at + (by ?? 0) + boxes.length) % boxes.length].dataset.kind);
  });
  return picture;
}
