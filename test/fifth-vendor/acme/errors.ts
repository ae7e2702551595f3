/** Acme's errors, whose bodies contain only a code. */
import { VendorError, type VendorErrors } from "../../http/errors/vendor-error.ts";

const answer = (status: number, code: string): VendorError => new VendorError(status, { code });

/** Returns the 404 for an unknown picture and for a picture of another account. */
export const notFound = (): VendorError => answer(404, "no_such_picture");

/** Returns the 402 for an account that has less ink than a picture costs. */
export const noInk = (): VendorError => answer(402, "no_ink");

const internal = (): VendorError => answer(500, "internal");

/** The errors that a fault can choose by their code. */
const BY_CODE: Readonly<Record<string, () => VendorError>> = { no_such_picture: notFound, no_ink: noInk, internal };

export const errors: VendorErrors = {
  unauthorized: () => answer(401, "bad_key"),
  routeNotFound: () => answer(404, "no_such_route"),
  invalid: () => answer(400, "bad_request"),
  malformedBody: () => answer(400, "bad_json"),
  unsupportedMediaType: () => answer(415, "not_json"),
  bodyTooLarge: () => answer(413, "too_large"),
  rateLimited: (retryAfterSeconds) =>
    new VendorError(429, { code: "slow_down" }, { headers: { "retry-after": String(retryAfterSeconds) } }),
  internal,
  byCode: (code) => (Object.hasOwn(BY_CODE, code) ? BY_CODE[code]?.() : undefined),
  codes: Object.keys(BY_CODE),
};
