//! What stands below the options in the help of each command.

pub(super) const EXAMPLES: &str = "\
Examples:
  curl -si https://shop.example/ | cfblock
  curl -sSiL https://shop.example/ | cfblock --url https://shop.example/
  cfblock saved-response.txt --format json
  cfblock --body-only saved-page.html
  cfblock --policy cooperative saved-response.txt
  cfblock --for owner saved-response.txt
  cfblock explain 1020

A policy says what you are willing to do. As a file, TOML or JSON, all of it optional:
  base = \"full\"                       # or \"cooperative\": no other identity, vantage or browser
  exclude = [\"pay\"]                   # actions that are never advised
  changes = [\"ip\", \"session\"]         # what a change of identity may change
  max_wait = 3600                     # the longest wait, in seconds
  max_attempts = 3                    # how often a request is sent at most

Exit status:
  0  the site itself answered
  1  Cloudflare answered in place of the site
  2  wrong use, or the input could not be read";

pub(super) const EXPLAIN: &str = "\
Examples:
  cfblock explain 1020
  cfblock explain waiting_room
  cfblock explain slow_down
  cfblock explain targeted_null_route
  cfblock explain 502 --format json";

pub(super) const CODES: &str = "\
Examples:
  cfblock codes
  cfblock codes | grep rate_limited
  cfblock codes --format json";

pub(super) const SCAN: &str = r#"The members of a record, all of them optional:
  id           text or a number, echoed in the answer
  url          the address that was asked
  status       a number
  headers      [[name, value], …]; missing or empty: not known
  body         text, or body_base64 for bytes; missing: not known
  truncated    true if the body is only its beginning
  peer_ip      the address of the server that answered
  time         such as "2026-11-20T12:00:00Z"
  history      [{"status": 302, "location": "…"}, …], redirects that were followed
  verdict      in place of a response, if it was classified already
  pipeline, vantage    read by other commands; here only their types are checked
A member that is null counts as missing. Members with other names are ignored.

A line that is no such record is answered with
{"id": …, "error": {"line": …, "column": …, "message": …}}, and the rest goes on.

Examples:
  cfblock scan responses.jsonl > verdicts.jsonl
  zcat crawl.jsonl.gz | cfblock scan --format jsonl - | jq -c 'select(.blocked)'

Exit status:
  0  every line was answered with a verdict
  2  some lines could not be read, or the input itself could not"#;

pub(super) const DIAGNOSE: &str = "\
A record is one of `cfblock scan`, with the vantage from which it was asked:
  vantage      {network, asn, country, ip, tls_fingerprint, user_agent, http_version,
               browser, session, rate}; all optional
    network    datacenter, residential, mobile, vpn or corporate
    browser    true if a real browser asked
    rate       requests a second
    the rest   any text or number; only compared
An answer without a vantage counts, but not towards whom it hits. A record with an id and
a vantage, and neither a response nor a verdict, is a probe that could still be made.

Records of several hosts give one answer for each host; as JSON one on a line, with a first
member `host`. --host picks one. A line that cannot be read is reported on standard error
with its line and column, and the rest is diagnosed.

Examples:
  cfblock diagnose observations.jsonl
  cfblock diagnose --policy cooperative observations.jsonl
  cfblock diagnose --format json - < observations.jsonl | jq .next_probe

Exit status:
  0  diagnosed, also if the answer is `undetermined`
  2  some lines could not be read, or there was nothing to diagnose";

pub(super) const WATCH: &str = r#"A record is one of `cfblock diagnose`. Beside the response or the verdict counts:
  url          its host is what is watched; the only member that is required
  pipeline     the crawl that it belongs to; missing: "default"
  time         missing: the latest one before it, or now where none states any
  vantage      tells the pipeline's own requests from probes
A record without a response and without a verdict reports what was done about an incident:
  {"pipeline": …, "url": …, "time": …, "action": "pause_host"}. Others only let time pass.

An incident is opened when a class becomes more frequent at a host than it used to be. While
it is open, an answer from another vantage than the pipeline's usual one is a probe: it is
diagnosed and does not count for the pipeline. One that names no pipeline may be a probe for
any. Once a change of identity is advised, three answers in a row from one other vantage mean
that the pipeline has moved there: that is the action, and from then on they are its own.

An event is {event, pipeline_id, host, class, error_code, time, opened_at, responses, probes,
classification, action, recovery, timings {detect_s, act_s, recover_s, objective_met}}, with
event one of incident_opened, probe_wanted, diagnosed, recovered and given_up. Records may be
out of order: they count when they arrive, and time never runs backwards within an incident.
A line that cannot be read is reported on standard error, and the rest goes on.

Examples:
  tail -F crawl.jsonl | cfblock watch
  cfblock watch --format jsonl - < crawl.jsonl | jq -c 'select(.event == "diagnosed")'
  crawl | cfblock watch --restore state.json --save state.json

Exit status:
  0  every line was read
  2  some lines could not be read, or the input itself could not"#;

pub(super) const TICKET: &str = "\
Examples:
  curl -si https://shop.example/ | cfblock ticket --url https://shop.example/
  cfblock ticket saved-response.txt --method GET --rate 10 \\
      --purpose 'comparing public prices once a day' --contact crawler@prices.example

Exit status:
  0  the message was written
  2  there is nothing to report, wrong use, or the input could not be read";

pub(super) const ORIGIN: &str = "\
Examples:
  cfblock origin 127.0.0.1
  cfblock origin --format json 10.0.0.7 2606:4700::1
  dig +short origin.shop.example A | xargs cfblock origin

Exit status:
  0  accepted, each of them
  1  Cloudflare would refuse at least one of them
  2  something given is not an address";
