/** Checks docker/compose.yaml without running it; docker/verify.sh runs its containers. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { flagOf, settingNames } from "../../src/config.ts";
import { vendors } from "../../src/vendors/index.ts";

const FOLDER = fileURLToPath(new URL("../../docker/", import.meta.url));

const service = z.strictObject({
  build: z.string().optional(),
  image: z.string().optional(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).optional(),
  sysctls: z.record(z.string(), z.string()).optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(["service_healthy", "service_started"]) }))
    .optional(),
  networks: z.strictObject({ default: z.strictObject({ aliases: z.array(z.string()) }) }).optional(),
});
const { services, volumes } = z
  .strictObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(readFileSync(join(FOLDER, "compose.yaml"), "utf8")));

it("docker/compose.yaml has the emulator, a receiver and an app", () => {
  expect(Object.keys(services).sort()).toEqual(["app", "emulator", "receiver"]);
  expect(Object.keys(services["app"]?.depends_on ?? {}).sort()).toEqual(["emulator", "receiver"]);
});

it("docker/compose.yaml gives the emulator every vendor's host as an alias", () => {
  const aliases = services["emulator"]?.networks?.default.aliases ?? [];
  expect([...aliases].sort()).toEqual(vendors.map(({ realHosts }) => realHosts[0]).sort());
});

it("docker/compose.yaml uses only existing options", () => {
  const flags = settingNames.map(flagOf);
  const used = (services["emulator"]?.command ?? []).filter((word) => word.startsWith("--"));
  expect(flags).toEqual(expect.arrayContaining(used));
});

it("docker/compose.yaml mounts only existing volumes and folders", () => {
  for (const { volumes: mounted } of Object.values(services)) {
    for (const [source = ""] of mounted.map((mount) => mount.split(":"))) {
      expect(source.startsWith(".") ? existsSync(join(FOLDER, source)) : source in volumes, source).toBe(true);
    }
  }
});
