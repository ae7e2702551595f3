/** Creates temporary folders of files for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Creates a folder with these files, which is removed when the test ends. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-fixtures-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The files of a fixtures folder with one valid file of each kind. */
export const usableFiles = {
  "README.md": "What it is for.",
  "vivix/models.yaml": `# yaml-language-server: $schema=http://127.0.0.1:4600/_fauxgen/schemas/vivix-models.json
- slug: my-model
  name: Mine
  category: video
  creator: me
  description: Made up by a test.
  params:
    prompt: { type: string, required: true, max_length: 20 }
  credits_band: { min: 1, max: 3 }
`,
  "scenarios/very-slow.json": `{ "$schema": "../scenario.json", "extends": "slow-job", "phases": { "queued": "2m" } }`,
  "rules.yaml": `- when: { vendor: vivix, operation: createGeneration, account: other }
  scenario: very-slow
  times: 2
- when: { vendor: sync, operation: getGeneration }
  fault: { status: 503 }
`,
  "accounts.yaml": `main:
  keys: [my-key, { key: vvx_live_mine, vendor: vivix }]
  vendors:
    vivix: { plan: pro, granted: 77 }
  endpoints:
    vivix: [{ url: "http://127.0.0.1:9/hook" }]
poor:
  vendors: { vivix: { granted: 2 } }
`,
} as const;
