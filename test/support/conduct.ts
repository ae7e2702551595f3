/** Reads what is found about the conduct of a world's clients. */
import type { Conduct, ShownFinding } from "../../src/control/conduct/routes.ts";
import type { TestWorld } from "./app.ts";

/** Lets the world's clock run at realistic times, so that intervals are judged. */
export async function judgeIntervals({ app, sandbox }: TestWorld): Promise<void> {
  const path = `/_fauxgen/sandboxes/${sandbox.name}`;
  await app.inject({ method: "PUT", url: path, payload: { timing: "realistic" } });
  await app.inject({ method: "POST", url: `${path}/clock/resume` });
}

export async function findingsOf({ app, sandbox }: TestWorld, query = ""): Promise<readonly ShownFinding[]> {
  const answer = await app.inject({ method: "GET", url: `/_fauxgen/sandboxes/${sandbox.name}/conduct${query}` });
  return answer.json<Conduct>().findings;
}

/** Returns each finding as its severity and id, sorted. */
export async function foundIn(world: TestWorld, query = ""): Promise<readonly string[]> {
  return (await findingsOf(world, query)).map(({ severity, id }) => `${severity} ${id}`).sort();
}
