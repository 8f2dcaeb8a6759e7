"""Runs the emulator with what it lacks of AWS. An argument, if there is one, only tells this process from others."""

import sys

import pinned

pinned.check()

# Only now: as they are imported, they take hold of what they replace.
import glue_partitions
import lambda_calls
from ministack.app import main

lambda_calls.install()
glue_partitions.install()
sys.argv = ["ministack"]
main()
