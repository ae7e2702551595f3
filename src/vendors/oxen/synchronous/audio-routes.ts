/**
 * Serves the audio routes [doc: spec for `audio/generate`; the models' pages for `audio/speech` and
 * `audio/transcriptions`].
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { submitterOf } from "../../../http/request/submitter.ts";
import { transcribes } from "../catalogue.ts";
import { modelRefused } from "../errors.ts";
import { isGiven } from "../generations/sent-parameters.ts";
import { requireModel } from "../generations/submission.ts";
import { MODEL_MESSAGES } from "../model-messages.ts";
import { failures } from "../schemas.ts";
import { answerNow } from "./answer.ts";
import { audioBody, audioResponse, speechBody, transcript, transcriptionBody } from "./schemas.ts";

const tags = ["Synchronous"] as const;

export const audioRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/api/ai/audio/generate",
    {
      config: { operation: "generateAudio", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Generate audio", tags, body: audioBody, response: { 200: audioResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, { medium: "audio", documented: audioBody });
      // Only the spec shows this response, with keys in alphabetical order.
      return answer === undefined ? reply : { audios: answer.media, created: answer.created, model: answer.model };
    },
  );

  app.post(
    "/api/ai/audio/speech",
    {
      config: { operation: "generateSpeech", echoesNumbers: true, hasOpenBody: true },
      schema: { summary: "Speak a text", tags, body: speechBody, response: { 200: audioResponse, ...failures } },
    },
    async (request, reply) => {
      const answer = await answerNow(request, reply, request.body, {
        medium: "audio",
        documented: speechBody,
        // The page prints bodies with both; a body with only `input` is the usual one of such a route [inferred].
        read: ({ input, ...parameters }) => ({ ...parameters, prompt: parameters.prompt ?? input }),
      });
      // No page shows this response; it has the form of `audio/generate` [inferred].
      return answer === undefined ? reply : { audios: answer.media, created: answer.created, model: answer.model };
    },
  );

  app.post(
    "/api/ai/audio/transcriptions",
    {
      config: { operation: "transcribeAudio" },
      schema: {
        summary: "Transcribe a recording",
        tags,
        body: transcriptionBody,
        response: { 200: transcript, ...failures },
      },
    },
    async (request, reply) => {
      const { model: name, audio_url: url, ...parameters } = request.body;
      const use = { parameters, route: "text" as const };
      const { model } = requireModel(submitterOf(request, reply), name, use);
      if (!transcribes(model)) throw modelRefused(`Model ${name} does not transcribe audio.`);
      if (!isGiven(url)) throw modelRefused(MODEL_MESSAGES.field_required);
      if (typeof url !== "string" || !URL.canParse(url)) throw modelRefused(MODEL_MESSAGES.invalid_url);
      return { text: textOf(new URL(url)) };
    },
  );
};

/** Returns the words of a recording. The emulator fetches no input, so they only name it [inferred]. */
function textOf({ protocol, pathname }: URL): string {
  const file = protocol === "data:" ? undefined : pathname.split("/").filter(Boolean).at(-1);
  return `This is the emulator's transcript of ${file ?? "the recording"}.`;
}
