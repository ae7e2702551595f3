/** Checks GitHub's issue forms and the configuration of dependency updates. */
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { vendors } from "../../src/vendors/index.ts";
import { readPage, ROOT } from "./pages.ts";

const FORMS = globSync(".github/ISSUE_TEMPLATE/*.yml", { cwd: ROOT })
  .filter((path) => !path.endsWith("/config.yml"))
  .sort();

const validations = z.strictObject({ required: z.boolean() }).optional();
const texts = { label: z.string().min(1), description: z.string().optional() };
const field = <Type extends string, Attributes extends z.ZodType>(type: Type, attributes: Attributes) =>
  z.strictObject({ type: z.literal(type), id: z.string().regex(/^[a-z-]+$/), attributes, validations });

/** The fields of a form that GitHub documents. */
const form = z.strictObject({
  name: z.string().min(4),
  description: z.string().min(4),
  body: z
    .array(
      z.union([
        z.strictObject({ type: z.literal("markdown"), attributes: z.strictObject({ value: z.string().min(1) }) }),
        field("input", z.strictObject({ ...texts, placeholder: z.string().optional() })),
        field("textarea", z.strictObject({ ...texts, render: z.string().optional() })),
        field("dropdown", z.strictObject({ ...texts, options: z.array(z.string()).min(2) })),
      ]),
    )
    .min(1),
});
type Form = z.output<typeof form>;

function readForm(path: string): Form {
  return form.parse(parse(readPage(path)));
}

describe("the issue forms", () => {
  it("are a bug report, an idea and a report that a vendor differs", () => {
    expect(FORMS.map((path) => readForm(path).name)).toEqual(["Bug report", "Idea", "A vendor differs"]);
  });

  it.each(FORMS)("use each field id once in %s", (path) => {
    const ids = readForm(path).body.flatMap((each) => (each.type === "markdown" ? [] : [each.id]));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("list all vendors and require a source in the form for a vendor that differs", () => {
    const { body } = readForm(".github/ISSUE_TEMPLATE/vendor-differs.yml");
    const vendor = body.find((each) => each.type === "dropdown" && each.id === "vendor");
    expect(vendor).toMatchObject({ attributes: { options: vendors.map(({ name }) => name) } });
    expect(body).toContainEqual(expect.objectContaining({ id: "source", validations: { required: true } }));
  });
});

describe("the dependency updates", () => {
  const updates = z
    .object({
      version: z.literal(2),
      updates: z.array(
        z.object({
          "package-ecosystem": z.string(),
          directory: z.string(),
          schedule: z.object({ interval: z.literal("weekly") }),
          groups: z.record(z.string(), z.object({})),
        }),
      ),
    })
    .parse(parse(readPage(".github/dependabot.yml"))).updates;

  it("run weekly, in groups, for packages, actions and images", () => {
    expect(updates.map((update) => update["package-ecosystem"])).toEqual(["npm", "github-actions", "docker"]);
    for (const { groups } of updates) expect(Object.keys(groups).length).toBeGreaterThan(0);
  });

  it("cover files that exist in the repository", () => {
    for (const file of ["package-lock.json", ".github/workflows", "Dockerfile"])
      expect(existsSync(join(ROOT, file))).toBe(true);
  });
});
