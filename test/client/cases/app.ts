/** Acts as the app of an imagined user, which the cases test. */
import type { VendorAccess } from "../../../src/index.ts";

/** Creates an image with the given base URL and key. */
export async function generate({ baseUrl, apiKey }: VendorAccess, path = "/api/v1/generate"): Promise<Response> {
  return fetch(`${baseUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "grok-imagine-image-quality", prompt: "a lighthouse" }),
  });
}
