/**
 * Node's own `http`, by another way than `import`: a module that imports it has Node read all that it exports, and
 * with that load the fetch and WebSocket that this server has no use for (docs/decisions/0001).
 */
export const { get, request, STATUS_CODES } = process.getBuiltinModule("node:http");
