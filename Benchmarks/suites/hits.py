"""Makes `hits`, a table of the shape that ClickBench's 43 queries read, from nothing but row numbers.

ClickBench's own table is 100 million page views of a Russian web counter in 105 columns. This one has 10 million rows by default and 41
columns: those that the queries name, with about the cardinalities and the skew that they have in a tenth of the original, and a few more
so that `SELECT *` has something to fetch. Rows lie as there: by counter, then day, visits of a user together.

    UserID 1.5 million, URL 2.7 million, Title and Referer 2 and 2.9 million, RegionID 9 thousand, CounterID 6.5 thousand values
    SearchPhrase empty in 85 %, half a million phrases; MobilePhoneModel empty in 94 %; AdvEngineID 0 in 99 %
    'google' in 1 of 5,000 URLs; CounterID 62, which seven queries ask for, has 0.7 % of the rows

Every value is a function of the row's number, by DuckDB's `hash`: one DuckDB version makes the same file every time.
"""

import os
import sys
import time

ROWS = 10_000_000
COUNTERS = 6_500
ROW_GROUP = 122_880

WORDS = (
    "авто адрес анекдоты банк бесплатно большие весна вконтакте видео вода время год город группа дача деньги дети дом доставка друзья "
    "желтый журнал завод зима игры играть карта квартира киев кино книги компьютер концерт кот кредит купить курс лето лучшие магазин машина "
    "мебель минск мир мода москва музыка мультики на найти недорого новости новый ноутбук обои одежда онлайн опт отдых отзывы официальный "
    "парк петербург платья погода под покупка почта праздник продажа работа ремонт рецепты россия самара своими руками сайт сад сезон серия "
    "скачать смотреть спорт стихи стоимость строить схема такси текст телефон тест товары трансляция турция тюмень услуги установка фильм "
    "фото футбол хоккей цветы цена чай чемпионат шины школа экзамен экран электро юг язык яндекс ярмарка album android anime audi avito best "
    "blog bmw buy chat club data disk download drive file film forum free ford game garden gif hd home honda house icq info iphone job jpg "
    "kia lada linux list live mail map mazda mini mp3 music news nissan nokia online opel open page photo play price radio rock room samsung "
    "sale search shop show site skoda soft sony sport star store style tango team test torrent toyota track travel tv update user video vista "
    "volvo vw wallpaper water weather web windows wiki world xbox zip zoom"
).split()
MODELS = (
    "iPad iPhone GT-I9300 GT-I9100 GT-S5830 GT-N7100 GT-P5100 Nexus HTC-One HTC-Desire Lumia-920 Lumia-800 Xperia-Z Xperia-S MI-2 Optimus "
    "Galaxy-Tab A500 A700 IdeaTab MediaPad U8950 Fly-IQ442 LG-E400 LG-P500 C6603 ST25i ST26i LT22i MT27i X10i 5228 5230 5530 5800 6120 6300 N8 N73 "
    "E52 E63 C5 C7 X2 X3"
).split()


def literal(words):
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


MACROS = f"""
-- A number below n, a number in [0, 1), and a rank from 1 to n with Zipf's law (every power of ten as likely as the next), by row and purpose.
CREATE MACRO pick(i, purpose, n) AS (hash(64 * i::BIGINT + purpose) % n)::BIGINT;
CREATE MACRO part(i, purpose) AS (hash(64 * i::BIGINT + purpose) >> 11)::DOUBLE / 9007199254740992;
CREATE MACRO zipf(i, purpose, n) AS floor(pow(n + 1, part(i, purpose)))::BIGINT;
CREATE MACRO wide(i, purpose) AS (hash(64 * i::BIGINT + purpose) >> 1)::BIGINT;
CREATE MACRO word(k) AS {literal(WORDS)}[1 + k % {len(WORDS)}];
CREATE MACRO latin(k) AS {literal([word for word in WORDS if word.isascii()])}[1 + k % {sum(word.isascii() for word in WORDS)}];
CREATE MACRO words(k) AS word(k) || ' ' || word(k // {len(WORDS)} + 7 * k) || CASE WHEN k > {len(WORDS)} THEN ' ' || word(k // 3) ELSE '' END
  || CASE WHEN k > 30000 THEN ' ' || k::VARCHAR ELSE '' END;
CREATE MACRO host(k) AS CASE WHEN k % 5 = 0 THEN 'www.' ELSE '' END || ['auto', 'news', 'kino', 'shop', 'irr', 'mail', 'forum', 'video'][1 + k % 8]
  || '-' || k::VARCHAR || ['.ru', '.ru', '.com', '.ua', '.kz', '.net'][1 + k % 6];
CREATE MACRO address(site, page) AS 'http://' || host(site) || ['/index', '/catalog', '/news', '/forum/topic', '/photo', '/film/id', '/real-estate/search'][1 + page % 7]
  || '/' || latin(page) || '-' || latin(page // 5) || '-' || latin(page // 77) || '/' || (page * 7919 % 1000003)::VARCHAR || ['.html', '', '/', '.php'][1 + page % 4];
"""

