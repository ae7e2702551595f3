/** Edits answers: changes that a vendor may make to an answer one day, and that a client should survive. */
import { z } from "zod";

const fieldNames = z.array(z.string().min(1)).min(1);

/** Most events that an edit puts into a stream. */
const MOST_EVENTS = 9;

export const answerEdit = z
  .strictObject({
    add: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: "Fields that are added to every object of the body that lacks them" }),
    null: fieldNames.optional().meta({ description: "Fields that become null wherever they occur" }),
    fill: fieldNames.optional().meta({
      description: "Fields that are added as null to every object with a `status` that lacks them",
    }),
    dropNulls: z.literal(true).optional().meta({ description: "Leave out every field that is null" }),
    reverse: z.literal(true).optional().meta({ description: "Reverse the order of the fields of every object" }),
    set: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: "Values of fields that occur, where the present value is of the same type" }),
    map: z.record(z.string(), z.record(z.string(), z.string())).optional().meta({
      description: 'Other words by field and word, such as {"status": {"queued": "waiting"}}; `*` is any word',
    }),
    append: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "Text that is appended to a field's text, or to each text of its list" }),
    times: z
      .literal("offset")
      .optional()
      .meta({ description: "Write times with six decimals and +00:00 instead of Z" }),
    headers: z.record(z.string(), z.string()).optional().meta({ description: "Headers that are set" }),
    status: z.int().min(200).max(599).optional().meta({ description: "Another status" }),
    events: z
      .array(
        z.strictObject({
          event: z.string().regex(/^[^\r\n]{1,100}$/, "use 1 to 100 characters without a line break"),
          data: z.unknown().meta({ description: "Any JSON" }),
        }),
      )
      .min(1)
      .max(MOST_EVENTS)
      .optional()
      .meta({ description: "Events that a stream of server-sent events begins with; no other answer is changed" }),
  })
  .refine((edit) => Object.keys(edit).length > 0, "name at least one edit");

export type AnswerEdit = z.output<typeof answerEdit>;

/** Returns the edited text of a JSON body; any other text, and one that no edit concerns, unchanged. */
export function editBody(text: string, edit: AnswerEdit): string {
  const { headers: _headers, status: _status, events: _events, ...ofBody } = edit;
  if (Object.keys(ofBody).length === 0) return text;
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return text;
  }
  const changed = JSON.stringify(edited(value, edit));
  return changed === JSON.stringify(value) ? text : changed;
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?Z$/;

function edited(value: unknown, edit: AnswerEdit): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => edited(each, edit));
  if (typeof value === "string") return edit.times === undefined ? value : withOffset(value);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value)
    .map(([name, each]) => [name, editedField(name, edited(each, edit), edit)] as const)
    .filter(([, each]) => edit.dropNulls !== true || each !== null);
  const given = new Set(fields.map(([name]) => name));
  const more = [
    ...Object.entries(edit.add ?? {}),
    ...(given.has("status") ? (edit.fill ?? []).map((name) => [name, null] as const) : []),
  ].filter(([name]) => !given.has(name));
  const all = [...fields, ...more];
  return Object.fromEntries(edit.reverse === true ? all.reverse() : all);
}

function editedField(name: string, value: unknown, edit: AnswerEdit): unknown {
  if (edit.null?.includes(name) === true) return null;
  const wanted = edit.set?.[name];
  if (wanted !== undefined && typeof wanted === typeof value && value !== null) return wanted;
  const words = edit.map?.[name];
  if (words !== undefined && typeof value === "string") return words[value] ?? words["*"] ?? value;
  const tail = edit.append?.[name];
  if (tail === undefined) return value;
  const longer = (each: unknown): unknown => (typeof each === "string" && each !== "" ? each + tail : each);
  return Array.isArray(value) ? value.map(longer) : longer(value);
}

function withOffset(text: string): string {
  const [, seconds, decimals = ""] = TIME.exec(text) ?? [];
  return seconds === undefined ? text : `${seconds}.${decimals.padEnd(6, "0")}+00:00`;
}
