/** Defines the request and response bodies of the project routes [doc: projects-api]. */
import { z } from "zod";
import { queryInteger } from "../../../http/parsing/query-codecs.ts";
import { isoTime, oneOf, uuid } from "../schemas.ts";

const text = z.string("must be a string");
const visibility = oneOf("USER", "ORGANIZATION");
const mode = oneOf("CREATOR", "DEVELOPER");
const workflow = oneOf(
  "lipsync",
  "translate_and_dub",
  "change_appearance",
  "image_to_video",
  "edit_dialogue",
  "assistant",
  "timeline",
);

export const project = z.strictObject({
  id: uuid,
  createdAt: isoTime,
  updatedAt: isoTime,
  visibility,
  mode,
  name: z.string().optional(),
  description: z.string().optional(),
  defaultWorkflow: workflow.nullable(),
});

export type ProjectView = z.output<typeof project>;

export const projectList = z.strictObject({ items: z.array(project), nextCursor: z.string().optional() });

export const createProjectBody = z.looseObject({
  name: text.min(1, "should not be empty"),
  id: uuid
    .nullish()
    .meta({ description: "Id chosen by the client; a repeated create with this id returns the existing project" }),
  description: text.nullish(),
  visibility: visibility.nullish(),
  mode: mode.nullish(),
  defaultWorkflow: workflow.nullish(),
});

export const updateProjectBody = z.looseObject({
  name: text.min(1, "should not be empty").nullish(),
  description: text.nullish(),
  visibility: visibility.nullish(),
  mode: mode.nullish(),
  defaultWorkflow: workflow.nullish(),
});

export const attachAssetBody = z.looseObject({ assetId: uuid });

export const projectListQuery = z.object({
  limit: queryInteger({ min: 1, max: 100 }).optional().meta({ description: "10 by default" }),
  cursor: z.string().optional(),
  searchQuery: z.string().optional().meta({ description: "Text in the name, regardless of case" }),
  sortBy: oneOf("updatedAt", "name").optional(),
});