# The counters with their shares, in the order of their numbers: where each begins in the table.
COUNTER_TABLE = """
CREATE TEMP TABLE places AS
WITH ranked AS (SELECT k, CASE WHEN k = 16 THEN 62 ELSE 100 + k * 40503 % 65537 END AS counter, ln(1 + 1.0 / k) / ln({counters} + 1) AS share FROM range(1, {counters} + 1) t (k)),
bounds AS (SELECT counter, round({rows} * sum(share) OVER (ORDER BY counter))::BIGINT AS past FROM ranked),
spans AS (SELECT counter, past, coalesce(lag(past) OVER (ORDER BY counter), 0) AS first FROM bounds)
SELECT counter, first, past - first AS length, unnest(range(first, past)) AS i FROM spans ORDER BY counter, i
"""

# A visit is four rows in turn; its user, and what the user has, follow from the visit's number.
TABLE = """
WITH visits AS (
  SELECT i, counter, (31 * (i - first) // length)::INTEGER AS day, i // 4 AS visit, floor(2600000 * pow(part(i // 4, 1), 1.3))::BIGINT AS person,
    zipf(i, 2, 3000) AS page, part(i, 3) AS chance, part(i, 4) AS fate FROM places
), pages AS (
  SELECT *, pick(person, 5, 1000) AS kind, fate < 0.15 AS searched, zipf(i, 6, 10000000) AS phrase,
    address(counter, page) || CASE WHEN chance < 0.0002 THEN '?from=google' WHEN chance < 0.06 THEN '?id=' || pick(i, 7, 1000000)::VARCHAR || '&sort=price' ELSE '' END AS url,
    CASE WHEN searched THEN CASE WHEN pick(i, 8, 10) < 6 THEN 'http://yandex.ru/yandsearch?text=' ELSE 'http://www.google.ru/search?q=' END || phrase::VARCHAR
        || '&lr=' || pick(person, 9, 300)::VARCHAR
      WHEN fate < 0.34 THEN '' WHEN fate < 0.75 THEN address(counter, zipf(i, 10, 3000))
      ELSE address(zipf(i, 11, 200000), zipf(i, 12, 30)) END AS referer FROM visits
)
SELECT wide(i, 20) AS "WatchID", (pick(person, 21, 10) < 8)::SMALLINT AS "JavaEnable",
  CASE WHEN chance >= 0.85 THEN '' ELSE words(page * 31 + counter % 97) || ' ' || word(page // 3) || ' - ' || words(counter % 4001)
    || CASE WHEN page % 900 = 777 THEN ' Google' ELSE '' END || ' | ' || word(counter) || ' ' || host(counter) END AS "Title",
  1::SMALLINT AS "GoodEvent",
  TIMESTAMP '2013-07-01 00:00:00' + to_seconds(86400 * day + least(86399, pick(visit, 22, 86000) + (i % 4) * pick(visit, 23, 120))) AS "EventTime",
  DATE '2013-07-01' + day AS "EventDate", counter::INTEGER AS "CounterID", ((hash(4 * person + pick(visit, 24, 3)) % 4294960000)::BIGINT - 2147480000)::INTEGER AS "ClientIP",
  zipf(person, 25, 9040)::INTEGER AS "RegionID", CASE WHEN person = 4711 THEN 435090932899640449 ELSE wide(person, 26) END AS "UserID", (counter % 3)::SMALLINT AS "CounterClass",
  zipf(person, 27, 90)::SMALLINT AS "OS", zipf(person, 28, 80)::SMALLINT AS "UserAgent", url AS "URL", referer AS "Referer", (fate > 0.9)::SMALLINT AS "IsRefresh",
  zipf(i, 29, 20000)::SMALLINT AS "RefererCategoryID", zipf(counter, 30, 15000)::SMALLINT AS "URLCategoryID",
  [1366, 1920, 1280, 1024, 1440, 1600, 1680, 1360, 800, 320, 768, 0][zipf(person, 31, 12)]::SMALLINT AS "ResolutionWidth",
  [768, 1080, 1024, 768, 900, 900, 1050, 768, 600, 480, 1024, 0][zipf(person, 31, 12)]::SMALLINT AS "ResolutionHeight",
  CASE WHEN kind < 940 THEN 0 ELSE 1 + kind % 44 END::SMALLINT AS "MobilePhone",
  CASE WHEN kind < 940 THEN '' WHEN kind < 990 THEN {models}[zipf(person, 32, {model_count})] ELSE 'M-' || zipf(person, 33, 120)::VARCHAR END AS "MobilePhoneModel",
  (zipf(person, 34, 400) - 1)::SMALLINT AS "FlashMinor", [11, 11, 10, 9, 0][1 + pick(person, 35, 5)]::SMALLINT AS "FlashMajor",
  (400 + pick(person, 36, 40) * 37)::SMALLINT AS "WindowClientWidth", (300 + pick(visit, 37, 300) * 3)::SMALLINT AS "WindowClientHeight",
  [-3, 4, 3, 2, 0, 6][zipf(person, 38, 6)]::SMALLINT AS "ClientTimeZone",
  CASE WHEN searched THEN 2 WHEN fate < 0.34 THEN 0 WHEN fate < 0.75 THEN -1 ELSE [1, 6, 3, 5, 4, 7, 8][zipf(i, 39, 7)] END::SMALLINT AS "TraficSourceID",
  CASE WHEN searched THEN CASE WHEN pick(i, 8, 10) < 6 THEN 2 ELSE 1 + zipf(i, 40, 90) END WHEN fate > 0.99 THEN 3 ELSE 0 END::SMALLINT AS "SearchEngineID",
  CASE WHEN searched THEN words(phrase) ELSE '' END AS "SearchPhrase", CASE WHEN pick(i, 41, 10000) < 63 THEN 1 + zipf(i, 42, 60) ELSE 0 END::SMALLINT AS "AdvEngineID",
  (pick(i, 43, 100) < 9)::SMALLINT AS "IsLink", (pick(i, 44, 1000) < 2)::SMALLINT AS "IsDownload", (pick(i, 45, 100) < 2)::SMALLINT AS "DontCountHits",
  (CASE WHEN kind < 300 THEN 16 + kind % 50 ELSE 0 END)::SMALLINT AS "Age", (kind % 3)::SMALLINT AS "Sex", ['ru', 'ru', 'uk', 'en', 'kk', 'be'][zipf(person, 46, 6)] AS "BrowserLanguage",
  (pick(i, 47, 4294967296) - 2147483648)::INTEGER AS "HID", pick(i, 48, 3000)::INTEGER AS "ResponseStartTiming",
  CASE WHEN counter = 62 AND fate BETWEEN 0.70 AND 0.78 THEN 3594120000172545465 ELSE (hash(referer) >> 1)::BIGINT END AS "RefererHash",
  CASE WHEN counter = 62 AND page <= 2 THEN 2868770270353813622 ELSE (hash(url) >> 1)::BIGINT END AS "URLHash"
FROM pages
"""


def make(path, rows):
    """The Parquet file, unless it is there. It is written under another name first, so that a run that was stopped leaves none."""
    if path.exists():
        return
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    partial, began = path.with_suffix(".partial"), time.monotonic()
    print(f"bench: making {rows:,} rows of hits", file=sys.stderr)
    connection = duckdb.connect(config={"threads": os.cpu_count() or 2})
    connection.execute(MACROS)
    connection.execute(COUNTER_TABLE.format(rows=rows, counters=COUNTERS))
    table = TABLE.format(models=literal(MODELS), model_count=len(MODELS))
    connection.execute(f"COPY ({table}) TO '{partial}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP})")
    partial.rename(path)
    print(f"bench: hits took {time.monotonic() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
