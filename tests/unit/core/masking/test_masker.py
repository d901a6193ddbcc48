"""What is masked, what survives, and the laws that hold for both.

The values are made up. Those that a scanner of repositories would take for real ones are put together at run time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from random import Random
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.masking import mask_secrets

_RANDOM = Random(7)


def _chars(alphabet: str, count: int) -> str:
    # Starts with both cases and a digit, as any random value of this length would hold them.
    start = [char for char in "Ab9" if char in alphabet]
    return "".join(start + [_RANDOM.choice(alphabet) for _ in range(count - len(start))])


def _alnum(count: int) -> str:
    return _chars(ascii_letters + digits, count)


def _hex(count: int) -> str:
    return "".join(_RANDOM.choice("0123456789abcdef") for _ in range(count - 2)) + "a1"


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE32 = _UPPER + "234567"

TOKENS: dict[str, str] = {
    "age": "AGE-SECRET-" + "KEY-1" + _chars(_UPPER + digits, 58),
    "airtable": "pat" + _alnum(14) + "." + _hex(64),
    "alibaba": "LTAI" + _alnum(20),
    "anthropic": "sk-" + "ant-api03-" + _alnum(90) + "-" + _alnum(6),
    "artifactory": "AKC" + _alnum(70),
    "artifactory reference": "cmVmdGtuOj" + _alnum(54),
    "atlassian": "ATATT3" + "xFfGF0" + _alnum(170) + "=" + _hex(8),
    "bitbucket": "ATBB" + _alnum(32),
    "aws access key": "AKIA" + _chars(_BASE32, 16),
    "aws temporary key": "ASIA" + _chars(_BASE32, 16),
    "aws bedrock": "ABSK" + _alnum(128),
    "azure client secret": _alnum(3) + "8Q~" + _alnum(34),
    "brevo": "xkeysib-" + _hex(64) + "-" + _alnum(16),
    "buildkite": "bkua_" + _hex(40),
    "circleci": "CCIPAT_" + _alnum(22) + "_" + _hex(40),
    "cloudflare origin": "v1.0-" + _hex(24) + "-" + _hex(146),
    "contentful": "CFPAT-" + _alnum(43),
    "crates.io": "cio" + _alnum(32),
    "databricks": "dapi" + _hex(32),
    "digitalocean": "dop_v1_" + _hex(64),
    "discord": "MTE4" + _alnum(22) + "." + "GhIjKl" + "." + _alnum(38),
    "docker hub": "dckr_" + "pat_" + _alnum(27),
    "doppler": "dp.pt." + _alnum(43),
    "doppler service": "dp.st.prd." + _alnum(43),
    "dropbox": "sl." + _alnum(136),
    "dynatrace": "dt0c01." + _chars(_UPPER + digits, 24) + "." + _chars(_UPPER + digits, 64),
    "figma": "figd_" + _alnum(40),
    "fly": "fm2_" + _alnum(80),
    "github classic": "ghp_" + _alnum(36),
    "github app": "ghs_" + _alnum(36),
    "github oauth": "gho_" + _alnum(36),
    "github fine-grained": "github_" + "pat_" + _alnum(22) + "_" + _alnum(59),
    "gitlab personal": "glpat-" + _alnum(20),
    "gitlab routable": "glpat-" + _alnum(27) + ".01." + _alnum(9),
    "gitlab job": "glcbt-" + "64_" + _alnum(20),
    "gitlab runner": "glrt-" + _alnum(20),
    "google api": "AIza" + _alnum(35),
    "google access": "ya29." + _alnum(120),
    "google client secret": "GOCSPX-" + _alnum(28),
    "google refresh": "1//0" + _alnum(60),
    "grafana service": "glsa_" + _alnum(32) + "_" + _hex(8),
    "grafana cloud": "glc_" + _alnum(80) + "==",
    "groq": "gsk_" + _alnum(52),
    "heroku": "HRKU-" + _alnum(60),
    "hugging face": "hf_" + _alnum(34),
    "jwt": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0." + _alnum(43),
    "linear": "lin_" + "api_" + _alnum(40),
    "mailchimp": _hex(32) + "-us12",
    "mailgun": "key-" + _hex(32),
    "netlify": "nfp_" + _alnum(36),
    "new relic": "NRAK-" + _chars(_UPPER + digits, 27),
    "notion": "ntn_" + _alnum(46),
    "npm": "npm_" + _alnum(36),
    "nuget": "oy2" + _chars("abcdefghijklmnopqrstuvwxyz234567", 43),
    "1password": "ops_eyJ" + _alnum(200),
    "openai": "sk-" + _alnum(48),
    "openai project": "sk-" + "proj-" + _alnum(60) + "_" + _alnum(60),
    "bcrypt": "$2b$12$" + _alnum(53),
    "crypt": "$6$" + _alnum(16) + "$" + _alnum(86),
    "argon2": "$argon2id$v=19$m=65536,t=3,p=4$" + _alnum(22) + "$" + _alnum(43),
    "perplexity": "pplx-" + _alnum(48),
    "planetscale": "pscale_" + "tkn_" + _alnum(43),
    "postman": "PMAK-" + _hex(24) + "-" + _hex(34),
    "pulumi": "pul-" + _hex(40),
    "pypi": "pypi-" + "AgEIcHlwaS5vcmc" + _alnum(150),
    "replicate": "r8_" + _alnum(37),
    "rubygems": "rubygems_" + _hex(48),
    "sendgrid": "SG." + _alnum(22) + "." + _alnum(43),
    "sentry": "sntrys_" + _alnum(80),
    "shopify": "shpat_" + _hex(32),
    "slack bot": "xox" + "b-" + "123456789012-1234567890123-" + _alnum(24),
    "slack app": "xapp-1-A0123456789-" + "1234567890123-" + _hex(64),
    "slack config": "xoxe." + "xoxp-1-" + _alnum(160),
    "snyk": "snyk_uat." + _hex(8) + "." + _alnum(60),
    "sonar": "sqp_" + _hex(40),
    "square": "sq0atp-" + _alnum(22),
    "stripe secret": "sk_" + "live_" + _alnum(24),
    "stripe restricted": "rk_" + "test_" + _alnum(99),
    "stripe webhook": "whsec_" + _alnum(32),
    "supabase": "sbp_" + _hex(40),
    "tailscale": "tskey-auth-" + _alnum(17) + "-" + _alnum(32),
    "telegram": "123456789:AA" + _alnum(33),
    "terraform cloud": _alnum(14) + ".atlasv1." + _alnum(67),
    "twilio": "SK" + _hex(32),
    "typeform": "tfp_" + _alnum(44),
    "vault service": "hvs." + _alnum(95),
    "vault batch": "hvb." + _alnum(140),
    "xai": "xai-" + _alnum(80),
}

_BODY = "\n".join(_alnum(64) for _ in range(4)) + "\n" + _alnum(20)
_LINE = _BODY.replace("\n", "")
_PW = "hunter2" + "Xyz"
_OPAQUE = _alnum(40)
_LOWER_PW = "correct" + "horse"
_BASIC = _alnum(22) + "=="

# name: (text, what must be gone)
PLACES: dict[str, tuple[str, str]] = {
    "bearer header": (f"Authorization: Bearer {_OPAQUE}", _OPAQUE),
    "bearer header in curl -v": (f"> authorization: bearer {_OPAQUE}", _OPAQUE),
    "bearer in json": (f'{{"headers": {{"Authorization": "Bearer {_OPAQUE}"}}}}', _OPAQUE),
    "bearer in escaped json": (f'"{{\\"Authorization\\":\\"Bearer {_OPAQUE}\\"}}"', _OPAQUE),
    "bearer without its header": (f"sent Bearer {_OPAQUE} and got 401", _OPAQUE),
    "basic header": (f"Authorization: Basic {_BASIC}", _BASIC),
    "basic header of git": (f"git -c http.extraheader='AUTHORIZATION: basic {_BASIC}' fetch", _BASIC),
    "proxy header": (f"Proxy-Authorization: Basic {_BASIC}", _BASIC),
    "token header": (f"Authorization: token {_hex(40)}", "Authorization: token " + "0"),
    "raw header": (f"Authorization: {_OPAQUE}", _OPAQUE),
    "aws signature header": (
        f"Authorization: AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/s3/aws4_request, Signature={_LINE[:64]}",
        _LINE[:64],
    ),
    "digest header": (f'Authorization: Digest username="joe", realm="x", response="{_LINE[:32]}"', _LINE[:32]),
    "api key header": (f"X-Api-Key: {_LOWER_PW}", _LOWER_PW),
    "gitlab header": (f"curl -H 'PRIVATE-TOKEN: {_alnum(20)}' https://gitlab.example.com", "TOKEN: Ab9"),
    "amazon token header": (f"X-Amz-Security-Token: {_LINE}", _LINE),
    "cookie": (f"Cookie: theme=dark; session={_OPAQUE}", _OPAQUE),
    "set-cookie": (f"< Set-Cookie: sid={_OPAQUE}; Path=/; HttpOnly", _OPAQUE),
    "cookie of curl": (f"curl --cookie 'sid={_OPAQUE}' https://example.com", _OPAQUE),
    "basic auth in a url": (f"fetch https://joe:{_PW}@example.com/x failed", _PW),
    "at sign in a url's password": (f"git clone https://joe:p@{_PW}@example.com/x", _PW),
    "oauth2 in a clone url": (f"https://oauth2:{_OPAQUE}@gitlab.com/a/b.git", _OPAQUE),
    "ci token in a clone url": (f"https://gitlab-ci-token:{_OPAQUE}@gitlab.com/a/b.git", _OPAQUE),
    "token as a url's user": (f"https://{_OPAQUE}@github.com/a/b.git", _OPAQUE),
    "sentry dsn": (f"https://{_LINE[:32]}@o1.ingest.sentry.io/42", _LINE[:32]),
    "pip index": (f"pip install --index-url https://joe:{_PW}@pypi.example.com/simple x", _PW),
    "postgres url": (f"postgres://app:{_LOWER_PW}@db:5432/app", _LOWER_PW),
    "slash in a postgres url": (f'parse "postgresql://app:{_PW}/{_PW}@db/app": invalid port', _PW),
    "redis url without a user": (f"redis://:{_LOWER_PW}@cache:6379/0", _LOWER_PW),
    "mongodb+srv url": (f"mongodb+srv://app:{_LOWER_PW}@c0.example.mongodb.net/app?w=majority", _LOWER_PW),
    "amqp url": (f"amqp://guest:{_LOWER_PW}@rabbit:5672/%2F", _LOWER_PW),
    "sqlalchemy url": (f"postgresql+psycopg://u:{_LOWER_PW}@h/db", _LOWER_PW),
    "ado connection string": (f"Server=db;Database=app;User Id=sa;Password={_PW};Encrypt=True", _PW),
    "odbc connection string": (f"DRIVER={{ODBC Driver 18}};SERVER=db;UID=sa;PWD={_PW}", _PW),
    "odbc braces": (f"DRIVER={{ODBC Driver 18}};UID=sa;PWD={{a;{_PW}}};TRUST=yes", _PW),
    "azure storage": (
        f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={_LINE[:86]}==;EndpointSuffix=y",
        _LINE[:86],
    ),
    "service bus": (f"Endpoint=sb://x.example.net/;SharedAccessKeyName=Root;SharedAccessKey={_LINE[:43]}=", _LINE[:43]),
    "jdbc parameter": (f"jdbc:postgresql://db:5432/app?user=app&password={_LOWER_PW}&ssl=true", _LOWER_PW),
    "jdbc of oracle": (f"jdbc:oracle:thin:scott/{_LOWER_PW}@db:1521/orcl", _LOWER_PW),
    "libpq": (f"host=db user=app password={_LOWER_PW} dbname=app", _LOWER_PW),
    "sas url": (f"https://x.blob.core.windows.net/c?sv=2022&sig={_LINE[:43]}%3D", _LINE[:43]),
    "presigned url": (f"https://b.s3.amazonaws.com/k?X-Amz-Signature={_hex(64)}", "Signature=0"),
    "query parameter": (f"GET /v1/items?access_token={_OPAQUE}&page=2", _OPAQUE),
    "slack webhook": ("https://hooks." + "slack.com/services/T00000000/B00000000/" + _OPAQUE, _OPAQUE),
    "discord webhook": ("https://discord.com/api/" + "webhooks/123456789012345678/" + _LINE[:68], _LINE[:68]),
    "teams webhook": ("https://x.webhook." + "office.com/webhookb2/" + _LINE[:70] + "/IncomingWebhook/a", _LINE[:70]),
    "environment": (f"AWS_SECRET_ACCESS_KEY={_OPAQUE}", _OPAQUE),
    "environment with a weak value": (f"export DB_PASSWORD={_LOWER_PW}", _LOWER_PW),
    "environment with separators": (f"DB_PASSWORD=a&b,c;{_LOWER_PW}", _LOWER_PW),
    "environment with a number": (f"GITHUB_TOKEN_2='{_OPAQUE}'", _OPAQUE),
    "environment with blanks": ('DB_PASSWORD="is it not ' + _LOWER_PW + '"', _LOWER_PW),
    "postgres environment": (f"PGPASSWORD={_LOWER_PW} psql -h db", _LOWER_PW),
    "docker run": (f"docker run -e MYSQL_ROOT_PASSWORD={_LOWER_PW} mysql:8", _LOWER_PW),
    "docker build": (f"--build-arg NPM_TOKEN={_OPAQUE} .", _OPAQUE),
    "aws credentials file": (f"aws_secret_access_key = {_OPAQUE}", _OPAQUE),
    "aws session": (f"aws_session_token = {_LINE}", _LINE),
    "ini password": (f"password = {_LOWER_PW}", _LOWER_PW),
    "yaml password": (f"  password: {_LOWER_PW}\n", _LOWER_PW),
    "yaml password with digits": (f"2026-01-01 12:00:00 db: password: {_PW}", _PW),
    "kubeconfig token": (f"    token: {_OPAQUE}", _OPAQUE),
    "kubeconfig key": (f"    client-key-data: {_LINE}", _LINE),
    "kubernetes secret": (f"data:\n  db-password: {_alnum(15)}=", "password: Ab9"),
    "kubernetes environment": (f"- name: DB_PASSWORD\n  value: {_LOWER_PW}\n", _LOWER_PW),
    "ecs environment": (f'[{{"name": "DB_PASSWORD", "value": "{_LOWER_PW}"}}]', _LOWER_PW),
    "terraform plan": (f'  + password = "{_LOWER_PW}"', _LOWER_PW),
    "json": (f'{{"user": "joe", "password": "{_LOWER_PW}"}}', _LOWER_PW),
    "json with an escaped quote": (f'{{"password": "a\\"{_LOWER_PW}"}}', _LOWER_PW),
    "escaped json": (f'"{{\\"client_secret\\":\\"{_OPAQUE}\\"}}"', _OPAQUE),
    "json cut off": (f'{{"password": "{_LOWER_PW}', _LOWER_PW),
    "passphrase with blanks": ('"passphrase": "correct horse battery staple"', "horse battery"),
    "camel case": (f'"secretAccessKey": "{_OPAQUE}"', _OPAQUE),
    "python dict": (f"{{'api_key': '{_OPAQUE}'}}", _OPAQUE),
    "ruby hash": (f":api_key => '{_OPAQUE}'", _OPAQUE),
    "go struct": (f'Password:"{_LOWER_PW}"', _LOWER_PW),
    "python call": (f'connect(user="joe", password="{_LOWER_PW}")', _LOWER_PW),
    "xml element": (f"<password>{_LOWER_PW}</password>", _LOWER_PW),
    "xml attribute": (f'<server username="joe" password="{_LOWER_PW}"/>', _LOWER_PW),
    "vault secret id": ("secret_id=" + "1f0c8f3a-7c55-4a37-9e0f-6a2b1f3d9e10", "1f0c8f3a"),
    "spring property": (f"spring.datasource.password={_LOWER_PW}", _LOWER_PW),
    "npmrc": (f"//registry.npmjs.org/:_authToken={_OPAQUE}", _OPAQUE),
    "npmrc basic": (f"_auth={_BASIC}", _BASIC),
    "docker config": (f'{{"auths": {{"r.example.com": {{"auth": "{_BASIC}"}}}}}}', _BASIC),
    "netrc in one line": (f"machine github.com login joe password {_LOWER_PW}", _LOWER_PW),
    "netrc in lines": (f"machine github.com\nlogin joe\npassword {_PW}\n", _PW),
    "flag with a blank": (f"helm install x --password {_PW}", _PW),
    "flag with an equals sign": (f"vault login --token={_OPAQUE}", _OPAQUE),
    "flag in a list": (f"['deploy', '--token', '{_OPAQUE}']", _OPAQUE),
    "quoted flag": (f"deploy --password '{_LOWER_PW}'", _LOWER_PW),
    "curl user": (f"curl -u joe:{_LOWER_PW} https://example.com", _LOWER_PW),
    "curl long user": (f"curl -sS --user 'joe:{_LOWER_PW}' https://example.com", _LOWER_PW),
    "mysql": (f"mysql -h db -u root -p{_LOWER_PW} app", _LOWER_PW),
    "mysqldump": (f"+ mysqldump -uroot -p'{_PW}' app", _PW),
    "mariadb": (f"mariadb -uroot -p{_LOWER_PW}", _LOWER_PW),
    "sshpass": (f"sshpass -p {_LOWER_PW} ssh joe@example.com", _LOWER_PW),
    "docker login": (f"docker login -u joe -p {_LOWER_PW} r.example.com", _LOWER_PW),
    "redis-cli": (f"redis-cli -h cache -a {_LOWER_PW} ping", _LOWER_PW),
    "openssl": (f"openssl pkcs12 -in a.p12 -passin pass:{_LOWER_PW}", _LOWER_PW),
    "kubectl literal": (f"kubectl create secret generic x --from-literal=password={_LOWER_PW}", _LOWER_PW),
    "sqlplus": (f"sqlplus -s scott/{_LOWER_PW}@orcl", _LOWER_PW),
    "message with a key": (f"Incorrect API key provided: {_OPAQUE}", _OPAQUE),
}

_KEYS = {
    "rsa": "RSA " + "PRIVATE KEY",
    "pkcs8": "PRIVATE " + "KEY",
    "encrypted": "ENCRYPTED PRIVATE " + "KEY",
    "openssh": "OPENSSH PRIVATE " + "KEY",
    "pgp": "PGP PRIVATE " + "KEY BLOCK",
    "ec": "EC PRIVATE " + "KEY",
}

SURVIVORS = [
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "HEAD is now at 9fceb02 fix: token refresh",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "Digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "docker-image://alpine:3.18@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "FROM docker.io/library/node:20@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "d41d8cd98f00b204e9800998ecf8427e  ./a.tar.gz",
    "request id 1f0c8f3a-7c55-4a37-9e0f-6a2b1f3d9e10 failed",
    "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
    "npm ERR! sha512-RWFsbW9zdCB0aGVyZSwgYnV0IG5vdCBxdWl0ZS4gTmV4dCB0aW1lLCBwZXJoYXBzPw== integrity checksum failed",
    '"integrity": "sha512-RWFsbW9zdCB0aGVyZSwgYnV0IG5vdCBxdWl0ZS4gTmV4dCB0aW1lLCBwZXJoYXBzPw=="',
    "/home/runner/work/_temp/8f9d1c2e-aaaa-bbbb-cccc-1234567890ab/build/output/very/long/path/to/file.o: No such file",
    "node_modules/.pnpm/@babel+core@7.22.5_supports-color@8.1.1/node_modules/@babel/core/lib/index.js",
    "at com.example.NotificationManagerFactory.handle.someVeryLongMethodNameThatGoesOnAndOn(Foo.java:12)",
    "MyVeryLongClassNameForTheA.handle.someVeryLongMethodNameThatGoesOnAndOn",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
    "Unexpected token: }",
    "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    "SyntaxError: Unexpected token: my_variable2_name9x",
    "error: expected token: IDENTIFIER, found token: SEMICOLON",
    "syntax error near unexpected token `newline'",
    '{"token":"IDENTIFIER","line":3}',
    'password authentication failed for user "app"',
    "Access denied for user 'root'@'localhost' (using password: YES)",
    "Error: Password: incorrect",
    "password: must be at least 8 characters",
    "password: Password must contain 1 digit",
    '{"password": "is too short"}',
    '{"password": "required", "token": "invalid"}',
    '{"errors":{"password":["can\'t be blank"]}}',
    "password: string; token: string",
    "interface Login { password: string, token?: string }",
    "Enter password:",
    "passwords do not match",
    "token expired",
    "The security token included in the request is expired",
    "token: expired",
    "Error: token is invalid",
    "invalid_token: The access token expired",
    "CSRF token missing or incorrect",
    "secret not found",
    'Error: secret "db-credentials-v2" not found',
    "secret: default/my-app-secret-x7k2p",
    '"secretName": "tls-cert-2026-prod1"',
    "secretKeyRef: {name: db-creds-1, key: password}",
    "  secret:\n    secretName: default-token-8x7k2",
    'MountVolume.SetUp failed for volume "kube-api-access-x7k2p" : secret "registry-cred-9" not found',
    "projects/123456/secrets/db-password/versions/latest",
    "deploy --token-file /run/secrets/token",
    "docker login --password-stdin registry.example.com:5000",
    "error: the --token flag is required",
    'error: required flag(s) "api-key" not set: use --api-key to supply one',
    "  --password PASSWORD   the password to use",
    "  --token string        token for authentication",
    "--token=<TOKEN>",
    "--max-tokens 4096 --token-ttl 3600",
    "Authorization header missing",
    "Authorization: required",
    "Authorization: Bearer <token>",
    "Authorization: Bearer ${TOKEN}",
    "Authorization: Bearer undefined",
    "authorization failed for request",
    'WWW-Authenticate: Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
    "Bearer token is malformed",
    "Bearer authentication required",
    "http://localhost:8080/health",
    "https://example.com:8443/path?x=1&y=2",
    "https://registry.npmjs.org/@babel/core/-/core-7.22.5.tgz",
    "http://localhost:3000/@vite/client",
    "http://[::1]:3000/@fs/app/main.ts",
    "ssh://git@github.com/a/b.git",
    "git+ssh://git@github.com:22/a/b.git",
    "https://my-long-organisation-name@dev.azure.com/org/project/_git/repo",
    "postgres://db:5432/app@v2",
    "postgres://app:***@db:5432/app",
    "postgres://app:$DB_PASSWORD@db/app",
    "postgresql://user:password@localhost/db",
    "contact joe.smith+ci@example.com",
    "cookie: none",
    "Cookie “session” has been rejected",
    "set-cookie: missing",
    "cookie value must not be empty",
    "invalid api key",
    "Incorrect API key provided",
    "api_key: missing",
    "api-key: required",
    "cache key: Linux-node-9fceb02d0ae598e95dc970b74767f19372d61af8",
    "Cache restored from key: v1-deps-9fceb02d0ae5",
    "key: value",
    "name: my-service\nimage: nginx:1.25.3\nport: 8080",
    "primary key: id",
    "KeyError: 'DATABASE_PASSWORD'",
    "Error: Missing required environment variable: API_TOKEN",
    "env: GITHUB_TOKEN: ***",
    "GITHUB_TOKEN=***",
    "AWS_SECRET_ACCESS_KEY: ***",
    "password=***",
    "TOKEN=${{ secrets.NPM_TOKEN }}",
    "NPM_TOKEN=$NPM_TOKEN",
    "password: ${DB_PASSWORD}",
    "password: <redacted>",
    "password=[REDACTED]",
    "password = (sensitive value)",
    "password={{ .Values.password }}",
    "PWD=/home/runner/work/app",
    "OLDPWD=/builds/group/app",
    "GOOGLE_APPLICATION_CREDENTIALS=/home/runner/gcp-key.json",
    "AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
    "SSH_PRIVATE_KEY_PATH=/root/.ssh/id_rsa",
    "ssl_certificate_key /etc/nginx/ssl/server.key;",
    "TOKEN_URL=https://auth.example.com/oauth/token",
    "token_type=bearer",
    "access_token_expires_in=3600",
    "password=None, token=null, secret=false",
    "prompt_tokens=1234 total_tokens=5678",
    '"usage": {"prompt_tokens": 1234, "completion_tokens": 567}',
    "connect(host=host, password=password, token=self.token)",
    "    token = getToken()",
    "    const token = jwt.sign(payload, process.env.JWT_SECRET)",
    '    password = os.environ["DB_PASSWORD"]',
    "    api_key=settings.API_KEY,",
    "    token = data.aws_eks_cluster_auth.main.token",
    "password = var.db_password",
    "eos_token='</s>'",
    "PASS=3 FAIL=0",
    "tests_pass=1234 tests_fail=2",
    "PASSED tests/test_token.py::test_secret_is_masked",
    "# pass: 12",
    "Compass: x",
    "Culture=neutral, PublicKeyToken=24c2f752a8e58a10",
    "clone of 'https://gitlab-ci-token:[MASKED]@gitlab.com/heron/proto.git' failed",
    "https://x-access-token:***@github.com/a/b.git",
    "403 Forbidden token=glcbt-65",
    "Incorrect API key provided: sk-proj-****abcd.",
    "Listener(address=listener.address, authkey=authkey)",
    "f(token_placement=AUTH_HEADER, _token_value=_token_value)",
    "self.password = password_from_prompt",
    "password: SecretStr",
    "print(f'password={password!r}')",
    "password=%s token=%(token)s",
    "hooks.assertion_pass = call_assertion_pass_hook",
    "tokenizers==0.15.2 secretstorage==3.3.3 passlib==1.7.4",
    "use of token::Ident in this scope",
    "docker run --user 1000:1000 curlimages/curl:8.5.0",
    "mysql -h db -u root -p",
    "mysql --protocol=tcp --port 3306",
    "docker run --name mysql -p3306:3306 mysql:8",
    "login failed: password incorrect",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYD\n-----END CERTIFICATE-----",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 joe@laptop",
    "error: no start line: Expecting: ANY PRIVATE KEY",
    "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDeajPEoJHlVMRRtSY joe@laptop (ED25519)",
    "sk-circle-fade-dot-animation-with-long-name",
    "task-0123456789abcdef0123456789abcdef01",
    "risk-assessment-for-the-whole-department-2026",
    "github_pattern_matching_is_not_a_token_at_all",
    "SG.EXAMPLE.com",
    "Mjölnir. über. İstanbul pässword",
    "password=[masked:password]",
    "[masked:github-token] [masked:private-key]",
    "",
    "\n\n",
]


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_in_colour_is_masked(name: str) -> None:
    """The letter that ends a colour is not a part of it."""
    assert TOKENS[name] not in mask_secrets(f"\x1b[1;31m{TOKENS[name]}\x1b[0m")


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_is_masked_wherever_it_stands(name: str) -> None:
    """A provider's token goes, in a sentence, in quotes, and after a sign; what stands around it stays."""
    token = TOKENS[name]
    for before, after in [("login with ", " failed"), ('"', '",'), ("(", ")"), ("x=", "\n"), ("", "")]:
        masked = mask_secrets(before + token + after)
        assert token[12:-4] not in masked
        assert masked.startswith(before + "[masked:")
        assert masked.endswith("]" + after)


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_names_its_kind(name: str) -> None:
    """No token needs a telling name beside it."""
    assert mask_secrets(TOKENS[name]).count("[masked:") == 1


