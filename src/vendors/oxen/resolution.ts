/** Converts the names of resolutions to pixels: `1k`, `768sq`, `720p`, `1080p`, `4k`, `1024x768`. */
const NAMED = {
  "480p": 854,
  "720p": 1280,
  "1080p": 1920,
  "2160p": 3840,
  "1k": 1024,
  "1.5k": 1536,
  "2k": 2048,
  "3k": 3072,
  "4k": 4096,
} as const;

/** Returns the longer side in pixels, and the ratio if the text has one; undefined for an unknown text. */
export function sizeOf(
  resolution: string | undefined,
): { readonly longSide: number; readonly ratio?: string } | undefined {
  const text = resolution?.trim().toLowerCase() ?? "";
  const named = Object.entries(NAMED).find(([name]) => name === text);
  if (named !== undefined) return { longSide: named[1] };
  const [, square] = /^(\d{2,4})sq$/.exec(text) ?? [];
  if (square !== undefined) return { longSide: Number(square) };
  const [, width, height] = /^(\d{2,4})\s*[x*]\s*(\d{2,4})$/.exec(text) ?? [];
  if (width === undefined || height === undefined) return undefined;
  return { longSide: Math.max(Number(width), Number(height)), ratio: `${width}:${height}` };
}
