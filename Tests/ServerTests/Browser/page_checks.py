"""Walks the page in the browser as a person does. Screenshots stay among the artefacts."""
import re
import sys
import time
import traceback
import urllib.request

from browser import ARTEFACTS, URL, Keys, open_browser

LINES = "SELECT l_returnflag, l_linestatus, sum(l_quantity) AS quantity, count(*) AS lines\nFROM field.main.lineitem\nGROUP BY 1, 2"
JOINED = (
    "SELECT c.c_mktsegment, count(*) AS orders, sum(o.o_totalprice) AS total\n"
    "FROM field.main.customer c JOIN lake.tpch.orders o ON o.o_custkey = c.c_custkey\n"
    "WHERE o.o_orderdate >= DATE '1996-01-01'\nGROUP BY c.c_mktsegment ORDER BY orders DESC"
)
BY_MONTH = (
    "SELECT date_trunc('month', o_orderdate) AS month, sum(o_totalprice) AS total, max(o_totalprice) * 100 AS most\n"
    "FROM lake.tpch.orders GROUP BY 1 ORDER BY 1"
)
# for a minute or so on any machine
ENDLESS = (
    "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y), UNNEST(sequence(1, 1000)) c (z)"
    " WHERE x * y + z % 7 = 3"
)
PAGES = ["", "queries", "editor", "workers", "groups"]


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def answer(path, **headers):
    request = urllib.request.Request(URL + path, headers=headers)
    try:
        return urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        return error


def check_files_are_served_with_care(browser):
    page = answer("/ui/")
    equal(page.headers["Content-Type"], "text/html; charset=utf-8")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy, policy
    html = page.read().decode()
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|style=", html), "inline script or style"
    names = set(re.findall(r'(?:src|href)="([\w.-]+\.\w+)"', html))
    assert {"main.js", "base.css", "icon.svg"} <= names
    seen = set()
    while names:
        name = names.pop()
        seen.add(name)
        file = answer(f"/ui/{name}")
        equal(file.status, 200)
        body = file.read().decode()
        kind = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}[name.split(".")[-1]]
        equal(file.headers["Content-Type"], kind)
        equal(file.headers["X-Content-Type-Options"], "nosniff")
        equal(answer(f"/ui/{name}", **{"If-None-Match": file.headers["ETag"]}).status, 304)
        if len(body) > 4096:
            equal(answer(f"/ui/{name}", **{"Accept-Encoding": "gzip"}).headers["Content-Encoding"], "gzip")
        # what makes markup of text has no place here
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", body), name
        assert "https://" not in body and not re.search(r"http://(?!www\.w3\.org/)", body), f"{name} refers to another place"
        names |= {found for found in re.findall(r"from '\./([\w.-]+)'", body)} - seen
    assert len(seen) > 20
    equal(answer("/ui/nothing.js").status, 404)
    equal(answer("/ui/../Server.swift").status, 404)


def check_a_query_runs_sorts_and_charts(browser):
    browser.run(LINES + " ORDER BY 4")
    equal(browser.finished(), "finished")
    equal(browser.texts(".grid thead .column-name"), ["l_returnflag", "l_linestatus", "quantity", "lines"])
    counts = [int(text) for text in browser.column(3)]
    assert len(counts) == 4 and counts == sorted(counts), counts
    heads = lambda: browser.script("return [...document.querySelectorAll('.grid th[aria-sort]')].map((h) => h.ariaSort)")
    browser.click(".grid th:nth-child(4) button")
    equal(heads(), ["none", "none", "ascending", "none"])
    quantities = [float(text) for text in browser.column(2)]
    equal(quantities, sorted(quantities))
    browser.click(".grid th:nth-child(4) button")
    equal(heads(), ["none", "none", "descending", "none"])
    equal([float(text) for text in browser.column(2)], sorted(quantities, reverse=True))
    browser.shoot("editor-sorted")
    browser.click("[data-tab=chart]")
    browser.until(lambda: len(browser.all(".chart svg rect")) >= 4, "no bars")
    browser.script("document.querySelector('.chart svg').scrollIntoView({block: 'end'})")
    browser.shoot("chart-bars")
    browser.run(BY_MONTH)
    equal(browser.finished(), "finished")
    browser.click("[data-tab=chart]")
    browser.one(".chart svg path.line")
    equal(browser.script("return document.querySelector('.chart select').value"), "line")
    browser.script("document.querySelector('.chart svg').scrollIntoView({block: 'end'})")
    browser.shoot("chart-lines")


