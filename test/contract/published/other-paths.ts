/**
 * Lists the operations that a vendor documents and the emulator does not serve. No route of the emulator may answer
 * them: each must get the vendor's answer to an unknown path.
 */
import type { VendorName } from "../../../src/client/vendor-names.ts";

export const otherPaths: Readonly<Partial<Record<VendorName, readonly string[]>>> = {
  sync: [
    // The API description of November 2024 and older overview pages.
    "POST /v2/generate/{id}/cancel",
    "POST /v2/generate/upload",
    "POST /v2/generate/batch",
    "GET /v2/generate",
    // The sign-in of the vendor's tool server.
    "POST /v2/device-auth/start",
    "GET /v2/device-auth/poll",
    "POST /v2/oauth/register",
    "GET /v2/oauth/authorize",
    "POST /v2/oauth/token",
    "POST /v2/oauth/revoke",
    "GET /v2/oauth/userinfo",
    "GET /v2/oauth/account",
  ],
  oxen: [
    // Specification 0.243.1, and the earlier API.
    "POST /api/ai/chat/completions",
    "PUT /api/ai/models/{id}",
    "DELETE /api/ai/models/{id}",
    "POST /api/ai/models/{id}/activate",
    "POST /api/ai/models/{id}/deactivate",
    "GET /api/orgs/{name}/fine_tunes",
    "GET /api/user/fine_tunes",
    "GET /api/users/{username}/fine_tunes",
    "GET /api/users/me",
    "GET /api/evaluations/models",
    "GET /api/repos/{namespace}/{repo_name}/fine_tunes",
    "POST /api/repos/{namespace}/{repo_name}/fine_tunes",
    "GET /api/repos/{namespace}/{repo_name}/fine_tunes/{id}",
    "PATCH /api/repos/{namespace}/{repo_name}/fine_tunes/{id}",
    "DELETE /api/repos/{namespace}/{repo_name}/fine_tunes/{id}",
    "POST /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/actions/run",
    "POST /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/actions/stop",
    "GET /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/checkpoints",
    "POST /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/checkpoints/{step}/deploy",
    "GET /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/logs",
    "POST /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/tokenize",
    "GET /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/train_status",
    "PUT /api/repos/{namespace}/{repo_name}/fine_tunes/{id}/train_status/{new_status}",
    "GET /api/repos/{namespace}/{repo_name}/evaluations/{evaluation_id}",
  ],
  affogato: [],
  vivix: [],
};
