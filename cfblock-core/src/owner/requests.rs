//! Requests to Cloudflare's API, as data.

#![allow(
    clippy::indexing_slicing,
    reason = "each place comes from a search in the same bytes, so it lies within them"
)]

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::codes::Entry;
use crate::fields::{RayId, Timestamp};
use crate::verdict::Verdict;
use crate::vocab::{Class, Party};

/// Where the paths of the requests begin.
pub const API: &str = "https://api.cloudflare.com/client/v4";

/// The events of one Ray ID. The filter is spelled out, so that no name of an input type is needed.
const EVENTS: &str = "\
query EventsOfOneRay($zoneTag: string!, $rayName: string!, $since: Time!, $until: Time!) {
  viewer {
    zones(filter: { zoneTag: $zoneTag }) {
      firewallEventsAdaptive(
        filter: { rayName: $rayName, datetime_geq: $since, datetime_leq: $until }
        limit: 10
        orderBy: [datetime_DESC]
      ) {
        datetime
        rayName
        action
        source
        ruleId
        description
        clientIP
        clientAsn
        clientCountryName
        clientRequestHTTPHost
        clientRequestHTTPMethodName
        clientRequestPath
        userAgent
      }
    }
  }
}";

/// A request to Cloudflare's API, to be read, filled in and sent by the owner.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ApiRequest {
    /// What it does, and what to mind.
    pub about: String,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below [`API`].
    pub path: &'static str,
    /// The body, which is JSON.
    pub body: Option<Value>,
}

/// What is known of the client that was stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClientDetails {
    /// Its address; the page's own statement is used where this is missing.
    pub ip: Option<IpAddr>,
    /// The number of its network.
    pub asn: Option<u32>,
    /// The User-Agent header that it sends.
    pub user_agent: Option<String>,
}

impl ClientDetails {
    /// Nothing is known.
    #[must_use]
    pub const fn new() -> Self {
        Self { ip: None, asn: None, user_agent: None }
    }

    /// The client's address.
    #[must_use]
    pub const fn ip(mut self, ip: IpAddr) -> Self {
        self.ip = Some(ip);
        self
    }

    /// The number of the client's network.
    #[must_use]
    pub const fn asn(mut self, asn: u32) -> Self {
        self.asn = Some(asn);
        self
    }

    /// The User-Agent header that the client sends.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// With the address from the page, where none is given.
    pub(super) fn or_from(&self, verdict: &Verdict) -> Self {
        let shown = || verdict.client_ip.and_then(|ip| ip.address());
        Self { ip: self.ip.or_else(shown).map(|ip| ip.to_canonical()), ..self.clone() }
    }
}

/// The look-up of a Ray ID among the zone's security events.
pub(super) fn event_query(ray: RayId, time: Option<Timestamp>) -> ApiRequest {
    // The shorter plans allow a query over one day at most, so it is the day of the event.
    let day = time.map(|time| time.as_str().get(..10).unwrap_or_default().to_owned());
    let bound = |clock: &str, placeholder: &str| {
        day.as_ref().map_or_else(|| placeholder.to_owned(), |day| format!("{day}T{clock}Z"))
    };
    ApiRequest {
        about: "the events of this Ray ID: which rule, of which product, did what, and to whom".to_owned(),
        method: "POST",
        path: "/graphql",
        body: Some(json!({
            "query": EVENTS,
            "variables": {
                "zoneTag": "$ZONE_ID",
                "rayName": ray,
                "since": bound("00:00:00", "$SINCE"),
                "until": bound("23:59:59", "$UNTIL"),
            },
        })),
    }
}

/// Where the zone's custom rules are: the answer's `result.id` is `$RULESET_ID`.
pub(super) fn ruleset() -> ApiRequest {
    ApiRequest {
        about: "the ruleset that holds the zone's custom rules: result.id of the answer is $RULESET_ID"
            .to_owned(),
        method: "GET",
        path: "/zones/$ZONE_ID/rulesets/phases/http_request_firewall_custom/entrypoint",
        body: None,
    }
}