@pytest.mark.parametrize("name", PLACES)
def test_a_secret_in_a_known_place_is_masked(name: str) -> None:
    """A secret without a shape of its own is found by where it stands."""
    text, secret = PLACES[name]
    assert secret in text or name in ("token header", "presigned url")
    assert "[masked:" in mask_secrets(text)
    assert secret not in mask_secrets(text)


@pytest.mark.parametrize("text", SURVIVORS)
def test_a_look_alike_survives(text: str) -> None:
    """What only resembles a secret stays as it is."""
    assert mask_secrets(text) == text


@pytest.mark.parametrize("label", _KEYS.values(), ids=_KEYS.keys())
def test_a_private_key_becomes_one_mark_and_keeps_its_lines(label: str) -> None:
    """Line numbers after a key must still be those of the source."""
    masked = mask_secrets(f"before\n-----BEGIN {label}-----\n{_BODY}\n-----END {label}-----\nafter")
    assert masked == "before\n[masked:private-key]" + "\n" * 6 + "\nafter"


@pytest.mark.parametrize("prefix", ["2026-01-01T10:00:00.123Z ", "[12:00:01] #12 0.345 ", "  | "])
def test_a_private_key_is_masked_behind_ci_prefixes(prefix: str) -> None:
    """A CI system puts something before every line of a key."""
    label = _KEYS["rsa"]
    lines = [f"-----BEGIN {label}-----", *_BODY.split("\n"), f"-----END {label}-----", "next step"]
    masked = mask_secrets("\n".join(prefix + line for line in lines))
    assert not any(line in masked for line in _BODY.split("\n"))
    assert masked.endswith(prefix + "next step")


