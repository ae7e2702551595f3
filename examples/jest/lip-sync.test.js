import { connectFauxgen, startFauxgen } from "fauxgen";
import { lipSync } from "./lip-sync.js";

let fauxgen, sandbox;
beforeAll(async () => {
  const { FAUXGEN_URL } = process.env;
  fauxgen = FAUXGEN_URL ? await connectFauxgen(FAUXGEN_URL) : await startFauxgen();
});
afterAll(() => fauxgen.close());
beforeEach(async () => {
  sandbox = await fauxgen.sandbox(`jest-${process.env.JEST_WORKER_ID}`);
  await sandbox.reset();
});

const face = "https://media.test/face.mp4";
const voice = "https://media.test/voice.wav";

test("returns the URL of the video when it is ready", async () => {
  await sandbox.clock.freeze();
  const video = lipSync(face, voice, sandbox.sync);
  await sandbox.waiters.atLeast(1); // the request is held now
  await sandbox.clock.advance("10m");
  expect((await fetch(await video)).headers.get("content-type")).toBe("video/mp4");
});

test("throws the vendor's error when the video fails", async () => {
  await sandbox.rules.add({ when: { vendor: "sync" }, scenario: "fail" });
  await expect(lipSync(face, voice, sandbox.sync)).rejects.toThrow(/\w/);
});

test("asks the user to try again later when the vendor limits the rate", async () => {
  await sandbox.rules.add({
    when: { operation: "createGeneration" },
    fault: { rateLimit: { retryAfterSeconds: 7 } },
    times: 1,
  });
  await expect(lipSync(face, voice, sandbox.sync)).rejects.toThrow("try again later");
});
