/** Turns the body of a create into a job for the engine. */
import { uuidFrom } from "../../engine/base/ids.ts";
import type { JobDraft } from "../../http/request/creating.ts";
import type { Submitter } from "../../http/request/submitter.ts";
import { INK_PER_PICTURE, takeInk } from "./account.ts";
import type { PictureBody } from "./schemas.ts";

interface Submission {
  /** Builds the job. Call this and `charge` inside the transaction that creates the generation. */
  readonly draft: () => JobDraft;
  readonly charge: () => void;
}

export function planSubmission({ account }: Submitter, body: PictureBody): Submission {
  return {
    draft: () => {
      const id = uuidFrom(account.nextDigest("acme", "picture"));
      return {
        id,
        model: "pen",
        medium: "image",
        facts: {},
        request: body,
        attributes: {},
        outputs: [{ id, medium: "image", format: "png", width: 64, height: 64 }],
        outputsHavePublicIds: false,
        cost: INK_PER_PICTURE,
      };
    },
    charge: () => {
      takeInk(account);
    },
  };
}
