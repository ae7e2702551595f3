/** Lists the phases of a generation. Vendors translate them to their own words. */
export const phases = ["queued", "processing", "succeeded", "failed", "rejected", "cancelled"] as const;

export type Phase = (typeof phases)[number];

export type TerminalPhase = Exclude<Phase, "queued" | "processing">;

/** Whether no other phase follows this one. */
export function isTerminal(phase: Phase): phase is TerminalPhase {
  return phase !== "queued" && phase !== "processing";
}
