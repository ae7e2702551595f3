/**
 * Lists the diagnostics: the emulator's explanations for the user, beside the vendor's own answer. Each has a stable
 * code that appears in `x-fauxgen-diagnostic`, the journal and the log; `/_fauxgen/diagnostics/{code}` explains it.
 */
export interface Diagnostic {
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly fix: string;
}

export const diagnostics = {
  KEY_MISSING: {
    what: "The request carries no API key.",
    where: "The vendor's key header.",
    why: "Every route but the public ones needs a key; the key also says which sandbox the request belongs to.",
    fix: "Send fx_<sandbox>_<account>, for example fx_default_main, with the prefix of the vendor's keys if they have one. `fauxgen env` prints the key of each vendor.",
  },
  KEY_MALFORMED: {
    what: "The key looks like a self-describing key but does not parse.",
    where: "The vendor's key header.",
    why: "A self-describing key is [prefix]fx_<sandbox>_<account>; names are 1 to 40 characters of a-z, 0-9 and -.",
    fix: "Correct the key as the text says. A second user of an account is a key that is registered with `user`.",
  },
  KEY_UNKNOWN: {
    what: "The key is not registered, is another vendor's, or lacks the beginning of this vendor's keys.",
    where: "The vendor's key header.",
    why: "Unknown keys get the vendor's own refusal, so that a wrong key in a test is found.",
    fix: "Send the key that the text names, register the key for an account, or start with --unknown-keys default.",
  },
  ACCOUNT_MADE: {
    what: "The key named an account that the sandbox did not have, so the account was made.",
    where: "The account in the self-describing key.",
    why: "Accounts are made on first use. A mistyped name makes an account too, which is like main.",
    fix: "Correct the name, list the account, or start with --unknown-accounts refuse.",
  },
  ACCOUNT_UNKNOWN: {
    what: "The key names an account that the sandbox does not have.",
    where: "The account in the self-describing key.",
    why: "The setting unknownAccounts (--unknown-accounts) refuses such keys.",
    fix: "Correct the name, or list the account in the sandbox's document or in the fixtures.",
  },
  KEY_REVOKED: {
    what: "The key has been revoked.",
    where: "The vendor's key header.",
    why: "The account `revoked` starts with a revoked key, and keys can be revoked through the control API.",
    fix: "Use another account's key.",
  },
  HOST_NOT_ALLOWED: {
    what: "A page used the server under a host name that does not belong to the server.",
    where: "The Host header of the browser's request.",
    why: "Any website can make its own host name resolve to this machine, and its pages could then use the server.",
    fix: "Start fauxgen with --public-url and the URL that the page uses, or with --cors and the page's origin.",
  },
  ROUTE_UNKNOWN: {
    what: "This emulator has no such route.",
    where: "The method and path of the request.",
    why: "The vendor's documentation, as far as it could be read, has no such route either.",
    fix: "Check the method and path against /_fauxgen/openapi/{vendor}.json.",
  },
  REQUEST_INVALID: {
    what: "The request does not fit the vendor's documented schema.",
    where: "The part of the request named in the text.",
    why: "The vendor's own error body may say less than this.",
    fix: "Compare the request with /_fauxgen/openapi/{vendor}.json.",
  },
  BODY_NOT_READ: {
    what: "The body was sent in a form that this route does not read.",
    where: "The header content-type or content-encoding, which the text quotes.",
    why: "JSON is UTF-8; bodies may be packed as gzip, deflate, br or zstd; only some routes read forms.",
    fix: "Send application/json in UTF-8, or the encoding that the header names.",
  },
  SCENARIO_UNKNOWN: {
    what: "There is no scenario of this name.",
    where: "The x-fauxgen-scenario header, a rule, a marker in the body, or the sandbox's default.",
    why: "A mistyped scenario that silently succeeded would make a test pass for the wrong reason.",
    fix: "Use one of the names in the text; GET /_fauxgen/sandboxes/{s}/scenarios lists them.",
  },
  SCENARIO_NOT_EXPRESSIBLE: {
    what: "The vendor has no way to show what this scenario needs.",
    where: "The scenario that was chosen for this generation.",
    why: "Not every vendor rejects or censors, and a single output cannot partly fail.",
    fix: "Choose a scenario that the vendor can show; see the table of `fauxgen scenarios`.",
  },
  FAILURE_CODE_UNKNOWN: {
    what: "The vendor has no failure with this code.",
    where: "The code after = in the scenario.",
    why: "A failure code that the vendor never sends would test nothing real.",
    fix: "Use one of the codes in the text.",
  },
  ERROR_CODE_UNKNOWN: {
    what: "The vendor has no HTTP error with this code.",
    where: "The code after = in the scenario.",
    why: "An error code that the vendor never sends would test nothing real.",
    fix: "Use one of the codes in the text.",
  },
  MODEL_NOT_IN_CATALOGUE: {
    what: "The model is not in the known part of the vendor's catalogue; the request was accepted anyway.",
    where: "The model's name.",
    why: "The catalogue is open by default, because the vendor's list is known only in part.",
    fix: "Do nothing, set the sandbox's catalogue to strict, or add the model through the control API.",
  },
  VALUE_UNDOCUMENTED: {
    what: "The value is not in the vendor's documented list; the request was accepted anyway.",
    where: "The field that the text names.",
    why: "A known client sends this value, or another documented feature needs it.",
    fix: "Send one of the documented values, or set the sandbox's catalogue to strict, which refuses the others.",
  },
  PARAMETER_IGNORED: {
    what: "The request has a parameter that this model does not use.",
    where: "The parameter that the text names.",
    why: "The documentation says what the parameter is for, but not that other models refuse it.",
    fix: "Leave the parameter out, or choose a model for the kind of media that the text names.",
  },
  PARAMETER_UNKNOWN: {
    what: "The request has a query parameter or a body field that this route does not know.",
    where: "The parameters and fields that the text names.",
    why: "The vendor ignores what it does not know, so a mistyped name changes nothing and is not refused.",
    fix: "Correct the name, or compare the request with /_fauxgen/openapi/{vendor}.json.",
  },
  JOB_WILL_FAIL: {
    what: "The job was accepted and will fail when it runs.",
    where: "The parameter that the text is about.",
    why: "The vendor checks a model's own parameters only when the job runs.",
    fix: "Compare the request with the model's request_schema.",
  },
  NAMESPACE_FOREIGN: {
    what: "The caller does not belong to this namespace.",
    where: "The namespace that the request names.",
    why: "A caller may use the namespace of its own account and those of the organisations in its account's state.",
    fix: "Leave the namespace out, or add it to the account's organizations.",
  },
  RATE_LIMITED: {
    what: "The account is over a rate limit of its plan.",
    where: "The limit that the text names, with its numbers.",
    why: "The account `limited` has the vendor's documented limits; docs/limits.md lists them.",
    fix: "Advance the sandbox's clock to the next window, or use an account whose limits are not enforced.",
  },
  RATE_LIMIT_ON_FROZEN_CLOCK: {
    what: "The rate limit is counted on a clock that stands still.",
    where: "The sandbox's clock.",
    why: "Limits run in minutes of the sandbox's clock, so waiting in real time does not help.",
    fix: "Advance the sandbox's clock, or use an account whose limits are not enforced.",
  },
  PROGRESS_WITH_WAIT: {
    what: "wait=true cannot be combined with include=progress.",
    where: "The query.",
    why: "The vendor's documentation says so.",
    fix: "Send only one of them.",
  },
  VINTAGE_BOUND: {
    what: "The value is outside the bounds of this vintage of the vendor's API.",
    where: "The part of the request named in the text.",
    why: "Two documented versions of the vendor's API differ here; the sandbox's vintage decides.",
    fix: "Set the sandbox's vintages, or change the value.",
  },
  GENERATION_ELSEWHERE: {
    what: "The request's key does not reach the generation that the path names.",
    where: "The id in the path, and the sandbox and account that the key names.",
    why: "An id belongs to one account of one sandbox, so the vendor answers others as if it did not exist.",
    fix: "Send the key that the text names.",
  },
  MEDIA_NOT_FOUND: {
    what: "There is no file of this name, or it has not been made.",
    where: "The sandbox, vendor, output id and extension in the path.",
    why: "Only outputs that succeeded have a file, under exactly the URL in the vendor's answer.",
    fix: "Fetch the unchanged URL of an answer, after the generation has succeeded and before a reset.",
  },
  UPLOAD_TOO_LARGE: {
    what: "The upload is larger than the sandbox allows.",
    where: "The bytes of the request's body, or of one of its files.",
    why: "Uploads are kept in the database, so one file and all files of a sandbox are bounded.",
    fix: "Send less, raise the sandbox's uploadLimits or --upload-bytes and --upload-total-bytes, or reset the sandbox.",
  },
  SANDBOXES_EXHAUSTED: {
    what: "The server has reached its limit of sandboxes.",
    where: "The sandbox named in the key.",
    why: "Each sandbox takes memory, so their number is bounded.",
    fix: "Delete sandboxes, or raise --max-sandboxes.",
  },
  GENERATIONS_EXHAUSTED: {
    what: "The sandbox has reached its limit of generations.",
    where: "The sandbox that the key names.",
    why: "Every generation is kept until it is deleted or its sandbox is reset, so their number is bounded.",
    fix: "Reset the sandbox, or raise --max-generations.",
  },
  MEMORY_EXHAUSTED: {
    what: "The server has used up the memory that clients may make it keep.",
    where: "The body, upload, generation or held request that would need more.",
    why: "One client could otherwise end the process for all; everything that is kept draws on one budget.",
    fix: "Reset or delete sandboxes, raise --memory, or keep data in a file with --data. GET /_fauxgen/ready shows the budget.",
  },
  HELD_EXHAUSTED: {
    what: "The server has reached its limit of held requests.",
    where: "This request, which would have been held too.",
    why: "Each held request keeps a connection and memory, so their number is bounded, over all sandboxes.",
    fix: "End the generations that requests wait for, advance the clock, or raise --max-held.",
  },
  FOLLOWERS_EXHAUSTED: {
    what: "The server has reached its limit of open event streams.",
    where: "This request, which would have opened another.",
    why: "Each stream keeps a connection and its unread events in memory, so their number is bounded.",
    fix: "Close event streams, or raise --max-followers.",
  },
  FAULT_APPLIED: {
    what: "A rule of the sandbox applied a fault to this request.",
    where: "The rule named in the text, and the fault after it.",
    why: "A test asked for it; `before` means that nothing was done, `after` that the request was carried out.",
    fix: "Do nothing, or delete the rule; GET /_fauxgen/sandboxes/{s}/rules lists them with their hits.",
  },
  MATCHING_INCOMPLETE: {
    what: "Comparing the request with the sandbox's rules takes too long, so some rules were not compared.",
    where: "The rules with $regex, $contains or ** and the texts of the request that they are compared with.",
    why: "Every request to the server waits while one is compared, so the steps for one request are bounded.",
    fix: "Use fewer or shorter patterns, match by vendor, operation or label, or put the rules in separate sandboxes.",
  },
  SANDBOX_WAS_RESET: {
    what: "The sandbox was reset or deleted while the request was in progress, so the request was not carried out.",
    where: "The sandbox that the key names.",
    why: "A request that began before a reset must leave no trace after it.",
    fix: "Wait for a test's requests to finish before its sandbox is reset.",
  },
  ROW_UNREADABLE: {
    what: "The sandbox holds a stored row that cannot be read.",
    where: "The --data file, in the table and row that the text names.",
    why: "The file was changed by another program or damaged. Answering without the row would be wrong.",
    fix: "Reset or delete the sandbox. Other sandboxes are not affected.",
  },
  STORE_UNWRITABLE: {
    what: "The request's changes could not be stored, so the request was not carried out.",
    where: "The file of --data, or the in-memory store without --data.",
    why: "The disk is full, or the file or its folder can no longer be written.",
    fix: "Free some space; later requests are then stored. GET /_fauxgen/ready says whether the store can be written.",
  },
  INTERNAL: {
    what: "The emulator failed. This is a bug, not the vendor's behaviour.",
    where: "The server's log, under this request's id.",
    why: "The emulator met a case that it does not handle.",
    fix: "Report it with the log line.",
  },
} as const satisfies Record<string, Diagnostic>;