def test_a_private_key_in_json_is_masked() -> None:
    """A Google service account holds its key in one line with escaped line feeds."""
    escaped = _BODY.replace("\n", "\\n")
    label = _KEYS["pkcs8"]
    masked = mask_secrets(
        f'{{"private_key": "-----BEGIN {label}-----\\n{escaped}\\n-----END {label}-----\\n", "x": 1}}'
    )
    assert masked == '{"private_key": "[masked:private-key]\\n", "x": 1}'


def test_a_private_key_without_its_end_is_masked() -> None:
    """Of a log cut off inside a key nothing of the key stays, and what follows does."""
    masked = mask_secrets(f"-----BEGIN {_KEYS['rsa']}-----\n{_BODY[:-21]}\nnpm ERR! code 1")
    assert masked == "[masked:private-key]" + "\n" * 4 + "\nnpm ERR! code 1"


def test_a_private_key_without_its_begin_is_masked() -> None:
    """Of the tail of a log that starts inside a key nothing of the key stays."""
    masked = mask_secrets(f"{_BODY}\n-----END {_KEYS['rsa']}-----\nnpm ERR! code 1")
    assert masked == "[masked:private-key]" + "\n" * 5 + "\nnpm ERR! code 1"


def test_a_begin_mark_in_a_message_swallows_nothing() -> None:
    """A message that quotes the mark is no key."""
    text = f"expected -----BEGIN {_KEYS['rsa']}----- in key.pem\nnpm ERR! code 1\n" + "compiling\n" * 100
    assert mask_secrets(text).endswith("in key.pem\nnpm ERR! code 1\n" + "compiling\n" * 100)


