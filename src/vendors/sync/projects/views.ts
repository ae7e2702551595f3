/** Formats projects for sync's responses. */
import { formatInstant } from "../instants.ts";
import type { ProjectView } from "./schemas.ts";
import type { Project } from "./store.ts";

export function formatProject({ id, createdAt, document }: Project): ProjectView {
  const { updatedAt, visibility, mode, name, description, defaultWorkflow } = document;
  return {
    id,
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
    visibility,
    mode,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    defaultWorkflow,
  };
}
