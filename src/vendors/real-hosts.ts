/** Lists the real hosts that the emulator replaces, for code that loads no vendor. Made by `npm run gen`. */
export const realHosts = {
  sync: ["api.sync.so", "dev-api.sync.so", "api.synclabs.so"],
  oxen: ["hub.oxen.ai", "dev.hub.oxen.ai"],
  affogato: ["api.rendernet.ai"],
  vivix: ["vivix-atelier.vercel.app", "getvivix.com", "www.getvivix.com"],
} as const;

/** The vendors' domains, whose other hosts are not emulated. */
export const realDomains: readonly string[] = [
  "sync.so",
  "synclabs.so",
  "oxen.ai",
  "rendernet.ai",
  "affogato.ai",
  "getvivix.com",
];
