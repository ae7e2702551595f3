/** Reads the event stream of a server. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { ControlClient } from "./control-client.ts";
import type { SandboxEvent } from "./documents.ts";
import type { VendorName } from "./vendor-names.ts";

export interface FollowOptions {
  /** Kinds or prefixes of kinds: `["request.", "generation.transition"]`; by default all kinds. */
  readonly kinds?: readonly string[];
  readonly vendor?: VendorName;
  readonly label?: string;
  /** Ends the stream when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Follows a stream of server-sent events until it ends or the signal is aborted. */
export async function* followEvents(
  control: ControlClient,
  path: string,
  { kinds, vendor, label, signal }: FollowOptions,
): AsyncGenerator<SandboxEvent, void> {
  const query = { kinds: kinds?.join(","), vendor, label };
  try {
    const accept = "text/event-stream";
    const answer = await control.send("GET", path, { query, accept, ...(signal !== undefined && { signal }) });
    yield* readEvents(answer.body());
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** Yields server-sent events, each a JSON document, as they arrive. */
export async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<SandboxEvent, void> {
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) yield JSON.parse(data) as SandboxEvent;
}
