"""Chromium's own PDF viewer, without a window: somebody clicks, types and saves."""

import asyncio
import base64
import json
import shutil
import subprocess
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tornado.websocket import websocket_connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
VIEWER = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/"
PATIENCE = 60
LARGEST = 100_000_000
# Where the first page is, and what the document would be saved as.
PAGE = """(() => {
    const viewer = document.querySelector("pdf-viewer");
    const area = viewer.shadowRoot.querySelector("#content").getBoundingClientRect();
    const page = viewer.viewport.getPageScreenRect(0);
    return [area.x + page.x, area.y + page.y, page.width, page.height];
})()"""
SAVED = """(async () => {
    const viewer = document.querySelector("pdf-viewer");
    const bytes = new Uint8Array((await viewer.currentController.save("EDITED")).dataToSave);
    return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
})()"""


def typed(path: Path, place: tuple[float, float], texts: list[str], folder: Path) -> bytes:
    """The PDF after a click there, as shares of the first page, and texts with a Tab after each."""
    with _browser(folder) as address:
        return asyncio.run(_typed(address, path, place, texts))


@contextmanager
def _browser(folder: Path):
    """The address at which a browser of its own takes commands."""
    program = subprocess.Popen(
        [
            str(PROGRAM),
            "--headless=new",
            "--no-sandbox",  # which a container does not allow
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            "--window-size=1200,1500",
            f"--user-data-dir={folder}",
            "about:blank",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        try:
            said = next(line for line in program.stderr if "DevTools listening on" in line)
            yield said.split()[-1]
        finally:
            program.kill()


class _Session:
    """A connection for commands, each of which waits for its answer."""

    def __init__(self, socket):
        self.socket, self.numbers, self.page = socket, count(1), None

    async def send(self, method, session=None, **parameters):
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        if session:
            command["sessionId"] = session
        await self.socket.write_message(json.dumps(command))
        while True:
            answer = json.loads(await asyncio.wait_for(self.socket.read_message(), PATIENCE))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    async def attached(self, start):
        """A session with the first target whose address starts so, once there is one."""
        for _ in range(10 * PATIENCE):
            found = await self.send("Target.getTargets", filter=[{}])
            for one in found["targetInfos"]:
                if one["url"].startswith(start) and one["type"] in {"page", "iframe"}:
                    target = one["targetId"]
                    made = await self.send("Target.attachToTarget", targetId=target, flatten=True)
                    return made["sessionId"]
            await asyncio.sleep(0.1)
        raise TimeoutError(start)

    async def value(self, session, script):
        """What a script gives, once it gives something."""
        for _ in range(10 * PATIENCE):
            found = await self.send(
                "Runtime.evaluate",
                session,
                expression=script,
                awaitPromise=True,
                returnByValue=True,
            )
            if "exceptionDetails" not in found:
                return found["result"]["value"]
            await asyncio.sleep(0.1)
        raise TimeoutError(found["exceptionDetails"])


async def close(socket):
    """Close a connection, and read on until the other side has closed it, so that none stays."""
    socket.close()
    while await asyncio.wait_for(socket.read_message(), PATIENCE) is not None:
        pass


async def _typed(address, path, place, texts):
    socket = await websocket_connect(address, max_message_size=LARGEST)
    browser = _Session(socket)
    page = await browser.attached("about:blank")
    await browser.send("Page.navigate", page, url=path.as_uri())
    viewer = await browser.attached(VIEWER)
    await browser.value(viewer, "document.querySelector('pdf-viewer').loadProgress_ === 100 || x")
    left, top, width, height = await browser.value(viewer, PAGE)
    where = {"x": left + place[0] * width, "y": top + place[1] * height, "clickCount": 1}
    for event in ("mouseMoved", "mousePressed", "mouseReleased"):
        button = "none" if event == "mouseMoved" else "left"
        await browser.send("Input.dispatchMouseEvent", page, type=event, button=button, **where)
    tab = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    for text in texts:
        for sign in text:
            await browser.send("Input.dispatchKeyEvent", page, type="char", text=sign)
        for event in ("rawKeyDown", "keyUp"):
            await browser.send("Input.dispatchKeyEvent", page, type=event, **tab)
    saved = await browser.value(viewer, SAVED)
    await close(socket)
    return base64.b64decode(saved)
