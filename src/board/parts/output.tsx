/** Shows a generated file where it is: a picture, a player, or what became of it. */
import type { Generation } from "../../client/documents.ts";

type OutputDocument = Generation["outputs"][number];

/** Returns the path of a URL of this server, so that the page loads it from its own origin. */
export function ownPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname + new URL(url).search : url;
}

export function Output({ output, isSmall = false }: { readonly output: OutputDocument; readonly isSmall?: boolean }) {
  const { url, medium, state, failure, width, height, format, durationSeconds } = output;
  const size = medium === "audio" ? "" : `${width} × ${height}, `;
  const length = durationSeconds === null ? "" : `, ${durationSeconds} s`;
  const caption = `${size}${format}${length}`;
  if (url === null)
    return (
      <div class="output output-none">
        <span>{state}</span>
        {failure !== null && <small>{failure.message}</small>}
        <small class="quiet">{caption}</small>
      </div>
    );
  const source = ownPath(url);
  return (
    <figure class="output">
      {medium === "image" && <img src={source} alt={`The picture ${output.id}`} loading="lazy" />}
      {medium === "video" && (
        <video src={source} controls muted autoplay={!isSmall} loop playsInline preload={isSmall ? "metadata" : "auto"} aria-label={`The video ${output.id}`} />
      )}
      {medium === "audio" && <audio src={source} controls preload="metadata" aria-label={`The sound ${output.id}`} />}
      <figcaption>
        <span class="quiet">{caption}</span>
        <a href={source} target="_blank" rel="noopener">
          Open
        </a>
        <a href={source} download="">
          Download
        </a>
      </figcaption>
    </figure>
  );
}
