import { describe, expect, it } from "vitest";
import { sync } from "../../../src/vendors/sync/index.ts";

describe("sync's error codes", () => {
  it("each have an answer of their documented status, and no other code does", () => {
    for (const code of sync.errors.codes) {
      const error = sync.errors.byCode(code);
      expect(error?.body, code).toMatchObject({ statusCode: error?.status, errorCode: code });
    }
    expect(sync.errors.byCode("generation_pipeline_failed")).toBeUndefined();
    expect(sync.errors.byCode("nonsense")).toBeUndefined();
  });

  it("can end a job where they are said to, and a rejection may carry any of them", () => {
    for (const code of sync.failureCodes) expect(sync.failure(code, "failed")?.code).toBe(code);
    expect(sync.failure("rate_limit_exceeded", "failed")).toBeUndefined();
    expect(sync.failure("account_on_hold", "rejected")?.code).toBe("account_on_hold");
  });
});
