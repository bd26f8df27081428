// detect.mjs: is this a Cloudflare page?
const rules = [
  { name: "challenge", test: (t) => t.includes("_cf_chl_opt") && /cType: '(managed|interactive)'/.test(t) },
  { name: "iuam", test: (t) => t.includes('<div class="cf-browser-verification cf-im-under-attack">') },
  { name: "captcha", test: (t) => t.includes("cf-captcha-container") || t.includes("chk_captcha") },
  { name: "block", test: (t) => t.includes('<h1 data-translate="block_headline">Sorry, you have been blocked</h1>') },
  { name: "code", test: (t) => /<span class="cf-error-code">(\d+)<\/span>/.test(t) || /error code: 1020/.test(t) },
  { name: "edge", test: (t) => t.includes("<hr><center>cloudflare</center>") },
];
export const detect = (text) => rules.find((rule) => rule.test(text))?.name ?? null;
export const sample = "<title>Just a moment...</title>";