def check_query_is_listed_and_its_plan_opens(browser):
    browser.run(JOINED)
    equal(browser.finished(), "finished")
    browser.go("queries")
    browser.until(lambda: browser.all(".query-card"), "no queries")
    browser.one("input[type=search]").send_keys("c_mktsegment")
    browser.until(lambda: all("c_mktsegment" in text for text in browser.texts(".query-text")) and browser.texts(".query-text"), "not found")
    assert "q=c_mktsegment" in browser.driver.current_url
    browser.shoot("queries-searched")
    browser.click(".query-id")
    browser.one(".plan .operator")
    browser.shoot("query")
    names = browser.script("return [...document.querySelectorAll('.operator')].map((o) => o.dataset.operator)")
    equal(names.count("TableScan"), 2)
    assert "InnerJoin" in names and any(name.startswith("Aggregate") for name in names), names
    rows = browser.script(
        "return [...document.querySelectorAll('[data-operator=TableScan] .figure-cell:nth-child(3)')].map((c) => c.textContent)")
    assert all(not text.startswith("0 ") for text in rows), rows
    sources = browser.text("#query-sources")
    assert "field: main.customer" in sources and "lake" in sources, sources
    assert "SELECT" in browser.text(".remote pre"), "no remote SQL"
    for part in ("queued", "planning", "running", "TableScan", "InnerJoin"):
        assert any(text.startswith(part) for text in browser.texts(".bar-name")), part
    browser.click(".plan [data-operator=InnerJoin] > summary")
    browser.script("document.querySelector('#query-plan').scrollIntoView()")
    browser.shoot("query-plan")


def check_a_running_query_is_seen_and_canceled(browser):
    browser.run(ENDLESS)
    browser.until(lambda: browser.state() == ["running"], "does not run")
    own = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.go("queries?state=running")
    browser.until(lambda: any("sequence(1, 10000)" in text for text in browser.texts(".query-text")), "not listed")
    browser.shoot("queries-running")
    browser.click(".query-id")
    browser.until(lambda: browser.texts(".query-title .badge") == ["running"], "not running")
    browser.until(lambda: browser.all(".plan .operator"), "no plan while it runs")
    grown = "return [...document.querySelectorAll('.figure-cell')].map((c) => c.textContent).join() + document.querySelector('.figures').textContent"
    before = browser.script(grown)
    browser.until(lambda: browser.script(grown) != before, "the plan does not live")
    browser.shoot("query-running")
    browser.go("")
    browser.until(lambda: any("sequence(1, 10000)" in text for text in browser.texts(".brief code")), "not on the overview")
    browser.shoot("overview-running")
    browser.driver.back()
    browser.go("queries?state=running")
    browser.click(".query-card button.danger")
    browser.until(lambda: not browser.all(".query-card"), "still running")
    browser.driver.close()
    browser.driver.switch_to.window(own)
    equal(browser.finished(), "canceled")
    # and by the editor's own button
    browser.run(ENDLESS)
    browser.until(lambda: browser.state() == ["running"], "does not run")
    browser.click("#cancel")
    equal(browser.finished(), "canceled")
    browser.click(".run-state a")
    browser.until(lambda: browser.texts(".query-title .badge") == ["canceled"], "not canceled on the server")


def check_errors_say_where(browser):
    browser.run("SELECT 1;\nSELECT nothing_such\nFROM lake.tpch.orders")
    equal(browser.finished(), "failed")
    assert "COLUMN_NOT_FOUND" in browser.text(".result .error-card")
    equal(browser.text(".code .sql-wrong"), "nothing_such")
    browser.shoot("editor-error")
    browser.click(".run-state a")
    assert "COLUMN_NOT_FOUND" in browser.text(".query-page .error-card")
    equal(browser.text("#query-text .sql-wrong"), "nothing_such")


