/** Records the data of a server, as exchanges that can be repeated with another server of the same file. */
import { itemsOf, neutralSenderTo, textAt, type Exchange, type RequestSpec, type Send } from "./exchange.ts";

/** Reads every sandbox through control, and then sends the requests of clients, in order. */
export async function recordContents(origin: string, clients: readonly RequestSpec[]): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const send = neutralSenderTo(origin);
  const record = async (request: RequestSpec): Promise<Exchange> => {
    const exchange = await send(request);
    exchanges.push(exchange);
    return exchange;
  };
  const { answer } = await record(control("sandboxes"));
  for (const item of itemsOf(answer)) await readSandbox(send, record, `sandboxes/${textAt(item, "name")}`);
  await record(control("template"));
  for (const request of clients) await record(request);
  return exchanges;
}

/** Sends recorded requests to another server. */
export async function replay(origin: string, exchanges: readonly Exchange[]): Promise<Exchange[]> {
  const send = neutralSenderTo(origin);
  const replayed: Exchange[] = [];
  for (const { request } of exchanges) replayed.push(await send(request));
  return replayed;
}

async function readSandbox(send: Send, record: Send, path: string): Promise<void> {
  for (const part of ["", "/accounts", "/rules", "/webhooks/mode", "/webhooks/endpoints", "/generations?limit=1000"])
    await record(control(`${path}${part}`));
  // The list of scenarios is not recorded: it includes the built-in ones, which depend on the version.
  for (const scenario of itemsOf((await send(control(`${path}/scenarios`))).answer))
    if (textAt(scenario, "origin") === "sandbox")
      await record(control(`${path}/scenarios/${textAt(scenario, "name")}`));
  for (const delivery of itemsOf((await send(control(`${path}/webhooks/deliveries?limit=1000`))).answer))
    await record(control(`${path}/webhooks/deliveries/${textAt(delivery, "id")}`));
}

const control = (path: string): RequestSpec => ({ method: "GET", path: `/_fauxgen/${path}` });
