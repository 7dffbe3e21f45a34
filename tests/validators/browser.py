#!/usr/bin/env python3
"""Opens the pages that make.py has written in Chromium: browser.py OUT. Writes screenshots to OUT, to be looked at."""

import json
import pathlib
import sys
import time

from selenium import webdriver
from selenium.webdriver.common.by import By

from expect import end, expect

NAMES = ["tree", "history", "message", "incomplete", "nothing", "many"]
SHAPES = {"desk": (1400, 1000, False), "phone": (390, 844, False), "dark": (1400, 1000, True), "phone-dark": (390, 844, True)}


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    for shape, (width, height, is_dark) in SHAPES.items():
        driver = started(width, height, is_dark)
        try:
            for name in NAMES:
                if shape == "desk" or name in ["history", "nothing"]:
                    look_at(driver, out, name, shape)
        finally:
            driver.quit()
    end()


def started(width, height, is_dark):
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options)
    # A window is no narrower than 500 pixels; what it emulates may be.
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    return driver


def look_at(driver, out, name, shape):
    def holds(what, is_so):
        expect(is_so, f"{name} ({shape}): {what}")

    def rows():
        return len(driver.find_elements(By.CSS_SELECTOR, "#rows > li > details"))

    lines = (out / f"{name}.jsonl").read_text().splitlines()
    findings = sum(json.loads(line)["type"] == "finding" for line in lines)
    begun = time.monotonic()
    driver.get((out / f"{name}.html").as_uri())
    loaded = time.monotonic() - begun
    holds("its title is its own", driver.title == "keysieve report")
    holds(f"{rows()} rows of {findings} findings", rows() == min(findings, 100))
    wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    holds(f"nothing is wider than the screen ({wide} pixels)", wide <= 0)
    driver.save_screenshot(str(out / f"{name}-{shape}.png"))
    searched = 0.0
    if findings:
        card = driver.find_element(By.CSS_SELECTOR, "#rows summary")
        card.click()
        time.sleep(0.2)
        holds("a card opens", bool(driver.find_elements(By.CSS_SELECTOR, "#rows .body")))
        wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        holds(f"nothing in an open card is wider than the screen ({wide} pixels)", wide <= 0)
        driver.save_screenshot(str(out / f"{name}-{shape}-open.png"))
        search = driver.find_element(By.ID, "search")
        begun = time.monotonic()
        search.send_keys("no such thing")
        searched = time.monotonic() - begun
        holds("a search for nothing finds none", rows() == 0)
        driver.find_element(By.ID, "reset").click()
        holds("a reset brings all back", rows() == min(findings, 100))
    holds("its unread parts are listed", driver.find_element(By.ID, "unread").is_displayed() == (name == "incomplete"))
    # Directions of text are shown, and not obeyed.
    text = driver.find_element(By.TAG_NAME, "body").text
    holds("no character turns the text round", not any(mark in text for mark in "\u202e\u2066\u2069"))
    says = [entry["message"] for entry in driver.get_log("browser")]
    holds(f"the console is silent: {says[:3]}", not says)
    asked = requests(driver)
    holds(f"it asks the network for nothing: {asked[:3]}", not asked)
    print(f"{name} ({shape}): {findings} findings, loaded in {loaded:.2f} s, searched in {searched:.2f} s")


def requests(driver):
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    sent = (message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent")
    return [url for url in sent if not url.startswith(("file:", "data:"))]


if __name__ == "__main__":
    main()
