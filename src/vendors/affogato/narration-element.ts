/** `narrator`: a face speaks a script or a recording. It ignores everything else of its element [doc]. */
import type { Element } from "./element.ts";
import type { ElementContext } from "./element-context.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

const WORDS_PER_SECOND = 2.5;

export function planNarration({ narrator }: Element, { request }: ElementContext): PlannedOutput {
  const words = (narrator?.script ?? "").split(/\s+/).filter((word) => word !== "").length;
  const durationSeconds = Math.max(1, Math.ceil(words / WORDS_PER_SECOND));
  return {
    medium: "video",
    width: 1080,
    height: 1920,
    durationSeconds,
    price: priceOf(request.server.fixtures, "narrator-second", durationSeconds),
  };
}
