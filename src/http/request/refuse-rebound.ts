/** Refuses requests of pages that use the server under a host name that is not the server's (see own-hosts.ts). */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { problem } from "../errors/problems.ts";

/** Refuses a browser's request, which an Origin or Sec-Fetch-Site header shows, to a host that is not the server's. */
export function refuseRebound(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { headers, vendorHttp, server } = request;
  if (headers.origin === undefined && headers["sec-fetch-site"] === undefined) {
    done();
    return;
  }
  const { clientSideOf, isOwnHost } = server.httpContext;
  const { host } = clientSideOf(request);
  if (isOwnHost(host)) {
    done();
    return;
  }
  const text = `A page used the server under the host "${host}". If this host is the server's, start it with --public-url http://${host}, or with --cors and the page's origin.`;
  done(
    vendorHttp === undefined
      ? problem("host-not-allowed", text)
      : vendorHttp.errors.unauthorized("unknown").explained("HOST_NOT_ALLOWED", text),
  );
}
