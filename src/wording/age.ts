/** Words how long ago something was. */

/** Returns an age as people say it: `a moment ago`, `33 s ago`, `5 minutes ago`. */
export function ageInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 2) return "a moment ago";
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} minutes ago`;
}
