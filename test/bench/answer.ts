/** Parses an HTTP/1.1 response from the bytes of a socket. */

export interface Answer {
  readonly status: number;
  /** The length of the whole response, including its head and framing. */
  readonly length: number;
  readonly body: Buffer;
}

/** Returns the response at the beginning of the bytes; undefined while it is incomplete. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  const start = headEnd + 4;
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunks(bytes, start, status);
  const end = start + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return bytes.length < end ? undefined : { status, length: end, body: bytes.subarray(start, end) };
}

function readChunks(bytes: Buffer, start: number, status: number): Answer | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { status, length: end, body: Buffer.concat(chunks) };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
