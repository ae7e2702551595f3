/** Defines one planned output of an element. */
import type { Failure } from "../../../engine/model/generation.ts";
import type { Resource } from "../catalogue.ts";

export interface PlannedOutput {
  readonly medium: "image" | "video";
  readonly width: number;
  readonly height: number;
  readonly durationSeconds?: number;
  /** Price in credits. */
  readonly price: number;
  readonly model?: string;
  readonly style?: Resource;
  /** Failure of the output in every scenario: it breaks a limit that the vendor checks only at run time [doc]. */
  readonly flaw?: Failure;
}
