/** Generates bytes for a socket: garbage, near-requests, and requests that no client library would send. */
import { connect, type Socket } from "node:net";
import fc from "fast-check";

/** The plan of a connection: the pieces that it writes in order, and how it ends. */
export interface Assault {
  readonly name: string;
  readonly pieces: readonly Buffer[];
  /** `end` half-closes and reads on; `leave` closes at once; `wait` closes after the server, or after a time-out. */
  readonly then: "end" | "leave" | "wait";
}

const KEY = "x-api-key: fx_fuzz-bytes_main\r\nauthorization: Bearer vvx_live_fx_fuzz-bytes_main\r\n";
const paths = [
  "/v2/generate",
  "/api/v1/generate",
  "/pub/v1/generations",
  "/api/ai/queue",
  "/v2/assets/upload",
  "/_fauxgen/sandboxes/fuzz-bytes",
  "/_fauxgen/health",
  "/_media/fuzz-bytes/uploads/x",
  "/",
  "*",
] as const;
const methods = [
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "HEAD",
  "CONNECT",
  "TRACE",
  "PRI",
  "get",
  "G\u0000T",
  "",
] as const;
const versions = ["HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", "", "HTTP/9999"] as const;
const line = (name: string, value: string): string => `${name}: ${value}\r\n`;
const json = '{"model":"lipsync-2","input":[]}';

const anyHeader = fc.oneof(
  fc.constantFrom(
    line("content-length", "5"),
    line("content-length", "5") + line("content-length", "6"),
    line("content-length", "5") + line("content-length", "5"),
    line("content-length", "-1"),
    line("content-length", "+5"),
    line("content-length", "0x5"),
    line("content-length", "99999999999999999999"),
    line("content-length", "1e3"),
    line("content-length", "5, 5"),
    line("transfer-encoding", "chunked"),
    line("transfer-encoding", "chunked") + line("content-length", "5"),
    line("transfer-encoding", "gzip, chunked"),
    line("transfer-encoding", "chunked, identity"),
    line("transfer-encoding", "xchunked"),
    line("Transfer-Encoding ", "chunked"),
    line("expect", "100-continue"),
    line("expect", "200-ok"),
    line("upgrade", "websocket") + line("connection", "upgrade"),
    line("upgrade", "h2c") + line("connection", "Upgrade, HTTP2-Settings"),
    line("connection", "close"),
    line("connection", "keep-alive, close, close"),
    line("host", ""),
    line("host", "a") + line("host", "b"),
    line("host", "[::1"),
    line("host", "169.254.169.254"),
    line("content-type", "multipart/form-data; boundary=xx"),
    line("content-type", "multipart/form-data"),
    line("content-type", "application/json"),
    line("content-encoding", "gzip"),
    "no colon\r\n",
    " folded: yes\r\n",
    ": nameless\r\n",
    "bare\rreturn: x\r\n",
    "bare-newline: x\n",
    "nul: a\u0000b\r\n",
    line("x-fauxgen-scenario", "\u00ff\u00fe"),
    line("x", "y".repeat(20_000)),
    "a: b\r\n".repeat(200),
    "a: b\r\n".repeat(3000),
  ),
);

