/** Decodes outputs with FFmpeg, and plays them in Chromium. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { listenForTest } from "../support/server.ts";

const CHROMIUM = "/usr/bin/chromium";
const exec = promisify(execFile);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-media-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

async function ffmpeg(...args: string[]): Promise<string> {
  if (!existsSync("/usr/bin/ffmpeg")) throw new Error("ffmpeg is needed: apt-get install ffmpeg");
  const { stderr } = await exec("ffmpeg", ["-nostdin", "-hide_banner", ...args]);
  return stderr;
}

/** Starts a server, lets sync make a video, and returns the URL of the result. */
async function makeVideo(input: object, sound = true): Promise<string> {
  const { url } = await listenForTest({ timing: "instant", sound });
  const headers = { "x-api-key": "fx_film_main", "content-type": "application/json" };
  const face = { type: "video", url: "https://media.test/face.mp4" };
  const body = JSON.stringify({ model: "lipsync-2", input: [face, input] });
  const created = await fetch(`${url}/v2/generate`, { method: "POST", headers, body });
  const { id } = z.object({ id: z.string() }).parse(await created.json());
  const read = await fetch(`${url}/v2/generate/${id}?wait=true`, { headers });
  return z.object({ outputUrl: z.string() }).parse(await read.json()).outputUrl;
}

const recording = { type: "audio", url: "https://media.test/voice.wav" };

async function download(url: string): Promise<string> {
  const file = join(temporaryFolder(), "output.mp4");
  writeFileSync(file, new Uint8Array(await (await fetch(url)).arrayBuffer()));
  return file;
}

it("ffprobe reads a video's picture and sound, both as long as the file", async () => {
  const file = await download(await makeVideo(recording));
  const { stdout } = await exec("ffprobe", ["-v", "error", "-show_streams", "-show_format", "-of", "json", file]);
  const stream = z.object({ codec_name: z.string(), duration: z.string() });
  const { streams, format } = z
    .object({ streams: z.array(stream), format: z.object({ duration: z.string() }) })
    .parse(JSON.parse(stdout));
  expect(streams).toEqual([
    { codec_name: "h264", duration: "10.000000" },
    { codec_name: "aac", duration: "10.000000" },
  ]);
  expect(format.duration).toBe("10.000000");
});

it("FFmpeg decodes every picture and every sound without a warning, also from a pipe", async () => {
  const url = await makeVideo(recording);
  const file = await download(url);
  expect(await ffmpeg("-v", "warning", "-i", file, "-f", "null", "-")).toBe("");
  const { stderr } = await exec("sh", ["-c", `curl -sfL "$0" | ffmpeg -v warning -i pipe:0 -f null -`, url]);
  expect(stderr).toBe("");
});

it("FFmpeg mixes the sound of a video, which is audible where speech is due", async () => {
  const file = await download(await makeVideo(recording));
  const log = await ffmpeg("-i", file, "-filter_complex", "[0:a]volumedetect[out]", "-map", "[out]", "-f", "null", "-");
  const loudest = Number(/max_volume: (-?[\d.]+) dB/.exec(log)?.[1]);
  expect(loudest).toBeGreaterThan(-30);
  expect(loudest).toBeLessThan(-6);
  // Speech has syllables and pauses, so it is silent again and again.
  expect(
    (await ffmpeg("-i", file, "-af", "silencedetect=noise=-45dB:d=0.1", "-f", "null", "-")).match(/silence_start/g)
      ?.length,
  ).toBeGreaterThan(2);
});

it("a video without sound has no track to mix", async () => {
  const file = await download(await makeVideo(recording, false));
  const mixing = ffmpeg(
    "-v",
    "error",
    "-i",
    file,
    "-filter_complex",
    "[0:a]anull[out]",
    "-map",
    "[out]",
    "-f",
    "null",
    "-",
  );
  await expect(mixing).rejects.toThrow(/matches no streams/);
});

