/**
 * Sends one POST to a receiver: sends the given bytes, follows no redirect, keeps the useful part of the answer, and
 * ends after a limit of real time.
 *
 * It uses Node's own client, because header casing and order, the check of the resolved address and a fresh connection
 * are all options of it. Each attempt has a separate connection, because a delivery would be lost on a reused
 * connection that the receiver is closing.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { WallClock } from "../engine/base/clock.ts";
import type { Reception } from "../engine/delivery/delivery.ts";
import { DestinationRefused, type Destinations, type Target } from "./destinations.ts";
import { request as requestHttp } from "../platform/node-http.ts";

/** Limits on a receiver's answer: the body bytes that are kept, and the header and body bytes that are read. */
const KEPT_BYTES = 4 * 1024;
const MOST_HEADER_BYTES = 8 * 1024;
const MOST_READ_BYTES = 256 * 1024;

/** How long the rest of an answer may take after its status. */
const BODY_WAIT_MS = 1000;

/** The number of pieces of a body that is sent slowly. */
const SLOW_PIECES = 10;

export interface Outgoing {
  readonly url: string;
  /** Every header that is sent, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly timeoutMs: number;
  /** How long sending the body takes; 0 for at once. */
  readonly sendOverMs: number;
  /** Called once all bytes were passed to the system of the receiver's connection. */
  readonly onWritten: () => void;
}

export class WebhookSender {
  readonly #destinations: Destinations;
  readonly #wall: WallClock;
  readonly #isContained: boolean;

  /** `isContained` is true in a container, where localhost is the container. */
  constructor(destinations: Destinations, wall: WallClock, isContained: boolean) {
    this.#destinations = destinations;
    this.#wall = wall;
    this.#isContained = isContained;
  }

  /** Sends a request and returns its reception; never throws. An aborted `signal` ends it early. */
  async send(outgoing: Outgoing, signal: AbortSignal): Promise<Reception> {
    const began = this.#wall.now();
    const reception = await this.#attempt(outgoing, signal);
    return { ...reception, tookMs: this.#wall.now() - began };
  }

  #attempt(outgoing: Outgoing, signal: AbortSignal): Promise<Omit<Reception, "tookMs">> {
    return new Promise((resolve) => {
      let request: ClientRequest | undefined;
      let answer: PartialAnswer | undefined;
      const finish = (reception: Omit<Reception, "tookMs">): void => {
        stopGuard();
        answer?.stopWaiting();
        signal.removeEventListener("abort", abandon);
        resolve(answer === undefined ? reception : receptionOf(answer));
        request?.destroy();
      };
      const abandon = (): void => {
        finish({ ending: "timed-out", error: { code: "ABANDONED", message: "Stopped before it was answered." } });
      };
      const stopGuard = this.#wall.after(outgoing.timeoutMs, () => {
        finish({
          ending: "timed-out",
          error: { code: "TIMEOUT", message: `No answer within ${outgoing.timeoutMs} ms.` },
        });
      });
      signal.addEventListener("abort", abandon, { once: true });
      try {
        const target = this.#destinations.targetOf(outgoing.url);
        request = this.#open(outgoing, target);
        request.on("error", (error) => {
          finish(this.#failure(error, target));
        });
        request.once("finish", outgoing.onWritten);
        request.once("close", () => {
          finish({
            ending: "unreachable",
            error: { code: "CLOSED", message: "The receiver closed the connection without an answer." },
          });
        });
        request.once("response", (response) => {
          const done = (): void => {
            finish({ ending: "answered" });
          };
          answer = { response, chunks: [], bytes: 0, stopWaiting: this.#wall.after(BODY_WAIT_MS, done) };
          collect(answer, done);
        });
        this.#write(request, outgoing);
      } catch (error) {
        finish(this.#failure(error, undefined));
      }
    });
  }

  #open({ url, headers }: Outgoing, { host, port, path, isTls }: Target): ClientRequest {
    const { hostname } = new URL(url);
    const options = {
      method: "POST",
      host,
      port,
      path,
      headers: Object.fromEntries(headers),
      setHost: false,
      maxHeaderSize: MOST_HEADER_BYTES,
      agent: false,
      lookup: this.#destinations.lookup,
    };
    return isTls
      ? requestHttps({ ...options, ...(isIP(hostname) === 0 && { servername: hostname }) })
      : requestHttp(options);
  }

  #write(request: ClientRequest, { body, sendOverMs }: Outgoing): void {
    if (sendOverMs === 0) {
      request.end(body);
      return;
    }
    const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
    const pauseMs = sendOverMs / Math.max(1, Math.ceil(body.length / size) - 1);
    const writeFrom = (position: number): void => {
      if (request.destroyed) return;
      if (position >= body.length) {
        request.end();
        return;
      }
      request.write(body.subarray(position, position + size));
      this.#wall.after(pauseMs, () => {
        writeFrom(position + size);
      });
    };
    request.flushHeaders();
    writeFrom(0);
  }

  #failure(error: unknown, target: Target | undefined): Omit<Reception, "tookMs"> {
    if (error instanceof DestinationRefused)
      return { ending: "refused", error: { code: error.code, message: error.message } };
    const code = error instanceof Error && "code" in error ? String(error.code) : "FAILED";
    const message = error instanceof Error && error.message !== "" ? error.message : code;
    const remedy = remedyFor(code, target, this.#isContained);
    return {
      ending: "unreachable",
      error: { code, message: remedy === undefined ? message : `${message}. ${remedy}` },
    };
  }
}

interface PartialAnswer {
  readonly response: IncomingMessage;
  readonly chunks: Buffer[];
  bytes: number;
  readonly stopWaiting: () => void;
}

function collect(answer: PartialAnswer, done: () => void): void {
  const { response } = answer;
  response.on("data", (chunk: Buffer) => {
    answer.bytes += chunk.length;
    answer.chunks.push(chunk);
    if (answer.bytes > MOST_READ_BYTES) done();
  });
  response.once("end", done);
  response.on("error", done);
}

function receptionOf({ response, chunks, bytes }: PartialAnswer): Omit<Reception, "tookMs"> {
  return {
    ending: "answered",
    status: response.statusCode ?? 0,
    response: {
      headers: { ...response.headers },
      body: Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString("utf8"),
      isCut: bytes > KEPT_BYTES || !response.complete,
    },
  };
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127\..+|::1|0\.0\.0\.0|::)$/i;

/** Suggests a remedy for a failure that usually has one cause. */
function remedyFor(code: string, target: Target | undefined, isContained: boolean): string | undefined {
  if (target === undefined) return undefined;
  if (code === "ECONNREFUSED" && isContained && LOOPBACK.test(target.host))
    return (
      `Nothing listens on port ${target.port} of fauxgen's own container, which ${target.host} is: start the receiver there, or, ` +
      `if it runs outside the container, use host.docker.internal in the URL ` +
      `(on Linux with --add-host=host.docker.internal:host-gateway), or start fauxgen with ` +
      `--webhook-host-rewrite ${target.host}=host.docker.internal.`
    );
  if (code === "ENOTFOUND" && target.host === "host.docker.internal")
    return "On Linux, start the container with --add-host=host.docker.internal:host-gateway.";
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code))
    return "Name the receiver's certificate authority in NODE_EXTRA_CA_CERTS, or use http.";
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO")
    return "The receiver does not use TLS on this port. Use http: in the URL.";
  return undefined;
}
