//! Cloudflare Access: the answer asks you to sign in, or says that your sign-in is not enough.

use super::codes;

codes! {
    /// Cloudflare Access protects this address and sends you to its login: a
    /// redirect to a host under `cloudflareaccess.com`, or an answer whose
    /// `www-authenticate` begins with `Cloudflare-Access`. A wrong service token
    /// gets the same redirect wherever a policy for people exists.
    access_login_redirect {
        title: "Sign in with Cloudflare Access",
        class: SignInRequired,
        party: Client,
        status: [302],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "you are not signed in",
            "your session expired, or the CF_Authorization cookie was not sent",
            "the service token is wrong or expired, or no policy of the application accepts it",
        ],
        client: [
            SignIn "sign in with a browser and send the CF_Authorization cookie, or send a service token as CF-Access-Client-Id and CF-Access-Client-Secret",
            FixRequest "send X-Requested-With: XMLHttpRequest from programs: a missing sign-in then shows as a plain 401 instead of a redirect to HTML",
            ContactOwner "ask the owner to add you or your service token to the policy, with the Ray ID",
        ],
        owner: [
            "add the person to an Allow policy, or the token to a Service Auth policy" => [1, 3],
            "check when the service token expires" => [3],
        ],
        docs: "https://developers.cloudflare.com/cloudflare-one/access-controls/",
        checked: "2026-11-20",
    }

    /// Your client followed the redirect to Cloudflare Access and ended on the
    /// login page, with status 200. What you hold is not the content that you
    /// asked for: the final address and the history of redirects show it.
    access_login_page {
        title: "Cloudflare Access login page",
        class: SignInRequired,
        class_note: "the status says success, but the page is the login, in place of the content",
        party: Client,
        status: [200],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "you are not signed in and your client follows redirects",
            "the service token is wrong or expired, or no policy of the application accepts it",
        ],
        client: [
            SignIn "sign in with a browser and send the CF_Authorization cookie, or send a service token as CF-Access-Client-Id and CF-Access-Client-Secret",
            FixRequest "do not follow redirects to cloudflareaccess.com in programs, so that a login page is never stored as content",
            ContactOwner "ask the owner to add you or your service token to the policy",
        ],
        owner: [
            "add the person to an Allow policy, or the token to a Service Auth policy",
            "check when the service token expires" => [2],
        ],
        docs: "https://developers.cloudflare.com/cloudflare-one/access-controls/",
        checked: "2026-11-20",
    }

    /// Cloudflare Access wants a sign-in and answers 401 instead of a redirect,
    /// because the request says `X-Requested-With: XMLHttpRequest`. The header
    /// `www-authenticate: Cloudflare-Access` tells it from a 401 of the origin.
    access_xhr_401 {
        title: "401 Unauthorized (Cloudflare Access)",
        class: SignInRequired,
        party: Client,
        status: [401],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "you are not signed in, or the session expired while the page was open",
            "the service token is wrong or expired, or no policy of the application accepts it",
        ],
        client: [
            SignIn "sign in again by loading the page itself, or send a service token as CF-Access-Client-Id and CF-Access-Client-Secret",
            FixRequest "check that the script sends cookies along: without CF_Authorization every call looks signed out",
            ContactOwner "ask the owner to add you or your service token to the policy, with the Ray ID",
        ],
        owner: [
            "add the person to an Allow policy, or the token to a Service Auth policy",
            "lengthen the session if scripts outlive it" => [1],
        ],
        docs: "https://developers.cloudflare.com/cloudflare-one/access-controls/",
        checked: "2026-11-20",
    }

    /// Cloudflare Access refuses instead of offering a login. Either the
    /// application admits only service tokens and yours is missing or wrong (the
    /// headers `cf-access-aud` and `cf-access-domain` go with it), or you are
    /// signed in with an account that no policy admits.
    access_forbidden {
        title: "403 Forbidden (Cloudflare Access)",
        class: SignInRequired,
        class_note: "it refuses like `access_denied`, but valid credentials open it, and it is no security rule",
        party: SiteOwnerSecurity,
        status: [403],
        reached_origin: No,
        site: Up,
        retryable: false,
        causes: [
            "the application accepts only service tokens, and the request has none or a wrong one",
            "the service token has expired",
            "you are signed in with an account that no policy admits",
        ],
        client: [
            SignIn "send a valid service token as CF-Access-Client-Id and CF-Access-Client-Secret, or sign in with the account that was given access",
            ContactOwner "ask the owner to add the token or the account to a policy, with the Ray ID",
            Stop "do not try tokens one after the other: nothing else opens the application",
        ],
        owner: [
            "check that the token has not expired and that a Service Auth policy names it" => [1, 2],
            "add an Allow policy if people should get in" => [3],
        ],
        docs: "https://developers.cloudflare.com/cloudflare-one/access-controls/",
        checked: "2026-11-20",
    }
}
