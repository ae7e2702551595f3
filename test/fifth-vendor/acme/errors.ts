import { VendorError, type VendorErrors } from "../../../src/http/errors/vendor-error.ts";

const answer = (status: number, code: string): VendorError => new VendorError(status, { code });

export const notFound = (): VendorError => answer(404, "no_such_picture");

export const errors: VendorErrors = {
  unauthorized: () => answer(401, "bad_key"),
  routeNotFound: () => answer(404, "no_such_route"),
  invalid: () => answer(400, "bad_request"),
  malformedBody: () => answer(400, "bad_json"),
  unsupportedMediaType: () => answer(415, "not_json"),
  bodyTooLarge: () => answer(413, "too_large"),
  rateLimited: (retryAfterSeconds) =>
    new VendorError(429, { code: "slow_down" }, { headers: { "retry-after": String(retryAfterSeconds) } }),
  internal: () => answer(500, "internal"),
  byCode: (code) => (code === "internal" ? answer(500, code) : undefined),
  codes: ["internal"],
};
