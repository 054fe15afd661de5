"""A headless Chromium on the server's page, and the few steps that the checks are made of."""
import os
import pathlib
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PORT = int(sys.argv[1])
URL = f"http://localhost:{PORT}"
ARTEFACTS = pathlib.Path(sys.argv[2])
PATIENCE = 30


def open_browser():
    options = Options()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--window-size=1360,1000"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(ARTEFACTS)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")))
    return Browser(driver)


class Browser:
    def __init__(self, driver):
        self.driver = driver

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.until(lambda: self.all(selector), f"no {selector}")[0]

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def texts(self, selector):
        # in one step: the page may be redrawn between two
        return self.script("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector)

    def text(self, selector):
        return self.until(lambda: self.texts(selector), f"no {selector}")[0]

    def until(self, holds, what):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = holds()
                if answer:
                    return answer
            except Exception as error:
                if time.monotonic() > deadline:
                    raise
                what_else = error
            if time.monotonic() > deadline:
                self.shoot("failed")
                raise AssertionError(what() if callable(what) else what)
            time.sleep(0.05)

    def go(self, place):
        """A page of its own: nothing of the one before is left."""
        self.driver.get("about:blank")
        self.driver.get(f"{URL}/ui/#/{place}")
        self.until(lambda: self.script("return document.querySelector('main')?.childElementCount > 0"), f"nothing at {place}")

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def click(self, selector):
        # as a person does, at its place; again where the page was redrawn meanwhile
        def clicked():
            self.one(selector).click()
            return True

        self.until(clicked, f"cannot click {selector}")

    def write(self, text):
        """Into the editor, in place of what is there; without completions."""
        area = self.one("#sql")
        area.send_keys(Keys.CONTROL, "a")
        self.script("document.execCommand('insertText', false, arguments[0])", text)
        return area

    def run(self, text):
        self.go("editor")
        self.write(text)
        self.press(Keys.CONTROL, Keys.ENTER)
        self.script("document.activeElement.blur()")

    def state(self):
        return self.texts(".run-state .badge")[:1]

    def finished(self):
        self.until(lambda: self.state() and self.state()[0] in ("finished", "failed", "canceled", "paused"), lambda: f"still {self.state()}")
        return self.state()[0]

    def column(self, index):
        return self.script(
            "return [...document.querySelectorAll('.grid tbody tr[data-row]')].map((r) => r.cells[arguments[0] + 1].textContent)", index)

    def shoot(self, name):
        self.driver.save_screenshot(str(ARTEFACTS / f"{name}.png"))

    def size(self, width, height, is_phone=False):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 2 if is_phone else 1, "mobile": is_phone})

    def theme(self, name):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def complaints(self):
        """What the browser's console holds against the page, but for the answers that a check asked for."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
