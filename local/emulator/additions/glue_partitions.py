"""Partitions of Glue's tables, where the emulator differs from AWS.

BatchDeletePartition is there. GetPartitions comes in pages and segments, without columns if they are not wanted. Creating and
getting partitions takes as long in a table with many of them as in one with few. A table that isn't there is an error.
"""

import json
import threading
import time

from ministack.services import glue

# Source: AWS Glue API reference, BatchDeletePartition and GetPartitions.
DELETES_PER_CALL = 25
PARTITIONS_PER_PAGE = 1000

answer = glue._handle_request_sync
# The emulator answers in threads, which would see each other's unfinished changes.
one_at_a_time = threading.Lock()
# For each list of partitions, by its id: the list itself, so that no other gets that id, and its partitions by their values.
indexes = {}


def install():
    glue._handle_request_sync = answer_with_partitions


def answer_with_partitions(method, path, headers, body, query):
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action in ACTIONS:
        with one_at_a_time:
            return answer_for_table(ACTIONS[action], json.loads(body))
    try:
        return answer(method, path, headers, body, query)
    finally:
        # The call may have changed a list. The indexes are built again when they are needed.
        if not action.startswith("Get"):
            indexes.clear()


def answer_for_table(action, request):
    name = f"{request['DatabaseName']}/{request['TableName']}"
    if name not in glue._tables:
        reason = f"Table {request['TableName']} not found."
        return glue.error_response_json("EntityNotFoundException", reason, 400)
    return action(request, glue._partitions.setdefault(name, []))


def index_of(partitions):
    if id(partitions) not in indexes:
        indexes[id(partitions)] = (partitions, {tuple(one.get("Values", [])): one for one in partitions})
    return indexes[id(partitions)][1]


def batch_create_partition(request, partitions):
    known = index_of(partitions)
    names = {"DatabaseName": request["DatabaseName"], "TableName": request["TableName"]}
    detail = {"ErrorCode": "AlreadyExistsException", "ErrorMessage": "Partition already exists."}
    errors = []
    for entry in request["PartitionInputList"]:
        values = entry.get("Values", [])
        if tuple(values) in known:
            errors.append({"PartitionValues": values, "ErrorDetail": detail})
            continue
        made = {**entry, **names, "CreationTime": int(time.time()), "CatalogId": glue.get_account_id()}
        known[tuple(values)] = made
        partitions.append(made)
    return glue.json_response({"Errors": errors})


def batch_get_partition(request, partitions):
    known = index_of(partitions)
    asked = [(entry, known.get(tuple(entry["Values"]))) for entry in request["PartitionsToGet"]]
    there = [one for _, one in asked if one]
    return glue.json_response({"Partitions": there, "UnprocessedKeys": [entry for entry, one in asked if not one]})


def batch_delete_partition(request, partitions):
    unwanted = [entry["Values"] for entry in request["PartitionsToDelete"]]
    if len(unwanted) > DELETES_PER_CALL:
        return refused("partitionsToDelete", "have length", DELETES_PER_CALL)
    known = index_of(partitions)
    gone = [(values, known.pop(tuple(values), None)) for values in unwanted]
    ids = {id(one) for _, one in gone}
    partitions[:] = [one for one in partitions if id(one) not in ids]
    missing = [values for values, one in gone if one is None]
    detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Partition not found."}
    return glue.json_response({"Errors": [{"PartitionValues": values, "ErrorDetail": detail} for values in missing]})


def get_partitions(request, partitions):
    """A page. Segments are cut by position, so each partition is in exactly one while nothing changes."""
    maximum = request.get("MaxResults", PARTITIONS_PER_PAGE)
    if maximum > PARTITIONS_PER_PAGE:
        return refused("maxResults", "have value", PARTITIONS_PER_PAGE)
    segment = request.get("Segment", {"SegmentNumber": 0, "TotalSegments": 1})
    start = int(request.get("NextToken") or 0)
    own = partitions[segment["SegmentNumber"] :: segment["TotalSegments"]]
    page = own[start : start + maximum]
    if request.get("ExcludeColumnSchema"):
        page = [without_columns(one) for one in page]
    token = {"NextToken": str(start + maximum)} if start + maximum < len(own) else {}
    return glue.json_response({"Partitions": page, **token})


def without_columns(partition):
    if "StorageDescriptor" not in partition:
        return partition
    kept = {name: value for name, value in partition["StorageDescriptor"].items() if name != "Columns"}
    return {**partition, "StorageDescriptor": kept}


def refused(name, what, maximum):
    constraint = f"Member must {what} less than or equal to {maximum}"
    reason = f"1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}"
    return glue.error_response_json("ValidationException", reason, 400)


ACTIONS = {
    "BatchCreatePartition": batch_create_partition,
    "BatchGetPartition": batch_get_partition,
    "BatchDeletePartition": batch_delete_partition,
    "GetPartitions": get_partitions,
}
