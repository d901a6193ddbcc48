"""The default policy over the labels of the taxonomy, written out so that these tests depend on no other room."""

from __future__ import annotations

import pytest

from errclass.rules import DEFAULT_FOLDER, Policy, load_policy

LABELS = {
    "network": ("transient", "low", True, "retry_with_backoff"),
    "resource": ("transient", "medium", True, "retry_with_resource_check"),
    "rate_limit": ("transient", "low", True, "retry_with_rate_limiting"),
    "temporary": ("transient", "low", True, "retry_with_delay"),
    "dependency": ("persistent", "medium", False, "fix_dependencies"),
    "syntax": ("persistent", "medium", False, "fix_syntax_errors"),
    "configuration": ("persistent", "medium", False, "fix_configuration"),
    "test": ("persistent", "medium", False, "fix_tests"),
    "build": ("persistent", "medium", False, "fix_build_issues"),
    "security": ("critical", "critical", False, "security_review"),
    "corruption": ("critical", "critical", False, "data_recovery"),
    "system": ("critical", "critical", False, "system_maintenance"),
    "database": ("critical", "critical", False, "database_recovery"),
    "unknown": ("unknown", "medium", False, "manual_investigation"),
}
TAXONOMY = {
    "type_fault_domain": {**dict.fromkeys(LABELS, "code"), "rate_limit": "third_party"},
    "type_category": {name: row[0] for name, row in LABELS.items()},
    "type_severity": {name: row[1] for name, row in LABELS.items()},
    "type_retryable": {name: row[2] for name, row in LABELS.items()},
    "type_action": {name: row[3] for name, row in LABELS.items()},
    "category_severity": {"transient": "low", "persistent": "medium", "critical": "critical", "unknown": "medium"},
    "category_retryable": {"transient": True, "persistent": False, "critical": False, "unknown": False},
    "category_fault_domain": dict.fromkeys(("transient", "persistent", "critical", "unknown"), "infrastructure"),
    "category_action": {
        "transient": "retry_with_backoff",
        "persistent": "manual_investigation",
        "critical": "immediate_attention",
        "unknown": "manual_investigation",
    },
}


@pytest.fixture(scope="session")
def default_policy() -> Policy:
    """Return the shipped policy."""
    return load_policy(DEFAULT_FOLDER, TAXONOMY)
