//! Pages that ask for proof that the visitor is a browser or a person.

use super::codes;

codes! {
    /// A managed challenge: Cloudflare decides for each visitor whether a script
    /// in the background is enough or a click is needed. It is a gate, not an
    /// error. The header `cf-mitigated: challenge` states it, and the page is HTML
    /// whatever your `Accept` asks for. A plain HTTP client cannot pass it,
    /// however often it tries.
    ///
    /// A path under `/cdn-cgi/challenge-platform/` in a page proves nothing by
    /// itself, because normal pages load a script from there as well. While a
    /// browser solves the challenge, a 401 from a path with `/pat/` in it is part
    /// of the test.
    managed_challenge {
        title: "Just a moment... (managed challenge)",
        class: Challenge,
        party: SiteOwnerSecurity,
        status: [403, 503],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a WAF, bot or rate limiting rule of the site asks clients like yours for a challenge",
            "the site is in I'm Under Attack mode and challenges everybody",
            "the bot score of your client or network is low",
        ],
        client: [
            UseBrowser "let a real browser run the page and keep its cookies: cf_clearance admits later requests, reportedly only from the same address with the same User-Agent",
            Probe "ask once from another network with the same client: it tells a site that challenges everybody from a rule that means you",
            ContactOwner "ask for an API, a skip rule for your client, or admission as a verified bot with signed requests (Web Bot Auth)",
            ChangeIdentity [Asn, TlsFingerprint, UserAgent] "where another network is not challenged, change what differs there and nothing else",
            PauseHost "pause the host if you cannot use a browser: a plain HTTP client does not pass by repeating",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "skip challenges on paths that programs use, such as APIs and feeds",
            "allow verified bots ahead of the rule",
        ],
        docs: "https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/",
        checked: "2026-11-20",
    }

    /// A challenge that needs JavaScript but no click. It is the same page as a
    /// managed challenge, with `non-interactive` as its type. A browser passes in
    /// a few seconds without anybody there; a plain HTTP client does not.
    non_interactive_challenge {
        title: "Just a moment... (non-interactive challenge)",
        class: Challenge,
        party: SiteOwnerSecurity,
        status: [403, 503],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a rule of the site with the action JS Challenge matched your request",
            "the site is in I'm Under Attack mode or raised its security level",
        ],
        client: [
            UseBrowser "let a real browser run the page and keep its cookies: its script decides, and nobody has to click",
            Probe "ask once from another network with the same client: it tells a site that challenges everybody from a rule that means you",
            ContactOwner "ask for an API or a skip rule for your client, with the Ray ID",
            PauseHost "stop for a while if no browser is at hand: every repeat without one meets the same page",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "skip challenges on paths that programs use, and prefer the managed challenge",
        ],
        docs: "https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/",
        checked: "2026-11-20",
    }

    /// A challenge that needs a person: the page waits for a gesture. It is the
    /// same page as a managed challenge, with `interactive` as its type.
    interactive_challenge {
        title: "Just a moment... (interactive challenge)",
        class: Challenge,
        party: SiteOwnerSecurity,
        status: [403, 503],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a rule of the site with the action Interactive Challenge matched your request",
            "the owner wants a person in front of this path, such as a login or a checkout",
        ],
        client: [
            UseBrowser "have a person open the page in a browser and keep its cookies: without a gesture it does not pass",
            ContactOwner "ask for an API or a skip rule, with the Ray ID: a path with this challenge is not meant for programs",
            PauseHost "stop for a while if nobody is there to pass it: every repeat meets the same page",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "prefer the managed challenge, or skip the rule for paths that programs use",
        ],
        docs: "https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/",
        checked: "2026-11-20",
    }

    /// The old page of I'm Under Attack mode, "Checking your browser before
    /// accessing", with its form of `jschl_vc` and `jschl_answer` and five seconds
    /// of waiting. Sites sent it until about 2021 or 2022; today the mode shows a
    /// managed challenge. Stored crawls still hold it.
    legacy_iuam {
        title: "Checking your browser before accessing",
        class: Challenge,
        party: SiteOwnerSecurity,
        status: [503, 403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the site was in I'm Under Attack mode",
            "a rule with the action JS Challenge matched the request",
        ],
        client: [
            UseBrowser "fetch the page anew with a real browser: an answer stored with this form can no longer be submitted",
            Inspect "if it arrived today, check who sent it: Cloudflare replaced this page years ago, so it is more likely a copy",
        ],
        owner: [
            "nothing in the old page is left to configure: today's rules use the managed challenge",
        ],
        docs: "https://developers.cloudflare.com/fundamentals/reference/under-attack-mode/",
        checked: "2026-11-20",
        retired: true,
    }

    /// The old captcha page, with reCAPTCHA and later hCaptcha, under the title
    /// "Attention Required!". Sites sent it until about 2022. Today the same title
    /// stands on the WAF's block page (`waf_block_page`), so the title alone
    /// decides nothing.
    legacy_captcha {
        title: "One more step (captcha)",
        class: Challenge,
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a rule with the action Challenge matched the request",
            "the address had a poor reputation at the site's security level",
        ],
        client: [
            UseBrowser "fetch the page anew with a real browser: an answer stored with this captcha can no longer be submitted",
            Inspect "if it arrived today, check who sent it: Cloudflare replaced this page years ago, so it is more likely a copy",
        ],
        owner: [
            "nothing in the old page is left to configure: today's rules use the managed challenge",
        ],
        docs: "https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/",
        checked: "2026-11-20",
        retired: true,
    }

    /// A challenge whose kind is not known, because the body is missing, cut off
    /// or of the owner's own making. The header `cf-mitigated: challenge` or what
    /// is left of the page states that it is one.
    challenge_of_unknown_type {
        title: "Challenge of unknown type",
        class: Challenge,
        party: SiteOwnerSecurity,
        status: [403, 503],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "a rule, the bot score or I'm Under Attack mode asked for a challenge",
        ],
        client: [
            UseBrowser "let a real browser run the page and keep its cookies: most challenges pass without a click",
            Probe "ask once from another network with the same client: it tells a site that challenges everybody from a rule that means you",
            ContactOwner "ask for an API or a skip rule for your client, with the Ray ID",
            PauseHost "pause the host if you cannot use a browser: a plain HTTP client does not pass by repeating",
        ],
        owner: [
            "find the rule in Security > Events by the Ray ID",
            "skip challenges on paths that programs use, such as APIs and feeds",
        ],
        docs: "https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/",
        checked: "2026-11-20",
    }
}
