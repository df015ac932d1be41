// Runs a Python program in the page's own Pyodide: node pyodide.mjs PAGE PROGRAM
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [page, program] = process.argv.slice(2);
const SITE = "/lib/python3.12/site-packages";
const { loadPyodide } = await import(pathToFileURL(`${page}/pyodide/pyodide.mjs`).href);
try {
  const python = await loadPyodide({
    indexURL: `${page}/pyodide/`,
    env: { HOME: "/home/pyodide", WORKSHEETS_CACHE: "/cache" },
  });
  const unpack = (name) => {
    const content = new Uint8Array(readFileSync(`${page}/${name}`));
    python.unpackArchive(content, "zip", { extractDir: SITE });
  };
  ["numpy.zip", "program.zip"].forEach(unpack);
  python.registerJsModule("page_archives", { unpack });
  python.FS.rename(`${SITE}/cache`, "/cache");
  python.FS.chmod("/cache", 0o700);
  python.runPython(readFileSync(program, "utf-8"));
} catch (error) {
  process.stderr.write(String(error).slice(-4000));
  process.exitCode = 1;
}
