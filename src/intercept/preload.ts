/**
 * Redirects clients with a hard-coded vendor host to the emulator, in `node --import fauxgen/intercept app.js`.
 *
 * Every connection to a vendor's host goes to the emulator at `FAUXGEN_URL` instead (default `http://127.0.0.1:4600`).
 * Sockets are redirected when they are opened, so this works for every HTTP library, with or without a proxy, and in
 * workers and Node.js processes that this one starts. What cannot be redirected is refused, so this process cannot reach
 * a real host and a test cannot spend money. Each redirected host is named once on stderr; `FAUXGEN_INTERCEPT_QUIET=1`
 * suppresses that.
 */
import { syncBuiltinESMExports } from "node:module";
import { guardHttp2Requests } from "./http2-requests.ts";
import { inheritPreload } from "./other-processes.ts";
import { redirectSockets } from "./sockets.ts";

redirectSockets();
guardHttp2Requests();
inheritPreload(import.meta.filename);
syncBuiltinESMExports();
