/** Holds the style of the report's page; each verdict has a colour and a sign, so that neither is needed alone. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #16181b);
  --sheet: light-dark(#ffffff, #1e2125);
  --ink: light-dark(#1c1f23, #e8e6e1);
  --faint: light-dark(#5e646c, #9aa1aa);
  --line: light-dark(#dedbd3, #34383e);
  --pass: light-dark(#1a7f4b, #4cc38a);
  --tolerated: light-dark(#8a6100, #e0b341);
  --fail: light-dark(#b3261e, #ff7b72);
  --hang: light-dark(#8e2b8a, #e08bdc);
  --flaky: light-dark(#0b62a8, #6cb6ff);
  --not-exercised: light-dark(#6b7078, #868d96);
  font: 15px/1.45 system-ui, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
header, main { max-width: 1200px; margin: 0 auto; padding: 0 24px; }
h1 { font-size: 28px; margin: 32px 0 4px; letter-spacing: -0.01em; }
.lead { margin: 0 0 20px; color: var(--faint); }
#totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 12px; }
.total { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; }
.total h2 { font-size: 15px; margin: 0 0 8px; overflow-wrap: anywhere; }
.bar { display: flex; height: 8px; border-radius: 4px; overflow: hidden; gap: 1px; }
.bar i { display: block; min-width: 3px; background: var(--colour); }
.total p { margin: 8px 0 0; font-size: 13px; color: var(--faint); }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 24px; margin: 20px 0; }
.tools input[type="search"] { font: inherit; padding: 5px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); color: inherit; width: 230px; }
#legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 0; padding: 0; font-size: 13px; }
.sign { color: var(--colour); font-weight: 700; }
#matrix { border-collapse: separate; border-spacing: 0; width: 100%; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; margin-bottom: 48px; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--sheet); border-bottom: 2px solid var(--line); padding: 10px 12px; text-align: left; font-size: 14px; overflow-wrap: anywhere; }
thead th:first-child { border-top-left-radius: 10px; }
thead th:last-child { border-top-right-radius: 10px; }
thead th + th { text-align: center; min-width: 110px; }
#matrix tbody th { text-align: left; font-weight: 400; padding: 7px 12px; border-top: 1px solid var(--line); }
#matrix tbody td { text-align: center; padding: 3px 6px; border-top: 1px solid var(--line); }
#matrix tr.family th { background: var(--paper); font-weight: 700; font-size: 13px; padding-top: 12px; }
.id { display: block; font: 12px ui-monospace, monospace; color: var(--faint); overflow-wrap: anywhere; }
.cell { font: inherit; font-size: 13px; width: 100%; padding: 5px 8px; border: 1px solid transparent; border-radius: 6px; background: none; color: var(--colour); cursor: pointer; white-space: nowrap; }
.cell:hover { border-color: var(--colour); }
:focus-visible { outline: 2px solid var(--flaky); outline-offset: 2px; }
.cell[data-verdict="fail"], .cell[data-verdict="hang"] { background: color-mix(in srgb, var(--colour) 13%, transparent); font-weight: 700; }
[data-verdict="pass"] { --colour: var(--pass); }
[data-verdict="tolerated"] { --colour: var(--tolerated); }
[data-verdict="fail"] { --colour: var(--fail); }
[data-verdict="hang"] { --colour: var(--hang); }
[data-verdict="flaky"] { --colour: var(--flaky); }
[data-verdict="not-exercised"] { --colour: var(--not-exercised); }
dialog { width: min(920px, 94vw); max-height: 90vh; padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--sheet); color: var(--ink); }
dialog::backdrop { background: rgb(0 0 0 / 45%); }
.head { position: sticky; top: 0; display: flex; gap: 16px; align-items: flex-start; background: var(--sheet); border-bottom: 1px solid var(--line); padding: 16px 20px; z-index: 1; }
.head h2 { margin: 0; font-size: 18px; flex: 1; }
.close { font: inherit; border: 1px solid var(--line); border-radius: 8px; background: none; color: inherit; padding: 4px 12px; cursor: pointer; }
.inside { padding: 4px 20px 20px; }
.inside h3 { font-size: 14px; margin: 20px 0 6px; }
.why { color: var(--faint); }
.findings { list-style: none; margin: 0; padding: 0; }
.findings li { display: grid; grid-template-columns: 22px 1fr; padding: 6px 0; border-top: 1px solid var(--line); }
.findings small, .conduct small { color: var(--faint); }
.timeline { width: 100%; border-collapse: collapse; font-size: 13px; }
.timeline td { border-top: 1px solid var(--line); padding: 3px 8px 3px 0; vertical-align: top; }
.timeline .at { text-align: right; font-variant-numeric: tabular-nums; color: var(--faint); white-space: nowrap; width: 64px; }
.timeline .what { font-family: ui-monospace, monospace; font-size: 12px; overflow-wrap: anywhere; }
.timeline .track { width: 26%; min-width: 90px; }
.track i { display: block; position: relative; height: 6px; margin-top: 6px; border-radius: 3px; background: var(--faint); min-width: 3px; }
.timeline .shown { background: color-mix(in srgb, var(--fail) 9%, transparent); }
.fault { color: var(--tolerated); }
pre { overflow: auto; padding: 10px; border: 1px solid var(--line); border-radius: 8px; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 640px) { header, main { padding: 0 12px; } .timeline .track { display: none; } main { overflow-x: auto; } }
@media print { .tools, dialog { display: none; } thead th { position: static; } }
`;
