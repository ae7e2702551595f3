/** An app that uses the vendor's SDK with the default base URL or SYNC_BASE_URL, and prints its result. */
import { SyncClient } from "@sync.so/sdk";

const { SYNC_BASE_URL: baseUrl } = process.env;
const sync = new SyncClient({ apiKey: "fx_hard-coded_main", ...(baseUrl !== undefined && { baseUrl }) });
const { id } = await sync.generations.create({
  model: "lipsync-2",
  input: [
    { type: "video", url: "https://media.test/video.mp4" },
    { type: "audio", url: "https://media.test/audio.wav" },
  ],
});
for (;;) {
  const { status, outputUrl } = await sync.generations.get(id);
  if (status === "COMPLETED" && typeof outputUrl === "string") {
    const answer = await fetch(outputUrl);
    process.stdout.write(`${status} ${new URL(outputUrl).origin} ${answer.headers.get("content-type") ?? ""}\n`);
    break;
  }
}
