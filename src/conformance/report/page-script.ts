/** Holds the script of the report's page, as text, since it runs in the reader's browser and not here. */
export const script = String.raw`
const report = JSON.parse(document.getElementById("report").textContent);
const verdicts = {
  pass: ["✓", "pass", "does what a sound client does"],
  tolerated: ["~", "tolerated", "works, without what is advised"],
  fail: ["✗", "fail", "breaks, lies, or costs money"],
  hang: ["∞", "hang", "never ends"],
  flaky: ["?", "flaky", "failed, and passed when run again"],
  "not-exercised": ["–", "not exercised", "never came to the point"],
};
const resultOf = new Map(report.results.map((result) => [result.client + "\n" + result.case, result]));
const caseOf = new Map(report.cases.map((each) => [each.id, each]));

/** Makes an element; texts are never read as HTML. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

const plain = (text) => text.replaceAll(String.fromCharCode(96), "");

function showTotals() {
  document.getElementById("totals").append(
    ...report.clients.map((client) => {
      const own = report.results.filter((result) => result.client === client);
      const counts = Object.keys(verdicts)
        .map((verdict) => [verdict, own.filter((result) => result.verdict === verdict).length])
        .filter(([, count]) => count > 0);
      const bar = make("div", { class: "bar", "aria-hidden": "true" });
      for (const [verdict, count] of counts) {
        const part = make("i", { "data-verdict": verdict });
        part.style.flexGrow = count;
        bar.append(part);
      }
      const words = counts.map(([verdict, count]) => count + " " + verdicts[verdict][1]).join(", ");
      return make("section", { class: "total" }, make("h2", {}, client), bar, make("p", {}, words));
    }),
  );
  document.getElementById("legend").append(
    ...Object.entries(verdicts)
      .filter(([verdict]) => report.results.some((result) => result.verdict === verdict))
      .map(([verdict, [sign, name, meaning]]) =>
        make("li", { title: meaning, "data-verdict": verdict }, make("span", { class: "sign" }, sign), " " + name)),
  );
}

function cellOf(client, id) {
  const result = resultOf.get(client + "\n" + id);
  if (result === undefined) return make("td");
  const [sign, name] = verdicts[result.verdict];
  return make("td", {}, make("button", {
    class: "cell",
    type: "button",
    "data-verdict": result.verdict,
    "aria-label": client + ", " + id + ": " + name,
    onclick: () => { location.hash = encodeURIComponent(client) + "|" + id; },
  }, sign + " " + name + (result.isKnown ? " (known)" : "")));
}

function showMatrix() {
  const text = document.getElementById("find").value.trim().toLowerCase();
  const only = document.getElementById("only").checked;
  const shown = report.cases.filter((each) => {
    const own = report.clients.map((client) => resultOf.get(client + "\n" + each.id)?.verdict);
    const isBad = own.some((verdict) => verdict !== undefined && verdict !== "pass" && verdict !== "not-exercised");
    return (!only || isBad) && (each.id + " " + each.title).toLowerCase().includes(text);
  });
  const body = make("tbody");
  let group = "";
  for (const each of shown) {
    const name = each.vendor + ": " + each.family;
    if (name !== group) body.append(make("tr", { class: "family" }, make("th", { colspan: report.clients.length + 1, scope: "rowgroup" }, name)));
    group = name;
    body.append(make("tr", {},
      make("th", { scope: "row" }, plain(each.title), make("span", { class: "id" }, each.id)),
      ...report.clients.map((client) => cellOf(client, each.id))));
  }
  const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, shown.length + " cases"),
    ...report.clients.map((client) => make("th", { scope: "col" }, client))));
  const matrix = document.getElementById("matrix");
  matrix.replaceChildren(head, body);
  matrix.hidden = shown.length === 0;
  document.getElementById("none").hidden = shown.length > 0;
}

function timelineOf(result) {
  const relied = new Set(result.findings.filter((finding) => !finding.holds).flatMap((finding) => finding.requests));
  const whole = Math.max(1, ...result.timeline.map((row) => row.atMs + (row.tookMs ?? 0)));
  return make("table", { class: "timeline" }, make("tbody", {}, ...result.timeline.map((row) => {
    const line = make("i");
    line.style.marginLeft = (100 * row.atMs) / whole + "%";
    line.style.width = (100 * (row.tookMs ?? 0)) / whole + "%";
    const answer = row.status === undefined ? "" : " → " + (row.status ?? "no answer");
    return make("tr", { class: relied.has(row.request) ? "shown" : undefined },
      make("td", { class: "at" }, row.atMs + " ms"),
      make("td", { class: "what" }, (row.request === undefined ? "" : "#" + row.request + " ") + row.what + answer,
        row.fault === undefined ? undefined : make("span", { class: "fault" }, "  " + row.fault)),
      make("td", { class: "track" }, row.kind === "request" ? line : ""));
  })));
}

function showEvidence() {
  const dialog = document.getElementById("evidence");
  const [client, id] = decodeURIComponent(location.hash.slice(1)).split("|");
  const result = resultOf.get(client + "\n" + id);
  if (result === undefined) { if (dialog.open) dialog.close(); return; }
  const about = caseOf.get(id);
  const [sign, name, meaning] = verdicts[result.verdict];
  dialog.replaceChildren(
    make("div", { class: "head", "data-verdict": result.verdict },
      make("h2", { id: "evidence-title" }, make("span", { class: "sign" }, sign + " " + name), " " + client + ": " + plain(about.title)),
      make("button", { class: "close", type: "button", onclick: () => dialog.close() }, "Close")),
    make("div", { class: "inside" },
      make("p", {}, make("span", { class: "id" }, id), "The client " + meaning + "."),
      make("p", { class: "why" }, "Why a vendor may do this: " + plain(about.why) + "."),
      make("h3", {}, "What was expected, and what was seen"),
      make("ul", { class: "findings" }, ...result.findings.map((finding) =>
        make("li", { "data-verdict": finding.holds ? "pass" : finding.kind === "should" ? "tolerated" : finding.kind === "point" ? "not-exercised" : "fail" },
          make("span", { class: "sign" }, finding.holds ? "✓" : "✗"),
          make("span", {}, finding.expected, make("br"), make("small", {}, "Seen: " + finding.seen +
            (finding.requests.length === 0 ? "" : " (request " + finding.requests.slice(0, 12).join(", ") + ")")))))),
      ...(result.timeline.length === 0 ? [] : [make("h3", {}, "What happened"), timelineOf(result)]),
      ...(result.conduct.length === 0 ? [] : [make("h3", {}, "Conduct, which does not change the verdict"),
        make("ul", { class: "conduct" }, ...result.conduct.map((each) => make("li", {}, each.id + " ", make("small", {}, each.severity + ": " + each.what))))]),
      ...(result.printed === "" ? [] : [make("h3", {}, "What the client printed, which is not judged"), make("pre", {}, result.printed)])));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

document.getElementById("find").addEventListener("input", showMatrix);
document.getElementById("only").addEventListener("change", showMatrix);
document.getElementById("evidence").addEventListener("close", () => { history.replaceState(null, "", location.pathname + location.search); });
addEventListener("hashchange", showEvidence);
showTotals();
showMatrix();
showEvidence();
`;
