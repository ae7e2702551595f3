/** The attacks that try to keep other requests waiting: each is one client's work in a sandbox of its own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fillSandbox } from "./enlarged-bundle.ts";
import { inParallel, send } from "./sending.ts";

export interface StallTarget {
  readonly url: string;
  /** Returns the part of a number that this run uses. */
  readonly count: (of: number) => number;
  readonly note: (status: number | string) => void;
}

export interface StallAttack {
  /** Makes what the attack needs; not measured. */
  readonly prepare?: (target: StallTarget) => Promise<void>;
  readonly run: (target: StallTarget) => Promise<void>;
  /** Options of the server. */
  readonly args?: readonly string[];
  /** A body of more than 4 MiB may take so much longer. */
  readonly isLargeBody?: boolean;
}

const JSON_TYPE = { "content-type": "application/json" };
const key = (sandbox: string): Record<string, string> => ({
  authorization: `Bearer fx_${sandbox}_main`,
  "x-api-key": `fx_${sandbox}_main`,
  ...JSON_TYPE,
});

const sendText = async (method: string, url: string, text = "", headers: Record<string, string> = JSON_TYPE) =>
  send(url, { method, headers }, text === "" ? [] : [Buffer.from(text)]);

const control = async (target: StallTarget, method: string, path: string, body?: unknown): Promise<void> => {
  const text = body === undefined ? "" : JSON.stringify(body);
  target.note(await sendText(method, `${target.url}/_fauxgen/sandboxes/${path}`, text));
};

const create = { model: "flux-2-dev", prompt: "a lighthouse" };

const keysOf = (count: number, length: number): string =>
  Array.from({ length: count }, (_, index) => `"${`k${index}`.padEnd(length, "_")}":${index}`).join(",");

const ruleCount = 9000;

/** Many generations, each with a receiver of its own, end at one instant. */
function webhookAttack(): StallAttack {
  const received = new Set<string>();
  let beganAt = 0;
  let lastAt = 0;
  const receiver = createServer((request, response) => {
    received.add(String(request.url));
    lastAt = performance.now();
    request.resume();
    response.end();
  });
  return {
    prepare: async (target) => {
      received.clear();
      await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
      const { port } = receiver.address() as AddressInfo;
      await control(target, "PUT", "webhooks", { clock: { mode: "frozen" }, limits: "off" });
      const input = ["video", "audio"].map((type) => ({ type, url: `https://media.test/${type}` }));
      await inParallel(target.count(10_000), 20, async (index) => {
        const webhookUrl = `http://127.0.0.1:${port}/${index}`;
        const text = JSON.stringify({ model: "lipsync-2", input, webhookUrl });
        await sendText("POST", `${target.url}/v2/generate`, text, key("webhooks"));
      });
    },
    run: async (target) => {
      beganAt = performance.now();
      await control(target, "POST", "webhooks/clock/advance", { by: "1h", settle: "60s" });
      const lost = target.count(10_000) - received.size;
      target.note(lost === 0 ? "all received" : `${lost} lost`);
      target.note(`received within ${Math.ceil((lastAt - beganAt) / 1000)} s`);
      receiver.close();
    },
  };
}

