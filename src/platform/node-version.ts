/** Checks the version of Node.js: returns a message for the user when it is too old, or undefined. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `fauxgen needs Node.js 22.18 or newer; this is ${version}.`;
}
