"""SmartNoise SQL over the workers of the bench: `smartnoise.py workers.parquet RHO ROUNDS`, a JSON object as its answer.

A result that loses rho of zero-concentrated differential privacy is (epsilon, delta) private with
epsilon = rho + 2 sqrt(rho ln(1/delta)) (Bun and Steinke 2016, proposition 1.3). SmartNoise is given that epsilon for a
column, and the bounds and the key of the table.
"""

import json
import math
import sys
import time

import pandas
import snsql

PATH, RHO, ROUNDS = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
SQL = "SELECT area, COUNT(*) AS persons, SUM(wage) AS wages FROM d.d.workers GROUP BY area ORDER BY area"

workers = pandas.read_parquet(PATH)
truth = workers.groupby("area")["wage"].sum().sort_index()
delta = 1 / (len(workers) * math.sqrt(len(workers)))
epsilon = RHO + 2 * math.sqrt(RHO * math.log(1 / delta))
metadata = {
    "": {
        "d": {
            "workers": {
                "row_privacy": False,
                "rows": len(workers),
                "max_ids": 1,
                "person": {"type": "int", "private_id": True},
                "area": {"type": "string"},
                "wage": {"type": "int", "lower": 0, "upper": 100},
            }
        }
    }
}
privacy = snsql.Privacy(epsilon=epsilon, delta=delta)
reader = snsql.from_df(workers, privacy=privacy, metadata=metadata)
times, error = [], 0.0
for _ in range(ROUNDS):
    begun = time.perf_counter()
    head, *rows = reader.execute(SQL.replace("d.d.", "d."))
    times.append(time.perf_counter() - begun)
    for area, _, wages in rows:
        error = max(error, abs(wages / truth[area] - 1))
print(json.dumps({"seconds": sorted(times)[len(times) // 2], "error": error}))