def test_two_keys_leave_what_stands_between_them() -> None:
    """Each key ends at its own end mark."""
    key = f"-----BEGIN {_KEYS['ec']}-----\n{_BODY}\n-----END {_KEYS['ec']}-----"
    assert "\nbetween\n" in mask_secrets(f"{key}\nbetween\n{key}")


def test_a_putty_key_is_masked() -> None:
    """PuTTY marks the private half by its number of lines."""
    masked = mask_secrets(f"Private-Lines: 5\n{_BODY}\nPrivate-MAC: {_hex(40)}\nnext")
    assert masked == "[masked:private-key]" + "\n" * 6 + "\nnext"


def test_several_secrets_of_one_line_are_masked() -> None:
    """One secret does not hide the next."""
    masked = mask_secrets(f"token={_OPAQUE}&password={_LOWER_PW} GITHUB_TOKEN={TOKENS['github app']} --password {_PW}")
    assert masked == (
        "token=[masked:secret]&password=[masked:password] GITHUB_TOKEN=[masked:github-token]"
        " --password [masked:password]"
    )


def test_names_and_hosts_around_a_password_stay() -> None:
    """Whoever reads the masked text can still tell which account of which host was meant."""
    assert mask_secrets(f"postgres://app:{_LOWER_PW}@db:5432/x") == "postgres://app:[masked:password]@db:5432/x"
    assert (
        mask_secrets(f"https://x-access-token:{_OPAQUE}@github.com/a/b")
        == "https://x-access-token:[masked:password]@github.com/a/b"
    )
    assert mask_secrets(f'"password": "{_LOWER_PW}",') == '"password": "[masked:password]",'


