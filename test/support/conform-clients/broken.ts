/** Breaks the sound polling client in one way each, as clients in the field are broken. */
import { clients } from "../clients/clients.ts";
import type { Surroundings } from "../clients/surroundings.ts";
import type { ClientVendor } from "../clients/vendor.ts";
import type { Render, Rendering } from "./in-process.ts";

/** Renders with the sound polling client, whose vendor or surroundings are changed. */
function changed(
  change: (rendering: Rendering) => { readonly vendor?: ClientVendor; readonly around?: Surroundings },
  kind = "polling",
): Render {
  return async (rendering) => {
    const { vendor = rendering.vendor, around = rendering.around } = change(rendering);
    await clients.get(kind)?.render(vendor, around);
  };
}

type Fetch = typeof fetch;

/** Returns the surroundings with another look at every answer. */
function seeing(
  around: Surroundings,
  look: (response: Response, ...request: Parameters<Fetch>) => Response | Promise<Response>,
) {
  const seen: Fetch = async (url, init) => look(await around.fetch(url, init), url, init);
  return { around: { ...around, fetch: seen } };
}

const isFile = (url: Parameters<Fetch>[0]): boolean => /\/_media\/|\/result|\/api\/repos\//.test(String(url));

/** Waits for the success only, so a failed job never ends. */
export const waitsForSuccess = changed(({ vendor }) => ({
  vendor: {
    ...vendor,
    stateOf: (answer) => {
      const state = vendor.stateOf(answer);
      return state.end === "failed" ? { links: [] } : state;
    },
  },
}));

/** Reads Retry-After as a number; a date is NaN to it, and it asks again at once. */
export const readsNoDates = changed(({ around }) =>
  seeing(around, (response) => {
    if (!Number.isNaN(Number(response.headers.get("retry-after") ?? "0"))) return response;
    const headers = new Headers(response.headers);
    headers.set("retry-after", "0");
    return new Response(response.body, { status: response.status, headers });
  }),
);

/** Takes no notice of a refusal: asks again at once, for as long as it lives. */
export const hammers = changed(({ vendor, around }) => ({
  vendor: { ...vendor, order: (order, unique) => ({ ...vendor.order(order, unique), uncertain: { kind: "repeat" } }) },
  around: {
    ...around,
    fetch: async (url, init) => {
      for (;;) {
        const response = await around.fetch(url, init).catch(() => undefined);
        if (response !== undefined && response.status < 400) return response;
        await around.sleep(20);
      }
    },
  },
}));

/** Orders again, without a key, whatever became of the first order. */
export const ordersAgain = changed(({ vendor }) => ({
  vendor: {
    ...vendor,
    order: (order, unique) => {
      const { path, body } = vendor.order(order, unique);
      return { path, body, uncertain: { kind: "repeat" } };
    },
  },
}));

/** Takes every answer of the API for JSON, and dies of one that is not. */
export const diesOfPages = changed(({ around, die }) =>
  seeing(around, async (response, url) => {
    if (isFile(url)) return response;
    const text = await response.text();
    try {
      JSON.parse(text);
    } catch {
      die("Unexpected token <");
    }
    return new Response(text, response);
  }),
);

/** Keeps what it got of a file, whole or not. */
export const keepsHalves = changed(({ around }) =>
  seeing(around, async (response, url) => {
    if (!isFile(url) || response.body === null) return response;
    const parts: Uint8Array[] = [];
    try {
      for await (const part of response.body) parts.push(part);
    } catch {
      // The half is as good as the whole to it.
    }
    const headers = new Headers(response.headers);
    headers.delete("content-length");
    return new Response(Buffer.concat(parts), { status: response.status, headers });
  }),
);

/** Gives up at the first connection that breaks or answer that is late. */
export const givesUp = changed(({ around, die }) => ({
  around: {
    ...around,
    fetch: async (url, init) => {
      const response = await around.fetch(url, init).catch((error: unknown) => die(String(error)));
      if (response.status >= 400) die(`Answered ${response.status}`);
      const body = await response.arrayBuffer().catch((error: unknown) => die(String(error)));
      if (!isFile(url)) await new Response(body).json().catch((error: unknown) => die(String(error)));
      return new Response(body, response);
    },
  },
}));

/** Says that all went well, whatever happened after its order. */
export const alwaysSatisfied: Render = async ({ vendor, around }) => {
  await clients
    .get("polling")
    ?.render(vendor, around)
    .catch(() => undefined);
};

/** Knows the answer to a create by its very status and the position of the id, and the answers by their very fields. */
export const readsByPosition = changed(({ vendor, around, die }) => ({
  vendor: {
    ...vendor,
    idsOf: (answer) => {
      const [first] = Object.values(answer as object) as unknown[];
      const ids = vendor.idsOf(answer);
      if (ids.length > 0 && JSON.stringify(first).includes(ids[0] ?? "")) return ids;
      return die("The first field has no id");
    },
  },
  ...seeing(around, async (response, url, init) => {
    if (isFile(url)) return response;
    if (init?.method === "POST" && response.ok && response.status !== USUAL.get(vendor.name))
      die(`Answered ${response.status}`);
    const text = await response.text();
    if (/"(?:future_field|x-beta)"/.test(text)) die("Unknown field");
    if (/"FINALIZING"|"finalizing"|"expired"/.test(text)) die("Unknown word");
    if (/\d[+]00:00"/.test(text)) die("This is not a time");
    return new Response(text, response);
  }),
}));

const USUAL: ReadonlyMap<string, number> = new Map([
  ["sync", 201],
  ["oxen", 200],
  ["affogato", 202],
  ["vivix", 201],
]);

/** Believes its own clock: an answer from another hour is a replay to it. */
export const trustsItsClock = changed(({ around, die }) =>
  seeing(around, (response) => {
    const date = Date.parse(response.headers.get("date") ?? "");
    if (Math.abs(date - Date.now()) > 5 * 60_000) die("The answer is of another time");
    return response;
  }),
);

const TODAYS_ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|gen_\w{10})$/;

/** Checks that an id has the form of today's ids. */
export const checksIds = changed(({ vendor, die }) => ({
  vendor: {
    ...vendor,
    idsOf: (answer) => {
      const ids = vendor.idsOf(answer);
      return ids.every((id) => TODAYS_ID.test(id)) ? ids : die("This is not an id");
    },
  },
}));

/** Takes every event of the stream for the end of a job, and dies of one that is not. */
export const takesEveryEvent = changed(
  ({ around, die }) =>
    seeing(around, (response, url) => {
      if (!String(url).endsWith("/api/events")) return response;
      const looking = new TransformStream<string, string>({
        transform: (text, controller) => {
          for (const [, event] of text.matchAll(/^event: (.*)$/gm))
            if (event !== "media_generation_completed") die(`There is no event ${event ?? ""}`);
          controller.enqueue(text);
        },
      });
      const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(looking);
      return new Response(body?.pipeThrough(new TextEncoderStream()), response);
    }),
  "all",
);