def check_nothing_shown_becomes_markup(browser):
    evil = "<img src=x onerror=document.title=1><script>document.title=2</script>"
    browser.run(f"SELECT '{evil}' AS \"<b>{evil}</b>\", map(ARRAY['</td><i>'], ARRAY['&amp;']) AS m")
    equal(browser.finished(), "finished")
    equal(browser.column(0), [evil])
    equal(browser.column(1), ['{"</td><i>":"&amp;"}'])
    for place in ("queries", "editor", ""):
        browser.go(place)
        time.sleep(0.3)
        equal(browser.script("return document.querySelectorAll('main :is(img, script, b:not(.operator b), i:not(.bar i, .track i))').length"), 0)
        assert "minipresto" in browser.driver.title
    browser.run(f'SELECT "{evil}"')
    equal(browser.finished(), "failed")
    assert evil in browser.text(".result .error-card")


def check_values_are_exact(browser):
    browser.run(
        "SELECT 9223372036854775807 AS big, DECIMAL '12345678901234567890.123456789' AS d, CAST(NULL AS varchar) AS nothing, ''"
        " AS empty, 1e0 AS one, 'a,\"b\"' AS quoted")
    equal(browser.finished(), "finished")
    equal([browser.column(i)[0] for i in range(6)], ["9223372036854775807", "12345678901234567890.123456789", "NULL", "", "1.0", 'a,"b"'])
    identifier = browser.script("return document.querySelector('.run-state a').hash.split('/').pop()")
    files = {kind: ARTEFACTS / f"{identifier}.{kind}" for kind in ("csv", "json")}
    buttons = browser.all(".downloads button")
    for button, file in zip(buttons, files.values()):
        button.click()
        browser.until(file.exists, f"no {file.name}")
    equal(files["csv"].read_text().splitlines()[1], '9223372036854775807,12345678901234567890.123456789,,"",1.0,"a,""b"""')
    assert '"big": 9223372036854775807' in files["json"].read_text()
    for file in files.values():
        file.unlink()


def check_long_results_come_in_steps(browser):
    browser.run("SELECT x * 1000 + y AS id, 'row' AS name FROM UNNEST(sequence(0, 199)) a (x), UNNEST(sequence(0, 999)) b (y)")
    equal(browser.finished(), "paused")
    assert len(browser.all(".grid tbody tr")) < 100, "all rows are in the page"
    for _ in range(5):
        before = browser.text(".run-state")
        browser.click(".result > button")
        browser.until(lambda: browser.text(".run-state") != before and not browser.one("#run").get_attribute("disabled"), "no more rows come")
        if browser.finished() == "finished":
            break
    browser.until(lambda: "200,000 rows" in browser.text(".run-state"), lambda: browser.text(".run-state"))
    browser.one(".grid").click()
    browser.press(Keys.CONTROL, Keys.END)
    browser.until(lambda: browser.texts(".grid tr:has(.here) .number") == ["200000"], "the last row is not reached")


def check_completion_by_keyboard(browser):
    browser.go("editor")
    area = browser.write("")
    area.send_keys("SELECT * FROM lake.tpch.linei")
    browser.until(lambda: "lineitem" in "".join(browser.texts(".completions li")), "tables are not completed")
    browser.shoot("editor-completion")
    area.send_keys(Keys.ENTER)
    equal(browser.script("return arguments[0].value", area), "SELECT * FROM lake.tpch.lineitem")
    area.send_keys(" l WHERE l.l_ship")
    browser.until(lambda: [text for text in browser.texts(".completions li") if "l_shipdate" in text and "date" in text], "columns are not completed")
    area.send_keys(Keys.ESCAPE)
    equal(browser.script("return document.querySelector('.completions').hidden"), True)
    browser.write("")
    area.send_keys("sel")
    browser.until(lambda: any("SELECT" in text for text in browser.texts(".completions li")), "keywords are not completed")
    area.send_keys(Keys.TAB)
    equal(browser.script("return arguments[0].value", area), "SELECT")
    # without a list Tab leaves the field
    area.send_keys(Keys.TAB)
    assert browser.script("return document.activeElement !== arguments[0]", area), "Tab is caught"


