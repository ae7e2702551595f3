/** Reads a document of control for a screen, and reads it again when something it depends on changes. */
import { useEffect, useState } from "preact/hooks";
import { call, messageOf } from "./session.tsx";

export interface Reading<Answer> {
  readonly answer: Answer | undefined;
  readonly error: string | undefined;
  readonly again: () => void;
}

/** Returns the document at a path of control; `undefined` reads nothing. `version` is any value that asks to read anew. */
export function useReading<Answer>(path: string | undefined, version: unknown = 0): Reading<Answer> {
  const [read, setRead] = useState<{ path: string; answer?: Answer; error?: string }>();
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    let isOver = false;
    // Changes that follow each other quickly are read once.
    const timer = setTimeout(
      () => {
        call<Answer>("GET", path).then(
          (answer) => {
            if (!isOver) setRead({ path, answer });
          },
          (error: unknown) => {
            if (!isOver) setRead({ path, error: messageOf(error) });
          },
        );
      },
      read?.path === path ? 120 : 0,
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, version, count]);
  const isPresent = path !== undefined && read?.path === path;
  return {
    answer: isPresent ? read.answer : undefined,
    error: isPresent ? read.error : undefined,
    again: () => {
      setCount((before) => before + 1);
    },
  };
}
