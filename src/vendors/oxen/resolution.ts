/** Converts the names of resolutions to pixels: `1k`, `768sq`, `720p`, `4k`, `1024x768`, `0.5 MP`, `portrait_4_3`. */
const NAMED = {
  "360p": 640,
  "480p": 854,
  "540p": 960,
  "720p": 1280,
  "768p": 1366,
  "1080p": 1920,
  "1440p": 2560,
  "2160p": 3840,
  "512": 512,
  "1k": 1024,
  "1.5k": 1536,
  "2k": 2048,
  "3k": 3072,
  "4k": 4096,
} as const;

/** Sizes of images by name; the names are published, their pixels are not [inferred]. */
const PRESETS: Readonly<Record<string, { readonly longSide: number; readonly ratio: string }>> = {
  square_hd: { longSide: 1024, ratio: "1:1" },
  square: { longSide: 512, ratio: "1:1" },
  portrait_4_3: { longSide: 1024, ratio: "3:4" },
  portrait_16_9: { longSide: 1024, ratio: "9:16" },
  landscape_4_3: { longSide: 1024, ratio: "4:3" },
  landscape_16_9: { longSide: 1024, ratio: "16:9" },
};

/** Returns the longer side in pixels, and the ratio if the text has one; undefined for an unknown text. */
export function sizeOf(
  resolution: string | undefined,
): { readonly longSide: number; readonly ratio?: string } | undefined {
  const text = resolution?.trim().toLowerCase() ?? "";
  const named = Object.entries(NAMED).find(([name]) => name === text);
  if (named !== undefined) return { longSide: named[1] };
  if (Object.hasOwn(PRESETS, text)) return PRESETS[text];
  const [, megapixels] = /^(\d(?:\.\d+)?)\s*mp$/.exec(text) ?? [];
  if (megapixels !== undefined) return { longSide: Math.round(Math.sqrt(Number(megapixels) * 1_000_000)) };
  const [, square] = /^(\d{2,4})sq$/.exec(text) ?? [];
  if (square !== undefined) return { longSide: Number(square) };
  const [, width, height] = /^(\d{2,4})\s*[x*]\s*(\d{2,4})$/.exec(text) ?? [];
  if (width === undefined || height === undefined) return undefined;
  return { longSide: Math.max(Number(width), Number(height)), ratio: `${width}:${height}` };
}
