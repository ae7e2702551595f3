/** What ends a command with one line on stderr: a mistake of the user's, or something outside that is not as needed. */
export class Failure extends Error {
  /** 2 for what was asked wrongly, 1 for what could not be done. */
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