export const stallAttacks: Readonly<Record<string, StallAttack>> = {
  "regular expressions that backtrack": {
    run: async (target) => {
      for (const [index, pattern] of ["^(a+)+$", "(a|aa)+$", "^(a|a?)+$", "(x+x+)+y"].entries()) {
        const when = { body: { prompt: { $regex: pattern } } };
        await control(target, "POST", "patterns/rules", { when, scenario: "fail" });
        const letter = index === 3 ? "x" : "a";
        for (const prompt of [`${letter.repeat(41)}!`, `${letter.repeat(200_000)}!`])
          target.note(
            await sendText(
              "POST",
              `${target.url}/api/ai/queue`,
              JSON.stringify({ ...create, prompt }),
              key("patterns"),
            ),
          );
        await control(target, "POST", "patterns/requests/verify", {
          operation: "createGeneration",
          ...when,
          count: { atLeast: 1 },
        });
      }
    },
    prepare: async (target) => control(target, "PUT", "patterns"),
  },
  "paths with many wildcards": {
    prepare: async (target) => control(target, "PUT", "wildcards"),
    run: async (target) => {
      await control(target, "POST", "wildcards/rules", {
        when: { path: `${"/**".repeat(12)}/x` },
        fault: { status: 500 },
      });
      await inParallel(target.count(50), 5, async () => {
        target.note(await sendText("GET", `${target.url}/v2${"/a".repeat(200)}`, "", key("wildcards")));
      });
    },
  },
  "JSON and YAML with many keys": {
    prepare: async (target) => control(target, "PUT", "keys"),
    run: async (target) => {
      for (const keys of [4900, 20_000, 90_000]) {
        const text = `{"model":"flux-2-dev","prompt":"x","extra":{${keysOf(target.count(keys), 8)}}}`;
        target.note(await sendText("POST", `${target.url}/api/ai/queue`, text, key("keys")));
        await sendText("PUT", `${target.url}/_fauxgen/sandboxes/keys`, `{"vendors":{"oxen":{${keysOf(keys, 6)}}}}`);
      }
      const yaml = `${Array.from({ length: target.count(40_000) }, (_, index) => `k${index}: 1`).join("\n")}\n`;
      for (const text of [yaml, "- ".repeat(100_000), "[".repeat(100_000), `a: &a [${"1,".repeat(50_000)}1]\n`])
        target.note(
          await sendText("PUT", `${target.url}/_fauxgen/sandboxes/keys/scenarios/many`, text, {
            "content-type": "application/yaml",
          }),
        );
    },
  },
  "a body of 31 MiB with two million keys": {
    isLargeBody: true,
    run: async (target) => {
      const text = `{"model":"flux-2-dev","prompt":"x","extra":{${keysOf(target.count(2_000_000), 7)}}}`;
      target.note(await sendText("POST", `${target.url}/api/ai/queue`, text, key("keys")));
    },
  },
  "thousands of rules": {
    run: async (target) => {
      const rules = Array.from({ length: target.count(ruleCount) }, () => ({ when: { label: "a" }, scenario: "fail" }));
      await control(target, "PUT", "rules", { rules });
      await control(target, "GET", "rules/rules");
      await control(target, "GET", "rules/report");
      await control(target, "POST", "rules/reset");
      await control(target, "DELETE", "rules/rules");
    },
  },
  "thousands of accounts": {
    prepare: async (target) => {
      await inParallel(target.count(5000), 20, async (index) => {
        await sendText("GET", `${target.url}/v2/generations`, "", { "x-api-key": `fx_accounts_a${index}` });
      });
    },
    run: async (target) => {
      await control(target, "GET", "accounts/accounts");
      await control(target, "GET", "accounts");
      await control(target, "POST", "accounts/reset");
      await control(target, "DELETE", "accounts");
    },
  },
  "thousands of sandboxes that expire at once": {
    args: ["--sandbox-ttl", "3s"],
    prepare: async (target) => {
      await inParallel(target.count(5000), 40, async (index) => {
        await sendText("GET", `${target.url}/v2/generations`, "", { "x-api-key": `fx_idle-${index}_main` });
      });
    },
    run: async (target) => {
      for (let left = Number.POSITIVE_INFINITY, looks = 0; left > 3 && looks < 300; looks += 1) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const answer = await fetch(`${target.url}/_fauxgen/sandboxes`);
        left = ((await answer.json()) as { items: unknown[] }).items.length;
      }
      target.note("expired");
    },
  },
  "verifications over a full journal": {
    prepare: async (target) => {
      await inParallel(target.count(10_000), 20, async (index) => {
        const text = JSON.stringify({ ...create, prompt: `${"word ".repeat(100)}${index}` });
        await sendText("POST", `${target.url}/api/ai/queue`, text, key("journal"));
      });
    },
    run: async (target) => {
      const when = { operation: "createGeneration", body: { prompt: { $regex: "(word )+nothing" } } };
      for (let round = 0; round < 3; round += 1) {
        await control(target, "POST", "journal/requests/verify", { ...when, count: { atLeast: 1 } });
        await control(target, "GET", "journal/report");
        await control(target, "GET", "journal/conduct");
        await control(target, "GET", "journal/requests?limit=1000");
      }
    },
  },
  "webhooks that are due at one instant": webhookAttack(),
  "a reset and a deletion of many generations": {
    args: ["--max-generations", "1000000"],
    prepare: async (target) => {
      for (const name of ["reset", "deleted"]) target.note(await fillSandbox(target.url, name, target.count(500_000)));
    },
    run: async (target) => {
      await control(target, "POST", "reset/reset");
      await control(target, "DELETE", "deleted");
      await control(target, "GET", "reset");
      await new Promise((resolve) => setTimeout(resolve, 2000));
    },
  },
  "bundles, lists and reports of many generations": {
    prepare: async (target) => {
      target.note(await fillSandbox(target.url, "many", target.count(100_000)));
    },
    run: async (target) => {
      await control(target, "GET", "many/bundle");
      for (const path of ["many/report", "many/report?format=text", "many/generations?limit=1000", "many"])
        await control(target, "GET", path);
      target.note(await sendText("GET", `${target.url}/api/ai/queue`, "", key("many")));
      target.note(await sendText("GET", `${target.url}/api/ai/generations?page_size=100`, "", key("many")));
      target.note(await fillSandbox(target.url, "many", target.count(50_000)));
    },
  },
};
