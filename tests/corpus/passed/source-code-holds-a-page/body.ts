import { test } from "./runner";

const PAGE = `<!DOCTYPE html>
<html><head><title>DNS points to prohibited IP | shop.example | Cloudflare</title></head>
<body><div id="cf-error-details" class="p-0"><h1><span data-translate="error">Error</span> <span>1000</span></h1></div>
<a href="https://www.cloudflare.com/5xx-error-landing">Cloudflare</a></body></html>`;

test("reads the page", () => read(PAGE));
