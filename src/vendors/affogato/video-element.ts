/** `video_anyone`: an image comes to move. It ignores everything else of its element [doc]. */
import type { Element } from "./element.ts";
import type { ElementContext } from "./element-context.ts";
import type { PlannedOutput } from "./planned-output.ts";
import { priceOf } from "./pricing.ts";

/** The example's [inferred as default]. */
const DEFAULT_SECONDS = 5;

export function planVideo({ video_anyone: given }: Element, { request }: ElementContext): PlannedOutput {
  const durationSeconds = given?.duration ?? DEFAULT_SECONDS;
  return {
    medium: "video",
    width: 768,
    height: 1280,
    durationSeconds,
    price: priceOf(request.server.fixtures, "video_anyone-second", durationSeconds),
  };
}