export type DiagnosticCode = keyof typeof diagnostics;

export const diagnosticCodes: readonly DiagnosticCode[] = Object.keys(diagnostics) as DiagnosticCode[];

/** Parts of the vendors' fidelity pages, by the diagnostics that they concern: a heading, or that of the operation. */
const fidelityParts: Readonly<
  Partial<Record<DiagnosticCode, "not-supported" | "undocumented-behaviour" | "operation">>
> = {
  ROUTE_UNKNOWN: "not-supported",
  REQUEST_INVALID: "operation",
  BODY_NOT_READ: "operation",
  SCENARIO_NOT_EXPRESSIBLE: "operation",
  FAILURE_CODE_UNKNOWN: "operation",
  ERROR_CODE_UNKNOWN: "operation",
  VINTAGE_BOUND: "operation",
  MODEL_NOT_IN_CATALOGUE: "undocumented-behaviour",
  VALUE_UNDOCUMENTED: "undocumented-behaviour",
  PARAMETER_IGNORED: "undocumented-behaviour",
};

/** Returns the page of the documentation that a diagnostic of a vendor's route concerns, if there is one. */
export function pageOf(code: DiagnosticCode, vendor: string, operation: string | undefined): string | undefined {
  const part = fidelityParts[code];
  if (part === undefined) return undefined;
  const anchor = part === "operation" ? (operation?.toLowerCase() ?? "answers") : part;
  return `docs/fidelity/${vendor}.md#${anchor}`;
}
