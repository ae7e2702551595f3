/** States how Affogato wants its clients to behave. */
import { z } from "zod";
import type { VendorConduct } from "../conduct.ts";

const page = z.looseObject({
  pagination: z.looseObject({ page: z.int(), page_size: z.int(), total: z.int() }),
});

const INSTEAD = "GET /pub/v1/generations/{generation_id} answers the same";

export const conduct: VendorConduct = {
  statusReads: ["getGeneration", "getGenerationStatus", "getImageStatus", "getMedia"],
  creates: ["createGeneration"],
  lists: ["listGenerations"],
  pollGap: { ms: 1000, what: "No page names an interval; known clients wait 2 seconds or more.", source: "client" },
  deprecated: [
    {
      operation: "getGenerationStatus",
      what: `The reference labels the status of a generation "Deprecating"; ${INSTEAD}.`,
      source: "doc",
    },
    {
      operation: "getImageStatus",
      what: `The reference labels the status of an image "Deprecating"; ${INSTEAD}.`,
      source: "doc",
    },
    {
      operation: "deleteImage",
      what: 'The reference labels the deletion of an image "Deprecating"; DELETE .../media/{media_id} deletes a media item.',
      source: "doc",
    },
  ],
  hasNextPage: (answer) => {
    const parsed = page.safeParse(answer);
    if (!parsed.success) return false;
    const { page: number, page_size: size, total } = parsed.data.pagination;
    return number * size < total;
  },
  filesNeedNoKey: true,
};
