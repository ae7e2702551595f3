/** A closed loop over keep-alive sockets, run in a process of its own: `load.ts PORT CONNECTIONS MILLISECONDS REQUEST`. */
import { connect } from "node:net";

const [port = "0", connections = "64", milliseconds = "2000", request = ""] = process.argv.slice(2);
const bytes = Buffer.from(request.replaceAll("\\r\\n", "\r\n"));
let answered = 0;
let refused = 0;
const until = performance.now() + Number(milliseconds);
const finished: Promise<void>[] = [];

for (let index = 0; index < Number(connections); index += 1) {
  finished.push(
    new Promise((resolve) => {
      const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
      let pending = "";
      socket.setEncoding("latin1");
      socket.on("connect", () => socket.write(bytes));
      socket.on("data", (chunk: string) => {
        pending += chunk;
        const head = pending.indexOf("\r\n\r\n");
        if (head === -1) return;
        const length = /content-length: (\d+)/i.exec(pending)?.[1];
        const end = length === undefined ? pending.indexOf("0\r\n\r\n", head) + 5 : head + 4 + Number(length);
        if (end < head || pending.length < end) return;
        if (/^HTTP\/1\.1 2/.test(pending)) answered += 1;
        else refused += 1;
        pending = pending.slice(end);
        if (performance.now() < until) socket.write(bytes);
        else
          socket.end(() => {
            resolve();
          });
      });
      socket.on("error", () => {
        refused += 1;
        resolve();
      });
      socket.on("close", () => {
        resolve();
      });
    }),
  );
}
await Promise.all(finished);
process.stdout.write(JSON.stringify({ answered, refused }));
