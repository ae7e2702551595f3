/** What a vendor's file host answers where it has no file. */
export interface HostPage {
  readonly contentType: string;
  readonly body: string;
}

/** As an S3 bucket answers for a key that it does not have. */
export function noSuchKey(path: string): HostPage {
  const key = path.replace(/^\/+/, "").replaceAll(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    contentType: "application/xml",
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>There is no file with this key.</Message><Key>${key}</Key></Error>`,
  };
}
