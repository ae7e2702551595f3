/** The app: renders a poster with vivix, waits for it, and returns its URL. */
import { setTimeout } from "node:timers/promises";

export interface Vivix {
  readonly baseUrl: string;
  readonly apiKey: string;
}

interface Generation {
  readonly generation_id: string;
  readonly status: "pending" | "processing" | "completed" | "failed";
  readonly output_url?: string;
}

export async function renderPoster(prompt: string, { baseUrl, apiKey }: Vivix, pollEveryMs = 50): Promise<string> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const body = JSON.stringify({ model: "grok-imagine-image-quality", prompt });
  const created = await fetch(`${baseUrl}/api/v1/generate`, { method: "POST", headers, body });
  if (created.status === 402) throw new Error("Your credits are used up.");
  if (!created.ok) throw new Error(`vivix answered ${created.status}.`);
  const { generation_id: id } = (await created.json()) as Generation;
  for (;;) {
    const { status, output_url: url } = await readGeneration(`${baseUrl}/api/v1/generations/${id}`, headers);
    if (status === "completed" && url !== undefined) return url;
    if (status === "failed") throw new Error("The poster could not be rendered.");
    await setTimeout(pollEveryMs);
  }
}

/** Reads the generation, and retries once if the connection breaks. A read may be repeated; a create may not. */
async function readGeneration(url: string, headers: Record<string, string>): Promise<Generation> {
  const answer = await fetch(url, { headers }).catch(() => fetch(url, { headers }));
  return (await answer.json()) as Generation;
}
