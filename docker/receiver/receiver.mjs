// Prints each webhook with its signature, and answers 200.
import { createServer } from "node:http";

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  console.log(request.method, request.url, request.headers["sync-signature"], body);
  response.end("ok");
}).listen(8080);
