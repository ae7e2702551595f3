/** Parses what a case expects of a client: statements about its requests, its deliveries, its exit code and the time. */
import { z } from "zod";
import { duration } from "../engine/base/time-codecs.ts";

/** What a request of a client is for. */
const operationGroups = [
  "create",
  "poll",
  "status",
  "list",
  "download",
  "file",
  "download-head",
  "events",
  "held-poll",
  "old-poll",
  "api",
  "any",
] as const;

export const operationGroup = z.enum(operationGroups).meta({
  description:
    "`create` makes jobs; `poll` reads tell a job's state, lists included, `status` reads that of one job; `held-poll` reads ask to be held, `old-poll` reads are deprecated; `list` reads lists; `download` fetches files, `file` only the last request of a fetch, after redirects of the vendor; `download-head` asks for their headers; `events` follows a stream; `api` is all but files; `any` is all",
});

export type OperationGroup = z.output<typeof operationGroup>;

const eventName = z
  .string()
  .regex(
    /^(?:start|create|over|deadline|(?:fault|delivery)\.[1-9])$/,
    "write start, create, over, deadline, fault.N or delivery.N",
  )
  .meta({
    description:
      "`start` of the client; first successful `create`; `over`: the client was first told that a job has ended; first use of `fault.N`; first answer to `delivery.N`; `deadline` of the client",
  });

/** A number, or one that depends on what the client does when all goes well. */
const count = z.union([
  z.int().min(0),
  z.strictObject({
    base: z.enum(["creates", "made", "downloads", "hookDownloads", "pollsAfterEnd", "pollsPerSecond"]).meta({
      description: "What the client did when all went well",
    }),
    times: z.number().min(0).default(1),
    plus: z.int().default(0),
    atLeast: z.int().min(0).default(0),
  }),
]);

export type Count = z.output<typeof count>;

const counted = z.strictObject({
  of: operationGroup,
  count,
  after: eventName.optional(),
  for: duration.optional().meta({ description: "Real time after the event in which they are counted" }),
  status: z
    .string()
    .regex(/^[1-5](?:xx|\d\d)$/)
    .optional(),
});

const statuses = z.array(z.string().regex(/^[1-5](?:xx|\d\d)$/, "write a status such as 413, or a class such as 2xx"));

export type Statuses = z.output<typeof statuses>;

const simple = z.union([
  z.strictObject({ exit: z.enum(["zero", "nonzero"]) }).meta({ description: "The command ended by itself so" }),
  z.strictObject({
    ends: z.strictObject({ within: duration, after: eventName }).meta({ description: "The command ended by itself" }),
  }),
  z.strictObject({
    none: z
      .strictObject({
        of: operationGroup,
        after: eventName,
        for: z.union([duration, z.literal("retry-after")]),
        less: duration.default(0),
      })
      .meta({ description: "No such request in this time after the event; `retry-after` is the time that it named" }),
  }),
  z.strictObject({ atMost: counted }),
  z.strictObject({ atLeast: counted }),
  z.strictObject({
    spaced: z
      .strictObject({ of: operationGroup, by: duration, after: eventName.optional() })
      .meta({ description: "Neighbouring requests are at least so far apart" }),
  }),
  z.strictObject({
    same: z
      .strictObject({ of: operationGroup, what: z.string().regex(/^(?:body|header:[a-z-]+)$/) })
      .meta({ description: "All such requests are equal in the body or a header" }),
  }),
  z.strictObject({
    rests: z.literal("poll").meta({ description: "No more reads of a job whose end was told than when all goes well" }),
  }),
  z.strictObject({ keyed: z.literal("create").meta({ description: "Each create has the vendor's idempotency key" }) }),
  z.strictObject({
    order: z.array(operationGroup).min(2).meta({ description: "Requests occur in this order, others in between" }),
  }),
  z.strictObject({
    delivered: z
      .strictObject({
        which: z.enum(["all", "first", "last", "forged", "unknown"]).default("all"),
        status: statuses,
        within: duration.optional(),
      })
      .meta({ description: "The receiver answered the deliveries so" }),
  }),
  z.strictObject({
    downloaded: z.enum(["good", "once"]).meta({
      description: "`good`: every file that the jobs made is fetched whole; `once`: and none of them twice",
    }),
  }),
  z.strictObject({ keyless: z.literal("download").meta({ description: "No file request carries the API key" }) }),
  z.strictObject({
    untouched: z.literal("canary").meta({ description: "The link of a forged webhook was never asked for" }),
  }),
  z.strictObject({ vendor: z.array(z.string()).min(1).meta({ description: "The case is one of these vendors'" }) }),
  z.strictObject({ artifact: z.literal("whole").meta({ description: "The client's file equals what was served" }) }),
]);

type Simple = z.output<typeof simple>;

/** One statement about what the client did. */
export type Expectation =
  Simple | { readonly not: Expectation } | { readonly either: readonly (readonly Expectation[])[] };

export const expectation: z.ZodType<Expectation> = z.lazy(() =>
  z.union([
    simple,
    z.strictObject({ not: expectation }),
    z.strictObject({
      either: z.array(z.array(expectation).min(1)).min(2).meta({ description: "One of these lists holds as a whole" }),
    }),
  ]),
);
