import { defineConfig } from "@playwright/test";

export default defineConfig({
  use: {
    launchOptions: {
      // A browser of the system's, where there is one; else the one of `npx playwright install chromium`.
      executablePath: process.env.CHROMIUM,
      // Chromium's own sandbox refuses to run as root, as containers do.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
