/**
 * Provides Node's own `http` without an `import`: importing it makes Node load every export, including the fetch and
 * WebSocket that this server does not use (docs/decisions/0001).
 */
export const { get, request, STATUS_CODES } = process.getBuiltinModule("node:http");
