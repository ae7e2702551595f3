/** Lists every response of the dialogue edit routes, each with a request that provokes it. */
import type { Outcome, Provocation } from "../../../http/errors/outcome.ts";
import { rejectedKeys, UNKNOWN_ID } from "../provocations.ts";

const stored = (name: string): string => `https://assets.sync.so/docs/${name}.mp4`;
const words = [
  { id: "w1", text: "Hello", startMs: 0, endMs: 400 },
  { id: "w2", text: "world", startMs: 500, endMs: 900 },
] as const;
const transcript = { segments: [{ id: "s1", words }] } as const;
const edits = [{ kind: "change", wordId: "w1", replacement: "Welcome" }] as const;
const body = { sourceVideoUrl: stored("example-video"), transcript, edits } as const;

const create: Provocation = { account: "main", method: "POST", path: "/v2/dialogue-edits", body };
const creating = (change: Readonly<Record<string, unknown>>): Provocation => ({
  ...create,
  body: { ...body, ...change },
});
const marked = (marker: string): Provocation => creating({ sourceVideoUrl: stored(`fauxgen:${marker}`) });
const rollout = (dialogueEdits: string): Provocation => ({
  ...create,
  settings: { vendors: { sync: { dialogueEdits } } },
});
const read: Provocation = { account: "main", method: "GET", path: "/v2/dialogue-edits/{id}", before: [create] };

export const dialogueOutcomes: readonly Outcome[] = [
  { operation: "createDialogueEdit", status: 201, code: "PENDING", phase: "queued", source: "doc", provoke: create },
  { operation: "createDialogueEdit", status: 400, source: "doc", provoke: creating({ edits: [] }) },
  {
    operation: "createDialogueEdit",
    status: 400,
    code: "has no word",
    source: "doc",
    provoke: creating({ edits: [{ kind: "change", wordId: "w9", replacement: "Hi" }] }),
  },
  ...(
    [
      [422, "dialogue_edit_unsupported", "doc", creating({ startMs: 0, endMs: 400 })],
      [422, "dialogue_edit_retime_required", "doc", rollout("none")],
      [503, "generation_infra_service_unavailable", "doc", rollout("unreadable")],
      [422, "dialogue_edit_not_found", "inferred", creating({ rerunOfJobId: UNKNOWN_ID })],
      [422, "project_not_found", "inferred", creating({ projectId: UNKNOWN_ID })],
      [422, "file_not_in_org_storage", "inferred", creating({ sourceVideoUrl: "https://media.test/face.mp4" })],
    ] as const
  ).map(([status, code, source, provoke]): Outcome => ({
    operation: "createDialogueEdit",
    status,
    code,
    source,
    provoke,
  })),
  ...rejectedKeys("createDialogueEdit", create),
  ...(
    [
      ["PENDING", "queued", "succeed", "0s"],
      ["PROCESSING", "processing", "succeed", "1s"],
      ["COMPLETED", "succeeded", "succeed", "10s"],
      ["COMPLETED_PARTIAL", "succeeded", "partial", "10s"],
      ["EDIT_TOO_LONG", "failed", "fail=EDIT_TOO_LONG", "10s"],
      ["VOICE_BLOCKED", "failed", "fail=VOICE_BLOCKED", "10s"],
    ] as const
  ).map(([code, phase, marker, advance]): Outcome => ({
    operation: "getDialogueEdit",
    status: 200,
    code,
    phase,
    source: "doc",
    provoke: { ...read, before: [marked(marker)], advance },
  })),
  ...rejectedKeys("getDialogueEdit", read),
  {
    operation: "getDialogueEdit",
    status: 400,
    source: "inferred",
    provoke: { ...read, path: "/v2/dialogue-edits/42" },
  },
  { operation: "getDialogueEdit", status: 404, source: "inferred", provoke: { ...read, account: "other" } },
];