/// What a skip rule has to skip so that this entry does not come again.
fn skipped(entry: &Entry) -> Option<Value> {
    Some(match (entry.reason, entry.class) {
        ("rate_limited", _) => json!({ "phases": ["http_ratelimit"] }),
        ("browser_signature_banned", _) => json!({ "products": ["bic", "uaBlock"] }),
        ("hotlinking_denied", _) => json!({ "products": ["hot"] }),
        ("zone_lockdown_or_ip_ban", _) => json!({ "products": ["zoneLockdown"] }),
        ("firewall_rule_blocked" | "ai_crawl_control_block", _) => json!({ "ruleset": "current" }),
        ("waf_block_page", _) => json!({
            "ruleset": "current",
            "phases": ["http_request_firewall_managed", "http_request_sbfm"],
        }),
        ("waf_custom_response", _) => json!({ "ruleset": "current", "phases": ["http_ratelimit"] }),
        (_, Class::Challenge) => json!({
            "ruleset": "current",
            "phases": ["http_request_sbfm"],
            "products": ["bic", "securityLevel"],
        }),
        _ => return None,
    })
}

/// Rules that let the client skip what stopped it, the narrowest first.
pub(super) fn exceptions(
    entry: &Entry,
    ray: RayId,
    host: Option<&str>,
    client: &ClientDetails,
) -> Vec<ApiRequest> {
    let Some(skipped) = skipped(entry) else { return Vec::new() };
    let agent =
        client.user_agent.as_deref().and_then(quoted).map(|agent| format!("http.user_agent eq {agent}"));
    let mut conditions: Vec<(&str, Vec<String>)> = Vec::new();
    if let Some(ip) = client.ip {
        conditions.push(("lets this address through", vec![format!("ip.src eq {ip}")]));
    }
    if let Some(asn) = client.asn {
        let mut both = vec![format!("ip.src.asnum eq {asn}")];
        both.extend(agent.clone());
        conditions.push(("lets this network through, and everybody in it who looks the same", both));
    }
    if let (Some(agent), true) = (agent, conditions.is_empty()) {
        conditions.push(("lets everybody through who sends this User-Agent, which anybody can", vec![agent]));
    }
    let for_host = host.and_then(quoted).map(|host| format!("http.host eq {host}"));
    conditions
        .into_iter()
        .map(|(effect, mut all)| {
            all.extend(for_host.clone());
            ApiRequest {
                about: format!(
                    "{effect}; it comes first among the custom rules, and Bot Fight Mode cannot be skipped"
                ),
                method: "POST",
                path: "/zones/$ZONE_ID/rulesets/$RULESET_ID/rules",
                body: Some(json!({
                    "action": "skip",
                    "expression": format!("({})", all.join(" and ")),
                    "description": note(entry, ray),
                    "enabled": true,
                    "logging": { "enabled": true },
                    "action_parameters": skipped.clone(),
                    "position": { "index": 1 },
                })),
            }
        })
        .collect()
}

/// IP Access rules that admit the client, the narrowest first.
pub(super) fn access_rules(entry: &Entry, ray: RayId, client: &ClientDetails) -> Vec<ApiRequest> {
    let of_a_rule = matches!(entry.class, Class::AccessDenied | Class::Challenge)
        && entry.party == Party::SiteOwnerSecurity
        && !matches!(
            entry.reason,
            "hotlinking_denied"
                | "access_default_deny"
                | "crawler_forbidden"
                | "ai_crawl_control_block"
                | "waf_custom_response"
        );
    if !of_a_rule {
        return Vec::new();
    }
    let rule = |effect: &str, target: &str, value: String| ApiRequest {
        about: format!(
            "excludes {effect} from all security checks of the zone, not only the one that answered: prefer a \
             skip rule where there is one"
        ),
        method: "POST",
        path: "/zones/$ZONE_ID/firewall/access_rules/rules",
        body: Some(json!({
            "mode": "whitelist",
            "configuration": { "target": target, "value": value },
            "notes": note(entry, ray),
        })),
    };
    let by_ip = client.ip.map(|ip| {
        let target = if ip.is_ipv6() { "ip6" } else { "ip" };
        rule("this address", target, ip.to_string())
    });
    let by_asn = client.asn.map(|asn| rule("this whole network", "asn", format!("AS{asn}")));
    by_ip.into_iter().chain(by_asn).collect()
}

fn note(entry: &Entry, ray: RayId) -> String {
    match entry.code {
        Some(code) => format!("Exception after error {code}, Ray ID {ray}"),
        None => format!("Exception after {}, Ray ID {ray}", entry.reason),
    }
}

/// A text as the rules language quotes it; none for a text that no header can hold.
fn quoted(text: &str) -> Option<String> {
    let printable = (1..=512).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    printable.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
