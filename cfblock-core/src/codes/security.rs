//! Refusals by a rule that prints a number: bans, lockdowns, firewall rules.

use super::{codes, docs_1xxx};

codes! {
    /// The site's owner banned the whole network (autonomous system, ASN) that
    /// your address belongs to, most often that of a hosting, VPN or proxy
    /// provider. Another address of the same network meets the same ban.
    ///
    /// Cloudflare's sources disagree whether it can be retried: a changelog said
    /// yes, after 120 seconds; the later reference counts it as a lasting denial.
    /// Where the answer itself carries `retryable`, that member decides.
    asn_banned {
        code: 1005,
        title: "Access denied: your network (ASN) is banned",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Network,
        retryable: false,
        causes: [
            "the owner banned the autonomous system that your address belongs to",
            "your address belongs to a hosting, VPN or proxy network on the owner's deny list",
        ],
        client: [
            ContactOwner "ask the owner to except your address, with the Ray ID, your address and the time: the ban covers a whole network, so an exception is easy to give",
            ChangeIdentity [Asn, Ip] "go through a network that the owner permits, because a new address inside the same network is banned as well",
            Stop "stop asking this host: every repeat from this network gets the same answer",
        ],
        owner: [
            "find the ASN rule in Security > Events by the Ray ID or the address",
            "add an allow rule for the address in IP Access rules, or lift the ban on the ASN",
        ],
        docs: docs_1xxx!("1005"),
        checked: "2026-11-20",
    }

    /// The site's owner banned your address. The sentence on the page names the
    /// address that Cloudflare saw. The pages of 1006, 1007 and 1008 are the same
    /// but for the number; no source says what sets them apart.
    ip_banned {
        code: 1006,
        title: "Access denied: your IP address is banned",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Address,
        retryable: false,
        causes: [
            "the owner banned your address",
            "the owner banned the address for what somebody else did from it: a shared exit, a proxy, a predecessor in the cloud",
        ],
        client: [
            ContactOwner "ask the owner to lift the ban, with the Ray ID, the address on the page and the time",
            ChangeIdentity [Ip] "go through another address of yours that the owner has not banned: the rule looks at the address alone",
            Stop "stop asking this host: every repeat from this address gets the same answer",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID or the address",
            "remove the block or add an allow rule in IP Access rules",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }

    /// The site's owner banned your address. The page is that of 1006 with another
    /// number, and the same document covers both.
    ip_banned_1007 {
        code: 1007,
        title: "Access denied: your IP address is banned",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Address,
        retryable: false,
        causes: [
            "the owner banned your address",
        ],
        client: [
            ContactOwner "ask the owner to lift the ban, with the Ray ID, the address on the page and the time",
            ChangeIdentity [Ip] "go through another address of yours that the owner has not banned: the rule looks at the address alone",
            Stop "stop asking this host: every repeat from this address gets the same answer",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID or the address",
            "remove the block or add an allow rule in IP Access rules",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }

    /// The site's owner banned your address. The page is that of 1006 with another
    /// number, and the same document covers both.
    ip_banned_1008 {
        code: 1008,
        title: "Access denied: your IP address is banned",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Address,
        retryable: false,
        causes: [
            "the owner banned your address",
        ],
        client: [
            ContactOwner "ask the owner to lift the ban, with the Ray ID, the address on the page and the time",
            ChangeIdentity [Ip] "go through another address of yours that the owner has not banned: the rule looks at the address alone",
            Stop "stop asking this host: every repeat from this address gets the same answer",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID or the address",
            "remove the block or add an allow rule in IP Access rules",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }

    /// The site's owner banned the country or region of your address. The
    /// sentence on the page names that country, not your address. Where you
    /// really are does not matter: Cloudflare goes by where it places the address.
    country_banned {
        code: 1009,
        title: "Access denied: your country or region is banned",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Country,
        retryable: false,
        causes: [
            "the owner banned the country or region of your address",
            "the address is placed in a country that you are not in: a proxy's exit, or a block that changed hands",
        ],
        client: [
            ContactOwner "ask the owner for an exception, with the Ray ID and the country that the page names",
            ChangeIdentity [Country] "ask from a country that the owner admits, after making sure that you may: such rules often follow licences or sanctions",
            Stop "stop asking this host: every repeat from this country gets the same answer",
        ],
        owner: [
            "review the country rules in IP Access rules and WAF custom rules",
            "add an allow rule for the visitor's address or network ahead of the country rule",
        ],
        docs: docs_1xxx!("1009"),
        checked: "2026-11-20",
    }

    /// The edge rejects what your client looks like, its signature: for the most
    /// part the User-Agent and the other headers. Browser Integrity Check, a
    /// setting of the site, does this, typically to the default User-Agent of an
    /// HTTP library. The outcome depends on the request, so the same request fails
    /// again however long you wait.
    ///
    /// Only the sentence on the page speaks of the browser's signature; the
    /// `<title>` does not. The parenthesis in it holds the Ray ID and the rule.
    browser_signature_banned {
        code: 1010,
        title: "Access denied: your browser's signature is banned",
        class: AccessDenied,
        class_note: "the edge objects to the form of the request, but by a security setting that the owner can switch off, not because the request is invalid",
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Signature,
        retryable: false,
        causes: [
            "Browser Integrity Check rejects the User-Agent, such as the default one of an HTTP library",
            "headers that browsers send are missing or odd",
            "the owner banned this User-Agent",
        ],
        client: [
            FixRequest "send a full and stable User-Agent that names your product, and ordinary Accept headers: an honest one is reported to pass, an unchanged repeat never does",
            ContactOwner "ask the owner to switch Browser Integrity Check off for the path you need, or to point you to an API, with the Ray ID",
            ChangeIdentity [UserAgent, HeaderOrder, TlsFingerprint] "use a client whose headers and TLS handshake fit its User-Agent, because a mismatch tells them apart from the browser they name",
            UseBrowser "hand the page to a real browser, whose signature is the one the check expects",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "switch Browser Integrity Check off for API paths with a configuration rule" => [1, 2],
            "review User Agent Blocking rules that name the client" => [3],
        ],
        docs: docs_1xxx!("1010"),
        checked: "2026-11-20",
    }

    /// The site protects its images against being embedded elsewhere: the request
    /// for the file carried the Referer of another site. The pages of the site
    /// itself are not affected.
    hotlinking_denied {
        code: 1011,
        title: "Access denied: hotlinking is restricted",
        class: AccessDenied,
        class_note: "a header of the request decides, but what refuses is a protection that the owner switched on",
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Page,
        retryable: false,
        causes: [
            "the file was requested with the Referer of another site",
            "your client keeps the Referer of the page where it found the link",
        ],
        client: [
            FixRequest "send no Referer for the file, or the site's own page where you really come from it",
            ContactOwner "ask the owner before you embed or copy their files: the protection says that they object",
            Stop "do not request the file again with the same Referer: the outcome is fixed",
        ],
        owner: [
            "switch Hotlink Protection off for the files that others may embed, or leave these out with a configuration rule",
        ],
        docs: docs_1xxx!("1011"),
        checked: "2026-11-20",
    }

    /// The site's owner forbids access because malicious activity was detected
    /// from your computer or network; the page suspects malware. That is all
    /// Cloudflare states. That the reputation of the address decides is a common
    /// gloss, and nothing points to the country.
    malicious_activity_ban {
        code: 1012,
        title: "Access denied: malicious activity from your computer or network",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Reputation,
        retryable: false,
        causes: [
            "malicious activity was detected from your address or network, by you or by others who share it",
            "malware on a machine behind your address",
        ],
        client: [
            Probe "look up the reputation of your address and its network and scan your machines, then ask once from a clean network: the ban follows those, not the country",
            ContactOwner "ask the owner to allow your address once it is clean, with the Ray ID",
            ChangeIdentity [Ip, Asn] "where another network gets the page, move to an address in a clean network: a neighbouring address may share the suspicion",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "find the event in Security > Events by the Ray ID and see what the address did",
            "allow the address in IP Access rules if it is harmless",
        ],
        docs: docs_1xxx!("1012"),
        checked: "2026-11-20",
    }

    /// A firewall rule of the site blocked this request. Which one, only the owner
    /// can see: a rule may look at address, country, path, headers, bot score or
    /// all of them together. The HTML page has its own layout, the only one that
    /// lists both country and data centre.
    ///
    /// Firewall Rules are deprecated. The same decision by a WAF custom rule shows
    /// the page without a number (`waf_block_page`), yet some sites still answer
    /// with 1020.
    firewall_rule_blocked {
        code: 1020,
        title: "Access denied",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a rule matched your address, network or country",
            "a rule matched the path, the query, a header or the User-Agent",
            "the bot score of your client fell below the rule's limit",
        ],
        client: [
            Probe "ask once for the same page from another network with the same client: it tells whether the rule aims at where you come from or at what you send",
            ContactOwner "send the owner the Ray ID, the time and your address: with them the rule is found in a minute",
            ChangeIdentity [TlsFingerprint, UserAgent, Session] "only once the probe shows what the rule looks at: change that and nothing else, because an unchanged repeat cannot pass",
            Stop "stop asking for this page: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "narrow the rule, or add an exception for this client ahead of it",
            "move what is left of Firewall Rules to WAF custom rules",
        ],
        docs: docs_1xxx!("1020"),
        checked: "2026-11-20",
    }

    /// The account denies everything by default, and for this host nobody has
    /// defined a Cloudflare Access application. There is no login to go to: until
    /// an administrator defines one, nobody gets in.
    access_default_deny {
        code: 1050,
        title: "Blocked by the account's default-deny policy",
        class: AccessDenied,
        class_note: "it stems from Cloudflare Access, but no sign-in is offered that could end it",
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Everybody,
        retryable: false,
        causes: [
            "Access denies by default throughout the account and no application covers this host",
            "the host is new, or its Access application was removed",
        ],
        client: [
            ContactOwner "ask the account's administrator for an Access application on this host, because there is no login to use before that",
            Stop "do not repeat the request until then: the policy refuses everybody",
        ],
        owner: [
            "define an Access application with a policy for this host",
            "or take the host out of the account's default-deny setting",
        ],
        docs: docs_1xxx!(),
        checked: "2026-11-20",
    }

    /// The site admits only listed addresses (Zone Lockdown), or its owner banned
    /// yours. The page looks like that of 1006 and does not tell which of the two
    /// it was.
    zone_lockdown_or_ip_ban {
        code: 1106,
        title: "Access denied: address not admitted",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Address,
        retryable: false,
        causes: [
            "Zone Lockdown protects this path and your address is not on its list",
            "the owner banned your address",
        ],
        client: [
            ContactOwner "ask the owner to admit your address, with the Ray ID: under a lockdown only their list opens the path",
            ChangeIdentity [Ip] "go through an address that the owner admits, such as the office or VPN exit you were given: any other is refused too",
            Stop "stop asking for this path: repeating the request cannot help",
        ],
        owner: [
            "find the event in Security > Events by the Ray ID: it tells lockdown and ban apart",
            "add the address to the Zone Lockdown rule, or allow it in IP Access rules",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }

    /// Access is denied by a ban, documented together with 1006. The numbers
    /// 1106-1109 run parallel to 1006-1009 and appear to be their twins for
    /// IPv6; that is an inference which no source confirms.
    access_denied_1107 {
        code: 1107,
        title: "Access denied",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Address,
        retryable: false,
        causes: [
            "the owner banned your address",
        ],
        client: [
            ContactOwner "ask the owner to lift the ban, with the Ray ID, your address and the time",
            ChangeIdentity [Ip] "go through another address of yours, and compare IPv4 with IPv6: the ban may hold for one of them only",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID or the address",
            "review IP Access rules and Zone Lockdown",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }

    /// Access is denied by a ban, documented together with 1006. That it is the
    /// IPv6 twin of 1008 is an inference; see `access_denied_1107`.
    access_denied_1108 {
        code: 1108,
        title: "Access denied",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Address,
        retryable: false,
        causes: [
            "the owner banned your address",
        ],
        client: [
            ContactOwner "ask the owner to lift the ban, with the Ray ID, your address and the time",
            ChangeIdentity [Ip] "go through another address of yours, and compare IPv4 with IPv6: the ban may hold for one of them only",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID or the address",
            "review IP Access rules and Zone Lockdown",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }

    /// Access is denied by a ban, documented together with 1006. By its number it
    /// would be the twin of 1009, the ban of a country, but no source says so.
    access_denied_1109 {
        code: 1109,
        title: "Access denied",
        class: AccessDenied,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        hits: Country,
        retryable: false,
        causes: [
            "the owner banned your address",
            "the owner banned your country or region, if the number runs parallel to 1009",
        ],
        client: [
            ContactOwner "ask the owner which rule it is, with the Ray ID, your address and the time: the page does not say",
            Probe "ask once over the other IP version and once from another country: it tells a ban of the address from one of the country",
            ChangeIdentity [Ip] "go through another address of yours once the probe shows that the address decides",
            Stop "stop sending this request: the same request gets the same answer until the owner changes the rule",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID or the address",
            "review IP Access rules, country rules and Zone Lockdown",
        ],
        docs: docs_1xxx!("1006"),
        checked: "2026-11-20",
    }
}
