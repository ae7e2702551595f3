/**
 * Reads the queries of GET /v2/generations [doc] and of GET /v2/generations/count [doc: generate-api/count]: filters, and
 * pages whose cursor is the last generation's id.
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { GenerationFilter, GenerationPage } from "../../../engine/generation/generations.ts";
import { phases } from "../../../engine/model/phases.ts";
import { queryBoolean, queryInteger, queryList } from "../../../http/parsing/query-codecs.ts";
import { badRequest } from "../errors.ts";
import { oneOf, uuid } from "../schemas.ts";
import { generationSources } from "../organization/source.ts";
import { STATUSES } from "./views.ts";

const STATUS_WORDS = ["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"] as const;

/** Filters of the list and of the count. Lists are JSON text from the newer SDK [sdk], text with commas [doc], or repeated keys. */
const filters = {
  status: queryList.pipe(z.array(oneOf(...STATUS_WORDS))).optional(),
  source: queryList.optional().meta({ description: "Values of the header x-sync-source of the create" }),
} as const;

export const listQuery = z.object({
  status: filters.status,
  ids: queryList.optional(),
  source: filters.source,
  projectId: uuid.optional(),
  limit: queryInteger({ min: 1, max: 100 }).optional(),
  cursor: z.string().optional().meta({ description: "Id of the last generation of the previous page; requires limit" }),
});

export const countQuery = z.object({
  status: filters.status,
  type: oneOf("playground", "api")
    .optional()
    .meta({ description: "Created in the vendor's own studio, or by the API" }),
  source: filters.source,
  generationSource: oneOf(...generationSources)
    .optional()
    .meta({ description: "The product that created it" }),
  currentUserOnly: queryBoolean.optional().meta({ description: "Only those of the key's user; false by default" }),
});

type ListQuery = z.output<typeof listQuery>;

/** Returns the store's filter of a query; an empty list selects everything [inferred]. */
export function filterOf(request: FastifyRequest, query: ListQuery): GenerationFilter {
  const ids = filled(query.ids);
  const projects = query.projectId === undefined ? {} : { projectId: [query.projectId] };
  return { ...commonFilterOf(request, query, projects), ...(ids && { publicIds: ids }) };
}

/**
 * Counts the generations of a query. Every generation comes through the API, so none is of the type `playground`
 * [inferred].
 */
export function countOf(request: FastifyRequest, query: z.output<typeof countQuery>): number {
  const { type, generationSource, currentUserOnly } = query;
  if (type === "playground") return 0;
  const facts = {
    ...(generationSource !== undefined && { generationSource: [generationSource] }),
    ...(currentUserOnly === true && { user: [request.user] }),
  };
  return request.sandbox.generations.count(commonFilterOf(request, query, facts));
}

function commonFilterOf(
  { account }: FastifyRequest,
  query: Pick<ListQuery, "status" | "source">,
  moreFacts: Readonly<Record<string, readonly string[]>>,
): GenerationFilter {
  const [status, source] = [filled(query.status), filled(query.source)];
  const facts = { ...(source && { source }), ...moreFacts };
  return {
    accountId: account.id,
    vendor: "sync",
    kind: "generation",
    ...(status && { phases: phases.filter((phase) => status.includes(STATUSES[phase])) }),
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
