"""awswrangler's side of the partition benchmark: lists the prefixes below a location and registers each of them."""

import json
import resource
import sys
import time

import awswrangler as wr


def register(database: str, table: str, location: str) -> int:
    """Registers every `key=value/key=value/` below the location, and answers how many there are."""
    folders = [
        folder
        for region in wr.s3.list_directories(location)
        for folder in wr.s3.list_directories(region)
    ]
    values = {
        folder: [part.split("=", 1)[1] for part in folder[len(location) :].strip("/").split("/")]
        for folder in folders
    }
    wr.catalog.add_parquet_partitions(database=database, table=table, partitions_values=values)
    return len(values)


started = time.perf_counter()
registered = register(*sys.argv[1:4])
seconds = time.perf_counter() - started
# Kibibytes on Linux, bytes on macOS.
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(json.dumps({"milliseconds": seconds * 1000, "peakBytes": peak, "partitions": registered}))
