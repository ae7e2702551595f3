/**
 * Defines the error that ends a command with its message on stderr: a mistake of the user, or a problem outside
 * fauxgen.
 */
export class Failure extends Error {
  /** 2 for wrong usage, 1 for other failures; 126 and 127 have the meaning that shells give them. */
  readonly exitCode: 1 | 2 | 126 | 127;

  constructor(exitCode: Failure["exitCode"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
