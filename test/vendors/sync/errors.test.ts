/** Tests that every error code of sync has its status and is used where it belongs. */
import { describe, expect, it } from "vitest";
import { sync } from "../../../src/vendors/sync/index.ts";

describe("sync's error codes", () => {
  it("every HTTP error code has a response with its status and code, and no other code has one", () => {
    for (const code of sync.errors.codes) {
      const error = sync.errors.byCode(code);
      expect(error?.body, code).toMatchObject({ statusCode: error?.status, errorCode: code });
    }
    expect(sync.errors.byCode("generation_pipeline_failed")).toBeUndefined();
    expect(sync.errors.byCode("nonsense")).toBeUndefined();
  });

  it("only failure codes can fail a job, and a rejection may have any code", () => {
    for (const code of sync.failureCodes) expect(sync.failure(code, "failed")?.code).toBe(code);
    expect(sync.failure("rate_limit_exceeded", "failed")).toBeUndefined();
    expect(sync.failure("account_on_hold", "rejected")?.code).toBe("account_on_hold");
  });
});
