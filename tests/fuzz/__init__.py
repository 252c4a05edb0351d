"""Fuzzing: damaged and hostile input for everything that reads files, answers or names.

    python -m tests.fuzz                     all targets, ten seconds each
    python -m tests.fuzz --seconds 600       longer
    python -m tests.fuzz safetensors labels  some of them

Each input comes from its own seed, so a crash is repeated with ``--seed N --inputs 1``.
"""