const anyBody = fc.oneof(
  fc.constantFrom(
    "",
    json,
    "5\r\nhello\r\n0\r\n\r\n",
    "5\r\nhel",
    "zz\r\nhello\r\n0\r\n\r\n",
    "ffffffffffffffffff\r\nhello",
    "5;ext=\u0000\r\nhello\r\n0\r\n\r\n",
    "5\r\nhelloX\r\n0\r\n\r\n",
    "0\r\ntrailer: x\r\n\r\n",
    "0\r\n\r\nGET /_fauxgen/health HTTP/1.1\r\nhost: x\r\n\r\n",
    '--xx\r\ncontent-disposition: form-data; name="file"; filename="../../x"\r\n\r\nabc\r\n--xx--\r\n',
    "--xx\r\ncontent-disposition: form-data\r\n\r\n",
    "--xx--\r\n",
    "\u00c3\u0028\u00ff",
    "x".repeat(100_000),
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
);

const nearlyRequests = fc
  .record({
    method: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom("GET", "POST", "PUT") },
      { weight: 2, arbitrary: fc.constantFrom(...methods) },
    ),
    path: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...paths) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "http://elsewhere/v2/generate",
          "//v2",
          "/v2/" + "a".repeat(30_000),
          "/v2/\u0000",
          "/v2/é",
          "?",
          "#",
          "/v2/generate#x",
          "/v2 /x",
        ),
      },
    ),
    version: fc.oneof(
      { weight: 8, arbitrary: fc.constant("HTTP/1.1") },
      { weight: 1, arbitrary: fc.constantFrom(...versions) },
    ),
    host: fc.oneof(
      { weight: 6, arbitrary: fc.constant(line("host", "localhost")) },
      { weight: 1, arbitrary: fc.constant("") },
    ),
    key: fc.boolean(),
    headers: fc.array(anyHeader, { maxLength: 3 }),
    body: anyBody,
  })
  .map(({ method, path, version, host, key, headers, body }) =>
    Buffer.from(`${method} ${path} ${version}\r\n${host}${key ? KEY : ""}${headers.join("")}\r\n${body}`, "latin1"),
  );

const proper = (path: string, body = json): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${KEY}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );

/** Cuts bytes into pieces at the given positions. */
function cutUp(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

const endings = fc.constantFrom("end" as const, "leave" as const, "wait" as const);

export const assaults: fc.Arbitrary<Assault> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ bytes: nearlyRequests, then: endings })
      .map(({ bytes, then }) => ({ name: "nearly a request", pieces: [bytes], then })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ bytes: nearlyRequests, cuts: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), then: endings })
      .map(({ bytes, cuts, then }) => ({ name: "in pieces", pieces: cutUp(bytes, cuts), then })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ several: fc.array(nearlyRequests, { minLength: 2, maxLength: 6 }), then: endings })
      .map(({ several, then }) => ({ name: "a pipeline", pieces: [Buffer.concat(several)], then })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ path: fc.constantFrom(...paths), cut: fc.nat(), then: endings })
      .map(({ path, cut, then }) => {
        const whole = proper(path);
        return { name: "broken off", pieces: [whole.subarray(0, cut % whole.length)], then };
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ count: fc.integer({ min: 2, max: 40 }), path: fc.constantFrom(...paths), then: endings })
      .map(({ count, path, then }) => ({
        name: "a pipeline of requests as they should be",
        pieces: [Buffer.concat(Array.from({ length: count }, () => proper(path)))],
        then,
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 400 }), then: endings })
      .map(({ bytes, then }) => ({ name: "noise", pieces: [Buffer.from(bytes)], then })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { name: "a TLS hello", pieces: [Buffer.from("160301020001000001fc0303", "hex")], then: "wait" as const },
      { name: "HTTP/2", pieces: [Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")], then: "wait" as const },
      { name: "nothing", pieces: [], then: "end" as const },
      { name: "line ends", pieces: [Buffer.from("\r\n".repeat(5000))], then: "end" as const },
    ),
  },
);

/** Turns of the event loop in which a server in this process can read the bytes and its client the answer. */
const TURNS = 10;

/**
 * Returns everything that came back before the connection ended. A server that keeps the connection open is left
 * `patienceMs` after it was sent everything, but not before some turns of the event loop, which can be late on a busy
 * machine.
 */
export function assault(port: number, { pieces, then }: Assault, patienceMs: number): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => (answer += part));
    // A server that closes with unread bytes may reset the connection after its answer.
    socket.on("error", () => undefined);
    let patience: NodeJS.Timeout | undefined;
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(patience);
      resolve(answer);
    });
    socket.on("connect", () => {
      void writeAll(socket, pieces).then(() => {
        if (then === "leave") socket.destroy();
        if (then === "end") socket.end();
        patience = setTimeout(() => void takeTurns().then(() => socket.destroy()), patienceMs);
      });
    });
  });
}

async function takeTurns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function writeAll(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Returns the status line of each answer in the received bytes; text that is not HTTP is returned unchanged. */
export function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/(?:^|\r\n|[^\r\n])HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
