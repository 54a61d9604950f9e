# SPDX-License-Identifier: Apache-2.0
"""Chromium without a window, without a network and without a port: it is driven over a pipe by the
DevTools protocol. Used as: with Browser(directory) as browser: browser.open(path) ..."""

import base64
import fcntl
import json
import os
import shutil
import signal
import subprocess

# Nothing of these is asked for by a page: the browser itself would contact hosts.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-default-apps", "--disable-extensions", "--disable-domain-reliability",
         "--no-first-run", "--no-default-browser-check", "--no-pings", "--metrics-recording-only",
         "--disable-features=OptimizationHints,MediaRouter,Translate"]
LIMIT = 60  # seconds for an answer


def _pipe():
    """Ends that are not descriptors 3 and 4, which the browser's will be."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Browser:
    def __init__(self, home):
        to_read, self._commands = _pipe()
        self._answers, to_write = _pipe()
        # The protocol's pipes are descriptors 3 and 4 of the browser.
        command = ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write} {to_read}<&- {to_write}>&-', "bash"]
        chromium = shutil.which("chromium")
        options = ["--headless", "--remote-debugging-pipe", "--disable-gpu", "--hide-scrollbars",
                   "--disable-dev-shm-usage", "--no-zygote", f"--user-data-dir={home}", *QUIET]
        if os.geteuid() == 0:
            command = ["unshare", "-n", *command]
            options.append("--no-sandbox")
        self._process = subprocess.Popen(
            [*command, chromium, *options, "about:blank"], pass_fds=(to_read, to_write),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "HOME": home})
        os.close(to_read)
        os.close(to_write)
        self._id, self._buffer, self.session = 0, b"", None
        self.complaints = []  # what the page's console shows, and exceptions

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        os.close(self._commands)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._answers)

    def _message(self):
        while b"\0" not in self._buffer:
            signal.alarm(LIMIT)
            piece = os.read(self._answers, 1 << 20)
            signal.alarm(0)
            if not piece:
                raise EOFError("the browser ended")
            self._buffer += piece
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def _note(self, message):
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"])[:400])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(params["args"])[:400])
        elif method == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])

    def call(self, method, **params):
        self._id += 1
        request = {"id": self._id, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self._commands, json.dumps(request).encode() + b"\0")
        while True:
            message = self._message()
            if message.get("id") == self._id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._note(message)

    def _wait(self, method):
        while True:
            message = self._message()
            if message.get("method") == method:
                return
            self._note(message)

    def open(self, path):
        """A new page that shows the file."""
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self._wait("Page.loadEventFired")

    def script(self, on):
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def reload(self):
        self.call("Page.reload")
        self._wait("Page.loadEventFired")

    def show(self, width=1100, height=900, scheme="light", media="screen"):
        """A window of this width, dark or light, on a screen or on paper."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def ask(self, expression):
        """The value of a JavaScript expression, by way of JSON."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:600])
        return result["result"].get("value")

    def picture(self, path, whole=False):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
