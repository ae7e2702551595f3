/**
 * Lists the account's generations, newest first; the vendor calls the list a feed [doc: the name; inferred: the order].
 */
import type { FastifyRequest } from "fastify";
import { Turns } from "../../../engine/base/turns.ts";
import type { GenerationList } from "../../../engine/generation/generation-list.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Page } from "../envelope.ts";
import { hasStatus } from "./views.ts";

export interface GenerationQuery extends Page {
  readonly status?: "success" | "failed" | undefined;
  readonly media_id?: string | undefined;
  readonly generation_id?: string | undefined;
}

/**
 * Returns one page and the total count. A status filter selects whole generations that have an output with this status
 * [inferred].
 */
export async function selectGenerations(
  { sandbox, account, now }: FastifyRequest,
  query: GenerationQuery,
): Promise<{ generations: Pick<GenerationList, "length" | "at">; total: number }> {
  const { status, media_id, generation_id, page, page_size } = query;
  const ids = [
    ...(generation_id === undefined ? [] : [generation_id]),
    ...(media_id === undefined ? [] : [sandbox.generations.findByOutput("affogato", media_id)?.id ?? ""]),
  ];
  const [id, other] = ids;
  if (other !== undefined && other !== id) return { generations: [], total: 0 };
  const filter = { accountId: account.id, vendor: "affogato", ...(id !== undefined && { publicIds: [id] }) };
  if (status === undefined) {
    const newest = { order: "newest", limit: page_size, offset: (page - 1) * page_size } as const;
    return { generations: sandbox.generations.listLazily(filter, newest), total: sandbox.generations.count(filter) };
  }
  const turns = new Turns(sandbox.wall);
  const generations: Generation[] = [];
  let total = 0;
  for (const generation of sandbox.generations.listLazily(filter, { order: "newest" })) {
    if (hasStatus(generation, status, now)) {
      if (total >= (page - 1) * page_size && generations.length < page_size) generations.push(generation);
      total += 1;
    }
    if (turns.isOver) await turns.pause();
  }
  return { generations, total };
}
