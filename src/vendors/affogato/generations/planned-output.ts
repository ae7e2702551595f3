/** One output that an element asks for. */
import type { Failure } from "../../../engine/model/generation.ts";
import type { Resource } from "../catalogue.ts";

export interface PlannedOutput {
  readonly medium: "image" | "video";
  readonly width: number;
  readonly height: number;
  readonly durationSeconds?: number;
  /** Credits. */
  readonly price: number;
  readonly model?: string;
  readonly style?: Resource;
  /** What has it fail, whatever the scenario: a limit whose breach the vendor only notices when it runs [doc]. */
  readonly flaw?: Failure;
}
