"""Fill a store with a made-up history whose truth is known, by really deciding failures that were made up."""

from __future__ import annotations

from .filling import DemoOptions, fill_demo
from .place import DEMO_FILE, check_place, find_demo, name_demo

__all__ = ["DEMO_FILE", "DemoOptions", "check_place", "fill_demo", "find_demo", "name_demo"]
