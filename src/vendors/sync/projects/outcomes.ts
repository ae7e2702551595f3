/** Lists every response of the project routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { UNKNOWN_ID, rejectedKeys } from "../provocations.ts";

const OWN_ID = "3f2c6a1e-8f5d-4b7a-9c3e-2d1f0a9b8c7d";

const create: Provocation = { account: "main", method: "POST", path: "/v2/projects", body: { name: "Spring" } };
const own: Provocation = { ...create, body: { name: "Spring", id: OWN_ID } };
const on = (method: string, path: string, body?: unknown): Provocation => ({
  account: "main",
  method,
  path,
  ...(body !== undefined && { body }),
  before: [create],
});
const list = on("GET", "/v2/projects?sortBy=name");
const read = on("GET", "/v2/projects/{id}");
const update = on("PATCH", "/v2/projects/{id}", { description: "For the spring campaign" });
const remove = on("DELETE", "/v2/projects/{id}");
const generate: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/generate",
  body: {
    model: "lipsync-2",
    input: [
      { type: "video", url: "https://media.test/face.mp4" },
      { type: "audio", url: "https://media.test/speech.wav" },
    ],
    projectId: OWN_ID,
  },
};
const member: Provocation = {
  account: "main",
  method: "POST",
  path: "/v2/assets",
  body: { url: "https://media.test/speaker.mp4", type: "VIDEO", projectId: OWN_ID },
};
const detach: Provocation = {
  account: "main",
  method: "DELETE",
  path: `/v2/projects/${OWN_ID}/assets/{id}`,
  before: [own, member],
};
const stray: Provocation = { ...member, body: { url: "https://media.test/speaker.mp4", type: "VIDEO" } };
const attach: Provocation = {
  account: "main",
  method: "POST",
  path: `/v2/projects/${OWN_ID}/assets`,
  body: { assetId: "{id}" },
  before: [own, stray],
};
const notFound = (operation: Outcome["operation"], provoke: Provocation): Outcome => ({
  operation,
  status: 404,
  code: "project_not_found",
  source: "doc",
  provoke,
});

export const projectOutcomes: readonly Outcome[] = [
  { operation: "createProject", status: 201, source: "inferred", provoke: create },
  { operation: "createProject", status: 201, source: "doc", provoke: { ...own, times: 2 } },
  { operation: "createProject", status: 400, source: "inferred", provoke: { ...create, body: {} } },
  { operation: "createProject", status: 409, source: "doc", provoke: { ...own, account: "other", before: [own] } },
  {
    operation: "createProject",
    status: 409,
    source: "doc",
    provoke: { ...own, before: [own, { account: "main", method: "DELETE", path: `/v2/projects/${OWN_ID}` }] },
  },
  ...rejectedKeys("createProject", create),
  { operation: "listProjects", status: 200, source: "doc", provoke: list },
  { operation: "listProjects", status: 400, source: "inferred", provoke: { ...list, path: "/v2/projects?limit=0" } },
  ...rejectedKeys("listProjects", list),
  { operation: "getProject", status: 200, source: "doc", provoke: read },
  notFound("getProject", { ...read, account: "other" }),
  ...rejectedKeys("getProject", read),
  { operation: "updateProject", status: 200, source: "doc", provoke: update },
  { operation: "updateProject", status: 400, source: "inferred", provoke: { ...update, body: { mode: "VIEWER" } } },
  notFound("updateProject", { ...update, path: `/v2/projects/${UNKNOWN_ID}` }),
  ...rejectedKeys("updateProject", update),
  { operation: "deleteProject", status: 200, source: "doc", provoke: remove },
  notFound("deleteProject", { ...remove, account: "other" }),
  {
    operation: "deleteProject",
    status: 409,
    code: "queued or processing",
    source: "inferred",
    provoke: { ...remove, path: `/v2/projects/${OWN_ID}`, before: [own, generate] },
  },
  ...rejectedKeys("deleteProject", remove),
  { operation: "attachProjectAsset", status: 204, source: "doc", provoke: attach },
  { operation: "attachProjectAsset", status: 204, source: "doc", provoke: { ...attach, times: 2 } },
  { operation: "attachProjectAsset", status: 400, source: "inferred", provoke: { ...attach, body: {} } },
  notFound("attachProjectAsset", { ...attach, path: `/v2/projects/${UNKNOWN_ID}/assets` }),
  {
    operation: "attachProjectAsset",
    status: 404,
    code: "asset_not_found",
    source: "inferred",
    provoke: { ...attach, body: { assetId: UNKNOWN_ID } },
  },
  ...rejectedKeys("attachProjectAsset", attach),
  { operation: "detachProjectAsset", status: 204, source: "doc", provoke: detach },
  { operation: "detachProjectAsset", status: 204, source: "doc", provoke: { ...detach, times: 2 } },
  notFound("detachProjectAsset", { ...detach, path: `/v2/projects/${UNKNOWN_ID}/assets/{id}` }),
  {
    operation: "detachProjectAsset",
    status: 204,
    source: "doc",
    provoke: { ...detach, path: `/v2/projects/${OWN_ID}/assets/${UNKNOWN_ID}` },
  },
  {
    operation: "detachProjectAsset",
    status: 400,
    code: "invalid_asset_id_format",
    source: "doc",
    provoke: { ...detach, path: `/v2/projects/${OWN_ID}/assets/speaker` },
  },
  ...rejectedKeys("detachProjectAsset", detach),
];
