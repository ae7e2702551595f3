/**
 * The library: it starts a server or connects to one, and controls its sandboxes. Importing it does not load the
 * server; `startFauxgen` does.
 */
export { connectFauxgen, Fauxgen, type ConnectOptions } from "./client/fauxgen.ts";
export { startFauxgen, type StartOptions } from "./client/start-fauxgen.ts";
export type { SandboxHandle } from "./client/sandbox-handle.ts";
export type { AccountHandle } from "./client/account-handle.ts";
export type { FollowOptions } from "./client/events.ts";
export { FauxgenError } from "./client/control-client.ts";
export type { ClockHandle, AdvanceOptions } from "./client/clock-handle.ts";
export type { GenerationsHandle } from "./client/generations-handle.ts";
export type { RequestsHandle } from "./client/requests-handle.ts";
export type { RulesHandle } from "./client/rules-handle.ts";
export type { ScenariosHandle } from "./client/scenarios-handle.ts";
export type { TemplateHandle } from "./client/template-handle.ts";
export type { BundleHandle } from "./client/bundle-handle.ts";
export type { WaitersHandle } from "./client/waiters-handle.ts";
export type { ConductHandle, ConductOptions } from "./client/conduct-handle.ts";
export type { DeliveriesHandle, EndpointsHandle, WebhooksHandle } from "./client/webhooks-handle.ts";
export type { Within } from "./client/lists.ts";
export type { VendorAccesses } from "./client/vendor-accesses.ts";
export type { VendorName } from "./client/vendor-names.ts";
export type { VendorAccess } from "./vendors/access.ts";
export type { Duration } from "./engine/base/durations.ts";
export type * from "./client/documents.ts";
