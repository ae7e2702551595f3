/** Builds the reference page and its script. */
import type { DocumentedApi } from "./api-descriptions.ts";

/** Returns the reference page: links to the APIs, and Swagger UI below them. */
export function docsPage(apis: readonly DocumentedApi[]): string {
  const links = apis.map(
    ({ name, description }) =>
      `<a href="?api=${name}" data-api="${name}" title="${escapeHtml(description.title)}">${name}</a>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>fauxgen reference</title>
    <link rel="icon" href="/_fauxgen/docs/assets/favicon-32x32.png">
    <link rel="stylesheet" href="/_fauxgen/docs/assets/swagger-ui.css">
    <style>
      body { margin: 0; }
      nav { font: 15px/1 system-ui, sans-serif; padding: 0.75rem 1.25rem; background: #23272f; }
      nav a { color: #d5dae3; margin-right: 1.25rem; text-decoration: none; }
      nav a[aria-current] { color: #fff; font-weight: 600; border-bottom: 2px solid #6ea8fe; padding-bottom: 0.2rem; }
    </style>
  </head>
  <body>
    <nav><a href="/_fauxgen/">fauxgen</a>${links.join("")}</nav>
    <div id="reference"></div>
    <noscript>The OpenAPI documents: ${apis.map(({ name }) => `<a href="/_fauxgen/openapi/${name}.json">${name}.json</a>`).join(", ")}.</noscript>
    <script src="/_fauxgen/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/_fauxgen/docs/assets/start.js"></script>
  </body>
</html>
`;
}

/** Returns the script that shows the API named in the query, with the key of the default sandbox filled in. */
export function docsScript(apis: readonly DocumentedApi[]): string {
  const known = apis.map(({ name, key, description }) => ({ name, key, scheme: description.security.name }));
  return `const apis = ${JSON.stringify(known)};
const asked = new URLSearchParams(location.search).get("api");
const api = apis.find(({ name }) => name === asked) ?? apis[0];
document.querySelector(\`nav a[data-api="\${api.name}"]\`).setAttribute("aria-current", "page");
document.title = \`\${api.name} - fauxgen reference\`;
const ui = SwaggerUIBundle({
  url: \`/_fauxgen/openapi/\${api.name}.json\`,
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  onComplete: () => {
    if (api.key !== undefined) ui.preauthorizeApiKey(api.scheme, api.key);
  },
});
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
