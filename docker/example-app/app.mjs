// An app that uses the vendor's real host unless SYNC_BASE_URL is set. It creates a video, waits, and downloads it.
const base = process.env.SYNC_BASE_URL ?? "https://api.sync.so";
const headers = { "x-api-key": process.env.SYNC_API_KEY, "content-type": "application/json" };

const created = await fetch(`${base}/v2/generate`, {
  method: "POST",
  headers,
  body: JSON.stringify({
    model: "lipsync-2",
    input: [
      { type: "video", url: "https://media.test/video.mp4" },
      { type: "audio", url: "https://media.test/audio.wav" },
    ],
    webhookUrl: process.env.WEBHOOK_URL,
  }),
});
const { id } = await created.json();
const finished = await (await fetch(`${base}/v2/generate/${id}?wait=true`, { headers })).json();
const video = await (await fetch(finished.outputUrl)).arrayBuffer();
console.log(`${finished.status}: ${video.byteLength} bytes of video`);
if (finished.status !== "COMPLETED" || video.byteLength === 0) process.exit(1);
