/** The app: a page that orders a poster and shows its progress, and the page's server, which keeps vivix's key. */
import { once } from "node:events";
import { createServer } from "node:http";

const page = `<!doctype html>
<meta charset="utf-8">
<title>Posters</title>
<form><input name="prompt" aria-label="What shall be drawn?" required> <button>Draw</button></form>
<p role="status"></p>
<img alt="" hidden>
<script type="module">
  const form = document.querySelector("form");
  const status = document.querySelector("[role=status]");
  const picture = document.querySelector("img");
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  const words = { pending: "Waiting for a free machine…", processing: "Drawing…", completed: "Here it is.", failed: "This could not be drawn." };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const prompt = new FormData(form).get("prompt");
    let poster = await (await fetch("/posters", { method: "POST", body: prompt })).json();
    for (;;) {
      status.textContent = words[poster.status];
      if (poster.status === "completed" || poster.status === "failed") break;
      await pause();
      poster = await (await fetch("/posters/" + poster.generation_id)).json();
    }
    if (poster.status !== "completed") return;
    picture.src = poster.output_url;
    picture.alt = prompt;
    picture.hidden = false;
  });
</script>`;

/** Starts the app's server on a free port; `close` stops it. */
export async function startApp({ baseUrl, apiKey }) {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const server = createServer(async (request, response) => {
    if (request.url === "/") return response.setHeader("content-type", "text/html").end(page);
    const poster = /^\/posters\/([\w-]+)$/.exec(request.url)?.[1];
    let prompt = "";
    for await (const chunk of request) prompt += chunk;
    const answer =
      poster === undefined
        ? await fetch(`${baseUrl}/api/v1/generate`, {
            method: "POST",
            headers,
            body: JSON.stringify({ model: "grok-imagine-image-quality", prompt }),
          })
        : await fetch(`${baseUrl}/api/v1/generations/${poster}`, { headers });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
