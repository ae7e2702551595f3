/** Shows a generated file where it is: a picture, a player, or what became of it. */
import { useEffect, useState } from "preact/hooks";
import type { Generation } from "../../client/documents.ts";
import { path } from "./live.tsx";
import { client } from "./session.tsx";

type OutputDocument = Generation["outputs"][number];

/** Returns the path of a URL of this server, so that the page loads it from its own origin. */
export function ownPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname + new URL(url).search : url;
}

interface OutputProps {
  readonly generation: string;
  readonly output: OutputDocument;
  readonly isSmall?: boolean;
}

export function Output({ generation, output, isSmall = false }: OutputProps) {
  const { id, url, medium, state, failure, width, height, format, durationSeconds } = output;
  const size = medium === "audio" ? "" : `${width} × ${height}, `;
  const length = durationSeconds === null ? "" : `, ${durationSeconds} s`;
  const caption = `${size}${format}${length}`;
  const file = path(`/generations/${encodeURIComponent(generation)}/outputs/${encodeURIComponent(id)}`);
  const source = useFile(url === null ? undefined : file);
  if (url === null)
    return (
      <div class="output output-none">
        <span>{state}</span>
        {failure !== null && state !== "unfinished" && <small>{failure.message}</small>}
        <small class="quiet">{caption}</small>
      </div>
    );
  return (
    <figure class="output">
      {medium === "image" && <img src={source} alt={`Output ${id}`} />}
      {medium === "video" && (
        <video src={source} controls muted loop playsInline autoplay={!isSmall} aria-label={`Output ${id}`} />
      )}
      {medium === "audio" && <audio src={source} controls aria-label={`Output ${id}`} />}
      <figcaption>
        <span class="quiet">{caption}</span>
        <a href={ownPath(url)} target="_blank" rel="noopener">
          Open
        </a>
        {source !== undefined && (
          <a href={source} download={`${id}.${format}`}>
            Download
          </a>
        )}
      </figcaption>
    </figure>
  );
}

/**
 * Returns a URL of a file that control serves. A page cannot add the token to the address of a picture, so the file is
 * read like any other answer of control.
 */
function useFile(at: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (at === undefined) return undefined;
    const stop = new AbortController();
    let made: string | undefined;
    client()
      .send("GET", at, { signal: stop.signal })
      .then((answer) => new Response(answer.body(), { headers: { "content-type": answer.contentType } }).blob())
      .then(
        (blob) => {
          if (stop.signal.aborted) return;
          made = URL.createObjectURL(blob);
          setUrl(made);
        },
        () => undefined,
      );
    return () => {
      stop.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [at]);
  return url;
}
