/** The commands and their arguments. What a command does is loaded when it runs. */
import { Command } from "commander";
import { nearestNames } from "../engine/nearest.ts";
import { readVersion } from "../version.ts";
import { Failure } from "./failure.ts";
import { addSettings, settingsFrom } from "./setting-options.ts";

export function buildProgram(): Command {
  const program = new Command("fauxgen")
    .description("Vendors of asynchronous AI media generation, emulated on one local server.")
    .version(readVersion())
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText("after", "\nWithout a command it serves; `fauxgen serve --help` lists every setting.");

  addSettings(program.command("serve", { isDefault: true }))
    .description("start the server (what happens without a command)")
    .argument("[nothing...]")
    .action(async (surplus: readonly string[], _options: unknown, command: Command) => {
      refuseSurplus(surplus, program);
      const { serve } = await import("./serve.ts");
      await serve(settingsFrom(command));
    });
  return program;
}

/** What follows a default command is a mistyped command, and is best answered as one. */
function refuseSurplus(surplus: readonly string[], program: Command): void {
  const [name] = surplus;
  if (name === undefined) return;
  const names = program.commands.map((command) => command.name());
  const near = nearestNames(name, names);
  throw new Failure(
    2,
    `no command "${name}". ${near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `There are: ${names.join(", ")}.`}`,
  );
}
