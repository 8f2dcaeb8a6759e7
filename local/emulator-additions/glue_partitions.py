"""BatchDeletePartition, which the emulator's Glue doesn't have."""

import json

from ministack.services import glue

# Source: AWS Glue API reference, BatchDeletePartition.
DELETES_PER_CALL = 25

answer = glue._handle_request_sync


def install():
    glue._handle_request_sync = answer_with_deletes


def answer_with_deletes(method, path, headers, body, query):
    if headers.get("x-amz-target", "").endswith(".BatchDeletePartition"):
        return batch_delete_partition(json.loads(body))
    return answer(method, path, headers, body, query)


def batch_delete_partition(request):
    unwanted = [entry["Values"] for entry in request["PartitionsToDelete"]]
    if len(unwanted) > DELETES_PER_CALL:
        constraint = f"Member must have length less than or equal to {DELETES_PER_CALL}"
        reason = f"1 validation error detected: Value at 'partitionsToDelete' failed to satisfy constraint: {constraint}"
        return glue.error_response_json("ValidationException", reason, 400)
    table = f"{request['DatabaseName']}/{request['TableName']}"
    if table not in glue._tables:
        return glue.error_response_json("EntityNotFoundException", f"Table {request['TableName']} not found.", 400)
    missing = [values for values in unwanted if not removed(values, glue._partitions.get(table, []))]
    detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Partition not found."}
    return glue.json_response({"Errors": [{"PartitionValues": values, "ErrorDetail": detail} for values in missing]})


def removed(values, partitions):
    """Whether there was such a partition. The list stays the same one: other calls may be adding to it."""
    for partition in partitions:
        if partition["Values"] == values:
            partitions.remove(partition)
            return True
    return False
