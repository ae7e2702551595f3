/** Serves the board: one page for all of its addresses, and the files that it loads. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { problem } from "../../http/errors/problems.ts";
import { packageRoot } from "../../platform/package-root.ts";
import { readVersion } from "../../platform/version.ts";
import { BOARD_POLICY, boardPage } from "./page.ts";

/** The files of the board, with their content types. */
const ASSETS: Readonly<Record<string, string>> = {
  "board.js": "text/javascript; charset=utf-8",
  "board.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

/** Public, because the page holds no data; control's access rules apply to all that the page asks for. */
const hidden = { config: { access: "public" }, schema: { hide: true } } as const;

export const boardRoutes: FastifyPluginAsyncZod = async (app) => {
  const page = boardPage(readVersion());
  const sendPage = (reply: FastifyReply): FastifyReply =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", BOARD_POLICY)
      .header("referrer-policy", "no-referrer")
      .header("cache-control", "no-cache")
      .send(page);

  for (const path of ["/", "/board", "/board/*"]) app.get(path, hidden, async (_request, reply) => sendPage(reply));

  app.get(
    "/board-assets/:file",
    { ...hidden, schema: { hide: true, params: z.object({ file: z.string() }) } },
    async (request, reply) => {
      const name = request.params.file;
      const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
      if (type === undefined) throw problem("no-such-route", `The board has no file ${name}.`);
      return reply
        .type(type)
        .header("cache-control", "no-cache")
        .send(createReadStream(join(packageRoot, "dist/board", name)));
    },
  );
};
