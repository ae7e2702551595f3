/** Bodies that the tests of sync send. */
export const video = { type: "video", url: "https://media.test/face.mp4" };
export const audio = { type: "audio", url: "https://media.test/speech.wav" };
export const image = { type: "image", url: "https://media.test/face.png" };
export const text = {
  type: "text",
  provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script: "Hello from a test." },
};

export const lipsync = { model: "lipsync-2", input: [video, audio] };

/** The same with a scenario marker, which sync's bodies can carry only in a URL. */
export const marked = (marker: string) => ({
  ...lipsync,
  input: [{ ...video, url: `https://media.test/fauxgen:${marker}.mp4` }, audio],
});
