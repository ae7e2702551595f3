// Sends the requests of an app to each vendor of a running emulator: create, read the first state, hold if the vendor
// holds requests, read the final state, download. Usage: node docker/smoke.mjs URL. Prints a line for each passed
// check, and exits with 1 at the first failed check.
const [origin = "http://127.0.0.1:4600"] = process.argv.slice(2);
const sandbox = "smoke";

async function ask(path, { method = "GET", headers = {}, body } = {}) {
  const answer = await fetch(new URL(path, origin), {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
const control = (method, path, body) => ask(`/_fauxgen/sandboxes/${sandbox}${path}`, { method, body });

const sync = { "x-api-key": `fx_${sandbox}_main` };
const oxen = { authorization: `Bearer fx_${sandbox}_main` };
const affogato = { "x-api-key": `fx_${sandbox}_main` };
const vivix = { authorization: `Bearer vvx_live_fx_${sandbox}_main` };
const image = { model: "black-forest-labs-flux-2-klein-4b", prompt: "an ox" };

/** `create` returns an id, `read` returns its [state, url], and `hold` sends a request that is held until the end. */
const vendors = {
  sync: {
    create: async () => {
      const input = [
        { type: "video", url: "https://media.test/video.mp4" },
        { type: "audio", url: "https://media.test/audio.wav" },
      ];
      return (await ask("/v2/generate", { method: "POST", headers: sync, body: { model: "lipsync-2", input } })).id;
    },
    read: async (id) => {
      const { status, outputUrl } = await ask(`/v2/generate/${id}`, { headers: sync });
      return [status, outputUrl];
    },
    hold: async (id) => (await ask(`/v2/generate/${id}?wait=true`, { headers: sync })).outputUrl,
    states: ["PENDING", "COMPLETED"],
    type: "video/mp4",
  },
  oxen: {
    create: async () => {
      const { generations } = await ask("/api/ai/queue", { method: "POST", headers: oxen, body: image });
      return generations[0].generation_id;
    },
    read: async (id) => {
      const { status, result_url } = await ask(`/api/ai/queue/${id}`, { headers: oxen });
      return [status, result_url];
    },
    hold: async () => {
      const { images } = await ask("/api/ai/images/generate", { method: "POST", headers: oxen, body: image });
      return images[0].url;
    },
    states: ["queued", "succeeded"],
    type: "image/png",
  },
  affogato: {
    create: async () => {
      const body = [{ model: "JuggernautXL", prompt: { positive: "a cup" }, aspect_ratio: "1:1" }];
      const { data } = await ask("/pub/v1/generations", { method: "POST", headers: affogato, body });
      return data.generation_id;
    },
    read: async (id) => {
      const { data } = await ask(`/pub/v1/generations/${id}`, { headers: affogato });
      return [data.media[0].status, data.media[0].url];
    },
    states: ["pending", "success"],
    type: "image/png",
  },
  vivix: {
    create: async () => {
      const body = { model: "grok-imagine-image-quality", prompt: "a lighthouse" };
      return (await ask("/api/v1/generate", { method: "POST", headers: vivix, body })).generation_id;
    },
    read: async (id) => {
      const { status, output_url } = await ask(`/api/v1/generations/${id}`, { headers: vivix });
      return [status, output_url];
    },
    states: ["pending", "completed"],
    type: "image/jpeg",
  },
};

async function download(url, type) {
  const answer = await fetch(url);
  const bytes = (await answer.arrayBuffer()).byteLength;
  const said = answer.headers.get("content-type");
  if (!answer.ok || bytes < 100 || said.split("/")[0] !== type.split("/")[0])
    throw new Error(`${url} answered ${answer.status}, ${bytes} bytes of ${said}`);
  return `${bytes} bytes of ${said}`;
}

function expectState(name, [state, url], wanted) {
  if (state !== wanted) throw new Error(`${name} is ${state}, not ${wanted}`);
  return url;
}

await control("PUT", "", { clock: { mode: "frozen" } });
for (const [name, { create, read, hold, states, type }] of Object.entries(vendors)) {
  const id = await create();
  expectState(name, await read(id), states[0]);
  console.log(`ok   ${name}: creates, and is ${states[0]} while the clock is frozen`);
  const held = hold?.(id);
  if (held !== undefined) await control("GET", "/waiters?count=1&within=5s");
  await control("POST", "/clock/advance", { by: "10m" });
  if (held !== undefined)
    console.log(`ok   ${name}: holds a request until the end; ${await download(await held, type)}`);
  const url = expectState(name, await read(id), states[1]);
  console.log(`ok   ${name}: is ${states[1]}; ${await download(url, type)}`);
}
