"""Checks that the code that OpenAlchemy generates is what its templates are meant to produce.

OpenAlchemy puts names, descriptions and formats of a spec into Python source without escaping them. The source runs in every program that
imports the package. So the source of each model is parsed, and refused unless it declares that model and does nothing else.
"""

import ast
import importlib.util
import sys

# Names that the templates use.
ROOTS = {"typing", "typing_extensions", "datetime", "sqlalchemy", "orm", "models"}
TYPES = {"int", "str", "float", "bool", "bytes"}
DATES = {"datetime.date", "datetime.datetime"}
ADVICE = (
    "Give schemas and properties names that are Python identifiers, "
    'and keep """ and backslashes out of their descriptions'
)


class UnsafeCode(Exception):
    """The source does more than declare a model."""


def check_model(source, name):
    """Raises UnsafeCode with the line, unless the source of one model only declares it.

    Each source consists of whole statements, also after OpenAlchemy has put all sources together, so they can be checked one by one.
    Parsing all of them at once takes a hundred times their size in memory.
    """
    lines = source.splitlines()
    try:
        statements = ast.parse(source).body
    except UnicodeEncodeError as error:
        raise UnsafeCode(f"The schema {name[:100]!r} contains half a character (a lone surrogate). Remove it.") from error
    except (SyntaxError, ValueError) as error:
        raise UnsafeCode(complaint(name, lines, getattr(error, "lineno", None) or 0)) from error
    declared = {statement.name for statement in statements if isinstance(statement, ast.ClassDef)}
    for statement in statements:
        for part, is_harmless in judge(statement, declared):
            if not is_harmless:
                raise UnsafeCode(complaint(name, lines, part.lineno))


def complaint(name, lines, number):
    shown = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return f"The schema {name[:100]!r} would become Python code that isn't a model, near {shown[:120]!r}. {ADVICE}."


def judge(statement, declared):
    """Yields the parts of a statement, each with whether it is harmless: a class and its members, or the model's variable."""
    if isinstance(statement, ast.ClassDef):
        yield statement, is_class_head(statement, declared)
        for member in statement.body:
            yield member, is_member(member, declared)
    else:
        yield statement, isinstance(statement, ast.AnnAssign) and is_field(statement, declared, value=is_dotted)


def is_class_head(node, declared):
    return (
        not node.decorator_list
        and all(is_type(base, declared) for base in node.bases)
        and all(word.arg == "total" and isinstance(word.value, ast.Constant) for word in node.keywords)
    )


def is_member(node, declared):
    if isinstance(node, ast.AnnAssign):
        return is_field(node, declared, value=lambda _: False)
    return is_text(node) or (isinstance(node, ast.FunctionDef) and is_stub(node, declared))


def is_field(node, declared, value):
    """`name: type`, with a value only if `value` accepts it."""
    return (
        isinstance(node.target, ast.Name)
        and is_type(node.annotation, declared)
        and (node.value is None or value(node.value))
    )


def is_stub(node, declared):
    """A method that contains only a docstring and dots."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    types = [argument.annotation for argument in arguments] + [node.returns]
    return (
        all(ast.unparse(decorator) == "classmethod" for decorator in node.decorator_list)
        and all(annotation is None or is_type(annotation, declared) for annotation in types)
        and all(default is None or is_value(default) for default in [*node.args.defaults, *node.args.kw_defaults])
        and all(is_text(statement) for statement in node.body)
    )


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_type(node, declared):
    """Names of types, and subscripts of them, but no calls."""
    if isinstance(node, ast.Subscript):
        return is_type(node.value, declared) and is_type(node.slice, declared)
    if isinstance(node, ast.Tuple):
        return all(is_type(element, declared) for element in node.elts)
    if isinstance(node, ast.Name):
        return node.id in TYPES or node.id in declared
    return isinstance(node, ast.Constant) or is_dotted(node)


def is_dotted(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ROOTS


def is_value(node):
    """A default: a constant, a negative number, or a date."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Call):
        constants = all(isinstance(each, ast.Constant) for each in node.args)
        return ast.unparse(node.func) in DATES and not node.keywords and constants
    return isinstance(node, ast.Constant)


def hidden_module(name):
    """Why a package can't have this name, or None: it would hide a module that all its users have, or be hidden by one."""
    if name in sys.stdlib_module_names:
        return f"A package can't be called {name}: Python has a module of that name, which would be imported instead."
    if importlib.util.find_spec(name) is not None:
        return f"A package can't be called {name}: a module that it needs itself has that name."
    return None
