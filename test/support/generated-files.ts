/** Generates files of the repository from the code. `npm run gen` writes them, and a test compares them. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { buildApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { caseFile } from "../../src/conformance/case-document.ts";
import { documentedApis, openApiDocuments } from "../../src/control/reference/api-descriptions.ts";
import { fixtureSchemas } from "../../src/control/fixtures/schemas.ts";
import { packageRoot } from "../../src/platform/package-root.ts";
import { vendors } from "../../src/vendors/index.ts";
import { parts } from "../load/parts/index.ts";
import { reliabilityPage } from "../load/reliability.ts";
import { FIDELITY_FOLDER, fidelityPages } from "./fidelity.ts";
import { generatedSources } from "./generated-sources.ts";
import { readmeWithSettings } from "./settings-table.ts";
import { filesWithVendorLists } from "./vendor-lists.ts";

const API_FOLDER = "openapi";

/** The folders that contain only generated files. */
export const GENERATED_FOLDERS: readonly string[] = [API_FOLDER, FIDELITY_FOLDER];

/** A path from the repository's root, and the content of the file. */
export type GeneratedFile = readonly [path: string, content: string];

export async function generatedFiles(): Promise<GeneratedFile[]> {
  const config = readConfig([{ values: { logLevel: "silent" }, nameOf: String }]);
  const app = await buildApp({ config, vendors });
  try {
    const apis = documentedApis(vendors);
    const documentOf = openApiDocuments(apis, app.rememberedRoutes);
    const documents = await Promise.all(
      apis.map(async ({ name }): Promise<GeneratedFile> => {
        return [`${API_FOLDER}/${name}.json`, `${JSON.stringify(await documentOf(name), null, 2)}\n`];
      }),
    );
    return [
      ...(await generatedSources(vendors, app.rememberedRoutes)),
      ...documents,
      ...Object.entries(fixtureSchemas(vendors)).map(([name, schema]): GeneratedFile => [
        `${API_FOLDER}/schemas/${name}.json`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
      caseSchema(),
      ...fidelityPages(vendors, app.rememberedRoutes),
      ["docs/reliability.md", reliabilityPage(parts)],
      ...filesWithVendorLists(vendors),
      ["README.md", readmeWithSettings(readFileSync(packageRoot + "README.md", "utf8"))],
    ];
  } finally {
    await app.close();
  }
}

/** Returns the schema of a file of conformance cases, for editors. */
function caseSchema(): GeneratedFile {
  const { $schema, ...rest } = z.toJSONSchema(caseFile, { io: "input", target: "draft-7", unrepresentable: "any" });
  const title = "Conformance cases of one family";
  return [`${API_FOLDER}/schemas/conformance.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
}
