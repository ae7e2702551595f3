/** Kills a loaded server again and again, with and without a follower of its events. */
import { crashAgainAndAgain } from "../crash.ts";
import type { LoadPart } from "../part.ts";

const killPart = (part: Pick<LoadPart, "name" | "title">, isFollowed: boolean, why: string): LoadPart => ({
  ...part,
  explanation: `The process is killed (SIGKILL) while eight clients create, cancel and upload, and starts again with the same file. ${why} Everything acknowledged must be there, in the phase of its timeline; each end is announced once, and its webhook arrives.`,
  run: async ({ rounds, seed, cli, say }) => {
    const { violations, ...figures } = await crashAgainAndAgain({ rounds, seed, cli, say, isFollowed });
    return {
      tried: [
        { what: "kills", times: rounds, wrong: violations.length },
        { what: "acknowledged creates", times: figures.creates, wrong: 0 },
        { what: "acknowledged cancels", times: figures.cancels, wrong: 0 },
        { what: "acknowledged uploads", times: figures.uploads, wrong: 0 },
      ],
      violations,
      figures,
    };
  },
});

export const killParts: readonly LoadPart[] = [
  killPart(
    { name: "kills-followed", title: "Kills while a client follows the events" },
    true,
    "Every write has its own commit then.",
  ),
  killPart(
    { name: "kills-grouped", title: "Kills while requests share commits" },
    false,
    "Without a follower, the writes of several requests share a commit.",
  ),
];
