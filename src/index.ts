/**
 * The library: start a server or connect to one, and steer its sandboxes. Importing it loads nothing of the server;
 * `startFauxgen` does.
 */
export { connectFauxgen, Fauxgen, type ConnectOptions } from "./testing/fauxgen.ts";
export { startFauxgen, type StartOptions } from "./testing/start-fauxgen.ts";
export { SandboxHandle } from "./testing/sandbox-handle.ts";
export type { AccountHandle } from "./testing/account-handle.ts";
export type { FollowOptions } from "./testing/events.ts";
export { FauxgenError } from "./testing/control-client.ts";
export type { ClockHandle, AdvanceOptions } from "./testing/clock-handle.ts";
export type { GenerationsHandle } from "./testing/generations-handle.ts";
export type { RequestsHandle } from "./testing/requests-handle.ts";
export type { RulesHandle } from "./testing/rules-handle.ts";
export type { ScenariosHandle } from "./testing/scenarios-handle.ts";
export type { BundleHandle } from "./testing/bundle-handle.ts";
export type { WaitersHandle } from "./testing/waiters-handle.ts";
export type { DeliveriesHandle, EndpointsHandle, WebhooksHandle } from "./testing/webhooks-handle.ts";
export type { Within } from "./testing/lists.ts";
export type { VendorAccesses, VendorName } from "./testing/vendor-names.ts";
export type { VendorAccess } from "./vendors/access.ts";
export type { Duration } from "./engine/base/durations.ts";
export type * from "./testing/documents.ts";
