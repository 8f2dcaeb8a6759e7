"""Runs the emulator with our additions. An argument, if there is one, only tells this process from others."""

import sys

import pinned

pinned.check()

# Only now: importing them replaces parts of the emulator.
import glue_partitions
import lambda_calls
from ministack.app import main

lambda_calls.install()
glue_partitions.install()
sys.argv = ["ministack"]
main()
