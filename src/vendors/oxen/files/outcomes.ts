/** Lists every response of the host of result files, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { asMain, getting, gettingImage, invalid, NOBODYS, notFound, unauthenticated } from "../provocations.ts";

const WORKSPACE = "/api/repos/main/playground/workspaces/{id}/files";
const COMMITTED = "/api/repos/main/renders/file/main/{id}.png";

const made = { advance: "10s" } as const;
const inWorkspace = { ...gettingImage(`${WORKSPACE}/{id}.png`), ...made };
const inRepository = { ...gettingImage(COMMITTED, { target_repo: "renders" }), ...made };
const deleteCommitted: Provocation = { ...inRepository, method: "DELETE" };
const deleteFromWorkspace = (paths: readonly string[]): Provocation => ({
  ...inWorkspace,
  method: "DELETE",
  path: WORKSPACE,
  body: paths,
});

export const fileOutcomes: readonly Outcome[] = [
  { operation: "downloadOutput", status: 200, source: "client", provoke: inWorkspace },
  { operation: "downloadOutput", status: 200, source: "client", provoke: inRepository },
  {
    operation: "downloadOutput",
    status: 200,
    source: "doc",
    provoke: { ...gettingImage("/api/ai/queue/{id}"), ...made, link: "result_url" },
  },
  notFound("downloadOutput", "inferred", getting("/api/repos/main/playground/workspaces/none/files/none.png")),
  notFound("downloadOutput", "inferred", getting(`/api/repos/main/renders/file/main/${NOBODYS}.png`)),
  { operation: "deleteMedia", status: 200, source: "inferred", provoke: deleteCommitted },
  {
    operation: "deleteMedia",
    status: 200,
    source: "inferred",
    provoke: deleteFromWorkspace(["files/{id}.png"]),
  },
  notFound("deleteMedia", "client", { ...deleteCommitted, account: "other" }),
  unauthenticated("deleteMedia", deleteCommitted),
  invalid("deleteMedia", deleteFromWorkspace([])),
  notFound("deleteMedia", "client", {
    ...asMain,
    method: "DELETE",
    path: WORKSPACE.replace("{id}", "none"),
    body: ["files/none.png"],
  }),
];
