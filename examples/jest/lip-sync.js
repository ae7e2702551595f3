/** The app: makes a lip-sync video with sync, and returns its URL. The read is held until the video is ready. */
export async function lipSync(video, audio, { baseUrl, apiKey }) {
  const headers = { "x-api-key": apiKey, "content-type": "application/json" };
  const input = [
    { type: "video", url: video },
    { type: "audio", url: audio },
  ];
  const body = JSON.stringify({ model: "lipsync-2", input });
  const created = await fetch(`${baseUrl}/v2/generate`, { method: "POST", headers, body });
  if (created.status === 429) throw new Error("Too many at once: try again later.");
  const { id } = await created.json();
  const ended = await (await fetch(`${baseUrl}/v2/generate/${id}?wait=true`, { headers })).json();
  if (ended.status !== "COMPLETED") throw new Error(ended.error);
  return ended.outputUrl;
}
