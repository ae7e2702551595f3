/** Stores projects: groups of an organisation's generations and assets. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Generation } from "../../../engine/model/generation.ts";
import { observe } from "../../../engine/model/observation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import { documentKind, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import { assets, deleteAsset, type Asset } from "../assets/store.ts";
import { plainError, refusal } from "../errors.ts";
import { project } from "./schemas.ts";
import { attributesOf } from "../generations/store.ts";
import { vintageOf } from "../vintage.ts";

const projectDocument = project
  .omit({ id: true, createdAt: true, updatedAt: true })
  .extend({ updatedAt: z.int(), user: z.string() });

export type Project = StoredDocument<z.output<typeof projectDocument>>;

export const projects = documentKind("sync", "project", projectDocument);

/** Ids of deleted projects, which a new project cannot use [doc]. */
export const deletedProjects = documentKind("sync", "deleted project", z.strictObject({}));

/** Returns the project with this id, if the organisation shares it or the caller owns it. Otherwise throws 404. */
export function findProject(request: FastifyRequest, id: string): Project {
  const found = projects.findOwn(request, id.toLowerCase());
  if (found === undefined || !isVisible(request, found)) throw refusal("project_not_found", { status: 404 });
  return found;
}

export function isVisible({ user }: FastifyRequest, { document }: Project): boolean {
  return document.visibility === "ORGANIZATION" || document.user === user;
}

/** 409 [doc] for the id of another organisation's project, or of a deleted project; its code is not stated. */
export const projectIdTaken = (): Error => plainError(409, "A project with this id already exists");

/**
 * Deletes a project. A project with a queued or processing generation is refused [doc], by a 409 [inferred]. The newest
 * pages also delete its generations and assets; 2026-06 only removed them from the project [client].
 */
export function deleteProject(request: FastifyRequest, found: Project): void {
  const { sandbox, account, now } = request;
  const generations = generationsOf(request, found.id);
  if (generations.some((generation) => !isTerminal(observe(generation, now).phase)))
    throw plainError(409, "A project cannot be deleted while one of its generations is queued or processing");
  const members = assets.ofAccount(sandbox, account).filter(({ document }) => document.projectId === found.id);
  const takesAll = vintageOf(sandbox) === "2026-11";
  sandbox.write(() => {
    for (const generation of generations) {
      if (takesAll) sandbox.generations.delete(generation, now);
      else sandbox.generations.setAttributes(generation, { ...attributesOf(generation), projectId: null }, now);
    }
    for (const member of members) {
      if (takesAll) deleteAsset(request, member);
      else ungroup(request, member);
    }
    projects.remove(sandbox, found);
    deletedProjects.insert(request, found.id, {});
  });
}

/** Removes an asset from its project. Call it inside a transaction. */
export function ungroup({ sandbox, now }: FastifyRequest, asset: Asset): void {
  assets.replace(sandbox, asset, { ...asset.document, projectId: null, updatedAt: now });
}

function generationsOf({ sandbox, account }: FastifyRequest, projectId: string): Generation[] {
  return sandbox.generations.list(
    { accountId: account.id, vendor: "sync", kind: "generation", facts: { projectId: [projectId] } },
    { order: "oldest" },
  );
}
