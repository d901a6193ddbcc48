"""TLS certificates for the local servers: one good authority, and servers that are wrong in one way each."""

from __future__ import annotations

import subprocess
from pathlib import Path

_DAYS = {"good": ("20240101000000Z", "20990101000000Z"), "expired": ("20230101000000Z", "20240101000000Z")}


def make_certificates(folder: Path, hosts: tuple[str, ...]) -> None:
    """Write ``ca.crt`` and the server pairs good, expired, wrong-host, unknown (another authority) and self-signed.

    All but wrong-host name the given hosts; only the authority in ``ca.crt`` is to be trusted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _make_authority(folder, "ca", "Example Root CA")
    _make_authority(folder, "other-ca", "Corporate Proxy CA")
    _make_server(folder, "good", hosts, "ca", "good")
    _make_server(folder, "expired", hosts, "ca", "expired")
    _make_server(folder, "wrong-host", ("www.example.org",), "ca", "good")
    _make_server(folder, "unknown", hosts, "other-ca", "good")
    _make_server(folder, "self-signed", hosts, None, "good")


def _make_authority(folder: Path, name: str, common_name: str) -> None:
    subject = f"/O=Example/CN={common_name}"
    extensions = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _openssl(
        folder,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "20000",
        "-subj",
        subject,
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.crt",
        *extensions,
    )


def _make_server(folder: Path, name: str, hosts: tuple[str, ...], authority: str | None, validity: str) -> None:
    names = ",".join(f"DNS:{host}" for host in hosts)
    (folder / f"{name}.ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n", encoding="ascii")
    _openssl(
        folder,
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        f"/CN={hosts[0]}",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.csr",
    )
    _sign(folder, name, authority, validity)


def _sign(folder: Path, name: str, authority: str | None, validity: str) -> None:
    """Sign with ``openssl ca``, the one command of openssl 3.0 that takes a first and a last day."""
    signer = (
        ("-selfsign", "-keyfile", f"{name}.key")
        if authority is None
        else ("-cert", f"{authority}.crt", "-keyfile", f"{authority}.key")
    )
    (folder / "index.txt").write_text("", encoding="ascii")
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n"
        "unique_subject=no\nemail_in_dn=no\n[p]\ncommonName=supplied\n",
        encoding="ascii",
    )
    start, end = _DAYS[validity]
    _openssl(
        folder,
        "ca",
        "-batch",
        "-config",
        "ca.cnf",
        "-notext",
        *signer,
        "-in",
        f"{name}.csr",
        "-out",
        f"{name}.crt",
        "-startdate",
        start,
        "-enddate",
        end,
        "-extfile",
        f"{name}.ext",
    )


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
