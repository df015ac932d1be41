"""Serve the page's files on this machine alone, with the headers that a host should send."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from worksheets.errors import InputError

LOOPBACK = "127.0.0.1"
START = "index.html"
# Scripts, workers and data are the page's own; Python is WebAssembly. No other host is ever asked.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self' blob:; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' blob: data:; font-src 'self' data: blob:; frame-src blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


class Handler(SimpleHTTPRequestHandler):
    """Answer with a file and the headers, and write no log."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012 - as there

    def end_headers(self) -> None:
        """Add the headers to each answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: who asked for what is nobody's business."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of the page in a folder, at this port or any free one.

    Raises:
        InputError: if no page is there, or the port is taken.
    """
    if not (folder / START).is_file():
        raise InputError(f"{folder}: no page is there; `make page` makes it in out/page")
    try:
        return ThreadingHTTPServer((LOOPBACK, port), partial(Handler, directory=str(folder)))
    except OSError as error:
        raise InputError(f"port {port}: {error.strerror}") from None


def address(running: ThreadingHTTPServer) -> str:
    """Return the address at which a browser finds the page."""
    return f"http://{LOOPBACK}:{running.server_port}/"
