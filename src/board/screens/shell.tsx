/** The frame of every screen: the sandbox, the screens, the clock, what just happened, and the log-in form. */
import { useState } from "preact/hooks";
import { connection, state } from "../parts/live.tsx";
import { Link, place, placeIn, sandboxName } from "../parts/router.tsx";
import { dismiss, logIn, notices, refusal } from "../parts/session.tsx";
import { Icon, type IconName } from "../parts/words.tsx";
import type { Screen } from "../state/places.ts";
import { ClockBar } from "./clock-bar.tsx";
import { Conduct } from "./conduct.tsx";
import { Coverage } from "./coverage.tsx";
import { Held } from "./held.tsx";
import { Journal } from "./journal.tsx";
import { MediaScreen } from "./media.tsx";
import { Missing } from "./missing.tsx";
import { Rules } from "./rules.tsx";
import { Sandboxes } from "./sandboxes.tsx";
import { Timeline } from "./timeline.tsx";
import { Try } from "./try.tsx";
import { Webhooks } from "./webhooks.tsx";

const titles: Readonly<Record<Screen, string>> = {
  timeline: "Timeline",
  held: "Held requests",
  journal: "Journal",
  rules: "Rules",
  webhooks: "Webhooks",
  media: "Media",
  conduct: "Conduct",
  coverage: "Coverage",
  try: "Try",
};

const order: readonly (Screen & IconName)[] = [
  "timeline",
  "journal",
  "held",
  "rules",
  "webhooks",
  "media",
  "conduct",
  "coverage",
  "try",
];

export function Shell() {
  const { screen } = place.value;
  const name = sandboxName.value;
  const title = screen === "sandboxes" ? "Sandboxes" : titles[screen];
  document.title = name === undefined ? "Sandboxes - fauxgen" : `${title} - ${name} - fauxgen`;
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <Link class="brand" to={{ screen: "timeline", sandbox: name ?? "default", item: undefined }}>
          <Mark />
          fauxgen
        </Link>
        {name !== undefined && refusal.value === undefined && connection.value !== "missing" && <ClockBar />}
      </header>
      <nav class="side" aria-label="Screens">
        <Link
          class="sandbox-link"
          to={{ screen: "sandboxes" }}
          aria-current={screen === "sandboxes" ? "page" : undefined}
        >
          <Icon name="sandboxes" />
          <span>
            <small>sandbox</small>
            <strong>{name ?? "all"}</strong>
          </span>
        </Link>
        {name !== undefined &&
          order.map((each) => (
            <Link key={each} to={placeIn(each)} aria-current={screen === each ? "page" : undefined}>
              <Icon name={each} />
              <span>{titles[each]}</span>
              <Count screen={each} />
            </Link>
          ))}
        <a class="outside" href="/_fauxgen/docs?api=control">
          <Icon name="book" />
          <span>Reference</span>
        </a>
      </nav>
      <main id="main" class="main" tabIndex={-1}>
        <h1 class="hidden">{title}</h1>
        {refusal.value === undefined ? <Content /> : <LogIn why={refusal.value} />}
      </main>
      <Notices />
    </div>
  );
}

function Content() {
  const { screen } = place.value;
  if (screen === "sandboxes") return <Sandboxes />;
  if (connection.value === "missing") return <Missing />;
  switch (screen) {
    case "timeline":
      return <Timeline />;
    case "held":
      return <Held />;
    case "journal":
      return <Journal />;
    case "rules":
      return <Rules />;
    case "webhooks":
      return <Webhooks />;
    case "media":
      return <MediaScreen />;
    case "conduct":
      return <Conduct />;
    case "coverage":
      return <Coverage />;
    case "try":
      return <Try />;
  }
}

function Count({ screen }: { readonly screen: Screen }) {
  const { generations, requests, waiters, deliveries } = state.value;
  const count =
    screen === "timeline"
      ? generations.size
      : screen === "journal"
        ? requests.length
        : screen === "held"
          ? waiters.size
          : screen === "webhooks"
            ? deliveries.size
            : 0;
  return count === 0 ? null : (
    <span class={screen === "held" ? "count count-held" : "count"}>{count.toLocaleString("en")}</span>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect x="2" y="4" width="9" height="4" rx="2" />
      <rect x="6" y="10" width="16" height="4" rx="2" />
      <rect x="4" y="16" width="12" height="4" rx="2" />
    </svg>
  );
}

function LogIn({ why }: { readonly why: string }) {
  const [typed, type] = useState("");
  return (
    <form
      class="log-in"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") logIn(typed.trim());
      }}
    >
      <h2>Control does not let this page in yet</h2>
      <p>{why}</p>
      <label class="field">
        <span class="field-name">Token</span>
        <input
          type="password"
          autocomplete="off"
          required
          value={typed}
          onInput={(event) => {
            type(event.currentTarget.value);
          }}
        />
      </label>
      <p class="quiet">The value of FAUXGEN_CONTROL_TOKEN. It is kept for this tab only.</p>
      <button type="submit" class="primary">
        Log in
      </button>
    </form>
  );
}

function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ id, text, isError, lines }) => (
        <div key={id} class={isError ? "notice notice-error" : "notice"}>
          <div>
            <p>{text}</p>
            {lines.length > 0 && (
              <ul>
                {lines.slice(0, 8).map((line, index) => (
                  <li key={index}>{line}</li>
                ))}
                {lines.length > 8 && <li>and {(lines.length - 8).toLocaleString("en")} more</li>}
              </ul>
            )}
          </div>
          <button
            type="button"
            class="plain"
            aria-label="Dismiss"
            onClick={() => {
              dismiss(id);
            }}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
