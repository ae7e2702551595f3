/** Starts a server for a command, and turns expected start-up errors into failures of the command. */
import type { Config } from "../config.ts";
import { FixtureUnusable } from "../fixtures/library.ts";
import { listen, PortUnusable, type RunningServer } from "../start.ts";
import { StoreUnusable } from "../store/database.ts";
import { Failure } from "./failure.ts";

/** Starts a server. Throws {@link Failure} for problems that a user can fix. */
export async function start(config: Config): Promise<RunningServer> {
  try {
    return await listen(config);
  } catch (error) {
    if (error instanceof FixtureUnusable) throw new Failure(2, error.message, { cause: error });
    if (error instanceof StoreUnusable || error instanceof PortUnusable)
      throw new Failure(1, error.message, { cause: error });
    throw error;
  }
}
