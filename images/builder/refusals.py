"""Why a spec can't be built, in words for its author."""

import subprocess

from open_alchemy import exceptions


class Refusal(Exception):
    """The spec can't be built; the message says why."""


def refused(reason):
    return {"outcome": "refused", "reason": reason}


def too_much_memory(task):
    return f"Building it takes more than {task['megabytes']} MB of memory. Divide the spec into several."


def ran_out_of_memory(error):
    """Whether setuptools ran out of memory, in its own process."""
    return setup_output(error).endswith("MemoryError")


def reason_of(error):
    """The last line of setuptools, OpenAlchemy's own message, or at least the kind of error."""
    output = setup_output(error)
    if output:
        return f"setuptools refuses it: {output.splitlines()[-1]}"
    if isinstance(error, exceptions.BaseError):
        return f"OpenAlchemy refuses it: {error.args[0] if error.args else error}"
    kind = type(error).__name__
    return f"OpenAlchemy can't read it ({kind}: {error}). Check it with a validator of OpenAPI documents."


def setup_output(error):
    """What setuptools printed. It is in the cause of the error's cause."""
    while error is not None:
        if isinstance(error, subprocess.CalledProcessError):
            return (error.stderr or "").strip()
        error = error.__cause__
    return ""
