/** Parses JSON bodies, and refuses bodies that are nested too deeply or have too many values. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { exactNumbersIn, type ExactNumbers } from "../parsing/exact-numbers.ts";
import { tooManyValuesIn } from "../parsing/json-size.ts";
import { decodeJson } from "../parsing/body-encoding.ts";

/** The deepest nesting of arrays and objects in a body; limited because schemas and markers are checked recursively. */
export const MOST_JSON_LEVELS = 256;

/** The error for JSON that is nested too deeply or has too many values; it is answered like malformed JSON. */
class JsonUnfit extends Error {
  readonly statusCode = 400;
}

/** The error for a body that is not JSON. */
class NotJson extends Error {
  readonly statusCode = 400;
}

/** The longest text that is parsed once more to find its flaw, in characters. */
const LONGEST_EXPLAINED = 256 * 1024;

/** Returns what is wrong with a JSON text, and where; the framework's own error does not say it. */
function flawIn(text: string): string | undefined {
  if (text.length > LONGEST_EXPLAINED) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/ in JSON at/, " at") : undefined;
  }
}

/** Adds the JSON parser. An empty body counts as no body, so that the route's schema reports missing fields. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("remove", "remove");
  app.decorateRequest("unreadText", undefined);
  app.decorateRequest("exactNumbers", undefined);
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
    const body = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    noteSize(request, body);
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    let text: string;
    try {
      text = decodeJson(request, body);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const excess = tooManyValuesIn(text);
    if (excess !== undefined) {
      done(new JsonUnfit(`The body has too many values: ${excess}.`));
      return;
    }
    void parse(request, text, (refused, value: unknown) => {
      const error = refused === null ? null : new NotJson(`The body is not JSON: ${flawIn(text) ?? refused.message}.`);
      if (error !== null) request.unreadText = text;
      // Every level takes at least two characters.
      if (error === null && text.length > 2 * MOST_JSON_LEVELS && isDeeperThan(MOST_JSON_LEVELS, value))
        done(new JsonUnfit(`The body is nested more than ${MOST_JSON_LEVELS} levels deep.`));
      else {
        if (error === null && request.routeOptions.config.echoesNumbers === true)
          request.exactNumbers = exactNumbersIn(text);
        done(error, value);
      }
    });
  });
}

/** Notes the size of a body as received, unless the bytes were counted while they were unpacked. */
export function noteSize(request: FastifyRequest, body: Buffer): void {
  request.unpackedBytes = body.length;
  if (request.headers["content-encoding"] === undefined)
    request.bodyBytes = Number(request.headers["content-length"] ?? body.length);
}

/** Returns the value of a JSON text, or the text itself if it is not JSON or is nested too deeply. */
export function valueOrText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeperThan(MOST_JSON_LEVELS, value) ? text : value;
  } catch {
    return text;
  }
}

/** Returns whether a value is nested deeper than `levels`. Checks level by level, because recursion could overflow. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Bytes of the body after unpacking. */
    unpackedBytes: number;
    /** The text of a body that could not be parsed. */
    unreadText: string | undefined;
    /** Numbers that the route's echo writes with the digits that were sent. */
    exactNumbers: ExactNumbers | undefined;
  }
  interface FastifyContextConfig {
    /** Whether answers echo the numbers of the body with their digits. */
    echoesNumbers?: boolean;
  }
}
