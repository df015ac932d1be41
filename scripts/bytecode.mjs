// Compiles what the page has in Python, by the page's own Python: node bytecode.mjs PAGE ARCHIVE...
// A module is then one file, .pyc, and no browser compiles it anew at every start.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const COMPILED = `
import ast
from importlib.util import MAGIC_NUMBER
from io import BytesIO
from marshal import dumps
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
HEAD = MAGIC_NUMBER + bytes(12)  # of no time: the source it would be compared with is not there

def undocumented(content):
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False):
            node.body[0].value.value = ""  # not None, as numpy takes texts alone
    return tree

def compiled(archive):
    made = BytesIO()
    with ZipFile(BytesIO(archive.to_bytes())) as sources, ZipFile(made, "w") as target:
        for name in sources.namelist():
            content = sources.read(name)
            if name.endswith(".py"):
                code = compile(undocumented(content), name, "exec", dont_inherit=True)
                name, content = f"{name}c", HEAD + dumps(code)
            target.writestr(ZipInfo(name), content, ZIP_DEFLATED, 9)  # of 1980
    return made.getvalue()

compiled
`;
const [page, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${page}/pyodide/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: `${page}/pyodide/` });
const compiled = python.runPython(COMPILED);
for (const name of archives) {
  const path = `${page}/${name}`;
  writeFileSync(path, compiled(new Uint8Array(readFileSync(path))).toJs());
}
