/** Names the events that the board asks a server for. */

/** The events that change the page. The arrival of a request is not among them: its end says more. */
export const eventKinds = [
  "request.finished",
  "request.unassigned",
  "generation.",
  "waiter.",
  "delivery.",
  "rule.",
  "clock.",
  "sandbox.",
] as const;
