import { defineConfig } from "@playwright/test";

export default defineConfig({
  use: {
    launchOptions: {
      // The system's browser, if CHROMIUM is set; otherwise the browser of `npx playwright install chromium`.
      executablePath: process.env.CHROMIUM,
      // Chromium's own sandbox refuses to run as root, and containers often run as root.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
