/**
 * Defines vivix's file hosts. Outputs are in a public R2 bucket [seed: `https://pub-<32 hex>.r2.dev/<generation
 * id>.jpg`].
 */
import type { HostPage } from "../../media/serve/file-host.ts";

/**
 * The model provider's own host, which webhooks name instead of the bucket [doc]; here a folder of that name has the
 * same files.
 */
export const PROVIDER_HOST = "im.runware.ai";

/** Returns the page that R2 answers to a browser for an unknown key; its wording is ours [inferred]. */
export const fileNotFound = (): HostPage => ({
  contentType: "text/html; charset=utf-8",
  body: `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>404: no such object</title></head>
  <body><h1>Error 404</h1><p>This bucket is public, and it has no object with this name.</p></body>
</html>
`,
});
