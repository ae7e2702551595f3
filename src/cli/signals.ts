/** Stops a server on signals: gracefully at the first signal, immediately at the second. */
import { createWallClock } from "../engine/base/clock.ts";

/**
 * A server that npm started receives a terminal's Ctrl-C twice: from the terminal and from npm. A second signal within
 * this time counts as the same signal.
 */
const SAME_SIGNAL_MS = 100;

/** Calls `close` on SIGINT or SIGTERM, and exits with 0 when it has finished. */
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
