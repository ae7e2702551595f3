/** Says what the files of sync's outputs show and let hear. All of them are of people who speak. */
import type { Generation } from "../../../engine/model/generation.ts";
import type { OutputCard } from "../../../media/serve/file-host.ts";
import { valueAt } from "../../../wording/value-at.ts";

/** Shows the script if the request has one, and else the names of its inputs. */
export function outputCard({ request }: Generation): OutputCard {
  const input = valueAt(request, ["input"]);
  const items: readonly unknown[] = Array.isArray(input) ? input : [];
  const script = [request, ...items].flatMap((item) => [
    valueAt(item, ["script"]),
    valueAt(item, ["provider", "script"]),
  ]);
  const names = items.map((item) => fileName(valueAt(item, ["url"])) ?? valueAt(item, ["type"]));
  const words = script.find((each) => typeof each === "string") ?? names.filter(Boolean).join(" + ");
  return { words, hasSpeech: true };
}

function fileName(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  return new URL(url).pathname.split("/").at(-1);
}