def test_a_line_that_does_not_settle_is_masked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Safety goes before what else the line may say; the next line stays."""
    monkeypatch.setattr("errclass.core.masking.masker._MAX_PASSES", 1)
    assert mask_secrets(f"see password={_PW} here\nnext") == "[masked:line]\nnext"


_SECRETS = [*TOKENS.values()]
_SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            (
                *("password", "token", "secret", "api_key", "Authorization:", "Bearer", "Basic", "--password", "pass:"),
                *("=", ":", "=>", '"', "'", '\\"', "://", "@", "&", ";", ",", "\n", "-", "--", "-p", "]", "{", "}"),
                *("curl", "mysql", "[masked:", "[masked:secret]", "***", "$X", "eyJ", "ghp_", "-----BEGIN", "-----END"),
                *(
                    "PRIVATE KEY-----",
                    "value",
                    "name",
                    "cookie:",
                    "a=b",
                    "123",
                    "Abc9",
                    "https://u:",
                    "PWD",
                    "PASSWORD=",
                ),
            )
        ),
        st.sampled_from([" ", "  ", "\t", "\r\n"]),
        st.sampled_from(_SECRETS),
        st.sampled_from([text for text, _ in PLACES.values()]),
        st.text(max_size=12),
    ),
    max_size=14,
).map("".join)


@given(_SOUP)
def test_masking_is_idempotent(text: str) -> None:
    """Masking what is masked changes nothing."""
    once = mask_secrets(text)
    assert mask_secrets(once) == once


@given(_SOUP)
def test_masking_keeps_the_number_of_lines(text: str) -> None:
    """Line numbers stay those of the source."""
    assert mask_secrets(text).count("\n") == text.count("\n")


@given(st.text(), st.sampled_from(sorted(TOKENS)), st.text(), st.sampled_from([" ", "\n", '"', "'", "\t", "(", ","]))
def test_no_token_survives_in_any_text(before: str, name: str, after: str, edge: str) -> None:
    """Whatever stands around a token, it goes."""
    assert TOKENS[name] not in mask_secrets(before + edge + TOKENS[name] + edge + after)


@given(st.text(), st.sampled_from(sorted(PLACES)), st.text())
def test_no_secret_of_a_known_place_survives_in_any_text(before: str, name: str, after: str) -> None:
    """Lines around it do not protect a secret."""
    text, secret = PLACES[name]
    assert secret not in mask_secrets(f"{before}\n{text}\n{after}") or secret in before + after


HOSTILE = [
    "eyJ",
    "eyJ-",
    "eyJaaaaaaaa.",
    "eyJaaaaaaaaa-eyJ",
    "sk-",
    "sk-a",
    "sk-ant-",
    "ghp_",
    "github_pat_",
    "glpat-.",
    "xoxb-",
    "SG.aaaaaaaaaaaaaaaa.",
    "AKIA",
    "hf_a",
    "MTaaaaaaaa",
    "MTE4a.",
    "patpat",
    "a.atlasv1.",
    "8Q~",
    "1//0",
    "$2b$",
    "$argon2i$",
    "dp.st.a",
    "AccountKey=",
    "?sig=",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n",
    "-----END PRIVATE KEY-----",
    "-----END PRIVATE KEY-----\n",
    "-----BEGIN A ",
    "-----BEGIN RSA PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
    "Private-Lines: 1",
    "password",
    "password=",
    "password: ",
    "password:",
    "password=$",
    "password={",
    "password=(",
    "password=a.",
    'password="',
    "password='a",
    'password\\"',
    "password_",
    "password_a",
    "password-access-",
    "token",
    "token ",
    "--token ",
    "token=a;",
    "token=[",
    "secret: a-",
    "secret:-a",
    "api_key",
    "api-",
    "a_pass=",
    "name: PASSWORD value",
    "PASSWORD\nvalue: ",
    "password,",
    "password> ",
    "password>a</",
    "pwd",
    "Authorization: ",
    "Authorization: Bearer ",
    "authorization: digest a=",
    "bearer ",
    "bearer a",
    "cookie: a",
    "cookie: a=",
    "curl -u ",
    "curl -u a:",
    "curl --cookie a",
    "mysql ",
    "mysql -p",
    "mysql -",
    "mariadb ",
    "sshpass -p",
    " login ",
    " login -p ",
    "redis-cli ",
    "-passin pass:",
    "login a password ",
    "\npassword a",
    "password \n",
    "jdbc:oracle:thin:",
    "sqlplus ",
    "sqlplus -s ",
    "://",
    "://a:",
    "://a:b",
    "https://a",
    "postgres://a:",
    "postgres://a:b@",
    "https://aaaaaaaaaaaaaaaaaaaa",
    "@",
    "://@",
    '"auth":"',
    "a",
    "A",
    "1",
    "a1",
    " ",
    "\n",
    "'",
    '"',
    "\\",
    "=",
    ":",
    "a=",
    "a:b ",
    "ab\n",
    "/",
    "a/",
    "-",
    ".",
    "a.",
    "_",
    "a-",
    "*",
    "\u0130",
    "postgres://a:b",
]


def test_no_text_makes_masking_slow() -> None:
    """64 KB of each hostile fragment take well under a second; a pattern in quadratic time alone would take minutes."""
    script = (
        "import sys, json\n"
        "from errclass.core.masking import mask_secrets\n"
        "for fragment in json.load(sys.stdin):\n"
        "    mask_secrets('x' + (fragment * (1 << 16))[: 1 << 16] + '@!')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(HOSTILE),
        text=True,
        timeout=120,
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
