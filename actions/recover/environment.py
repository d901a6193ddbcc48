"""The environment that steps of a recovery see: what tools need to work, and none of our own secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

MARKER = "ERRCLASS_RECOVERY_ID"
"""Names, in the environment of each step, the recovery that it belongs to."""
_NAMES = frozenset(
    {"ALL_PROXY", "CURL_CA_BUNDLE", "GOARCH", "GOCACHE", "GOENV", "GOFLAGS", "GOINSECURE", "GOMODCACHE", "GONOPROXY",
     "GONOSUMDB", "GOOS", "GOPATH", "GOPRIVATE", "GOPROXY", "GOROOT", "GOSUMDB", "GOTOOLCHAIN", "HOME",
     "HTTPS_PROXY", "HTTP_PROXY", "JAVA_HOME", "LANG", "LANGUAGE", "LOGNAME", "M2_HOME", "NODE_AUTH_TOKEN",
     "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NO_PROXY", "NPM_TOKEN", "NVM_DIR", "REQUESTS_CA_BUNDLE", "SHELL",
     "SSL_CERT_DIR", "SSL_CERT_FILE", "TEMP", "TMP", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV", "all_proxy",
     "http_proxy", "https_proxy", "no_proxy"}
)  # fmt: skip
_BEGINNINGS = (
    "CARGO_", "COREPACK_", "GRADLE_", "LC_", "MAVEN_", "NPM_CONFIG_", "PIP_", "PNPM_", "POETRY_", "PYENV_",
    "RUSTUP_", "UV_", "XDG_", "YARN_", "npm_config_",
)  # fmt: skip
_PUBLISHING = re.compile(
    r"CARGO_REGISTR(?:Y|IES_.*)_(?:TOKEN|SECRET_KEY)|CARGO_REGISTRY_CREDENTIAL.*|POETRY_PYPI_TOKEN_.*|UV_PUBLISH_.*"
    r"|GRADLE_(?:PUBLISH|SIGNING)_.*|MAVEN_GPG_.*|(?:GRADLE|MAVEN|CARGO)_.*_(?:PASSPHRASE|SECRET)"
)
"""Nothing is published and nothing signed; a recipe that reads a private registry names its token under ``environ``."""
_QUIET = {
    "CI": "true",
    "DEBIAN_FRONTEND": "noninteractive",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "NO_COLOR": "1",
    "TERM": "dumb",
}
"""Nobody is there to answer a question."""


def reduce_environment(environ: Mapping[str, str], recovery_id: str, names: Sequence[str] = ()) -> dict[str, str]:
    """Return what of ``environ`` a step may see; ``names`` are further variables that its recipe asks for."""
    kept = {name: value for name, value in environ.items() if _is_needed(name) or name in names}
    path = [entry for entry in environ.get("PATH", os.defpath).split(os.pathsep) if entry.startswith("/")]
    # A relative entry would have programs of the work folder run in place of the real ones.
    return {**kept, **_QUIET, "PATH": os.pathsep.join(path), MARKER: recovery_id}


def _is_needed(name: str) -> bool:
    return name in _NAMES or (name.startswith(_BEGINNINGS) and not _PUBLISHING.fullmatch(name))
