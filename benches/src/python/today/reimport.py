"""Imports the modules that standard input names, line by line, each with all of its package anew, and says how many
nanoseconds that took."""
import importlib
import sys
import time

for line in sys.stdin:
    name = line.strip()
    package = name.partition(".")[0]
    for module in list(sys.modules):
        if module == package or module.startswith(package + "."):
            del sys.modules[module]
    importlib.invalidate_caches()
    begin = time.perf_counter_ns()
    importlib.import_module(name)
    print(time.perf_counter_ns() - begin, flush=True)
