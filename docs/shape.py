"""Print the shape of a Python tree: python -m docs.shape src/smarketing."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path


def row(name: str, sizes: list[int]) -> str:
    sizes = sorted(sizes) or [0]
    p90 = sizes[int(0.9 * (len(sizes) - 1))]
    return f"{name:<10} n={len(sizes):<5} median={statistics.median(sizes):<6g} p90={p90:<5} max={sizes[-1]}"


def measure(tree: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Lines of every file and of every function below `tree`."""
    files: dict[str, int] = {}
    functions: dict[str, int] = {}
    for path in sorted(tree.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") < 3 or "migrations" in path.parts:
            continue
        files[str(path)] = text.count("\n")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[f"{path}:{node.lineno} {node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    return files, functions


if __name__ == "__main__":
    files, functions = measure(Path(sys.argv[1]))
    print(row("files", list(files.values())))
    print(row("functions", list(functions.values())))
    for sizes in (files, functions):
        for name in sorted(sizes, key=lambda key: -sizes[key])[:8]:
            print(f"  {sizes[name]:>5}  {name}")
