/** Reads the query of GET /v2/generations [doc]: filters, and pages whose cursor is the last generation's id. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { GenerationFilter, GenerationPage } from "../../../engine/generation/generations.ts";
import { phases } from "../../../engine/model/phases.ts";
import { queryInteger, queryList } from "../../../http/parsing/query-codecs.ts";
import { badRequest } from "../errors.ts";
import { uuid } from "../schemas.ts";
import { STATUSES } from "./views.ts";

const STATUS_WORDS = ["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"] as const;

/** Query of the list. Lists are JSON text from the newer SDK [sdk], text with commas [doc], or repeated keys. */
export const listQuery = z.object({
  status: queryList
    .pipe(z.array(z.enum(STATUS_WORDS, `must be one of the following values: ${STATUS_WORDS.join(", ")}`)))
    .optional(),
  ids: queryList.optional(),
  source: queryList.optional().meta({ description: "Values of the header x-sync-source of the create" }),
  projectId: uuid.optional(),
  limit: queryInteger({ min: 1, max: 100 }).optional(),
  cursor: z.string().optional().meta({ description: "Id of the last generation of the previous page; requires limit" }),
});

type ListQuery = z.output<typeof listQuery>;

/** Returns the store's filter of a query; an empty list selects everything [inferred]. */
export function filterOf({ account }: FastifyRequest, query: ListQuery): GenerationFilter {
  const [status, ids, source] = [query.status, query.ids, query.source].map(filled);
  const facts = { ...(source && { source }), ...(query.projectId !== undefined && { projectId: [query.projectId] }) };
  return {
    accountId: account.id,
    vendor: "sync",
    kind: "generation",
    ...(status && { phases: phases.filter((phase) => status.includes(STATUSES[phase])) }),
    ...(ids && { publicIds: ids }),
    ...(Object.keys(facts).length > 0 && { facts }),
  };
}

function filled(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.length === 0 ? undefined : list;
}

/**
 * Returns the page of a query, newest first, with or without a limit [inferred for the latter]. Throws 400 [inferred]
 * for a cursor without a limit.
 */
export function pageOf({ sandbox, account }: FastifyRequest, query: ListQuery): GenerationPage | "unknown cursor" {
  const { limit, cursor } = query;
  if (cursor === undefined) return { order: "newest", ...(limit !== undefined && { limit }) };
  if (limit === undefined) throw badRequest("cursor requires limit");
  const last = sandbox.generations.find("sync", cursor);
  return last?.accountId === account.id ? { order: "newest", limit, after: last.rowId } : "unknown cursor";
}
