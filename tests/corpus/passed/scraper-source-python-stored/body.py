"""Decide whether a response is Cloudflare's."""
import re

TITLES = ("Just a moment...", "Attention Required! | Cloudflare", "Please Wait... | Cloudflare")
MARKERS = (
    'window._cf_chl_opt',
    'data-translate="block_headline"',
    'class="cf-error-code"',
    "cf-browser-verification",
    "jschl_vc", "jschl_answer", "__cf_chl_jschl_tk__=", "/cdn-cgi/l/chk_captcha",
    "<center>cloudflare</center>",
    '<div id="cf-error-details" class="cf-error-details-wrapper">',
    'form action="/cdn-cgi/phish-bypass"', 'name="atok"',
)
CODE = re.compile(r"error code: (\d{4})")


def blocked(status, headers, text):
    if headers.get("cf-mitigated") == "challenge":
        return True
    if '"cloudflare_error":true' in text:
        return True
    return status in (403, 503) and any(marker in text for marker in MARKERS)
