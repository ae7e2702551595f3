/** Creates the outbox that stores webhooks and the dispatcher that sends them. */
import type { FastifyBaseLogger } from "fastify";
import { withoutSecrets, withoutUrlSecrets } from "../wording/shown-urls.ts";
import type { WallClock } from "../engine/base/clock.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Destinations, type DestinationSettings } from "./destinations.ts";
import type { DeliveryMode } from "./mode.ts";
import { Outbox } from "./outbox.ts";
import { WebhookSender } from "./sender.ts";
import type { VendorWebhooks } from "./webhooks.ts";

export interface WebhooksOptions extends DestinationSettings {
  readonly wall: WallClock;
  readonly webhooksOf: (vendor: string) => VendorWebhooks | undefined;
  readonly mode: DeliveryMode;
  readonly maxPerSandbox: number;
  /** Whether the process runs in a container, where localhost is the container. */
  readonly isContained: boolean;
  readonly log: FastifyBaseLogger;
}

export interface Webhooks {
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { wall, webhooksOf, mode, maxPerSandbox, isContained, log } = options;
  const dispatcher = new Dispatcher({
    wall,
    sender: new WebhookSender(new Destinations(options), wall, isContained),
    webhooksOf,
    onError: (error) => {
      log.error(error, "the result of a delivery could not be stored; the delivery is sent again");
    },
    onUnreached: ({ id, url }, { number, ending, error }) => {
      log.warn(
        { delivery: id, url: withoutSecrets(url), attempt: number, code: error?.code },
        `webhook ${ending}: ${withoutUrlSecrets(error?.message ?? "")}`,
      );
    },
  });
  return { outbox: new Outbox({ dispatcher, webhooksOf, mode, maxPerSandbox }), dispatcher };
}

declare module "fastify" {
  interface FastifyInstance {
    outbox: Outbox;
  }
}
