/** Loads the preload in the workers and in the Node.js processes that this process starts. */
import { createRequire } from "node:module";
import type childProcess from "node:child_process";
import type workerThreads from "node:worker_threads";

const require = createRequire(import.meta.url);
const childModule = require("node:child_process") as typeof childProcess;
const workerModule = require("node:worker_threads") as typeof workerThreads;

type Environment = Readonly<Record<string, string | undefined>>;

/** What `ChildProcess` is given to start a program: its variables as `NAME=value`. */
interface SpawnOptions {
  readonly envPairs?: readonly string[];
}

/**
 * Loads `preload`, the path of a module, in every worker and child from now on. It is required, because a worker that
 * runs a text instead of a file does not import its preloads.
 */
export function inheritPreload(preload: string): void {
  process.env.NODE_OPTIONS = withPreload(process.env.NODE_OPTIONS, preload);
  Object.assign(workerModule, { Worker: preloadingWorker(preload) });
  preloadChildren(preload);
}

function withPreload(options: string | undefined, preload: string): string {
  const path = JSON.stringify(preload);
  return options?.includes(path) === true ? options : [options, `--require=${path}`].filter(Boolean).join(" ");
}

/** The preload's own settings, which a child with its own environment does not inherit. */
function ownSettings(): Record<string, string> {
  const names = ["FAUXGEN_URL", "FAUXGEN_INTERCEPT_QUIET"] as const;
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** A worker inherits the flags and the environment of its process unless it is given its own. */
function preloadingWorker(preload: string): typeof workerThreads.Worker {
  const { Worker } = workerModule;
  return class extends Worker {
    constructor(file: string | URL, options: workerThreads.WorkerOptions = {}) {
      const { execArgv = process.execArgv, env } = options;
      super(file, {
        ...options,
        ...(typeof env === "object" && { env: { ...ownSettings(), ...env } }),
        execArgv: [...execArgv, `--require=${preload}`],
      });
    }
  };
}

/** A child inherits `process.env` unless it is given its own environment. */
function preloadChildren(preload: string): void {
  const spawn: unknown = Reflect.get(childModule.ChildProcess.prototype, "spawn");
  if (typeof spawn === "function")
    Object.assign(childModule.ChildProcess.prototype, {
      spawn(this: unknown, options: SpawnOptions) {
        const { envPairs } = options;
        return Reflect.apply(spawn, this, [
          envPairs === undefined ? options : { ...options, envPairs: preloadingPairs(envPairs, preload) },
        ]) as unknown;
      },
    });
  for (const name of ["spawnSync", "execFileSync", "execSync"] as const) {
    const original = childModule[name];
    Object.assign(childModule, {
      [name]: (...args: unknown[]): unknown => Reflect.apply(original, childModule, preloadingArguments(args, preload)),
    });
  }
  const execve: unknown = Reflect.get(process, "execve");
  if (typeof execve === "function")
    Object.assign(process, {
      execve: (file: string, args?: readonly string[], env: Environment = process.env): unknown =>
        Reflect.apply(execve, process, [file, args, preloadingEnvironment(env, preload)]),
    });
}

function preloadingPairs(pairs: readonly string[], preload: string): string[] {
  const has = (name: string): boolean => pairs.some((pair) => pair.startsWith(`${name}=`));
  const missing = Object.entries(ownSettings()).filter(([name]) => !has(name));
  const prefix = "NODE_OPTIONS=";
  const options = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
  return [
    ...pairs.filter((pair) => !pair.startsWith(prefix)),
    ...missing.map(([name, value]) => `${name}=${value}`),
    prefix + withPreload(options, preload),
  ];
}

/** Returns the arguments of a synchronous start, `(file, args, options)` or fewer, with options that have the preload. */
function preloadingArguments(args: readonly unknown[], preload: string): unknown[] {
  const isOptions = (argument: unknown): argument is object =>
    typeof argument === "object" && argument !== null && !Array.isArray(argument);
  const options = args.find(isOptions) ?? {};
  const given: unknown = Reflect.get(options, "env");
  const env = preloadingEnvironment(typeof given === "object" && given !== null ? { ...given } : process.env, preload);
  return [
    ...args.filter((argument) => !isOptions(argument) && argument !== undefined && argument !== null),
    { ...options, env },
  ];
}

function preloadingEnvironment(env: Environment, preload: string): Environment {
  return { ...ownSettings(), ...env, NODE_OPTIONS: withPreload(env["NODE_OPTIONS"], preload) };
}
