/** What ends a command with one line on stderr: a mistake of the user's, or something outside that is not as needed. */
export class Failure extends Error {
  /** 2 for what was asked wrongly, 1 for what could not be done, 126 and 127 as shells use them. */
  readonly exitCode: 1 | 2 | 126 | 127;

  constructor(exitCode: Failure["exitCode"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