it("FFmpeg joins two outputs, and the result is as long as both", async () => {
  const [first, second] = [await download(await makeVideo(recording)), await download(await makeVideo(recording))];
  const joined = join(temporaryFolder(), "joined.mp4");
  const filter = "[0:v][0:a][1:v][1:a]concat=n=2:v=1:a=1[v][a]";
  await ffmpeg(
    "-v",
    "error",
    "-i",
    first,
    "-i",
    second,
    "-filter_complex",
    filter,
    "-map",
    "[v]",
    "-map",
    "[a]",
    "-preset",
    "ultrafast",
    joined,
  );
  const { stdout } = await exec("ffprobe", [
    "-v",
    "error",
    "-show_entries",
    "format=duration",
    "-of",
    "csv=p=0",
    joined,
  ]);
  expect(Math.abs(Number(stdout) - 20)).toBeLessThan(0.2);
});

/** Plays a video, and sends what the page's script saw. */
const PAGE = `<!doctype html><video muted crossorigin="anonymous"></video><script>
const report = (found) => fetch("/found", { method: "POST", body: JSON.stringify(found) });
addEventListener("unhandledrejection", ({ reason }) => report({ error: String(reason) }));
(async () => {
  const url = new URL(location).searchParams.get("video");
  const bytes = await (await fetch(url)).arrayBuffer();
  const sound = (await new OfflineAudioContext(1, 16000, 16000).decodeAudioData(bytes)).getChannelData(0);
  const video = document.querySelector("video");
  video.src = url;
  await new Promise((resolve, reject) => { video.oncanplaythrough = resolve; video.onerror = () => reject(video.error.message); });
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  const pixels = () => {
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const seek = (to) => new Promise((resolve) => { video.onseeked = resolve; video.currentTime = to; });
  await seek(1);
  const before = pixels();
  await seek(6.5);
  const after = pixels();
  await seek(0);
  await video.play();
  await new Promise((resolve) => { video.ontimeupdate = () => video.currentTime > 0.5 && resolve(); });
  report({
    width: video.videoWidth, height: video.videoHeight, duration: video.duration, played: video.currentTime,
    changed: before.filter((each, index) => Math.abs(each - after[index]) > 40).length / before.length,
    ink: before.filter((each) => each > 180).length / before.length,
    soundSeconds: sound.length / 16000, peak: sound.reduce((most, each) => Math.max(most, Math.abs(each)), 0),
  });
})();
</script>`;

const seen = z.union([
  z.object({ error: z.string() }),
  z.object({
    width: z.number(),
    height: z.number(),
    duration: z.number(),
    played: z.number(),
    changed: z.number(),
    ink: z.number(),
    soundSeconds: z.number(),
    peak: z.number(),
  }),
]);

async function playInChromium(videoUrl: string): Promise<unknown> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is needed: apt-get install chromium`);
  const pages = createServer();
  const found = new Promise<unknown>((resolve) => {
    pages.on("request", (request, response) => {
      if (request.method === "POST") void text(request).then((body) => resolve(JSON.parse(body)));
      response.setHeader("content-type", "text/html").end(PAGE);
    });
  });
  pages.listen(0, "127.0.0.1");
  await once(pages, "listening");
  const { port } = pages.address() as AddressInfo;
  const profile = temporaryFolder();
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  const page = `http://127.0.0.1:${port}/?video=${encodeURIComponent(videoUrl)}`;
  const browser = spawn(CHROMIUM, [...args, "--autoplay-policy=no-user-gesture-required", page], { stdio: "ignore" });
  try {
    return await found;
  } finally {
    browser.kill();
    await once(browser, "exit");
    pages.closeAllConnections();
    pages.close();
  }
}

it("Chromium plays a video: it shows its card, its time code moves, and it speaks", async () => {
  const found = seen.parse(await playInChromium(await makeVideo(recording)));
  expect(found).toMatchObject({ width: 1280, height: 720 });
  if ("error" in found) throw new Error(found.error);
  expect(found.duration).toBeCloseTo(10, 1);
  expect(found.played).toBeGreaterThan(0.5);
  expect(found.changed).toBeGreaterThan(0.001);
  expect(found.changed).toBeLessThan(0.1);
  expect(found.ink).toBeGreaterThan(0.02);
  expect(found.soundSeconds).toBeCloseTo(10, 1);
  expect(found.peak).toBeGreaterThan(0.03);
}, 120_000);
