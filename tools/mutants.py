"""Which mistakes are tried, and which were not found: the two ends of ``tools/mutate.sh``.

python3 tools/mutants.py choose SESSION FILE [FUNCTION...]
python3 tools/mutants.py tell SESSION FILE

A change that no caller could notice is no mistake. Those are listed, each with its reason, in
tests/acceptance/mutate.toml, and counted apart.
"""

import ast
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

Span = tuple[tuple[int, int], tuple[int, int]]


def choose(session: str, file: str, functions: list[str]) -> None:
    """Drop mutants of annotations and, when functions are named, those outside them; put the rest in a random order.

    A star or a stroke among parameters is no operator: what is put in its place is seldom Python at all.
    """
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    idle = [_span(node) for node in _annotations(tree)]
    defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    heads = [((node.lineno, node.col_offset), (node.body[0].lineno, 0)) for node in defined]
    asked = [_span(node) for node in ast.walk(tree) if getattr(node, "name", "") in functions]
    if len(asked) < len(functions):
        sys.exit(f"{file} has no such functions: {' '.join(functions)}")
    with sqlite3.connect(session) as link:
        rows = link.execute("SELECT job_id, start_pos_row, start_pos_col, operator_name FROM mutation_specs").fetchall()
        for job, row, column, operator in rows:
            place = (row, column)
            is_mark = "BinaryOperator" in operator and _is_in(place, heads)
            if is_mark or _is_in(place, idle) or (asked and not _is_in(place, asked)):
                link.execute("DELETE FROM mutation_specs WHERE job_id = ?", (job,))
                link.execute("DELETE FROM work_items WHERE job_id = ?", (job,))
        for table in ("work_items", "mutation_specs"):
            link.execute(f"CREATE TEMP TABLE shuffled AS SELECT * FROM {table} ORDER BY random()")  # noqa: S608
            link.execute(f"DELETE FROM {table}")  # noqa: S608
            link.execute(f"INSERT INTO {table} SELECT * FROM shuffled")  # noqa: S608
            link.execute("DROP TABLE shuffled")


def _annotations(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (found := getattr(node, name, None)) is not None:
                yield found


def _span(node: ast.AST) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _is_in(place: tuple[int, int], spans: list[Span]) -> bool:
    return any(start <= place < end for start, end in spans)


def tell(session: str, file: str) -> None:
    """Print the share that was found, and every mistake that was not."""
    with sqlite3.connect(session) as link:
        counts = dict(link.execute("SELECT test_outcome, count(*) FROM work_results GROUP BY test_outcome"))
        query = """SELECT m.start_pos_row, m.operator_name, r.diff FROM mutation_specs m JOIN work_results r
                   USING (job_id) WHERE r.test_outcome = 'SURVIVED' ORDER BY 1"""
        survived = link.execute(query).fetchall()
        slow = link.execute("SELECT count(*) FROM work_results WHERE output = 'timeout'").fetchone()[0]
        total = link.execute("SELECT count(*) FROM mutation_specs").fetchone()[0]
    same = _equivalents(file)
    missed = [(line, operator, changed) for line, operator, diff in survived if (changed := _changed(diff)) not in same]
    killed = counts.get("KILLED", 0)
    tried = killed + len(missed)
    share = 100 * killed / max(tried, 1)
    apart = f"{len(survived) - len(missed)} equivalent, {total} in all, {slow} by not ending"
    print(f"killed {killed} of {tried}: {share:.1f} %   ({apart})")
    for line, operator, changed in missed:
        print(f"  survived: line {line} {operator}: {changed[:160]}")


def _changed(diff: str) -> str:
    """Return the lines as they are after the mistake; where one was only taken away, that one behind a minus."""
    lines = [each for each in diff.splitlines() if each[:1] in "+-" and not each.startswith(("+++", "---"))]
    put = [each[1:].strip() for each in lines if each.startswith("+")]
    return " ".join(put).strip() or " ".join(f"- {each[1:].strip()}" for each in lines)


def _equivalents(file: str) -> set[str]:
    known = tomllib.loads(Path("tests/acceptance/mutate.toml").read_text(encoding="utf-8"))["equivalent"]
    return {line for each in known if each["file"] == file for line in each["mutants"]}


if __name__ == "__main__":
    if sys.argv[1] == "choose":
        choose(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        tell(sys.argv[2], sys.argv[3])
