"""Times TPC-H in DuckDB (no control) and in PostgreSQL (row-level security, masking views); a JSON line a query.

Needs the packages duckdb and psycopg, and GONGSHU_BENCH_POSTGRES_URL. PostgreSQL answers as a role that owns nothing: rows
by a policy on each table, columns through views that mask addresses and telephone numbers.
"""

import json
import os
import pathlib
import statistics
import sys
import time

import duckdb
import psycopg

TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]
KEYS = {
    "region": ["r_regionkey"], "nation": ["n_nationkey"], "supplier": ["s_suppkey"], "customer": ["c_custkey"],
    "part": ["p_partkey"], "partsupp": ["ps_partkey", "ps_suppkey"], "orders": ["o_orderkey"],
    "lineitem": ["l_orderkey", "l_linenumber"],
}
INDEXES = ["lineitem (l_partkey, l_suppkey)", "lineitem (l_shipdate)", "orders (o_custkey)", "orders (o_orderdate)",
           "partsupp (ps_suppkey)", "customer (c_nationkey)", "supplier (s_nationkey)"]
MASKED = {"address": "'***'", "phone": "left({0}, 3) || '****'"}
TYPES = {"VARCHAR": "text", "BIGINT": "bigint", "DATE": "date", "DECIMAL(15,2)": "numeric(15,2)"}
ROUNDS = 3
TIMEOUT_SECONDS = 60


def tell(peer, query, seconds):
    print(json.dumps({"peer": peer, "query": query, "seconds": seconds}), flush=True)


def queries(folder):
    files = sorted(folder.glob("Q*.sql"), key=lambda file: int(file.stem[1:]))
    return [(file.stem, file.read_text()) for file in files]


def time_all(peer, folder, run):
    for name, sql in queries(folder):
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            if not run(sql):
                break
            times.append(time.perf_counter() - begun)
        if times:
            tell(peer, name, statistics.median(times))


def run_duckdb(folder):
    database = duckdb.connect()
    database.execute("SET threads = %d" % os.cpu_count())
    for table in TABLES:
        database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{folder}/{table}.parquet')")
    time_all("DuckDB", folder, lambda sql: database.execute(sql).fetchall() is not None)
    return database


def load(cursor, source, folder, table):
    columns = [(row[0], row[1]) for row in source.execute(f"DESCRIBE {table}").fetchall()]
    declared = ", ".join(f"{name} {TYPES[kind]}" for name, kind in columns)
    cursor.execute(f"CREATE TABLE {table} ({declared})")
    file = folder / f"{table}.csv"
    source.execute(f"COPY {table} TO '{file}' (HEADER false)")
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy, open(file, "rb") as rows:
        while block := rows.read(1 << 20):
            copy.write(block)
    file.unlink()
    cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({', '.join(KEYS[table])})")
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"CREATE POLICY purpose ON {table} USING (current_setting('tpch.purpose') = 'research')")
    masked = [next((text.format(name) + f" AS {name}" for part, text in MASKED.items() if name.endswith(part)), name)
              for name, _ in columns]
    cursor.execute(f"CREATE VIEW seen.{table} WITH (security_invoker = true) AS SELECT {', '.join(masked)} FROM {table}")


def run_postgres(folder, source):
    with psycopg.connect(os.environ["GONGSHU_BENCH_POSTGRES_URL"], autocommit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("DROP SCHEMA IF EXISTS seen CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        cursor.execute("CREATE SCHEMA seen; DROP ROLE IF EXISTS reader; CREATE ROLE reader")
        for table in TABLES:
            load(cursor, source, folder, table)
        for index in INDEXES:
            cursor.execute(f"CREATE INDEX ON {index}")
        cursor.execute("GRANT USAGE ON SCHEMA public, seen TO reader")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public, seen TO reader")
        cursor.execute("VACUUM ANALYZE")
        for setting in ["work_mem = '512MB'", "max_parallel_workers_per_gather = 2", "tpch.purpose = 'research'",
                        "effective_cache_size = '8GB'", "search_path = seen", f"statement_timeout = '{TIMEOUT_SECONDS}s'"]:
            cursor.execute(f"SET {setting}")
        cursor.execute("SET ROLE reader")

        def run(sql):
            try:
                cursor.execute(sql).fetchall()
                return True
            except psycopg.errors.QueryCanceled:
                print(f"PostgreSQL: no answer within {TIMEOUT_SECONDS} s", file=sys.stderr)
                return False

        time_all("PostgreSQL", folder, run)


if __name__ == "__main__":
    FOLDER = pathlib.Path(sys.argv[1])
    run_postgres(FOLDER, run_duckdb(FOLDER))
