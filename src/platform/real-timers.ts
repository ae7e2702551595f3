/**
 * Holds the timers and the clock of the host as they are when this module is loaded. A test that fakes its timers
 * afterwards (`vi.useFakeTimers()`, `jest.useFakeTimers()`) fakes those of its own code, and never those of a server or
 * a client in the same process. The bundler gives them to the bundled packages too (`rolldown.config.js`).
 */

/** Returns the globals of the process. Jest runs tests in a context of their own, and fakes timers only there. */
function hostGlobals(): typeof globalThis {
  // A browser has no process.
  if (!("process" in globalThis)) return globalThis;
  return process.getBuiltinModule("node:vm").runInThisContext("globalThis") as typeof globalThis;
}

const host = hostGlobals();

export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = host;

/** @public The bundler gives it to the bundled packages. */
export const { clearImmediate } = host;
export const queueMicrotask = host.queueMicrotask.bind(host);

/** @public The bundler gives it to the bundled packages. */
export const nextTick = "process" in host ? host.process.nextTick.bind(host.process) : undefined;

/** Returns the host's time in milliseconds since the epoch. */
export const dateNow: () => number = host.Date.now.bind(host.Date);

/** Returns milliseconds that only increase. */
export const performanceNow: () => number = host.performance.now.bind(host.performance);
