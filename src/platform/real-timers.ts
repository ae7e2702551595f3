/**
 * Holds the timers and the clock of the host as they are when this module is loaded. A test that fakes its timers
 * afterwards (`vi.useFakeTimers()`, `jest.useFakeTimers()`) fakes those of its own code, and never those of a server or
 * a client in the same process. The bundler gives them to the bundled packages too (`rolldown.config.js`).
 */
export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis;
export const queueMicrotask = globalThis.queueMicrotask.bind(globalThis);

/** Returns the host's time in milliseconds since the epoch. */
export const dateNow: () => number = Date.now.bind(Date);

/** Returns milliseconds that only increase. */
export const performanceNow: () => number = performance.now.bind(performance);
