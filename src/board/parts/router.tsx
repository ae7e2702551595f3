/** Follows the page's address, so that every screen has a link and the back button works. */
import { computed, signal } from "@preact/signals";
import type { AnchorHTMLAttributes, ComponentChildren } from "preact";
import { pathTo, placeAt, type Place, type Screen } from "../state/places.ts";

const path = signal(location.pathname);

addEventListener("popstate", () => {
  path.value = location.pathname;
});

export const place = computed(() => placeAt(path.value));

/** The sandbox of the page; undefined on the list of sandboxes. */
export const sandboxName = computed(() => ("sandbox" in place.value ? place.value.sandbox : undefined));

export function go(to: Place, how: "push" | "replace" = "push"): void {
  const address = pathTo(to);
  if (address === location.pathname) return;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  path.value = address;
}

/** Goes to a screen of the present sandbox. */
export function show(screen: Screen, item?: string, how: "push" | "replace" = "push"): void {
  const sandbox = sandboxName.value ?? "default";
  go({ screen, sandbox, item }, how);
}

export function placeIn(screen: Screen, item?: string): Place {
  return { screen, sandbox: sandboxName.value ?? "default", item };
}

type LinkProps = Pick<AnchorHTMLAttributes, "class" | "aria-current" | "title"> & {
  readonly to: Place;
  readonly children?: ComponentChildren;
};

export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={pathTo(to)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
