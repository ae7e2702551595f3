import type { ControlClient } from "./control-client.ts";
import type { SandboxEvent } from "./documents.ts";
import type { VendorName } from "./vendor-names.ts";

export interface FollowOptions {
  /** Kinds or beginnings of kinds: `["request.", "generation.transition"]`; all when absent. */
  readonly kinds?: readonly string[];
  readonly vendor?: VendorName;
  readonly label?: string;
  /** Ends it. */
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
    const { body } = await control.send("GET", path, { query, accept, ...(signal !== undefined && { signal }) });
    if (body === null) return;
    let rest = "";
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = block
          .split("\n")
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).trimStart());
        if (data.length > 0) yield JSON.parse(data.join("\n")) as SandboxEvent;
      }
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
