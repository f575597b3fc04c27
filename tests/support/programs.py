"""What the interpreter is given to run ``mapper`` under conditions: after it stand the arguments."""

from __future__ import annotations

FULL_DISK = """
import resource, runpy, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
sys.argv[0] = "mapper"
runpy.run_module("mapper", run_name="__main__")
"""

INTERRUPTIBLE = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may have inherited that it is ignored
sys.argv[0] = "mapper"
runpy.run_module("mapper", run_name="__main__")
"""
