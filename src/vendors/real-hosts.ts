/** The hosts whose place the emulator takes, with those that the vendors' documentation uses beside them. */
export const realHosts: Readonly<Record<string, string>> = {
  "api.sync.so": "sync",
  "dev-api.sync.so": "sync",
  "hub.oxen.ai": "oxen",
  "dev.hub.oxen.ai": "oxen",
  "api.rendernet.ai": "affogato",
  "vivix-atelier.vercel.app": "vivix",
  "getvivix.com": "vivix",
};
