/** Sends the requests of the control client from a browser, with its own `fetch`. */
import type { Exchange } from "../../client/exchange.ts";

export const exchange: Exchange = async (url, { method, headers, text, signal }) => {
  const answer = await fetch(url, {
    method,
    headers,
    ...(text !== undefined && { body: text }),
    ...(signal !== undefined && { signal }),
  });
  return {
    status: answer.status,
    isSuccess: answer.ok,
    contentType: answer.headers.get("content-type") ?? "",
    text: () => answer.text(),
    body: () => answer.body ?? new ReadableStream(),
  };
};
