/** Lists what can be found in the conduct of a client: each with its severity, its reason and its cure. */

/** How bad a finding is: `error` breaks the client or costs money at the real vendor. */
export const severities = ["error", "warning", "note"] as const;

export type Severity = (typeof severities)[number];

export interface FindingKind {
  readonly severity: Severity;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** The exact rule, with its thresholds. */
  readonly rule: string;
  /** What the rule rests on, unless a finding names the vendor's own statement. */
  readonly source: string;
  /** Whether the rule reads intervals; such findings are notes unless the sandbox's timing is `realistic`. */
  readonly readsIntervals?: true;
}

export const findingKinds = {
  "retry-after-ignored": {
    severity: "error",
    what: "The client asked again before the time of a Retry-After header had passed.",
    why: "A vendor counts such requests against the limit, so the client stays refused, and may be blocked.",
    fix: "Wait for as many seconds as Retry-After says, or until the date that it names, and then try again.",
    rule: "A request of the same operation and account within the time of the header, less 50 ms. A date counts from the answer's own Date. A warning after an answer that is no error, which concerns its own generation only; a note for a single request about something else, or for reads of other generations, since workers side by side do not know of each other's answers.",
    source: "RFC 9110, section 10.2.3.",
    readsIntervals: true,
  },
  "polls-too-often": {
    severity: "warning",
    what: "The client read the state of one generation more often than the vendor advises.",
    why: "Each read counts against the rate limit, and a job that takes minutes is not ready sooner.",
    fix: "Wait for the vendor's interval between two reads, or use what the vendor offers instead of polling.",
    rule: "At least 5 reads of one generation with a median gap below the vendor's interval. Processes side by side are judged one by one.",
    source: "The vendor's own interval, which the finding names.",
    readsIntervals: true,
  },
  "polls-without-backoff": {
    severity: "warning",
    what: "The client read the state of a long job again and again with a gap that never grew.",
    why: "A fixed short gap costs hundreds of requests on a job that takes long.",
    fix: "Let the gap grow up to a limit, or use what the vendor offers instead of polling.",
    rule: "More than 30 reads of one generation over more than 60 s, and the last gaps are below 5 s and not longer than the first ones. A note where the vendor's own samples wait as long.",
    source: "The vendor's samples, where they wait; the thresholds are ours [inferred].",
    readsIntervals: true,
  },
  "polls-after-end": {
    severity: "warning",
    what: "The client read the state of a generation again after an answer had said that it had ended.",
    why: "The answer does not change any more, so the reads only count against the rate limit.",
    fix: "Stop at every state that the vendor documents as final, not only at success.",
    rule: "At least two reads by one account after a whole answer with the final state; one may come from a second reader. Not counted are the first such read of each further process that followed the generation, a read after a failed download, and a read after a pause of more than 30 s and 5 of the client's gaps.",
    source: "The vendor's lifecycle: a final state does not change [doc]; the thresholds are ours [inferred].",
  },
  "wait-cut-short": {
    severity: "warning",
    what: "The client left a held read long before its time was over, and asked again.",
    why: "A held read that is abandoned costs as much as a poll and tells nothing.",
    fix: "Give the HTTP client a longer time-out than the time for which the vendor holds the read.",
    rule: "At least two held reads of one generation that the client left more than 1 s before their time was over, each followed by another read.",
    source: "The time for which the vendor holds a read [doc]; the thresholds are ours [inferred].",
    readsIntervals: true,
  },
  "wait-without-deadline": {
    severity: "warning",
    what: "The client kept asking for a generation that never ends.",
    why: "A job can stay in the queue for ever at a real vendor too, and the client then never returns.",
    fix: "Give the wait a deadline, and report the generation's id when it is over.",
    rule: "At least 10 reads, over at least 15 minutes of the sandbox's clock, of a generation that has no planned end, by a client that has not ended and would not have asked twice more by now.",
    source: "The rule is ours [inferred].",
  },
  "create-repeated": {
    severity: "error",
    what: "The client sent the same create again although the first may have made a job.",
    why: "An answer that is lost, cut or a 5xx does not say that nothing was made, so two jobs are paid for.",
    fix: "Send an idempotency key where the vendor has one; otherwise look in the list of generations before you repeat.",
    rule: "An equal body from one account within 60 s of a create that was answered with a 5xx, cut off or never answered, without the same idempotency key and without a look in the list (or at what was made) in between. Not after a 503 with Retry-After, nor after an error that the vendor's pages tell to repeat; a note where they call all repetitions safe.",
    source: "RFC 9110, section 9.2.2: a POST may not be repeated without knowing that this is safe.",
  },
  "idempotency-key-reused": {
    severity: "error",
    what: "The client sent one idempotency key with different inputs.",
    why: "The vendor refuses the second request, or answers with the first job.",
    fix: "Make a new key for each job, and keep it for the repetitions of that job only.",
    rule: "Two creates of one account with the same key and different bodies.",
    source: "The vendor's description of its header [doc].",
  },
  "retried-final-error": {
    severity: "warning",
    what: "The client repeated a request unchanged after an answer that a repetition cannot change.",
    why: "The vendor gives the same answer again, and counts both.",
    fix: "Report the error instead of repeating the request; repeat only after 408, 429 and 5xx.",
    rule: "The same method, URL and body from one account within 60 s of a 400, 401, 402, 403, 404, 409 or 422. Not a 404 within 5 s of a create, a download, nor a 409 about a generation that was not over.",
    source: "RFC 9110, section 15.5: a 4xx is an error of the client; the thresholds are ours [inferred].",
  },
  "output-never-fetched": {
    severity: "note",
    what: "The client was told a link to a result and never fetched it.",
    why: "Links expire, so a result that is not fetched in time is lost although it was paid for.",
    fix: "Download the result when the generation ends, unless the client only passes the link on.",
    rule: "A generation that succeeded, that an answer or a webhook told to the client at least 10 s of the sandbox's clock ago (or before the client ended), with results that were not asked for.",
    source: "The rule is ours [inferred].",
  },
  "output-fetched-late": {
    severity: "warning",
    what: "The client fetched a result after its link had expired or its file had gone.",
    why: "The result was paid for, and is lost.",
    fix: "Download the result when the generation ends, or read the generation again for a fresh link.",
    rule: "A download of a generation that succeeded, answered with 403, 404 or 410 after an answer had shown its link, and no download of it since. If a rule refuses the download, only one that comes 60 s or more after that answer.",
    source: "The answer to the download.",
  },
  "key-sent-to-file-host": {
    severity: "warning",
    what: "The client sent its API key along with the download of a file.",
    why: "The vendor's files are on another host, which then knows the key.",
    fix: "Fetch the link without the headers of the API.",
    rule: "A download of a public file with one of the vendor's key headers.",
    source: "The vendor's files need no key [doc].",
  },
  "failure-not-read": {
    severity: "error",
    what: "A generation failed, the client was never told, and the command still ended with 0.",
    why: "A run that loses a result and reports success hides the loss.",
    fix: "Wait for the end of every generation, and end with an error when one fails.",
    rule: "With an exit code of 0: a generation that failed or was rejected, whose end nothing told: no status read (also of its batch), list or answer that comes at the end, no accepted webhook, and no event stream that was open then.",
    source: "The exit code of the command; the rule is ours [inferred].",
  },
  "key-in-url": {
    severity: "error",
    what: "The client sent a key in the query of a URL.",
    why: "URLs stand in the logs of every proxy, and the vendor does not read keys there.",
    fix: "Send the key in the vendor's header.",
    rule: "A query parameter whose name is that of a key, in a request to the API.",
    source: "RFC 6750, section 5.3: keys in URLs stand in logs and histories.",
  },
  "key-of-other-vendor": {
    severity: "error",
    what: "The client sent a key of one vendor to another.",
    why: "The other vendor then knows the key, and refuses the request.",
    fix: "Keep the keys of vendors in variables of their own, and replace the key that was sent to the wrong vendor.",
    rule: "A request that was refused with 401 or 403, with a key that has another vendor's beginning, lacks this vendor's, or is registered for another vendor.",
    source: "The vendors' forms of keys [doc].",
  },
  "undocumented-path": {
    severity: "warning",
    what: "The client asked for a path or a method that the vendor does not document.",
    why: "The real vendor answers 404, or something that may change without notice.",
    fix: "Compare the path with the vendor's reference.",
    rule: "A request that met no route of the vendor.",
    source: "The vendor's reference [doc].",
  },
  "undocumented-field": {
    severity: "note",
    what: "The client sent a field that the vendor does not document, or that it ignores.",
    why: "A mistyped field is dropped silently by the vendor, and the setting has no effect.",
    fix: "Compare the names with the vendor's reference.",
    rule: "A field of a body that the route does not know; told once for each field, with the nearest known names.",
    source: "The vendor's reference [doc].",
  },
  "undocumented-query": {
    severity: "note",
    what: "The client sent a query parameter that the vendor does not document.",
    why: "The vendor ignores it, so a filter that is mistyped filters nothing.",
    fix: "Compare the names with the vendor's reference.",
    rule: "A query parameter that the route does not know; told once for each parameter, with the nearest known names.",
    source: "The vendor's reference [doc].",
  },
  "deprecated-operation": {
    severity: "warning",
    what: "The client used an operation that the vendor advises against.",
    why: "The vendor may remove it.",
    fix: "Use its successor.",
    rule: "A request of an operation that the vendor's documentation labels so.",
    source: "The vendor's reference [doc].",
  },
  "webhook-slow": {
    severity: "warning",
    what: "The receiver did not answer a webhook in time.",
    why: "The vendor gives up, and the event is lost or comes again.",
    fix: "Answer first, and do the work afterwards.",
    rule: "An attempt that timed out by the vendor's limit; a note if a later attempt was accepted.",
    source: "The vendor's time limit of webhooks, on its fidelity page.",
  },
  "webhook-not-2xx": {
    severity: "warning",
    what: "The receiver refused a webhook that was in order.",
    why: "The vendor counts everything but a 2xx as not delivered.",
    fix: "Answer 2xx for every event that has been taken, also for unknown ones.",
    rule: "An attempt with a right signature that was answered with a 4xx or 5xx; a note if a later attempt was accepted. Not a webhook that a scenario makes very large or very slow.",
    source: "The vendor's rule of accepted webhooks, on its fidelity page.",
  },
  "webhook-redirects": {
    severity: "warning",
    what: "The receiver answered a webhook with a redirect.",
    why: "Vendors do not follow redirects of webhooks, so the event is lost.",
    fix: "Register the final URL.",
    rule: "An attempt that was answered with a 3xx.",
    source: "The vendor's rule of accepted webhooks, on its fidelity page.",
  },
  "webhook-forgery-accepted": {
    severity: "error",
    what: "The receiver accepted a webhook whose signature is wrong or too old.",
    why: "Any program that knows the URL can then report any result to the application.",
    fix: "Check the signature over the bytes as received, and the age of its time stamp, before the body is used.",
    rule: "A 2xx for a delivery that a test had signed wrongly, with another secret, or an hour ago.",
    source: "The vendor's signature of webhooks, on its fidelity page.",
  },
  "webhook-replayed-twice": {
    severity: "warning",
    what: "A webhook that came twice made the client do the same thing twice.",
    why: "Vendors deliver at least once, so a second copy is normal, and the work is then done and paid for twice.",
    fix: "Remember the ids of events, or check whether the work is done.",
    rule: "Two copies of one event, each followed by the same request: for the result, another about that generation, or a create without an idempotency key that uses it.",
    source: "The vendor's retries of webhooks, on its fidelity page.",
  },
  "connection-per-request": {
    severity: "note",
    what: "The client opened a new connection for each request.",
    why: "Each connection to a real vendor costs a TLS handshake of 50 to 300 ms.",
    fix: "Reuse one HTTP client or session, with keep-alive.",
    rule: "20 requests, each after the answer to the one before, within a minute and over as many connections, none of which broke.",
    source: "RFC 9112, section 9.3: connections are kept; the thresholds are ours [inferred].",
  },
  "pages-not-read": {
    severity: "warning",
    what: "The client looked for its generations in a list and never read the next page.",
    why: "An older generation is not on the first page, so the client never finds it.",
    fix: "Follow the pages of the list until its end, or read the generation by its id.",
    rule: "At least 3 reads of the first page of a list that has more, none of another page, while a generation of the account stands on none of them and is read in no other way.",
    source: "The vendor's description of its lists [doc]; the thresholds are ours [inferred].",
  },
} as const satisfies Record<string, FindingKind>;

export type FindingId = keyof typeof findingKinds;

export const findingIds: readonly FindingId[] = Object.keys(findingKinds).filter((id): id is FindingId =>
  Object.hasOwn(findingKinds, id),
);
