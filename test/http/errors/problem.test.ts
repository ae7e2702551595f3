/** Tests the emulator's own errors as clients of the control API read them. */
import { describe, expect, it } from "vitest";
import { problem, problems, unforeseenProblem } from "../../../src/http/errors/problems.ts";
import { buildAcmeApp } from "../../support/acme.ts";

describe("a problem", () => {
  it("has a type, a title, a status, a code and a detail, and then its own members", () => {
    expect(Object.entries(problem("no-such-sandbox", "No sandbox is called x.", { names: ["a"] }).body)).toEqual([
      ["type", "urn:fauxgen:problem:no-such-sandbox"],
      ["title", problems["no-such-sandbox"].title],
      ["status", 404],
      ["code", "no-such-sandbox"],
      ["detail", "No sandbox is called x."],
      ["names", ["a"]],
    ]);
  });

  it.each(Object.entries(problems))(
    "%s has an error status and a title that is a sentence",
    (code, { status, title }) => {
      expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    },
  );

  it("keeps the status of an error that Fastify throws, and says nothing else of it than its message", () => {
    const refused = Object.assign(new Error("Unsupported Media Type"), { statusCode: 415 });
    expect(unforeseenProblem(refused).body).toMatchObject({ status: 415, code: "bad-request" });
    expect(unforeseenProblem(new Error("broken")).body).toMatchObject({ status: 500, code: "internal" });
  });

  it("is sent as application/problem+json, which no browser may take for a page", async () => {
    const app = await buildAcmeApp();
    const answer = await app.inject({ method: "GET", url: "/<script>" });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
  });
});
