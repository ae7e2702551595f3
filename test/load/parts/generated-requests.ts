/** Sends generated requests and garbage, and checks each answer and what is left behind. */
import { bombard } from "../../fuzz/bombard.ts";
import { apis } from "../../fuzz/documents.ts";
import { fire, rehearse } from "../../fuzz/fire.ts";
import { survive, type Survived } from "../../fuzz/survive.ts";
import type { LoadOptions, LoadPart, PartAccount } from "../part.ts";

/** How many generated requests run at once; a tenth of them is held for a moment. */
const FUZZ_AT_ONCE = 16;
const GARBAGE_AT_ONCE = 64;

/** The number of requests to each API, half of which warm it up. */
function shareOf({ requests, seed }: LoadOptions): { count: number; warmingUp: number; seed: number } {
  const count = Math.ceil(requests / apis.length);
  return { count, warmingUp: Math.ceil(count / 2), seed };
}

function accountOf(what: string, { violations, ...figures }: Survived): PartAccount {
  return { tried: [{ what, times: figures.sent, wrong: violations.length }], violations, figures };
}

export const generatedParts: readonly LoadPart[] = [
  ...apis.map((api): LoadPart => ({
    name: `generated-${api}`,
    title: `Generated requests: ${api}`,
    explanation:
      "Requests are generated from the OpenAPI document, valid and invalid. Each answer must have a documented shape, none may be a 5xx, and no request, connection or memory may be left behind.",
    run: async (options) =>
      accountOf(
        "generated requests",
        await survive(
          async (world, shot) => fire(world, api, shot),
          { ...shareOf(options), atOnce: FUZZ_AT_ONCE },
          (shot) => {
            rehearse(api, shot);
          },
        ),
      ),
  })),
  {
    name: "garbage",
    title: "Garbage",
    explanation:
      "Bytes that are not HTTP, or only almost, arrive on many connections. Each connection is answered or closed, and nothing is left behind.",
    run: async (options) =>
      accountOf("connections with garbage", await survive(bombard, { ...shareOf(options), atOnce: GARBAGE_AT_ONCE })),
  },
];
