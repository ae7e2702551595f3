/** Starts the board in the page. */
import { render } from "preact";
import { startLive } from "./parts/live.tsx";
import { Shell } from "./screens/shell.tsx";

const root = document.querySelector("#board");
if (root !== null) {
  startLive();
  render(<Shell />, root);
}
