"""Tokens that providers make recognisable: a prefix of their own and a known alphabet."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN_MIN_CHARS = 20
"""No token below is shorter, and none holds a blank."""


@dataclass(frozen=True, slots=True)
class TokenKind:
    """Describe one provider's token."""

    name: str
    hints: tuple[str, ...]
    """Literals of which every token of this kind holds at least one; empty where only the shape tells."""
    beginnings: tuple[str, ...]
    """Where only the shape tells: literals with one of which it begins, too common to be hints."""
    pattern: re.Pattern[str]


# Quantifiers are possessive or bounded and starts are anchored, so that no text makes a pattern slow. A letter may
# stand right before a token as part of an escape, as in JSON's \\n. Without the end, one token glued to the next would
# hide that one until it is masked itself.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?=\$))"
_END = r"(?![A-Za-z0-9])"


def _kind(name: str, hints: str, pattern: str, *, beginnings: str = "") -> TokenKind:
    return TokenKind(name, tuple(hints.split()), tuple(beginnings.split()), re.compile(f"{_START}(?:{pattern}){_END}"))


TOKEN_KINDS: tuple[TokenKind, ...] = (
    _kind("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    _kind("airtable-token", "", r"(?<![_\-])pat[A-Za-z0-9]{14}\.[0-9a-f]{64}", beginnings="pat"),
    _kind("alibaba-key-id", "LTAI", r"(?<![_\-])LTAI[A-Za-z0-9]{16,20}"),
    _kind("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_\-]{20,}+"),
    _kind("artifactory-token", "AKC cmVmdGtuOj", r"AKC[A-Za-z0-9]{70}|cmVmdGtuOj[A-Za-z0-9]{54}"),
    _kind("atlassian-token", "TT3x ATBB", r"AT[AC]TT3x[A-Za-z0-9_\-=]{20,}+|ATBB[A-Za-z0-9]{32}"),
    _kind("aws-bedrock-key", "ABSK", r"ABSK[A-Za-z0-9+/]{80,}+={0,2}"),
    _kind("aws-key-id", "AKIA ASIA ABIA ACCA", r"A(?:KI|SI|BI|CC)A[A-Z2-7]{16}"),
    _kind("aws-security-token", "X-Amz-Security-Token", r"(?<=X-Amz-Security-Token=)[A-Za-z0-9%+/=]{20,}+"),
    _kind("aws-signature", "X-Amz-Signature", r"(?<=X-Amz-Signature=)[0-9a-f]{64}"),
    _kind("azure-client-secret", "Q~", r"(?<![_~.])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}"),
    _kind("brevo-key", "xkeysib- xsmtpsib-", r"x(?:key|smtp)sib-[0-9a-f]{64}(?:-[A-Za-z0-9]{16})?"),
    _kind("buildkite-token", "bkua_", r"bkua_[0-9a-f]{40}"),
    _kind("circleci-token", "CCIPAT_ CCIPRJ_", r"CCIP(?:AT|RJ)_[A-Za-z0-9]{10,40}_[0-9a-f]{40}"),
    _kind("cloudflare-key", "v1.0-", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
    _kind("contentful-token", "CFPAT-", r"CFPAT-[A-Za-z0-9_\-]{40,}+"),
    _kind("crates-token", "", r"(?<![_\-])cio[A-Za-z0-9]{32}", beginnings="cio"),
    _kind("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    _kind("digitalocean-token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    _kind(
        "discord-token",
        "",
        r"(?<![_\-.])(?:M[Tjz]|N[DTjz]|O[DT])(?=[A-Za-z]{0,24}\d)[A-Za-z0-9]{21,26}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,}+",
        beginnings="MT Mj Mz ND NT Nj Nz OD OT",
    ),
    _kind(
        "discord-webhook",
        "/api/webhooks/",
        r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/webhooks/\d{5,25}/[A-Za-z0-9_\-]{20,}+",
    ),
    _kind("docker-token", "dckr_", r"dckr_(?:pat|oat)_[A-Za-z0-9_\-]{20,}+"),
    _kind(
        "doppler-token",
        "dp.",
        r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9\-_]{2,35}\.)?[A-Za-z0-9]{40,50}",
    ),
    _kind("dropbox-token", "sl.", r"(?<![_\-.])sl\.(?:u\.)?[A-Za-z0-9_\-]{130,}+"),
    _kind("dynatrace-token", "dt0", r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _kind("figma-token", "figd_ figo_ figu_", r"fig[dou]_[A-Za-z0-9_\-]{20,}+"),
    _kind("errclass-key", "errclass_", r"errclass_[0-9a-f]{12}_[A-Za-z0-9_\-]{40,}+"),
    _kind("fly-token", "fm1 fm2 fo1_", r"fm[12][ar]?_[A-Za-z0-9+/=,]{60,}+|fo1_[A-Za-z0-9_\-]{40,}+"),
    _kind(
        "github-token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"gh[pousr]_[A-Za-z0-9]{36,}+|github_pat_\w{22,}+",
    ),
    _kind(
        "gitlab-token",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct-",
        r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-(?:[A-Za-z0-9_\-]|\.(?=[A-Za-z0-9_\-])){20,}+",
    ),
    _kind(
        "google-key",
        "AIza ya29. GOCSPX- 1//0",
        r"AIza[A-Za-z0-9_\-]{35}|ya29\.[A-Za-z0-9_\-.]{20,}+|GOCSPX-[A-Za-z0-9_\-]{20,}+|1//0[A-Za-z0-9_\-]{40,}+",
    ),
    _kind(
        "grafana-token",
        "glsa_ glc_",
        r"gl(?:sa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|c_[A-Za-z0-9+/]{32,}+={0,2})",
    ),
    _kind("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{40,}+"),
    _kind("heroku-key", "HRKU-", r"HRKU-[A-Za-z0-9_\-]{36,}+"),
    _kind("huggingface-token", "hf_ api_org_", r"(?:hf|api_org)_[A-Za-z0-9]{30,60}"),
    _kind(
        "jwt",
        "eyJ",
        r"(?<![_\-])eyJ[A-Za-z0-9_\-]{8,}+\.[A-Za-z0-9_\-]{8,}+(?:\.[A-Za-z0-9_\-]*+){0,3}",
    ),
    _kind("linear-key", "lin_api_ lin_oauth_", r"lin_(?:api|oauth)_[A-Za-z0-9]{30,}+"),
    _kind("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    _kind("mailgun-key", "key-", r"(?<![_\-])key-[0-9a-f]{32}"),
    _kind("netlify-token", "nfp_", r"nfp_[A-Za-z0-9]{36,}+"),
    _kind("newrelic-key", "NRAK- NRJS- NRII- NRRA-", r"NR(?:AK|JS|II|RA)-[A-Za-z0-9\-]{18,}+"),
    _kind("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,}+"),
    _kind("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _kind("nuget-key", "oy2", r"(?<![_\-])oy2[a-z0-9]{43}"),
    _kind("onepassword-token", "ops_eyJ", r"ops_eyJ[A-Za-z0-9+/]{100,}+={0,2}"),
    _kind("openai-key", "sk-", r"(?<![_\-])sk-(?=[A-Za-z_\-]{0,200}\d)[A-Za-z0-9_\-]{32,}+"),
    _kind(
        "password-hash",
        "$2a$ $2b$ $2y$ $5$ $6$ $y$ $argon2",
        r"\$(?:2[aby]|5|6|y|argon2(?:id?|d))\$[./A-Za-z0-9+$=,]{26,}+",
    ),
    _kind("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{40,}+"),
    _kind("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_\-.]{30,}+"),
    _kind("postman-key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _kind("pulumi-token", "pul-", r"(?<![_\-])pul-[0-9a-f]{40}"),
    _kind("pypi-token", "pypi-", r"pypi-[A-Za-z0-9_\-]{50,}+"),
    _kind("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}"),
    _kind("rubygems-key", "rubygems_", r"rubygems_[0-9a-f]{48}"),
    _kind("sas-signature", "sig=", r"(?<=[?&;]sig=)[A-Za-z0-9%+/=]{20,}+"),
    _kind("sendgrid-key", "SG.", r"SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{32,}+"),
    _kind("sentry-token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9_=\-/+]{20,}+"),
    _kind("shopify-token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _kind(
        "slack-token",
        "xox xapp-",
        r"xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9\-]{15,}+|xapp-\d-[A-Za-z0-9\-]{14,}+",
    ),
    _kind(
        "slack-webhook",
        "hooks.slack",
        r"https://hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_\-]{20,}+",
    ),
    _kind("snyk-token", "snyk_", r"snyk_(?:uat|sat)\.[A-Za-z0-9]{8}\.[A-Za-z0-9_\-.]{30,}+"),
    _kind("sonar-token", "sqp_ squ_ sqa_ sqb_", r"sq[abpu]_[0-9a-f]{40}"),
    _kind(
        "square-token",
        "sq0atp- sq0csp- EAAA",
        r"sq0(?:atp|csp)-[A-Za-z0-9_\-]{22,}+|EAAA[A-Za-z0-9_\-]{60}",
    ),
    _kind("stripe-key", "_live_ _test_ whsec_", r"(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9+/]{16,}+={0,2}"),
    _kind("supabase-key", "sbp_ sb_secret_", r"sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_\-]{20,}+"),
    _kind("tailscale-key", "tskey-", r"tskey-[a-z]{2,12}-[A-Za-z0-9]{8,}+(?:-[A-Za-z0-9]{8,}+)?"),
    _kind(
        "teams-webhook",
        "webhook.office.com",
        r"https://[a-z0-9\-]{1,63}\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/\-]{20,}+",
    ),
    _kind("telegram-token", ":AA", r"\d{8,10}:AA[A-Za-z0-9_\-]{32,34}(?![_\-])"),
    _kind("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-=]{40,}+"),
    _kind("twilio-key", "", r"SK[0-9a-f]{32}", beginnings="SK"),
    _kind("typeform-token", "tfp_", r"tfp_[A-Za-z0-9_\-]{40,}+"),
    _kind("vault-token", "hvs. hvb. hvr.", r"hv[sbr]\.[A-Za-z0-9_\-]{20,}+"),
    _kind("xai-key", "xai-", r"(?<![_\-])xai-[A-Za-z0-9]{60,}+"),
)
_HINTS = tuple(sorted({hint for kind in TOKEN_KINDS for hint in kind.hints}))
_SHAPES = tuple(kind for kind in TOKEN_KINDS if not kind.hints)


def find_token_hints(text: str) -> tuple[list[str], list[re.Pattern[str]]]:
    """Return the literals and the shapes of which each line of ``text`` with a token holds one."""
    # Of a text without tokens only a few words are long enough: a hundred searches in them are cheap.
    words = _long_words(text)
    if not words:
        return [], []
    shapes = [kind.pattern for kind in _SHAPES if _holds_any(words, kind.beginnings)]
    return [hint for hint in _HINTS if hint in words], [shape for shape in shapes if shape.search(words)]


def mask_tokens(line: str) -> str:
    """Replace each token in ``line`` by a mark that names its kind."""
    if not _long_words(line):
        return line
    for kind in TOKEN_KINDS:
        if _holds_any(line, kind.hints or kind.beginnings):
            line = kind.pattern.sub(f"[masked:{kind.name}]", line)
    return line


def _long_words(text: str) -> str:
    """Return the words that are long enough to be a token, each once."""
    return " ".join({word for word in text.split() if len(word) >= TOKEN_MIN_CHARS})


def _holds_any(text: str, literals: tuple[str, ...]) -> bool:
    for literal in literals:  # noqa: SIM110 - a generator would take three times as long
        if literal in text:
            return True
    return False
