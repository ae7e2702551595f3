/** Builds the page that the board starts in. The page holds no data: the board asks control for it. */

/**
 * Allows the board's own script, style and files of this origin, and nothing else: no inline code, no other host, no
 * frame around it. Files that control serves are shown as blobs, which only the board's own script can make. A request's body or a prompt that is shown in it can therefore run nothing.
 */
export const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Returns the page; `version` makes browsers load the files of a new version anew. */
export function boardPage(version: string): string {
  const asset = (file: string): string => `/_fauxgen/board-assets/${file}?v=${version}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>fauxgen</title>
    <link rel="icon" href="${asset("icon.svg")}" type="image/svg+xml">
    <link rel="stylesheet" href="${asset("board.css")}">
    <script type="module" src="${asset("board.js")}"></script>
  </head>
  <body>
    <div id="board"></div>
    <noscript>
      The board needs JavaScript. Without it: <a href="/_fauxgen/docs">the reference</a>,
      <a href="/_fauxgen/sandboxes">the sandboxes</a>, <a href="/_fauxgen/requests/unassigned">the unassigned requests</a>,
      <a href="/_fauxgen/health">the health</a>.
    </noscript>
  </body>
</html>
`;
}
