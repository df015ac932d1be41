"""A browser's tab without a window, whose only network is this machine."""

import asyncio
import base64
import json
import subprocess
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from chromium import LARGEST, PATIENCE, PROGRAM, close
from tornado.websocket import websocket_connect

CUT = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class Tab:
    """What somebody sees and does in a tab; every request that it makes is noted."""

    def __init__(self, loop, socket):
        self.loop, self.socket, self.numbers, self.session = loop, socket, count(1), None
        self.requests, self.said = [], []

    def send(self, method, **parameters):
        return self.loop.run_until_complete(self._send(method, parameters))

    async def _send(self, method, parameters):
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        await self.socket.write_message(json.dumps(command))
        while True:
            text = await asyncio.wait_for(self.socket.read_message(), 4 * PATIENCE)
            answer = json.loads(text)
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def _note(self, event):
        given = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.said.append(given["exceptionDetails"]["exception"].get("description"))
        elif event.get("method") == "Log.entryAdded" and given["entry"]["level"] == "error":
            self.said.append(f"{given['entry']['text']} {given['entry'].get('url', '')}")

    def open(self, address):
        self.send("Page.navigate", url=address)

    def size(self, width, height, scale=1):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 500,
        )

    def value(self, script):
        """What an expression, or what it promises, comes to."""
        found = self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, script, patience=3 * PATIENCE):
        """The value, once it is true; the page is asked again and again."""
        for _ in range(10 * patience):
            found = self.send("Runtime.evaluate", expression=script, returnByValue=True)
            if found["result"].get("value") and "exceptionDetails" not in found:
                return found["result"]["value"]
            self.loop.run_until_complete(asyncio.sleep(0.1))
        raise TimeoutError(f"{script}\n{self.said}\n{self.value('document.body.innerText')[-500:]}")

    def picture(self, path, whole=True):
        if whole:
            box = self.send("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": box["width"], "height": box["height"], "scale": 1}
            made = self.send("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        else:
            made = self.send("Page.captureScreenshot")
        path.write_bytes(base64.b64decode(made["data"]))

    def give(self, selector, *paths):
        """Choose files in an input."""
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[str(one) for one in paths])

    def type(self, text):
        self.send("Input.insertText", text=text)

    def press(self, key, code=0, text=""):
        more = {"text": text} if text else {}
        for event in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent", type=event, key=key, windowsVirtualKeyCode=code, **more
            )
            more = {}


async def _connected(said):
    """A connection to the browser, once it has said in that file where it listens."""
    for _ in range(10 * PATIENCE):
        if said.exists() and len(lines := said.read_text().split()) == 2:
            address = f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            return await websocket_connect(address, max_message_size=LARGEST)
        await asyncio.sleep(0.1)
    raise TimeoutError(said)


@contextmanager
def tab(folder, *flags):
    """A tab of a browser of its own, which keeps what it keeps in the folder."""
    said = Path(folder) / "DevToolsActivePort"
    said.unlink(missing_ok=True)  # of the browser before
    program = subprocess.Popen(
        [
            str(PROGRAM),
            "--headless=new",
            "--no-sandbox",  # which a container does not allow
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--remote-debugging-port=0",
            f"--host-resolver-rules={CUT}",
            f"--user-data-dir={folder}",
            *flags,
            "about:blank",
        ],
        stderr=subprocess.DEVNULL,
    )
    loop = asyncio.new_event_loop()
    with program:
        try:
            socket = loop.run_until_complete(_connected(said))
            made = Tab(loop, socket)
            target = next(
                one["targetId"]
                for one in made.send("Target.getTargets")["targetInfos"]
                if one["type"] == "page"
            )
            attached = made.send("Target.attachToTarget", targetId=target, flatten=True)
            made.session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
                made.send(f"{domain}.enable")
            made.send("Emulation.setFocusEmulationEnabled", enabled=True)
            yield made
            made.session = None
            made.send("Browser.close")  # so that all is written that it keeps
            loop.run_until_complete(close(socket))
            program.wait(PATIENCE)
        finally:
            program.kill()
            loop.close()
