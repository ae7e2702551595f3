/** Breaks published parameters one at a time: values that a page rules out, each with the model's message about it. */
import type { PublishedModel, PublishedParameter } from "../../contract/published/oxen-models.ts";

export interface BrokenValue {
  readonly parameter: string;
  /** Undefined leaves a required parameter out. */
  readonly value: unknown;
  readonly message: string;
}

/** Values of every other type, by the type that they are not. */
const WRONG: Readonly<Record<PublishedParameter["type"], readonly unknown[]>> = {
  string: [7, true, { text: "an ox" }, ["an ox", "a cow"]],
  integer: ["many", 1.5, true, [1, 2]],
  number: ["many", true, { amount: 1 }],
  boolean: ["yes", 1],
  object: ["left", 7, [{}]],
  "array<string>": [7, { url: "https://media.test/ox.png" }],
  "array<object>": ["not-a-list", 7, [7], {}],
  "integer | string": [true, 1.5, [4]],
};

const file = "https://media.test/ox.png";

export function brokenValuesOf({ id, endpoint, parameters }: PublishedModel): BrokenValue[] {
  return parameters.flatMap((parameter) => {
    const { name, required } = parameter;
    const broken = [...wrongTypes(id, parameter), ...wrongChoices(id, parameter), ...outOfBounds(id, parameter)];
    const absent = name === "prompt" && endpoint.startsWith("/ai/images") ? "Prompt cannot be empty" : "Field required";
    if (required) broken.push([undefined, absent], [null, absent]);
    if (required && name === "prompt") broken.push([" ", "Prompt cannot be empty"]);
    return broken.map(([value, message]) => ({ parameter: name, value, message }));
  });
}

type Broken = [value: unknown, message: string];

function wrongTypes(model: string, { name, type, format }: PublishedParameter): Broken[] {
  const values = WRONG[type].map((value): Broken => [value, refusal(model, name, value)]);
  if (format !== undefined)
    return [...values, "not a url"].map((each) => [Array.isArray(each) ? each[0] : each, "Invalid URL"]);
  if (type !== "array<string>") return values;
  // One input image in place of a list is accepted, so the message is about its text.
  const text: Broken = ["not-a-list", name === "input_image" ? "Invalid URL" : `Invalid ${name}`];
  return [...values, text, [[7], "Invalid URL"], [[file, "not a url"], "Invalid URL"]];
}

function wrongChoices(model: string, { name, type, enum: choices }: PublishedParameter): Broken[] {
  if (choices === undefined) return [];
  const isText = type === "string" || type === "integer | string";
  const values = [...(isText ? ["no-such-choice", ""] : []), ...(type === "string" ? [] : [9999, -7])];
  const outside = values.map((value): Broken => [value, refusal(model, name, value)]);
  return name === "target_fps" ? [...outside, [33, "Invalid target_fps"]] : outside;
}

function outOfBounds(model: string, parameter: PublishedParameter): Broken[] {
  const { name, minimum, maximum, maxLength, maxItems } = parameter;
  const bounds =
    minimum === undefined || maximum === undefined
      ? `must be at ${minimum === undefined ? `most ${maximum}` : `least ${minimum}`}`
      : `must be between ${minimum} and ${maximum}`;
  const worded = (value: number): Broken => {
    const known = refusal(model, name, value);
    return [value, known === `Invalid ${name}` ? `${name} ${bounds}` : known];
  };
  return [
    ...(minimum === undefined ? [] : [worded(minimum - 1)]),
    ...(maximum === undefined ? [] : [worded(maximum + 1)]),
    ...(maxLength === undefined ? [] : [tooLong(name, maxLength)]),
    ...(maxItems === undefined ? [] : [tooMany(maxItems)]),
  ];
}

function tooLong(name: string, maxLength: number): Broken {
  return ["x".repeat(maxLength + 1), `${name} must be at most ${maxLength} characters`];
}

function tooMany(maxItems: number): Broken {
  return [Array(maxItems + 1).fill(file), "Too many input files"];
}

/** The documented message about a parameter, or one in its style. */
function refusal(model: string, name: string, value: unknown): string {
  if (name === "duration" && model.startsWith("kling"))
    return `duration value '${typeof value === "string" ? value : JSON.stringify(value)}' is invalid`;
  const isOffScale = typeof value === "number" && (value < 1 || value > 60);
  return name === "target_fps" && isOffScale ? "target_fps must be between 1 and 60" : `Invalid ${name}`;
}
