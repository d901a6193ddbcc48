"""Rules out of labelled history, step by step: cases, traits, candidates, cover, confirmation, files."""
