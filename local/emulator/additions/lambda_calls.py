"""How Lambda is called, where the emulator differs from AWS.

Events from SNS and EventBridge are retried and end in the failure destination, as those from S3 do. The settings that count are
those of the alias that was called. An alias' weights are honoured. A throttled event waits. A retry keeps its request id.
Reserved concurrency holds for all versions together.
"""

import contextvars
import json
import logging
import random
import threading
import time
import uuid

from ministack.services import eventbridge, lambda_svc, sns

# Lambda waits one minute, then two: too long for a platform on a laptop.
RETRY_SECONDS = (1, 2)
# Seconds before a throttled event is tried again: the first, doubled up to the second. Lambda waits from one second to five minutes.
THROTTLED_SECONDS = (0.1, 1)
# Source: the default of MaximumEventAgeInSeconds.
EVENT_AGE_SECONDS = 21_600

log = logging.getLogger("strata")
request_id = contextvars.ContextVar("request_id", default=None)

resolve = lambda_svc._effective_func_record_for_qualifier
execute = lambda_svc._execute_function
dispatch = lambda_svc._execute_function_dispatch


def install():
    lambda_svc._effective_func_record_for_qualifier = resolve_by_its_name
    lambda_svc._execute_function = execute_by_weight
    lambda_svc._execute_function_dispatch = dispatch_with_request_id
    lambda_svc.invoke_async_with_retry = invoke_asynchronously
    sns._deliver_to_lambda = deliver_from_topic
    eventbridge._dispatch_to_lambda = deliver_from_rule


def resolve_by_its_name(function, qualifier):
    """A version's record, with the name it was called by, since settings and weights belong to that name."""
    record, config = resolve(function, qualifier)
    if record is None or qualifier in (None, "$LATEST"):
        return record, config
    named = {**config, "FunctionArn": f"{function['config']['FunctionArn']}:{qualifier}"}
    return {**record, "config": named, "concurrency": function.get("concurrency")}, named


def execute_by_weight(record, event):
    config = record.get("config") or record
    function, qualifier = function_of(config)
    alias = function.get("aliases", {}).get(qualifier, {})
    version = function.get("versions", {}).get(version_behind(alias))
    # There is none when a version was called, or an alias of $LATEST: then it is the record that was found.
    if version is not None:
        record = {**version, "config": {**version["config"], "FunctionArn": config["FunctionArn"]}}
    return execute({**record, "concurrency": function.get("concurrency")}, event)


def dispatch_with_request_id(record, config, event, new_request_id, started):
    return dispatch(record, config, event, request_id.get() or new_request_id, started)


def function_of(config):
    """The function that a configuration belongs to, and the version or alias that was called."""
    account, region = lambda_svc._account_region_from_function_config(config)
    name, qualifier = lambda_svc._lambda_function_name_and_qualifier_from_arn(config["FunctionArn"])
    return lambda_svc._functions.get_scoped(account, region, name) or {}, qualifier


def version_behind(alias):
    """The version that a call of an alias goes to: as often as the weights say, not the alias' own."""
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    luck = random.random()
    for version, weight in weights.items():
        luck -= weight
        if luck < 0:
            return version
    return alias.get("FunctionVersion")


def invoke_asynchronously(record, event):
    """Calls a function in the background, as Lambda does for `InvocationType: Event`."""
    threading.Thread(target=contextvars.copy_context().run, args=(see_through, record, event), daemon=True).start()


def see_through(record, event):
    """Calls a function until it succeeds or has no retries left, and then sends the event to its destination."""
    config = record.get("config") or record
    account, region = lambda_svc._account_region_from_function_config(config)
    lambda_svc._request_account_id.set(account)
    lambda_svc._request_region.set(region)
    request_id.set(str(uuid.uuid4()))
    function, qualifier = function_of(config)
    settings = settings_for(function, qualifier)
    # A function that was created again under the same name, as after a reset, does not get the events of the old one.
    result = call_until_done(record, event, settings, lambda: function_of(config)[0] is function)
    if result is None or not result.get("error"):
        return
    destination = (settings.get("DestinationConfig") or {}).get("OnFailure", {}).get("Destination")
    dead_letters = (config.get("DeadLetterConfig") or {}).get("TargetArn")
    for target in filter(None, (destination, dead_letters)):
        lambda_svc._route_async_failure(target, config["FunctionName"], event, result)


def settings_for(function, qualifier):
    """The settings for asynchronous calls of what was called. Those of the function and of $LATEST are the same."""
    settings = function.get("event_invoke_configs", {})
    names = ("", "$LATEST") if qualifier in (None, "$LATEST") else (qualifier,)
    return next((settings[name] for name in names if name in settings), {})


def call_until_done(record, event, settings, is_there):
    """The last result, or None when the function no longer exists."""
    retries = list(RETRY_SECONDS[: settings.get("MaximumRetryAttempts", len(RETRY_SECONDS))])
    gives_up = time.monotonic() + settings.get("MaximumEventAgeInSeconds", EVENT_AGE_SECONDS)
    wait, longest = THROTTLED_SECONDS
    while is_there():
        result = lambda_svc._execute_function(record, event)
        if not result.get("error") or time.monotonic() > gives_up:
            return result
        if result.get("throttle"):
            time.sleep(wait)
            wait = min(2 * wait, longest)
        elif retries:
            time.sleep(retries.pop(0))
        else:
            return result
    return None


def deliver_from_topic(function_arn, envelope, topic_arn, subscription_arn, *_message):
    record = {"EventVersion": "1.0", "EventSubscriptionArn": subscription_arn, "EventSource": "aws:sns"}
    deliver(function_arn, {"Records": [{**record, "Sns": json.loads(envelope)}]}, topic_arn)


def deliver_from_rule(function_arn, payload):
    deliver(function_arn, json.loads(payload), "EventBridge")


def deliver(function_arn, event, sender):
    record, config, _name = lambda_svc._get_func_record_for_ref(function_arn)
    if record is None:
        log.warning("%s has an event for %s, which doesn't exist", sender, function_arn)
        return
    invoke_asynchronously({**record, "config": config}, event)
