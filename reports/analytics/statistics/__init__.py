"""The tests and models that analytics rest on: numbers in, numbers out."""
