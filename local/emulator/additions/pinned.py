"""The version of the emulator that the additions were written for. They replace internal parts of it, which may change."""

import ast
import importlib
import importlib.metadata
from pathlib import Path

# Must be the version in local/tools/requirements.txt.
VERSION = "1.5.33"
SERVICES = "ministack.services"


def check():
    """Ends the process with a message, unless the installed emulator is the one that the additions were written for."""
    installed = importlib.metadata.version("ministack")
    missing = sorted({f"{service}.{name}" for service, name in names_used() if not exists(service, name)})
    if installed == VERSION and not missing:
        return
    missing_parts = f", in which {', '.join(missing)} is missing" if missing else ""
    raise SystemExit(
        f"Strata's additions to the emulator (local/emulator/additions) were written for MiniStack {VERSION}; "
        f"the one installed is {installed}{missing_parts}. The pin in local/tools/requirements.txt and the additions go together: "
        "docs/decisions/0008-emulator-additions.md says how to move them to another version."
    )


def names_used():
    """Everything of the emulator's services that the additions name, as (service, name)."""
    for file in Path(__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == SERVICES]
        services = {alias.name for node in imports for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in services:
                yield node.value.id, node.attr


def exists(service, name):
    try:
        return hasattr(importlib.import_module(f"{SERVICES}.{service}"), name)
    except ImportError:
        return False
