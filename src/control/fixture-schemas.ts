/** JSON Schemas of the files of a folder of fixtures, for editors: made of what the files are checked with. */
import { z } from "zod";
import { scenarioDocument } from "../engine/scenario/document.ts";
import { accountsFile, fixtureDocument, rulesFile } from "../fixtures/document.ts";
import type { Vendor } from "../vendors/vendor.ts";

type JsonSchema = Record<string, unknown>;

/** By name: `rules`, `accounts`, `scenario`, `fixtures` (a whole folder as one document), and `<vendor>-<list>`. */
export function fixtureSchemas(vendors: readonly Vendor[]): Record<string, JsonSchema> {
  const accounts = withStates(schemaOf(accountsFile, "Accounts of a folder of fixtures"), vendors);
  const lists = vendors.flatMap(({ title, fixtures }) =>
    fixtures.map(({ name, item }) => [name.replace("/", "-"), schemaOf(z.array(item), `${title}: ${name}`)] as const),
  );
  const whole = schemaOf(fixtureDocument, "A folder of fixtures as one document");
  const catalogues = Object.fromEntries(
    vendors.map(({ name, fixtures }) => [
      name,
      {
        type: "object",
        properties: Object.fromEntries(
          fixtures.map((fixture) => [
            fixture.name.slice(name.length + 1),
            { $ref: `${fixture.name.replace("/", "-")}.json` },
          ]),
        ),
        additionalProperties: false,
      },
    ]),
  );
  return {
    rules: schemaOf(rulesFile, "Rules of a folder of fixtures"),
    accounts,
    scenario: withSchemaKey(schemaOf(scenarioDocument, "A scenario")),
    fixtures: withSchemaKey({
      ...whole,
      properties: {
        catalogues: { type: "object", properties: catalogues, additionalProperties: false },
        scenarios: { type: "object", additionalProperties: { $ref: "scenario.json" } },
        rules: { $ref: "rules.json" },
        accounts: { $ref: "accounts.json" },
      },
    }),
    ...Object.fromEntries(lists),
  };
}

/** What may be written, and not what it is read as. Draft 7 is what editors know best. */
function schemaOf(schema: z.ZodType, title: string): JsonSchema {
  const made = z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" });
  const { $schema, ...rest } = made;
  return { $schema, title, ...rest };
}

/** Accounts with what each vendor keeps of one; whatever is left out is what the account is born with. */
function withStates(accounts: JsonSchema, vendors: readonly Vendor[]): JsonSchema {
  const account = accounts["additionalProperties"] as { properties: JsonSchema };
  const states = vendors.map(({ name, accountState }) => {
    const { $schema: _draft, title: _title, required: _required, ...state } = schemaOf(accountState, name);
    return [name, state] as const;
  });
  account.properties["vendors"] = {
    type: "object",
    properties: Object.fromEntries(states),
    additionalProperties: false,
  };
  return withSchemaKey(accounts);
}

/** JSON files name their schema inside. */
function withSchemaKey(schema: JsonSchema): JsonSchema {
  return { ...schema, properties: { $schema: { type: "string" }, ...(schema["properties"] as object | undefined) } };
}
