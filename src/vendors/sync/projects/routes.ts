/** Serves /v2/projects. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { uuidFrom } from "../../../engine/base/ids.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { findVisibleAsset, requireAssetId } from "../assets/store.ts";
import { cutPage, type Order } from "../paging.ts";
import {
  attachAssetBody,
  createProjectBody,
  project,
  projectList,
  projectListQuery,
  updateProjectBody,
} from "./schemas.ts";
import { formatProject } from "./views.ts";
import {
  deletedProjects,
  deleteProject,
  findProject,
  isVisible,
  joinProject,
  projectIdTaken,
  projects,
  type Project,
} from "./store.ts";
import { failures, idParams, uuid } from "../schemas.ts";

const tags = ["Projects"] as const;
const USUAL_LIMIT = 10;

const ORDERS: Readonly<Record<"updatedAt" | "name", Order<Project>>> = {
  // Most recently updated first [doc]; projects of the same instant are in the order of their creation.
  updatedAt: {
    valueOf: ({ document, rowId }) => `${document.updatedAt} ${String(rowId).padStart(12, "0")}`,
    direction: "descending",
  },
  name: { valueOf: ({ document }) => (document.name ?? "").toLowerCase(), direction: "ascending" },
};

/** Returns the sandbox's project with this id. Throws 409 [doc] for the id of a deleted project. */
function findById(sandbox: Sandbox, id: string): Project | undefined {
  if (deletedProjects.find(sandbox, id) !== undefined) throw projectIdTaken();
  return projects.find(sandbox, id);
}

export const projectRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/projects",
    {
      config: { operation: "createProject" },
      schema: {
        operationId: "ProjectsController_create",
        tags,
        summary: "Create a project",
        body: createProjectBody,
        response: { 201: project, ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, account, user, now, body } = request;
      const ownId = body.id?.toLowerCase();
      const existing = ownId === undefined ? undefined : findById(sandbox, ownId);
      if (existing !== undefined && existing.accountId !== account.id) throw projectIdTaken();
      reply.code(201);
      // A repeated id returns the existing project and ignores the other fields [doc].
      if (existing !== undefined) return formatProject(existing);
      const document = {
        updatedAt: now,
        user,
        visibility: body.visibility ?? ("USER" as const),
        mode: body.mode ?? ("CREATOR" as const),
        name: body.name,
        ...(body.description != null && { description: body.description }),
        defaultWorkflow: body.defaultWorkflow ?? null,
      };
      const created = sandbox.write(() => {
        const id = ownId ?? uuidFrom(account.nextDigest("sync", "project"));
        return projects.insert(request, id, document);
      });
      return formatProject(created);
    },
  );

  app.get(
    "/v2/projects",
    {
      config: { operation: "listProjects" },
      schema: {
        operationId: "ProjectsController_getAll",
        tags,
        summary: "List projects, the most recently updated first",
        querystring: projectListQuery,
        response: { 200: projectList, ...failures },
      },
    },
    async (request) => {
      const { limit = USUAL_LIMIT, cursor, searchQuery, sortBy = "updatedAt" } = request.query;
      const wanted = searchQuery?.toLowerCase() ?? "";
      const matching = projects
        .ofAccount(request.sandbox, request.account)
        .filter((each) => isVisible(request, each))
        .filter(({ document }) => (document.name ?? "").toLowerCase().includes(wanted));
      const { items, ...rest } = cutPage(matching, ORDERS[sortBy], { limit, cursor });
      return { items: items.map(formatProject), ...rest };
    },
  );

  app.get(
    "/v2/projects/:id",
    {
      config: { operation: "getProject" },
      schema: {
        operationId: "ProjectsController_get",
        tags,
        summary: "Read a project",
        params: idParams,
        response: { 200: project, ...failures },
      },
    },
    async (request) => formatProject(findProject(request, request.params.id)),
  );

  app.patch(
    "/v2/projects/:id",
    {
      config: { operation: "updateProject" },
      schema: {
        operationId: "ProjectsController_update",
        tags,
        summary: "Change some fields of a project",
        params: idParams,
        body: updateProjectBody,
        response: { 200: project, ...failures },
      },
    },
    async (request) => {
      const { sandbox, now, params, body } = request;
      const found = findProject(request, params.id);
      const { name, description, visibility, mode, defaultWorkflow } = body;
      const document = {
        ...found.document,
        ...(name != null && { name }),
        ...(description != null && { description }),
        ...(visibility != null && { visibility }),
        ...(mode != null && { mode }),
        ...(defaultWorkflow !== undefined && { defaultWorkflow }),
        updatedAt: now,
      };
      return formatProject(sandbox.write(() => projects.replace(sandbox, found, document)));
    },
  );

  app.delete(
    "/v2/projects/:id",
    {
      config: { operation: "deleteProject" },
      schema: {
        operationId: "ProjectsController_delete",
        tags,
        summary: "Delete a project that has no queued or processing generation",
        params: idParams,
        response: { 200: z.strictObject({ id: uuid }), ...failures },
      },
    },
    async (request) => {
      const found = findProject(request, request.params.id);
      deleteProject(request, found);
      return { id: found.id };
    },
  );

  app.post(
    "/v2/projects/:id/assets",
    {
      config: { operation: "attachProjectAsset" },
      schema: {
        operationId: "ProjectsController_attachAsset",
        tags,
        summary: "Put an asset into a project's library; no effect if the asset is in it",
        params: idParams,
        body: attachAssetBody,
        response: { 204: z.undefined(), ...failures },
      },
    },
    async (request, reply) => {
      const { sandbox, params, body } = request;
      const found = findProject(request, params.id);
      const asset = findVisibleAsset(request, body.assetId);
      sandbox.write(() => {
        joinProject(request, asset, found.id);
      });
      return reply.code(204).send();
    },
  );

  app.delete(
    "/v2/projects/:id/assets/:assetId",
    {
      config: { operation: "detachProjectAsset" },
      schema: {
        operationId: "ProjectsController_detachAsset",
        tags,
        summary: "Remove an asset from a project's draft; the asset stays in the project's library",
        params: idParams.extend({ assetId: z.string() }),
        response: { 204: z.undefined(), ...failures },
      },
    },
    async (request, reply) => {
      const { params } = request;
      findProject(request, params.id);
      requireAssetId(params.assetId);
      // No route shows a project's draft, so nothing else changes; an asset that is not in it is answered alike [doc].
      return reply.code(204).send();
    },
  );
};
