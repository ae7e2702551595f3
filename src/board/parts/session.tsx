/** Calls the control API for the board, with the token that its user typed, which is kept for the tab only. */
import { signal } from "@preact/signals";
import { ControlClient, FauxgenError, type CallOptions, type Method } from "../../client/control-client.ts";
import { exchange } from "./exchange.ts";

const TOKEN = "fauxgen-token";

const token = signal(readToken());

/** Why control refused this page; undefined while it does not. */
export const refusal = signal<string | undefined>(undefined);

/** What just happened, newest last, for the corner of the page and for screen readers. */
export const notices = signal<readonly Notice[]>([]);

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
  readonly lines: readonly string[];
}

let lastNotice = 0;

export function notify(text: string, options: { isError?: boolean; lines?: readonly string[] } = {}): void {
  const { isError = false, lines = [] } = options;
  lastNotice += 1;
  const notice = { id: lastNotice, text, isError, lines };
  notices.value = [...notices.value.slice(-3), notice];
  setTimeout(
    () => {
      dismiss(notice.id);
    },
    isError || lines.length > 0 ? 12_000 : 5000,
  );
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function readToken(): string | undefined {
  try {
    return sessionStorage.getItem(TOKEN) ?? undefined;
  } catch {
    // A browser may forbid storage; the token is then kept until the page is reloaded.
    return undefined;
  }
}

/** Uses a token from now on, in this tab only. */
export function logIn(typed: string): void {
  token.value = typed;
  try {
    sessionStorage.setItem(TOKEN, typed);
  } catch {
    // See readToken.
  }
  refusal.value = undefined;
}

/** The client of the control API at the page's own origin. */
export const client = (): ControlClient => new ControlClient(location.origin, exchange, token.value);

/** Calls control. Throws `FauxgenError`; a refusal for want of a token also shows the log-in form. */
export async function call<Answer>(method: Method, path: string, options?: CallOptions): Promise<Answer> {
  try {
    return await client().call<Answer>(method, path, options);
  } catch (error) {
    noteRefusal(error);
    throw error;
  }
}

export function noteRefusal(error: unknown): void {
  if (error instanceof FauxgenError && error.status === 401) refusal.value = error.message;
}

/** Does what a button says, and tells how it went. Returns what the work returned; undefined if it failed. */
export async function act<Result>(work: () => Promise<Result>, done?: string): Promise<Result | undefined> {
  try {
    const result = await work();
    if (done !== undefined) notify(done);
    return result;
  } catch (error) {
    notify(messageOf(error), { isError: true });
    return undefined;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`Copied ${what}.`);
  } catch {
    // Browsers give the clipboard only to secure pages, and a page of a network address is not secure.
    notify("The browser does not let pages of this address copy. Copy it from here:", {
      isError: true,
      lines: text.split("\n"),
    });
  }
}
