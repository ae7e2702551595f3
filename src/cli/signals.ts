/** How a server is ended from outside: in order at the first signal, at once at a second. */
import { createWallClock } from "../engine/base/clock.ts";

/**
 * A terminal's Ctrl-C reaches a server that npm started twice: from the terminal, and passed on by npm. What comes
 * so close after the first signal is the same one.
 */
const SAME_SIGNAL_MS = 100;

/** Has `close` called at SIGINT or SIGTERM, and ends the process with 0 when it is done. */
export function stopOnSignal(close: () => Promise<void>): void {
  const wall = createWallClock();
  let firstAt: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (firstAt !== undefined) {
      if (wall.now() - firstAt > SAME_SIGNAL_MS) process.exit(signal === "SIGINT" ? 130 : 143);
      return;
    }
    firstAt = wall.now();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`fauxgen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
}