def check_tree_history_and_session(browser):
    browser.run("USE lake.tpch")
    equal(browser.finished(), "finished")
    browser.until(lambda: browser.script("return [document.querySelector('#catalog').value, document.querySelector('#schema').value]") == ["lake", "tpch"], "USE has no effect")
    browser.run("SELECT count(*) AS n FROM nation")
    equal(browser.finished(), "finished")
    equal(browser.column(0), ["25"])
    browser.go("editor")
    browser.click("[data-tab=history]")
    assert any("FROM nation" in text for text in browser.texts(".history-text")), "not in the history"
    browser.click("[data-tab=catalogs]")
    for name in ("lake", "tpch", "nation"):
        path = f"//summary[span[@class='name' and .='{name}']]"
        browser.until(lambda: browser.driver.find_elements("xpath", path), f"no {name}")
        browser.driver.find_element("xpath", path).click()
    browser.until(lambda: any("n_name" in text for text in browser.texts(".tree .leaf")), "no columns")
    browser.shoot("editor-tree")


def check_every_control_has_a_name(browser):
    for place in PAGES:
        browser.go(place)
        time.sleep(0.4)
        nameless = browser.script("""
          return [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=img], [role=meter], [role=grid]')]
            .filter((e) => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.title))
            .map((e) => e.outerHTML.slice(0, 120))""")
        equal(nameless, [])
        equal(browser.script("return document.querySelectorAll('h1').length"), 1)


def check_keyboard_reaches_everything(browser):
    browser.go("queries")
    browser.until(lambda: browser.all(".query-card a"), "no queries")
    browser.press(Keys.TAB)
    equal(browser.script("return document.activeElement.className"), "skip")
    reached = set()
    for _ in range(40):
        browser.press(Keys.TAB)
        reached.add(browser.script("const e = document.activeElement; return e.type === 'search' ? 'search' : e.className.split(' ')[0] || e.tagName"))
    assert {"search", "chip", "SELECT", "query-id"} <= reached, reached


def look(browser, suffix):
    for place in PAGES:
        browser.go(place)
        time.sleep(2.3 if place == "" else 0.6)
        overflow = browser.script("return [document.documentElement.scrollWidth, innerWidth]")
        assert overflow[0] <= overflow[1], f"{place or 'overview'} is wider than the screen: {overflow}"
        browser.shoot(f"{place or 'overview'}-{suffix}")
    browser.run(JOINED)
    equal(browser.finished(), "finished")
    browser.shoot(f"editor-result-{suffix}")
    browser.click("[data-tab=chart]")
    browser.one(".chart svg rect")
    browser.script("document.querySelector('.chart svg').scrollIntoView({block: 'end'})")
    browser.shoot(f"chart-{suffix}")
    browser.click(".run-state a")
    browser.one(".plan .operator")
    overflow = browser.script("return [document.documentElement.scrollWidth, innerWidth]")
    assert overflow[0] <= overflow[1], f"the query's page is wider than the screen: {overflow}"
    browser.shoot(f"query-{suffix}")
    browser.script("document.querySelector('#query-timeline').scrollIntoView()")
    browser.shoot(f"query-plan-{suffix}")


def check_dark(browser):
    browser.theme("dark")
    look(browser, "dark")
    equal(browser.script("return getComputedStyle(document.documentElement).backgroundColor"), "rgb(16, 20, 27)")
    browser.theme("light")


def check_on_a_phone(browser):
    browser.size(390, 844, is_phone=True)
    look(browser, "phone")
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def main():
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[3:]
    failed = 0
    browser = open_browser()
    try:
        for name, check in list(globals().items()):
            if not name.startswith("check_") or (wanted and not any(part in name for part in wanted)):
                continue
            began = time.monotonic()
            try:
                check(browser)
                # a failed statement is no failed request: whatever the console holds against the page is an error of ours
                complaints = browser.complaints()
                assert not complaints, complaints
                print(f"passed {name} ({time.monotonic() - began:.1f} s)")
            except Exception:
                failed += 1
                print(f"FAILED {name}")
                traceback.print_exc(file=sys.stdout)
                browser.shoot(name)
                browser.complaints()
    finally:
        browser.driver.quit()
    if not failed:
        print("all well")
    return 1 if failed else 0


sys.exit(main())
