"""Import every module of errclass and print, as JSON, the public names that are not what they should be.

Run in a process of its own: only there is nothing imported yet.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import types

import errclass


def list_modules() -> list[str]:
    """Return the names of all modules, without importing any but packages."""
    found = pkgutil.walk_packages(errclass.__path__, "errclass.")
    return [module.name for module in found if not module.name.endswith("__main__")]


def collect_public(packages: list[str]) -> dict[tuple[str, str], object]:
    """Return what every name in every ``__all__`` stands for now."""
    modules = [importlib.import_module(name) for name in packages]
    return {
        (module.__name__, name): getattr(module, name) for module in modules for name in getattr(module, "__all__", [])
    }


modules = list_modules()
packages = ["errclass", *(name for name in modules if hasattr(importlib.import_module(name), "__path__"))]
rooms = {name.split(".")[1] for name in packages if "." in name} | {"data", "models"}
before = collect_public(packages)
for name in modules:
    importlib.import_module(name)
after = collect_public(packages)

siblings = {
    package: {name.rpartition(".")[2] for name in modules if name.rpartition(".")[0] == package} for package in packages
}
print(
    json.dumps(
        {
            "modules": len(modules),
            "names": len(after),
            "changed": sorted(
                f"{package}.{name}" for (package, name), value in after.items() if before[package, name] is not value
            ),
            "are modules": sorted(
                f"{p}.{name}" for (p, name), value in after.items() if isinstance(value, types.ModuleType)
            ),
            "named as a sibling": sorted(f"{p}.{name}" for p, name in after if name in siblings[p]),
            "named as a room": sorted(f"{p}.{name}" for p, name in after if name in rooms),
        }
    )
)
