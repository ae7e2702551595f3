/** Stores projects: groups of an organisation's generations and assets. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Generation } from "../../../engine/model/generation.ts";
import { observe } from "../../../engine/model/observation.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import { documentKind, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import { assets, deleteAsset, isInProject, type Asset } from "../assets/store.ts";
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
  const members = assets.ofAccount(sandbox, account).filter((asset) => isInProject(asset, found.id));
  const takesAll = vintageOf(sandbox) === "2026-11";
  sandbox.write(() => {
    for (const generation of generations) {
      if (takesAll) sandbox.generations.delete(generation, now);
      else sandbox.generations.setAttributes(generation, { ...attributesOf(generation), projectId: null }, now);
    }
    for (const member of members) {
      // An asset that another project has too stays there [doc].
      if (takesAll && !isElsewhere(member, found.id)) deleteAsset(request, member);
      else leaveProject(request, member, found.id);
    }
    projects.remove(sandbox, found);
    deletedProjects.insert(request, found.id, {});
  });
}

/**
 * Puts an asset into a project's library; no effect if it is there [doc]. An asset of no project becomes the project's,
 * and any other is in the libraries of both [inferred]. Call it inside a transaction.
 */
export function joinProject({ sandbox, now }: FastifyRequest, asset: Asset, projectId: string): void {
  if (isInProject(asset, projectId)) return;
  const { projectId: own, attachedTo = [] } = asset.document;
  const place = own === null ? { projectId } : { attachedTo: [...attachedTo, projectId] };
  assets.replace(sandbox, asset, { ...asset.document, ...place, updatedAt: now });
}

function leaveProject({ sandbox, now }: FastifyRequest, asset: Asset, left: string): void {
  const { projectId, attachedTo = [] } = asset.document;
  assets.replace(sandbox, asset, {
    ...asset.document,
    projectId: projectId === left ? null : projectId,
    attachedTo: attachedTo.filter((each) => each !== left),
    updatedAt: now,
  });
}

function isElsewhere({ document }: Asset, projectId: string): boolean {
  return [document.projectId, ...(document.attachedTo ?? [])].some((each) => each !== null && each !== projectId);
}

function generationsOf({ sandbox, account }: FastifyRequest, projectId: string): Generation[] {
  return sandbox.generations.list(
    { accountId: account.id, vendor: "sync", kind: "generation", facts: { projectId: [projectId] } },
    { order: "oldest" },
  );
}
