/** Makes a plain connection to the emulator look like TLS to its caller; the emulator is on this machine or network. */
import type net from "node:net";
import { origin } from "./emulator.ts";

/** What the emulator answers to the request that begins each such connection. */
const ESTABLISHED = /^HTTP\/1\.1 200 [^\r\n]*\r\n\r\n/;

/** Tells the emulator for which host the connection is, and that its caller sees TLS, so that URLs have `https`. */
export function announceScheme(socket: net.Socket, host: string): void {
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}:443\r\nx-fauxgen-scheme: https\r\n\r\n`);
  const push = socket.push.bind(socket);
  let begun = Buffer.alloc(0);
  // The caller must not see the answer to a request that it did not send.
  Object.assign(socket, {
    push: (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
      if (chunk === null) return push(chunk, encoding);
      begun = Buffer.concat([begun, chunk]);
      const end = begun.indexOf("\r\n\r\n");
      if (end === -1) return true;
      Reflect.deleteProperty(socket, "push");
      const [answer = ""] = ESTABLISHED.exec(begun.toString("latin1")) ?? [];
      if (answer === "") {
        const [line = ""] = begun.toString("latin1").split("\r\n", 1);
        socket.destroy(new Error(`${origin} (FAUXGEN_URL) is not a fauxgen server of this version: ${line}`));
        return false;
      }
      const rest = begun.subarray(answer.length);
      return rest.length === 0 || socket.push(rest);
    },
  });
}

/** Adds the members of a TLS socket that callers use after the connection is open. */
export function dressAsTls(socket: net.Socket, alpnProtocol: string | false): net.Socket {
  socket.once("connect", () => socket.emit("secureConnect"));
  return Object.assign(socket, {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol,
    servername: false,
    disableRenegotiation: () => undefined,
    enableTrace: () => undefined,
    exportKeyingMaterial: (length: number) => Buffer.alloc(length),
    getCertificate: () => ({}),
    getCipher: () => ({ name: "none", standardName: "none", version: "TLSv1.3" }),
    getEphemeralKeyInfo: () => ({}),
    getFinished: () => undefined,
    getPeerCertificate: () => ({}),
    getPeerFinished: () => undefined,
    getPeerX509Certificate: () => undefined,
    getProtocol: () => "TLSv1.3",
    getSession: () => undefined,
    getSharedSigalgs: () => [],
    getTLSTicket: () => undefined,
    getX509Certificate: () => undefined,
    isSessionReused: () => false,
    renegotiate: () => false,
    setKeyCert: () => undefined,
    setMaxSendFragment: () => true,
    setServername: () => undefined,
    setSession: () => undefined,
  });
}
