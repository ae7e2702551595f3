/** Tests the order of requests by which it is told which one can follow from which answer. */
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { ExchangeOrder } from "../../../src/http/journal/exchange-order.ts";

it("a request knows how many requests had ended when its connection opened, when it arrived and when it ended", () => {
  const order = new ExchangeOrder();
  const [early, late] = [new Socket(), new Socket()];
  order.connect(early);
  const first = order.arrive(early);
  expect(first).toEqual({ connected: 0, arrived: 0, ended: undefined, isReused: false });
  const beside = order.arrive(new Socket());
  expect(beside).toEqual({ connected: undefined, arrived: 0, ended: undefined, isReused: false });
  order.end(first);
  order.connect(late);
  expect(order.arrive(early)).toEqual({ connected: 0, arrived: 1, ended: undefined, isReused: true });
  expect(order.arrive(late)).toEqual({ connected: 1, arrived: 1, ended: undefined, isReused: false });
  order.end(beside);
  expect([first.ended, beside.ended]).toEqual([1, 2]);
});
