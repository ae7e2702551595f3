/** Implements `fauxgen tail`, which prints a line for each event of a server, and connects again when it is lost. */
import { shownKinds } from "../client/events.ts";
import { connectFauxgen } from "../client/fauxgen.ts";
import { coloured, lineOf, plain } from "./tail-line.ts";

export interface TailOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** The sandbox to follow; undefined for all sandboxes. */
  readonly sandbox: string | undefined;
  /** Whether each line is the event as JSON. */
  readonly isJson: boolean;
  readonly isColoured: boolean;
}

/** What `tail` writes to: events, and what it says about the connection. */
export interface TailOutput {
  readonly line: (line: string) => void;
  readonly note: (note: string) => void;
}

/** Writes lines until the signal is aborted. */
export async function tail(
  { url, token, sandbox, isJson, isColoured }: TailOptions,
  signal: AbortSignal,
  { line, note }: TailOutput,
): Promise<void> {
  const fauxgen = await connectFauxgen(url, { token, within: 0 });
  let wasLost = false;
  const options = {
    kinds: shownKinds,
    signal,
    reconnects: true,
    onConnection: (isOpen: boolean) => {
      if (signal.aborted) return;
      if (!isOpen && !wasLost) note(`The connection to ${url} is lost; trying again.`);
      if (isOpen && wasLost) note(`Connected to ${url} again.`);
      wasLost = !isOpen;
    },
  };
  const events =
    sandbox === undefined
      ? fauxgen.events(options)
      : (await fauxgen.existing(sandbox)).events({ ...options, server: true });
  const paint = isColoured ? coloured : plain;
  for await (const event of events) {
    if (event.kind === "events.lost") note("Some events are lost: the server has started anew, or kept no more.");
    else line(isJson ? JSON.stringify(event) : lineOf(event, paint));
  }
}
