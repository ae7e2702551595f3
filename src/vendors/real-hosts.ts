/** Lists the real hosts that the emulator replaces, for code that loads no vendor. Made by `npm run gen`. */
export const realHosts = {
  sync: ["api.sync.so", "dev-api.sync.so"],
  oxen: ["hub.oxen.ai", "dev.hub.oxen.ai"],
  affogato: ["api.rendernet.ai"],
  vivix: ["vivix-atelier.vercel.app", "getvivix.com"],
} as const;
