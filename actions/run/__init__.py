"""Run a command as if nobody stood between: processes, streams, terminals and signals.

Nothing heavy is imported here: the command starts before anything else of errclass is loaded, and so the values are
named tuples, which cost no import.
"""
