/** What a generation can be. Vendors translate these to their own words. */
export const phases = ["queued", "processing", "succeeded", "failed", "rejected", "cancelled"] as const;

export type Phase = (typeof phases)[number];

export type TerminalPhase = Exclude<Phase, "queued" | "processing">;

/** Whether nothing comes after this phase. */
export function isTerminal(phase: Phase): phase is TerminalPhase {
  return phase !== "queued" && phase !== "processing";
}
