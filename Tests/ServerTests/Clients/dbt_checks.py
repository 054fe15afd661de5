"""dbt with its Trino adapter: a project of seeds, models of every materialization, tests and a snapshot, as an analyst runs it."""
import contextlib
import io
import json
import os
import tempfile

FOLDER = tempfile.TemporaryDirectory()
os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DBT_TARGET_PATH=FOLDER.name + "/target", DBT_LOG_PATH=FOLDER.name + "/logs")

import trino
from dbt.cli.main import dbtRunner

from checks import PORT, equal, run

FILES = {
    "dbt_project.yml": """
name: shop
version: "1.0"
config-version: 2
profile: shop
flags:
  send_anonymous_usage_stats: false
  use_colors: false
models:
  +persist_docs:
    relation: true
    columns: true
seeds:
  shop:
    countries:
      +column_types:
        population: bigint
""",
    "profiles.yml": f"""
shop:
  target: test
  outputs:
    test:
      type: trino
      method: none
      host: localhost
      port: {PORT}
      user: amal
      database: memory
      schema: shop
      threads: 3
""",
    "seeds/countries.csv": "code,name,population,founded\nEG,Egypt,104000000,1922-02-28\nMA,Morocco,37000000,1956-03-02\nXX,,,\n",
    "models/people.sql": "{{ config(materialized='table') }}\nSELECT code, name, population, founded FROM {{ ref('countries') }} WHERE population IS NOT NULL\n",
    "models/large.sql": "{{ config(materialized='view') }}\nSELECT code, population FROM {{ ref('people') }} WHERE population > 50000000\n",
    "models/guarded.sql": "{{ config(materialized='view', view_security='invoker') }}\nSELECT * FROM {{ ref('large') }}\n",
    "models/between.sql": "{{ config(materialized='ephemeral') }}\nSELECT code, length(name) AS letters FROM {{ ref('people') }}\n",
    "models/letters.sql": "{{ config(materialized='table') }}\nSELECT p.code, b.letters, l.population FROM {{ ref('people') }} p JOIN {{ ref('between') }} b ON b.code = p.code LEFT JOIN {{ ref('large') }} l ON l.code = p.code\n",
    "models/appended.sql": "{{ config(materialized='incremental') }}\nSELECT {{ var('day', 1) }} AS day, code FROM {{ ref('people') }}\n",
    "models/merged.sql": "{{ config(materialized='incremental', unique_key='code', incremental_strategy='merge') }}\nSELECT code, {{ var('day', 1) }} AS day FROM {{ ref('people') }}{% if is_incremental() %} WHERE code = 'EG' {% endif %}\n",
    "models/replaced.sql": "{{ config(materialized='incremental', unique_key='code', incremental_strategy='delete+insert') }}\nSELECT code, {{ var('day', 1) }} AS day FROM {{ ref('people') }}{% if is_incremental() %} WHERE code = 'MA' {% endif %}\n",
    "models/schema.yml": """
version: 2
models:
  - name: people
    description: "Countries with a known population: 'some' of them"
    columns:
      - name: code
        description: two letters
        data_tests: [unique, not_null]
      - name: name
        data_tests:
          - accepted_values:
              arguments:
                values: [Egypt, Morocco]
  - name: letters
    columns:
      - name: code
        data_tests:
          - relationships:
              arguments:
                to: ref('countries')
                field: code
""",
    "tests/no_empty_countries.sql": "SELECT * FROM {{ ref('people') }} WHERE population <= 0\n",
    "snapshots/history.sql": """
{% snapshot history %}
{{ config(target_schema='shop', unique_key='code', strategy='check', check_cols=['day']) }}
SELECT code, day FROM {{ ref('merged') }}
{% endsnapshot %}
""",
}

for name, text in FILES.items():
    path = os.path.join(FOLDER.name, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def dbt(*arguments, fails=False):
    """What dbt says; it must end as it should. Run in this process, since dbt takes seconds to load."""
    said = []
    runner = dbtRunner(callbacks=[lambda event: said.append(event.info.msg)])
    with contextlib.redirect_stdout(io.StringIO()):
        done = runner.invoke([*arguments, "--project-dir", FOLDER.name, "--profiles-dir", FOLDER.name])
    text = "\n".join(said)
    assert done.success != fails, text[-6000:] + repr(done.exception)
    return text


def rows(sql):
    cursor = trino.dbapi.connect(host="localhost", port=PORT, user="amal", catalog="memory", schema="shop").cursor()
    cursor.execute(sql)
    return [tuple(row) for row in cursor.fetchall()]


def check_a_project():
    """One project from its first day to its second; the steps need each other."""
    assert "All checks passed" in dbt("debug")
    dbt("seed")
    equal(rows("SELECT count(*), sum(population), max(founded) FROM countries")[0][:2], (3, 141000000))
    dbt("run")
    equal(rows("SELECT * FROM letters ORDER BY code"), [("EG", 5, 104000000), ("MA", 7, None)])
    equal(rows("SELECT code FROM guarded"), [("EG",)])
    equal(rows("SELECT table_type FROM information_schema.tables WHERE table_schema = 'shop' AND table_name IN ('large', 'people') ORDER BY table_name"), [("VIEW",), ("BASE TABLE",)])
    equal(rows("SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'memory' AND schema_name = 'shop' AND table_name = 'people'"), [("Countries with a known population: 'some' of them",)])
    equal(rows("SHOW COLUMNS FROM people LIKE 'code'")[0][3], "two letters")
    dbt("test")
    dbt("snapshot")
    # the second day
    dbt("run", "--vars", "day: 2")
    equal(rows("SELECT day, count(*) FROM appended GROUP BY day ORDER BY day"), [(1, 2), (2, 2)])
    equal(rows("SELECT code, day FROM merged ORDER BY code"), [("EG", 2), ("MA", 1)])
    equal(rows("SELECT code, day FROM replaced ORDER BY code"), [("EG", 1), ("MA", 2)])
    dbt("snapshot")
    equal(rows("SELECT code, day, dbt_valid_to IS NULL FROM history ORDER BY code, day"), [("EG", 1, False), ("EG", 2, True), ("MA", 1, True)])
    dbt("seed", "--full-refresh")
    dbt("run", "--full-refresh")
    equal(rows("SELECT count(*) FROM appended"), [(2,)])
    dbt("docs", "generate")
    with open(os.path.join(FOLDER.name, "target", "catalog.json")) as file:
        catalog = json.load(file)
    people = catalog["nodes"]["model.shop.people"]
    equal({name: column["type"] for name, column in people["columns"].items()}, {"code": "varchar", "name": "varchar", "population": "bigint", "founded": "date"})
    equal(people["metadata"]["comment"], "Countries with a known population: 'some' of them")


def check_what_is_wrong():
    path = os.path.join(FOLDER.name, "models", "wrong.sql")
    with open(path, "w") as file:
        file.write("SELECT 1 AS x,\n  nope FROM (VALUES 1) t (y)\n")
    said = dbt("run", "--select", "wrong", fails=True)
    os.remove(path)
    assert "COLUMN_NOT_FOUND" in said and "Column 'nope' cannot be resolved" in said, said


run(globals())
