/**
 * Writes the report as one page: clients by cases, and the evidence of each verdict. It needs no server and no network,
 * and follows the reader's choice of light or dark.
 */
import type { Report } from "./document.ts";
import { script } from "./page-script.ts";
import { style } from "./page-style.ts";

export function htmlOf(report: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>Conformance of ${escapeHtml(report.clients.join(", "))}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Conformance</h1>
<p class="lead">What clients do when a vendor misbehaves as its documentation allows. A cell opens its evidence.</p>
<div id="totals"></div>
<div class="tools">
<label>Find <input id="find" type="search" placeholder="case, family or vendor"></label>
<label><input id="only" type="checkbox"> only what was not passed</label>
<ul id="legend"></ul>
</div>
</header>
<main><table id="matrix"></table><p id="none" hidden>No case matches.</p></main>
<dialog id="evidence" aria-labelledby="evidence-title"></dialog>
<noscript>This page shows its report with JavaScript.</noscript>
<script type="application/json" id="report">${embedded(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Returns a value as JSON that no HTML parser takes for the end of the script. */
function embedded(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
