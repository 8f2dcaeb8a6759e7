"""Builds Python packages from OpenAPI specs: one process, started once, that forks a child for each spec.

Starting Python and importing OpenAlchemy and setuptools takes most of a build's time, so both happen before the first spec comes, and
forks share them. A child may change its own process, memory and modules; the changes end with the child.

Standard input has one task in each line: {"folder", "name", "version", "seconds", "megabytes"}, with the spec in <folder>/spec.json.
Standard output has one answer for each: {"outcome", "reason", "peakMegabytes"}, with the packages in <folder>/packages. The outcome is
"built", "refused" (the spec can't be built) or "failed" (our own mistake).
"""

import contextlib
import functools
import json
import os
import pathlib
import resource
import runpy
import signal
import subprocess
import sys
import traceback

import jinja2

# Not used here, but imported once, so that setuptools doesn't import these commands again in each fork.
import setuptools.command.bdist_wheel
import setuptools.command.build_ext
import setuptools.command.install
import setuptools.command.install_egg_info
import setuptools.command.install_lib
import setuptools.command.install_scripts
import setuptools.command.sdist  # noqa: F401
from open_alchemy import PackageFormat, build_json, exceptions
from open_alchemy.helpers import command
from open_alchemy.models_file import model

from generated_code import UnsafeCode, check_model, hidden_module
from refusals import Refusal, ran_out_of_memory, reason_of, refused, too_much_memory
from source_archive import repack

ANSWER = "answer.json"
SETUP_OUTPUT = "setup-output.txt"


def main():
    # Only answers may be written to standard output, whatever else is printed.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    leave_network()
    command.run = run_setup
    model.generate = checked(model.generate)
    # OpenAlchemy compiles the same few templates again for each model.
    jinja2.Template = functools.cache(jinja2.Template)
    os.umask(0o022)
    for line in sys.stdin:
        print(json.dumps(build_in_child(json.loads(line), answers)), file=answers, flush=True)


def leave_network():
    """Moves this process, and so its children, to a network of their own with nothing in it.

    Needs Linux, Python 3.12 and either root or user namespaces. Lambda allows neither. There the function may use nothing of ours, and
    check_model refuses specs that would become code that could use the network. Returns whether it worked.
    """
    user, group = os.getuid(), os.getgid()
    with contextlib.suppress(AttributeError, OSError):
        os.unshare(os.CLONE_NEWNET)
        return True
    with contextlib.suppress(AttributeError, OSError):
        os.unshare(os.CLONE_NEWNET | os.CLONE_NEWUSER)
        # Without a mapping of its own user, a user namespace can't create files.
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        pathlib.Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        return True
    return False


def build_in_child(task, answers):
    """Runs one build in its own process group. Afterwards no process of the group is alive, however the build ended."""
    child = os.fork()
    if child == 0:
        answers.close()
        os.setpgid(0, 0)
        run_child(task)
    late = []

    def end_group(*_):
        late.append(True)
        os.killpg(child, signal.SIGKILL)

    with contextlib.suppress(OSError):
        # Parent and child both do it, because either may be first.
        os.setpgid(child, child)
    signal.signal(signal.SIGALRM, end_group)
    signal.setitimer(signal.ITIMER_REAL, task["seconds"])
    _, status, usage = os.wait4(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    return {**outcome_of(task, status, bool(late)), "peakMegabytes": megabytes_of(usage)}


def outcome_of(task, status, late):
    if late:
        seconds = task["seconds"]
        return refused(f"Building it takes longer than {seconds} s. Divide the spec into several.")
    answer = pathlib.Path(task["folder"], ANSWER)
    if answer.exists():
        return json.loads(answer.read_text())
    ending = os.waitstatus_to_exitcode(status)
    # This is how a container ends a process that takes too much memory.
    if ending == -signal.SIGKILL:
        return refused(too_much_memory(task))
    return {"outcome": "failed", "reason": f"The build's process ended with {ending}."}


def megabytes_of(usage):
    """Memory of the largest process of a build. Linux counts kilobytes, macOS bytes."""
    return round(usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def run_child(task):
    """Never returns, whatever happens: the child must not continue in its copy of `main`."""
    try:
        os.chdir(task["folder"])
        os.environ.update(HOME=task["folder"], TMPDIR=task["folder"])
        redirect("child-output.txt")
        pathlib.Path(ANSWER).write_text(json.dumps(build(task)))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def build(task):
    try:
        limit(resource.RLIMIT_AS, task["megabytes"])
        limit(resource.RLIMIT_FSIZE, task["megabytes"])
        make_packages(task["name"], task["version"])
    except MemoryError:
        return refused(too_much_memory(task))
    except RecursionError:
        return refused("It is nested too deeply, or a schema contains itself. Make it flatter.")
    except (ImportError, OSError):
        return {"outcome": "failed", "reason": traceback.format_exc()}
    except (Refusal, UnsafeCode) as error:
        return refused(str(error))
    except Exception as error:
        return refused(too_much_memory(task) if ran_out_of_memory(error) else reason_of(error))
    return {"outcome": "built", "reason": ""}


def limit(what, megabytes):
    # macOS has the limit, but refuses to set it.
    with contextlib.suppress(ValueError):
        resource.setrlimit(what, (megabytes * 1024 * 1024, megabytes * 1024 * 1024))


def make_packages(name, version):
    hidden = hidden_module(name)
    if hidden is not None:
        raise Refusal(hidden)
    set_version(pathlib.Path("spec.json"), version)
    build_json("spec.json", name, "dist", PackageFormat.SDIST | PackageFormat.WHEEL)
    project = pathlib.Path("dist", name)
    packages = pathlib.Path("packages")
    (project / "dist").rename(packages)
    for archive in packages.glob("*.tar.gz"):
        repack(archive, int(os.environ["SOURCE_DATE_EPOCH"]))


def set_version(path, version):
    """Writes the version into the spec. It is done here, because Python keeps long numbers as they were written, and JavaScript doesn't.

    The caller has checked the version, which becomes a line of setup.py, unescaped.
    """
    spec = json.loads(path.read_text())
    spec["info"] = {**spec.get("info", {}), "version": version}
    path.write_text(json.dumps(spec))


def checked(generate):
    """OpenAlchemy's generator of a model's source, with a check of each source."""

    def generate_checked(*, artifacts, name):
        source = generate(artifacts=artifacts, name=name)
        check_model(source, name)
        return source

    return generate_checked


def run_setup(arguments, folder):
    """Replaces OpenAlchemy's `python setup.py ...`: in a fork, setuptools is already imported."""
    child = os.fork()
    if child == 0:
        run_setup_child(arguments, folder)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 0:
        output = pathlib.Path(SETUP_OUTPUT).read_text(errors="replace")
        cause = subprocess.CalledProcessError(code, arguments, stderr=output)
        raise exceptions.BuildError(str(cause)) from cause
    return "", ""


def run_setup_child(arguments, folder):
    code = 1
    try:
        redirect(SETUP_OUTPUT)
        os.chdir(folder)
        sys.argv = arguments[1:]
        runpy.run_path(arguments[1], run_name="__main__")
        code = 0
    except SystemExit as error:
        print(error.code, file=sys.stderr)
        code = 1 if error.code else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def redirect(output):
    nothing = os.open(os.devnull, os.O_RDONLY)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for source, target in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(source, target)


if __name__ == "__main__":
    main()
