//! AI Crawl Control and Pay Per Crawl: what a site tells crawlers, mostly in `crawler-error`.

use super::codes;

/// The list of Pay Per Crawl's error codes.
macro_rules! docs_pay_per_crawl {
    () => {
        "https://developers.cloudflare.com/ai-crawl-control/features/pay-per-crawl/use-pay-per-crawl-as-ai-owner/error-codes/"
    };
}

codes! {
    /// The site's owner blocks this crawler: `crawler-error: CrawlerForbidden`.
    /// Paying does not change it.
    crawler_forbidden {
        title: "CrawlerForbidden",
        class: AccessDenied,
        class_note: "it comes from Pay Per Crawl, but no payment lifts it: the crawler is refused",
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the owner set this crawler to Block in AI Crawl Control",
        ],
        client: [
            Stop "leave the site out of this crawl: the owner decided against the crawler itself",
            ContactOwner "ask the owner for a licence or another way to the content, if you need it",
        ],
        owner: [
            "change the crawler's action in AI Crawl Control",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The site asks for payment, and wants to know for certain who pays: the
    /// request has no strong Web Bot Auth signature
    /// (`crawler-error: StrongAuthRequired`).
    strong_auth_required {
        title: "StrongAuthRequired",
        class: PaymentRequired,
        class_note: "the status is 400, but it is a step on the way to payment: no other form of the request gets the page free",
        party: Client,
        status: [400],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the request is not signed with Web Bot Auth",
            "it identifies the crawler by User-Agent or address only",
        ],
        client: [
            FixRequest "sign the request with Web Bot Auth under the key that you registered with Cloudflare",
            Stop "skip the page if your crawler does not take part in Pay Per Crawl: without a signature there is no way in",
        ],
        owner: [
            "set the crawler to Allow in AI Crawl Control if it should read without paying",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The Web Bot Auth signature is incomplete or does not verify
    /// (`crawler-error: InvalidSignature`). Both headers are needed, `signature`
    /// and `signature-input`.
    invalid_signature {
        title: "InvalidSignature",
        class: PaymentRequired,
        class_note: "the status is 400, but it is a step on the way to payment: no other form of the request gets the page free",
        party: Client,
        status: [400],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "signature or signature-input is missing",
            "the signature does not fit the request or the registered key",
        ],
        client: [
            FixRequest "send both signature and signature-input, made with the registered key for this very request",
            Inspect "check whether a proxy on your way changed or dropped a signed header",
        ],
        owner: [
            "set the crawler to Allow in AI Crawl Control if it should read without paying",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The price that the crawler offered cannot be read
    /// (`crawler-error: InvalidCrawlerPriceValue`).
    invalid_crawler_price_value {
        title: "InvalidCrawlerPriceValue",
        class: PaymentRequired,
        class_note: "the status is 400, but what is wrong is the offer of payment",
        party: Client,
        status: [400],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "crawler-exact-price or crawler-max-price is not of the form USD 0.01",
        ],
        client: [
            FixRequest "write the price as currency and amount, such as USD 0.01, in crawler-exact-price or crawler-max-price",
        ],
        owner: [],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The page has a price and the request offers none
    /// (`crawler-error: MissingCrawlerPrice`). The header `crawler-price` names
    /// the price, such as `USD 0.01`; a paid answer says in `crawler-charged` what
    /// it cost.
    missing_crawler_price {
        title: "MissingCrawlerPrice",
        class: PaymentRequired,
        party: Client,
        status: [402],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the owner charges this crawler, and the request offers no price",
        ],
        client: [
            Stop "skip the page: the site charges crawlers for it, and another request without a price gets the same answer",
            Pay "if your crawler is enrolled in pay per crawl (a closed beta), send crawler-exact-price with the value of crawler-price, or crawler-max-price with the most you will pay, in a request signed with Web Bot Auth",
            ContactOwner "ask the owner for a licence if you need many pages",
        ],
        owner: [
            "change the price, or set the crawler to Allow, in AI Crawl Control",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The offer was accepted, but the payment could not be made
    /// (`crawler-error: PaymentFailed`).
    payment_failed {
        title: "PaymentFailed",
        class: PaymentRequired,
        class_note: "the status is 403, but the site is willing: the payment is what failed",
        party: Client,
        status: [403],
        reached_origin: Maybe,
        site: Up,
        retryable: false,
        causes: [
            "payment is not set up, or not correctly, in your Pay Per Crawl settings",
        ],
        client: [
            PauseHost "stop paid requests until your crawler's Cloudflare account is in order: each of them fails the same way",
            Inspect "check the payment set-up of that account, and ask Cloudflare's support if it looks right: the payment failed, not the offer",
        ],
        owner: [],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The exact price that the crawler offered is not the page's price
    /// (`crawler-error: InvalidCrawlerExactPrice`). The header `crawler-price`
    /// names the present one.
    invalid_crawler_exact_price {
        title: "InvalidCrawlerExactPrice",
        class: PaymentRequired,
        party: Client,
        status: [402],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the price changed since you learnt it",
            "prices differ from page to page, and the offer was meant for another one",
        ],
        client: [
            Pay "offer in crawler-exact-price just what crawler-price of this answer says, if you accept it",
            Stop "skip the page if the price is too high: an offer that differs is refused each time",
        ],
        owner: [
            "change the price in AI Crawl Control",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The most that the crawler would pay is less than the page's price
    /// (`crawler-error: InvalidCrawlerMaxPrice`). The header `crawler-price` names
    /// that price.
    invalid_crawler_max_price {
        title: "InvalidCrawlerMaxPrice",
        class: PaymentRequired,
        party: Client,
        status: [402],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "crawler-max-price is below the page's price",
        ],
        client: [
            Pay "raise crawler-max-price to at least crawler-price of this answer, if you accept it",
            Stop "skip the page if the price is too high: a lower offer is refused each time",
        ],
        owner: [
            "change the price in AI Crawl Control",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The request offers an exact price and a maximum at once
    /// (`crawler-error: ConflictingPriceHeaders`).
    conflicting_price_headers {
        title: "ConflictingPriceHeaders",
        class: PaymentRequired,
        class_note: "the status is 400, but what is wrong is the offer of payment",
        party: Client,
        status: [400],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the request carries both crawler-exact-price and crawler-max-price",
        ],
        client: [
            FixRequest "send one of the two price headers: the exact price where you know it, else the maximum",
        ],
        owner: [],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The site's own server set a price that cannot be read
    /// (`crawler-error: InvalidContentPrice`). Nothing in the request is wrong.
    invalid_content_price {
        title: "InvalidContentPrice",
        class: PaymentRequired,
        class_note: "the status is 502 and the origin is at fault, but it answered: what is missing is a valid price",
        party: Origin,
        status: [502],
        reached_origin: Maybe,
        site: Down,
        retryable: true,
        causes: [
            "the origin sent a price that is malformed",
        ],
        client: [
            BackOff "try again later, because only a correction at the origin helps",
            ContactOwner "tell the owner which address has the broken price, with the Ray ID",
        ],
        owner: [
            "correct the price header that the origin sends, to the form USD 0.01",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// Cloudflare failed while it handled the payment
    /// (`crawler-error: InternalError`).
    crawler_internal_error {
        title: "InternalError (Pay Per Crawl)",
        class: PaymentRequired,
        class_note: "the fault is Cloudflare's, but what failed is the payment, not the page",
        party: Cloudflare,
        status: [500],
        reached_origin: Maybe,
        site: Unknown,
        retryable: true,
        causes: [
            "an error inside Pay Per Crawl",
        ],
        client: [
            BackOff "try again later and wait longer each time, and look at crawler-charged so that you notice what was billed",
        ],
        owner: [],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The answer carries a `crawler-error` that is not in Cloudflare's list as
    /// it was when this entry was checked. The value stands in the evidence.
    unknown_crawler_error {
        title: "Unknown crawler-error",
        class: PaymentRequired,
        class_note: "only Pay Per Crawl is known to send the header, so a new value most likely belongs to it",
        party: Client,
        status: [],
        reached_origin: No,
        site: Unknown,
        retryable: false,
        causes: [
            "Cloudflare added an error to Pay Per Crawl",
        ],
        client: [
            Inspect "look the value up in Cloudflare's list, and read crawler-price and the plain-text body beside it",
            Stop "do not repeat the request until you know what the value asks for",
        ],
        owner: [
            "review the crawler's action and the price in AI Crawl Control",
        ],
        docs: docs_pay_per_crawl!(),
        checked: "2026-11-20",
    }

    /// The owner blocks AI crawlers with AI Crawl Control: a rule of the WAF,
    /// which answers 403, or 402 with a plain text of the owner's. A 402 that has
    /// neither `crawler-price` nor `crawler-error` is this, or the site's own
    /// answer, but not Pay Per Crawl: there is nothing to pay.
    ai_crawl_control_block {
        title: "Blocked by AI Crawl Control",
        class: AccessDenied,
        class_note: "the status may be 402, but no price is named and no payment accepted",
        party: SiteOwnerSecurity,
        status: [403, 402],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the owner blocks this AI crawler, or all of them",
        ],
        client: [
            Stop "respect the refusal and leave the site out of this crawl",
            ContactOwner "read the body for whom to ask about a licence: many owners write it there",
        ],
        owner: [
            "allow the crawler, or set a price, in AI Crawl Control",
        ],
        docs: "https://developers.cloudflare.com/ai-crawl-control/features/manage-ai-crawlers/",
        checked: "2026-11-20",
    }
}
