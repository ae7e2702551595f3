/** Follows the stream of events of control. */

/** An event of control's stream, with the fields that the load tests use. */
export interface Heard {
  readonly sandbox: string;
  readonly kind: string;
  readonly vendor: string;
  readonly id: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Stream {
  readonly isOver: () => boolean;
  /** Settles when the stream ends or is left. */
  readonly ended: Promise<void>;
}

/** Follows a stream of events until it is left; resolves once the stream is open. */
export async function follow(url: string, signal: AbortSignal, hear: (heard: Heard) => void): Promise<Stream> {
  const { body } = await fetch(url, { signal });
  let isOver = false;
  const read = async (): Promise<void> => {
    let pending = "";
    for await (const part of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const lines = (pending + String(part)).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) hear(JSON.parse(line.slice(6)) as Heard);
    }
  };
  // A killed server breaks the stream.
  const ended = read()
    .catch(() => undefined)
    .finally(() => (isOver = true));
  return { isOver: () => isOver, ended };
}
